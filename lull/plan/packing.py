"""Whole households into seats and stretchers, whole units into payload."""

from __future__ import annotations

from attrs import frozen

from lull.domain.case import Case
from lull.domain.fleet import VehicleType
from lull.domain.people import Group
from lull.plan.aims import Aims, Value, add, scalar
from lull.plan.ground import Ground
from lull.plan.remaining import Remaining, places_taken


@frozen
class Boarding:
    """Households by size of one group, bound for one destination."""

    group: str
    destination: str
    sizes: dict[int, int]
    persons: int
    patients: int


@frozen
class Cargo:
    """Units of one item from a store to a place."""

    item: str
    store: str
    place: str
    units: int


@frozen
class Load:
    """What one convoy carries in a round, and what it is worth in each tier."""

    boardings: tuple[Boarding, ...] = ()
    cargo: tuple[Cargo, ...] = ()
    value: Value = ()

    @property
    def persons(self) -> int:
        """Persons on board."""
        return sum(b.persons for b in self.boardings)


def seats_planned(case: Case, kind: VehicleType) -> int:
    """Seats of one vehicle that are planned on."""
    return int(kind.seats * case.pause.rules.fill + 1e-9)


def fill_households(
    households: dict[int, int], medical: bool, seats: int, stretchers: int, persons: int
) -> dict[int, int]:
    """Most persons in whole households within seats, stretchers and a head count.

    Larger households first, then the smaller ones that still fit; a household is never split
    between convoys. Returns households by size.
    """
    taken: dict[int, int] = {}
    for size in sorted(households, reverse=True):
        number = households[size]
        if number <= 0:
            continue
        if medical:
            number = min(number, stretchers)
            if size > 1:
                number = min(number, seats // (size - 1))
        else:
            number = min(number, seats // size)
        number = min(number, persons // size)
        if number <= 0:
            continue
        taken[size] = number
        persons -= number * size
        if medical:
            stretchers -= number
            seats -= number * (size - 1)
        else:
            seats -= number * size
    return taken


def seats_free_at(ground: Ground, remaining: Remaining, group: Group, site: str) -> int:
    """Seated places at a destination that a group may take.

    Where patients may be brought, places for those with them are kept until they have come.
    """
    free = remaining.places(site, "seated")
    if group.is_medical:
        return free
    kept = sum(
        (size - 1) * number
        for patients in ground.patients_bound_for.get(site, ())
        for size, number in remaining.households(patients).items()
    )
    return max(0, free - kept)


def _room_at(ground: Ground, remaining: Remaining, group: Group, site: str, seats: int, lying: int,
             ) -> tuple[int, int]:
    """Seats and stretchers cut down to the places left at a destination."""
    for kind, _ in places_taken(group, 0, 0):
        if kind == "seated":
            seats = min(seats, seats_free_at(ground, remaining, group, site))
        else:
            lying = min(lying, remaining.places(site, kind))
    return seats, lying


def pack_people(
    ground: Ground,
    aims: Aims,
    remaining: Remaining,
    groups: list[Group],
    ends: dict[str, str],
    kind: VehicleType,
    vehicles: int,
    most: int,
) -> Load:
    """Load the groups that are worth most first into a convoy of `vehicles`.

    `ends` maps a group's id to its destination; `most` is how many persons may be called.
    Changes `remaining` (its last layer).
    """
    seats = vehicles * seats_planned(ground.case, kind)
    lying = vehicles * kind.stretchers
    ranked = sorted(
        (g for g in groups if g.id in ends and any(remaining.households(g.id).values())),
        key=lambda g: (-scalar(_worth_of_one(aims, remaining, g)), g.id),
    )
    boardings, value = [], aims.nothing
    for group in ranked:
        if most <= 0 or (seats <= 0 and lying <= 0):
            break
        end = ends[group.id]
        sit, lie = _room_at(ground, remaining, group, end, seats, lying)
        sizes = fill_households(remaining.households(group.id), group.is_medical, sit, lie, most)
        persons = sum(size * number for size, number in sizes.items())
        if not persons:
            continue
        patients = sum(sizes.values()) if group.is_medical else 0
        gain = aims.people(group.id, persons, patients, remaining.served_of(group.id))
        remaining.take_people(group, sizes, end)
        boardings.append(Boarding(group.id, end, sizes, persons, patients))
        value = add(value, gain)
        seats -= persons - patients
        lying -= patients
        most -= persons
    return Load(tuple(boardings), (), value)


def _worth_of_one(aims: Aims, remaining: Remaining, group: Group) -> Value:
    return aims.people(group.id, 1, 1, remaining.served_of(group.id))


def pack_goods(
    ground: Ground,
    aims: Aims,
    remaining: Remaining,
    store: str,
    place: str,
    kind: VehicleType,
    vehicles: int,
    ready_by: int,
) -> Load:
    """Load what is worth most a tonne first, item by item; changes `remaining`.

    A unit is not split between vehicles, so each vehicle takes whole units. Stock that is
    not ready by the minute `ready_by` stays.
    """
    case = ground.case
    room = [kind.payload_t * 1000.0] * vehicles
    lines = [d for d in case.demands if d.site == place]
    value, cargo = aims.nothing, []
    for minimum_first in (True, False):
        ranked = sorted(lines, key=lambda d: (d.priority, d.item))
        for line in ranked:
            left = remaining.need(line.item, place)
            got = line.units - left
            wanted = max(0, line.minimum - got) if minimum_first else left
            units = min(wanted, _ready(case, remaining, line.item, store, ready_by))
            units = _units_that_fit(units, case.items[line.item].kg, room)
            if units <= 0:
                continue
            value = add(value, aims.goods(line, units, got))
            remaining.take_goods(line.item, store, place, units)
            cargo.append(Cargo(line.item, store, place, units))
    return Load((), tuple(cargo), value)


def _ready(case: Case, remaining: Remaining, item: str, store: str, by: int) -> int:
    """Units left of the lines of stock that are ready by a minute."""
    lines = [s for s in case.stocks if (s.item, s.site) == (item, store)]
    notice = case.pause.notice
    now = sum(s.units for s in lines if notice is None or notice + s.ready <= by)
    taken = sum(s.units for s in lines) - remaining.stock(item, store)
    return max(0, now - taken)


def _units_that_fit(units: int, kg: float, room: list[float]) -> int:
    """How many of `units` fit into the room left, vehicle by vehicle; `room` is used up."""
    placed = 0
    for i, free in enumerate(room):
        here = min(units - placed, int((free + 1e-9) // kg))
        room[i] = free - here * kg
        placed += here
    return placed
