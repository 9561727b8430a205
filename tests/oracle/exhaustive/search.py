"""Going through every set of rounds, every load and every party, and asking the rules."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from lull.domain.case import Case
from lull.domain.fleet import type_of
from lull.domain.place import INSIDE, SiteKind
from lull.domain.plan import By
from lull.domain.rules import judge
from tests.oracle.exhaustive.front import Found, Point, worth
from tests.oracle.exhaustive.loads import Load, Loads
from tests.oracle.exhaustive.parties import Batch, Parties
from tests.oracle.exhaustive.rounds import Option, Rounds, Route, Team, entered, minutes
from tests.oracle.exhaustive.writing import (
    Driven,
    Mode,
    NotPossible,
    Writer,
    earliest,
    nearest,
)

MOST_NODES = 2000
MOST_JUDGED = 200
MOST_REFUSED = 40
"""Loads of one set of rounds that are tried in vain."""

MOST_TRIED = 4000
"""Plans begun, whether they could be written out or not."""

MOST_IN_PART = 400
"""Sets of rounds that are looked at, and plans begun, where not all can be tried anyway and a part
is enough: what is found there can pass a bound, but be the best of all only by chance."""

MOST_WAYS = 24
"""Ways of sharing the same total among the same rounds that are tried where it matters."""

WHATEVER_THE_LOAD = frozenset({
    "convoy_headway", "crew_duty", "routes_per_driver", "orders_fit_half_page", "fleet_available",
    "checkpoint_throughput", "last_safe_departure", "nobody_inside_at_end",
})
"""Rules that rounds break or keep whatever the vehicles carry, where there are no cars."""


def everything(case: Case, *, nodes: int = MOST_NODES, judged: int = MOST_JUDGED,
               in_part: bool = False) -> Found:
    """The best of a tiny case. Stops at so many sets of rounds and plans judged, and says so; in
    part: much sooner where the search leaves out something in any case."""
    return _Search(case, nodes, judged).run(in_part=in_part)


@dataclass
class Vehicle:
    """Where a vehicle is free, and since when it is on duty."""

    place: str
    free: int
    since: int | None = None
    routes: frozenset[tuple[str, Route]] = frozenset()
    """Local dates and the routes driven on them."""


Label = int
"""The number of a route with a team: rounds of one label may carry the same."""

Shares = tuple[Load, ...]
"""A load for each batch, then for each round in the order of their labels."""


@dataclass
class _State:
    vehicles: dict[str, Vehicle]
    driven: list[tuple[Option, tuple[str, ...]]] = field(default_factory=list)
    held: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    starts: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))


class _Search:
    def __init__(self, case: Case, nodes: int, judged: int) -> None:
        self.case, self.most_nodes, self.most_judged = case, nodes, judged
        self.loads = Loads(case)
        self.parties = Parties(case, self.loads)
        self.batches = self.parties.batches()
        self.options = Rounds(case).options()
        kinds = list(dict.fromkeys(o.label for o in self.options))
        self.kinds: list[tuple[Route, Team]] = kinds
        number = {label: n for n, label in enumerate(kinds)}
        self._label: dict[Option, Label] = {o: number[o.label] for o in self.options}
        self.found = Found()
        self.broken: Counter[str] = Counter()
        self._totals: dict[tuple[Label, ...], dict[Load, list[Shares]]] = {}
        self._worth: dict[Load, Point] = {}
        self._hopes: dict[tuple[tuple[Label, ...], Team], list[Point]] = {}
        self._settled: set[tuple[Label, ...]] = set()
        self._last = self._latest()
        self.tried, self.most_tried = 0, MOST_TRIED
        self.shares_matter = self._shares_matter()
        self.utopia = self._utopia()

    def _shares_matter(self) -> bool:
        """Whether the same total may be possible in one way of sharing it and not in another."""
        case = self.case
        crowded = any(s.crowd_limit is not None and s.call for s in case.sites.values())
        linked = any(c.link for c in case.corridors.values())
        late = case.pause.notice is not None and any(s.ready for s in case.stocks)
        exchange = any(s.kind is SiteKind.EXCHANGE for s in case.sites.values())
        cars = any(b.by is By.OWN_CAR for b in self.batches)
        return crowded or linked or late or exchange or cars or case.pause.rules.return_share > 0

    def _utopia(self) -> Point:
        """What everybody and everything would be worth, one column after the other."""
        best = []
        for n in range(len(self.loads.columns)):
            many = 0
            while self.loads.allowed(tuple((many + 1) * (n == m)
                                           for m in range(len(self.loads.columns)))):
                many += 1
            best.append(many)
        return worth(self.case, self.loads.arrived(tuple(best)))

    # --- running -------------------------------------------------------------------------
    def run(self, *, in_part: bool = False) -> Found:
        """Try everything, or only a part of it where it is no more than a part anyway."""
        first = {
            kind.vehicle(n): Vehicle(kind.base, earliest(self.case, kind))
            for kind in self.case.fleet.values() for n in range(1, kind.number + 1)
        }
        self.found.why += self._not_tried()
        if in_part and self.found.why:
            self.most_nodes, self.most_tried = MOST_IN_PART, MOST_IN_PART
        self._look(_State(first))
        self._deeper(_State(first), 0)
        if not self.found.points:
            raise AssertionError("a plan in which nothing moves must keep every rule")
        return self.found

    def _not_tried(self) -> list[str]:
        """What the search leaves out in this case, so that it may miss the best plan."""
        case = self.case
        enter = sum(k.number for k in case.fleet.values()
                    if INSIDE in k.sides and len(k.sides) > 1)
        alone = enter <= 1 or all(c.convoy.largest == 1 for c in case.corridors.values())
        many = enter > 1
        walk = {b.by for b in self.batches}
        feet = [g for g in case.groups.values() if g.means.value == "on_foot" and g.wishing]
        said = {
            "vehicles that come in apart and leave together": not alone,
            "minutes of service between the earliest and the latest":
                many and any(s.bays or (s.crowd_limit is not None and s.call)
                             for s in case.sites.values()),
            "every way of using the second fleet":
                any(s.kind is SiteKind.EXCHANGE for s in case.sites.values()),
            "every minute at which a car may enter": By.OWN_CAR in walk,
            "walkers of several sizes and distances":
                By.FOOT in walk and (len(feet) > 1 or set(feet[0].households) != {1}),
            "every way of keeping seats for returns": case.pause.rules.return_share > 0,
            "every minute of rounds within a side, and households parted there": any(
                not o.gates or INSIDE not in case.corridors[o.gates[0].corridor].sides(
                    o.gates[0].way) for o in self.options) or any(
                INSIDE in case.sites[d].sides for g in case.groups.values()
                for d in g.destinations),
        }
        return [what for what, missing in said.items() if missing]

    def _full(self) -> bool:
        return (self.found.nodes >= self.most_nodes or self.found.judged >= self.most_judged
                or self.tried >= self.most_tried)

    def _deeper(self, state: _State, since: int) -> None:
        soonest: dict[str, int] = {}
        for name, vehicle in state.vehicles.items():
            kind = type_of(name)
            soonest[kind] = min(vehicle.free, soonest.get(kind, vehicle.free))
        late = self.case.pause.rules.slot
        for index in range(since, len(self.options)):
            option = self.options[index]
            if any(soonest[kind] > option.begins + late for kind in option.team):
                continue
            if not self._free(state, option):
                continue
            for vehicles in self._choices(state, option):
                if not self.found.improves(self.utopia):
                    return
                if self._full():
                    if "all sets of rounds" not in self.found.why:
                        self.found.why.append("all sets of rounds")
                    return
                after = self._with(state, option, vehicles)
                if not self._promising(after, option.begins):
                    continue
                self.found.nodes += 1
                self._look(after)
                self._deeper(after, index)

    # --- what may still come -------------------------------------------------------------
    def _latest(self) -> dict[tuple[str, int], tuple[int, int, int]]:
        """By type and window: first and last slot of a round, and the least minutes between two."""
        found: dict[tuple[str, int], tuple[int, int, int]] = {}
        begin = {(k, entered(self.case, o.route[0])) for o in self.options for k in o.team}
        for option in self.options:
            for n, kind in enumerate(option.team):
                place, free = option.ends[n]
                ways = [minutes(self.case, kind, place, at) for k, at in begin if k == kind]
                back = min((way for way in ways if way is not None), default=0)
                cycle = max(1, free + back - option.begins)
                key = (kind, option.window)
                first, last, least = found.get(key, (option.begins, option.begins, cycle))
                found[key] = (min(first, option.begins), max(last, option.begins),
                              min(least, cycle))
        return found

    def _promising(self, state: _State, begins: int) -> bool:
        """Whether rounds that may still follow could give anything better than what is known.

        At most so many rounds fit between a vehicle's next slot and the last; all their loads
        together fit as many vehicles in one convoy.
        """
        rest: list[str] = []
        for name, vehicle in state.vehicles.items():
            kind = type_of(name)
            for (other, _), (first, last, cycle) in self._last.items():
                since = max(first, begins, vehicle.free)
                if other == kind and since <= last:
                    rest += [kind] * (1 + (last - since) // cycle)
        labels = tuple(sorted(self._label[o] for o, _ in state.driven))
        key = (labels, tuple(sorted(rest)))
        if key not in self._hopes:
            self._hopes[key] = self._hope(*key)
        return any(self.found.improves(p) for p in self._hopes[key])

    def _hope(self, labels: tuple[Label, ...], rest: Team) -> list[Point]:
        """The best that some rounds driven and others still to come can add up to."""
        width = range(len(self.loads.first_of))
        now = {self.loads.merged(t) for t in self._sums(labels)}
        more = {self.loads.merged(t) for t in self._rest(rest)}
        room = self.loads.room
        totals = {tuple(min(a[n] + b[n], room[n]) for n in width) for a in _tops(now)
                  for b in _tops(more)}
        points = []
        for total in _tops(totals):
            whole = [0] * len(self.loads.columns)
            for n, column in enumerate(self.loads.first_of):
                whole[column] = total[n]
            points.append(self._value(tuple(whole)))
        return points

    def _rest(self, rest: Team) -> list[Load]:
        """Loads of a convoy of all vehicles and rounds that are left, if it could drive anywhere.

        One of each column's kind stands for all; more vehicles than could ever be full are left
        out.
        """
        return self.loads.filled(self.loads.first_of, rest)

    # --- what is free --------------------------------------------------------------------
    def _free(self, state: _State, option: Option) -> bool:
        """Whether the gates can take a round beside those that are driven already."""
        for gate in option.gates:
            corridor = self.case.corridors[gate.corridor]
            way = (gate.corridor, gate.way.value)
            gaps = (abs(s - gate.starts) for s in state.starts[way])
            if any(gap < corridor.convoy.headway for gap in gaps):
                return False
            rate = corridor.check(gate.way).vehicles_per_hour
            if rate is not None:
                times = [*state.entries[way], *(enter for enter, _ in gate.times)]
                if any(sum(a <= t < a + 60 for t in times) > rate for a in times):
                    return False
        return self._lanes(state, option) is not None

    def _lanes(self, state: _State, option: Option) -> dict[tuple[str, str], list[int]] | None:
        """Minutes held in each pool of lanes, as bits by lane, or None if there is no lane."""
        held = dict(state.held)
        for gate in option.gates:
            corridor = self.case.corridors[gate.corridor]
            pool = (gate.corridor, corridor.lane_pool(gate.way).value)
            levels = list(held.get(pool, [0] * corridor.lanes(gate.way)))
            for enter, done in gate.times:
                bits = ((1 << (done - enter)) - 1) << (enter + 2000)
                for n, level in enumerate(levels):
                    levels[n], bits = level | bits, level & bits
                if bits:
                    return None
            held[pool] = levels
        return held

    def _choices(self, state: _State, option: Option) -> Iterator[tuple[str, ...]]:
        """Vehicles that can drive a round; of equal ones the first."""
        kinds = sorted(set(option.team))
        picks = []
        for kind in kinds:
            able: list[str] = []
            for name, vehicle in state.vehicles.items():
                if type_of(name) == kind and self._able(vehicle, kind, option, name):
                    able.append(name)
            needed = option.team.count(kind)
            seen = set()
            some = []
            for chosen in combinations(able, needed):
                like = tuple((state.vehicles[v].place, state.vehicles[v].free,
                              state.vehicles[v].since, state.vehicles[v].routes) for v in chosen)
                if like not in seen:
                    seen.add(like)
                    some.append(chosen)
            picks.append(some)
        for chosen in product(*picks):
            left = {kind: list(names) for kind, names in zip(kinds, chosen, strict=True)}
            yield tuple(left[kind].pop(0) for kind in option.team)

    def _late(self, vehicle: Vehicle, kind: str, option: Option) -> int | None:
        """Minutes by which a vehicle comes after a round begins; None where it cannot come.

        Only rounds without gates may begin late, by less than a slot.
        """
        at, place = vehicle.free, vehicle.place
        first = next((n for n, act in enumerate(option.route) if act.way), 0)
        for act in option.route[: first + 1]:
            way = minutes(self.case, kind, place, entered(self.case, act))
            if way is None:
                return None
            at, place = at + way, act.place
            if act.way is None and option.gates:
                at += self.case.sites[act.place].service_of(kind).likely
        late = max(0, at - option.begins)
        allowed = 0 if option.gates else self.case.pause.rules.slot - 1
        return late if late <= allowed else None

    def _able(self, vehicle: Vehicle, kind: str, option: Option, name: str) -> bool:
        """Whether a vehicle can be at the first gate in time, and home in time."""
        late = self._late(vehicle, kind, option)
        if late is None:
            return False
        said = self.case.fleet[kind]
        n = option.team.index(kind)
        end = nearest(self.case, said, option.ends[n][0])
        if end is None:
            return False
        home = option.ends[n][1] + late + end[1]
        if said.available_to is not None and home > said.available_to:
            return False
        span = self.case.pause.windows[-1].closes - self.case.pause.windows[0].opens
        if len(self._routes(vehicle, option)) > self.case.pause.rules.routes_per_driver:
            return False
        since = vehicle.since if vehicle.since is not None else self._since(kind, option)
        short = span + 60 < self.case.pause.rules.rest
        return said.crew_duty is None or not short or home - since <= said.crew_duty

    def _date(self, option: Option) -> str:
        return self.case.pause.clock.local(option.begins).date().isoformat()

    def _routes(self, vehicle: Vehicle, option: Option) -> set[Route]:
        """Routes that a vehicle drives on the date of a round, that round included."""
        date = self._date(option)
        return {option.route} | {route for day, route in vehicle.routes if day == date}

    def _since(self, kind: str, option: Option) -> int:
        """The last minute at which a vehicle may leave its base for a round."""
        place, spent = self.case.fleet[kind].base, 0
        for act in option.route:
            spent += minutes(self.case, kind, place, entered(self.case, act)) or 0
            place = act.place
            if act.way is not None or not option.gates:
                break
            spent += self.case.sites[act.place].service_of(kind).likely
        last = max((enter for enter, _ in option.gates[0].times), default=0
                   ) if option.gates else option.begins
        return last - spent

    def _with(self, state: _State, option: Option, vehicles: tuple[str, ...]) -> _State:
        after = dict(state.vehicles)
        for name, (place, free) in zip(vehicles, option.ends, strict=True):
            since = after[name].since
            if since is None:
                since = self._since(type_of(name), option)
            late = self._late(after[name], type_of(name), option) or 0
            routes = after[name].routes | {(self._date(option), option.route)}
            after[name] = Vehicle(place, free + late, since, routes)
        starts, entries = defaultdict(list, state.starts), defaultdict(list, state.entries)
        for gate in option.gates:
            way = (gate.corridor, gate.way.value)
            starts[way] = [*starts[way], gate.starts]
            entries[way] = [*entries[way], *(enter for enter, _ in gate.times)]
        held = self._lanes(state, option)
        assert held is not None
        return _State(after, [*state.driven, (option, vehicles)], held, starts, entries)

    # --- what it is worth ----------------------------------------------------------------
    def _sums(self, labels: tuple[Label, ...]) -> dict[Load, list[Shares]]:
        """Every total that rounds of these labels can carry, with ways of sharing it."""
        if labels in self._totals:
            return self._totals[labels]
        found: dict[Load, list[Shares]] = {self.loads.nothing: [()]}
        if labels:
            found = self._plus(self._sums(labels[:-1]), self.loads.of(*self.kinds[labels[-1]]))
        else:
            for batch in self.batches:
                found = self._plus(found, self.parties.of(batch))
        self._totals[labels] = found
        return found

    def _plus(self, before: dict[Load, list[Shares]], more: Sequence[Load]
              ) -> dict[Load, list[Shares]]:
        ways = MOST_WAYS if self.shares_matter else 1
        found: dict[Load, list[Shares]] = {}
        for total, shared in before.items():
            for load in more:
                now = tuple(a + b for a, b in zip(total, load, strict=True))
                if now not in found and not self.loads.allowed(now):
                    continue
                kept = found.setdefault(now, [])
                if len(kept) < ways:
                    kept += [(*s, load) for s in shared[: ways - len(kept)]]
        return found

    def _value(self, total: Load) -> Point:
        if total not in self._worth:
            self._worth[total] = worth(self.case, self.loads.arrived(total))
        return self._worth[total]

    def _look(self, state: _State) -> None:
        """Show the rules every load of a set of rounds that would be better than what is known."""
        order = sorted(state.driven, key=lambda d: self._label[d[0]])
        labels = tuple(self._label[o] for o, _ in order)
        if labels in self._settled:
            return
        sums = self._sums(labels)
        better = [(self._value(t), t) for t in sums]
        better = [(p, t) for p, t in better if self.found.improves(p)]
        better.sort(key=lambda b: b[0].figures, reverse=True)
        if not better:
            self._settled.add(labels)
        refused = 0
        for point, total in better:
            if not self.found.improves(point):
                continue
            for shares in sums[total]:
                broken = self._try(order, shares, point)
                if broken is None:
                    break
                refused += 1
                if broken and broken <= WHATEVER_THE_LOAD and not self.batches:
                    return
                if refused > MOST_REFUSED and "all loads" not in self.found.why:
                    self.found.why.append("all loads")
                if refused > MOST_REFUSED or self._full():
                    return

    def _try(self, order: Sequence[tuple[Option, tuple[str, ...]]], shares: Shares, point: Point
             ) -> set[str] | None:
        """Write a plan and judge it: None if it keeps every rule, else what it breaks."""
        many = len(self.batches)
        carried = [(b, s) for b, s in zip(self.batches, shares, strict=False) if any(s)]
        driven = [Driven(o, v, s) for (o, v), s in zip(order, shares[many:], strict=True)]
        broken: set[str] = set()
        for mode, one_by_one in self._modes(driven, carried):
            self.tried += 1
            parties = self.parties.written(carried, [d.option for d in driven],
                                           one_by_one=one_by_one)
            try:
                plan = Writer(self.case, self.loads, mode).plan(driven, parties)
            except NotPossible:
                continue
            self.found.judged += 1
            violations = judge(self.case, plan)
            if not violations:
                self.found.add(Point(point.tiers, point.persons, point.patients, point.tonnes,
                                     plan))
                return None
            broken |= {v.rule for v in violations}
            self.broken.update({v.rule for v in violations})
        return broken

    def _modes(self, driven: Sequence[Driven], carried: Sequence[tuple[Batch, Load]]
               ) -> Iterator[tuple[Mode, bool]]:
        held = any(c.holding_limit is not None for c in self.case.corridors.values())
        handed = any(s.kind is SiteKind.EXCHANGE for s in self.case.sites.values())
        cars = any(b.by is By.OWN_CAR for b, _ in carried)
        for one_by_one in (False, True) if cars else (False,):
            for pooled in (False, True) if handed else (False,):
                for staggered in (False, True) if held else (False,):
                    for late in (False, True):
                        yield Mode(late, staggered, pooled), one_by_one



def _tops(totals: set[Load]) -> list[Load]:
    """Those totals than which no other has as much of everything."""
    found: list[Load] = []
    for total in sorted(totals, key=sum, reverse=True):
        if not any(all(a >= b for a, b in zip(top, total, strict=True)) for top in found):
            found.append(total)
    return found
