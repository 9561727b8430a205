"""What to ask for, beside planning every candidate again, on 50 random cases of size S.

python -m bench.asks                 all 50: half an hour
python -m bench.asks --cases 5 --processes 2

Prints a table; code 1 where an answer differs in rank or size.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from bench.asks.compared import compared
from lull.cli.console import console, table
from lull.cli.processes import processes

MANY = 50


def main(words: Sequence[str]) -> int:
    """Compare so many cases."""
    parser = argparse.ArgumentParser(prog="python -m bench.asks")
    parser.add_argument("--cases", type=int, default=MANY)
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args(words)
    seeds = list(range(options.cases))
    with processes(options.processes) as pool:
        runs = list((map if pool is None else pool.map)(compared, seeds))
    names = ("case", "candidates", "bring more", "proven", "asks s", "all s", "differs in")
    rows = [(seed, *run[:3], round(run[3], 1), round(run[4], 1), len(run[5]))
            for seed, run in zip(seeds, runs, strict=True)]
    console().print(table(names, rows, right=names[1:]))
    for seed, run in zip(seeds, runs, strict=True):
        for wrong in run[5]:
            console().print(f"case {seed}: {wrong}", soft_wrap=True)
    same = sum(not run[5] for run in runs)
    console().print(f"{same} of {len(runs)} agree in rank and size.")
    return int(same < len(runs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
