"""What can be reached by whom, for the questions that ask about ways."""

from __future__ import annotations

from collections.abc import Iterator

from lull.domain.corridor import Corridor, Direction, User
from lull.domain.fleet import VehicleType
from lull.domain.matching import USE_OF
from lull.domain.people import Group
from lull.domain.place import PEOPLE_END_HERE, Site, SiteKind
from lull.domain.travel import UNREACHABLE, TravelTable
from lull.exchange.build.draft import Draft

KM_A_DEGREE = 111.2
"""Kilometres a degree of latitude (mean radius of 6,371 km, IUGG 1980)."""


def has_way(travel: TravelTable, profile: str, start: str, end: str) -> bool:
    """Whether a profile has a way between two places that the table knows."""
    if profile not in travel.likely or start not in travel.index or end not in travel.index:
        return False
    return int(travel.likely[profile][travel.index[start], travel.index[end]]) != UNREACHABLE


def corridors_for(draft: Draft, user: User, direction: Direction) -> Iterator[Corridor]:
    """Corridors that are open to a user in a direction."""
    for corridor in draft.corridors.values():
        if user in corridor.users and direction in corridor.directions:
            yield corridor


def gates_on(draft: Draft, side: str) -> Iterator[tuple[Corridor, str]]:
    """Each corridor with a gate on a side, and that gate's place."""
    for corridor in draft.corridors.values():
        if side in (corridor.inside_gate.side, corridor.outside_gate.side):
            yield corridor, corridor.gate_place(side)


def carriers(draft: Draft, group: Group) -> list[VehicleType]:
    """Vehicle types that exist and may carry a group's people."""
    use = USE_OF[group.category]
    return [
        kind
        for kind in draft.fleet.values()
        if kind.number > 0
        and use in kind.uses
        and (kind.stretchers > 0 if group.is_medical else kind.seats > 0)
    ]


def destinations(draft: Draft, group: Group) -> list[Site]:
    """Sites at which a group's journey may end, by choice, kind, level and care."""
    named = [draft.sites[name] for name in group.destinations if name in draft.sites]
    anywhere = [
        site
        for site in draft.sites.values()
        if site.kind in PEOPLE_END_HERE
        and not (set(site.sides) & set(home.sides) if (home := draft.sites.get(group.site)) else 0)
    ]
    found = named if group.destinations else anywhere
    if group.is_medical:
        found = [
            site
            for site in found
            if site.kind is SiteKind.HOSPITAL and site.hospital_level >= group.hospital_level
        ]
    if group.unaccompanied:
        found = [site for site in found if site.receives_unaccompanied]
    return found
