"""Every ask planned again, with nothing of the ranking: what `lull asks` is held against."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.domain.rules import judge
from lull.domain.tiers import TierKind
from lull.domain.worth import arrived, tier_value
from lull.plan import make_plan
from lull.plan.weighing import one_load
from lull.questions.asks import Asks, By
from lull.questions.candidates import Terms, candidates

NEAR = 1e-6


@frozen
class Tried:
    """One candidate planned again: how many persons, patients and tonnes more.

    `gives_away` says that an earlier aim loses by it, `score` what it brings in all aims, weighed.
    """

    id: str
    persons: float
    patients: float
    tonnes: float
    gives_away: bool = False
    score: float = 0.0

    @property
    def rank(self) -> tuple[bool, float, float, float, float, str]:
        """The order: what gives nothing away first, then by aims, persons, patients, tonnes, name.
        """
        return (self.gives_away, -round(self.score, 4), -self.persons, -self.patients,
                -round(self.tonnes, 6), self.id)

    @property
    def brings(self) -> bool:
        """Whether it brings anything in any measure."""
        return max(self.persons, self.patients, self.tonnes) > NEAR


def by_brute_force(case: Case, terms: Terms, work: int, seed: int = 0) -> list[Tried]:
    """Every candidate that is ready in time, planned again, from the one that brings most."""
    base = make_plan(case, work=work, seed=seed)
    before, full = _moved(case, base.plan), [
        x.name for x in base.limits if x.kind == "bays" and x.share >= 0.9]
    found = []
    for one in candidates(case, Consents.ALL_MET, terms, full_bays=full):
        if one.not_ready:
            continue
        plan = make_plan(one.case, work=work, seed=seed).plan
        valid = not judge(one.case, base.plan)
        if valid and not _better(_value(one.case, plan), _value(one.case, base.plan)):
            plan = base.plan
        after = _moved(one.case, plan)
        found.append(Tried(one.id, *(a - b for a, b in zip(after, before, strict=True)),
                           *_by_aims(case, _value(case, base.plan), _value(one.case, plan))))
    return sorted(found, key=lambda t: t.rank)


def agrees(found: Asks, brute: Sequence[Tried]) -> list[str]:
    """Where an answer differs in rank or size from planning everything again; [] if nowhere.

    As many places are compared as the answer has planned, and those with a gain among the rest.
    """
    said = [Tried(a.candidate.id, *(a.found(by) for by in (By.PERSONS, By.PATIENTS, By.TONNES)))
            for a in found.asks if a.gains]
    kept = {t.id for t in said}
    wrong = []
    others = [t for t in brute if t.id in kept or t.brings]
    for place, (mine, other) in enumerate(zip(said, others, strict=False), start=1):
        same = all(abs(getattr(mine, m) - getattr(other, m)) <= NEAR
                   for m in ("persons", "patients", "tonnes"))
        if not same and other.brings:
            wrong.append(f"place {place}: {mine} said, {other} by planning all")
        elif mine.id != other.id and other.brings:
            wrong.append(f"place {place}: {mine.id} said, {other.id} by planning all")
    worthless = {a.candidate.id for a in found.asks if not a.useful and not a.gains}
    wrong += [f"{t.id} was said to bring nothing and brings {t}" for t in brute
              if t.id in worthless and t.brings]
    return wrong


def _by_aims(case: Case, before: Sequence[float], after: Sequence[float]) -> tuple[bool, float]:
    """Whether an aim loses for a later one, and the change of all in loads, as the rule says."""
    tiers = case.pause.tiers
    supplies = [i for i, t in enumerate(tiers) if t.kind in (
        TierKind.SUPPLIES_MINIMUM, TierKind.SUPPLIES)]
    weight, score, gained, away = 1.0, 0.0, False, False
    for i in range(len(tiers) - 1, -1, -1):
        if i < len(tiers) - 1:
            weight *= 3.0 if supplies and i >= supplies[0] else 50.0
        if tiers[i].kind is TierKind.SHORTER:
            continue
        change, load = after[i] - before[i], one_load(case, tiers[i])
        away |= change < -NEAR and gained
        gained |= change > NEAR
        score += change * (weight / load if load else 0.0)
    return away, score


def _moved(case: Case, plan: Plan) -> tuple[float, float, float]:
    got = arrived(plan)
    tonnes = sum(n * case.items[d.item].kg / 1000
                 for n, d in zip(got.by_line(case), case.demands, strict=True))
    return float(sum(got.persons.values())), float(sum(got.patients.values())), tonnes


def _value(case: Case, plan: Plan) -> list[float]:
    got = arrived(plan)
    return [(-1 if t.kind is TierKind.SHORTER else 1) * tier_value(case, t, got, plan)
            for t in case.pause.tiers]


def _better(a: Sequence[float], b: Sequence[float]) -> bool:
    return next((x > y for x, y in zip(a, b, strict=True) if abs(x - y) > NEAR), False)
