"""How fast are pages with many who watch one pause, beside a few who write?

python -m bench.watching [--people 300] [--seconds 60] [--every 10] [--writes 6] [--cores 1]

People of all roles sit in one pause of a real `lull serve` on SQLite. Each loads a page every
`every` seconds, what is due and the list of notifications by turns, as a page that renews itself
does. Beside them a coordinator writes `writes` entries a minute, each of which everyone may read,
so that every page changes. Prints P50, P95 and P99 of the answers in milliseconds by page, and
their size in kB as they travel, compressed; code 1 if P95 is above 200 ms or a list with 50 rows
above 40 kB. `cores` are those on which the server and the people who load it run together.
"""

from __future__ import annotations

import argparse
import gzip
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from attrs import define, field

from bench.served import (
    MEMBER_PASSPHRASE,
    SERVER_PASSPHRASE,
    Asking,
    Served,
    make_store,
    new_key,
    statement,
)

MOST_MS, MOST_KB = 200.0, 40.0
PAGES = ("due", "notifications")
SIDES = (("organisation", 8), ("party", 2), ("observer", 4))
"""Roles beside the coordinators, and how many sides each has."""
NOTIFICATIONS = 60
LANGUAGES = ("en", "ar")


def populate(file: Path, people: int) -> str:
    """A store with people on many sides and notifications sealed between them; its pause."""
    from django.db import connections

    pause = make_store(file)
    from lull.store import models
    from lull.store.accounts import make_member, make_side
    from lull.store.kept import Store
    from lull.store.vault import open_vault
    from lull.store.veil import Argon, Hardness

    argon = Argon(Hardness(1, 32, 4))
    store = Store(open_vault(SERVER_PASSPHRASE, argon), argon)
    places = [("coordinator", models.Side.objects.get().id)]
    for role, count in SIDES:
        places += [(role, make_side(store, f"{role} {at}", pause).id) for at in range(count)]
    for at in range(people):
        role, side = places[at % len(places)]
        made = make_member(store, side=side, login=f"watch-{at}", function="on shift",
                           passphrase=MEMBER_PASSPHRASE)
        models.Seat.objects.create(member_id=made.member, pause_id=pause, role=role)
    _notify(store, pause, places)
    store.close()
    connections.close_all()
    return pause


def _notify(store: Any, pause: str, places: list[tuple[str, Any]]) -> None:
    """Notifications by each organisation, sealed to coordinators and both parties."""
    from uuid import UUID

    from lull.store.principal import seated
    from lull.store.signin import sign_in, who_asks
    from lull.store.write import Wish, write

    by_role: dict[str, list[Any]] = {}
    for role, side in places:
        by_role.setdefault(role, []).append(side)
    to = (*by_role["coordinator"], *by_role["party"])
    seats = {}
    for who in range(1, 1 + len(by_role["organisation"])):
        token = sign_in(store, login=f"watch-{who}", passphrase=MEMBER_PASSPHRASE).token
        seats[who] = seated(UUID(pause), who_asks(store, token))
    for at in range(NOTIFICATIONS):
        who = 1 + at % len(seats)
        seat, own = seats[who], places[who][1]
        name = f"N{at:03}"
        for kind, record in (("draft", movement(name, to)), ("submit", step(name))):
            write(store, seat, Wish(f"notification.{kind}", name, record, "sealed", "",
                                    (own, *to), ""), "")


def movement(name: str, to: Any) -> dict[str, Any]:
    """A notification of ordinary length."""
    place = {"name": "Assembly point 4", "name_local": "نقطة التجمّع 4"}
    contact = {"organisation": "organisation 1", "function": "duty officer", "channel": "radio",
               "number": "145.500"}
    leaves, arrives = "2026-10-20T06:30:00Z", "2026-10-20T09:00:00Z"
    return {
        "record": "movement_notification", "reference": name, "version": 1,
        "organisation": "organisation 1", "contact": contact, "deputy": contact,
        "purpose": "Those who cannot walk, to a hospital", "type": "medevac", "pause": "P2",
        "submitted_at": "2026-10-18T06:30:00Z", "route_sha256": "0a" * 32,
        "departure": {"place": place, "arrives": leaves, "leaves": leaves},
        "arrival": {"place": place, "arrives": arrives, "leaves": arrives},
        "vehicles": [{"type": "ambulance", "number": 4}],
        "crews": [{"organisation": "organisation 1", "number": 8}],
        "recipients": [{"party": f"party {at}", "channel": "radio", "consent_at": leaves,
                        "consent_by_function": "access officer"} for at in range(len(to) - 1)],
        "valid": {"start": leaves, "end": arrives}, "turning_back_order": "Back to the gate.",
        "nearest_shelter_order": "The school beside the road.",
    }


