"""Days within an aim, some of them at a time taken apart and put together by an integer programme.

The state is a set of days that all keep within the aim, and the loads that they leave. A step frees
a few buses with all that they carried and all that is left, generates days for them, and lets an
integer programme choose the days that leave least (large neighbourhood search: Shaw 1998,
doi:10.1007/3-540-49481-2_30). It ends when nothing is left.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from attrs import define, field

from lull.plan.makespan.instance import NO_WAY, BusDay, Days, Evacuation, left_by, part
from lull.plan.makespan.itineraries import Floats, LowerBound
from lull.plan.makespan.pool import choose, near_days
from lull.plan.makespan.prices import UNIT, Prices

PRICED = 20
"""Steps of pricing for the days of one neighbourhood."""

LISTED = 2500
"""Days listed outright for one neighbourhood."""

NODES = 60
"""Nodes of the integer programme of one neighbourhood."""

LEAST_WEIGHT = 0.05
"""What the cheapest load counts, where the dearest ones count 1."""

FAR_AWAY = 10**9


def cut(of: Evacuation, days: Days, aim: int) -> Days:
    """The days without the trips that end after the aim."""
    found = []
    for day in days:
        trips = day.trips
        while trips and BusDay(day.yard, trips).minutes(of) > aim:
            trips = trips[:-1]
        found.append(BusDay(day.yard, trips))
    return tuple(day for day in found if day.trips)


@define(eq=False)
class Rebuild:
    """Days within an aim and what they leave; `step` frees some buses and rebuilds their days."""

    of: Evacuation
    aim: int
    days: Days
    dice: random.Random
    prices: Prices
    weights: Floats = field(init=False)
    steps: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.weights = LEAST_WEIGHT + self.prices.loads / UNIT
        self.days = cut(self.of, self.days, self.aim)

    @property
    def left(self) -> int:
        """Loads that are left."""
        return sum(left_by(self.of, self.days))

    @property
    def worth_left(self) -> float:
        """What is left, a load that is dear to fetch counting more."""
        return self._worth(self.days)

    def _worth(self, days: Days) -> float:
        return float(np.dot(left_by(self.of, days), self.weights))

    def step(self, many: int, stop: Callable[[], bool]) -> None:
        """Free so many buses and rebuild their days; what leaves more than before is not taken."""
        self.steps += 1
        free = self._freed(many)
        stay = tuple(day for i, day in enumerate(self.days) if i not in free)
        gone = tuple(day for i, day in enumerate(self.days) if i in free)
        rest = part(self.of, stay)
        bound = LowerBound(rest, self.aim)
        bound.learn(gone)
        bound.raise_at(self.aim, PRICED, stop)
        if bound.last is not None:
            bound.mixture.add(near_days(rest, bound.last, self.aim, LISTED))
        for day in gone:
            bound.mixture.add(BusDay(day.yard, day.trips[:k]) for k in range(1, len(day.trips)))
        made = choose(bound.mixture, self.aim, NODES, stop, self.weights)
        if self._worth(stay + made) <= self.worth_left + 1e-9:
            self.days = stay + made

    def _freed(self, many: int) -> set[int]:
        """Days to take apart: half of them near to what is left, the others by chance."""
        every = range(len(self.days))
        many = min(many, len(every))
        left = [p for p, loads in enumerate(left_by(self.of, self.days)) if loads]
        near = sorted(every, key=lambda i: self._detour(self.days[i], self.dice.choice(left))
                      * self.dice.uniform(0.3, 1.7))
        free = set(near[: many // 2])
        return free | set(self.dice.sample([i for i in every if i not in free], many - len(free)))

    def _detour(self, day: BusDay, p: int) -> int:
        """The minutes by which a day would be late with a load of a point more, or in place of one.
        """
        of, least = self.of, FAR_AWAY
        for i, (q, s) in enumerate(day.trips):
            to = of.out[day.yard] if i == 0 else of.back[day.trips[i - 1][1]]
            if to[p] == NO_WAY:
                continue
            more = int(to[p] - to[q])
            ways = [int(c + b) for c, b in zip(of.carry[p], of.back[:, q], strict=True)
                    if NO_WAY not in (c, b)]
            if ways:
                least = min(least, more + min(ways))
            if of.carry[p, s] != NO_WAY:
                least = min(least, more + int(of.carry[p, s] - of.carry[q, s]))
        return least + day.minutes(of) - self.aim
