"""Shortest ways from every place to every place, kept up to date when streets close or open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from lull.network.costs import EdgeCosts
from lull.network.snapping import NOWHERE, Snaps
from lull.network.streets import Bools, Floats, Ints, Streets

NO_WAY, ALONG, AGAINST, FROM_START, FROM_END = 0, 1, 2, 3, 4
"""How the last street is met: not at all; along or against it without leaving the street of the
departure; from its start; from its end."""

AT_JUNCTION_M = 1.0
"""A place this near the end of its street lies on the junction, and may leave by any street."""

CHUNK_ROWS = 64
KEEP_BYTES = 800_000_000
"""Distances from the places to all junctions are kept for reuse up to this size."""

_LEAST_S = 1e-9
"""Seconds of an empty piece of street: csgraph takes no edge of weight 0 for granted."""


@frozen(eq=False)
class Ends:
    """How places [p] may use the street on which they lie.

    `usable` are directed edges [2 s]. `open` and `approved` [p, 2] concern the piece from the
    street's start to the place (0), and from the place to its end (1).
    """

    usable: Bools
    open: Bools
    approved: Bools

    @classmethod
    def of(cls, costs: EdgeCosts, snaps: Snaps) -> Ends:
        """Both pieces open wherever the street is, and approved where it is."""
        street = np.maximum(snaps.street, 0)
        approved = np.repeat(costs.approved[2 * street][:, None], 2, axis=1)
        return cls(costs.usable, np.ones((len(snaps), 2), dtype=np.bool_), approved)


@frozen(eq=False)
class Legs:
    """Ways between p places [p, p], from row to column.

    `low`, `likely`, `high` are seconds, inf where there is no way: all of the way that is
    shortest by the likely seconds. `metres` is its length; `approved`, `mined` are its marks.
    """

    low: Floats
    likely: Floats
    high: Floats
    metres: Floats
    approved: Bools
    mined: Bools


class TravelEngine:
    """Many-to-many ways for one kind of traveller between snapped places.

    Dijkstra's algorithm (scipy.sparse.csgraph) runs once a place. Distances to all junctions
    are kept; `update` runs it again only for places whose ways a change can touch, and gives
    exactly what a new engine would give: distances are minima over sums of floats, which do
    not depend on the order of work, and the way is read off the distances, not off the run.
    `wanted` [p, p] says between which places ways are asked for (default: all). Without
    `keep` nothing is kept, and every call runs anew.
    """

    def __init__(
        self,
        streets: Streets,
        costs: EdgeCosts,
        snaps: Snaps,
        ends: Ends | None = None,
        wanted: Bools | None = None,
        *,
        keep: bool = True,
    ) -> None:
        p = len(snaps)
        self._streets = streets
        self._wanted = np.ones((p, p), dtype=np.bool_) if wanted is None else wanted
        starts, stops = streets.edge_from, streets.edge_to
        order = np.lexsort((np.arange(len(starts)), stops, starts))
        order = order[starts[order] != stops[order]]
        new = np.ones(len(order), dtype=np.bool_)
        new[1:] = (np.diff(starts[order]) != 0) | (np.diff(stops[order]) != 0)
        self._edges = order
        self._slot_first = np.flatnonzero(new)
        self._slot_of = np.cumsum(new) - 1
        self._slot_from = starts[order][new]
        self._slot_to = stops[order][new]
        self._set(costs, snaps, ends)
        self._keep = keep and p * streets.junctions * 8 <= KEEP_BYTES
        self._asked: Bools = np.asarray(self._wanted.any(axis=1), dtype=np.bool_)
        self._distance = np.full((p if self._keep else 0, streets.junctions), np.inf)
        self._rests_on = np.zeros(p, dtype=np.int64)
        self._seconds: dict[int, Floats] = {}
        self._rest_s, self._rest_node = np.empty((p, 2)), np.empty((p, 2), dtype=np.int64)
        self._rest_s.fill(np.inf)
        if self._keep:
            self._renew(np.flatnonzero(self._asked))

    def _set(self, costs: EdgeCosts, snaps: Snaps, ends: Ends | None) -> None:
        self._costs, self._snaps = costs, snaps
        self._ends = Ends.of(costs, snaps) if ends is None else ends
        seconds = np.where(costs.usable, costs.likely, np.inf)[self._edges]
        if not len(seconds):
            self._slot_s = np.empty(0)
            self._slot_edge = np.empty(0, dtype=np.int64)
        else:
            self._slot_s = np.minimum.reduceat(seconds, self._slot_first)
            best = seconds == self._slot_s[self._slot_of]
            position = np.where(best, np.arange(len(seconds)), len(seconds))
            self._slot_edge = self._edges[np.minimum.reduceat(position, self._slot_first)]
        self._piece_node, self._piece_s = self._departures()

    def _departures(self) -> tuple[Ints, Floats]:
        """Junctions [p, 2] that each place reaches first, and seconds: start, then end."""
        street, fraction = np.maximum(self._snaps.street, 0), self._snaps.fraction
        if not len(self._streets):
            return np.zeros((len(street), 2), np.int64), np.full((len(street), 2), np.inf)
        node = np.column_stack([self._streets.start[street], self._streets.end[street]])
        edge = np.column_stack([2 * street + 1, 2 * street])
        share = np.column_stack([fraction, 1.0 - fraction])
        seconds = np.maximum(share * self._costs.likely[edge], _LEAST_S)
        good = self._ends.usable[edge] | (self._ends.usable[edge ^ 1] & self._at_junction())
        good &= self._ends.open
        good &= (self._snaps.street != NOWHERE)[:, None]
        seconds = np.where(good, seconds, np.inf)
        # Both ends of a loop are one junction, and csr_array adds up what stands twice.
        loop = node[:, 0] == node[:, 1]
        seconds[loop & (seconds[:, 0] <= seconds[:, 1]), 1] = np.inf
        seconds[loop & (seconds[:, 0] > seconds[:, 1]), 0] = np.inf
        return node, seconds

    def _at_junction(self) -> Bools:
        """Whether a place lies at its street's start, or end [p, 2]: there one may turn."""
        street, fraction = np.maximum(self._snaps.street, 0), self._snaps.fraction
        metres = self._streets.length_m[street]
        return np.column_stack([fraction * metres, (1.0 - fraction) * metres]) < AT_JUNCTION_M

    def _run(self, places: Ints) -> Floats:
        """Seconds from places to all junctions [rows, n]."""
        n, count = self._streets.junctions, len(places)
        if not count or not n:
            return np.empty((count, n))
        good = np.isfinite(self._slot_s)
        piece = np.isfinite(self._piece_s[places])
        row, side = np.nonzero(piece)
        node = self._piece_node[places]
        graph = csr_array(
            (
                np.concatenate([self._slot_s[good], self._piece_s[places][row, side]]),
                (
                    np.concatenate([self._slot_from[good], n + row]),
                    np.concatenate([self._slot_to[good], node[row, side]]),
                ),
            ),
            shape=(n + count, n + count),
        )
        found = dijkstra(graph, directed=True, indices=np.arange(n, n + count))
        return np.ascontiguousarray(found[:, :n])

    def _renew(self, places: Ints) -> None:
        """Run again for places, and remember on which seconds that rests."""
        self._distance[places] = self._run(places)
        self._rests_on[places] = len(self._seconds)
        self._seconds[len(self._seconds)] = self._slot_s
        self._rest_s[places] = self._piece_s[places]
        self._rest_node[places] = self._piece_node[places]

    def update(self, costs: EdgeCosts, snaps: Snaps | None = None, ends: Ends | None = None) -> int:
        """Take new costs (and snaps of as many places); returns how many places ran again.

        A place runs again if the piece of street on which it departs changed; if a street on
        one of its ways to the others became slower; or if one became faster so that anything
        could be reached sooner. Each is judged by the seconds on which its distances rest, so
        that what is closed and opened again costs nothing.
        """
        self._set(costs, self._snaps if snaps is None else snaps, ends)
        if not self._keep:
            return int(self._asked.sum())
        moved = (self._piece_s != self._rest_s) | (self._piece_node != self._rest_node)
        stale = np.asarray(moved.any(axis=1) & self._asked, dtype=np.bool_)
        for version in np.unique(self._rests_on[self._asked]):
            rows = np.flatnonzero((self._rests_on == version) & ~stale & self._asked)
            base = self._seconds[int(version)]
            for chunk in np.array_split(rows, len(rows) // CHUNK_ROWS + 1):
                stale[chunk] = self._touched(chunk, base)
        again = np.flatnonzero(stale)
        if len(again):
            self._renew(again)
        in_use = set(self._rests_on.tolist())
        self._seconds = {k: v if k in in_use else v[:0] for k, v in self._seconds.items()}
        return len(again)

    def _touched(self, rows: Ints, base: Floats) -> Bools:
        """Which rows, exact for the slot seconds `base`, the present seconds may change."""
        faster = np.flatnonzero(self._slot_s < base)
        slower = self._slot_s > base
        distance = self._distance[rows]
        touched = np.zeros(len(rows), dtype=np.bool_)
        for part in np.array_split(faster, len(faster) // 4096 + 1):
            at_start, at_end = (distance[:, k[part]] for k in (self._slot_from, self._slot_to))
            touched |= (np.isfinite(at_start) & (at_start + self._slot_s[part] <= at_end)).any(1)
        if slower.any() and len(rows):
            touched |= (self._ways_used(rows, distance, base) & slower).any(axis=1)
        return touched

    def _ways_used(self, rows: Ints, distance: Floats, base: Floats) -> Bools:
        """Slots [rows, slots] on the ways to both ends of the streets of wanted places."""
        entry = self._entries(distance, rows, base)
        used = np.zeros((len(rows), len(self._slot_s)), dtype=np.bool_)
        row, place = np.nonzero(self._wanted[rows])
        row = np.repeat(row, 2)
        at = self._piece_node[place].ravel()
        while len(row):
            slot = entry[row, at]
            new = slot >= 0
            new[new] &= ~used[row[new], slot[new]]
            row, slot = row[new], slot[new]
            used[row, slot] = True
            at = self._slot_from[slot]
        return used

    def legs(self) -> Legs:
        """The ways between all wanted pairs of places."""
        p = len(self._snaps)
        low, likely, high, metres = np.full((4, p, p), np.inf)
        approved, mined = np.zeros((2, p, p), dtype=np.bool_)
        legs = Legs(low, likely, high, metres, approved, mined)
        for rows, distance in self._chunks():
            seconds, how = self._arrivals(rows, distance)
            seconds[~self._wanted[rows]] = np.inf
            self._measure(legs, rows, distance, seconds, how)
        return legs

    def _chunks(self) -> Iterator[tuple[Ints, Floats]]:
        asked = np.flatnonzero(self._asked)
        for first in range(0, len(asked), CHUNK_ROWS):
            rows = asked[first : first + CHUNK_ROWS]
            yield rows, self._distance[rows] if self._keep else self._run(rows)

    def _arrivals(self, rows: Ints, distance: Floats) -> tuple[Floats, NDArray[np.int8]]:
        """Least seconds from places `rows` to all places, and how the last street is met."""
        snaps, costs, ends = self._snaps, self._costs, self._ends
        count = len(snaps)
        if not len(self._streets):
            return np.full((len(rows), count), np.inf), np.zeros((len(rows), count), np.int8)
        street, f = np.maximum(snaps.street, 0), snaps.fraction
        real = snaps.street != NOWHERE
        usable, edge = ends.usable, np.stack([2 * street, 2 * street + 1])
        along, against = np.where(usable[edge] & real, costs.likely[edge], np.inf)
        turns = usable[edge ^ 1] & self._at_junction().T
        reach = np.where((usable[edge] | turns) & real & ends.open.T, costs.likely[edge], np.inf)
        last = _times(np.stack([f, 1.0 - f]), reach)
        same = (street[rows][:, None] == street[None, :]) & real[rows][:, None] & real[None, :]
        gap = f[None, :] - f[rows][:, None]
        ahead = same & (gap >= 0) & (ends.open[rows][:, 1][:, None] | ends.open[None, :, 0])
        behind = same & (gap <= 0) & (ends.open[rows][:, 0][:, None] | ends.open[None, :, 1])
        choices = np.stack(
            [
                np.full(same.shape, np.inf),
                np.where(ahead, _times(np.maximum(gap, 0), along[None, :]), np.inf),
                np.where(behind, _times(np.maximum(-gap, 0), against[None, :]), np.inf),
                distance[:, self._streets.start[street]] + last[0],
                distance[:, self._streets.end[street]] + last[1],
            ]
        )
        how = choices.argmin(axis=0).astype(np.int8)
        seconds = choices.min(axis=0)
        itself = (rows[:, None] == np.arange(count)[None, :]) & real[None, :]
        seconds[itself], how[itself] = 0.0, ALONG
        return seconds, how

    def _entries(self, distance: Floats, rows: Ints, slot_s: Floats) -> Ints:
        """Slot by which each junction is entered [rows, n]; -1: from the place, or never.

        Of several that are equally short the first; so the way does not depend on the run.
        """
        good = np.flatnonzero(np.isfinite(slot_s))
        starts, stops, seconds = self._slot_from[good], self._slot_to[good], slot_s[good]
        entry = np.full(distance.shape, -1, dtype=np.int64)
        for k, row in enumerate(rows):
            sums = distance[k, starts] + seconds
            tight = np.flatnonzero((sums == distance[k, stops]) & np.isfinite(sums))[::-1]
            entry[k, stops[tight]] = good[tight]
            own = self._piece_node[row][self._piece_s[row] == distance[k, self._piece_node[row]]]
            entry[k, own] = -1
        return entry

    def _measure(
        self, legs: Legs, rows: Ints, distance: Floats, seconds: Floats, how: NDArray[np.int8]
    ) -> None:
        """Follow each way back from its end and write its sums and marks into `legs`."""
        here, there = np.nonzero(np.isfinite(seconds))
        kind, start = how[here, there], rows[here]
        total = _Total(self._costs, self._streets, len(here))
        snaps, ends = self._snaps, self._ends
        street = np.maximum(snaps.street, 0)[there]
        f_end, f_start = snaps.fraction[there], snaps.fraction[start]
        same = (kind == ALONG) | (kind == AGAINST)
        backward = (kind == AGAINST) | (kind == FROM_END)
        share = np.where(kind == FROM_START, f_end, 1.0 - f_end)
        share = np.where(same, np.abs(f_end - f_start), share)
        side = backward.astype(np.int64)
        approved = ends.approved[there, side] | (same & ends.approved[start, 1 - side])
        total.add(np.arange(len(here)), 2 * street + side, share, approved)
        at = np.where(
            same,
            NOWHERE,
            np.where(kind == FROM_START, self._streets.start[street], self._streets.end[street]),
        )
        entry = self._entries(distance, rows, self._slot_s)
        walking = np.flatnonzero(~same)
        while len(walking):
            slot = entry[here[walking], at[walking]]
            arrived = slot < 0
            self._add_departure(total, walking[arrived], start, at)
            walking, slot = walking[~arrived], slot[~arrived]
            edge = self._slot_edge[slot]
            total.add(walking, edge, 1.0, self._costs.approved[edge])
            at[walking] = self._slot_from[slot]
        place = (start, there)
        legs.likely[place] = seconds[here, there]
        legs.low[place] = np.minimum(total.low, legs.likely[place])
        legs.high[place] = np.maximum(total.high, legs.likely[place])
        legs.metres[place] = total.metres
        legs.approved[place] = total.approved
        legs.mined[place] = total.mined

    def _add_departure(self, total: _Total, ways: Ints, start: Ints, at: Ints) -> None:
        """Add the piece of street between a place and the first junction of its ways."""
        place = start[ways]
        side = self._side_of_departure(place, at[ways])
        share = np.where(side == 1, 1.0 - self._snaps.fraction[place], self._snaps.fraction[place])
        edge = 2 * self._snaps.street[place] + (side == 0)
        total.add(ways, edge, share, self._ends.approved[place, side])

    def _side_of_departure(self, place: Ints, junction: Ints) -> Ints:
        """Whether a place leaves by its street's start (0) or end (1) to reach a junction."""
        seconds = np.where(
            self._piece_node[place] == junction[:, None], self._piece_s[place], np.inf
        )
        return np.asarray(seconds.argmin(axis=1), dtype=np.int64)

    @property
    def snaps(self) -> Snaps:
        """The places as they meet the streets."""
        return self._snaps

    @property
    def costs(self) -> EdgeCosts:
        """The costs in force."""
        return self._costs

    def trace(self, start: int, end: int) -> list[tuple[int, float, float]]:
        """The way from one place to another as (edge, from share, to share), in order.

        Shares run along the directed edge, 0 to 1. Empty where there is no way.
        """
        rows = np.array([start])
        kept = self._keep and bool(self._asked[start])
        distance = self._distance[rows] if kept else self._run(rows)
        seconds, how = self._arrivals(rows, distance)
        kind = int(how[0, end])
        if not np.isfinite(seconds[0, end]) or kind == NO_WAY:
            return []
        street, f = int(self._snaps.street[end]), float(self._snaps.fraction[end])
        f_start = float(self._snaps.fraction[start])
        if kind == ALONG:
            return [(2 * street, f_start, f)]
        if kind == AGAINST:
            return [(2 * street + 1, 1.0 - f_start, 1.0 - f)]
        way = [(2 * street, 0.0, f) if kind == FROM_START else (2 * street + 1, 0.0, 1.0 - f)]
        at = int((self._streets.start if kind == FROM_START else self._streets.end)[street])
        entry = self._entries(distance, rows, self._slot_s)[0]
        while entry[at] >= 0:
            way.append((int(self._slot_edge[entry[at]]), 0.0, 1.0))
            at = int(self._slot_from[entry[at]])
        side = int(self._side_of_departure(rows, np.array([at]))[0])
        first = 2 * int(self._snaps.street[start]) + (side == 0)
        way.append((first, f_start if side == 1 else 1.0 - f_start, 1.0))
        return way[::-1]


class _Total:
    """Running sums and marks of many ways at once."""

    def __init__(self, costs: EdgeCosts, streets: Streets, count: int) -> None:
        self._costs, self._metres = costs, streets.length_m
        self.low, self.high, self.metres = np.zeros(count), np.zeros(count), np.zeros(count)
        self.approved = np.ones(count, dtype=np.bool_)
        self.mined = np.zeros(count, dtype=np.bool_)

    def add(self, ways: Ints, edge: Ints, share: Floats | float, approved: Bools) -> None:
        """Add a share of an edge to each of the ways (each named once)."""
        self.low[ways] += share * self._costs.low[edge]
        self.high[ways] += share * self._costs.high[edge]
        self.metres[ways] += share * self._metres[edge >> 1]
        self.approved[ways] &= approved
        self.mined[ways] |= self._costs.mined[edge]


def _times(share: Floats, seconds: Floats) -> Floats:
    """Share of the seconds; inf where there is no way, even for a share of 0."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.isfinite(seconds), share * seconds, np.inf), np.float64)
