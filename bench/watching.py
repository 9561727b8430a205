"""How fast are pages with many who watch one pause, beside a few who write?

python -m bench.watching [--people 300] [--seconds 60] [--every 10] [--writes 6] [--cores 1]

People of all roles sit in one pause of a real `lull serve` on SQLite. Each loads a page every
`every` seconds, what is due and the list of notifications by turns: the former renews itself, and
says which version it shows, the latter is loaded whole. Beside them a coordinator writes `writes`
entries a minute, each of which everyone may read, so that every page changes. Prints P50, P95 and
P99 of the answers in milliseconds by page, their size in kB as they travel, compressed, and the
processor time of the server; code 1 if P95 is above 200 ms or a list with 50 rows above 40 kB.
`cores` are those on which the server and the people who load it run together.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import os
import subprocess
import sys
import tempfile
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
RENEWS = "due"
"""The one of them that renews itself."""
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
    """One person with a browser, in which the page of what is due renews itself.

    It asks for that page's part as HTMX does, naming the version that it shows; the list of
    notifications is gone to anew each time, for which browsers keep nothing.
    """

    port: int
    pause: str
    at: int
    token: str = ""
    version: str = ""
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    took: dict[str, list[float]] = field(factory=dict)
    sizes: dict[str, tuple[int, int]] = field(factory=dict)
    unchanged: int = 0

    def sign_in(self) -> None:
        """Take a session."""
        asking = Asking(self.port)
        asking.sign_in(f"watch-{self.at}")
        self.token = asking.token
        if asking._line is not None:
            asking._line.close()

    async def load(self, page: str, *, renews: bool) -> float:
        """Load a page, or renew its part; milliseconds."""
        more = f"HX-Request: true\r\nIf-None-Match: {self.version}\r\n" if renews else ""
        start = time.perf_counter()
        try:
            status, headers, raw = await self._ask(page, more)
        except (OSError, asyncio.IncompleteReadError):  # an idle connection was closed just then
            self.line = None
            return await self.load(page, renews=renews)
        took = (time.perf_counter() - start) * 1000
        assert status in ((200, 304) if renews else (200,)), (page, status)
        if renews:
            self.version = headers["etag"]
            self.unchanged += status == 304
        elif page not in self.sizes:
            self.sizes[page] = (len(raw), gzip.decompress(raw).decode().count("<tr"))
        return took

    async def _ask(self, page: str, more: str) -> tuple[int, dict[str, str], bytes]:
        if self.line is None:
            self.line = await asyncio.open_connection("127.0.0.1", self.port)
        read, write = self.line
        write.write((f"GET /p/{self.pause}/{page} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: "
                     f"gzip\r\nCookie: lull-session={self.token}; lull-language="
                     f"{LANGUAGES[self.at % 2]}\r\n{more}\r\n").encode())
        head = (await read.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (
            line.partition(":") for line in head[1:] if line)}
        raw = await read.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            write.close()
            self.line = None
        return int(head[0].split()[1]), headers, raw

    async def watch(self, begin: float, seconds: float, every: float, people: int) -> None:
        """Load pages by turns until it is over."""
        turn = begin + every * self.at / people
        for count in range(int(seconds / every)):
            await asyncio.sleep(max(0.0, turn - time.perf_counter()))
            page = PAGES[(count + self.at) % len(PAGES)]
            self.took.setdefault(page, []).append(await self.load(page, renews=page == RENEWS))
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


@define
class Cost:
    """What the server took of the processor while people watched."""

    seconds: float
    answers: int


def cpu_seconds(group: int) -> float:
    """User and system seconds of the processes of a group so far, as Linux counts them."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            told = stat.read_text().rpartition(")")[2].split()
            if int(told[2]) == group:
                ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(served: Served, pause: str, asked: Any) -> tuple[list[Watcher], Cost]:
    """Sign all in, load each page once, then watch."""
    people = [Watcher(served.port, pause, at) for at in range(asked.people)]
    for one in people:
        one.sign_in()
    return people, asyncio.run(_watch(served, people, asked))


async def _watch(served: Served, people: list[Watcher], asked: Any) -> Cost:
    assert served.process is not None
    for one in people:
        for page in PAGES:
            await one.load(page, renews=False)
    before, begin = cpu_seconds(served.process.pid), time.perf_counter() + 1
    writer = asyncio.to_thread(write_meanwhile, served.port, people[0].pause,
                               begin + asked.seconds, asked.writes)
    await asyncio.gather(writer, *(one.watch(begin, asked.seconds, asked.every, len(people))
                                   for one in people))
    answers = sum(len(took) for one in people for took in one.took.values())
    return Cost(cpu_seconds(served.process.pid) - before, answers)


def share(took: list[float], part: float) -> float:
    """The time within which a part of the answers came."""
    return sorted(took)[min(len(took) - 1, int(len(took) * part))]


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
            people, cost = measure(served, pause, asked)
        finally:
            served.stop()
    return report(people, cost, asked)


def report(people: list[Watcher], cost: Cost, asked: Any) -> int:
    """Print what was measured; the exit code."""
    cores = len(os.sched_getaffinity(0))
    print(f"{asked.people} people, a page each {asked.every:g} s, {asked.writes:g} writes a "
          f"minute, {asked.seconds:g} s, server and people together on {cores} core(s)")
    print(f"server: {cost.seconds:.1f} s of processor time, "
          f"{1000 * cost.seconds / max(1, cost.answers):.1f} ms an answer; "
          f"{sum(one.unchanged for one in people)} of {cost.answers} answers were that nothing "
          "has changed")
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
