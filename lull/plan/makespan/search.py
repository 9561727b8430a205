"""Days built one trip at a time, then annealed towards an aim; same seed, same days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.plan.makespan.anneal import FAR, Bools, Ground, State, anneal
from lull.plan.makespan.instance import NO_WAY, BusDay, Days, Evacuation, Ints

ALIKE, CLOSE = 12, 15
"""How many points count as alike to a point, and as close to a shelter."""

LONG = 10**6
"""Minutes of a way that is not there, where points are compared."""

Recipe = tuple[float, float, float, float]
"""How many times dearer a minute beyond the aim is than one of driving, at the beginning and at the
end, and at which heat a search begins and ends, in mean ways with a load."""

RECIPES: Sequence[Recipe] = (
    (8.0, 8.0, 0.55, 0.55), (3.0, 3.0, 0.5, 0.1), (8.0, 8.0, 0.6, 0.4), (3.0, 3.0, 0.3, 0.03),
    (2.0, 2.0, 0.3, 0.02))
"""Tried one after the other."""

FINE: Sequence[Recipe] = ((2.0, 16.0, 0.2, 0.03), (2.0, 2.0, 0.2, 0.03))
"""The same where ways take so many minutes that hardly two are alike: many cool searches, one after
the other, find more than few hot ones. At one price for a minute over the aim all that is over it
may gather in one bus; at a rising one days may stay longer than they need be. Cities of 12 and 15
buses took to the one, of 10 to the other."""

PIECES = 20
"""Pieces at most of which a search is made, each cooler than the one before."""

PIECE = 1_000_000
"""Moves of one piece at least."""


def _ground(of: Evacuation) -> Ground:
    out, carry, back = (np.where(a == NO_WAY, FAR, a).astype(np.int64)
                        for a in (of.out, of.carry, of.back))
    yard = np.repeat(np.arange(len(of.yards)), of.buses).astype(np.int64)
    ways = np.concatenate([np.minimum(carry, LONG), np.minimum(back.T, LONG)], axis=1)
    apart = np.abs(ways[:, None, :] - ways[None, :, :]).sum(axis=2)
    return Ground(out, carry, back, yard, np.array(of.places, dtype=np.int64),
                  _nearest(apart, ALIKE), _nearest(back, CLOSE))


def _nearest(apart: Ints, many: int) -> Bools:
    """Whether a column is among so many of the least of its row."""
    many = min(many, apart.shape[1])
    limit = np.partition(apart, many - 1, axis=1)[:, many - 1 : many]
    found: Bools = apart <= limit
    return found


@define(eq=False)
class Search:
    """Days of one case as they are improved; `shortest` is the longest day of the best so far."""

    of: Evacuation
    seed: int = 0
    moves: int = field(init=False, default=0)
    shortest: int = field(init=False)
    _ground: Ground = field(init=False)
    _now: State = field(init=False)
    _best: State = field(init=False)
    _dice: NDArray[np.uint64] = field(init=False)
    _way: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._ground = _ground(self.of)
        self._dice = np.array([(self.seed * 2 + 1) * 0x9E3779B97F4A7C15 % 2**64], dtype=np.uint64)
        ways = self.of.carry[self.of.carry >= 0]
        self._way = float(ways.mean()) if len(ways) else 1.0
        self._now = self._built()
        self._best = State(*(a.copy() for a in self._now))
        self.shortest = int(self._best.minutes.max())

    @property
    def found(self) -> bool:
        """Whether the best days drive on ways that are there."""
        return self.shortest < FAR

    def _built(self) -> State:
        """Each load in turn to where it ends first."""
        g, of = self._ground, self.of
        buses = len(g.yard)
        point = np.full((buses, of.total), -1, dtype=np.int64)
        shelter, many = point.copy(), np.zeros(buses, dtype=np.int64)
        minutes, used = many.copy(), np.zeros(len(of.places), dtype=np.int64)
        left = np.array(of.loads, dtype=np.int64)
        at = np.full(buses, -1)
        for _ in range(of.total):
            to = np.where(at[:, None] < 0, g.out[g.yard], g.back[at])
            ends = minutes[:, None, None] + to[:, :, None] + g.carry[None]
            ends[:, left == 0, :] = 4 * FAR * (of.total + 1)
            ends[:, :, used == g.places] = 4 * FAR * (of.total + 1)
            b, p, s = np.unravel_index(int(ends.argmin()), ends.shape)
            point[b, many[b]], shelter[b, many[b]] = p, s
            minutes[b], at[b] = ends[b, p, s], s
            many[b] += 1
            left[p] -= 1
            used[s] += 1
        return State(point, shelter, many, minutes, used)

    def improve(self, aim: int, moves: int, hot: float, cold: float, steep: float) -> None:
        """Anneal towards an aim from where the search stands; heats are in mean ways."""
        self.shortest = int(anneal(
            self._ground, self._now, self._best, aim, moves, hot * self._way, cold * self._way,
            steep, self._dice))
        self.moves += moves

    def cool(self, aim: int, moves: int, recipe: Recipe, stop: Callable[[], bool]) -> None:
        """Anneal by a recipe, in pieces between which one may stop."""
        steep, strict, hot, cold = recipe
        pieces = max(1, min(PIECES, moves // PIECE))
        for k in range(pieces):
            if stop():
                break
            self.improve(aim, moves // pieces, hot * (cold / hot) ** (k / pieces),
                         hot * (cold / hot) ** ((k + 1) / pieces),
                         steep * (strict / steep) ** (k / max(1, pieces - 1)))
            if self.shortest <= aim:
                break

    def take(self, days: Days) -> None:
        """Go on from days that bring out all loads."""
        left = list(days)
        for b, yard in enumerate(self._ground.yard.tolist()):
            day = next((d for d in left if d.yard == yard), BusDay(yard, ()))
            if day in left:
                left.remove(day)
            self._now.many[b], self._now.minutes[b] = len(day.trips), day.minutes(self.of)
            for i, (p, s) in enumerate(day.trips):
                self._now.point[b, i], self._now.shelter[b, i] = p, s
        came = Counter(s for day in days for _, s in day.trips)
        self._now.used[:] = [came[s] for s in range(len(self.of.shelters))]
        if self._now.minutes.max() < self.shortest:
            self.shortest = int(self._now.minutes.max())
            for mine, best in zip(self._now, self._best, strict=True):
                best[:] = mine

    def days(self) -> Days:
        """The best days; buses that stay at their yard are left out."""
        x = self._best
        return tuple(
            BusDay(int(yard), tuple((int(x.point[b, i]), int(x.shelter[b, i]))
                                    for i in range(x.many[b])))
            for b, yard in enumerate(self._ground.yard) if x.many[b]
        )

