"""What to ask for, beside planning every candidate again, on 50 random cases of size S.

python -m bench.asks                     all 50: half an hour
python -m bench.asks --jobs 2 --record   two at a time, kept in runs.csv; a run that was broken off
                                         goes on, and cases of this same program are not run again
python -m bench.asks --cases 5

Prints each case as it is done; code 1 where an answer differs in rank or size.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from bench.asks.compared import run_of
from bench.asks.page import CASES, Run, read, record, version
from lull.cli.console import console, table
from lull.cli.spread.options import Where


def main(words: Sequence[str]) -> int:
    """Compare so many cases."""
    parser = argparse.ArgumentParser(prog="python -m bench.asks")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--jobs", type=int, default=1, help="cases at a time")
    parser.add_argument("--record", action="store_true", help="keep runs in runs.csv, and go on")
    options = parser.parse_args(words)
    wanted = range(options.cases)
    runs = [run for run in read() if run.case in wanted and run.version == version()] if (
        options.record) else []
    if runs:
        print(f"{len(runs)} of {len(wanted)} cases were run before.", flush=True)
    done = {run.case for run in runs}
    for run in made([case for case in wanted if case not in done], options.jobs):
        print(run.words, flush=True)
        runs.append(run)
        if options.record:
            record([run])
    return show(sorted(runs, key=lambda run: run.case))


def made(cases: Sequence[int], jobs: int) -> Iterator[Run]:
    """Each case as it is done."""
    with Where(jobs).spread(None, lambda *_: None) as pool:
        for _, run in pool.each(run_of, ((case,) for case in cases)):
            yield run


def show(runs: Sequence[Run]) -> int:
    """Print all cases and whether they agree; the exit code."""
    names = ("case", "candidates", "bring more", "proven", "asks s", "all s", "agrees")
    rows = [(r.case, r.candidates, r.gains, r.proven, r.asks_s, r.all_s, r.agrees) for r in runs]
    console().print(table(names, rows, right=names[1:6]))
    same = sum(run.agrees for run in runs)
    console().print(f"{same} of {len(runs)} agree in rank and size.")
    return int(same < len(runs))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
