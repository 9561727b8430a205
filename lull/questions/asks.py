"""`asks`: what to ask for, ranked by what it brings, the first of them bounded one by one.

What it brings is weighed in the pause's own aims, in their order (`weighed`), or in one measure; an
ask that gives away anything of an earlier aim comes after all that do not.

The prices behind the bound of the plan bound every plan with an ask as well
(`plan.proof.elsewhere`): they say what each could bring at most, and what could bring nothing. All
others are planned again with the same work and seed, and the first get a bound of their own. An ask
is proven where the new plan moves more than any plan could without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal
from lull.plan.proof.ceilings import ceilings
from lull.plan.proof.elsewhere import Elsewhere
from lull.plan.proof.evidence import About, Proof
from lull.plan.proof.evidence import By as Programme
from lull.questions.candidates import Candidate, Kind, Terms, candidates
from lull.questions.counts import Counts
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
from lull.questions.weighed import NO_CHANGE, Weighed, weighed

FIRST = 10
"""How many asks get a bound of their own unless told otherwise."""

MOST_PLANNED = 80
"""How many are planned again at the most, from the one that could bring most."""

FIRST_STEPS, LATER_STEPS, NEAR = 25, 4, 0.001
"""Steps of the search for prices for the plan as it stands, and for each ask beside it; and the
share of what is moved within which a bound is near enough."""

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

    `at_most` is what the prices say that it could bring at most; `bounded` that its plan has a
    bound of its own; `kept` that no better plan was found with it; `more_than` names the greatest
    number of vehicles that brought less; `refused` why it could not be planned. `useful` says that
    by the prices it could bring something; `weighed` what its plan changes in the pause's aims.
    """

    candidate: Candidate
    at_most: float | None = None
    gains: Mapping[By, Gain] = field(factory=dict)
    bounded: bool = False
    kept: bool = False
    more_than: str = ""
    refused: str = ""
    useful: bool = True
    weighed: Weighed = NO_CHANGE

    @property
    def confirmed(self) -> bool:
        """Whether it has been planned again."""
        return bool(self.gains)

    def found(self, by: By) -> float:
        """How much more its plan moves; 0 where it has none."""
        return self.gains[by].found if self.gains else 0.0


@frozen(eq=False)
class Asks:
    """The plan without asks, what no plan without one can exceed, and the asks in order.

    Those planned again come first, by what they bring; then the others, by what they could bring
    at most; then those that come too late. `by_tiers` says that they are ranked by the pause's
    aims; `by` is the measure that is shown, and ranked by otherwise.
    """

    by: By
    plan: Plan
    counts: Counts
    most: Mapping[By, float]
    asks: tuple[Ask, ...]
    fallbacks: tuple[Fallback, ...] = ()
    work: int = 0
    seed: int = 0
    stopped: bool = False
    by_tiers: bool = True


@frozen(eq=False)
class _Base:
    """The plan as it stands, its figures, and its bounds with the rows of their prices."""

    case: Case
    made: Replanned
    proof: Proof
    rows: tuple[str, ...]

    @property
    def most(self) -> dict[By, float]:
        """What no plan can exceed."""
        return {by: _whole(by, _least(self.proof, by)) for by in By}


