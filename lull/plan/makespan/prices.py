"""Prices of loads and places, and the least minutes that follow from them: the certificate.

Give each load waiting at point p a price π and each place at shelter s a price σ, both whole and
not negative. Were all loads sheltered within T minutes, the bus days together would earn
Σ π·loads − Σ σ·places taken ≥ Σ π·loads − Σ σ·places, and no more than Σ buses × the dearest day of
T minutes. So where the second sum is below the first, T is too short. The dearest day only grows
with T, so one backward pass gives the least T that prices cannot rule out. Any prices will do: bad
ones rule out little, and none rules out too much. Arithmetic is in whole numbers throughout.
"""

from __future__ import annotations

import numpy as np
from attrs import define, field, frozen

from lull.plan.makespan import kernels
from lull.plan.makespan.instance import BusDay, Evacuation, Ints

UNIT = 10**7
"""What a price of 1 is in whole numbers."""


@frozen(eq=False)
class Prices:
    """π by point and σ by shelter, whole and not negative."""

    loads: Ints
    places: Ints

    @classmethod
    def of(cls, loads: np.ndarray, places: np.ndarray) -> Prices:
        """Round prices in units of 1; what is negative becomes 0."""
        return cls(*(np.maximum(0, np.rint(np.asarray(x) * UNIT)).astype(np.int64)
                     for x in (loads, places)))

    def due(self, of: Evacuation) -> int:
        """What the bus days must earn together: Σ π·loads − Σ σ·places."""
        return int(self.loads @ np.array(of.loads)) - int(self.places @ np.array(of.places))


@define(eq=False)
class Pass:
    """One backward pass: the dearest days at some prices for 0 … `most` minutes."""

    of: Evacuation
    prices: Prices
    most: int
    gain: Ints = field(init=False)
    at_point: Ints = field(init=False)
    at_shelter: tuple[Ints, Ints, kernels.Whos] = field(init=False)
    single: kernels.Bools = field(init=False)
    start: Ints = field(init=False)

    def __attrs_post_init__(self) -> None:
        of = self.of
        self.gain = self.prices.loads[:, None] - self.prices.places[None, :]
        self.single = np.array(of.loads) <= 1
        self.at_point, best, second, who = kernels.solve(
            self.most, of.carry, of.back, self.gain, np.zeros_like(of.back), self.single)
        self.at_shelter = (best, second, who)
        self.start = kernels.starts(self.most, of.out, np.zeros_like(of.out), self.at_point)

    def earned(self) -> Ints:
        """Σ buses × the dearest day, for 0 … `most` minutes; it never falls."""
        found: Ints = np.array(self.of.buses, dtype=np.int64) @ self.start
        return found

    def least(self) -> int:
        """The least minutes that these prices do not rule out; `most` + 1 if they rule out all."""
        return int(np.searchsorted(self.earned(), self.prices.due(self.of), side="left"))

    def day(self, yard: int, point: int, minutes: int) -> tuple[int, BusDay] | None:
        """The dearest day from a yard that begins at a point, with its worth; or None."""
        left = minutes - int(self.of.out[yard, point])
        if self.of.out[yard, point] < 0 or left < 0 or self.at_point[point, left] <= 0:
            return None
        of = self.of
        trips = kernels.walk(point, left, of.carry, of.back, self.gain, np.zeros_like(of.back),
                             self.single, self.at_point, *self.at_shelter)
        return int(self.at_point[point, left]), BusDay(
            yard, tuple((int(p), int(s)) for p, s in trips))


def least_minutes(of: Evacuation, prices: Prices, most: int) -> int:
    """The least minutes that prices do not rule out, worked out without any solver.

    Looks no further than `most`; `most` + 1 says that `most` minutes are too short.
    """
    return Pass(of, prices, most).least()
