"""Onward from an exchange point: people change to another fleet within the time allowed."""

from __future__ import annotations

from datetime import date

from attrs import define, field, frozen

from lull.domain.fleet import VehicleType
from lull.domain.plan import Task
from lull.plan import orders
from lull.plan.beyond import serves_onward
from lull.plan.duty import Spell, most_in_a_day
from lull.plan.ground import Ground
from lull.plan.itinerary import Crowds
from lull.plan.packing import Boarding, seats_planned
from lull.plan.pools import NEVER
from lull.plan.walk import AtSite, Pools, from_when


@frozen
class Ride:
    """One vehicle's ride from an exchange point, with persons and patients by boarding."""

    vehicle: str
    departs_from: str
    departs: int
    load: AtSite
    unload: AtSite
    carried: tuple[tuple[Boarding, int, int], ...]


@define
class Onward:
    """Where the vehicles of the onward fleets are; `rides` are those planned."""

    ground: Ground
    place: dict[str, tuple[str, int]]
    rides: list[Ride] = field(factory=list)
    spells: dict[str, list[Spell]] = field(factory=dict)
    driven: dict[tuple[str, date], list[orders.Route]] = field(factory=dict)

    @classmethod
    def of(cls, ground: Ground) -> Onward:
        """Every vehicle of a type that may stand on an exchange point's far side, at its base."""
        place = {}
        for kind in ground.case.fleet.values():
            if not serves_onward(ground, kind):
                continue
            free = max(kind.available_from or ground.horizon.start, _ready(ground, kind))
            for number in range(1, kind.number + 1):
                place[kind.vehicle(number)] = (kind.base, free)
        return cls(ground, place)

    def copy(self) -> Onward:
        """A copy of its own."""
        spells = {v: list(s) for v, s in self.spells.items()}
        driven = {key: list(routes) for key, routes in self.driven.items()}
        return Onward(self.ground, dict(self.place), list(self.rides), spells, driven)

    def carry(
        self, pools: Pools, crowds: Crowds, exchange: str, boardings: tuple[Boarding, ...],
        first: int, ready: int,
    ) -> list[Ride] | None:
        """Rides that take everyone of a convoy on in time, booked; None (nothing booked) if not.

        `first` and `ready` are the minutes at which the first and the last have been set down.
        """
        site = self.ground.site(exchange)
        wait = self.ground.case.pause.rules.exchange_wait
        if site.waiting_limit is not None:
            wait = min(wait, site.waiting_limit)
        persons = sum(b.persons for b in boardings)
        if crowds.room(exchange, site.crowd_limit, first, first + wait) < persons:
            return None
        saved = self.copy()
        rides: list[Ride] = []
        for end in sorted({b.destination for b in boardings}):
            bound = [b for b in boardings if b.destination == end]
            made = self._to(pools, exchange, end, bound, ready, first + wait)
            if made is None:
                for ride in rides:
                    pools.book((ride.load, ride.unload), 1, undo=True)
                self.place, self.spells, self.driven = saved.place, saved.spells, saved.driven
                return None
            rides += made
        self.rides += rides
        if persons:
            last = max(r.load.departs for r in rides)
            crowds.spells.setdefault(exchange, []).append((first, last, persons))
        return rides

    def _to(
        self, pools: Pools, exchange: str, end: str, bound: list[Boarding], ready: int, latest: int
    ) -> list[Ride] | None:
        left = [[b, b.persons - b.patients, b.patients] for b in bound]
        rides: list[Ride] = []
        for vehicle in self._nearest(exchange, ready, any(b.patients for b in bound)):
            if not any(sit or lie for _, sit, lie in left):
                break
            kind = self.ground.case.vehicle_type(vehicle)
            carried = _seat(self.ground, kind, left)
            if not carried:
                continue
            ride = self._ride(pools, vehicle, kind, exchange, end, ready, latest, carried)
            if ride is None:
                for boarding, persons, patients in carried:
                    row = next(r for r in left if r[0] is boarding)
                    row[1] += persons - patients  # type: ignore[operator]
                    row[2] += patients  # type: ignore[operator]
                continue
            rides.append(ride)
        if any(sit or lie for _, sit, lie in left):
            for ride in rides:
                pools.book((ride.load, ride.unload), 1, undo=True)
            return None
        return rides

    def _nearest(self, exchange: str, ready: int, patients: bool) -> list[str]:
        """Vehicles by when they can be there; those with stretchers first for patients."""

        def key(vehicle: str) -> tuple[bool, int, str]:
            kind = self.ground.case.vehicle_type(vehicle)
            where, free = self.place[vehicle]
            there = free + self.ground.minutes(kind.id, where, exchange)
            return (patients and not kind.stretchers, max(ready, there), vehicle)

        return sorted(self.place, key=key)

    def _ride(
        self, pools: Pools, vehicle: str, kind: VehicleType, exchange: str, end: str, ready: int,
        latest: int, carried: list[tuple[Boarding, int, int]],
    ) -> Ride | None:
        where, free = self.place[vehicle]
        there = self.ground.minutes(kind.id, where, exchange)
        on = self.ground.minutes(kind.id, exchange, end)
        goal_sides = set(self.ground.site(end).sides)
        if max(there, on) >= NEVER or not goal_sides & set(kind.sides):
            return None
        each = self.ground.site(exchange).service_of(kind.id).likely
        here, goal = self.ground.site(exchange), self.ground.site(end)
        starts = from_when(pools.bays[exchange], here, max(ready, free + there), each, 1, 1)
        if starts + each > latest:
            return None
        today = self.driven.get((vehicle, self.ground.local_date(starts)), [])
        if not orders.fit(self.ground.case.pause.rules, [*today, (exchange, end)]):
            return None
        load = AtSite(exchange, Task.LOAD, starts, starts, each, 1, each, starts + each)
        arrives = load.departs + on
        each = goal.service_of(kind.id).likely
        down = from_when(pools.bays[end], goal, arrives, each, 1, 1)
        out = self.ground.minutes(kind.id, kind.base, exchange)
        departs = self._on_duty_from(kind, vehicle, starts - there, starts - out)
        if down >= NEVER or not self._on_duty(kind, vehicle, departs, down + each, end):
            return None
        unload = AtSite(end, Task.UNLOAD, arrives, down, each, 1, each, down + each)
        pools.book((load, unload), 1)
        self.place[vehicle] = (end, unload.departs)
        self.driven[vehicle, self.ground.local_date(starts)] = [*today, (exchange, end)]
        return Ride(vehicle, where, starts - there, load, unload, tuple(carried))

    def _on_duty_from(self, kind: VehicleType, vehicle: str, departs: int, from_base: int) -> int:
        """When a crew's spell begins: after a rest at its base, else where the last one ended."""
        if not self.spells.get(vehicle):
            return departs
        ended = self.spells[vehicle][-1][1]
        rested = from_base - ended >= self.ground.case.pause.rules.rest
        return from_base if rested else min(departs, ended)

    def _on_duty(
        self, kind: VehicleType, vehicle: str, departs: int, ends: int, where: str
    ) -> bool:
        ends += self.ground.minutes(kind.id, where, kind.base)
        if kind.available_to is not None and ends > kind.available_to:
            return False
        spells = [*self.spells.get(vehicle, ()), (departs, ends)]
        if kind.crew_duty is not None:
            rest = self.ground.case.pause.rules.rest
            if most_in_a_day(spells, rest) > kind.crew_duty:
                return False
        self.spells[vehicle] = spells
        return True


def _ready(ground: Ground, kind: VehicleType) -> int:
    notice = ground.case.pause.notice
    return ground.horizon.start if notice is None else notice + kind.mobilise


def _seat(
    ground: Ground, kind: VehicleType, left: list[list[object]]
) -> list[tuple[Boarding, int, int]]:
    """Fill one vehicle from what is left; `left` rows are [boarding, sitting, lying]."""
    seats, lying = seats_planned(ground.case, kind), kind.stretchers
    carried = []
    for row in left:
        boarding, sit, lie = row
        assert isinstance(boarding, Boarding)
        assert isinstance(sit, int)
        assert isinstance(lie, int)
        group = ground.case.groups[boarding.group]
        if not ground.carries(kind, group):
            continue
        take_lying = min(lie, lying)
        if group.is_medical:
            with_them = sit if take_lying == lie else -(-sit * take_lying // lie)
            take_sitting = min(with_them, seats)
        else:
            take_sitting = min(sit, seats)
        if take_lying + take_sitting == 0:
            continue
        row[1], row[2] = sit - take_sitting, lie - take_lying
        seats, lying = seats - take_sitting, lying - take_lying
        carried.append((boarding, take_sitting + take_lying, take_lying))
    return carried
