"""A server killed with kill -9 while many write: is every acknowledged write there, once and whole?

python -m bench.kills [--rounds 300] [--seed 1]

Each round starts the server, lets six writers write, kills all of it at a random moment, looks at
the database with nothing else running, and in the next round each writer first asks again for what
was not acknowledged, with the same key.
Code 1 where a write was lost, was kept twice, or the chain does not verify.
"""

from __future__ import annotations

import argparse
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path

from attrs import define, field

from bench.served import Asking, Served, make_store, new_key, statement
from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import check_signature
from lull.ledger.canonical import read_canonical
from lull.ledger.content import read_content
from lull.ledger.entry import Entry, hash_of, read_entry
from lull.ledger.ledger import Clear, Ledger

WRITERS = 6
LONGEST_SECONDS = 1.5
SHORTEST_SECONDS = 0.05


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
                wall = "restricted" if self.count % 3 == 0 else "public"
                code, said = asking.ask("POST", f"pauses/{self.pause}/entries",
                                        statement(about, wall), key)
                if code in (200, 201):
                    self.acknowledged[about] = said["hash"]
                    self.pending = None
                elif code != 503:
                    raise AssertionError((code, said))
        except OSError:
            return


def one_round(served: Served, writers: list[Writer], seconds: float) -> None:
    """Start, write, kill at a moment."""
    served.start()
    first = Asking(served.port)
    first.sign_in()
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
    abouts = [held.content.object for held in of.clear.values()]
    assert len(abouts) == len(set(abouts)), "written twice"


def main() -> int:
    """Kill, look, print; the exit code."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--rounds", type=int, default=300)
    words.add_argument("--seed", type=int, default=1)
    asked = words.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "store.sqlite"
        pause = make_store(file)
        writers = [Writer(f"writer {i}", pause) for i in range(WRITERS)]
        served = Served(file)
        for number in range(1, asked.rounds + 1):
            one_round(served, writers, chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS))
            of = look(file)
            if number % 10 == 0 or number == asked.rounds:
                settle(of, writers)
                done = sum(len(w.acknowledged) for w in writers)
                print(f"{number} kills: {done} writes acknowledged, {len(of.entries)} entries, "
                      "none lost, none twice, every signature right", flush=True)
            else:
                missing = [n for w in writers for n in w.acknowledged.values()
                           if n not in of.entries]
                assert not missing
    return 0


if __name__ == "__main__":
    sys.exit(main())
