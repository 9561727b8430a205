"""The best values found: those that no other is better than in every figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.tiers import TierKind
from lull.domain.worth import Arrived, arrived, tier_value

EPS = 1e-9


@dataclass(frozen=True, eq=False)
class Point:
    """What one plan is worth: each tier that counts what arrives, and heads and tonnes.

    Tiers of the kind `shorter` stand as 0.
    """

    tiers: tuple[float, ...]
    persons: int
    patients: int
    tonnes: float
    plan: Plan = field(default_factory=Plan)

    @property
    def figures(self) -> tuple[float, ...]:
        """All figures, for comparing."""
        return (*self.tiers, self.persons, self.patients, self.tonnes)


def worth(case: Case, got: Arrived) -> Point:
    """What arriving people and goods are worth."""
    tiers = tuple(
        0.0 if t.kind is TierKind.SHORTER else tier_value(case, t, got) for t in case.pause.tiers
    )
    tonnes = sum(n * case.items[item].kg for (item, _), n in got.units.items()) / 1000
    return Point(tiers, sum(got.persons.values()), sum(got.patients.values()), tonnes)


@dataclass
class Found:
    """All best points, and whether everything was tried; `why` says what was not.

    `nodes` sets of rounds were looked at and `judged` plans shown to the rules.
    """

    points: list[Point] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    nodes: int = 0
    judged: int = 0

    @property
    def complete(self) -> bool:
        """Whether no plan at all can be better than the best found here."""
        return not self.why

    def improves(self, point: Point) -> bool:
        """Whether a point is better in some figure than each that is known."""
        return not any(
            all(a >= b - EPS for a, b in zip(known.figures, point.figures, strict=True))
            for known in self.points
        )

    def add(self, point: Point) -> None:
        """Keep a point and drop those that it is no worse than in any figure."""
        self.points = [
            known for known in self.points
            if any(a > b + EPS for a, b in zip(known.figures, point.figures, strict=True))
        ]
        self.points.append(point)

    def best(self) -> Point:
        """The best of all, first tier first."""
        return max(self.points, key=lambda p: tuple(round(v, 7) for v in p.tiers))

    def most(self, tier: int) -> float:
        """The best value of one tier, whatever the others."""
        return max(p.tiers[tier] for p in self.points)

    def most_given(self, tier: int, values: Sequence[float]) -> float | None:
        """The best value of one tier among plans whose earlier tiers reach some values."""
        return max(
            (p.tiers[tier] for p in self.points
             if all(p.tiers[n] >= values[n] - 1e-7 for n in range(tier))),
            default=None,
        )


def worth_of_plan(case: Case, plan: Plan) -> Point:
    """What a whole plan is worth, whoever made it."""
    found = worth(case, arrived(plan))
    return Point(found.tiers, found.persons, found.patients, found.tonnes, plan)
