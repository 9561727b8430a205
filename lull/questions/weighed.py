"""What a change brings in the pause's own aims, in their order, weighed as the planner does.

A load of a vehicle in one tier outweighs fifty in the next, three where supplies come first
(`lull.plan.weighing`). What is lost in a tier before one that gains is given away, and named.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from lull.domain.case import Case
from lull.domain.tiers import Tier, TierKind
from lull.plan.weighing import Weighing, one_load

DIGITS = 4
"""Decimals of a score that count: what lies behind them is rounding."""

LOST = 1e-6
"""What is less is rounding."""


@frozen
class Lost:
    """What an earlier aim loses: its name, and how much in full loads of a vehicle."""

    tier: str
    loads: float


@frozen
class Weighed:
    """`score` ranks: the greater the better; `lost` is given away for a later aim."""

    score: float = 0.0
    lost: tuple[Lost, ...] = ()


NO_CHANGE = Weighed()


def valued_tiers(case: Case) -> list[tuple[int, Tier]]:
    """The tiers that have a value, with their place among all."""
    return [(i, t) for i, t in enumerate(case.pause.tiers) if t.kind is not TierKind.SHORTER]


def weighed(case: Case, before: Sequence[float], after: Sequence[float]) -> Weighed:
    """What changes between two plans, given their values in the tiers that have one."""
    tiers = valued_tiers(case)
    early = next((i for i, t in enumerate(case.pause.tiers)
                  if t.kind in (TierKind.SUPPLIES_MINIMUM, TierKind.SUPPLIES)), None)
    weights = Weighing.of(case, early).weights
    gains = [b - a for a, b in zip(before, after, strict=True)]
    last = max((n for n, g in enumerate(gains) if g > LOST), default=-1)
    lost = tuple(
        Lost(tier.name, -gain / (one_load(case, tier) or 1.0))
        for n, ((_, tier), gain) in enumerate(zip(tiers, gains, strict=True))
        if gain < -LOST and n < last)
    score = sum(float(weights[i]) * gain for (i, _), gain in zip(tiers, gains, strict=True))
    return Weighed(round(score, DIGITS), lost)
