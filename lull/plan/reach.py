"""What the rules let vehicles and people do at the most: wider than what the planner tries.

The bound must hold for every plan that keeps the rules, so it asks here and not the planner's
own tables: anyone may be driven, companions may ride in a bus of the same convoy, whoever names
no destination may go wherever people are received, and a vehicle may wait at a site on its way.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from lull.domain.corridor import Corridor, Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USE_OF
from lull.domain.people import Category, Group
from lull.domain.place import INSIDE, PEOPLE_END_HERE, Site, SiteKind
from lull.domain.supplies import Demand
from lull.plan.ground import Ground
from lull.plan.packing import seats_planned
from lull.plan.pools import NEVER


@frozen(eq=False)
class Gate:
    """A direction of a corridor that leads into the enclosed side or out of it."""

    corridor: Corridor
    way: Direction

    @property
    def inward(self) -> bool:
        """Whether it leads into the enclosed side."""
        return self.corridor.sides(self.way)[1] == INSIDE

    @property
    def first(self) -> str:
        """The gate that is entered."""
        return self.corridor.gates(self.way)[0]

    @property
    def far(self) -> str:
        """The gate that is left."""
        return self.corridor.gates(self.way)[1]


@define(eq=False)
class Reach:
    """The widest reading of the rules over one case."""

    ground: Ground

    @cached_property
    def _likely(self) -> dict[str, NDArray[np.int64]]:
        fleet = self.ground.case.fleet.values()
        return {kind.id: self._by_way_of_sites(kind, high=False) for kind in fleet}

    @cached_property
    def _high(self) -> dict[str, NDArray[np.int64]]:
        fleet = self.ground.case.fleet.values()
        return {kind.id: self._by_way_of_sites(kind, high=True) for kind in fleet}

    def _by_way_of_sites(self, kind: VehicleType, *, high: bool) -> NDArray[np.int64]:
        """Least minutes between all places, stopping at sites of its sides on the way.

        Corridors between two sides that are not enclosed count as ways too, without their queues.
        """
        case = self.ground.case
        places, index = case.travel.places, case.travel.index
        look = self.ground.high if high else self.ground.minutes
        table = np.array(
            [[look(kind.id, a, b) for b in places] for a in places],
            dtype=np.int64,
        ).reshape(len(places), len(places))
        between = set()
        for corridor in case.corridors.values():
            for way in corridor.directions:
                if INSIDE in corridor.sides(way):
                    continue
                a, b = (index[place] for place in corridor.gates(way))
                check = corridor.check(way).minutes_of(kind.id)
                table[a, b] += check.high if high else check.likely
                between |= {places[a], places[b]}
        for k, place in enumerate(places):
            on_the_way = place in case.sites and set(case.sites[place].sides) & set(kind.sides)
            if on_the_way or place in between:
                table = np.minimum(table, table[:, k : k + 1] + table[k : k + 1, :])
        return np.minimum(table, NEVER)

    def minutes(self, profile: str, start: str, end: str, *, high: bool = False) -> int:
        """Least minutes from place to place for a vehicle type, or NEVER."""
        if start == end:
            return 0
        index = self.ground.case.travel.index
        if start not in index or end not in index:
            return NEVER
        table = (self._high if high else self._likely)[profile]
        return int(table[index[start], index[end]])

    def gates(self) -> list[Gate]:
        """Every direction of every corridor that leads into or out of the enclosed side."""
        return [Gate(c, way) for c in self.ground.case.corridors.values()
                for way in sorted(c.directions) if INSIDE in c.sides(way)]

    # -- what crosses the line, or reaches its end, without a gate ------------------------

    @cached_property
    def _changes_inside(self) -> tuple[Site, ...]:
        return tuple(s for s in self.ground.case.sites.values()
                     if s.kind is SiteKind.EXCHANGE and INSIDE in s.sides)

    @cached_property
    def _over_the_line(self) -> bool:
        return any(not s.inside for s in self._changes_inside)

    def taken_on_at(self, group: Group) -> list[str]:
        """Sites on the enclosed side alone where people of a group may be taken on."""
        found = [group.site, *(s.id for s in self._changes_inside)]
        return [s for s in dict.fromkeys(found) if self.ground.site(s).inside]

    def changes_inside(self) -> bool:
        """Whether people or goods may change vehicles on the enclosed side."""
        return bool(self._changes_inside)

    def passes_no_gate(self, group: Group) -> bool:
        """Whether people of a group may arrive without passing a gate at all.

        They wait outside, or go to a place inside, or change vehicles at a place on both sides.
        Nothing is known of them then but how many there are.
        """
        sites = self.ground.case.sites
        goals = [sites[d] for d in group.destinations] or [
            s for s in sites.values() if s.kind in PEOPLE_END_HERE and not s.inside]
        return (not sites[group.site].inside or self._over_the_line
                or any(INSIDE in s.sides for s in goals))

    def comes_without_a_gate(self, line: Demand) -> bool:
        """Whether a need may be met without passing a gate: from stock inside, or outside it."""
        case = self.ground.case
        stocks = [case.sites[s.site] for s in case.stocks if s.item == line.item and s.units]
        return (not case.sites[line.site].inside or self._over_the_line
                or any(INSIDE in s.sides for s in stocks))

    def may_pass(self, kind: VehicleType, corridor: Corridor, way: Direction) -> bool:
        """Whether a type may pass a corridor empty or with anyone whom it may carry."""
        if self.ground.may_drive(kind, corridor, way):
            return True
        return (
            corridor.sides(way)[0] == INSIDE
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
        return {s.id for s in (*ends, *changes)
                if set(s.sides) & set(kind.sides) and not s.inside}

    def stores(self, kind: VehicleType) -> set[str]:
        """Sites where a type may take on aid: stocks and exchange points, outside."""
        if Use.AID not in kind.uses:
            return set()
        sites = self.ground.case.sites.values()
        found = {s.site for s in self.ground.case.stocks}
        found |= {s.id for s in sites if found and s.kind is SiteKind.EXCHANGE}
        return {s.id for s in sites
                if s.id in found and not s.inside and set(s.sides) & set(kind.sides)}
