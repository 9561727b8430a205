"""How long it takes to verify a ledger file, every signature or the last of each key.

python -m bench.ledger [--entries 100000] [--posts 10] [--every]

Makes a file of signed entries that refer to each other, reads it, and prints seconds, memory, and
whether the target holds: a million entries under 60 seconds on one core. Without --every only the
last signature of each key is checked, whose hash covers those before it. Code 1 where it is missed.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time

from attrs import evolve

from lull.exchange.ledger import read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.ledger.entry import Entry, Said
from lull.ledger.ledger import Ledger, ledger
from lull.ledger.write import open_log

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


def main() -> int:
    """Make, read, print; the exit code."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--entries", type=int, default=100_000)
    words.add_argument("--posts", type=int, default=10)
    words.add_argument("--every", action="store_true")
    asked = words.parse_args()
    raw = made(asked.entries, asked.posts)
    start = time.perf_counter()
    held = read_ledger(raw, check_signature, every_signature=asked.every)
    seconds = time.perf_counter() - start
    assert len(held.ledger.entries) == asked.entries
    assert not held.findings
    million = seconds / asked.entries * 1e6
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    how = "every signature" if asked.every else "the last signature of each key"
    print(f"{asked.entries:,} entries, {len(raw) / 1e6:,.0f} MB, {how}: {seconds:.1f} s, "
          f"{million:.0f} s a million; {memory:.1f} GB of memory")
    met = million <= SECONDS_A_MILLION
    print(f"target {SECONDS_A_MILLION:.0f} s a million: {'met' if met else 'missed'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
