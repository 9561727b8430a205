"""Days of teams over a schedule's arrays: found, booked, taken back, put again, handed over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from lull.domain.corridor import Direction
from lull.domain.plan import Task
from lull.plan.itinerary import Trip
from lull.plan.kernel import place as at
from lull.plan.kernel.choose import best_day
from lull.plan.kernel.columns import (
    AVAILABLE_TO,
    BASE,
    CARRIES,
    CHECK,
    CHECK_HIGH,
    DOWN,
    ENTRY,
    EXIT,
    FREE_AT,
    HERE,
    LIKELY,
    PICK,
    SINCE,
)
from lull.plan.kernel.day import MOST_TRIPS, drive, put_again, take_back
from lull.plan.kernel.eager import eager_day
from lull.plan.kernel.links import first_ahead, out_of_step
from lull.plan.kernel.load import FIRST_SIZE, MOST_ROWS
from lull.plan.kernel.state import State, state_of
from lull.plan.kernel.tables import AID, NO, Floats, Ints, Names, Tables, TablesMaker
from lull.plan.kernel.worth import total_value
from lull.plan.packing import Boarding, Cargo, Load
from lull.plan.schedule import Schedule
from lull.plan.walk import AtGate, AtSite, Placed, Walk

QUIET = np.zeros(1)
NO_QUOTA = np.zeros(0)


@frozen(eq=False)
class Booked:
    """One round as booked: its number, its minutes and its load, in arrays."""

    round: int
    out: Ints
    rows: Ints


@define(eq=False)
class RosterDay:
    """A team's rounds in a window."""

    kind: int
    vehicles: tuple[str, ...]
    window: int
    start: Ints
    """Where the team stands before the first round (`columns.TEAM`)."""
    driven: Ints
    trips: list[Booked] = field(factory=list)

    @property
    def size(self) -> int:
        """How many vehicles."""
        return len(self.vehicles)

    def after(self) -> Ints:
        """Where the team stands after the last round."""
        now = self.start.copy()
        if self.trips:
            last = self.trips[-1].out
            now[HERE], now[FREE_AT] = last[at.PLACE], last[at.FREE]
            now[SINCE] = self.trips[0].out[at.DEPARTS]
        return now


Kept = list[tuple[RosterDay, list[Booked]]]
"""Days with their rounds at some moment."""


