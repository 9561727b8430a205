"""One tiny pause planned and tried out: the plan, the bounds and the best, side by side."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.rules import judge
from lull.domain.tiers import TierKind
from lull.plan import Result, make_plan
from tests.oracle.exhaustive import Found, Point, everything
from tests.oracle.exhaustive.front import worth_of_plan

WORK = 5
"""Rounds of improvement that a tiny plan gets."""


@dataclass
class Compared:
    """What was found about one case; `wrong` says in words what must not be."""

    name: str
    case: Case
    result: Result
    found: Found
    plan: Point
    wrong: list[str] = field(default_factory=list)

    @property
    def planned(self) -> bool:
        """Whether the planner took the case on."""
        return not self.result.refused

    @property
    def optimal(self) -> bool:
        """Whether the plan is as good as the best found, tier by tier."""
        best = self.found.best()
        return all(abs(a - b) < 1e-6 for a, b in zip(self.plan.tiers, best.tiers, strict=True))

    @property
    def first_tiers(self) -> bool:
        """Whether the plan is as good as the best in the first tier that anybody is in."""
        best = self.found.best()
        return next((abs(a - b) < 1e-6 for a, b in zip(self.plan.tiers, best.tiers, strict=True)
                     if b > 0), True)


def compare(name: str, case: Case, work: int = WORK) -> Compared:
    """Plan a case, try everything, and say what contradicts what."""
    found = everything(case, in_part=True)
    try:
        result = make_plan(case, work=work)
    except Exception as failed:  # noqa: BLE001 - told among what is wrong, and the next is tried
        at = traceback.extract_tb(failed.__traceback__)[-1]
        said = f"{name}: {type(failed).__name__} in {at.name}, {at.filename}:{at.lineno}: {failed}"
        return Compared(name, case, Result(Plan()), found, found.points[0], [said])
    plan = worth_of_plan(case, result.plan)
    seen = Compared(name, case, result, found, plan)
    seen.wrong += [f"{name}: {v.rule}: {v.sentence}" for v in judge(case, result.plan)]
    if found.complete and found.improves(plan):
        seen.wrong.append(
            f"{name}: the plan is worth {plan.figures}, more than any of "
            f"{[p.figures for p in found.points]}, which was all that is possible")
    if seen.planned:
        seen.wrong += [f"{name}: {said}" for said in _bounds_passed(seen)]
    return seen


def _bounds_passed(seen: Compared) -> list[str]:
    """Bounds that lie below a plan which keeps every rule."""
    said = []
    known = Found([*seen.found.points])
    if known.improves(seen.plan):
        known.add(seen.plan)
    for n, (tier, got) in enumerate(zip(seen.case.pause.tiers, seen.result.tiers, strict=True)):
        if tier.kind is TierKind.SHORTER:
            continue
        reached = [t.value for t in seen.result.tiers]
        for what, bound, best in (
            ("bound over all plans", got.bound_any, known.most(n)),
            ("bound given the tiers before", got.bound, known.most_given(n, reached)),
        ):
            if bound is None:
                said.append(f"the {what} of {tier.name} is missing")
            elif best is not None and bound < best - 1e-6 * max(1.0, best):
                said.append(f"the {what} of {tier.name} is {bound}, but {best} is possible")
    most = seen.result.ceiling
    for what, bound, best in (
        ("persons", most.persons, max(p.persons for p in known.points)),
        ("patients", most.patients, max(p.patients for p in known.points)),
        ("tonnes", most.tonnes, max(p.tonnes for p in known.points)),
    ):
        if bound < best - 1e-3:
            said.append(f"the ceiling of {what} is {bound}, but {best} is possible")
    return said
