"""What to ask for, beside planning every candidate again, on 50 random cases of size S.

python -m bench.asks                 all 50: half an hour
python -m bench.asks --cases 5 --processes 2

Prints a table; code 1 where an answer differs in rank or size.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence

from attrs import evolve

from bench.asks.brute import agrees, by_brute_force
from bench.one import CASES
from lull.cli.console import console, table
from lull.cli.processes import processes
from lull.domain.case import Case
from lull.exchange import read_folder
from lull.questions.asks import By, asks
from lull.questions.candidates import Terms
from lull.questions.changes import longer, more_lanes, quicker

MANY = 50
WORK = 20
BASES = ("s-1", "s-2", "s-3")


def random_case(seed: int) -> Case:
    """One of the committed cases of size S with other numbers of vehicles, hours and lanes."""
    rng = random.Random(seed)
    case = read_folder(CASES / BASES[seed % len(BASES)]).case
    assert case is not None
    fleet = {k: evolve(v, number=max(1, round(v.number * rng.uniform(0.5, 1.5))))
             for k, v in case.fleet.items()}
    case = longer(evolve(case, fleet=fleet), 0, rng.choice([-60, -30, 0, 30]))
    for corridor in list(case.corridors.values()):
        for way in sorted(corridor.directions):
            if rng.random() < 0.3:
                case = more_lanes(case, corridor.id, way)
            if rng.random() < 0.3:
                case = quicker(case, corridor.id, way)
    return case


def compared(seed: int) -> tuple[int, int, int, float, float, list[str]]:
    """One case: candidates, those with a gain, proven ones, seconds of both, differences."""
    case, terms = random_case(seed), Terms()
    began = time.perf_counter()
    found = asks(case, terms=terms, work=WORK)
    asked = time.perf_counter()
    brute = by_brute_force(case, terms, WORK)
    ended = time.perf_counter()
    gains = sum(t.persons > 0 for t in brute)
    proven = sum(bool(a.gains) and a.gains[By.PERSONS].proven for a in found.asks)
    return len(brute), gains, proven, asked - began, ended - asked, agrees(found, brute)


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
