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
from lull.questions.asks import Asks, By
from lull.questions.candidates import Terms, candidates

NEAR = 1e-6


@frozen
class Tried:
    """One candidate planned again: how many persons, patients and tonnes more."""

    id: str
    persons: float
    patients: float
    tonnes: float

    @property
    def rank(self) -> tuple[float, float, float, str]:
        """The order: most persons, then patients, then tonnes, then by name."""
        return (-self.persons, -self.patients, -round(self.tonnes, 6), self.id)


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
        found.append(Tried(one.id, *(a - b for a, b in zip(after, before, strict=True))))
    return sorted(found, key=lambda t: t.rank)


def agrees(found: Asks, brute: Sequence[Tried]) -> list[str]:
    """Where an answer differs in rank or size from planning everything again; [] if nowhere.

    As many places are compared as the answer has planned, and those with a gain among the rest.
    """
    said = [Tried(a.candidate.id, *(a.found(by) for by in (By.PERSONS, By.PATIENTS, By.TONNES)))
            for a in found.asks if a.gains]
    wrong = []
    for place, (mine, other) in enumerate(zip(said, brute, strict=False), start=1):
        same = all(abs(getattr(mine, m) - getattr(other, m)) <= NEAR
                   for m in ("persons", "patients", "tonnes"))
        if not same and other.persons > NEAR:
            wrong.append(f"place {place}: {mine} said, {other} by planning all")
        elif mine.id != other.id and other.persons > NEAR:
            wrong.append(f"place {place}: {mine.id} said, {other.id} by planning all")
    worthless = {a.candidate.id for a in found.asks if a.at_most == 0 and not a.gains}
    wrong += [f"{t.id} was said to bring nothing and brings {t.persons}" for t in brute
              if t.id in worthless and t.persons > NEAR]
    return wrong


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
