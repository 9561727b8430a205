"""What no plan can exceed: vehicles, people and goods as fluid through the pause's capacities.

Every feasible plan, added up over its vehicles and its minutes, satisfies every row; so the
best value of the programme bounds the value of every plan. Kept: vehicle-minutes between first
entry and last exit, rounds a vehicle can finish, seats, stretchers and tonnes at each stop and
gate, lanes as occupied minutes, convoys an hour, vehicles and persons an hour, bays, places at
destinations, stock and need. `proof` knows the clock too; what both leave out is listed in
`NOT_IN_BOUND`.
"""

from __future__ import annotations

from attrs import define

from lull.domain.corridor import Direction
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USER_OF
from lull.domain.people import Group, Means
from lull.domain.place import INSIDE
from lull.domain.travel import FOOT, OWN_CAR
from lull.plan.beyond import serves_onward
from lull.plan.carrying import carry_in, carry_out
from lull.plan.ground import Ground
from lull.plan.packing import seats_planned
from lull.plan.pools import NEVER
from lull.plan.program import Column, Program
from lull.plan.reach import Reach
from lull.plan.remaining import places_taken

NOT_IN_BOUND = (
    "households are kept whole",
    "a convoy waits for the last of its vehicles",
    "holding, waiting and crowd limits",
    "room in the vehicles that go back for who is refused",
    "fleets beyond an exchange point and fleets that live inside",
    "linked corridors",
    "crews' hours by the clock",
    "stock that is ready late",
    "two routes a driver and half a page of orders",
)
"""Rules of a plan that neither bound knows; each can only make plans worse."""


MOST_LEGS = 100_000
"""Legs of all types up to which vehicles are followed from leg to leg."""


