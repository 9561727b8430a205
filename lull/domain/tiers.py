"""What is best: a list of tiers, settled one after the other."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

from attrs import frozen

from lull.domain.refusal import require, require_one_of

BREAKS = (0.25, 0.50, 0.75, 0.90, 1.00)
"""Shares served at which the weight of a further person falls."""

WEIGHTS = (1.00, 0.90, 0.80, 0.65, 0.50)
"""Weight of a person in each stretch between breaks: falling, so that a first quarter served
everywhere counts for more than a last quarter anywhere. Assumed; a pause may state its own."""


class TierKind(StrEnum):
    """What a tier counts."""

    PEOPLE = "people"
    SUPPLIES_MINIMUM = "supplies_minimum"
    SUPPLIES = "supplies"
    SHORTER = "shorter"


@frozen
class Concave:
    """φ: how much a share served is worth; piecewise linear, concave, φ(0) = 0.

    `breaks` rise to 1, `weights` fall and are not negative.
    """

    breaks: tuple[float, ...] = BREAKS
    weights: tuple[float, ...] = WEIGHTS

    def __attrs_post_init__(self) -> None:
        require(
            len(self.breaks) == len(self.weights) >= 1 and abs(self.breaks[-1] - 1) < 1e-9,
            "A concave value needs one weight for each break and a last break at 1.",
        )
        rising = all(a < b for a, b in zip((0.0, *self.breaks), self.breaks, strict=False))
        falling = all(a >= b for a, b in zip(self.weights, self.weights[1:], strict=False))
        require(rising, f"The breaks {self.breaks} must rise from 0 to 1.")
        require(
            falling and self.weights[-1] >= 0,
            f"The weights {self.weights} must fall and may not be negative.",
        )

    @cached_property
    def segments(self) -> tuple[tuple[float, float], ...]:
        """(width as a share, weight) of each stretch."""
        starts = (0.0, *self.breaks[:-1])
        return tuple(
            (end - start, weight)
            for start, end, weight in zip(starts, self.breaks, self.weights, strict=True)
        )

    def of(self, share: float) -> float:
        """φ(share), for a share between 0 and 1."""
        total, left = 0.0, share
        for width, weight in self.segments:
            step = min(left, width)
            total += step * weight
            left -= step
            if left <= 0:
                break
        return total


@frozen
class Tier:
    """One aim. `weights` by need for people (needs left out count 0); `means` empty means all.

    The value of a people tier is Σ over neighbourhoods and needs of weight × wishing × φ(share
    served); of a supplies tier the same with tonnes; `shorter` is person-minutes waited plus
    vehicle-minutes driven, less is better, and has no bound.
    """

    name: str
    kind: TierKind
    unit: str
    weights: dict[str, float] | None = None
    means: tuple[str, ...] = ()
    concave: Concave = Concave()

    def __attrs_post_init__(self) -> None:
        require(bool(self.name), "A tier has no name.")
        require_one_of(self.kind, TierKind, f"Tier {self.name!r}: kind")
        require(
            self.kind is not TierKind.PEOPLE or bool(self.weights),
            f"Tier {self.name!r} counts people but gives no weight to any need.",
        )


DEFAULT_TIERS = (
    Tier("lives", TierKind.PEOPLE, "weighted patients", {"critical": 3.0, "stretcher": 1.0}),
    Tier(
        "cannot leave alone",
        TierKind.PEOPLE,
        "weighted persons",
        {"seated": 1.0},
        ("needs_transport",),
    ),
    Tier("survival supplies", TierKind.SUPPLIES_MINIMUM, "weighted tonnes"),
    Tier("all who wish to leave", TierKind.PEOPLE, "weighted persons",
         {"critical": 1.0, "stretcher": 1.0, "seated": 1.0, "walking": 1.0}),
    Tier("further supplies", TierKind.SUPPLIES, "weighted tonnes"),
    Tier("less waiting and driving", TierKind.SHORTER, "minutes"),
)
"""Lives first; then who cannot leave by themselves; then survival everywhere; then all who wish
to leave; then more supplies; then less waiting in the open and less driving. A critical patient
counts three times a stretcher patient (assumed: only their order is known)."""
