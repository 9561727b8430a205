"""What a team of vehicles may do in one round, and when, slot by slot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, permutations, product

from lull.domain.case import Case
from lull.domain.corridor import Direction, User
from lull.domain.fleet import Use
from lull.domain.people import Category, Group
from lull.domain.place import INSIDE, PEOPLE_END_HERE, Site, SiteKind
from lull.domain.time import Window

IN, OUT = Direction.IN, Direction.OUT

SERVED = {Use.PASSENGERS: User.CIVILIANS, Use.WOUNDED: User.WOUNDED,
          Use.FIGHTERS: User.FIGHTERS, Use.AID: User.AID}


@dataclass(frozen=True)
class Act:
    """A gate that is passed in a direction, or a site at which something is done."""

    what: str
    place: str
    way: Direction | None = None


Route = tuple[Act, ...]

Team = tuple[str, ...]
"""The type of each vehicle, in the order in which they drive."""


@dataclass(frozen=True)
class Through:
    """A team through one gate: each vehicle's entry and clearance; all leave together."""

    corridor: str
    way: Direction
    starts: int
    times: tuple[tuple[int, int], ...]
    leaves: int


@dataclass(frozen=True, eq=False)
class Option:
    """One round of a team with its gates' times; `ends` is when and where each is free again.

    `ends` takes no account of other teams' bays; writing the plan does.
    """

    route: Route
    team: Team
    gates: tuple[Through, ...]
    ends: tuple[tuple[str, int], ...]
    window: int
    begins: int
    """The slot of the first gate, or the minute of the first stop where no gate is passed."""

    @cached_property
    def label(self) -> tuple[Route, Team]:
        """What it may carry: the same for the same route and team."""
        return self.route, tuple(sorted(self.team))


def ends_of(case: Case, group: Group) -> list[str]:
    """Where a group's journey may end by the rules."""
    return [
        s.id for s in case.sites.values()
        if (s.id in group.destinations if group.destinations
            else s.kind in PEOPLE_END_HERE and not s.inside)
        and s.hospital_level >= group.hospital_level
        and (s.receives_unaccompanied or not group.unaccompanied)
    ]


@lru_cache(maxsize=20_000)
def minutes(case: Case, kind: str, a: str, b: str, high: bool = False) -> int | None:
    """Minutes of a way, or None where there is none."""
    if a == b:
        return 0
    leg = case.leg(kind, a, b)
    return None if leg is None else leg.high if high else leg.likely


def entered(case: Case, act: Act) -> str:
    """The place at which an act begins."""
    return act.place if act.way is None else case.corridors[act.place].gates(act.way)[0]


def left(case: Case, act: Act) -> str:
    """The place at which an act ends."""
    return act.place if act.way is None else case.corridors[act.place].gates(act.way)[1]


