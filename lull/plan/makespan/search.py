"""Days built one trip at a time, then annealed towards an aim; the same seed gives the same days."""

from __future__ import annotations

import numpy as np
from attrs import define, field

from lull.plan.makespan.anneal import FAR, Ground, State, anneal
from lull.plan.makespan.instance import NO_WAY, BusDay, Days, Evacuation, Ints

STEEP = 8.0
"""How many times dearer a minute beyond the aim is than a minute of driving."""


def _ground(of: Evacuation) -> Ground:
    out, carry, back = (np.where(a == NO_WAY, FAR, a).astype(np.int64)
                        for a in (of.out, of.carry, of.back))
    yard = np.repeat(np.arange(len(of.yards)), of.buses).astype(np.int64)
    return Ground(out, carry, back, yard, np.array(of.places, dtype=np.int64))


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
    _dice: np.ndarray = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._ground = _ground(self.of)
        self._dice = np.array([(self.seed * 2 + 1) * 0x9E3779B97F4A7C15 % 2**64], dtype=np.uint64)
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

    def improve(self, aim: int, moves: int, hot: float, cold: float, *, anew: bool = False) -> None:
        """Anneal towards an aim from where the search stands, or from the best."""
        if anew:
            for mine, best in zip(self._now, self._best, strict=True):
                mine[:] = best
        self.shortest = int(anneal(
            self._ground, self._now, self._best, aim, moves, hot, cold, STEEP, self._dice))
        self.moves += moves

    def days(self) -> Days:
        """The best days; buses that stay at their yard are left out."""
        x = self._best
        return tuple(
            BusDay(int(yard), tuple((int(x.point[b, i]), int(x.shelter[b, i]))
                                    for i in range(x.many[b])))
            for b, yard in enumerate(self._ground.yard) if x.many[b]
        )


def minutes_of(days: Days, of: Evacuation) -> Ints:
    """Minutes of each day."""
    return np.array([day.minutes(of) for day in days], dtype=np.int64)
