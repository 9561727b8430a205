"""A frontier of 24 points of a committed case: how long it takes, and how wide its band is.

python -m bench.frontier                       m-free-1, 24 lengths, two processes: 5 minutes
python -m bench.frontier s-1 --points 6 --processes 1
python -m bench.frontier --aims 3 --record     three points aim by aim as well; makes the page anew

Prints a table; code 1 where a point has no plan of its own or an edge of the band falls.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from bench.frontier.page import GAP, POINTS, SECONDS, Aim, Run, record, version
from bench.one import case_of
from lull.cli.console import console, table
from lull.cli.spread.options import Where
from lull.domain.case import Case
from lull.plan.bound import tier_results
from lull.plan.ground import Ground
from lull.questions.axes import Along, Axis
from lull.questions.frontier import FRONTIER_WORK, Frontier, Measure, frontier
from lull.questions.replanning import value_of


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


def runs_of(of: Frontier, case: str, seconds: float, processes: int) -> list[Run]:
    """The points as they are recorded."""
    return [Run(case, p.at[0], *(x for m in Measure for x in (
        round(p.bands[m].found, 3), round(p.bands[m].most, 3))), p.refused, round(seconds, 1),
        processes, of.work, version()) for p in of.points]


def aims_of(of: Frontier, case: Case, name: str, many: int) -> list[Aim]:
    """Some points aim by aim: how good each plan is given the aims before."""
    found, last = [], max(1, many - 1)
    for n in sorted({round(k * (len(of.points) - 1) / last) for k in range(many)}):
        at = of.points[n].at
        there = of.axes[0].apply(case, at[0])
        tiers, _, _ = tier_results(Ground(there), value_of(there, of.plans[at]),
                                   lambda *_: None)
        found += [Aim(name, at[0], t.name, t.unit, round(t.value, 3), round(t.bound, 3), version())
                  for t in tiers if t.bound is not None]
    return found


def show(runs: Sequence[Run], aims: Sequence[Aim]) -> None:
    """Print the points, and the aims where they were looked at."""
    names = ("minutes", "people", "at most", "gap %", "patients", "at most ", "gap % ", "tonnes",
             "at most  ", "gap %  ")
    rows = []
    for r in runs:
        people, patients, tonnes = (round(100 * x, 1) for x in r.gaps)
        rows.append((r.minutes, r.people, r.people_most, people, r.patients, r.patients_most,
                     patients, round(r.tonnes, 1), round(r.tonnes_most, 1), tonnes))
    console().print(table(names, rows, right=names))
    if aims:
        header = ("minutes", "aim", "value", "at most")
        console().print(table(header, [(a.minutes, a.aim, round(a.value, 1), round(a.most, 1))
                                       for a in aims], right=header[2:]))


def main(words: Sequence[str]) -> int:
    """Draw one frontier and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m bench.frontier")
    parser.add_argument("case", nargs="?", default="m-free-1")
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--work", type=int, default=FRONTIER_WORK)
    parser.add_argument("--aims", type=int, default=0, help="points that are bounded aim by aim")
    parser.add_argument("--record", action="store_true", help="keep the figures, make the page")
    options = parser.parse_args(words)
    case, _ = case_of(options.case)
    axis = Axis(Along.LENGTH, lengths(case.pause.windows[-1].minutes, options.points))
    began = time.perf_counter()
    with Where(options.processes).spread(None, lambda *_: None) as pool:
        made = frontier(case, [axis], work=options.work, executor=pool, width=pool.at_once)
    took = time.perf_counter() - began
    runs = runs_of(made, options.case, took, options.processes)
    aims = aims_of(made, case, options.case, options.aims) if options.aims else []
    show(runs, aims)
    within = sum(max(r.gaps) <= GAP for r in runs)
    refused, fell = sum(bool(p.refused) for p in made.points), falls(made)
    console().print(
        f"{len(made.points)} points in {took:.0f} s (aimed at: {POINTS} in {SECONDS:.0f}); "
        f"{within} within {100 * GAP:g} % in all three figures, each by itself; {refused} without "
        f"a plan of their own; edges fall {fell} times; knees at "
        f"{', '.join(f'{m.value} {at}' for m, at in made.knees.items())}.")
    if options.record:
        record(runs, aims)
    return int(bool(refused or fell))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
