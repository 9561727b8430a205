"""What the rules let vehicles and people do at the most: wider than what the planner tries.

The bound must hold for every plan that keeps the rules, so it asks here and not the planner's
own tables: anyone may be driven, companions may ride in a bus of the same convoy, whoever names
no destination may go wherever people are received, and a vehicle may wait at a site on its way.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.corridor import Corridor, Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USE_OF
from lull.domain.people import Category, Group
from lull.domain.place import PEOPLE_END_HERE, Site, SiteKind
from lull.plan.ground import Ground
from lull.plan.packing import seats_planned
from lull.plan.pools import NEVER


@define(eq=False)
class Reach:
    """The widest reading of the rules over one case."""

    ground: Ground

    @cached_property
    def _tables(self) -> dict[str, NDArray[np.int64]]:
        return {kind.id: self._by_way_of_sites(kind) for kind in self.ground.case.fleet.values()}

    def _by_way_of_sites(self, kind: VehicleType) -> NDArray[np.int64]:
        """Least likely minutes between all places, stopping at sites of its sides on the way."""
        case = self.ground.case
        places = case.travel.places
        table = np.array(
            [[self.ground.minutes(kind.id, a, b) for b in places] for a in places],
            dtype=np.int64,
        ).reshape(len(places), len(places))
        for k, place in enumerate(places):
            if place in case.sites and set(case.sites[place].sides) & set(kind.sides):
                table = np.minimum(table, table[:, k : k + 1] + table[k : k + 1, :])
        return np.minimum(table, NEVER)

    def minutes(self, profile: str, start: str, end: str) -> int:
        """Least likely minutes from place to place for a vehicle type, or NEVER."""
        if start == end:
            return 0
        index = self.ground.case.travel.index
        if start not in index or end not in index:
            return NEVER
        return int(self._tables[profile][index[start], index[end]])

    def may_pass(self, kind: VehicleType, corridor: Corridor, way: Direction) -> bool:
        """Whether a type may pass a corridor empty or with anyone whom it may carry."""
        if self.ground.may_drive(kind, corridor, way):
            return True
        return (
            way is Direction.OUT
            and User.WOUNDED in corridor.users
            and any(self.seats(kind, g) for g in self.ground.case.groups.values() if g.is_medical)
            and way in corridor.directions
            and set(corridor.sides(way)) <= set(kind.sides)
            and self.ground.mines_allow(corridor, way)
            and self.ground.minutes(kind.id, *corridor.gates(way)) < NEVER
        )

    def seats(self, kind: VehicleType, group: Group) -> bool:
        """Whether people of a group may sit in a type's vehicles, companions of patients too."""
        wanted = {USE_OF[group.category]}
        if group.category is Category.PATIENTS:
            wanted.add(Use.PASSENGERS)
        return bool(kind.uses & wanted) and seats_planned(self.ground.case, kind) > 0

    def lies(self, kind: VehicleType, group: Group) -> bool:
        """Whether patients of a group may lie in a type's vehicles."""
        return group.is_medical and Use.WOUNDED in kind.uses and kind.stretchers > 0

    def carries(self, kind: VehicleType, group: Group) -> bool:
        """Whether anyone of a group may be in a type's vehicles."""
        return self.seats(kind, group) or self.lies(kind, group)

    def ends(self, group: Group) -> list[Site]:
        """Where a group's journey may end by the rules."""
        def allowed(site: Site) -> bool:
            if group.destinations:
                return site.id in group.destinations
            return site.kind in PEOPLE_END_HERE and not site.inside

        return [
            s for s in self.ground.case.sites.values()
            if allowed(s) and not s.inside
            and s.hospital_level >= group.hospital_level
            and (s.receives_unaccompanied or not group.unaccompanied)
        ]

    def set_downs(self, kind: VehicleType, group: Group) -> set[str]:
        """Sites where a type may set a group down: a journey's ends and all exchange points."""
        ends = self.ends(group)
        if not ends:
            return set()
        changes = [s for s in self.ground.case.sites.values() if s.kind is SiteKind.EXCHANGE]
        return {s.id for s in (*ends, *changes) if set(s.sides) & set(kind.sides)}

    def stores(self, kind: VehicleType) -> set[str]:
        """Sites where a type may take on aid: stocks and exchange points, outside."""
        if Use.AID not in kind.uses:
            return set()
        sites = self.ground.case.sites.values()
        found = {s.site for s in self.ground.case.stocks}
        found |= {s.id for s in sites if found and s.kind is SiteKind.EXCHANGE}
        return {s.id for s in sites
                if s.id in found and not s.inside and set(s.sides) & set(kind.sides)}