@define(eq=False)
class Relaxation:
    """The rows of one case; `tiers` adds the objectives.

    In the largest cases `light` leaves out who drives from where to where: stops, passings, minutes
    and rounds remain, so the bound holds and is weaker.
    """

    ground: Ground
    program: Program
    reach: Reach
    light: bool = False

    @classmethod
    def of(cls, ground: Ground) -> Relaxation:
        """Build all rows."""
        made = cls(ground, Program(), Reach(ground))
        gates = 2 * len(ground.case.corridors)
        made.light = sum(
            (len(made.inside_sites(k)) + gates) ** 2 + (len(made.outside_sites(k)) + gates) ** 2
            for k in ground.case.fleet.values()) > MOST_LEGS
        for kind in ground.case.fleet.values():
            if kind.number and not serves_onward(ground, kind) and kind.sides != (INSIDE,):
                made.vehicle_rows(kind)
        made.alone_rows()
        made.people_rows()
        made.place_rows()
        made.goods_rows()
        made.gate_rows()
        made.bay_rows()
        return made

    # -- what a type can do ---------------------------------------------------------------

    def spells(self, kind: VehicleType) -> list[int]:
        """For each window the minutes between the earliest entry and the latest exit."""
        found = []
        for w in self.ground.case.pause.windows:
            opens, closes = w.opens, w.closes - self.ground.case.pause.rules.margin
            if kind.available_from is not None:
                opens = max(opens, kind.available_from)
            if self.ground.case.pause.notice is not None:
                opens = max(opens, self.ground.case.pause.notice + kind.mobilise)
            if kind.available_to is not None:
                closes = min(closes, kind.available_to)
            length = max(0, closes - opens)
            found.append(length if kind.crew_duty is None else min(length, kind.crew_duty))
        return found

    def passes(self, kind: VehicleType) -> float:
        """More than all vehicles of a type could drive any leg in whole minutes."""
        return float(kind.number * (sum(self.spells(kind)) + 1))

    def gates(self, kind: VehicleType, way: Direction) -> list[str]:
        """Corridors that a type may pass."""
        return [c.id for c in self.ground.case.corridors.values()
                if self.reach.may_pass(kind, c, way)]

    def passing(self, kind: VehicleType, corridor: str, way: Direction) -> int:
        """Minutes in the check and through."""
        c = self.ground.case.corridors[corridor]
        return c.check(way).minutes_of(kind.id).likely + self.ground.minutes(kind.id, *c.gates(way))

    def inside_sites(self, kind: VehicleType) -> list[str]:
        """Sites inside where a type may take on people or set down aid."""
        sites = {g.site for g in self.ground.case.groups.values() if self.reach.carries(kind, g)}
        if Use.AID in kind.uses:
            sites |= {d.site for d in self.ground.case.demands}
        return sorted(s for s in sites if self.ground.site(s).inside)

    def outside_sites(self, kind: VehicleType) -> list[str]:
        """Sites outside where a type may set people down or load aid, and its base."""
        sites = {kind.base}
        for group in self.ground.case.groups.values():
            if self.reach.carries(kind, group):
                sites |= self.reach.set_downs(kind, group)
        sites |= self.reach.stores(kind)
        return sorted(s for s in sites if not self.ground.site(s).inside)

    def vehicle_rows(self, kind: VehicleType) -> None:
        """Where a type's vehicles go: flows between places, and their minutes."""
        p, most = self.program, self.passes(kind)
        entries, exits = self.gates(kind, Direction.IN), self.gates(kind, Direction.OUT)
        inside, outside = self.inside_sites(kind), self.outside_sites(kind)
        minutes: list[tuple[Column, float]] = []
        for way, names in ((Direction.IN, entries), (Direction.OUT, exits)):
            for c in names:
                column = p.column(("pass", kind.id, c, way), most)
                minutes.append((column, self.passing(kind, c, way)))
        corridors = self.ground.case.corridors
        near = sorted({corridors[c].gates(Direction.IN)[1] for c in entries}
                      | {corridors[c].gates(Direction.OUT)[0] for c in exits})
        far = sorted({corridors[c].gates(Direction.IN)[0] for c in entries}
                     | {corridors[c].gates(Direction.OUT)[1] for c in exits})
        balance: dict[str, list[tuple[Column, float]]] = {}
        for nodes in ([*inside, *near], [*outside, *far]):
            minutes += [] if self.light else self._legs(kind, nodes, balance)
        self._pass_balance(kind, entries, exits, balance)
        spells = self.spells(kind)
        times = kind.number * sum(1 for s in spells if s > 0)
        for c in entries:
            column = p.column(("first", kind.id, c), times)
            balance.setdefault(corridors[c].gates(Direction.IN)[0], []).append((column, 1.0))
        for c in exits:
            column = p.column(("last", kind.id, c), times)
            balance.setdefault(corridors[c].gates(Direction.OUT)[1], []).append((column, -1.0))
        for name, terms in balance.items():
            if not self.light:
                p.equal(f"{kind.id} in and out of {name}", terms)
        for place in (*inside, *outside):
            stop = p.column(("stop", kind.id, place), most)
            minutes.append((stop, self.ground.site(place).service_of(kind.id).likely))
            arrivals = [(c, -v) for c, v in balance.get(place, ()) if v > 0]
            if not self.light:
                p.at_most(f"{kind.id} stops at {place}", [(stop, 1.0), *arrivals], 0.0)
        p.at_most(f"{kind.id} enters first", [(("first", kind.id, c), 1.0) for c in entries], times)
        p.at_most(f"minutes of {kind.id}", minutes, float(kind.number * sum(spells)))

    def _legs(
        self, kind: VehicleType, nodes: list[str], balance: dict[str, list[tuple[Column, float]]]
    ) -> list[tuple[Column, float]]:
        minutes: list[tuple[Column, float]] = []
        for a in nodes:
            for b in nodes:
                leg = self.reach.minutes(kind.id, a, b)
                if a == b or leg >= NEVER:
                    continue
                column = self.program.column(("leg", kind.id, a, b), self.passes(kind))
                minutes.append((column, float(leg)))
                balance.setdefault(a, []).append((column, -1.0))
                balance.setdefault(b, []).append((column, 1.0))
        return minutes

    def _pass_balance(
        self, kind: VehicleType, entries: list[str], exits: list[str],
        balance: dict[str, list[tuple[Column, float]]],
    ) -> None:
        for way, names in ((Direction.IN, entries), (Direction.OUT, exits)):
            for c in names:
                first, last = self.ground.case.corridors[c].gates(way)
                column = ("pass", kind.id, c, way)
                balance.setdefault(first, []).append((column, -1.0))
                balance.setdefault(last, []).append((column, 1.0))

    # -- the quickest round, for what a vehicle can finish ---------------------------------

    def first_out(self, kind: VehicleType, site: str, corridor: str) -> int:
        """Least minutes from entering any gate, by a stop at a site, to the check of an exit."""
        case = self.ground.case
        entry = min(
            (self.passing(kind, e, Direction.IN)
             + self.reach.minutes(kind.id, case.corridors[e].gates(Direction.IN)[1], site)
             for e in self.gates(kind, Direction.IN)),
            default=NEVER,
        )
        service = self.ground.site(site).service_of(kind.id).likely
        gate = case.corridors[corridor].gates(Direction.OUT)[0]
        return min(NEVER, entry + service + self.reach.minutes(kind.id, site, gate))

    def rounds(self, kind: VehicleType) -> int:
        """The most rounds with a load that one vehicle can finish over all windows."""
        case = self.ground.case
        exits = self.gates(kind, Direction.OUT)
        inside = self.inside_sites(kind)
        first = min(
            (self.first_out(kind, s, c) + self.passing(kind, c, Direction.OUT)
             for s in inside for c in exits),
            default=NEVER,
        )
        back = min(
            (self.reach.minutes(kind.id, case.corridors[c].gates(Direction.OUT)[1], site)
             + self.ground.site(site).service_of(kind.id).likely
             + self.reach.minutes(kind.id, site, case.corridors[e].gates(Direction.IN)[0])
             for site in self.outside_sites(kind) if site != kind.base or len(inside) == 0
             or self._turns_at(kind, site)
             for c in exits for e in self.gates(kind, Direction.IN)),
            default=NEVER,
        )
        if first >= NEVER:
            return 0
        if first + back == 0:
            return sum(g.wishing for g in case.groups.values()) + sum(d.units for d in case.demands)
        total = 0
        for spell in self.spells(kind):
            if spell >= first:
                total += 1 + (int((spell - first) // (first + back)) if back < NEVER else 0)
        return total

    def _turns_at(self, kind: VehicleType, site: str) -> bool:
        """Whether a vehicle may load or set down at a site, so that a round turns there."""
        if site in self.reach.stores(kind):
            return True
        return any(
            site in self.reach.set_downs(kind, g)
            for g in self.ground.case.groups.values()
            if self.reach.carries(kind, g)
        )

    # -- people ---------------------------------------------------------------------------

    def served_by(self, group: Group) -> list[VehicleType]:
        """Types with rows that stop where a group waits."""
        return [k for k in self.ground.case.fleet.values()
                if ("stop", k.id, group.site) in self.program.columns and self.reach.ends(group)]

    def alone_rows(self) -> None:
        """Columns for those on foot and in their own cars."""
        for group in self.ground.case.groups.values():
            profile = {Means.ON_FOOT: FOOT, Means.OWN_CAR: OWN_CAR}.get(group.means)
            if profile is None or group.unaccompanied or not self.reach.ends(group):
                continue
            for c in self.ground.case.crossings_for(USER_OF[group.category], Direction.OUT):
                first, last = c.gates(Direction.OUT)
                legs = (self.ground.minutes(profile, group.site, first),
                        self.ground.minutes(profile, first, last))
                on_foot = c.check(Direction.OUT).persons_per_hour or 0
                if max(legs) >= NEVER or (profile == FOOT and not on_foot):
                    continue
                self.program.column(("alone", group.id, c.id), group.wishing)

    def people_rows(self) -> None:
        """Who is carried by what: heads by group, within seats and stretchers."""
        p = self.program
        sit: dict[str, list[tuple[str, str, Column, float]]] = {}
        lie: dict[str, list[tuple[str, str, Column, float]]] = {}
        for group in self.ground.case.groups.values():
            user = USER_OF[group.category].value
            seated: list[Column] = []
            lying: list[Column] = []
            for kind in self.served_by(group):
                if self.reach.seats(kind, group):
                    column = p.column(("sit", kind.id, group.id), group.wishing - group.patients)
                    seated.append(column)
                    sit.setdefault(kind.id, []).append((group.site, user, column, 1.0))
                if self.reach.lies(kind, group):
                    column = p.column(("lie", kind.id, group.id), group.patients)
                    lying.append(column)
                    lie.setdefault(kind.id, []).append((group.site, user, column, 1.0))
            if group.is_medical:
                self._patients(group, seated, lying)
            else:
                self._heads(group, seated)
        for kind in self.ground.case.fleet.values():
            if kind.id in sit:
                each = float(seats_planned(self.ground.case, kind))
                self._carried(kind, sit[kind.id], each, "seats")
            if kind.id in lie:
                self._carried(kind, lie[kind.id], float(kind.stretchers), "stretchers")

    def unseen(self, group: Group) -> bool:
        """Whether people of a group may arrive by ways that no row here follows."""
        return self.reach.passes_no_gate(group) or self.reach.changes_inside()

    def _heads(self, group: Group, seated: list[Column]) -> None:
        """Persons of a group that leave, driven or alone; no more than wish to."""
        p = self.program
        persons = p.column(("persons", group.id), group.wishing)
        alone = [("alone", group.id, c) for c in self.ground.case.corridors
                 if ("alone", group.id, c) in p.columns]
        moved: list[tuple[Column, float]] = [(c, 1.0) for c in (*seated, *alone)]
        if self.unseen(group):
            moved.append((p.column(("unseen", group.id), group.wishing), 1.0))
        p.at_most(f"persons of {group.id}", [(persons, 1.0), *((c, -v) for c, v in moved)], 0.0)
        p.at_most(f"{group.id} wishes", moved, float(group.wishing))

    def _patients(self, group: Group, seated: list[Column], lying: list[Column]) -> None:
        """Whole households of patients: one lies, the others sit, perhaps in another vehicle."""
        p = self.program
        sizes = {s: n for s, n in group.households.items() if n}
        homes = [(p.column(("hh", group.id, size), number), size)
                 for size, number in sizes.items()]
        persons = p.column(("persons", group.id), group.wishing)
        patients = p.column(("patients", group.id), group.patients)
        p.at_most(f"persons of {group.id}", [(persons, 1.0), *((c, -float(s)) for c, s in homes)],
                  0.0)
        p.at_most(f"patients of {group.id}", [(patients, 1.0), *((c, -1.0) for c, _ in homes)],
                  0.0)
        if self.unseen(group):
            lying = [*lying, p.column(("unseen", group.id), group.patients)]
            seated = [*seated, p.column(("unseen with", group.id), group.wishing)]
        p.at_most(f"{group.id} lie", [*((c, 1.0) for c, _ in homes),
                                      *((c, -1.0) for c in lying)], 0.0)
        p.at_most(f"companions of {group.id} sit", [*((c, s - 1.0) for c, s in homes),
                                                    *((c, -1.0) for c in seated)], 0.0)

    def _carried(
        self, kind: VehicleType, heads: list[tuple[str, str, Column, float]], each: float,
        what: str,
    ) -> None:
        p, case = self.program, self.ground.case
        exits = self.gates(kind, Direction.OUT)
        for site in sorted({h[0] for h in heads}):
            here = [(c, v) for s, _, c, v in heads if s == site]
            p.at_most(f"{what} of {kind.id} at {site}",
                      [*here, (("stop", kind.id, site), -each)], 0.0)
        for user in sorted({h[1] for h in heads}):
            open_to = [c for c in exits if user in case.corridors[c].users]
            through = [(("pass", kind.id, c, Direction.OUT), -each) for c in open_to]
            p.at_most(f"{what} of {kind.id} through gates for {user}",
                      [*((c, v) for _, u, c, v in heads if u == user), *through], 0.0)
        everyone = [(c, v) for _, _, c, v in heads]
        turns = [s for s in self.outside_sites(kind) if self._turns_at(kind, s)]
        if not self.light:
            carry_out(self.ground, p, kind, what, each, [(s, c, v) for s, _, c, v in heads], exits,
                      turns)
        p.at_most(f"rounds of {kind.id} ({what})", everyone,
                  each * kind.number * self.rounds(kind))

    def place_rows(self) -> None:
        """Places at destinations by kind of need."""
        limited = [s for s in self.ground.case.sites.values() if not s.inside and (
            s.capacity_seated is not None or s.capacity_stretcher is not None
            or s.capacity_critical is not None)]
        if not limited:
            return
        p = self.program
        for group in self.ground.case.groups.values():
            lying = places_taken(group, 0, 0)[0][0] if group.is_medical else ""
            split = []
            for site in self.reach.ends(group):
                split.append((p.column(("at", group.id, site.id, "all"), group.wishing), -1.0))
            if self.unseen(group):
                split.append((p.column(("elsewhere", group.id), group.wishing), -1.0))
            p.at_most(f"{group.id} to destinations", [(("persons", group.id), 1.0), *split], 0.0)
            if lying:
                bed = [(p.column(("at", group.id, s.id, lying), group.patients), -1.0)
                       for s in self.reach.ends(group)]
                if self.unseen(group):
                    bed.append((p.column(("elsewhere", group.id), group.wishing), -1.0))
                p.at_most(f"{group.id} to beds", [(("patients", group.id), 1.0), *bed], 0.0)
        for site in limited:
            self._limit_at(site.id, "stretcher", site.capacity_stretcher)
            self._limit_at(site.id, "critical", site.capacity_critical)
            if site.capacity_seated is not None:
                terms: list[tuple[Column, float]] = [
                    (("at", g.id, site.id, "all"), 1.0)
                    for g in self.ground.case.groups.values() if not g.is_medical]
                p.at_most(f"seated places at {site.id}", terms, float(site.capacity_seated))

    def _limit_at(self, site: str, kind: str, limit: int | None) -> None:
        if limit is not None:
            terms = [(("at", g.id, site, kind), 1.0) for g in self.ground.case.groups.values()]
            self.program.at_most(f"{kind} places at {site}", terms, float(limit))

    # -- goods ----------------------------------------------------------------------------

    def goods_rows(self) -> None:
        """Units by line of need and type, within stock, need and payload."""
        p, case = self.program, self.ground.case
        trucks = [k for k in case.fleet.values() if Use.AID in k.uses]
        carried: dict[str, list[tuple[str, Column, float]]] = {}
        by_item: dict[str, list[tuple[Column, float]]] = {}
        for n, line in enumerate(case.demands):
            terms: list[tuple[Column, float]] = []
            for kind in trucks:
                if ("stop", kind.id, line.site) not in p.columns:
                    continue
                column = p.column(("goods", kind.id, n), line.units)
                terms.append((column, 1.0))
                weighed = (line.site, column, case.items[line.item].kg)
                carried.setdefault(kind.id, []).append(weighed)
            if self.reach.comes_without_a_gate(line) or self.reach.changes_inside():
                terms.append((p.column(("unseen goods", n), line.units), 1.0))
            units = p.column(("units", n), line.units)
            p.at_most(f"units of {line.item} at {line.site}",
                      [(units, 1.0), *((c, -1.0) for c, _ in terms)], 0.0)
            p.at_most(f"need of {line.item} at {line.site}", terms, float(line.units))
            by_item.setdefault(line.item, []).extend(terms)
        for item, terms in by_item.items():
            stock = sum(s.units for s in case.stocks if s.item == item)
            p.at_most(f"stock of {item}", terms, float(stock))
        for kind_id, loads in carried.items():
            self._payload(case.fleet[kind_id], loads)

    def _payload(self, kind: VehicleType, loads: list[tuple[str, Column, float]]) -> None:
        p, case, each = self.program, self.ground.case, kind.payload_t * 1000.0
        for site in sorted({s for s, _, _ in loads}):
            p.at_most(f"payload of {kind.id} at {site}",
                      [*((c, kg) for s, c, kg in loads if s == site),
                       (("stop", kind.id, site), -each)], 0.0)
        everything = [(c, kg) for _, c, kg in loads]
        gates = [c for c in self.gates(kind, Direction.IN) if "aid" in case.corridors[c].users]
        stores = sorted(self.reach.stores(kind))
        if not self.light:
            carry_in(self.ground, p, kind, "payload", each, loads, gates, stores)
        p.at_most(f"rounds of {kind.id} (payload)", everything,
                  each * kind.number * self.rounds(kind))

    # -- gates and bays -------------------------------------------------------------------

    def usable(self, corridor: str, way: Direction) -> list[int]:
        """Minutes of each spell in which the check of a direction can be of any use."""
        case = self.ground.case
        c = case.corridors[corridor]
        early, late = self._earliest_out(corridor), self._least_rest(corridor)
        through = self._least_through(corridor)
        spells = []
        for w in case.pause.windows:
            opens, closes = w.opens, w.closes - case.pause.rules.margin
            if way is Direction.OUT:
                opens, closes = opens + early, closes - through
            else:
                closes -= late
            hours = c.open_hours or (w,)
            spells += [min(closes, h.closes) - max(opens, h.opens) for h in hours]
        return [spell for spell in spells if spell >= 0]

    def before_the_margin(self) -> int:
        """Minutes of all windows, each without the margin at its end."""
        pause = self.ground.case.pause
        return sum(max(0, w.minutes - pause.rules.margin) for w in pause.windows)

    def _kinds(self) -> list[VehicleType]:
        return [k for k in self.ground.case.fleet.values()
                if any(col[0] == "first" and col[1] == k.id for col in self.program.columns
                       if isinstance(col, tuple))]

    def _earliest_out(self, corridor: str) -> int:
        c = self.ground.case.corridors[corridor]
        gate = c.gates(Direction.OUT)[0]
        times = [self.first_out(k, s, corridor) for k in self._kinds() for s in self.inside_sites(k)
                 if corridor in self.gates(k, Direction.OUT)]
        times += [self.ground.minutes(OWN_CAR, g.site, gate)
                  for g in self.ground.case.groups.values() if g.means is Means.OWN_CAR]
        return min([t for t in times if t < NEVER], default=0)

    def _least_rest(self, corridor: str) -> int:
        case = self.ground.case
        gate = case.corridors[corridor].gates(Direction.IN)[1]
        times = []
        for k in self._kinds():
            if corridor not in self.gates(k, Direction.IN):
                continue
            through = self.ground.minutes(k.id, *case.corridors[corridor].gates(Direction.IN))
            for e in self.gates(k, Direction.OUT):
                first = case.corridors[e].gates(Direction.OUT)[0]
                out = self.passing(k, e, Direction.OUT)
                times += [through + out + self.reach.minutes(k.id, gate, s)
                          + self.ground.site(s).service_of(k.id).likely
                          + self.reach.minutes(k.id, s, first) for s in self.inside_sites(k)]
                times.append(through + out + self.reach.minutes(k.id, gate, first))
        return min([t for t in times if t < NEVER], default=0)

    def _least_through(self, corridor: str) -> int:
        ends = self.ground.case.corridors[corridor].gates(Direction.OUT)
        profiles = [*(k.id for k in self._kinds()), OWN_CAR]
        times = [self.ground.minutes(name, *ends) for name in profiles]
        return min([t for t in times if t < NEVER], default=0)

    def gate_rows(self) -> None:
        """Lanes as occupied minutes, convoys, vehicles and persons an hour."""
        for c in self.ground.case.corridors.values():
            pooled: list[tuple[Column, float]] = []
            for way in sorted(c.directions):
                busy = self._busy(c.id, way)
                usable = self.usable(c.id, way)
                if c.shared_lanes:
                    pooled += busy
                else:
                    self.program.at_most(f"lanes {way.value} of {c.id}", busy,
                                         float(c.lanes(way) * sum(usable)))
                self._rates(c.id, way, usable)
            if c.shared_lanes:
                self.program.at_most(
                    f"lanes of {c.id}", pooled,
                    float(c.lanes(Direction.OUT) * self.before_the_margin()))

    def _busy(self, corridor: str, way: Direction) -> list[tuple[Column, float]]:
        check = self.ground.case.corridors[corridor].check(way)
        terms: list[tuple[Column, float]] = [
            (("pass", k.id, corridor, way), float(check.minutes_of(k.id).likely))
            for k in self.ground.case.fleet.values()]
        if way is Direction.OUT:
            each = check.minutes_of(OWN_CAR).likely
            terms += [(("alone", g.id, corridor), each / g.persons_per_car)
                      for g in self.ground.case.groups.values() if g.means is Means.OWN_CAR]
        return terms

    def _rates(self, corridor: str, way: Direction, usable: list[int]) -> None:
        p, c = self.program, self.ground.case.corridors[corridor]
        vehicles: list[tuple[Column, float]] = [
            (("pass", k.id, corridor, way), 1.0) for k in self.ground.case.fleet.values()]
        windows = len(self.ground.case.pause.windows)
        if c.convoy.largest is not None and c.convoy.headway:
            convoys = sum(1 + spell // c.convoy.headway for spell in usable)
            p.at_most(f"convoys {way.value} of {corridor}", vehicles,
                      float(c.convoy.largest * convoys))
        check = c.check(way)
        if check.vehicles_per_hour is not None:
            hours = sum(1 + spell // 60 for spell in usable)
            p.at_most(f"vehicles an hour {way.value} of {corridor}", vehicles,
                      float(check.vehicles_per_hour * hours))
        if way is Direction.OUT and check.persons_per_hour is not None:
            walkers: list[tuple[Column, float]] = [
                (("alone", g.id, corridor), 1.0)
                for g in self.ground.case.groups.values() if g.means is Means.ON_FOOT]
            hours = sum(w.minutes for w in self.ground.case.pause.windows) // 60 + windows
            p.at_most(f"on foot {corridor}", walkers, float(check.persons_per_hour * hours))

    def bay_rows(self) -> None:
        """Bays as occupied minutes within the windows."""
        whole = self.before_the_margin()
        for site in self.ground.case.sites.values():
            if site.bays is None:
                continue
            terms: list[tuple[Column, float]] = [
                (("stop", k.id, site.id), float(site.service_of(k.id).likely))
                for k in self.ground.case.fleet.values()]
            self.program.at_most(f"bays of {site.id}", terms, float(site.bays * whole))
