"""`asks`: what to ask for, ranked by what it brings, each of the first confirmed by a plan.

Everything that may be asked for is first ranked by what the prices of the bound say it could bring
at most: they bound every plan of the changed pause too (`plan.proof.elsewhere`). The first are then
planned again. An ask is proven where the new plan exceeds what no plan could without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.refusal import Refusal
from lull.plan.proof.elsewhere import Elsewhere
from lull.plan.proof.evidence import About, Proof
from lull.plan.proof.evidence import By as Programme
from lull.plan.result import Ceiling, Result
from lull.questions.candidates import Candidate, Kind, Terms, candidates
from lull.questions.counts import Counts, counts
from lull.questions.fallbacks import Fallback, fallbacks
from lull.questions.replanning import (
    Executor,
    Replanned,
    Stop,
    Told,
    never,
    replan_case,
    replanned,
    silent,
)

FIRST = 10
"""How many asks are planned again unless told otherwise."""

ASK_WORK = 300
"""Rounds of search for the plan and for each plan beside it."""

FULL = 0.9
"""Use in the busiest half of a window from which on bays are asked for."""


NOTHING = 1e-6
"""An ask that could bring no more than this at most is proven to bring nothing."""


class By(StrEnum):
    """What asks are ranked by."""

    PERSONS = "persons"
    PATIENTS = "patients"
    TONNES = "tonnes"


ABOUT = {By.PERSONS: About.PERSONS, By.PATIENTS: About.PATIENTS, By.TONNES: About.TONNES}


@frozen
class Gain:
    """What an ask brings in one measure.

    `found` is how much more the new plan moves than the old one. The gain of the best plan with it
    over the best plan without lies between `least` and `most`; it is proven where `least` > 0.
    """

    found: float
    least: float
    most: float

    @property
    def proven(self) -> bool:
        """Whether the new plan exceeds what no plan could without the ask."""
        return self.least > 0


@frozen(eq=False)
class Ask:
    """One ask. `gains` are empty until it has been planned again.

    `at_most` is what the prices say that it could bring at most (None: nothing is known); `kept`
    that no better plan was found with it; `more_than` names the greatest number of vehicles that
    brought less; `refused` why it could not be planned.
    """

    candidate: Candidate
    at_most: float | None = None
    gains: Mapping[By, Gain] = field(factory=dict)
    kept: bool = False
    more_than: str = ""
    refused: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether it has been planned again."""
        return bool(self.gains)

    def found(self, by: By) -> float:
        """How much more its plan moves; 0 where it has none."""
        return self.gains[by].found if self.gains else 0.0


@frozen(eq=False)
class Asks:
    """The plan without asks, the asks in order, and corridors that are fallbacks.

    Confirmed asks come first, by what they bring; then those not planned again, by what they could
    bring at most; then those that come too late.
    """

    by: By
    base: Result
    counts: Counts
    asks: tuple[Ask, ...]
    fallbacks: tuple[Fallback, ...] = ()
    work: int = 0
    seed: int = 0
    stopped: bool = False


def asks(
    case: Case,
    reading: Consents = Consents.ALL_MET,
    *,
    by: By = By.PERSONS,
    terms: Terms = Terms(),  # noqa: B008 - frozen
    first: int = FIRST,
    work: int = ASK_WORK,
    seed: int = 0,
    base: Result | None = None,
    executor: Executor | None = None,
    width: int = 1,
    progress: Told = silent,
    stop: Stop = never,
) -> Asks:
    """What to ask for in a pause, ranked, the first ones each with a plan and a bound of its own.

    `case` is the whole folder, of which the `reading` of the consents says what is open now; what
    is not may be asked for. `base` is a plan made before with the same work and seed, with its
    proof. The same work and seed give the same answer, wherever it is worked out. Raises Refusal
    where the pause cannot be planned.
    """
    now = case.on(reading)
    progress("planning as it stands", 0, 0)
    old = replan_case(now, work, seed, None) if base is None else None
    if old is not None and old.refused:
        raise Refusal(f"The pause cannot be planned as it stands: {old.refused}.")
    result = base if old is None else old.result
    assert result is not None
    counted = counts(now, result.plan)
    full = [x.name for x in result.limits if x.kind == "bays" and x.share >= FULL]
    every = candidates(case, reading, terms, full_bays=full)
    ranked = _ranked(now, result, by, counted, [c for c in every if not c.not_ready], executor,
                     width, progress, stop)
    useful = [a for a in ranked if a.at_most is None or a.at_most > NOTHING]
    chosen = useful[:first]
    rest = [a for a in ranked if a not in chosen]
    made = replanned([a.candidate.case for a in chosen], work, seed, result.plan,
                     executor=executor, width=width, told=progress, stop=stop,
                     what="planning each ask")
    sure = [_confirmed(a, by, counted, result.ceiling, new)
            for a, new in zip(chosen, made, strict=False)]
    sure.sort(key=lambda a: [-a.found(by), *(-a.found(b) for b in By), a.candidate.id])
    late = [Ask(c) for c in every if c.not_ready]
    behind = () if stop() else fallbacks(
        now, result.plan, work, seed, executor=executor, width=width, told=progress, stop=stop)
    return Asks(by, result, counted,
                (*_compared(sure, by), *chosen[len(made):], *rest, *late), behind,
                work, seed, stopped=stop())


