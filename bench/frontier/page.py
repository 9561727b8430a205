"""The recorded frontiers, and the page of figures that is made from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import frozen

from bench.rows import read_rows, write_rows
from lull.cli.questions.kept import program
from lull.exchange.atomic import write_whole

HOME = Path(__file__).parent
RUNS, AIMS, PAGE = HOME / "runs.csv", HOME / "aims.csv", HOME / "README.md"

POINTS, SECONDS, GAP = 24, 300.0, 0.05
"""What is aimed at: so many points of size M in so long, each within such a gap."""


def version() -> str:
    """What the runs were made by."""
    return program()[:12]


def gap(found: float, most: float) -> float:
    """(most − found) / most; 0 where nothing can be moved."""
    return max(0.0, (most - found) / most) if most > 1e-9 else 0.0


@frozen
class Run:
    """One point of a frontier: what is found, and what no plan exceeds. `seconds` are those of the
    whole frontier, of which this is one point."""

    case: str
    minutes: int
    people: float
    people_most: float
    patients: float
    patients_most: float
    tonnes: float
    tonnes_most: float
    refused: str
    seconds: float
    processes: int
    work: int
    version: str

    @property
    def gaps(self) -> tuple[float, float, float]:
        """Of people, patients and tonnes, each by itself."""
        return (gap(self.people, self.people_most), gap(self.patients, self.patients_most),
                gap(self.tonnes, self.tonnes_most))


@frozen
class Aim:
    """One aim of the pause at one point: the plan's value, and the most that any plan reaches which
    is as good in the aims before it."""

    case: str
    minutes: int
    aim: str
    unit: str
    value: float
    most: float
    version: str


def record(runs: Iterable[Run], aims: Iterable[Aim]) -> None:
    """Put the frontier of a case in the place of the one recorded before; make the page anew."""
    runs, aims = list(runs), list(aims)
    case = runs[0].case
    whole = [*(r for r in read_rows(Run, RUNS) if r.case != case), *runs]
    weighed = [*(a for a in read_rows(Aim, AIMS) if a.case != case), *aims]
    write_rows(Run, RUNS, whole)
    write_rows(Aim, AIMS, weighed)
    write_whole(PAGE, page(whole, weighed))


def page(runs: Sequence[Run], aims: Sequence[Aim]) -> str:
    """The page as Markdown."""
    lines = [
        "<!-- Made by `python -m bench.frontier --record` from runs.csv and aims.csv; do not edit. "
        "-->", "", "# What each further hour buys", "",
        f"Aimed at: {POINTS} points of a case of size M within {SECONDS:.0f} s on two cores, each "
        f"a plan that keeps every rule and lies within {100 * GAP:g} % of its bound, no edge of a "
        "band falling. Each figure stands by itself: «at most» is what no plan exceeds that cares "
        "for nothing else, while the plans settle the aims of the pause in their order.", ""]
    for case in dict.fromkeys(r.case for r in runs):
        some = [r for r in runs if r.case == case]
        first = some[0]
        within = [sum(r.gaps[n] <= GAP for r in some) for n in range(3)]
        lines += [
            f"## {case}", "",
            f"{len(some)} points in {first.seconds:.0f} s with {first.processes} processes, "
            f"{first.work} rounds of search a point. Within {100 * GAP:g} %: people at "
            f"{within[0]} points, patients at {within[1]}, tonnes at {within[2]}; "
            f"{sum(bool(r.refused) for r in some)} points have no plan of their own.", "",
            "| minutes | people | at most | gap | patients | at most | gap | tonnes | at most "
            "| gap |", "| ---: " * 10 + "|",
            *(f"| {r.minutes} | {r.people:.0f} | {r.people_most:.0f} | {r.gaps[0]:.1%} "
              f"| {r.patients:.0f} | {r.patients_most:.0f} | {r.gaps[1]:.1%} | {r.tonnes:.1f} "
              f"| {r.tonnes_most:.1f} | {r.gaps[2]:.1%} |" for r in some), ""]
        weighed = [a for a in aims if a.case == case]
        if weighed:
            lines += [
                "The same plans aim by aim, at some of the points: at most is what a plan can "
                "reach that is as good in the aims before.", "",
                "| minutes | aim | value | at most | gap |", "| ---: | --- | ---: | ---: | ---: |",
                *(f"| {a.minutes} | {a.aim} | {a.value:.1f} {a.unit} | {a.most:.1f} "
                  f"| {gap(a.value, a.most):.1%} |" for a in weighed), ""]
    return "\n".join(lines)
