"""Corridors that a plan leaves unused: what each saves when another one closes."""

from __future__ import annotations

from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.questions.changes import without
from lull.questions.counts import Counts
from lull.questions.replanning import Executor, Stop, Told, never, replanned, silent


@frozen
class Saved:
    """What a fallback saves when one corridor closes: persons, patients and tonnes more with it."""

    closed: str
    persons: float
    patients: float
    tonnes: float


@frozen
class Fallback:
    """A corridor that the plan does not use, and what it is there for."""

    corridor: str
    saves: tuple[Saved, ...]

    @property
    def most_persons(self) -> float:
        """What it saves at the most, whichever corridor closes."""
        return max((s.persons for s in self.saves), default=0.0)


def unused(case: Case, plan: Plan) -> list[str]:
    """Corridors that nobody passes, nor any corridor that is linked to them."""
    used = {crossing.corridor for _, crossing in plan.crossings()}
    used |= {party.corridor for party in plan.parties}
    return [c.id for c in case.corridors.values()
            if c.id not in used and not (c.link and c.link.other in used)]


def fallbacks(
    case: Case, plan: Plan, work: int, seed: int, *, executor: Executor | None = None,
    width: int = 1, told: Told = silent, stop: Stop = never,
) -> tuple[Fallback, ...]:
    """For each unused corridor, what it saves when each used one closes: plans with and without it.

    A corridor may save patients and cost a few others: the tiers decide what is planned.
    """
    spare = unused(case, plan)
    closing = [c for c in case.corridors if c not in spare]
    cases, keys = [], []
    for closed in closing if spare else ():
        rest = without(case, closed)
        cases.append(rest)
        keys.append((closed, ""))
        for name in spare:
            if name in rest.corridors:
                cases.append(without(rest, name))
                keys.append((closed, name))
    made = replanned(cases, work, seed, None, executor=executor, width=width, told=told, stop=stop,
                     what="closing each corridor")
    found = {key: m.counts for key, m in zip(keys, made, strict=False) if not m.refused}
    return tuple(
        Fallback(name, tuple(
            _saved(closed, found[closed, ""], found[closed, name]) for closed in closing
            if (closed, "") in found and (closed, name) in found))
        for name in spare)


def _saved(closed: str, with_it: Counts, without_it: Counts) -> Saved:
    return Saved(closed, *(getattr(with_it, m).done - getattr(without_it, m).done
                           for m in ("persons", "patients", "tonnes")))
