"""A frontier of 24 points of a committed case: how long it takes, and how wide its band is.

python -m bench.frontier                       m-free-1, 24 lengths, two processes: 5 minutes
python -m bench.frontier s-1 --points 6 --processes 1

Prints a table; code 1 where a point has no plan of its own or an edge of the band falls.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from bench.one import case_of
from lull.cli.console import console, table
from lull.cli.spread.options import Where
from lull.questions.axes import Along, Axis
from lull.questions.frontier import Frontier, Measure, frontier

POINTS, SECONDS, GAP = 24, 300.0, 0.05
"""What is aimed at: so many points of size M in so long, each within such a gap."""

WORK = 100


def lengths(now: int, many: int) -> tuple[int, ...]:
    """From a third of the window to four thirds of it, in whole five minutes."""
    low, high = now // 3, 4 * now // 3
    return tuple(sorted({round((low + (high - low) * i / max(1, many - 1)) / 5) * 5
                         for i in range(many)}))


def falls(of: Frontier) -> int:
    """How often an edge of a band falls from one length to the next."""
    pairs = list(zip(of.points, of.points[1:], strict=False))
    return sum(getattr(a.bands[m], edge) > getattr(b.bands[m], edge) + 1e-6
               for a, b in pairs for m in Measure for edge in ("found", "most"))


def main(words: Sequence[str]) -> int:
    """Draw one frontier and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.frontier")
    parser.add_argument("case", nargs="?", default="m-free-1")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--work", type=int, default=WORK)
    options = parser.parse_args(words)
    case, _ = case_of(options.case)
    axis = Axis(Along.LENGTH, lengths(case.pause.windows[-1].minutes, options.points))
    began = time.perf_counter()
    with Where(options.processes).spread(None, lambda *_: None) as pool:
        made = frontier(case, [axis], work=options.work, executor=pool, width=pool.at_once)
    took = time.perf_counter() - began
    names = ("minutes", "people", "at most", "gap %", "patients", "at most ", "gap % ", "tonnes",
             "at most  ", "gap %  ")
    rows = [(p.at[0], *(x for m in Measure for b in (p.bands[m],) for x in (
        round(b.found, 1), round(b.most, 1), round(100 * b.gap, 1)))) for p in made.points]
    console().print(table(names, rows, right=names))
    within = sum(all(b.gap <= GAP for b in p.bands.values()) for p in made.points)
    refused, fell = sum(bool(p.refused) for p in made.points), falls(made)
    console().print(
        f"{len(made.points)} points in {took:.0f} s (aimed at: {POINTS} in {SECONDS:.0f}); "
        f"{within} within {100 * GAP:g} % in all three figures, each by itself; {refused} without "
        f"a plan of their own; edges fall {fell} times; knees at "
        f"{', '.join(f'{m.value} {at}' for m, at in made.knees.items())}.")
    return int(bool(refused or fell))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
