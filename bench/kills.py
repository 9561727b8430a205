"""A server killed with kill -9 while many write and it sends: is all that was acknowledged there?

python -m bench.kills [--rounds 300] [--seed 1] [--folder FOLDER]

Each round starts the server with its sender and its worker, lets six writers write and a seventh
notify two recipients, kills all of it at a random moment, looks at the database with nothing else
running, and in the next round each writer first asks again for what was not acknowledged, with the
same key. Every tenth time the whole ledger is verified. At the end what is still in the outbox is
sent, and each letter must have arrived: once, or more often with the same key where the sender was
killed with it in hand. With --folder all is kept there after each round, so that it can be broken
off, and the same command goes on with the rounds that are left.
Code 1 where a write or a letter was lost, was kept twice, or the chain does not verify.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any

from attrs import asdict, define, field

from bench.sends import Receiver, finish
from bench.served import Asking, Served, new_key, statement
from bench.watching import movement, step
from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.canonical import read_canonical
from lull.ledger.content import read_content
from lull.ledger.entry import Entry, hash_of, read_entry
from lull.ledger.ledger import Clear, Ledger

WRITERS = 6
LONGEST_SECONDS = 1.5
SHORTEST_SECONDS = 0.05
WHOLE_EVERY = 10
RECIPIENTS = ("Post 0", "Post 1")
MAKE = ("import sys; from pathlib import Path; from bench.served import make_store; "
        "print(make_store(Path(sys.argv[1])))")


@define
class Writer:
    """Somebody who writes one thing after the other and remembers what was acknowledged."""

    name: str
    pause: str
    acknowledged: dict[str, str] = field(factory=dict)
    pending: tuple[str, str] | None = None
    count: int = 0

    def write(self, asking: Asking, over: threading.Event) -> None:
        """Write until the server is gone."""
        try:
            while not over.is_set():
                if self.pending is None:
                    self.count += 1
                    self.pending = (f"{self.name} {self.count}", new_key())
                about, key = self.pending
                path, body = self.act(about)
                code, said = asking.ask("POST", f"pauses/{self.pause}/{path}", body, key)
                if code in (200, 201):
                    self.acknowledged[about] = (said[0]["entry"] if isinstance(said, list)
                                                else said["hash"])
                    self.pending = None
                elif code != 503:
                    raise AssertionError((code, said))
        except OSError:
            return

    def act(self, about: str) -> tuple[str, dict[str, Any]]:
        """What is asked for next: the end of its path, and its body."""
        return "entries", statement(about, "restricted" if self.count % 3 == 0 else "public")


@define
class Notifier(Writer):
    """Somebody who drafts a notification, submits it and has it sent, again and again."""

    def act(self, about: str) -> tuple[str, dict[str, Any]]:
        """The next of the three."""
        name, turn = f"N{(self.count - 1) // 3}", (self.count - 1) % 3
        if turn == 2:
            return "transmissions", {"object": name}
        record = step(name) if turn else movement(name, range(3)) | {"recipients": [
            {"party": one, "channel": "webhook", "consent_by_function": "owner",
             "consent_at": "2016-10-19T09:00:00Z"} for one in RECIPIENTS]}
        return "entries", {"kind": f"notification.{'submit' if turn else 'draft'}",
                           "object": name, "payload": record, "wall": "restricted"}


def one_round(served: Served, writers: list[Writer], seconds: float, port: int = 0) -> None:
    """Start, write, kill at a moment. Letters go to what listens at a port of this machine."""
    served.start()
    first = Asking(served.port)
    first.sign_in()
    for name in RECIPIENTS if port else ():
        code, said = first.ask("POST", f"pauses/{writers[0].pause}/addressees", {
            "recipient": name, "channel": "webhook", "private_ok": True,
            "address": f"http://127.0.0.1:{port}/"})
        assert code == 201, said
    over = threading.Event()
    threads = [threading.Thread(target=w.write, args=(Asking(served.port, first.token), over))
               for w in writers]
    for one in threads:
        one.start()
    time.sleep(seconds)
    served.stop(signal.SIGKILL)
    over.set()
    for one in threads:
        one.join(30)


def glance(file: Path, writers: list[Writer], known: set[str]) -> None:
    """Look at what is new alone: raises AssertionError where an acknowledged write is missing."""
    rows = sqlite3.connect(file)
    try:
        assert rows.execute("PRAGMA quick_check").fetchone() == ("ok",)
        for name in {n for w in writers for n in w.acknowledged.values()} - known:
            found = rows.execute("SELECT raw FROM store_entry WHERE hash = ?", (name,)).fetchall()
            assert [hash_of(raw) for (raw,) in found] == [name], f"not there, or twice: {name}"
            known.add(name)
        (torn,), = rows.execute(
            "SELECT count(*) FROM store_head h LEFT JOIN store_entry e ON e.hash = h.hash "
            "WHERE e.hash IS NULL")
        assert not torn
    finally:
        rows.close()


def look(file: Path) -> Ledger:
    """The ledger in a database file, read with SQLite alone; raises AssertionError if it is torn.

    Every entry that says something must have what it says, with its keys, and the marks for the
    next writer must stand on the last entries.
    """
    rows = sqlite3.connect(file)
    try:
        assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        entries: dict[str, Entry] = {}
        for name, raw in rows.execute("SELECT hash, raw FROM store_entry ORDER BY seq"):
            assert hash_of(raw) == name
            entries[name] = read_entry(read_canonical(raw), name)
        clear, sealed = {}, {}
        for name, plain, salt, closed in rows.execute(
            "SELECT e.hash, s.clear, s.salt, s.sealed FROM store_said s "
            "JOIN store_entry e ON e.seq = s.entry_id"
        ):
            if closed is None:
                clear[name] = Clear(read_content(read_canonical(plain)), salt)
                assert clear[name].fits(entries[name])
            else:
                sealed[name] = closed
                said = entries[name].said
                assert said is not None
                assert said.sealed == sha256(closed).hexdigest()
        wrapped = {name for (name,) in rows.execute(
            "SELECT e.hash FROM store_wrap w JOIN store_entry e ON e.seq = w.entry_id")}
        heads = {name for (name,) in rows.execute("SELECT hash FROM store_head")}
        tips = {name for (name,) in rows.execute("SELECT tip FROM store_post")}
        once = rows.execute("SELECT count(*), count(DISTINCT tag) FROM store_once").fetchone()
    finally:
        rows.close()
    saying = {name for name, entry in entries.items() if entry.said is not None}
    assert saying == clear.keys() | sealed.keys(), "an entry without what it says"
    assert sealed.keys() == wrapped, "a sealed payload without its key"
    of = Ledger(entries, clear, sealed)
    assert heads == of.heads
    assert tips <= entries.keys()
    assert once == (len(saying), len(saying)), "a key without its entry, or an entry without a key"
    return of


def settle(of: Ledger, writers: list[Writer]) -> None:
    """Raise AssertionError where an acknowledged write is missing, or the chain is not sound."""
    held = read_ledger(write_ledger(of), check_signature)
    assert held.findings == (), held.findings[:3]
    for writer in writers:
        lost = [about for about, name in writer.acknowledged.items() if name not in of.entries]
        assert not lost, f"acknowledged and not there: {lost}"
    abouts = [held.content.object for held in of.clear.values() if held.content.kind == "statement"]
    assert len(abouts) == len(set(abouts)), "written twice"


@define
class Run:
    """All that is to be known to go on after a break. `had` counts the letters by their keys."""

    pause: str
    writers: list[Writer]
    had: Counter[str] = field(factory=Counter)
    rounds: int = 0

    def save(self, folder: Path) -> None:
        """Keep it, whole or not at all."""
        part = folder / "state.json.part"
        part.write_text(json.dumps(asdict(self)), encoding="utf-8")
        part.replace(folder / "state.json")

    @classmethod
    def of(cls, folder: Path) -> Run:
        """The run that is kept in a folder, or a new one."""
        state, file = folder / "state.json", folder / "store.sqlite"
        if not state.exists():
            pause = subprocess.run([sys.executable, "-c", MAKE, str(file)], check=True,
                                   capture_output=True, text=True).stdout.split()[-1]
            return cls(pause, [*(Writer(f"writer {i}", pause) for i in range(WRITERS)),
                               Notifier("notifier", pause)])
        kept = json.loads(state.read_text(encoding="utf-8"))
        writers = [(Notifier if w["name"] == "notifier" else Writer)(
            w["name"], w["pause"], w["acknowledged"], w["pending"] and tuple(w["pending"]),
            w["count"]) for w in kept["writers"]]
        return cls(kept["pause"], writers, Counter(kept["had"]), kept["rounds"])


def arrived(file: Path, had: Counter[str]) -> tuple[int, int]:
    """How many letters there are, and how many came again; raises AssertionError for a lost one."""
    rows = sqlite3.connect(file)
    letters = rows.execute("SELECT once, sent FROM store_outgoing").fetchall()
    rows.close()
    lost = [once for once, sent in letters if sent is None or once not in had]
    assert not lost, f"{len(lost)} letters were lost"
    assert had.keys() == {once for once, _ in letters}, "a letter that was never ordered"
    return len(letters), sum(number > 1 for number in had.values())


def killed(folder: Path, rounds: int, seed: int) -> str:
    """Do the rounds that are left, and look; what came of it in one line."""
    file, run, known = folder / "store.sqlite", Run.of(folder), set[str]()
    receiver = Receiver()
    receiver.had = run.had
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served = Served(file, more=("--send", "--work"))
    try:
        while run.rounds < rounds:
            chance = random.Random(f"{seed} {run.rounds}")
            one_round(served, run.writers, chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS),
                      receiver.server_port)
            run.rounds += 1
            with receiver.come:
                run.save(folder)
            glance(file, run.writers, known)
            if run.rounds % WHOLE_EVERY == 0:
                settle(look(file), run.writers)
                print(f"{run.rounds} kills: {len(known)} writes acknowledged", flush=True)
        finish(file)
        of = look(file)
        settle(of, run.writers)
        letters, again = arrived(file, receiver.had)
        run.save(folder)
    finally:
        receiver.shutdown()
        thread.join()
        receiver.server_close()
    done = sum(len(w.acknowledged) for w in run.writers)
    return (f"{run.rounds} kills (seed {seed}): {done} writes acknowledged, {len(of.entries)} "
            f"entries, none lost, none twice, every signature right; {letters} letters, none lost, "
            f"{again} handed over again with the same key")


def main() -> int:
    """Kill, look, print; the exit code."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--rounds", type=int, default=300)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--folder", type=Path)
    asked = words.parse_args()
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
        print(killed(asked.folder, asked.rounds, asked.seed))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        print(killed(Path(folder), asked.rounds, asked.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
