"""One type's dearest days at one set of prices: their worth, where they begin, their steps."""

from __future__ import annotations

import numpy as np
from attrs import define, frozen

from lull.plan.proof import day, dayworks
from lull.plan.proof.day import Clock, Ints, Table, Values
from lull.plan.proof.grid import Grid
from lull.plan.proof.ways import Ways

Step = tuple[int, int, int, int, int]
LASTING = (
    "in_minutes", "in_site", "in_out", "stop_minutes", "out_site", "out_minutes", "out_down",
    "down_minutes", "place_in", "place_store", "store_minutes", "store_in",
)


@frozen(eq=False)
class Start:
    """Where a day is followed from: steps already made, then a place or a stop at a minute.

    `aid` is what is on board then; `gate` the entry of one that was laden before the grid.
    """

    value: float
    place: int
    stop: int
    minute: int
    made: tuple[Step, ...] = ()
    aid: int = 0
    gate: int = -1


def clock_of(grid: Grid, ways: Ways, table: Table, load_by: Ints) -> Clock:
    """The clock of one type: what lies after the grid is free unless it must be back by then."""
    ends = ways.ends_by(grid)
    if ends is not None and ends >= grid.length - 1:
        ends = None
    longest = [int(getattr(table, n).max()) for n in LASTING if getattr(table, n).size]
    quick = [int(a.min()) for a in (table.down_minutes, table.out_minutes) if a.size]
    return Clock(
        grid.length, 4 * max(longest, default=0) + 2, grid.length - 1 if ends is None else ends,
        ends is None, min(quick, default=1) == 0, grid.window, grid.limit, grid.slot, load_by)


@define(eq=False)
class Solved:
    """The best values from each minute on, at one set of prices."""

    ways: Ways
    grid: Grid
    clock: Clock
    table: Table
    values: Values

    @classmethod
    def at(cls, ways: Ways, grid: Grid, table: Table, load_by: Ints) -> Solved:
        """Solve one type's day with prices filled in."""
        clock = clock_of(grid, ways, table, load_by)
        return cls(ways, grid, clock, table, day.solve(clock, table))

    def starts(self) -> list[Start]:
        """The best start, then the best one for each stop that may come first."""
        begin = self.ways.starts_from(self.grid)
        if begin > self.clock.last:
            return []
        if self.ways.starts_inside:
            return self._from_inside(begin)
        base = len(self.ways.places) - 1
        best = Start(float(self.values.place[base, begin]), base, -1, begin)
        if self.ways.starts_before(self.grid):
            best = self._laden(best)
        aids = range(len(self.ways.stores) + 1)
        firsts = [s for aid in aids for s in self._firsts(begin, aid)]
        return [best, *sorted(firsts, key=lambda s: -s.value)]

    def _laden(self, best: Start) -> Start:
        """Aid may have been loaded before the grid begins, free of hours and bays."""
        value = self.values.in_from
        for aid in range(1, value.shape[0]):
            for e in range(value.shape[1]):
                if value[aid, e, 0] > best.value:
                    best = Start(float(value[aid, e, 0]), -1, -1, 0, (), aid, e)
        if best.gate < 0:
            return best
        at = np.full(value.shape[1], -1, dtype=np.int64)
        at[best.gate] = 0
        worth, how = dayworks.first_stops(self.clock, self.table, self.values, at, best.aid)
        j = int(np.argmax(worth))
        if how[j, 0] < 0:
            return Start(best.value, -1, -1, 0)
        return self._after(best.value, best.aid, j, how, ())

    def _after(
        self, value: float, aid: int, stop: int, how: Ints, made: tuple[Step, ...]
    ) -> Start:
        e, start, check = how[stop].tolist()
        to = check + int(self.table.in_minutes[e]) + int(self.table.in_site[e, stop])
        return Start(value, -1, stop, to, (*made, (dayworks.IN, aid, e, start, check)), aid, e)

    def _firsts(self, begin: int, aid: int) -> list[Start]:
        table, base = self.table, -1
        made: tuple[Step, ...] = ()
        ways = table.place_in[base]
        if aid:
            to = int(table.place_store[base, aid - 1])
            free = np.flatnonzero(table.store_bay[aid - 1, begin + to :] < day.TOP)
            if to < 0 or not len(free):
                return []
            begin += to + int(free[0])
            made = ((dayworks.STORE, aid - 1, 0, begin, begin),)
            begin += int(table.store_minutes[aid - 1])
            ways = table.store_in[aid - 1]
        at = np.where(ways < 0, -1, begin + ways).astype(np.int64)
        value, how = dayworks.first_stops(self.clock, table, self.values, at, aid)
        return [self._after(float(value[j]), aid, j, how, made)
                for j in np.flatnonzero(value > 1e-9).tolist()]

    def _from_inside(self, begin: int) -> list[Start]:
        """Days of a vehicle whose base lies inside: it leaves it in a window."""
        window, found = self.grid.window, []
        for names, values in ((self.ways.sites, self.values.stop),
                              ([g.first for g in self.ways.exits], self.values.out_from[-1])):
            to = self.ways.least([self.ways.kind.base], names)[0]
            for j in range(len(names)):
                for t in range(begin, self.grid.length):
                    at = t + int(to[j])
                    if to[j] < 0 or at >= self.grid.length or window[t] < 0 \
                            or window[t] != window[at]:
                        continue
                    stop = j if names is self.ways.sites else -1
                    found.append(Start(float(values[j, at]), -1, stop, at))
        found.sort(key=lambda s: -s.value)
        return found[:1]

    def steps(self, start: Start) -> list[Step]:
        """The steps of a day: (what, which, how, when, check begins)."""
        if start.place < 0 and start.stop < 0:
            return []
        walked = dayworks.walk(self.clock, self.table, self.values, start.place, start.stop,
                               start.minute, start.aid)
        return [*start.made, *(tuple(row) for row in walked.tolist())]
