"""Days that the bound mixes are held, some at a time, and the other buses searched anew.

A search among all days is caught where one bus is far over the aim and none other can take its
loads; the bound knows which days go together. So days are drawn from its mixture, one after the
other, each held when the next mixture is worked out, until a third of the buses or so have their
day; what is left is a smaller case for the search (diving: Sadykov et al. 2019,
doi:10.1287/ijoc.2018.0822). What comes near the aim is searched once more as a whole.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from attrs import define, field

from lull.plan.makespan.instance import BusDay, Days, Evacuation, left_by, makespan, part
from lull.plan.makespan.itineraries import ENOUGH, Mixture
from lull.plan.makespan.search import FINE, Recipe, Search

LEFT = 0.35
"""Loads left by the mixture beside the days held, from which on other days are drawn instead."""

MOVES, AGAIN = 15_000_000, 60_000_000
"""Moves of the search for the other buses, and of the one for all."""

WHOLE: Recipe = (4.0, 16.0, 0.08, 0.03)
"""How all buses are searched once more: cool enough to keep most of what there is."""

NEAR = 100
"""What is over the aim by no more than one part in so many is worth that."""


@define(eq=False)
class Dive:
    """Dives towards an aim, from a mixture of days within it."""

    of: Evacuation
    mixture: Mixture
    dice: random.Random
    dives: int = field(init=False, default=0)

    def once(self, aim: int, stop: Callable[[], bool]) -> Days | None:
        """Days that bring everyone out, the shortest of one dive; None where it held days that
        leave loads behind, or was stopped."""
        self.dives += 1
        buses = sum(self.of.buses)
        self.mixture.within(aim)
        held = self._held(self.dice.randint(max(1, buses // 3), max(1, buses // 2)))
        rest = part(self.of, held)
        if stop() or sum(rest.buses) == 0:
            return None
        search = Search(rest, self.dice.randrange(2**32))
        search.cool(aim, MOVES, FINE[0], stop)
        days = (*held, *search.days())
        if not search.found or any(left_by(self.of, days)):
            return None
        if aim < search.shortest <= aim + aim // NEAR:
            whole = Search(self.of, self.dice.randrange(2**32))
            whole.take(days)
            whole.cool(aim, AGAIN, WHOLE, stop)
            if whole.shortest < makespan(self.of, days):
                days = whole.days()
        return days

    def _held(self, many: int) -> Days:
        """Days drawn one after the other, as often as the mixture beside those held uses them."""
        held: list[BusDay] = []
        at: list[int] = []
        while len(held) < many:
            left, _, _, used = self.mixture.solve()
            if left > LEFT:
                break
            rest = part(self.of, tuple(held))
            there = [i for i, x in enumerate(used) if x > ENOUGH and i not in at
                     and _fits(rest, self.mixture.days[i])]
            if not there:
                break
            (i,) = self.dice.choices(
                there, [used[i] / self.of.buses[self.mixture.days[i].yard] for i in there])
            held.append(self.mixture.days[i])
            at.append(i)
            self.mixture.hold(i, 1)
        for i in at:
            self.mixture.hold(i, 0)
        return tuple(held)


def _fits(rest: Evacuation, day: BusDay) -> bool:
    """Whether there is still a bus, and loads and places, for a day."""
    points, shelters = [p for p, _ in day.trips], [s for _, s in day.trips]
    return (rest.buses[day.yard] > 0
            and all(points.count(p) <= rest.loads[p] for p in points)
            and all(shelters.count(s) <= rest.places[s] for s in shelters))