@define(eq=False)
class Roster:
    """All that a compiled search works on: tables, state, and the days that it has booked."""

    tables: Tables
    names: Names
    state: State
    origin: int
    days: list[RosterDay] = field(factory=list)
    _best: Ints = field(factory=lambda: np.zeros(MOST_TRIPS, np.int64))

    @classmethod
    def of(cls, schedule: Schedule, made: tuple[Tables, Names] | None = None) -> Roster:
        """A roster over what a schedule has left free; its own days stay the schedule's."""
        tables, names = made or TablesMaker(
            schedule.ground, schedule.aims, schedule.catalogue).make()
        state = state_of(schedule, tables, names)
        return cls(tables, names, state, schedule.ground.horizon.start)

    def value(self) -> Floats:
        """The value of each tier of everything booked, the schedule's own days included."""
        value = np.zeros(self.tables.segment.shape[1])
        total_value(self.tables, self.state, value)
        return value

    def out_of_step(self) -> float:
        """By how much linked corridors run ahead of each other; 0 where they keep step."""
        return float(out_of_step(self.tables, self.state)) if len(self.tables.link) else 0.0

    def back_in_step(self) -> bool:
        """Take rounds back, with what follows them, until linked corridors keep step.

        The last to go out of those that run ahead, at the first minute in which they do. False
        where rounds of this roster are not to blame.
        """
        while self.out_of_step() > 0:
            minute, gate = first_ahead(self.tables, self.state)
            last: tuple[int, RosterDay, int] | None = None
            for day in self.days:
                for n, trip in enumerate(day.trips):
                    start = int(trip.out[at.OUT_START])
                    out = self.tables.round[trip.round]
                    if (out[EXIT] == gate and out[CARRIES] != AID and start <= minute
                            and (last is None or start > last[0])):
                        last = (start, day, n)
            if last is None:
                return False
            self.take_back(last[1], last[2])
        self.days = [day for day in self.days if day.trips]
        return True

    def new_day(
        self, kind: int, vehicles: tuple[str, ...], window: int, free_at: int,
        driven: Sequence[int] = (),
    ) -> RosterDay:
        """An empty day of a team at its base; `free_at` is a minute of the pause."""
        base, until = self.tables.kind[kind, BASE], self.tables.kind[kind, AVAILABLE_TO]
        start = np.array([base, free_at - self.origin, NO, base, until, NO], dtype=np.int64)
        return RosterDay(kind, vehicles, window, start, np.array(driven, dtype=np.int64))

    def lengthen(
        self, day: RosterDay, weights: Floats, noise: float = 0.0,
        dice: NDArray[np.float64] = QUIET, least: float = 0.0, quota: Floats = NO_QUOTA,
        eager: bool = False,
    ) -> bool:
        """Book the best continuation of a day whose trips gain at least `least` each; False where
        none is of use. With a quota, of the rounds in it alone; what is driven is taken off.
        `eager` looks for it by what is free at each moment."""
        driven = np.zeros(MOST_TRIPS, np.int64)
        before = len(day.driven) + len(day.trips)
        driven[: len(day.driven)] = day.driven
        driven[len(day.driven) : before] = [trip.round for trip in day.trips]
        now = day.after()
        what = (self.tables, self.state, weights, day.kind, day.size, day.window, now, driven,
                before, least, noise, dice)
        number = eager_day(*what, self._best) if eager else best_day(*what, quota, self._best)
        done = len(day.trips)
        driven_now = number > 0 and self.drive(day, self._best[:number].copy(), weights) > 0
        if len(quota):
            for trip in day.trips[done:]:
                quota[trip.round] -= day.size
        return driven_now

    def drive(self, day: RosterDay, rounds: Ints, weights: Floats, departs: int = 0) -> int:
        """Book rounds at the end of a day, as many as fit; the first departs no earlier."""
        n = len(rounds)
        outs = np.zeros((n, at.FIELDS), np.int64)
        loads = np.zeros((n, MOST_ROWS, FIRST_SIZE + self.state.homes.shape[1]), np.int64)
        counts = np.zeros(n, np.int64)
        value = np.zeros(len(weights))
        now = day.after()
        now[FREE_AT] = max(now[FREE_AT], departs)
        done = drive(self.tables, self.state, weights, day.kind, day.size, day.window,
                     now, rounds, n, outs, loads, counts, value)
        for j in range(done):
            day.trips.append(Booked(int(rounds[j]), outs[j].copy(), loads[j, : counts[j]].copy()))
        return int(done)

    def take_back(self, day: RosterDay, first: int = 0) -> list[Booked]:
        """Undo the rounds of a day from a place on; what they were."""
        gone = day.trips[first:]
        value = np.zeros(self.tables.segment.shape[1])
        for trip in reversed(gone):
            take_back(self.tables, self.state, day.kind, day.size, trip.round, trip.out,
                      trip.rows, len(trip.rows), value)
        del day.trips[first:]
        return gone

    def put_again(self, day: RosterDay, trips: list[Booked]) -> None:
        """Book rounds again as they were."""
        value = np.zeros(self.tables.segment.shape[1])
        for trip in trips:
            put_again(self.tables, self.state, day.kind, day.size, trip.round, trip.out,
                      trip.rows, len(trip.rows), value)
            day.trips.append(trip)

    def kept(self) -> Kept:
        """All days as they stand, to be gone back to."""
        return [(day, list(day.trips)) for day in self.days]

    def go_back(self, kept: Kept) -> None:
        """Book the days again that were kept, and no others."""
        for day in self.days:
            self.take_back(day)
        for day, trips in kept:
            self.put_again(day, trips)
        self.days = [day for day, _ in kept]

    def trip(self, day: RosterDay, booked: Booked) -> Trip:
        """A booked round in the schedule's words."""
        o, r = booked.out, self.names.rounds[booked.round]
        aid = self.tables.round[booked.round, CARRIES] == AID
        way_in = self._gate(day, booked, self.tables.round[booked.round, ENTRY], at.IN_START)
        way_out = self._gate(day, booked, self.tables.round[booked.round, EXIT], at.OUT_START)
        load = self._site(day, booked.round, o, Task.LOAD, at.LOAD_ARRIVES)
        down = self._site(day, booked.round, o, Task.UNLOAD, at.DOWN_ARRIVES)
        steps: tuple[Placed, ...]
        steps = (load, way_in, down, way_out) if aid else (way_in, load, way_out, down)
        ends = (self._place(int(o[at.PLACE])))
        walk = Walk(r, int(o[at.DEPARTS]) + self.origin, steps, int(o[at.FREE]) + self.origin, ends)
        return Trip(walk, self.load(booked, aid))

    def _place(self, index: int) -> str:
        return self.names.places[index]

    def _gate(self, day: RosterDay, booked: Booked, g: int, first: int) -> AtGate:
        t, o, k = self.tables, booked.out, day.kind
        name, way = self.names.gates[g]
        promise = None
        if way is Direction.OUT and o[at.PROMISED]:
            promise = (int(o[at.MOMENT]) + self.origin, int(o[at.UNTIL]) + self.origin,
                       int(o[at.ROOM]))
        return AtGate(
            name, way, int(o[first]) + self.origin, int(o[first + 1]), int(o[first + 2]),
            int(t.gate_kind[CHECK, g, k]), int(o[first + 3]) + self.origin, day.size,
            int(t.gate_kind[CHECK_HIGH, g, k]), promise,
        )

    def _site(self, day: RosterDay, r: int, o: Ints, task: Task, first: int) -> AtSite:
        t = self.tables
        i = t.round[r, PICK] if task is Task.LOAD else t.round[r, DOWN]
        return AtSite(
            self.names.sites[i], task, int(o[first]) + self.origin, int(o[first + 1]) + self.origin,
            int(o[first + 2]), int(o[first + 3]), int(t.serve[LIKELY, i, day.kind]),
            int(o[first + 4]) + self.origin,
        )

    def load(self, booked: Booked, aid: bool) -> Load:
        """A load in the schedule's words; its value is counted by the schedule."""
        if aid:
            cargo = []
            for row in booked.rows:
                item, store = self.names.stocks[row[0]]
                cargo.append(Cargo(item, store, self.names.lines[row[1]][1], int(row[2])))
            return Load((), tuple(cargo), ())
        boardings = []
        for row in booked.rows:
            sizes = {z: int(row[FIRST_SIZE + z]) for z in range(1, len(row) - FIRST_SIZE)
                     if row[FIRST_SIZE + z]}
            boardings.append(Boarding(self.names.groups[row[0]], self.names.sites[row[1]], sizes,
                                      int(row[2]), int(row[3])))
        return Load(tuple(boardings), (), ())