def moved(of: Counts, by: By) -> float:
    """What a plan moves in a measure."""
    return float(getattr(of, by.value).done)


def most(of: Ceiling, by: By) -> float:
    """What no plan can exceed in a measure."""
    return float(getattr(of, by.value))


def _ranked(
    now: Case, result: Result, by: By, counted: Counts, ready: Sequence[Candidate],
    executor: Executor | None, width: int, progress: Told, stop: Stop,
) -> list[Ask]:
    """Candidates by what the saved prices say that they could bring at most."""
    proof, here = Proof(result.proof.of(ABOUT[by])), Elsewhere(now)
    rows = {kind: tuple(here.names(kind)) for kind in {e.by for e in proof.evidence}}
    found: list[Ask] = []
    size = max(1, width) * 4
    for start in range(0, len(ready), size):
        progress("ranking what may be asked for", start, len(ready))
        some = ready[start : start + size]
        if stop():
            found += [Ask(c) for c in some]
            continue
        cases = [c.case for c in some]
        bounds = (bound_with(c, proof, rows) for c in cases) if executor is None else (
            executor.map(bound_with, cases, [proof] * len(some), [rows] * len(some)))
        left = getattr(counted, by.value).asked - moved(counted, by)
        found += [Ask(c, None if b is None else min(left, max(0.0, b - moved(counted, by))))
                  for c, b in zip(some, bounds, strict=True)]
    use = {x.name: x.share for x in result.limits}
    return sorted(found, key=lambda a: (
        -round(a.at_most or 0.0, 3), -use.get(a.candidate.about, 0.0), a.candidate.number,
        a.candidate.id))


def bound_with(
    changed: Case, proof: Proof, rows: Mapping[Programme, Sequence[str]]
) -> float | None:
    """What no plan of a changed case can exceed, from prices found for the case as it is."""
    return Elsewhere(changed).bound(proof.evidence, rows)


def _confirmed(ask: Ask, first: By, old: Counts, ceiling: Ceiling, new: Replanned) -> Ask:
    if new.refused:
        return evolve(ask, refused=new.refused)
    gains = {}
    for by in By:
        before, after = moved(old, by), moved(new.counts, by)
        known = max(after, most(new.ceiling, by)) - before
        if by is first and ask.at_most is not None:
            known = max(after - before, min(known, ask.at_most))
        gains[by] = Gain(after - before, max(0.0, after - most(ceiling, by)), known)
    return evolve(ask, gains=gains, kept=new.kept)


def _compared(found: Sequence[Ask], by: By) -> list[Ask]:
    """Each ask with the greatest number of vehicles that brought less than it."""
    some = [a for a in found if a.candidate.kind is Kind.VEHICLES and a.confirmed]

    def beaten(ask: Ask) -> str:
        less = [a for a in some if a.found(by) < ask.found(by)
                and a.candidate.vehicle != ask.candidate.vehicle]
        return max(less, key=lambda a: (a.found(by), -a.candidate.number)).candidate.words \
            if less else ""

    return [evolve(a, more_than=beaten(a)) if a.confirmed else a for a in found]