def asks(
    case: Case,
    reading: Consents = Consents.ALL_MET,
    *,
    by: By = By.PERSONS,
    by_tiers: bool = True,
    terms: Terms = Terms(),  # noqa: B008 - frozen
    first: int = FIRST,
    work: int = ASK_WORK,
    seed: int = 0,
    executor: Executor | None = None,
    width: int = 1,
    progress: Told = silent,
    stop: Stop = never,
) -> Asks:
    """What to ask for in a pause, ranked, the first ones each with a plan and a bound of its own.

    `case` is the whole folder, of which the `reading` of the consents says what is open now; what
    is not may be asked for. Asks are ranked by the pause's aims in their order, without `by_tiers`
    by the measure `by`; in either, those that give away an earlier aim come last. The same work
    and seed give the same answer, wherever it is worked out (`width` plans at a time go to the
    `executor`). Raises Refusal where the pause cannot be planned.
    """
    now = case.on(reading)
    progress("planning as it stands", 0, 0)
    made = replan_case(now, work, seed, None)
    if made.refused:
        raise Refusal(f"The pause cannot be planned as it stands: {made.refused}.")
    base = _Base(now, made, *_bounds(now, made, FIRST_STEPS, None, (), stop))
    full = [x.name for x in made.result.limits if x.kind == "bays" and x.share >= FULL]
    every = candidates(case, reading, terms, full_bays=full)
    measures = (by, *(b for b in By if b is not by)) if by_tiers else (by,)
    ranked = _ranked(base, measures, [c for c in every if not c.not_ready], executor, width,
                     progress, stop)
    useful = [a for a in ranked if a.useful][:MOST_PLANNED]
    again = replanned([a.candidate.case for a in useful], work, seed, made.result.plan,
                      executor=executor, width=width, told=progress, stop=stop,
                      what="planning each ask")
    pairs = [(_valued(a, by, base, new), new) for a, new in zip(useful, again, strict=False)]
    pairs.sort(key=lambda p: (rank(p[0], by, by_tiers), p[0].candidate.id))
    sure = _bounded(pairs, first, base, executor, width, progress, stop)
    planned = {a.candidate.id for a in sure}
    rest = [a for a in ranked if a.candidate.id not in planned]
    late = [Ask(c) for c in every if c.not_ready]
    behind = () if stop() else fallbacks(
        now, made.result.plan, work, seed, executor=executor, width=width, told=progress,
        stop=stop)
    return Asks(by, made.result.plan, made.counts, base.most, (*_compared(sure, by), *rest, *late),
                behind, work, seed, stopped=stop(), by_tiers=by_tiers)


def rank(ask: Ask, by: By, by_tiers: bool) -> tuple[float, ...]:
    """Where an ask stands, the least first: none that gives an earlier aim away is before others.

    Then by what it brings in the pause's aims or in the measure; then by all measures.
    """
    first = ask.weighed.score if by_tiers else ask.found(by)
    return (float(bool(ask.weighed.lost)), -first, -ask.found(by),
            *(-round(ask.found(b), 6) for b in By))


def _bounds(
    case: Case, made: Replanned, steps: int, beside: Proof | None, rows: Sequence[str],
    stop: Stop = never,
) -> tuple[Proof, tuple[str, ...]]:
    if not made.result.proof.evidence:  # no corridor is open: nothing moves
        return Proof(), ()
    found = {ABOUT[by]: moved(made.counts, by) for by in By}
    return ceilings(case, made.result.proof, found, steps=steps, near=NEAR, beside=beside,
                    rows=rows, stop=stop)


def _least(proof: Proof, by: By) -> float:
    return min((e.value for e in proof.of(ABOUT[by])), default=0.0)


def _whole(by: By, most: float) -> float:
    return most if by is By.TONNES else float(int(most + 1e-6))


def moved(of: Counts, by: By) -> float:
    """What a plan moves in a measure."""
    return float(getattr(of, by.value).done)


def _ranked(
    base: _Base, measures: Sequence[By], ready: Sequence[Candidate], executor: Executor | None,
    width: int, progress: Told, stop: Stop,
) -> list[Ask]:
    """Candidates by what the saved prices say that they could bring at most.

    That is said in the first of the measures; useful is what could bring anything in any of them.
    """
    counted, here, by = base.made.counts, Elsewhere(base.case), measures[0]
    left = {b: getattr(counted, b.value).asked - moved(counted, b) for b in measures}
    proofs = tuple(Proof(base.proof.of(ABOUT[b])) if left[b] > NOTHING or b is by else Proof()
                   for b in measures)
    rows = {kind: tuple(here.names(kind)) for kind in {e.by for p in proofs for e in p.evidence}}
    found: list[Ask] = []
    size = min(max(1, width) * 4, MOST_PLANNED)
    for start in range(0, len(ready), size):
        progress("ranking what may be asked for", start, len(ready))
        some = ready[start : start + size]
        if stop():
            found += [Ask(c) for c in some]
            continue
        cases = [c.case for c in some]
        bounds = (bounds_with(c, proofs, rows) for c in cases) if executor is None else (
            executor.map(bounds_with, cases, [proofs] * len(some), [rows] * len(some)))
        for one, most in zip(some, bounds, strict=True):
            more = [None if b is None and left[m] > NOTHING else min(
                left[m], max(0.0, (b or 0.0) - moved(counted, m)))
                for m, b in zip(measures, most, strict=True)]
            found.append(Ask(one, more[0], useful=any(m is None or m > NOTHING for m in more)))
    use = {x.name: x.share for x in base.made.result.limits}
    return sorted(found, key=lambda a: (
        -round(a.at_most or 0.0, 3), -use.get(a.candidate.about, 0.0), a.candidate.number,
        a.candidate.id))


