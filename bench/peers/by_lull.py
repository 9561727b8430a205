"""lull on the part, and on the same people and buses with every rule and checkpoint on.

    python -m bench.peers.by_lull part PART SECONDS SEED FOLDER OUT
    python -m bench.peers.by_lull bound PART SECONDS SEED FOLDER OUT
    python -m bench.peers.by_lull gates PART SECONDS SEED CASE OUT

`part` plans the folder that `bench.peers.folder` wrote, until the time is up. `bound` spends the
time on the bound instead, which is the same for every seed: there is one aim alone. `gates` plans
the case itself, reduced to these people, buses and this aim; the plan lies beside OUT. Compiled
loops are loaded before the clock starts, as the peers' compiled code is.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from attrs import asdict, define, evolve, field

from bench.peers.answer import Answer
from bench.peers.part import Part, Routes, only_these
from lull import __version__
from lull.domain.case import Case
from lull.domain.plan import Plan, Stop, Task
from lull.domain.rules import judge
from lull.exchange import read_folder
from lull.plan import Result, make_plan
from lull.plan.progress import Standing

ENDLESS = 1_000_000_000
"""Units of search: the clock ends it."""


def read(folder: Path) -> Case:
    """The case of a folder; raises ValueError with what is wrong in it."""
    reading = read_folder(folder)
    if reading.case is None:
        raise ValueError("; ".join(str(error) for error in reading.errors))
    return reading.case


def warmed_up(case: Case) -> None:
    """Load what is compiled: plan the same kind of case with two buses."""
    few = {name: evolve(kind, number=min(2, kind.number)) for name, kind in case.fleet.items()}
    make_plan(evolve(case, fleet=few), work=2, seed=0, stop_bound=lambda: True)


@define
class Watch:
    """A stopwatch that planning tells what it does; all in seconds since it was started."""

    seconds: float
    wall: float = field(factory=time.perf_counter)
    cpu: float = field(factory=time.process_time)
    planned: float = 0.0
    """When planning last spoke of anything but the bound: the plan is whole by then."""

    def now(self) -> float:
        """Seconds on the clock."""
        return time.perf_counter() - self.wall

    def over(self) -> bool:
        """Whether the time is up."""
        return self.now() > self.seconds

    def over_since_planned(self) -> bool:
        """Whether the time is up, counted from when the plan was whole."""
        return self.now() > self.planned + self.seconds

    def step(self, what: str, done: int, total: int) -> None:
        """Planning is at a step."""
        if what != "bound":
            self.planned = self.now()

    def standing(self, standing: Standing) -> None:
        """A plan is worth so much."""
        if all(tier.bound is None for tier in standing.tiers):
            self.planned = self.now()


def planned(case: Case, seconds: float, seed: int, *, bound: bool) -> tuple[Result, Watch]:
    """Plan until the time is up.

    With `bound` the time is for the bound, after a first plan; without, for the plan.
    """
    watch = Watch(seconds)
    result = make_plan(
        case, seed=seed, work=0 if bound else ENDLESS, progress=watch,
        stop=None if bound else watch.over,
        stop_bound=watch.over_since_planned if bound else watch.over,
    )  # fmt: skip
    return result, watch


def routes_of(plan: Plan) -> Routes:
    """The rounds of each vehicle: where it took people on, and where it next set them down."""
    routes: Routes = []
    for day in plan.vehicles:
        rounds, waiting = [], ""
        for step in day.steps:
            if not isinstance(step, Stop) or not step.people:
                continue
            if step.task is Task.LOAD:
                waiting = step.site
            elif step.task is Task.UNLOAD and waiting:
                rounds.append((waiting, step.site))
                waiting = ""
        routes.append(rounds)
    return routes


def main(words: Sequence[str]) -> None:
    """Answer one question; see the module's first lines."""
    what, part, seconds, seed, folder, out = words
    case = read(Path(folder))
    if what == "gates":
        case = only_these(case)
    warmed_up(case)
    result, watch = planned(case, float(seconds), int(seed), bound=what == "bound")
    took = (watch.planned, watch.now(), time.process_time() - watch.cpu)
    aim = result.tiers[0]
    told = {
        "people": aim.value, "bound": aim.bound, "work": result.plan.work,
        "violations": len(judge(case, result.plan)), "refused": list(result.refused),
    }  # fmt: skip
    if what != "gates":
        told["bound_loads"] = None if aim.bound is None else aim.bound / Part.load(Path(part)).seats
    answer = Answer(routes_of(result.plan), *(round(s, 2) for s in took), __version__, told)
    Path(out).write_text(json.dumps(asdict(answer)), encoding="utf-8")
    Path(out).with_suffix(".plan").write_bytes(pickle.dumps(result.plan))


if __name__ == "__main__":
    main(sys.argv[1:])
