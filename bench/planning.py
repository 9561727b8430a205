"""Plans: the samples planned to the end, and judged by every rule."""

from __future__ import annotations

from collections.abc import Iterator

from bench.folder import SAMPLES
from bench.measure import Measure, timed
from lull.domain.rules import RULES, judge
from lull.exchange import read_folder
from lull.plan import DEFAULT_WORK, make_plan
from lull.plan.result import Result

NAMES = ("first-steps", "aleppo-2016-12", "aleppo-2016-10")


def measures() -> Iterator[Measure]:
    """Plan each sample once with the work that a user gets, then judge its plan."""
    for name in NAMES:
        case = read_folder(SAMPLES / name).case
        assert case is not None
        made: list[Result] = []
        wishing = sum(group.wishing for group in case.groups.values())
        size = f"{name}: {wishing:,} people, work {DEFAULT_WORK}"
        yield timed("plan with bound", size, lambda: made.append(make_plan(case)), runs=1)  # noqa: B023
        plan = made[0].plan
        size = f"{name}: {len(plan.vehicles)} vehicles, {len(RULES)} rules"
        yield timed("judge", size, lambda: judge(case, plan), runs=1)  # noqa: B023
