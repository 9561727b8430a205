"""How long it takes to verify a ledger file, every signature or the last of each key.

python -m bench.ledger [--entries 100000] [--posts 10] [--every] [--file FILE]
python -m bench.ledger --flips 10000

Makes a file of signed entries that refer to each other, reads it in a process of its own, and
prints seconds, memory, and whether the target holds: a million entries under 60 seconds on one
core. Without --every only the last signature of each key is checked, whose hash covers those before
it. A --file that is there is read instead of made: to make a million takes some minutes. Code 1
where the target is missed.

With --flips so many random bytes of a file with contents in clear and sealed are changed, one at a
time, and each is looked for both ways; code 1 where one was not found, or not on its line.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from attrs import evolve

from bench.measure import own_peak_megabytes
from lull.domain.protocol import Role
from lull.domain.refusal import Refusal
from lull.exchange.ledger import read_ledger, seal_content, write_ledger
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.exchange.seal import Key
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.entry import Entry, Said
from lull.ledger.ledger import Clear, Ledger, ledger
from lull.ledger.verify import Level
from lull.ledger.write import next_entry, open_log

SECONDS_A_MILLION = 60.0
HOUR = "2016-10-20T09Z"


def made(entries: int, posts: int) -> bytes:
    """A file of so many entries by so many posts, each third of which has seen another post."""
    keys = [SigningKey.new() for _ in range(posts)]
    last = [open_log(Ledger(), key=k.public, recovery=SigningKey.new().public, hour=HOUR,
                     sign=k.sign) for k in keys]
    written = list(last)
    for i in range(entries - posts):
        who, before, other = i % posts, last[i % posts], last[(i + 1) % posts]
        seen = (other.hash,) if posts > 1 and i % 3 == 0 else ()
        bare = Entry(before.log, before.number + 1, before.hash, seen, HOUR, keys[who].public,
                     Said("ab" * 32), None)
        last[who] = evolve(bare, signature=keys[who].sign(bare.message))
        written.append(last[who])
    return write_ledger(ledger(written))


def varied(entries: int) -> bytes:
    """A file of one post: every third entry says something in clear, every third is sealed."""
    key, reader = SigningKey.new(), Key.new()
    first = open_log(Ledger(), key=key.public, recovery=SigningKey.new().public, hour=HOUR,
                     sign=key.sign)
    of = ledger([first])
    for i in range(entries):
        salt = sha256(str(i).encode()).digest()
        wall = Wall.SEALED if i % 3 == 1 else Wall.PUBLIC
        said = Content("statement", f"S{i}", Writer(Role.COORDINATOR, "OCHA"),
                       {"record": "statement", "text": "الممرّات"}, wall,
                       "2016-10-20T09:15:00Z",
                       recipients=(reader.public,) if wall is Wall.SEALED else ())
        sealed = seal_content(said, salt) if wall is Wall.SEALED else None
        entry = next_entry(of, first.log, key=key.public, hour=HOUR, sign=key.sign,
                           said=sealed.said if sealed else Said(said.salted(salt)))
        of = of.plus(entry, clear=Clear(said, salt) if i % 3 == 0 else None,
                     sealed=sealed.sealed if sealed else None,
                     wraps=sealed.wraps(entry) if sealed else ())
    return write_ledger(of)


def flipped(flips: int) -> int:
    """Change bytes one at a time and look for each both ways; the exit code."""
    raw, chance, missed = varied(12), random.Random(1), [0, 0]
    for _ in range(flips):
        at = chance.randrange(len(raw))
        changed = raw[:at] + bytes([raw[at] ^ chance.randrange(1, 256)]) + raw[at + 1:]
        for way, each in enumerate((True, False)):
            try:
                found = read_ledger(changed, check_signature, every_signature=each).findings
                lines = [f.line for f in found if f.level is Level.DAMAGE]
            except Refusal:  # its first bytes: it is told to be no ledger
                lines = [1]
            missed[way] += lines[:1] != [raw[:at].count(b"\n") + 1]
    every, last = (f"{flips - one:,}" for one in missed)
    print(f"{flips:,} bytes of a file of {len(raw):,} changed one at a time: found on their line "
          f"{every} by every signature, {last} by the last of each key")
    return int(any(missed))


def read(file: Path, *, every: bool) -> int:
    """Read a file and print what it took; the exit code."""
    raw = file.read_bytes()
    start = time.process_time()
    held = read_ledger(raw, check_signature, every_signature=every)
    seconds = time.process_time() - start
    assert not held.findings
    count = len(held.ledger.entries)
    million = seconds / count * 1e6
    how = "every signature" if every else "the last signature of each key"
    print(f"{count:,} entries, {len(raw) / 1e6:,.0f} MB, {how}: {seconds:.1f} s of one core, "
          f"{million:.0f} s a million; {own_peak_megabytes() / 1e3:.2f} GB of memory with the file")
    met = million <= SECONDS_A_MILLION
    print(f"target {SECONDS_A_MILLION:.0f} s a million: {'met' if met else 'missed'}")
    return 0 if met else 1


def main() -> int:
    """Make, read in another process; the exit code."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--entries", type=int, default=100_000)
    words.add_argument("--posts", type=int, default=10)
    words.add_argument("--every", action="store_true")
    words.add_argument("--file", type=Path)
    words.add_argument("--flips", type=int, default=0)
    asked = words.parse_args()
    if asked.flips:
        return flipped(asked.flips)
    if asked.file is not None and asked.file.exists():
        return read(asked.file, every=asked.every)
    with tempfile.TemporaryDirectory() as folder:
        file = asked.file or Path(folder) / "made.ledger"
        file.write_bytes(made(asked.entries, asked.posts))
        again = [sys.executable, "-m", "bench.ledger", "--file", str(file)]
        return subprocess.run(again + ["--every"] * asked.every, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
