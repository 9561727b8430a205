"""Whole households into seats and stretchers, whole units into payload."""

from __future__ import annotations

from attrs import frozen

from lull.domain.case import Case
from lull.domain.fleet import VehicleType
from lull.domain.people import Group, Means
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
    """Units of one item from a store to a place, set down at `via` for another fleet if it says so.

    Who takes them on there has cargo with `via` as its store; both bear the same `lot`.
    """

    item: str
    store: str
    place: str
    units: int
    via: str = ""
    lot: int = 0

    @property
    def taken_on(self) -> bool:
        """Whether another vehicle has brought it to where it is loaded."""
        return bool(self.lot) and not self.via


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
    taken: tuple[int, int] = (0, 0),
) -> Load:
    """Load the groups that are worth most first into a convoy of `vehicles`.

    `ends` maps a group's id to its destination; `most` is how many persons may be called;
    `taken` are seats and stretchers in use. Where two groups are worth as much, those who need
    transport come before those who could leave by themselves. Changes `remaining` (its last
    layer).
    """
    seats = vehicles * seats_planned(ground.case, kind) - taken[0]
    lying = vehicles * kind.stretchers - taken[1]
    ranked = sorted(
        (g for g in groups if g.id in ends and any(remaining.households(g.id).values())),
        key=lambda g: (-_worth_of_one(aims, remaining, g), g.means is not Means.TRANSPORT, g.id),
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


def _worth_of_one(aims: Aims, remaining: Remaining, group: Group) -> float:
    """One figure to nine digits, so that what is worth the same does not differ by rounding."""
    worth = scalar(aims.people(group.id, 1, 1, remaining.served_of(group.id)))
    return float(f"{worth:.9g}")
