"""Journeys by vehicles that pass no gate: within one side, or by two fleets that meet.

People who live on the enclosed side are brought to a place there, or to an exchange point from
which another such fleet takes them on; people outside likewise. No corridor is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from lull.domain.people import Group
from lull.domain.place import SiteKind
from lull.domain.time import Window
from lull.plan.aims import scalar
from lull.plan.beyond import beyond, ends_of, shuttles
from lull.plan.ground import Ground
from lull.plan.onward import Changes, Changing
from lull.plan.packing import Boarding, fill_households, seats_free_at, seats_planned
from lull.plan.remaining import Remaining, places_taken

if TYPE_CHECKING:
    from lull.plan.schedule import Schedule

STEP = 10
"""Minutes between two tries to arrive."""


@frozen(eq=False)
class Journey:
    """Whole households of a group that reach their destination by rides alone."""

    window: int
    boarding: Boarding
    changes: Changes


@frozen
class _Way:
    """By which exchange point ("" for none) to which destination."""

    exchange: str
    end: str


def ways(ground: Ground, group: Group) -> list[_Way]:
    """How a group may travel by rides alone."""
    found = [_Way("", s.id) for s in ends_of(ground, group)
             if shuttles(ground, group, group.site, s.id)]
    for site in ground.case.sites.values():
        if site.kind is SiteKind.EXCHANGE and shuttles(ground, group, group.site, site.id):
            found += [_Way(site.id, end) for end in beyond(ground, group, site.id)
                      if _Way("", end) not in found]
    return found


def travel_locally(schedule: Schedule, window: int) -> list[Journey]:
    """Journeys of all groups who can travel so, those worth most first, as early as may be."""
    ground, aims = schedule.ground, schedule.aims
    found: list[Journey] = []
    waiting = [g for g in ground.case.groups.values() if g.wishing and ways(ground, g)]
    served = schedule.remaining.served_of
    for group in sorted(waiting, key=lambda g: (-scalar(aims.people(g.id, 1, 1, served(g.id))),
                                                g.id)):
        for way in ways(ground, group):
            at = ground.case.pause.windows[window].opens
            while (made := _journey(schedule, window, group, way, at)) is not None:
                journey, at = made
                found.append(journey)
    return found


def _journey(
    schedule: Schedule, window: int, group: Group, way: _Way, at: int
) -> tuple[Journey, int] | None:
    """One more journey, booked, no earlier than a minute, and when it has arrived."""
    ground, changing = schedule.ground, schedule.changing()
    spell = ground.case.pause.windows[window]
    boarding = _next_load(ground, schedule.remaining, group, way)
    if boarding is None:
        return None
    for by in range(at + STEP, spell.closes + 1, STEP):
        changes = _ride(changing, group.site, way, boarding, at, by, spell)
        if changes is not None:
            schedule.remaining.take_people(group, boarding.sizes, way.end)
            return Journey(window, boarding, changes), by - STEP
    return None


def _ride(
    changing: Changing, start: str, way: _Way, boarding: Boarding, first: int, by: int,
    window: Window,
) -> Changes | None:
    """Rides that have set everyone down by a minute, and take them on if they must change."""
    if not way.exchange:
        made = changing.bring(start, way.end, (boarding,), first, by, window)
        return None if made.missing else made
    first = max(first, by - changing.allowed(way.exchange))
    come = changing.bring(start, way.exchange, (boarding,), first, by, window)
    if come.missing:
        return None
    downs = [r.unload.departs for r in come.rides]
    on = changing.carry(way.exchange, (boarding,), min(downs), max(downs))
    if on.missing:
        changing.undo(come)
        return None
    return Changes(come.rides + on.rides, come.waits + on.waits)


def _next_load(
    ground: Ground, remaining: Remaining, group: Group, way: _Way
) -> Boarding | None:
    """The whole households that the largest vehicle takes next, with places where they go."""
    kinds = shuttles(ground, group, group.site, way.exchange or way.end)
    most = max(kinds, key=lambda k: (k.stretchers if group.is_medical else 0, k.seats))
    seats = min(seats_planned(ground.case, most),
                seats_free_at(ground, remaining, group, way.end))
    lying = most.stretchers
    for what, _ in places_taken(group, 0, 0):
        if what != "seated":
            lying = min(lying, remaining.places(way.end, what))
    limit = ground.site(group.site).crowd_limit
    persons = seats + lying if limit is None else min(limit, seats + lying)
    sizes = fill_households(
        remaining.households(group.id), group.is_medical, seats, lying, persons)
    total = sum(size * number for size, number in sizes.items())
    if not total:
        return None
    patients = sum(sizes.values()) if group.is_medical else 0
    return Boarding(group.id, way.end, sizes, total, patients)