def bounds_with(
    changed: Case, proofs: Sequence[Proof], rows: Mapping[Programme, Sequence[str]]
) -> list[float | None]:
    """What no plan of a changed case can exceed, from prices found for the case as it is."""
    there = Elsewhere(changed)
    return [there.bound(proof.evidence, rows) for proof in proofs]


def _valued(ask: Ask, first: By, base: _Base, new: Replanned) -> Ask:
    """An ask with what its plan moves more; at most what the prices say, where they say it."""
    if new.refused:
        return evolve(ask, refused=new.refused)
    gains = {}
    for by in By:
        before, after = moved(base.made.counts, by), moved(new.counts, by)
        left = getattr(new.counts, by.value).asked - before
        if by is first and ask.at_most is not None:
            left = min(left, ask.at_most)
        beyond = after - base.most[by]
        gains[by] = Gain(after - before, beyond if beyond > NOTHING else 0.0,
                         max(after - before, left))
    return evolve(ask, gains=gains, kept=new.kept, weighed=weighed(
        base.case, base.made.counts.tiers, new.counts.tiers))


def _bounded(
    pairs: Sequence[tuple[Ask, Replanned]], first: int, base: _Base,
    executor: Executor | None, width: int, progress: Told, stop: Stop,
) -> list[Ask]:
    """The first asks with bounds of their own, then the others as they are."""
    found = [ask for ask, _ in pairs]
    chosen = [i for i, (ask, _) in enumerate(pairs[:first]) if ask.gains]
    for start in range(0, len(chosen), max(1, width)):
        if stop():
            break
        progress("bounding the first asks", start, len(chosen))
        some = chosen[start : start + max(1, width)]
        cases, made = [found[i].candidate.case for i in some], [pairs[i][1] for i in some]
        many = len(some)
        bounds = (_bounds(c, m, LATER_STEPS, base.proof, base.rows)
                  for c, m in zip(cases, made, strict=True)) if executor is None else executor.map(
            _bounds, cases, made, [LATER_STEPS] * many, [base.proof] * many, [base.rows] * many)
        for n, (i, (proof, _)) in enumerate(zip(some, bounds, strict=True), start=1):
            found[i] = _closer(found[i], proof, base)
            progress("bounding the first asks", start + n, len(chosen))
    return found


def _closer(ask: Ask, proof: Proof, base: _Base) -> Ask:
    """An ask with the least of what is known of what it could bring at most."""
    gains = {}
    for by, gain in ask.gains.items():
        known = _whole(by, _least(proof, by))
        most = max(gain.found, min(gain.most, known - moved(base.made.counts, by)))
        gains[by] = evolve(gain, most=most)
    return evolve(ask, gains=gains, bounded=True)


def _compared(found: Sequence[Ask], by: By) -> list[Ask]:
    """Each ask with the greatest number of vehicles that brought less than it."""
    some = [a for a in found if a.candidate.kind is Kind.VEHICLES and a.confirmed]

    def beaten(ask: Ask) -> str:
        less = [a for a in some if a.found(by) < ask.found(by)
                and a.candidate.vehicle != ask.candidate.vehicle]
        if not less:
            return ""
        most = max(less, key=lambda a: (a.found(by), -a.candidate.number))
        return most.candidate.words.replace(" more ", " ", 1)

    return [evolve(a, more_than=beaten(a)) if a.confirmed else a for a in found]