class Rounds:
    """Every round of every team of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case

    def options(self) -> list[Option]:
        """All rounds at all slots, in order of their first gate."""
        found = [
            option
            for team in self._teams()
            for route in self._routes(team)
            for option in self._timed(route, team)
        ]
        return sorted(found, key=lambda o: (
            o.begins, str(o.route), o.team, o.gates[-1].starts if o.gates else 0))

    def _teams(self) -> list[Team]:
        types = [k for k in self.case.fleet.values() if k.number and len(k.sides) > 1]
        widest = max((c.convoy.largest or 3 for c in self.case.corridors.values()), default=0)
        found: set[Team] = set()
        for counts in product(*(range(min(k.number, widest) + 1) for k in types)):
            if 1 <= sum(counts) <= widest:
                members = [k.id for k, n in zip(types, counts, strict=True) for _ in range(n)]
                found |= set(permutations(members))
        found |= {(k.id,) for k in self.case.fleet.values() if k.number}
        return sorted(found)

    def _routes(self, team: Team) -> Iterator[Route]:
        uses = [self.case.fleet[k].uses for k in team]
        if all(Use.AID in u for u in uses):
            yield from self._of_aid(team)
        elif not any(Use.AID in u for u in uses):
            yield from self._of_people(team)

    def _of_people(self, team: Team) -> Iterator[Route]:
        points = sorted({g.site for g in self.case.groups.values() if g.wishing})
        within = {(g.site, e) for g in self.case.groups.values() for e in ends_of(self.case, g)
                  if g.wishing}
        for a, b in sorted(within):
            yield from self._aside(team, Act("load", a), Act("unload", b))
        for ci, co in self._through(team):
            for stops in _some(points, 2):
                goals = {e for g in self.case.groups.values() if g.site in stops
                         for e in ends_of(self.case, g)}
                goals |= {s.id for s in self.case.sites.values() if s.kind is SiteKind.EXCHANGE}
                loads = [Act("load", p) for p in stops]
                for ends in self._worth_trying(team, co, stops, sorted(goals)):
                    route = (Act("gate", ci, IN), *loads, Act("gate", co, OUT),
                             *(Act("unload", goal) for goal in ends))
                    if self._drivable(route, team):
                        yield route
            if self.case.pause.rules.return_share > 0:
                for point in points:
                    route = (Act("gate", ci, IN), Act("wait", point), Act("gate", co, OUT))
                    if self._drivable(route, team):
                        yield route

    def _aside(self, team: Team, up: Act, down: Act) -> Iterator[Route]:
        """Rounds within one side, within the enclosed side, and between two outer sides."""
        routes = [(up, down)] if len(team) == 1 else []
        routes += [(Act("gate", ci, IN), up, down, Act("gate", co, OUT))
                   for ci, co in self._through(team)]
        for corridor in self.case.corridors.values():
            for way in sorted(corridor.directions):
                if INSIDE in corridor.sides(way) or way.other not in corridor.directions:
                    continue
                over, back = Act("gate", corridor.id, way), Act("gate", corridor.id, way.other)
                routes += [(up, over, down), (up, over, down, back), (over, up, back, down)]
        for route in routes:
            if self._drivable(route, team) and self._keeps_sides(route):
                yield route

    def _keeps_sides(self, route: Route) -> bool:
        """Whether each way from place to place stays on one side of the line."""
        sides = self.case.sides_of
        return all(set(sides(left(self.case, a))) & set(sides(entered(self.case, b)))
                   for a, b in pairwise(route))

    def _worth_trying(
        self, team: Team, leaves: str, stops: tuple[str, ...], goals: list[str]
    ) -> Iterator[tuple[str, ...]]:
        """One or two places to set down, without those that another serves as well.

        A place is dropped for another only where that one takes all whom it takes, has no limit
        of its own, and is no farther by any leg and no slower for any vehicle of the team.
        """
        takes = {g: self._taken(team, leaves, stops, g) for g in goals}
        near = [g for g in goals if takes[g] and not any(
            self._serves_as_well(team, other, g, takes)
            and (not self._serves_as_well(team, g, other, takes) or other < g)
            for other in goals if other != g)]
        for ends in _some(near, 2):
            if len(ends) == 1 or not any(
                    takes[a] >= takes[b] and self._unlimited(a) for a, b in permutations(ends)):
                yield ends

    def _taken(self, team: Team, leaves: str, stops: tuple[str, ...], goal: str) -> frozenset[str]:
        """Groups that a team may take from some points to a place."""
        users = self.case.corridors[leaves].users
        uses = {u for k in team for u in self.case.fleet[k].uses}
        found = set()
        for group in self.case.groups.values():
            if group.site not in stops or not group.wishing:
                continue
            rides = ({Use.WOUNDED} if group.is_medical else
                     {Use.FIGHTERS if group.category is Category.FIGHTERS else Use.PASSENGERS})
            user = next(SERVED[u] for u in rides)
            change = self.case.sites[goal].kind is SiteKind.EXCHANGE
            if rides & uses and user in users and (change or goal in ends_of(self.case, group)):
                found.add(group.id)
        return frozenset(found)

    def _unlimited(self, site: str) -> bool:
        said = self.case.sites[site]
        free = (said.capacity_seated, said.capacity_stretcher, said.capacity_critical, said.bays)
        return (not said.open_hours and free == (None,) * 4
                and said.kind is not SiteKind.EXCHANGE)

    def _serves_as_well(
        self, team: Team, one: str, other: str, takes: dict[str, frozenset[str]]
    ) -> bool:
        if not takes[one] >= takes[other] or not self._unlimited(one):
            return False
        for kind in team:
            a, b = (self.case.sites[s].service_of(kind) for s in (one, other))
            if a.likely > b.likely:
                return False
            for place in self.case.travel.places:
                for x, y in (((place, one), (place, other)), ((one, place), (other, place))):
                    far, near = minutes(self.case, kind, *y), minutes(self.case, kind, *x)
                    if far is not None and place not in (one, other) and (
                            near is None or near > far):
                        return False
        return True

    def _of_aid(self, team: Team) -> Iterator[Route]:
        stores = sorted({s.site for s in self.case.stocks if s.units})
        needs = sorted({d.site for d in self.case.demands if d.units})
        for store, need in product(stores, needs):
            yield from self._aside(team, Act("load", store), Act("unload", need))
        for ci, co in self._through(team):
            for store, drops in product(stores, _some(needs, 2)):
                unloads = [Act("unload", p) for p in drops]
                route = (Act("load", store), Act("gate", ci, IN), *unloads, Act("gate", co, OUT))
                if self._drivable(route, team):
                    yield route

    def _through(self, team: Team) -> Iterator[tuple[str, str]]:
        for ci, co in product(self.case.corridors.values(), repeat=2):
            empty = all(any(SERVED[u] in ci.users for u in self.case.fleet[k].uses) for k in team)
            full = all(self._as_whom(k) & co.users for k in team)
            if IN in ci.directions and OUT in co.directions and empty and full:
                yield ci.id, co.id

    def _as_whom(self, kind: str) -> set[User]:
        """As whom a type may leave, empty or with those whom it may carry."""
        uses = self.case.fleet[kind].uses
        sick = any(g.is_medical for g in self.case.groups.values())
        also = {User.WOUNDED} if sick and Use.PASSENGERS in uses else set()
        return {SERVED[u] for u in uses} | also

    def _drivable(self, route: Route, team: Team) -> bool:
        case = self.case
        for kind in team:
            sides = set(case.fleet[kind].sides)
            for act in route:
                here = (set(case.sites[act.place].sides) if act.way is None
                        else set(case.corridors[act.place].sides(act.way)))
                if not (here & sides if act.way is None else here <= sides):
                    return False
                if act.way and minutes(case, kind, entered(case, act), left(case, act)) is None:
                    return False
            for a, b in pairwise(route):
                if minutes(case, kind, left(case, a), entered(case, b)) is None:
                    return False
        return True

    # --- times ---------------------------------------------------------------------------
    def _timed(self, route: Route, team: Team) -> Iterator[Option]:
        for number, window in enumerate(self.case.pause.windows):
            clock = Clocked(self.case, route, team, window)
            if clock.first == len(route):
                for begins, ends in clock.aside():
                    yield Option(route, team, (), ends, number, begins)
                continue
            for gates, ends in clock.all():
                yield Option(route, team, gates, ends, number, gates[0].starts)


def _some(names: list[str], most: int) -> Iterator[tuple[str, ...]]:
    for many in range(1, most + 1):
        yield from permutations(names, many)


class Clocked:
    """All times of one route for one team in one window."""

    def __init__(self, case: Case, route: Route, team: Team, window: Window) -> None:
        self.case, self.route, self.team, self.window = case, route, team, window
        self.by = window.closes - case.pause.rules.margin
        local = case.pause.clock.local
        slot = case.pause.rules.slot
        self.slots = [
            m for m in range(window.opens, self.by)
            if (local(m).hour * 60 + local(m).minute) % slot == 0
        ]
        self.first = next((n for n, act in enumerate(route) if act.way), len(route))

    def all(self) -> Iterator[tuple[tuple[Through, ...], tuple[tuple[str, int], ...]]]:
        """Each choice of slots: the gates, and where and when each vehicle is free."""
        yield from self._from(self.first, (), tuple((None, 0) for _ in self.team))

    def aside(self) -> Iterator[tuple[int, tuple[tuple[str, int], ...]]]:
        """Each slot at which a round without gates may begin, and its ends."""
        last = self.window.closes + 120
        for start in self.slots:
            at = [start] * len(self.team)
            for before, act in zip((self.route[0], *self.route), self.route, strict=False):
                came = [when + (minutes(self.case, k, before.place, act.place) or 0)
                        for k, when in zip(self.team, at, strict=True)]
                done = self._served(act, came)
                if done is None:
                    break
                at = done
            else:
                inner = any(INSIDE in self.case.sites[a.place].sides for a in self.route)
                if max(at) <= (self.window.closes if inner else last):
                    yield start, tuple((self.route[-1].place, when) for when in at)

    def _from(
        self, index: int, gates: tuple[Through, ...], at: tuple[tuple[str | None, int], ...]
    ) -> Iterator[tuple[tuple[Through, ...], tuple[tuple[str, int], ...]]]:
        if index == len(self.route):
            yield gates, tuple((place or "", when) for place, when in at)
            return
        act = self.route[index]
        came = [
            when + (minutes(self.case, k, place, entered(self.case, act)) or 0) if place else when
            for k, (place, when) in zip(self.team, at, strict=True)
        ]
        if act.way is None:
            done = self._served(act, came)
            if done is not None:
                yield from self._from(index + 1, gates, tuple((act.place, d) for d in done))
            return
        earliest = max(came) if gates else self.window.opens
        for start in self.slots:
            if start < earliest:
                continue
            for through in self._pass(act, start):
                if not self._in_time(act, through, gates):
                    continue
                far = left(self.case, act)
                yield from self._from(
                    index + 1, (*gates, through), tuple((far, through.leaves) for _ in self.team)
                )

    def _pass(self, act: Act, start: int) -> Iterator[Through]:
        corridor = self.case.corridors[act.place]
        assert act.way is not None
        if corridor.convoy.largest is not None and len(self.team) > corridor.convoy.largest:
            return
        check = corridor.check(act.way)
        for width in range(1, min(len(self.team), corridor.lanes(act.way)) + 1):
            free, times = [start] * width, []
            for kind in self.team:
                enter = min(free)
                done = enter + check.minutes_of(kind).likely
                free[free.index(enter)] = done
                times.append((enter, done))
            out = [d + (minutes(self.case, k, *corridor.gates(act.way)) or 0)
                   for k, (_, d) in zip(self.team, times, strict=True)]
            leaves = max(*out, *(d for _, d in times))
            if all(corridor.is_open(enter, leaves) for enter, _ in times):
                yield Through(act.place, act.way, start, tuple(times), leaves)

    def _in_time(self, act: Act, through: Through, gates: tuple[Through, ...]) -> bool:
        """Whether a team is out by then, at likely and at high times, if nobody is before it."""
        assert act.way is not None
        if INSIDE not in self.case.corridors[act.place].sides(act.way):
            return True
        if not gates:
            return all(self._round_high(k, e) <= self.by
                       for k, (e, _) in zip(self.team, through.times, strict=True))
        corridor = self.case.corridors[act.place]
        assert act.way is not None
        if through.leaves > self.by:
            return False
        for kind, (enter, _) in zip(self.team, through.times, strict=True):
            own = corridor.check(act.way).minutes_of(kind).high
            if enter + own + (minutes(self.case, kind, *corridor.gates(act.way), True) or 0
                              ) > self.by:
                return False
        return True

    def _round_high(self, kind: str, enter: int) -> int:
        total, place = enter, None
        for act in self.route[self.first:]:
            if place is not None:
                total += minutes(self.case, kind, place, entered(self.case, act), True) or 0
            if act.way is None:
                if act.what != "wait":
                    total += self.case.sites[act.place].service_of(kind).high
            else:
                corridor = self.case.corridors[act.place]
                total += corridor.check(act.way).minutes_of(kind).high
                total += minutes(self.case, kind, *corridor.gates(act.way), True) or 0
                if act.way is OUT:
                    break
            place = left(self.case, act)
        return total

    def _served(self, act: Act, came: list[int]) -> list[int] | None:
        """When each vehicle is done at a site, as early as may be with its mates at the bays."""
        if act.what == "wait":
            return came
        site = self.case.sites[act.place]
        free = [min(came)] * min(site.bays or len(came), len(came))
        done = []
        for kind, at in zip(self.team, came, strict=True):
            service = site.service_of(kind).likely
            start = opening(site, max(at, min(free)), service)
            if act.what == "load" and INSIDE in site.sides:
                start = opening(site, max(start, self.window.opens + site.call), service)
                if start > self.window.closes - site.walk_to_shelter - site.call:
                    return None
            free[free.index(min(free))] = start + service
            done.append(start + service)
        return done if max(done) < NEVER else None


NEVER = 10**7


def opening(site: Site, at: int, service: int) -> int:
    """The first minute from one on at which a service lies within a site's hours."""
    if site.is_open(at, at + service):
        return at
    later = [w.opens for w in site.open_hours if w.opens >= at and w.holds(w.opens,
                                                                           w.opens + service)]
    return min(later, default=NEVER)
