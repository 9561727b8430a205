"""Whether a case is a bus evacuation pure and simple, and the same case as one."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.fleet import Use, VehicleType
from lull.domain.people import Category, Group, Means
from lull.domain.place import PEOPLE_END_HERE, Site
from lull.plan.makespan.instance import NO_WAY, Evacuation


@frozen
class Buses:
    """A case as a bus evacuation, or the reasons why it is none (then `evacuation` is None).

    The yards are the vehicle types that carry passengers, in the case's order.
    """

    evacuation: Evacuation | None
    reasons: tuple[str, ...] = ()


def as_buses(case: Case, share: float = 1.0) -> Buses:
    """Take a case for a bus evacuation where nothing in it says otherwise.

    `share` is how many of those who wish to leave each neighbourhood are to be fetched. Boarding
    and setting down are counted at the likely minutes, like the ways.
    """
    buses = [k for k in case.fleet.values() if Use.PASSENGERS in k.uses and k.number]
    waiting = [g for g in case.groups.values() if g.wishing]
    reasons = tuple(dict.fromkeys([
        *_of_the_share(case, waiting, share),
        *_of_the_case(case), *_of_the_fleet(case, buses), *_of_the_people(case, waiting, buses),
        *_of_the_sites(case, waiting, buses)]))
    if reasons:
        return Buses(None, reasons)
    return Buses(_evacuation(case, buses, waiting, share))


def _of_the_share(case: Case, waiting: list[Group], share: float) -> Iterator[str]:
    places = {case.neighbourhood_of(group) for group in waiting}
    if share < 1 and len(places) < len(waiting):
        yield "several places of one neighbourhood may share what is asked of it"


def _of_the_case(case: Case) -> Iterator[str]:
    if case.corridors:
        yield "there are corridors"
    if case.demands:
        yield "there is aid to bring"
    if len(case.pause.windows) != 1:
        yield "there are several windows"


def _of_the_fleet(case: Case, buses: list[VehicleType]) -> Iterator[str]:
    if not buses:
        yield "no vehicle carries passengers"
        return
    if len({kind.seats for kind in buses}) > 1 or buses[0].seats < 1:
        yield "the buses do not all have the same number of seats"
    table = case.travel.likely
    if any((table[kind.id] != table[buses[0].id]).any() for kind in buses):
        yield "some buses are faster than others"
    for kind in buses:
        if kind.mobilise or kind.available_from is not None or kind.available_to is not None:
            yield "buses are not there for the whole time"
        if kind.crew_duty is not None:
            yield "crews have a longest duty"


def _of_the_people(case: Case, waiting: list[Group], buses: list[VehicleType]) -> Iterator[str]:
    seats = buses[0].seats if buses else 0
    if len({g.site for g in waiting}) < len(waiting):
        yield "several groups wait at one place"
    if case.pause.rules.fill < 1:
        yield "seats are not all planned on"
    for group in waiting:
        if group.category is not Category.CIVILIANS or group.unaccompanied:
            yield "some of the people need more than a seat"
        if group.means is not Means.TRANSPORT:
            yield "some of the people leave by themselves"
        if len(group.households) > 1 or seats < 1 or any(seats % size for size in group.households):
            yield "households do not fill buses evenly"


def _of_the_sites(
    case: Case, waiting: list[Group], buses: list[VehicleType]
) -> Iterator[str]:
    used = [case.sites[g.site] for g in waiting] + _shelters(case)
    if not _shelters(case):
        yield "there is no reception centre"
    for site in used:
        if site.bays is not None and any(e.likely for e in site.service.values()):
            yield "bays are limited"
        if site.open_hours:
            yield "sites have opening hours"
        if any(not set(site.sides) & set(kind.sides) for kind in buses):
            yield "buses may not drive to every place"
        if any(site.service_of(kind.id) != site.service_of(buses[0].id) for kind in buses):
            yield "boarding takes some buses longer than others"
        if site.crowd_limit is not None or site.waiting_limit is not None:
            yield "places have limits on who may wait"


def _shelters(case: Case) -> list[Site]:
    return [s for s in case.sites.values() if s.kind in PEOPLE_END_HERE
            and s.capacity_seated != 0]


def _evacuation(
    case: Case, buses: list[VehicleType], waiting: list[Group], share: float
) -> Evacuation:
    kind, shelters = buses[0], _shelters(case)
    seats = kind.seats
    loads = [-(-share_of(share, g.wishing) // seats) for g in waiting]
    places = [sum(loads) if s.capacity_seated is None else s.capacity_seated // seats
              for s in shelters]
    points = [case.sites[g.site] for g in waiting]
    carry = _minutes(case, kind, points, shelters)
    for p, group in enumerate(waiting):
        for s, site in enumerate(shelters):
            if carry[p, s] == NO_WAY:
                continue
            carry[p, s] += points[p].service_of(kind.id).likely + site.service_of(kind.id).likely
            carry[p, s] = max(1, carry[p, s])
            if group.destinations and site.id not in group.destinations:
                carry[p, s] = NO_WAY
    out = np.vstack([_minutes(case, k, [case.sites[k.base]], points) for k in buses])
    return Evacuation(
        tuple(k.id for k in buses), tuple(k.number for k in buses),
        tuple(s.id for s in points), tuple(loads),
        tuple(s.id for s in shelters), tuple(places),
        out, carry, _minutes(case, kind, shelters, points))


def share_of(share: float, heads: int) -> int:
    """A share of so many heads, rounded up to whole ones."""
    return math.ceil(share * heads - 1e-9)


def _minutes(
    case: Case, kind: VehicleType, starts: list[Site], ends: list[Site]
) -> NDArray[np.int64]:
    table = case.travel
    rows, columns = ([table.index[s.id] for s in sites] for sites in (starts, ends))
    found: NDArray[np.int64] = table.likely[kind.id][np.ix_(rows, columns)].astype(np.int64)
    return found
