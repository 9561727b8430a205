"""Rides of vehicles that pass no gate: to an exchange point, on from it, or within one side.

A vehicle's rides are kept in any order of booking. Each new one must fit with each other one by
itself, so that taking any of them back leaves the rest as they were.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field, frozen

from lull.domain.fleet import VehicleType
from lull.domain.place import INSIDE, Site, SiteKind
from lull.domain.plan import Task
from lull.plan import orders
from lull.plan.beyond import is_shuttle
from lull.plan.duty import most_in_a_day
from lull.plan.ground import Ground
from lull.plan.packing import Boarding, seats_planned
from lull.plan.pools import NEVER
from lull.plan.walk import AtSite, Pools, from_when

Carried = tuple[tuple[Boarding, int, int], ...]
"""Who is on board: (boarding, persons, of whom lying)."""


@frozen(eq=False)
class Ride:
    """One vehicle's ride, with persons and patients by boarding.

    `departs` and `home` are when it leaves its base and is back if it drives nothing else;
    `called` is when its people are called forward (None at an exchange point).
    """

    vehicle: str
    departs: int
    load: AtSite
    unload: AtSite
    home: int
    carried: Carried
    called: int | None = None

    @property
    def route(self) -> tuple[str, str]:
        """What a driver knows as the route."""
        return (self.load.site, self.unload.site)

    @property
    def persons(self) -> int:
        """Persons on board."""
        return sum(persons for _, persons, _ in self.carried)


@define
class Rides:
    """All rides booked, by vehicle."""

    ground: Ground
    booked: dict[str, list[Ride]] = field(factory=dict)

    @classmethod
    def of(cls, ground: Ground) -> Rides:
        """Every vehicle that passes no gate, without a ride."""
        return cls(ground, {
            kind.vehicle(n): [] for kind in ground.case.fleet.values()
            if kind.number and is_shuttle(ground, kind) for n in range(1, kind.number + 1)
        })

    def copy(self) -> Rides:
        """A copy of its own."""
        return Rides(self.ground, {v: list(rides) for v, rides in self.booked.items()})

    def __iter__(self) -> Iterator[Ride]:
        """All rides."""
        return (ride for rides in self.booked.values() for ride in rides)

    def take(self, pools: Pools, ride: Ride) -> None:
        """Book a ride with its bays."""
        pools.book((ride.load, ride.unload), 1)
        self.booked[ride.vehicle].append(ride)

    def give_back(self, pools: Pools, ride: Ride) -> None:
        """Undo `take`."""
        pools.book((ride.load, ride.unload), 1, undo=True)
        self.booked[ride.vehicle].remove(ride)

    def sides(self, kind: VehicleType, *places: str) -> set[str]:
        """The sides on which a type can go from its base to places without crossing the line."""
        found = set(kind.sides) & set(self.ground.site(kind.base).sides)
        for place in places:
            found &= set(self.ground.site(place).sides)
        return found

    def ride(
        self, vehicle: str, start: str, end: str, load_at: int, down_at: int, carried: Carried,
        called: int | None = None,
    ) -> Ride | None:
        """A ride that loads and sets down at two given minutes, if the vehicle can drive it.

        `load_at` and `down_at` are starts of service; the bays are the caller's business.
        """
        kind = self.ground.case.vehicle_type(vehicle)
        out = self.ground.minutes(kind.id, kind.base, start)
        on = self.ground.minutes(kind.id, start, end)
        back = self.ground.minutes(kind.id, end, kind.base)
        if max(out, on, back) >= NEVER or not self.sides(kind, start, end):
            return None
        each = self.ground.site(start).service_of(kind.id).likely
        then = self.ground.site(end).service_of(kind.id).likely
        leaves = load_at + each
        if down_at < leaves + on:
            return None
        if self.ground.site(start).kind is not SiteKind.EXCHANGE:
            leaves = down_at - on
        load = AtSite(start, Task.LOAD, load_at, load_at, each, 1, each, leaves)
        down = AtSite(end, Task.UNLOAD, down_at, down_at, then, 1, then, down_at + then)
        made = Ride(vehicle, load_at - out, load, down, down.departs + back, carried, called)
        return made if self._fits(kind, made) else None

    def _fits(self, kind: VehicleType, ride: Ride) -> bool:
        """Whether a ride fits the vehicle's hours and every other ride of it by itself."""
        case = self.ground.case
        first = kind.available_from
        if case.pause.notice is not None:
            first = max(case.pause.notice + kind.mobilise, first or self.ground.horizon.start)
        if ride.departs < (self.ground.horizon.start if first is None else first):
            return False
        if kind.available_to is not None and ride.home > kind.available_to:
            return False
        if kind.sides == (INSIDE,) and not any(
                w.holds(ride.departs, ride.home) for w in case.pause.windows):
            return False
        others = self.booked[ride.vehicle]
        places = [p for r in (*others, ride) for p in r.route]
        if not self.sides(kind, *places) or not all(self._apart(kind, r, ride) for r in others):
            return False
        date = self.ground.local_date(ride.load.starts)
        today = [r.route for r in others if self.ground.local_date(r.load.starts) == date]
        if not orders.fit(case.pause.rules, [*today, ride.route]):
            return False
        if kind.crew_duty is None:
            return True
        spells = [(r.departs, r.home) for r in (*others, ride)]
        return most_in_a_day(spells, case.pause.rules.rest) <= kind.crew_duty

    def before(self, vehicle: str, start: str, end: str, at: int, down: int, then: int) -> int:
        """The last minute up to `down` to set down, `then` minutes long, ahead of rides in the way.

        `at` is when it would load. The same minute where no ride of the vehicle is in the way.
        """
        kind = self.ground.case.vehicle_type(vehicle)
        for ride in self.booked[vehicle]:
            to_it = self.ground.minutes(kind.id, end, ride.load.site)
            after = self.ground.minutes(kind.id, ride.unload.site, start)
            if at < ride.unload.departs + after and down + then + to_it > ride.load.starts:
                down = min(down, ride.load.starts - to_it - then)
        return down

    def _apart(self, kind: VehicleType, one: Ride, two: Ride) -> bool:
        """Whether one vehicle can drive both rides, whatever lies between them."""
        if two.load.starts < one.load.starts:
            one, two = two, one
        gap = two.load.starts - one.unload.departs
        direct = self.ground.minutes(kind.id, one.unload.site, two.load.site)
        if direct > gap:
            return False
        windows = self.ground.case.pause.windows
        same = any(w.holds(one.unload.departs, two.load.starts) for w in windows)
        return same or one.home <= two.departs or kind.sides != (INSIDE,)


