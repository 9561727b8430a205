"""Rounds and days as columns of the programme: what the steps of a vehicle use and bring."""

from __future__ import annotations

from collections import Counter

from attrs import define, field, frozen

from lull.domain.corridor import Direction
from lull.plan.proof import dayworks
from lull.plan.proof.capacity import Capacities, Key
from lull.plan.proof.solved import Step
from lull.plan.proof.ways import Pick, Ways
from lull.plan.reach import Gate

Rows = tuple[tuple[str, float], ...]
"""Row names with coefficients."""

Harbour = tuple[str, int]
"""Where a round begins: ("gate", entry), ("store", store), ("laden", entry) before the grid, or
("inside", 0) for a vehicle whose base lies there."""

MOST_KEPT = 20_000
"""Rounds of one type that are kept to be found again."""


@frozen(cache_hash=True)
class Round:
    """A part of a day from one turn outside to the next.

    It begins at `harbour` at the index `start` and is free at `place` (−1: nowhere) at `free`.
    """

    kind: str
    rows: Rows
    harbour: Harbour
    start: int
    place: int
    free: int


@frozen(cache_hash=True)
class Day:
    """One vehicle's whole day as the rounds that it is made of."""

    kind: str
    rounds: tuple[Round, ...]

    @property
    def rows(self) -> Rows:
        """The day as a column: what its rounds use and bring, added up."""
        whole = Counter[str]()
        for one in self.rounds:
            whole.update(dict(one.rows))
        return _fixed(whole)


def row_of_people(kind: str, pick: Pick, down: str) -> str:
    """The row of seats (or stretchers) of a type from a pick to a set-down."""
    return f"{kind} from {pick[0]} ({pick[1].value}) to {down}"


def row_of_ride(kind: str) -> str:
    """The row of what rides along: seats of an ambulance, stretchers of a bus."""
    return f"{kind} takes along"


def row_of_goods(kind: str, store: str, site: str) -> str:
    """The row of kilograms of a type from a store to a stop inside."""
    return f"{kind} from {store} to {site}"


def keys(gate: Gate) -> tuple[Key, Key, Key]:
    """The lanes, convoys and entries of a gate."""
    name, way = gate.corridor.id, gate.way
    pool: Direction = gate.corridor.lane_pool(way)
    return ("lanes", name, pool.value), ("convoys", name, way.value), ("entries", name, way.value)


@define(eq=False)
class Cutter:
    """Cuts the steps of one type's days into rounds; the same steps give the same round."""

    ways: Ways
    capacities: Capacities
    lead: float
    ride: float
    kg: float
    _known: dict[tuple[Step, ...], Round] = field(factory=dict)

    def day(self, steps: list[Step]) -> Day:
        """The day that is made of steps."""
        cuts = [n for n, step in enumerate(steps) if n == 0
                or (step[0] in {dayworks.IN, dayworks.STORE} and steps[n - 1][0] != dayworks.STORE)]
        return Day(self.ways.kind.id, tuple(
            self._round(tuple(steps[a:b]))
            for a, b in zip(cuts, [*cuts[1:], len(steps)], strict=False)))

    def _round(self, steps: tuple[Step, ...]) -> Round:
        if steps not in self._known:
            if len(self._known) >= MOST_KEPT:
                self._known.clear()
            rows = Counter[str]()
            for step in steps:
                self._uses(rows, step)
            place, free = self._free_at(steps[-1])
            self._known[steps] = Round(self.ways.kind.id, _fixed(rows), _harbour(steps[0]),
                                       steps[0][3], place, free)
        return self._known[steps]

    def _uses(self, rows: Counter[str], step: Step) -> None:
        w, (what, a, b, at, begins) = self.ways, step
        if what == dayworks.IN:
            self._use_gate(rows, w.entries[b], at, begins)
        elif what == dayworks.OUT:
            self._use_gate(rows, w.exits[b], at, begins)
        elif what == dayworks.STOP:
            self._use(rows, ("bays", w.sites[a]), at, w.service(w.sites[a]))
            if b:
                rows[row_of_goods(w.kind.id, w.stores[b - 1], w.sites[a])] -= self.kg  # type: ignore[assignment]
        elif what == dayworks.DOWN:
            self._use(rows, ("bays", w.downs[b]), at, w.service(w.downs[b]))
            rows[row_of_people(w.kind.id, w.picks[a], w.downs[b])] -= self.lead  # type: ignore[assignment]
            if self.ride:
                rows[row_of_ride(w.kind.id)] -= self.ride  # type: ignore[assignment]
        elif what == dayworks.STORE:
            self._use(rows, ("bays", w.stores[a]), at, w.service(w.stores[a]))

    def _free_at(self, last: Step) -> tuple[int, int]:
        """Where and when a vehicle is free after a step; (−1, then) where it is nowhere."""
        w, (what, _, b, at, begins) = self.ways, last
        if what == dayworks.DOWN:
            return b, at + w.service(w.downs[b])
        if what == dayworks.OUT:
            return len(w.downs) + b, begins + w.passing(w.exits[b])
        return -1, at + 1

    def _use_gate(self, rows: Counter[str], gate: Gate, at: int, begins: int) -> None:
        lanes, convoys, entries = keys(gate)
        self._use(rows, convoys, at, 1)
        self._use(rows, entries, begins, 1)
        self._use(rows, lanes, begins, self.ways.check(gate))

    def _use(self, rows: Counter[str], key: Key, at: int, lasts: int) -> None:
        for name, minutes in self.capacities.use(key, at, lasts):
            rows[name] += minutes  # type: ignore[assignment]


def _harbour(first: Step) -> Harbour:
    what, a, b, *_ = first
    if what == dayworks.STORE:
        return "store", a
    if what == dayworks.IN:
        return "laden" if a else "gate", b
    return "inside", 0


def _fixed(rows: Counter[str]) -> Rows:
    return tuple(sorted((n, v) for n, v in rows.items() if v))
