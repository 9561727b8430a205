"""All that a plan is made from, in one frozen object that refuses dangling references."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import define, evolve

from lull.domain.claim import Claim, Safeguard
from lull.domain.corridor import Corridor, Direction, Override, User
from lull.domain.fleet import VehicleType, type_of
from lull.domain.pause import Consents, Pause
from lull.domain.people import Group
from lull.domain.place import Site
from lull.domain.refusal import Refusal
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.travel import Leg, TravelTable


@define(frozen=True, eq=False)
class Case:
    """A pause with its sites, corridors, people, fleet, supplies and travel times.

    `overrides` are rules that a named role sets aside for the whole case, by rule name; `draft`
    is why any plan of it is a draft only ("" if it is not).
    Raises Refusal for references to what does not exist.
    """

    pause: Pause
    sites: Mapping[str, Site]
    corridors: Mapping[str, Corridor]
    groups: Mapping[str, Group]
    fleet: Mapping[str, VehicleType]
    travel: TravelTable
    items: Mapping[str, Item] = {}
    stocks: tuple[Stock, ...] = ()
    demands: tuple[Demand, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    claims: tuple[Claim, ...] = ()
    draft: str = ""
    overrides: Mapping[str, Override] = {}

    def __attrs_post_init__(self) -> None:
        wrong = list(self._dangling())
        if wrong:
            raise Refusal(" ".join(wrong))

    def _dangling(self) -> Iterable[str]:
        for group in self.groups.values():
            for site in (group.site, *group.destinations):
                if site not in self.sites:
                    yield f"Group {group.id!r} names the site {site!r}, which does not exist."
        for kind in self.fleet.values():
            if kind.base not in self.sites:
                yield f"Vehicle type {kind.id!r} has the base {kind.base!r}, which does not exist."
        lines: tuple[Stock | Demand, ...] = (*self.stocks, *self.demands)
        for line in lines:
            if line.item not in self.items:
                yield f"The item {line.item!r} at {line.site!r} stands in no catalogue line."
            if line.site not in self.sites:
                yield f"The item {line.item!r} is placed at {line.site!r}, which does not exist."
        for corridor in self.corridors.values():
            if corridor.link and corridor.link.other not in self.corridors:
                yield (
                    f"Corridor {corridor.id!r} is linked to {corridor.link.other!r}, "
                    "which does not exist."
                )

    def vehicle_type(self, vehicle: str) -> VehicleType:
        """The type of a vehicle's id; raises KeyError for an unknown one."""
        return self.fleet[type_of(vehicle)]

    def leg(self, profile: str, start: str, end: str) -> Leg | None:
        """The way between two places for a profile, or None."""
        return self.travel.leg(profile, start, end)

    @cached_property
    def gate_corridor(self) -> Mapping[str, tuple[str, str]]:
        """Gate place id to (corridor id, side)."""
        return {
            c.gate_place(gate.side): (c.id, gate.side)
            for c in self.corridors.values()
            for gate in (c.inside_gate, c.outside_gate)
        }

    def sides_of(self, place: str) -> tuple[str, ...]:
        """The sides of the line on which a place (site or gate) lies."""
        if place in self.sites:
            return self.sites[place].sides
        return (self.gate_corridor[place][1],)

    @cached_property
    def neighbourhoods(self) -> tuple[str, ...]:
        """Names under which shares are counted, in order of first mention."""
        names = [self.neighbourhood_of(g) for g in self.groups.values()]
        names += [d.neighbourhood or self.site_neighbourhood(d.site) for d in self.demands]
        return tuple(dict.fromkeys(names))

    def site_neighbourhood(self, site: str) -> str:
        """The neighbourhood of a site, or its own id where none is given."""
        return self.sites[site].neighbourhood or site

    def neighbourhood_of(self, group: Group) -> str:
        """The neighbourhood under which a group's share is counted."""
        return group.neighbourhood or self.site_neighbourhood(group.site)

    def on(self, reading: Consents) -> Case:
        """The same case with each corridor open only to what a reading of consents permits.

        A corridor without any permitted use is left out, and so is the one with which it is
        linked: the two move together or not at all.
        """
        kept = {}
        for corridor in self.corridors.values():
            users = frozenset(
                u for u in corridor.users if self.pause.permits(corridor.id, u, reading)
            )
            if users:
                kept[corridor.id] = evolve(corridor, users=users)
        pairs = [(c.id, c.link.other) for c in self.corridors.values() if c.link]
        while apart := {name for pair in pairs if not set(pair) <= set(kept)
                        for name in pair if name in kept}:
            kept = {name: corridor for name, corridor in kept.items() if name not in apart}
        return evolve(self, corridors=kept)

    def crossings_for(self, user: User, direction: Direction) -> tuple[Corridor, ...]:
        """Corridors open to a user and a direction."""
        return tuple(
            c for c in self.corridors.values() if user in c.users and direction in c.directions
        )
