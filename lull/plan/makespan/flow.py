"""Within so many minutes: whole buses as a flow over places and minutes, solved by HiGHS.

Buses of one yard are alike, so a whole flow from the yards falls apart into bus days. A node is a
point or a shelter at a minute; arcs are the ways, those with a load count at their point and their
shelter. Nothing waits, as nothing is gained by it: there are no hours and no queues here. Only
nodes that can be reached and from which a load can still be set down in time are built (time-
expanded networks: Ford & Fulkerson 1958, doi:10.1287/opre.6.3.419).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import highspy
import numpy as np
from attrs import define, field
from scipy import sparse

from lull.plan.makespan.instance import BusDay, Days, Evacuation, Ints
from lull.plan.makespan.integer import NEAR, Solved, least_left

OUT, CARRY, BACK = 0, 1, 2
Arc = tuple[int, int, int, int]
"""What kind, from where, to where, and at which minute it starts."""

LARGEST = 60_000
"""Arcs up to which a network is worth building."""


def arcs_at_most(of: Evacuation, minutes: int) -> int:
    """No fewer arcs than the network of so many minutes has."""
    return 2 * len(of.points) * len(of.shelters) * (minutes + 1)


@define(eq=False)
class Network:
    """The flow of buses of one case within so many minutes."""

    of: Evacuation
    minutes: int
    arcs: list[Arc] = field(init=False, factory=list)
    _rows: dict[tuple[str, int, int], int] = field(init=False, factory=dict)
    _entries: list[tuple[int, int, float]] = field(init=False, factory=list)
    _most: list[float] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        at_point, at_shelter = self._reached()
        last = self._last()
        of = self.of
        for y, many in enumerate(of.buses):
            for p in range(len(of.points)):
                if many and 0 <= of.out[y, p] <= last[p]:
                    self._add((OUT, y, p, 0), [(("bus", y, 0), 1),
                                               (("point", p, int(of.out[y, p])), 1)], many)
        for p, s, t in _where(at_point, of.carry):
            end = t + int(of.carry[p, s])
            if end <= self.minutes:
                self._add((CARRY, p, s, t), [
                    (("point", p, t), -1), (("shelter", s, end), 1),
                    (("loads", p, 0), 1), (("places", s, 0), 1)], of.places[s])
        for s, p, t in _where(at_shelter, of.back):
            end = t + int(of.back[s, p])
            if end <= last[p]:
                self._add((BACK, s, p, t),
                          [(("shelter", s, t), -1), (("point", p, end), 1)], of.places[s])

    def _add(self, arc: Arc, entries: list[tuple[tuple[str, int, int], float]], most: int) -> None:
        for name, value in entries:
            row = self._rows.setdefault(name, len(self._rows))
            self._entries.append((row, len(self.arcs), value))
        self.arcs.append(arc)
        to = arc[1] if arc[0] == CARRY else arc[2]
        self._most.append(float(min(most, self.of.loads[to])))

    def _last(self) -> list[int]:
        """The last minute at which a load can leave each point in time; -1 if none can."""
        return [max((self.minutes - int(m) for m in row if m >= 0), default=-1)
                for row in self.of.carry]

    def _reached(self) -> tuple[Ints, Ints]:
        """Minutes at which a bus can be at each point and at each shelter, as 0 or 1."""
        of, last, end = self.of, self._last(), self.minutes + 1
        point = np.zeros((len(of.points), end), dtype=np.int64)
        shelter = np.zeros((len(of.shelters), end), dtype=np.int64)
        for y, many in enumerate(of.buses):
            for p in range(len(of.points)):
                if many and of.loads[p] and 0 <= of.out[y, p] <= last[p]:
                    point[p, of.out[y, p]] = 1
        for t in range(end):
            for s in range(len(of.shelters)):
                from_ = t - of.carry[:, s]
                ok = (of.carry[:, s] >= 0) & (from_ >= 0)
                shelter[s, t] = point[ok, from_[ok]].any()
            for p in range(len(of.points)):
                from_ = t - of.back[:, p]
                ok = (of.back[:, p] >= 0) & (from_ >= 0)
                if of.loads[p] and t <= last[p] and shelter[ok, from_[ok]].any():
                    point[p, t] = 1
        return point, shelter

    def program(self) -> highspy.HighsLp:
        """Minimise the loads that are left."""
        of, inf = self.of, highspy.kHighsInf
        for p in range(len(of.points)):
            self._rows.setdefault(("loads", p, 0), len(self._rows))
        high, wide = len(self._rows), len(self.arcs) + len(of.points)
        row, column, value = (list(x) for x in zip(*self._entries, strict=True)) if \
            self._entries else ([], [], [])
        low, most = np.zeros(high), np.zeros(high)
        for (kind, a, _), i in self._rows.items():
            if kind == "shelter":
                most[i] = inf
            elif kind == "loads":
                low[i] = most[i] = of.loads[a]
                row.append(i)
                column.append(len(self.arcs) + a)
                value.append(1.0)
            elif kind in ("bus", "places"):
                low[i], most[i] = -inf, (of.buses if kind == "bus" else of.places)[a]
        matrix = sparse.csc_matrix((value, (row, column)), shape=(high, wide))
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = high, wide
        lp.col_cost_ = np.concatenate([np.zeros(len(self.arcs)), np.ones(len(of.points))])
        lp.col_lower_ = np.zeros(wide)
        lp.col_upper_ = np.array([*self._most, *(float(x) for x in of.loads)])
        lp.row_lower_, lp.row_upper_ = low, most
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
            matrix.indptr, matrix.indices, matrix.data)
        return lp

    def days(self, point: Ints) -> Days:
        """A whole flow as bus days."""
        ways: dict[tuple[str, int, int], list[Arc]] = defaultdict(list)
        for arc, many in zip(self.arcs, point.tolist(), strict=False):
            kind, a, _, t = arc
            place = ("yard", "point", "shelter")[kind]
            ways[place, a, t] += [arc] * many
        found = []
        for yard in range(len(self.of.yards)):
            for _, _, p, _ in ways["yard", yard, 0]:
                found.append(BusDay(yard, self._trips(ways, p, int(self.of.out[yard, p]))))
        return tuple(found)

    def _trips(
        self, ways: dict[tuple[str, int, int], list[Arc]], p: int, t: int
    ) -> tuple[tuple[int, int], ...]:
        trips = []
        while True:
            _, _, s, _ = ways["point", p, t].pop()
            trips.append((p, s))
            t += int(self.of.carry[p, s])
            on = ways["shelter", s, t]
            if not on:
                return tuple(trips)
            _, _, p, _ = on.pop()
            t += int(self.of.back[s, p])


def _where(reached: Ints, ways: Ints) -> list[tuple[int, int, int]]:
    """From, to and minute of each way that can be begun."""
    return [(a, b, t) for a, t in np.argwhere(reached).tolist()
            for b in np.flatnonzero(ways[a] >= 0).tolist()]


def days_within(of: Evacuation, minutes: int, stop: Callable[[], bool]) -> Days | bool | None:
    """Days that bring out all loads within so many minutes; False: there are none; None: stopped.
    """
    network = Network(of, minutes)
    solved: Solved = least_left(network.program(), stop, all_or_nothing=True)
    if solved.point is not None and solved.left < NEAR:
        return network.days(solved.point)
    return False if solved.least > NEAR else None
