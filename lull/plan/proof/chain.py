"""Rounds that follow one another: where a vehicle turns, and which round it can begin from there.

For each type there is a node for every gate (or store) and minute at which a round in the pool
begins, and one where rounds end; ends from which the same beginnings are reached are one node.
Vehicles wait from node to node of one gate, and drive from where a round ended to the nearest
gates. What is mixed in this way is a mix of whole days.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence

from attrs import define, field

from lull.plan.proof.pricing import Pricer
from lull.plan.proof.rounds import Harbour, Round
from lull.plan.proof.ways import Ways

NEAREST = 4
"""Gates to which a vehicle may drive on from where a round ended; others cost too much time."""

Node = tuple[str, Harbour, int]
Entries = tuple[list[int], list[int], list[float]]


@define(eq=False)
class Chain:
    """Rows and columns that chain the rounds of a pool; `limits` are the rows' limits.

    `ours` are entries in the rounds' columns, `arcs` in columns of their own.
    """

    limits: list[float] = field(factory=list)
    ours: Entries = field(factory=lambda: ([], [], []))
    arcs: Entries = field(factory=lambda: ([], [], []))
    many: int = 0
    _begins: dict[Node, int] = field(factory=dict)
    _times: dict[tuple[str, Harbour], list[int]] = field(factory=dict)
    _ends: dict[tuple[str, tuple[int, ...]], int] = field(factory=dict)

    @classmethod
    def of(cls, rounds: Sequence[Round], pricers: Mapping[str, Pricer]) -> Chain:
        """Chain all rounds of a pool."""
        made = cls()
        times: dict[tuple[str, Harbour], set[int]] = defaultdict(set)
        for one in rounds:
            times[one.kind, one.harbour].add(one.start)
        made._times = {key: sorted(found) for key, found in times.items()}
        made._waits()
        ends: dict[tuple[str, int, int], int] = {}
        for column, one in enumerate(rounds):
            made._put(made.ours, made._begins[one.kind, one.harbour, one.start], column, 1.0)
            end = (one.kind, one.place, one.free)
            if one.place >= 0:
                if end not in ends:
                    ends[end] = made._end(pricers[one.kind], end)
                made._put(made.ours, ends[end], column, -1.0)
        for kind, pricer in pricers.items():
            made._from_base(kind, pricer)
        return made

    def _row(self, limit: float) -> int:
        self.limits.append(limit)
        return len(self.limits) - 1

    def _put(self, entries: Entries, row: int, column: int, value: float) -> None:
        entries[0].append(row)
        entries[1].append(column)
        entries[2].append(value)

    def _arc(self, start: int, end: int) -> None:
        self._put(self.arcs, start, self.many, 1.0)
        self._put(self.arcs, end, self.many, -1.0)
        self.many += 1

    def _waits(self) -> None:
        for (kind, harbour), times in self._times.items():
            before = -1
            for time in times:
                row = self._row(0.0)
                self._begins[kind, harbour, time] = row
                if before >= 0:
                    self._arc(before, row)
                before = row

    def _end(self, pricer: Pricer, end: tuple[str, int, int]) -> int:
        """The node of a round's end, with its arcs to what can be begun from there."""
        kind, place, free = end
        found = (self._next(kind, harbour, free + minutes)
                 for harbour, minutes in _nearest(pricer, place)[:NEAREST])
        targets = tuple(row for row in found if row >= 0)
        if (kind, targets) not in self._ends:
            row = self._ends[kind, targets] = self._row(0.0)
            for target in targets:
                self._arc(row, target)
        return self._ends[kind, targets]

    def _next(self, kind: str, harbour: Harbour, minute: int) -> int:
        """The node of the first round that begins at a gate from a minute on, or −1."""
        times = self._times.get((kind, harbour), [])
        n = bisect_left(times, minute)
        return self._begins[kind, harbour, times[n]] if n < len(times) else -1

    def _to(self, row: int, kind: str, harbour: Harbour, minute: int) -> None:
        target = self._next(kind, harbour, minute)
        if target >= 0:
            self._arc(row, target)

    def _from_base(self, kind: str, pricer: Pricer) -> None:
        ways: Ways = pricer.ways
        grid = pricer.capacities.grid
        row, begin = self._row(float(ways.kind.number)), ways.starts_from(grid)
        if ways.starts_inside:
            self._to(row, kind, ("inside", 0), 0)
            return
        for harbour, minutes in _nearest(pricer, len(ways.places) - 1):
            self._to(row, kind, harbour, begin + minutes)
        if ways.starts_before(grid):
            for e in range(len(ways.entries)):
                self._to(row, kind, ("laden", e), 0)


def _nearest(pricer: Pricer, place: int) -> list[tuple[Harbour, int]]:
    """Gates and stores from a place outside with the minutes there, the nearest first."""
    gates, stores = pricer.onward(place)
    found: list[tuple[Harbour, int]] = [(("gate", e), m) for e, m in enumerate(gates) if m >= 0]
    if stores:
        found = [(("store", w), m) for w, m in enumerate(stores) if m >= 0] + found
    return sorted(found, key=lambda f: f[1])
