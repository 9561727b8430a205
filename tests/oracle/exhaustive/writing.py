"""A whole plan from rounds, loads and parties: every stop, call, household and seat written out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType, type_of
from lull.domain.place import INSIDE, Site, SiteKind
from lull.domain.plan import (
    Call,
    Convoy,
    Crossing,
    Goods,
    Household,
    LastCall,
    Party,
    People,
    Plan,
    ReturnSeats,
    Step,
    Stop,
    Task,
    VehicleDay,
)
from lull.domain.travel import OWN_CAR
from tests.oracle.exhaustive.loads import Load, Loads
from tests.oracle.exhaustive.rounds import OUT, Act, Option, Through, entered, left, minutes
from tests.oracle.exhaustive.seats import kept


@dataclass(frozen=True)
class Mode:
    """Choices that a plan leaves open within its slots.

    `late`: people board as late as may be, else as early. `staggered`: each vehicle comes to the
    gate when it is its turn, else all before the convoy starts. `pooled`: a second fleet waits
    for more people.
    """

    late: bool = False
    staggered: bool = False
    pooled: bool = False


@dataclass(frozen=True, eq=False)
class Driven:
    """A round with the vehicles that drive it and what they carry."""

    option: Option
    vehicles: tuple[str, ...]
    load: Load


class NotPossible(Exception):
    """The rounds cannot be written out in this mode."""


@dataclass
class Drop:
    """People set down at an exchange point who wait for the second fleet."""

    site: str
    at: int
    people: dict[tuple[str, str], tuple[int, int]]


@dataclass
class Writer:
    """One plan being written."""

    case: Case
    loads: Loads
    mode: Mode
    steps: dict[str, list[Step]] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    convoys: list[Convoy] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    busy: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    drops: list[Drop] = field(default_factory=list)
    queue: dict[tuple[str, Direction], list[tuple[int, int, int]]] = field(
        default_factory=lambda: defaultdict(list))

    def plan(self, driven: Sequence[Driven], parties: Sequence[Party]) -> Plan:
        """The whole plan; raises NotPossible."""
        self._queues(driven, parties)
        for one in sorted(driven, key=lambda d: d.option.begins):
            self._round(one)
        self._onward()
        for vehicle in list(self.steps):
            self._end(vehicle)
        self._call()
        for party in parties:
            site = self.case.sites[self.case.groups[party.group].site]
            self.calls.append(
                Call(site.id, party.group, party.departs - site.call, party.persons, party.id))
        plan = Plan(
            tuple(VehicleDay(v, tuple(s)) for v, s in sorted(self.steps.items())),
            tuple(self.convoys), tuple(parties), tuple(self.calls), tuple(self._last_calls()),
        )
        if self.case.pause.rules.return_share > 0:
            seats = kept(self.case, plan)
            if seats is None:
                raise NotPossible
            plan = evolve(plan, return_seats=tuple(ReturnSeats(*s) for s in seats))
        return plan

    def _queues(self, driven: Sequence[Driven], parties: Sequence[Party]) -> None:
        """Who is in the check of each pool of lanes: entry, clearance, high minutes."""
        for one in driven:
            for gate in one.option.gates:
                corridor = self.case.corridors[gate.corridor]
                for kind, (enter, done) in zip(one.option.team, gate.times, strict=True):
                    high = corridor.check(gate.way).minutes_of(kind).high
                    self.queue[corridor.id, corridor.lane_pool(gate.way)].append(
                        (enter, done, high))
        for party in parties:
            corridor = self.case.corridors[party.corridor]
            high = corridor.check(OUT).minutes_of(OWN_CAR).high * party.cars
            self.queue[corridor.id, corridor.lane_pool(OUT)].append(
                (party.enters, party.cleared, high))

    def _call(self) -> None:
        """Call everyone as late as may be, for the next convoy of the vehicle that they board."""
        for vehicle, steps in self.steps.items():
            serves = vehicle
            for step in reversed(steps):
                if isinstance(step, Crossing):
                    serves = step.convoy
                elif step.task is Task.LOAD:
                    call = self.case.sites[step.site].call
                    self.calls += [
                        Call(step.site, line.group, step.starts - call, line.persons, serves)
                        for line in step.people if self.case.groups[line.group].site == step.site
                    ]

    # --- one round -----------------------------------------------------------------------
    def _round(self, one: Driven) -> None:
        option = one.option
        people = self.loads.shared_people(one.load, option.team)
        goods = self.loads.shared_goods(one.load, option.team)
        if people is None or goods is None:
            raise NotPossible
        for vehicle in one.vehicles:
            self.turns[vehicle] += 1
            if vehicle not in self.steps:
                base = self.case.vehicle_type(vehicle).base
                free = earliest(self.case, self.case.vehicle_type(vehicle))
                self.steps[vehicle] = [Stop(base, Task.START, free, free, free)]
        gates = list(option.gates)
        if not gates:
            for act in option.route:
                self._aside(one, act, people, goods)
            return
        first = next(n for n, act in enumerate(option.route) if act.way)
        self._head(one, option.route[:first], gates[0], people, goods)
        self._through(one, gates.pop(0))
        middle: list[Act] = []
        for act in option.route[first + 1:]:
            if act.way is None:
                middle.append(act)
                continue
            self._middle(one, middle, gates[0], people, goods)
            self._through(one, gates.pop(0))
            middle = []
        for act in middle:
            self._tail(one, act, people, goods)

    def _aside(self, one: Driven, act: Act, people: list[list[People]],
               goods: list[list[Goods]]) -> None:
        """A stop of a round without gates, as early as may be from its slot on."""
        site, window = self.case.sites[act.place], self.case.pause.windows[one.option.window]
        for n, vehicle in enumerate(one.vehicles):
            service = site.service_of(type_of(vehicle)).likely
            lo = max(self._comes(vehicle, act.place), one.option.begins)
            if act.what == "load" and INSIDE in site.sides:
                lo = max(lo, window.opens + site.call)
            start = self._bay(site, lo, lo + 120, service, late=False)
            self._stop(vehicle, act, start, start, start + service, people[n], goods[n])

    def _head(self, one: Driven, acts: Sequence[Act], gate: Through, people: list[list[People]],
              goods: list[list[Goods]]) -> None:
        """Loading before the first gate, as late as may be."""
        for n, vehicle in enumerate(one.vehicles):
            for act in acts:
                site = self.case.sites[act.place]
                service = site.service_of(type_of(vehicle)).likely
                lo = self._comes(vehicle, act.place)
                hi = gate.starts - service - self._way(vehicle, act.place, entered(
                    self.case, Act("gate", gate.corridor, gate.way)))
                start = self._bay(site, lo, hi, service, late=True)
                self._stop(vehicle, act, start, start, start + service, people[n], goods[n])

    def _through(self, one: Driven, gate: Through) -> None:
        name = f"{gate.corridor} {gate.way.value} {len(self.convoys)}"
        corridor = self.case.corridors[gate.corridor]
        first = corridor.gates(gate.way)[0]
        for vehicle, (enter, done) in zip(one.vehicles, gate.times, strict=True):
            arrives = enter if self.mode.staggered else gate.starts
            soonest = self._comes(vehicle, first)
            if soonest > arrives:
                raise NotPossible
            if gate.way is OUT:
                arrives = self._safest(vehicle, gate, soonest, arrives)
            self._leave(vehicle, first, arrives)
            self.steps[vehicle].append(
                Crossing(gate.corridor, gate.way, name, arrives, enter, done, gate.leaves,
                         self.turns[vehicle]))
        needs = corridor.convoy.leader_from
        led = needs is not None and len(one.vehicles) >= needs
        whole: list[Household] = []
        if corridor.sides(gate.way)[0] == INSIDE:
            before = one.option.route[: one.option.route.index(
                Act("gate", gate.corridor, gate.way))]
            done = {a.place for a in before if a.what == "unload"}
            whole = [Household(c.name, c.goal, c.size, number)
                     for c, number in zip(self.loads.columns, one.load, strict=True)
                     if number and not c.goods and c.goal not in done]
        self.convoys.append(Convoy(name, gate.corridor, gate.way, gate.starts, one.vehicles,
                                   one.vehicles[0] if led else "", tuple(whole)))

    def _safest(self, vehicle: str, gate: Through, soonest: int, latest: int) -> int:
        """When to be at the way out so that leaving the last stop is safest with that queue."""
        corridor = self.case.corridors[gate.corridor]
        if corridor.holding_limit is not None:
            enter = next(c[0] for c in gate.times)
            soonest = max(soonest, enter - corridor.holding_limit)
        pool = (corridor.id, corridor.lane_pool(gate.way))
        until = max(enter for enter, _ in gate.times)
        way = latest - self._at(vehicle)[1] - (latest - self._comes(vehicle, corridor.gates(
            gate.way)[0]))

        def risk(arrives: int) -> tuple[int, int]:
            ahead = sum(high for enter, done, high in self.queue[pool]
                        if done > arrives - way and enter <= until)
            return arrives + ahead // corridor.lanes(gate.way), -arrives

        return min(range(soonest, latest + 1), key=risk, default=latest)

    def _middle(self, one: Driven, acts: Sequence[Act], gate: Through, people: list[list[People]],
                goods: list[list[Goods]]) -> None:
        """Stops between two gates: the last as late or as early as may be, others early."""
        window = self.case.pause.windows[one.option.window]
        corridor = self.case.corridors[gate.corridor]
        order = range(len(one.vehicles))
        for act in acts:
            site = self.case.sites[act.place]
            last = act is acts[-1]
            for n in reversed(order) if self.mode.late and last else order:
                vehicle, kind = one.vehicles[n], type_of(one.vehicles[n])
                arrives = self._comes(vehicle, act.place)
                to_gate = self._way(vehicle, act.place, corridor.gates(gate.way)[0])
                comes = gate.times[n][0] if self.mode.staggered else gate.starts
                if act.what == "wait":
                    self._stop(vehicle, act, arrives, arrives, max(arrives, comes - to_gate),
                               [], [])
                    continue
                service = site.service_of(kind).likely
                lo, hi = arrives, comes - to_gate - service
                if act.what == "load":
                    lo = max(lo, window.opens + site.call)
                    hi = min(hi, window.closes - site.walk_to_shelter - site.call)
                start = self._bay(site, lo, hi, service, late=self.mode.late and last)
                self._stop(vehicle, act, arrives, start, start + service, people[n], goods[n])

    def _tail(self, one: Driven, act: Act, people: list[list[People]],
              goods: list[list[Goods]]) -> None:
        """Setting down beyond the last gate, as early as may be."""
        site = self.case.sites[act.place]
        for n, vehicle in enumerate(one.vehicles):
            service = site.service_of(type_of(vehicle)).likely
            arrives = self._comes(vehicle, act.place)
            start = self._bay(site, arrives, arrives + 1440, service, late=False)
            if site.kind is SiteKind.EXCHANGE:
                arrives = start
                waits = {(p.group, p.destination): (p.persons, p.stretchers) for p in people[n]
                         if p.destination != site.id}
                if waits:
                    self.drops.append(Drop(site.id, start + service, waits))
            self._stop(vehicle, act, arrives, start, start + service, people[n], goods[n])

    def _stop(self, vehicle: str, act: Act, arrives: int, start: int, done: int,
              people: Sequence[People], goods: Sequence[Goods]) -> None:
        task = {"load": Task.LOAD, "unload": Task.UNLOAD, "wait": Task.WAIT}[act.what]
        handed = self.case.sites[act.place].kind is SiteKind.EXCHANGE
        if task is Task.LOAD:
            people = [p for p in people if self.case.groups[p.group].site == act.place]
            goods = [g for g in goods if g.taken_from == act.place]
        elif task is Task.UNLOAD:
            people = [p for p in people if p.destination == act.place or handed]
            goods = [g for g in goods if g.destination == act.place]
        self._leave(vehicle, act.place, arrives)
        self.steps[vehicle].append(
            Stop(act.place, task, arrives, start, done, tuple(people), tuple(goods),
                 self.turns[vehicle]))

    # --- where and when ------------------------------------------------------------------
    def _at(self, vehicle: str) -> tuple[str, int]:
        step = self.steps[vehicle][-1]
        if isinstance(step, Stop):
            return step.site, step.departs
        return left(self.case, Act("gate", step.corridor, step.direction)), step.leaves

    def _way(self, vehicle: str, a: str, b: str) -> int:
        found = minutes(self.case, type_of(vehicle), a, b)
        if found is None:
            raise NotPossible
        return found

    def _comes(self, vehicle: str, place: str) -> int:
        """When a vehicle can be at a place."""
        here, free = self._at(vehicle)
        return free + self._way(vehicle, here, place)

    def _leave(self, vehicle: str, place: str, arrives: int) -> None:
        """Let a vehicle leave its last stop just in time to arrive at a place."""
        before = self.steps[vehicle][-1]
        if not isinstance(before, Stop):
            return
        departs = arrives - self._way(vehicle, before.site, place)
        if departs < before.departs:
            raise NotPossible
        if before.task is Task.START:
            self.steps[vehicle][-1] = Stop(before.site, Task.START, departs, departs, departs)
        elif self.case.sites[before.site].kind is not SiteKind.EXCHANGE:
            self.steps[vehicle][-1] = evolve(before, departs=departs)

    def _bay(self, site: Site, lo: int, hi: int, service: int, *, late: bool) -> int:
        """A minute at which a service can begin; raises NotPossible if there is none."""
        held = self.busy[site.id]
        for start in range(hi, lo - 1, -1) if late else range(lo, hi + 1):
            if not site.is_open(start, start + service):
                continue
            if site.bays is None or not service or all(
                sum(a <= m < b for a, b in held) < site.bays
                for m in range(start, start + service)
            ):
                held.append((start, start + service))
                return start
        raise NotPossible

    def _end(self, vehicle: str) -> None:
        """End the day where the vehicle stands, or at the nearest site outside."""
        kind = self.case.vehicle_type(vehicle)
        place, free = self._at(vehicle)
        near = nearest(self.case, kind, place)
        if near is None:
            raise NotPossible
        site, way = near
        self.steps[vehicle].append(
            Stop(site, Task.END, free + way, free + way, free + way, round=self.turns[vehicle]))

    def _last_calls(self) -> Iterator[LastCall]:
        for name in sorted({g.site for g in self.case.groups.values()}):
            site = self.case.sites[name]
            for n, window in enumerate(self.case.pause.windows):
                home = window.closes - site.walk_to_shelter - site.call
                if home >= window.opens and INSIDE in site.sides:
                    yield LastCall(name, n, home, home)

    # --- the second fleet ----------------------------------------------------------------
    def _onward(self) -> None:
        """Take on all who are set down at exchange points; raises NotPossible if it cannot."""
        waiting = sorted(self.drops, key=lambda d: d.at)
        for n, drop in enumerate(waiting):
            for key in drop.people:
                while drop.people[key][0]:
                    ahead = [d for d in waiting[n + 1:] if self.mode.pooled and d.site == drop.site
                             and d.at <= drop.at + self.case.pause.rules.exchange_wait
                             and d.people.get(key, (0, 0))[0]]
                    self._ride(drop, key, ahead)

    def _ride(self, drop: Drop, key: tuple[str, str], ahead: list[Drop]) -> None:
        group, goal = key
        best: tuple[int, str] | None = None
        until = drop.at + self.case.pause.rules.exchange_wait
        for kind in self.case.fleet.values():
            here = set(self.case.sites[drop.site].sides) & set(self.case.sites[goal].sides)
            if INSIDE in kind.sides or not here & set(kind.sides):
                continue
            if self._takes(kind, drop.people[key], group) == (0, 0):
                continue
            for number in range(1, kind.number + 1):
                vehicle = kind.vehicle(number)
                if vehicle not in self.steps:
                    free = earliest(self.case, kind)
                    self.steps[vehicle] = [Stop(kind.base, Task.START, free, free, free)]
                comes = max(drop.at, self._comes(vehicle, drop.site))
                if comes <= until and (best is None or comes < best[0]):
                    best = comes, vehicle
        for vehicle in [v for v, s in self.steps.items() if len(s) == 1]:
            if best is None or vehicle != best[1]:
                del self.steps[vehicle]
        if best is None:
            raise NotPossible
        self._board(best[1], best[0], drop, key, ahead)

    def _takes(self, kind: VehicleType, many: tuple[int, int], group: str) -> tuple[int, int]:
        """How many of some waiting people a vehicle takes: (persons, of whom lying)."""
        medical = self.case.groups[group].is_medical
        uses = {str(u.value) for u in kind.uses}
        sits = uses & ({"wounded", "passengers"} if medical else {"passengers"})
        lying = min(many[1], kind.stretchers if "wounded" in uses else 0)
        sitting = min(many[0] - many[1], self.loads.seats(kind.id) if sits else 0)
        return lying + sitting, lying

    def _board(self, vehicle: str, at: int, drop: Drop, key: tuple[str, str],
               ahead: list[Drop]) -> None:
        kind, (group, goal) = self.case.vehicle_type(vehicle), key
        have, taken, start = (0, 0), [], at
        for one in (drop, *ahead):
            both = (have[0] + one.people[key][0], have[1] + one.people[key][1])
            now = self._takes(kind, both, group)
            if now == have and one is not drop:
                break
            taken.append((one, (now[0] - have[0], now[1] - have[1])))
            have, start = now, max(start, one.at)
        for one, (many, lie) in taken:
            left_here = one.people[key]
            one.people[key] = (left_here[0] - many, left_here[1] - lie)
        exchange, end = self.case.sites[drop.site], self.case.sites[goal]
        service = exchange.service_of(kind.id).likely
        start = self._bay(exchange, start, start + 120, service, late=False)
        line = [People(group, goal, *have)]
        self.turns[vehicle] += 1
        self._leave(vehicle, drop.site, start)
        self.steps[vehicle].append(Stop(drop.site, Task.LOAD, start, start, start + service,
                                        tuple(line), (), self.turns[vehicle]))
        arrives = self._comes(vehicle, goal)
        service = end.service_of(kind.id).likely
        begin = self._bay(end, arrives, arrives + 1440, service, late=False)
        self._leave(vehicle, goal, arrives)
        self.steps[vehicle].append(Stop(goal, Task.UNLOAD, arrives, begin, begin + service,
                                        tuple(line), (), self.turns[vehicle]))


def earliest(case: Case, kind: VehicleType) -> int:
    """The first minute at which a vehicle may leave its base."""
    found = case.pause.windows[0].opens - 600
    if case.pause.notice is not None:
        found = max(found, case.pause.notice + kind.mobilise)
    if kind.available_from is not None:
        found = max(found, kind.available_from)
    return found


def nearest(case: Case, kind: VehicleType, place: str) -> tuple[str, int] | None:
    """The nearest site outside at which a day may end, and the way there."""
    found = [
        (way, site.id)
        for site in case.sites.values()
        if INSIDE not in site.sides and set(site.sides) & set(kind.sides)
        for way in (minutes(case, kind.id, place, site.id),) if way is not None
    ]
    return (min(found)[1], min(found)[0]) if found else None
