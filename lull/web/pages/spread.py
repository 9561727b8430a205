"""How far apart figures lie, as a picture: rings for claims, squares for what was verified."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

WIDTH, MARGIN = 600, 14
"""Of the picture, in its own units."""
SHOWN = 60
"""Marks of one kind that a picture holds; a table beside it has all."""


@frozen
class Picture:
    """Where each mark stands, in units of the picture; from zero, so that no spread looks wide."""

    claims: tuple[str, ...]
    verified: tuple[str, ...]
    zero: str
    low: Decimal
    high: Decimal

    @property
    def first(self) -> str:
        """Where the least claim stands."""
        return self.claims[0] if self.claims else self.zero

    @property
    def last(self) -> str:
        """Where the most stands."""
        return self.claims[-1] if self.claims else self.zero


def drawn(claims: Sequence[Decimal], verified: Sequence[Decimal]) -> Picture | None:
    """The picture of some figures; None where one mark alone, or nothing but zero, would stand."""
    every = (*claims, *verified)
    low, high = min((*every, Decimal(0))), max((*every, Decimal(0)))
    if len(every) < 2 or low == high:
        return None

    def x(value: Decimal) -> str:
        share = float((value - low) / (high - low))
        return f"{MARGIN + share * (WIDTH - 2 * MARGIN):.1f}"

    return Picture(_some([x(v) for v in sorted(claims)]), _some([x(v) for v in verified]),
                   x(Decimal(0)), low, high)


def _some(places: list[str]) -> tuple[str, ...]:
    """The marks that are drawn: none lies on another, and the first and the last are there."""
    apart = list(dict.fromkeys(places))
    if len(apart) <= SHOWN:
        return tuple(apart)
    step = (len(apart) - 1) / (SHOWN - 1)
    return tuple(apart[round(i * step)] for i in range(SHOWN))