def step(name: str) -> dict[str, Any]:
    """A step without a word."""
    return {"record": "step", "reference": name, "version": 1}


@define
class Watcher:
    """One person with a browser."""

    port: int
    pause: str
    at: int
    token: str = ""
    line: http.client.HTTPConnection | None = None
    took: dict[str, list[float]] = field(factory=dict)
    sizes: dict[str, tuple[int, int]] = field(factory=dict)

    def sign_in(self) -> None:
        """Take a session."""
        asking = Asking(self.port)
        asking.sign_in(f"watch-{self.at}")
        self.token = asking.token

    def load(self, page: str) -> float:
        """Load a page; milliseconds."""
        cookie = f"lull-session={self.token}; lull-language={LANGUAGES[self.at % 2]}"
        start = time.perf_counter()
        if self.line is None:
            self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.line.request("GET", f"/p/{self.pause}/{page}", headers={
                "Cookie": cookie, "Accept-Encoding": "gzip"})
            answer = self.line.getresponse()
            raw = answer.read()
        except (http.client.HTTPException, OSError):  # an idle connection was closed just then
            self.line.close()
            self.line = None
            return self.load(page)
        took = (time.perf_counter() - start) * 1000
        assert answer.status == 200, (page, answer.status)
        if page not in self.sizes:
            text = gzip.decompress(raw).decode()
            self.sizes[page] = (len(raw), text.count("<tr"))
        return took

    def watch(self, begin: float, seconds: float, every: float, people: int) -> None:
        """Load pages by turns until it is over."""
        turn = begin + every * self.at / people
        for count in range(int(seconds / every)):
            time.sleep(max(0.0, turn - time.perf_counter()))
            page = PAGES[(count + self.at) % len(PAGES)]
            self.took.setdefault(page, []).append(self.load(page))
            turn += every


def write_meanwhile(port: int, pause: str, until: float, writes: float) -> int:
    """Write something that everyone may read, a few times a minute; how often."""
    asking, count = Asking(port), 0
    asking.sign_in()
    while writes and time.perf_counter() < until:
        time.sleep(60 / writes)
        said = asking.ask("POST", f"pauses/{pause}/entries", statement(f"S{count}"), new_key())
        assert said[0] == 201, said
        count += 1
    return count


def share(took: list[float], part: float) -> float:
    """The time within which a part of the answers came."""
    return sorted(took)[min(len(took) - 1, int(len(took) * part))]


def measure(port: int, pause: str, asked: Any) -> list[Watcher]:
    """Sign all in, load each page once, then watch."""
    people = [Watcher(port, pause, at) for at in range(asked.people)]
    for one in people:
        one.sign_in()
        for page in PAGES:
            one.load(page)
    begin = time.perf_counter() + 1
    threads = [threading.Thread(target=one.watch, args=(
        begin, asked.seconds, asked.every, asked.people)) for one in people]
    threads.append(threading.Thread(target=write_meanwhile, args=(
        port, pause, begin + asked.seconds, asked.writes)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return people


def main() -> int:
    """Serve, load, print; the exit code."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--people", type=int, default=300)
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--every", type=float, default=10)
    words.add_argument("--writes", type=float, default=6)
    words.add_argument("--cores", default="")
    asked = words.parse_args()
    if asked.cores:
        os.sched_setaffinity(0, {int(one) for one in asked.cores.split(",")})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        subprocess.run([sys.executable, "-c", "import sys; from pathlib import Path; "
                        "from bench.watching import populate; "
                        "print(populate(Path(sys.argv[1]), int(sys.argv[2])))",
                        str(file), str(asked.people)], check=True,
                       stdout=(Path(folder) / "pause").open("w"))
        pause = (Path(folder) / "pause").read_text().split()[-1]
        served = Served(file, threads=32)
        served.start()
        try:
            people = measure(served.port, pause, asked)
        finally:
            served.stop()
    return report(people, asked)


def report(people: list[Watcher], asked: Any) -> int:
    """Print what was measured; the exit code."""
    cores = len(os.sched_getaffinity(0))
    print(f"{asked.people} people, a page each {asked.every:g} s, {asked.writes:g} writes a "
          f"minute, {asked.seconds:g} s, server and people together on {cores} core(s)")
    good = True
    for page in PAGES:
        took = [t for one in people for t in one.took.get(page, [])]
        size = max(one.sizes[page][0] for one in people) / 1000
        rows = max(one.sizes[page][1] for one in people)
        print(f"{page}: {len(took)} answers, P50 {share(took, .5):.0f} ms, P95 "
              f"{share(took, .95):.0f} ms, P99 {share(took, .99):.0f} ms; {size:.1f} kB with "
              f"{rows} rows")
        good &= share(took, .95) <= MOST_MS and size <= MOST_KB
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
