"""What a bound rests on, in a form that is saved and worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class By(StrEnum):
    """Which programme the prices belong to."""

    FLUID = "flows without a clock"
    DAYS = "vehicle days over the clock"


class About(StrEnum):
    """What is bounded."""

    TIER = "tier"
    PERSONS = "persons"
    PATIENTS = "patients"
    TONNES = "tonnes"


@frozen
class Evidence:
    """One bound: `value` follows from the prices `duals` (by row name) in the programme `by`.

    `tier` is the index of a tier (None for the ceilings). `demands` are (tier, value) that plans
    are taken to reach; empty for a bound over all plans.
    """

    about: About
    tier: int | None
    demands: tuple[tuple[int, float], ...]
    by: By
    value: float
    duals: Mapping[str, float]


@frozen
class Proof:
    """All evidence of one plan's bounds."""

    evidence: tuple[Evidence, ...] = ()

    def of(self, about: About, tier: int | None = None, *, any_plan: bool = True
           ) -> tuple[Evidence, ...]:
        """The evidence for a bound: over all plans, or also that over plans as good before."""
        return tuple(e for e in self.evidence if (e.about, e.tier) == (about, tier)
                     and not (any_plan and e.demands))


@frozen
class Found:
    """A bound and the prices that give it."""

    value: float
    duals: Mapping[str, float]
    steps: int
