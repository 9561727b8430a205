"""The rows that every feasible plan keeps, with whole vehicle days as columns that are priced.

People, goods and shares are columns between 0 and their largest value; what vehicles bring and
use stands in rows by name, to which the days of `pricing` add their coefficients.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define, field

from lull.domain.corridor import Corridor, Direction
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USER_OF
from lull.domain.people import Group, Means
from lull.domain.place import Site, SiteKind
from lull.domain.travel import FOOT, OWN_CAR
from lull.plan.aims import Aims
from lull.plan.ground import Ground
from lull.plan.pools import NEVER
from lull.plan.program import Column, Program
from lull.plan.proof.backward import load_by
from lull.plan.proof.capacity import HOUR, Capacities
from lull.plan.proof.grid import Grid
from lull.plan.proof.objectives import Objective, demand, objectives
from lull.plan.proof.pricing import Pricer
from lull.plan.proof.rounds import keys, row_of_goods, row_of_people, row_of_ride
from lull.plan.proof.ways import Ways
from lull.plan.reach import Gate, Reach
from lull.plan.remaining import places_taken

MANY_LINES = 8
"""A vehicle with more than so many seats to a stretcher counts its seats by place; others their
stretchers. What counts less goes along with any load."""

Terms = list[tuple[Column, float]]


@define(eq=False)
class Model:
    """One case: programme, capacities over time, and a pricer for each type of vehicle.

    `numbers` are vehicles by type; `aims` the objectives by tier, and the ceilings behind them.
    """

    ground: Ground
    reach: Reach
    program: Program = field(factory=Program)
    pricers: dict[str, Pricer] = field(factory=dict)
    objectives: list[Objective] = field(factory=list)
    _supply: dict[str, Terms] = field(factory=dict)

    @classmethod
    def of(cls, ground: Ground, reach: Reach) -> Model:
        """Build every row."""
        made = cls(ground, reach)
        for kind in ground.case.fleet.values():
            ways = Ways.of(ground, reach, kind)
            if not ways.idle:
                made._add(kind, ways)
        made._people()
        made._goods()
        for name, terms in made._supply.items():
            made.program.at_most(name, terms, 0.0)
        made._clock()
        made.objectives = objectives(made.program, Aims(ground.case))
        return made

    @cached_property
    def capacities(self) -> Capacities:
        """What is shared over time."""
        grid = Grid.of(self.ground.case, self._before())
        return Capacities.of(self.ground, grid, load_by(self.ground, self.reach, grid))

    def _before(self) -> int:
        """Minutes before the first window that a vehicle needs to be at a gate, laden."""
        case, most = self.ground.case, 0
        for kind in case.fleet.values():
            legs = [self.reach.minutes(kind.id, a, b) for a in case.travel.places
                    for b in case.travel.places]
            far = max((m for m in legs if m < NEVER), default=0)
            served = max((s.service_of(kind.id).likely for s in case.sites.values()), default=0)
            most = max(most, (2 if Use.AID in kind.uses else 1) * far + served)
        return most + 1

    @property
    def works(self) -> bool:
        """Whether days can be priced: nobody can drive rounds that take no time at all."""
        return not any(p.turns_in_no_time for p in self.pricers.values())

    @property
    def numbers(self) -> dict[str, int]:
        """Vehicles by type, of the types that can do anything."""
        return {name: self.ground.case.fleet[name].number for name in self.pricers}

    def _add(self, kind: VehicleType, ways: Ways) -> None:
        seats, lying = ways.room
        if not any(self.reach.lies(kind, g) for g in self.ground.case.groups.values()):
            lying = 0
        if not any(self.reach.seats(kind, g) for g in self.ground.case.groups.values()):
            seats = 0
        by_seat = seats > MANY_LINES * lying
        lead, ride = (seats, lying) if by_seat else (lying, seats)
        if Use.AID in kind.uses:
            lead = ride = 0
        self.pricers[kind.id] = Pricer(
            ways, self.capacities, float(lead), float(ride), kind.payload_t * 1000.0, not by_seat)

    # -- people ---------------------------------------------------------------------------

    def _people(self) -> None:
        at: dict[tuple[str, str], Terms] = {}
        for group in self.ground.case.groups.values():
            sat, lain = self._carried(group, at)
            if group.is_medical:
                self._patients(group, sat, lain)
            else:
                self._heads(group, sat, at)
        for site in self.ground.case.sites.values():
            for kind in ("seated", "stretcher", "critical"):
                limit = getattr(site, f"capacity_{kind}")
                if limit is not None and at.get((site.id, kind)):
                    self.program.at_most(f"{kind} places at {site.id}", at[site.id, kind],
                                         float(limit))

    def _carried(self, group: Group, at: dict[tuple[str, str], Terms]) -> tuple[Terms, Terms]:
        """Columns of those who sit and those who lie, by type, place and set-down."""
        p, sat, lain = self.program, Terms(), Terms()
        lying = places_taken(group, 0, 0)[0][0] if group.is_medical else ""
        onward: dict[tuple[str, bool], Terms] = {}
        for name, pricer in self.pricers.items():
            kind = self.ground.case.fleet[name]
            for lies, found, may, most in (
                (False, sat, self.reach.seats(kind, group), group.wishing - group.patients),
                (True, lain, self.reach.lies(kind, group), group.patients),
            ):
                if not may or not most:
                    continue
                if lies != pricer.leads_lying:
                    column = p.column(("along", name, group.id, lies), most)
                    self._supply.setdefault(row_of_ride(name), []).append((column, 1.0))
                    found.append((column, 1.0))
                    continue
                for pick in pricer.ways.picks:
                    if pick[1] is not USER_OF[group.category] \
                            or pick[0] not in self.reach.taken_on_at(group):
                        continue
                    for down in sorted(self.reach.set_downs(kind, group)):
                        column = p.column(("ride", name, group.id, pick[0], down, lies), most)
                        row = row_of_people(name, pick, down)
                        self._supply.setdefault(row, []).append((column, 1.0))
                        found.append((column, 1.0))
                        self._set_down(group, down, lying if lies else "seated",
                                       (column, 1.0), at, onward, lies)
        for (down, lies), terms in onward.items():
            self._onward(group, down, lying if lies else "seated", terms, at)
        return sat, lain

    def _set_down(
        self, group: Group, down: str, place: str, term: tuple[Column, float],
        at: dict[tuple[str, str], Terms], onward: dict[tuple[str, bool], Terms], lies: bool,
    ) -> None:
        site = self.ground.site(down)
        if site.kind is SiteKind.EXCHANGE and site not in self.reach.ends(group):
            onward.setdefault((down, lies), []).append(term)
        elif site.kind is not SiteKind.EXCHANGE:
            at.setdefault((down, place), []).append(term)

    def _onward(
        self, group: Group, change: str, place: str, terms: Terms, at: dict[tuple[str, str], Terms]
    ) -> None:
        """Those who change at an exchange point go on to an end, by vehicles not followed here."""
        ends = self.reach.ends(group)
        most = max(1.0, float(group.wishing))
        split: Terms = []
        for end in ends:
            column = self.program.column(("onward", group.id, change, end.id, place), most)
            split.append((column, -1.0))
            at.setdefault((end.id, place), []).append((column, 1.0))
        self.program.at_most(f"{group.id} onward from {change} ({place})", [*terms, *split], 0.0)

    def _heads(self, group: Group, sat: Terms, at: dict[tuple[str, str], Terms]) -> None:
        p = self.program
        persons = p.column(("persons", group.id), group.wishing)
        alone = self._alone(group)
        if alone:
            self._alone_at(group, alone, at)
        moved = [*sat, *alone]
        if self.reach.passes_no_gate(group):
            moved.append((p.column(("unseen", group.id), group.wishing), 1.0))
        p.at_most(f"persons of {group.id}", [(persons, 1.0), *((c, -v) for c, v in moved)], 0.0)

    def _patients(self, group: Group, sat: Terms, lain: Terms) -> None:
        """Whole households of patients: one lies, the others sit, perhaps in another vehicle."""
        p = self.program
        homes = [(p.column(("hh", group.id, size), number), size)
                 for size, number in group.households.items() if number]
        persons = p.column(("persons", group.id), group.wishing)
        patients = p.column(("patients", group.id), group.patients)
        if self.reach.passes_no_gate(group):
            lain = [*lain, (p.column(("unseen", group.id), group.patients), 1.0)]
            sat = [*sat, (p.column(("unseen with", group.id), group.wishing), 1.0)]
        p.at_most(f"persons of {group.id}", [(persons, 1.0), *((c, -float(s)) for c, s in homes)],
                  0.0)
        p.at_most(f"patients of {group.id}", [(patients, 1.0), *((c, -1.0) for c, _ in homes)],
                  0.0)
        p.at_most(f"{group.id} lie", [*((c, 1.0) for c, _ in homes), *((c, -v) for c, v in lain)],
                  0.0)
        with_them = [(c, s - 1.0) for c, s in homes if s > 1]
        if with_them:
            p.at_most(f"companions of {group.id} sit",
                      [*with_them, *((c, -v) for c, v in sat)], 0.0)

    # -- on foot and in private cars ------------------------------------------------------

    def _alone(self, group: Group) -> Terms:
        """Columns for those on foot and in their own cars, by corridor."""
        profile = {Means.ON_FOOT: FOOT, Means.OWN_CAR: OWN_CAR}.get(group.means)
        found: Terms = []
        if profile is None or group.unaccompanied or not group.wishing:
            return found
        for gate in self.reach.gates():
            c = gate.corridor
            if gate.way is not Direction.OUT or USER_OF[group.category] not in c.users:
                continue
            legs = (self.ground.minutes(profile, group.site, gate.first),
                    self.ground.minutes(profile, gate.first, gate.far))
            ends = self._ends_alone(group, gate, profile)
            on_foot = c.check(Direction.OUT).persons_per_hour or 0
            if max(legs) >= NEVER or not ends or (profile == FOOT and not on_foot):
                continue
            found.append((self.program.column(("alone", group.id, c.id), group.wishing), 1.0))
        return found

    def _ends_alone(self, group: Group, gate: Gate, profile: str) -> list[Site]:
        """Where those who leave alone by a gate may end; walkers may change to vehicles there."""
        side = gate.corridor.sides(gate.way)[1]
        if profile == FOOT and any(
                s.kind is SiteKind.EXCHANGE and side in s.sides
                and self.ground.minutes(profile, gate.far, s.id) < NEVER
                for s in self.ground.case.sites.values()):
            return self.reach.ends(group)
        return [e for e in self.reach.ends(group)
                if side in e.sides and self.ground.minutes(profile, gate.far, e.id) < NEVER]

    def _alone_at(self, group: Group, alone: Terms, at: dict[tuple[str, str], Terms]) -> None:
        ends = self.reach.ends(group)
        if all(e.capacity_seated is None for e in ends):
            return
        split: Terms = []
        for end in ends:
            column = self.program.column(("alone at", group.id, end.id), group.wishing)
            split.append((column, -1.0))
            at.setdefault((end.id, "seated"), []).append((column, 1.0))
        self.program.at_most(f"{group.id} alone to destinations", [*alone, *split], 0.0)

    def _groups_by(self, means: Means) -> list[Group]:
        return [g for g in self.ground.case.groups.values() if g.means is means]

    # -- goods ----------------------------------------------------------------------------

    def _goods(self) -> None:
        p, case = self.program, self.ground.case
        by_item: dict[str, Terms] = {}
        by_store: dict[tuple[str, str], Terms] = {}
        for n, line in enumerate(case.demands):
            kg, terms = case.items[line.item].kg, Terms()
            for name, pricer in self.pricers.items():
                ways = pricer.ways
                for store in ways.stores:
                    stocked = sum(s.units for s in case.stocks
                                  if (s.item, s.site) == (line.item, store))
                    change = self.ground.site(store).kind is SiteKind.EXCHANGE
                    if not stocked and not change:
                        continue
                    for site in ways.sites:
                        if site != line.site and \
                                self.ground.site(site).kind is not SiteKind.EXCHANGE:
                            continue
                        column = p.column(("goods", name, n, store, site), line.units)
                        terms.append((column, 1.0))
                        row = row_of_goods(name, store, site)
                        self._supply.setdefault(row, []).append((column, kg))
                        if not change:
                            by_store.setdefault((line.item, store), []).append((column, 1.0))
            if self.reach.comes_without_a_gate(line):
                terms.append((p.column(("unseen goods", n), line.units), 1.0))
            units = p.column(("units", n), line.units)
            p.at_most(f"units {n} of {line.item} at {line.site}",
                      [(units, 1.0), *((c, -v) for c, v in terms)], 0.0)
            by_item.setdefault(line.item, []).extend(terms)
        for (item, store), terms in by_store.items():
            stock = sum(s.units for s in case.stocks if (s.item, s.site) == (item, store))
            p.at_most(f"stock of {item} at {store}", terms, float(stock))
        for item, terms in by_item.items():
            stock = sum(s.units for s in case.stocks if s.item == item)
            p.at_most(f"stock of {item}", terms, float(stock))

    # -- what is shared over time ---------------------------------------------------------

    def _clock(self) -> None:
        """Rows of lanes, convoys, entries and bays, with the cars and walkers that use them."""
        cars: dict[str, Terms] = {}
        for corridor in self.ground.case.corridors.values():
            if Direction.OUT in corridor.directions:
                self._cars(corridor, cars)
                self._walkers(corridor)
        for blocks in self.capacities.rows.values():
            for block in blocks:
                self.program.at_most(block.name, cars.get(block.name, ()), block.limit)

    def _cars(self, corridor: Corridor, cars: dict[str, Terms]) -> None:
        groups = [(("alone", g.id, corridor.id), 1.0 / g.persons_per_car)
                  for g in self._groups_by(Means.OWN_CAR)
                  if ("alone", g.id, corridor.id) in self.program.columns]
        if not groups:
            return
        lanes, _, entries = keys(Gate(corridor, Direction.OUT))
        each = float(corridor.check(Direction.OUT).minutes_of(OWN_CAR).likely)
        most = sum(g.wishing for g in self._groups_by(Means.OWN_CAR))
        for key, weight in ((lanes, each), (entries, 1.0)):
            blocks = self.capacities.rows.get(key, ()) if weight else ()
            finest = [b for b in blocks if not any(
                b.start <= c.start and c.end <= b.end and c is not b for c in blocks)]
            if not finest:
                continue
            passed: Terms = []
            for block in finest:
                column = self.program.column(("cars", block.name), most)
                passed.append((column, -1.0))
                for wider in blocks:
                    if wider.start <= block.start and block.end <= wider.end:
                        cars.setdefault(wider.name, []).append((column, weight))
            self.program.at_most(f"cars of {corridor.id} by {key[0]}", [*groups, *passed], 0.0)

    def _walkers(self, corridor: Corridor) -> None:
        limit = corridor.check(Direction.OUT).persons_per_hour
        if limit is None:
            return
        walkers: Terms = [(("alone", g.id, corridor.id), 1.0)
                          for g in self._groups_by(Means.ON_FOOT)]
        usable = self.capacities.usable(corridor)
        minutes = np.flatnonzero(usable | np.r_[False, usable[:-1]])
        hours, until = 0, -1
        for minute in minutes.tolist():
            if minute >= until:
                hours, until = hours + 1, minute + HOUR
        self.program.at_most(f"on foot {corridor.id}", walkers, float(limit * hours))

    def reach_value(self, tier: int, value: float) -> str:
        """Adds the row that a tier reaches a value; gives its name."""
        return demand(self.program, tier, self.objectives[tier], value)


def loads_of(ground: Ground, reach: Reach) -> int:
    """How many kinds of load there are: places times set-downs, over all types."""
    total = 0
    for kind in ground.case.fleet.values():
        ways = Ways.of(ground, reach, kind)
        total += len(ways.picks) * len(ways.downs) + len(ways.stores) * len(ways.sites)
    return total