def seat(
    ground: Ground, kind: VehicleType, left: dict[int, tuple[Boarding, int, int]]
) -> Carried:
    """Whom one vehicle of a type can take of what is left; `left` is (boarding, sit, lie)."""
    seats, lying = seats_planned(ground.case, kind), kind.stretchers
    carried = []
    for boarding, sit, lie in left.values():
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
        seats, lying = seats - take_sitting, lying - take_lying
        carried.append((boarding, take_sitting + take_lying, take_lying))
    return tuple(carried)


def all_left(boardings: tuple[Boarding, ...]) -> dict[int, tuple[Boarding, int, int]]:
    """Boardings as (boarding, sitting, lying), none of them taken yet."""
    return {n: (b, b.persons - b.patients, b.patients) for n, b in enumerate(boardings)}


def less(
    left: dict[int, tuple[Boarding, int, int]], carried: Carried
) -> dict[int, tuple[Boarding, int, int]]:
    """What is left once a ride has taken its people."""
    taken = {id(b): (persons - lying, lying) for b, persons, lying in carried}
    found = {}
    for n, (b, sit, lie) in left.items():
        off = taken.get(id(b), (0, 0))
        if sit - off[0] or lie - off[1]:
            found[n] = (b, sit - off[0], lie - off[1])
    return found


def bay_before(pools: Pools, site: Site, latest: int, first: int, minutes: int) -> int | None:
    """The last minute from `latest` down to `first` at which one bay is free in the hours."""
    pool = pools.bays[site.id]
    for at in range(latest, first - 1, -1):
        if site.is_open(at, at + minutes) and pool.fits(at, minutes, 1, 1):
            return at
    return None


def bay_from(pools: Pools, site: Site, first: int, minutes: int) -> int:
    """The first minute from `first` at which one bay is free in the hours, or NEVER."""
    return from_when(pools.bays[site.id], site, first, minutes, 1, 1)
