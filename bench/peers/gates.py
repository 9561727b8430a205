"""A plan driven through the real checkpoints: who is out, and who is inside when it ends.

A plain replay in whole minutes at the likely times; it judges nothing and shares nothing with the
planner or the rules. Buses keep the order of their stops and never leave before the plan says.
At a gate: first come, first served; convoys start on whole slots of the local clock, the headway
apart, within the corridor's hours and its vehicles an hour; each bus holds a lane for its check;
a convoy leaves when its last is cleared. At a site: bays, first come, first served, while it is
open. When the window closes the gates close: whoever is inside then stays inside.

How large a convoy is, a router does not say; `Keeper` names three ways to run a gate.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from enum import StrEnum

from attrs import define, field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction
from lull.domain.place import INSIDE
from lull.domain.plan import Convoy, Crossing, People, Plan, Step, Stop, Task, left_at

HOUR = 60


class Keeper(StrEnum):
    """How a gate makes convoys of those who wait."""

    PLANNED = "as planned"
    """The convoys of the plan, each whole."""

    FEW = "few at a time"
    """As many as are cleared by the next start, so that nobody waits long for the rest."""

    FULL = "as large as may be"
    """All who wait, up to the largest convoy, so that no lane stands idle until the next start."""


@frozen
class Outcome:
    """What came of a plan, in persons and buses; `turned_back` is rounds refused at the gate in.

    `out`: over the line by the close less the margin; `received`: those of them who are brought to
    a centre that they chose and that has a place for them. `late`: out after that, by the close.
    `inside`: in a bus on the enclosed side, or in the check, when the window closes.
    """

    out: int
    received: int
    late: int
    inside: int
    buses_inside: int
    turned_back: int


@define
class Bus:
    """One vehicle on its way through its steps."""

    name: str
    steps: tuple[Step, ...]
    at: int = 0
    aboard: tuple[People, ...] = ()
    inside: bool = False
    place: str = ""
    stopped: bool = False


@define
class Gate:
    """One direction of a corridor: who waits, when the last convoy started, who entered."""

    corridor: Corridor
    direction: Direction
    lanes: list[int]
    waiting: list[tuple[int, int, str]] = field(factory=list)
    last_start: int = -1_000_000
    entered: list[int] = field(factory=list)
    looked_at: set[int] = field(factory=set)


Event = tuple[int, int, str, str]
"""Minute, order of arrival, what, whose."""


@define
class Replay:
    """The event loop; see `drive`."""

    case: Case
    keeper: Keeper
    guarded: bool
    buses: dict[str, Bus]
    gates: dict[tuple[str, Direction], Gate]
    convoys: dict[str, Convoy]
    bays: dict[str, list[int]] = field(factory=dict)
    events: list[Event] = field(factory=list)
    count: int = 0
    passed: list[tuple[int, People]] = field(factory=list)
    turned_back: int = 0

    # --- events -----------------------------------------------------------------------------
    def at(self, minute: int, what: str, whose: str) -> None:
        """Note an event; events of one minute come in the order in which they were noted."""
        self.count += 1
        heapq.heappush(self.events, (minute, self.count, what, whose))

    def run(self) -> Outcome:
        """Let everything happen until the window closes, and count."""
        closes = self.case.pause.windows[0].closes
        while self.events and self.events[0][0] <= closes:
            now, _, what, whose = heapq.heappop(self.events)
            if what == "gate":
                name, _, direction = whose.partition(" ")
                self.look(self.gates[name, Direction(direction)], now)
            else:
                getattr(self, what)(self.buses[whose], now)
        latest = closes - self.case.pause.rules.margin
        inside = [bus for bus in self.buses.values() if bus.inside]
        return Outcome(
            out=sum(people.persons for gone, people in self.passed if gone <= latest),
            received=self._received(latest),
            late=sum(people.persons for gone, people in self.passed if gone > latest),
            inside=sum(people.persons for bus in inside for people in bus.aboard),
            buses_inside=len(inside),
            turned_back=self.turned_back,
        )

    def _received(self, latest: int) -> int:
        """Persons out in time who are brought where they chose to go, as far as places reach."""
        came: dict[str, int] = defaultdict(int)
        for gone, people in self.passed:
            chosen = self.case.groups[people.group].destinations
            if gone <= latest and (not chosen or people.destination in chosen):
                came[people.destination] += people.persons
        places = {name: self.case.sites[name].capacity_seated for name in came}
        return sum(
            many if (room := places[name]) is None else min(many, room)
            for name, many in came.items()
        )

    # --- on the way -------------------------------------------------------------------------
    def drive_on(self, bus: Bus, now: int) -> None:
        """Drive to the next step, not before the plan says."""
        if bus.at >= len(bus.steps):
            return
        step = bus.steps[bus.at]
        place = self._comes_to(step)
        now += self._minutes(bus, bus.place, place)
        bus.place = place
        if isinstance(step, Crossing):
            planned = self.keeper is Keeper.PLANNED
            since = self.convoys[step.convoy].starts if planned else step.enters
            self.at(max(now, since), "queue_up", bus.name)
        else:
            self.at(max(now, step.starts), "stop", bus.name)

    def stop(self, bus: Bus, now: int) -> None:
        """Take a bay if it is served here; then drive on, not before the plan says."""
        step = bus.steps[bus.at]
        assert isinstance(step, Stop)
        site = self.case.sites[step.site]
        done = now
        if step.task in (Task.LOAD, Task.UNLOAD):
            service = site.service_of(self._kind(bus)).likely
            open_at = next(
                (t for t in range(now, now + 1440) if site.is_open(t, t + service)), None
            )
            if open_at is None:
                bus.stopped = True
                return
            bays = self.bays.setdefault(site.id, [-1_000_000] * (site.bays or 0))
            begins = max(open_at, heapq.heappop(bays)) if bays else open_at
            done = begins + service
            if site.bays:
                heapq.heappush(bays, done)
        self.at(max(done, step.departs), "served", bus.name)

    def served(self, bus: Bus, now: int) -> None:
        """People are on board, or set down."""
        step = bus.steps[bus.at]
        assert isinstance(step, Stop)
        if step.task is Task.LOAD:
            bus.aboard += step.people
        elif step.task is Task.UNLOAD:
            bus.aboard = tuple(p for p in bus.aboard if p.destination != step.site)
        bus.at += 1
        self.drive_on(bus, now)

    # --- at the gates -----------------------------------------------------------------------
    def queue_up(self, bus: Bus, now: int) -> None:
        """Wait at the gate, unless a guard turns back who could not be out again in time."""
        step = bus.steps[bus.at]
        assert isinstance(step, Crossing)
        gate = self.gates[step.corridor, step.direction]
        if self.guarded and not bus.inside and not self._could_be_out(bus, now):
            self.turned_back += 1
            bus.stopped = True
            return
        self.count += 1
        gate.waiting.append((now, self.count, bus.name))
        self._look_at(gate, now)

    def look(self, gate: Gate, now: int) -> None:
        """Let a convoy start if one may; look again at the next slot while anyone waits."""
        gate.looked_at.discard(now)
        gate.waiting.sort()
        if gate.waiting and self._may_start(gate, now):
            self._start(gate, now)
        if gate.waiting:
            self._look_at(gate, now + 1)

    def _look_at(self, gate: Gate, since: int) -> None:
        minute = next(m for m in range(since, since + HOUR * 24) if self._is_slot(m))
        if minute not in gate.looked_at:
            gate.looked_at.add(minute)
            self.at(minute, "gate", f"{gate.corridor.id} {gate.direction.value}")

    def _may_start(self, gate: Gate, now: int) -> bool:
        window = self.case.pause.windows[0]
        return (
            window.opens <= now < window.closes
            and now - gate.last_start >= gate.corridor.convoy.headway
            and min(gate.lanes) <= now
            and gate.corridor.is_open(now, now + self._through(gate))
        )

    def _start(self, gate: Gate, now: int) -> None:
        """The first of those who wait pass together, each in a lane as soon as one is free."""
        check = gate.corridor.check(gate.direction).minutes_of(self._kind_of(gate)).likely
        names = self._convoy(gate, now, check)
        goes, cleared = [], now
        for name in names:
            enters = max(now, min(gate.lanes))
            if not self._rate_allows(gate, enters):
                break
            gate.lanes.remove(min(gate.lanes))
            gate.lanes.append(enters + check)
            gate.entered.append(enters)
            cleared = max(cleared, enters + check)
            goes.append(name)
        gate.waiting = [w for w in gate.waiting if w[2] not in goes]
        if goes:
            gate.last_start = now
        for name in goes:
            if gate.direction is Direction.IN:
                self.buses[name].inside = True
            self.at(cleared + self._way(gate), "leave_gate", name)

    def leave_gate(self, bus: Bus, now: int) -> None:
        """A bus has left the far gate; on the way out its people are over the line."""
        step = bus.steps[bus.at]
        assert isinstance(step, Crossing)
        bus.place = self.case.corridors[step.corridor].gates(step.direction)[1]
        if step.direction is Direction.OUT:
            bus.inside = False
            self.passed += [(now, people) for people in bus.aboard]
        bus.at += 1
        self.drive_on(bus, now)

    def _convoy(self, gate: Gate, now: int, check: int) -> list[str]:
        """Who is to pass together now, in order."""
        names = [name for _, _, name in gate.waiting]
        if self.keeper is Keeper.PLANNED:
            return [n for n in names if self._next(n).convoy == self._next(names[0]).convoy]
        largest = gate.corridor.convoy.largest or len(names)
        return names[: min(largest, self._cleared_soon(gate, now, check))]

    def _cleared_soon(self, gate: Gate, now: int, check: int) -> int:
        """How many are cleared by the next start; at least as many as there are lanes free."""
        if self.keeper is Keeper.FULL:
            return len(gate.waiting)
        begins = now + max(1, gate.corridor.convoy.headway)
        until = next(m for m in range(begins, begins + HOUR) if self._is_slot(m))
        fits = sum((until - max(now, free)) // max(1, check) for free in gate.lanes if free < until)
        return max(1, fits, sum(free <= now for free in gate.lanes))

    def _rate_allows(self, gate: Gate, enters: int) -> bool:
        limit = gate.corridor.check(gate.direction).vehicles_per_hour
        return limit is None or sum(t > enters - HOUR for t in gate.entered) < limit

    # --- what the case says -----------------------------------------------------------------
    def _is_slot(self, minute: int) -> bool:
        local = self.case.pause.clock.local(minute)
        return (local.hour * 60 + local.minute) % self.case.pause.rules.slot == 0

    def _next(self, name: str) -> Crossing:
        bus = self.buses[name]
        step = bus.steps[bus.at]
        assert isinstance(step, Crossing)
        return step

    def _kind(self, bus: Bus) -> str:
        return self.case.vehicle_type(bus.name).id

    def _kind_of(self, gate: Gate) -> str:
        return self.case.vehicle_type(gate.waiting[0][2]).id

    def _way(self, gate: Gate) -> int:
        kind = next(iter(self.case.fleet))
        leg = self.case.leg(kind, *gate.corridor.gates(gate.direction))
        return leg.likely if leg else 0

    def _through(self, gate: Gate) -> int:
        check = gate.corridor.check(gate.direction).minutes_of(self._kind_of(gate)).likely
        return check + self._way(gate)

    def _comes_to(self, step: Step) -> str:
        if isinstance(step, Stop):
            return step.site
        return self.case.corridors[step.corridor].gates(step.direction)[0]

    def _minutes(self, bus: Bus, start: str, end: str) -> int:
        leg = self.case.leg(self._kind(bus), start, end) if start != end else None
        return leg.likely if leg else 0

    def _could_be_out(self, bus: Bus, now: int) -> bool:
        """Whether the rest of the round, on an empty road, ends by the close less the margin."""
        latest = self.case.pause.windows[0].closes - self.case.pause.rules.margin
        goes_in = bus.steps[bus.at]
        goes_out = next(
            (s for s in bus.steps[bus.at + 1 :] if isinstance(s, Crossing)
             and s.direction is Direction.OUT), None,
        )  # fmt: skip
        if goes_out is None or not isinstance(goes_in, Crossing):
            return True
        return now + left_at(goes_out) - goes_in.enters <= latest


def drive(case: Case, plan: Plan, keeper: Keeper, *, guarded: bool = False) -> Outcome:
    """Drive a plan of one window and one vehicle type through what the case really has.

    `guarded` puts a guard at each gate in, who turns back a bus that could not load and be out
    again by the close less the margin even on an empty road; its day is then over.
    """
    pools: dict[tuple[str, Direction], list[int]] = defaultdict(list)
    gates = {}
    for corridor in case.corridors.values():
        for direction in corridor.directions:
            pool = pools[corridor.id, corridor.lane_pool(direction)]
            if not pool:
                pool.extend([-1_000_000] * corridor.lanes(direction))
            gates[corridor.id, direction] = Gate(corridor, direction, pool)
    buses = {day.vehicle: Bus(day.vehicle, day.steps) for day in plan.vehicles}
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    replay = Replay(case, keeper, guarded, buses, gates, convoys)
    for bus in buses.values():
        first = bus.steps[0]
        bus.place = replay._comes_to(first)
        bus.inside = isinstance(first, Stop) and case.sites[first.site].sides == (INSIDE,)
        bus.at = 1
        replay.drive_on(bus, left_at(first))
    return replay.run()
