"""Plans of cases that differ a little, each judged; made here or spread over processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.rules import judge
from lull.domain.tiers import TierKind
from lull.domain.worth import arrived, tier_value
from lull.plan import make_plan
from lull.plan.aims import better
from lull.plan.result import Result, TierResult
from lull.questions.counts import Counts, counts

Made = TypeVar("Made")
Told = Callable[[str, int, int], None]
Stop = Callable[[], bool]


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody waits."""


def never() -> bool:
    """Nobody wants an end."""
    return False


class Executor(Protocol):
    """Where plans are made: `concurrent.futures` pools have this shape; None makes them here."""

    def map(self, fn: Callable[..., Made], /, *iterables: Sequence[object]) -> Iterator[Made]:
        """Apply a function to each, in any order, and give the results in order."""
        ...


@frozen(eq=False)
class Replanned:
    """A plan of a changed case: `kept` where the plan given was no worse than the new one.

    `refused` says why there is none ("" where there is one); then the counts mean nothing.
    """

    result: Result
    counts: Counts
    kept: bool = False
    refused: str = ""

def replan_case(case: Case, work: int, seed: int, old: Plan | None) -> Replanned:
    """Plan a case and judge the plan; keep an old plan that is valid here and no worse.

    A change that only gives more leaves every old plan valid, so that nothing asked for ever makes
    a plan worse. Bounds are those by flows alone, which cost little.
    """
    made = make_plan(
        case, work=work, seed=seed, stop_bound=_at_once) if case.corridors else Result(Plan())
    broken = [] if made.refused or not case.corridors else judge(case, made.plan)
    refused = "; ".join(made.refused) or (
        f"the plan found breaks a rule ({broken[0].rule})" if broken else "")
    if old is not None and not judge(case, old) and (
            refused or not better(value_of(case, made.plan), value_of(case, old))):
        kept = evolve(made, plan=old, tiers=_valued(made.tiers, case, old), refused=())
        return Replanned(kept, counts(case, old), kept=True)
    return Replanned(made, counts(case, made.plan), refused=refused)


def _at_once() -> bool:
    return True


def value_of(case: Case, plan: Plan) -> tuple[float, ...]:
    """What a plan is worth in each tier, the greater the better."""
    got = arrived(plan)
    return tuple(
        (-1.0 if t.kind is TierKind.SHORTER else 1.0) * tier_value(case, t, got, plan)
        for t in case.pause.tiers)


def _valued(tiers: Sequence[TierResult], case: Case, plan: Plan) -> tuple[TierResult, ...]:
    """Tiers with another plan's values.

    A bound that rests on the values of earlier tiers holds only for the plan that it was made for,
    so that over all plans stands in its place.
    """
    return tuple(evolve(t, value=abs(v), bound=t.bound_any)
                 for t, v in zip(tiers, value_of(case, plan), strict=False))


def replanned(
    cases: Sequence[Case], work: int, seed: int, old: Plan | None, *,
    executor: Executor | None = None, width: int = 1, told: Told = silent, stop: Stop = never,
    what: str = "planning again",
) -> list[Replanned]:
    """Each case planned with the same work and seed; fewer where an end is wanted.

    `width` cases at a time go to the executor. The result does not depend on where they are made.
    """
    found: list[Replanned] = []
    for start in range(0, len(cases), max(1, width)):
        some = cases[start : start + max(1, width)]
        if stop():
            break
        told(what, len(found), len(cases))
        given = (some, [work] * len(some), [seed] * len(some), [old] * len(some))
        for one in map(replan_case, *given) if executor is None else executor.map(
                replan_case, *given):
            found.append(one)
            told(what, len(found), len(cases))
            if executor is not None and stop():
                return found
    return found
