"""What tiers weigh against each other while a search is under way, in loads of a vehicle.

Plans are compared tier by tier, the first before all others. A search that judges every small step
so gives whole convoys of later tiers away for a crumb of an earlier one, and seldom gets them back.
So steps are judged by loads: one of an earlier tier outweighs many of a later one, but not any
number.
"""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.fleet import Use
from lull.domain.people import Need
from lull.domain.tiers import Tier, TierKind
from lull.domain.worth import counted_in_patients
from lull.plan.aims import Value
from lull.plan.packing import seats_planned

EARLY = 50.0
"""Loads of the next tier that one of a tier before supplies outweighs (set by trying on the middle
benchmark cases: with 10 those who cannot leave alone are given away for supplies where gates are
full; with 1000 people still to be moved are given away for tenths of a patient)."""

LATE = 3.0
"""The same for supplies and every later tier."""


def one_load(case: Case, tier: Tier) -> float:
    """The most that one more full vehicle could add to a tier."""
    best = 0.0
    for kind in case.fleet.values():
        if tier.kind is TierKind.PEOPLE:
            lying = max((w for n, w in (tier.weights or {}).items()
                         if n in (Need.CRITICAL, Need.STRETCHER)), default=0.0)
            sitting = max((w for n, w in (tier.weights or {}).items()
                           if n not in (Need.CRITICAL, Need.STRETCHER)), default=0.0)
            load = kind.stretchers * lying if Use.WOUNDED in kind.uses else 0.0
            if not counted_in_patients(tier) and kind.uses & {Use.PASSENGERS, Use.FIGHTERS}:
                load += seats_planned(case, kind) * sitting
            best = max(best, load)
        elif Use.AID in kind.uses:
            best = max(best, kind.payload_t)
    return best * tier.concave.weights[0]


@define(eq=False)
class Weighing:
    """The weight of a unit of each tier; 0 where no load counts in it."""

    weights: NDArray[np.float64]

    @classmethod
    def of(cls, case: Case, early: int | None) -> Weighing:
        """For a case in which so many tiers come before supplies; all are early where None."""
        tiers = case.pause.tiers
        found, load = np.ones(len(tiers)), 1.0
        for i in range(len(tiers) - 1, -1, -1):
            if i < len(tiers) - 1:
                load *= EARLY if early is None or i < early else LATE
            one = one_load(case, tiers[i])
            found[i] = load / one if one else 0.0  # minutes are looked at when a plan is finished
        return cls(found)

    def of_value(self, value: Value) -> float:
        """All tiers of a plan together."""
        return float(self.weights @ np.asarray(value))

    def allows(self, before: Value, after: Value) -> bool:
        """Whether a step may be kept: the first tier is none the worse, nor all together."""
        whole = self.of_value(before)
        return after[0] >= before[0] - 1e-9 and (
            self.of_value(after) >= whole - 1e-12 * max(1.0, abs(whole)))
