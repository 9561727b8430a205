"""Days within an aim, some of them at a time taken apart and put together by an integer programme.

The state is a set of days that all keep within the aim, and the loads that they leave. A step frees
a few buses with all that they carried and all that is left, generates days for them, and lets an
integer programme choose the days that leave least (large neighbourhood search: Shaw 1998,
doi:10.1007/3-540-49481-2_30). It ends when nothing is left.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import highspy
import numpy as np
from attrs import define, evolve, field

from lull.domain.refusal import Refusal
from lull.plan.makespan.instance import BusDay, Days, Evacuation
from lull.plan.makespan.itineraries import LowerBound, Mixture
from lull.plan.makespan.prices import UNIT, Pass, Prices

SHAKEN = 0.03
"""Share by which prices are shaken to find days beside the dearest ones."""


def cut(of: Evacuation, days: Days, aim: int) -> Days:
    """The days without the trips that end after the aim."""
    found = []
    for day in days:
        trips = day.trips
        while trips and BusDay(day.yard, trips).minutes(of) > aim:
            trips = trips[:-1]
        found.append(BusDay(day.yard, trips))
    return tuple(day for day in found if day.trips)


def left_by(of: Evacuation, days: Days) -> list[int]:
    """Loads of each point that no day takes."""
    taken = Counter(p for day in days for p, _ in day.trips)
    return [loads - taken[p] for p, loads in enumerate(of.loads)]


def part(of: Evacuation, days: Days) -> Evacuation:
    """What is left to do beside some days that stay as they are; nothing is renumbered."""
    came = Counter(s for day in days for _, s in day.trips)
    busy = Counter(day.yard for day in days)
    return evolve(
        of,
        buses=tuple(many - busy[y] for y, many in enumerate(of.buses)),
        loads=tuple(left_by(of, days)),
        places=tuple(many - came[s] for s, many in enumerate(of.places)),
    )


def choose(mixture: Mixture, aim: int, nodes: int) -> Days:
    """The days among those found that leave fewest loads, none twice over, by integer programme."""
    mixture.within(aim)
    program = mixture.program()
    program.integrality_ = [highspy.HighsVarType.kInteger] * program.num_col_
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("mip_max_nodes", nodes),
                        ("mip_abs_gap", 0.99), ("mip_max_leaves", nodes)):
        highs.setOptionValue(name, value)
    highs.passModel(program)
    highs.run()
    point = highs.getSolution().col_value
    if not point:
        return ()
    used = np.rint(np.asarray(point))[len(mixture.of.loads):].astype(int)
    chosen = [mixture.days[i] for i in np.flatnonzero(used) for _ in range(used[i])]
    return stripped(mixture.of, tuple(chosen), aim)


def stripped(of: Evacuation, days: Days, aim: int) -> Days:
    """The days without the trips that fetch a load already fetched; what breaks is cut off."""
    kept = list(days)
    over = [-many for many in left_by(of, days)]
    for p in range(len(of.points)):
        while over[p] > 0:
            best: tuple[int, int, BusDay] | None = None
            for b, day in enumerate(kept):
                for i, (q, _) in enumerate(day.trips):
                    if q != p:
                        continue
                    less = BusDay(day.yard, day.trips[:i] + day.trips[i + 1 :])
                    try:
                        gain = day.minutes(of) - less.minutes(of)
                    except Refusal:
                        continue
                    if less.minutes(of) <= aim and (best is None or gain > best[0]):
                        best = (gain, b, less)
            if best is None:
                b, i = next((b, i) for b, day in enumerate(kept)
                            for i, (q, _) in enumerate(day.trips) if q == p)
                gone = kept[b].trips[i:]
                kept[b] = BusDay(kept[b].yard, kept[b].trips[:i])
                for q, _ in gone:
                    over[q] -= 1
                continue
            kept[best[1]] = best[2]
            over[p] -= 1
    return tuple(day for day in kept if day.trips)


@define(eq=False)
class Rebuild:
    """Days within an aim and what they leave; `step` frees some buses and rebuilds their days."""

    of: Evacuation
    aim: int
    days: Days
    dice: random.Random
    prices: Prices
    nodes: int = 300
    steps: int = field(init=False, default=0)

    def __attrs_post_init__(self) -> None:
        self.days = cut(self.of, self.days, self.aim)

    @property
    def left(self) -> int:
        """Loads that are left."""
        return sum(left_by(self.of, self.days))

    def step(self, many: int, stop: Callable[[], bool]) -> None:
        """Free so many buses and rebuild their days; what leaves more than before is not taken."""
        self.steps += 1
        free = self._freed(many)
        stay = tuple(day for i, day in enumerate(self.days) if i not in free)
        rest = part(self.of, stay)
        bound = LowerBound(rest, self.aim)
        bound.learn(tuple(self.days[i] for i in free))
        self._shake(bound, self.prices, 4)
        bound.raise_at(self.aim, 25, stop)
        self._shake(bound, bound.last or self.prices, 6)
        for day in list(bound.mixture.days):
            if len(day.trips) > 1:
                bound.mixture.add([BusDay(day.yard, day.trips[:-1])])
        made = choose(bound.mixture, self.aim, self.nodes)
        if sum(left_by(self.of, stay + made)) <= self.left:
            self.days = stay + made

    def _freed(self, many: int) -> list[int]:
        """Days to take apart: by chance, those that lie near each other sooner."""
        many = min(many, len(self.days))
        return self.dice.sample(range(len(self.days)), many)

    def _shake(self, bound: LowerBound, prices: Prices, times: int) -> None:
        of = bound.of
        for _ in range(times):
            p, s = (np.array([x * self.dice.uniform(1 - SHAKEN, 1 + SHAKEN) for x in a / UNIT])
                    for a in (prices.loads, prices.places))
            p[np.array(of.loads) == 0] = 0.0
            bound.mixture.add(bound.dearest(Pass(of, Prices.of(p, s), self.aim), self.aim))
