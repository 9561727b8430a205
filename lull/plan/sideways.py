"""Rounds for people that do not simply go in and out again.

Between sites of one side; between two sides outside; out by two corridors one after the other;
from a base inside; and to or from an exchange point that lies on two sides. Nobody is carried
into the enclosed side.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from attrs import define, frozen

from lull.domain.corridor import Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USER_OF
from lull.domain.people import Group
from lull.domain.place import INSIDE
from lull.plan.beyond import beyond, ends_of, fed, fed_points, is_shuttle, stays_outside
from lull.plan.ground import Ground
from lull.plan.pools import NEVER
from lull.plan.templates import Act, Carries, Round

Gates = tuple[tuple[str, Direction], ...]

MOST_GATES = 2
"""Corridors one after the other that a round tries at most."""

PER_PAIR = 2
"""Ways kept between one place to load and one to set down."""


@frozen
class _Way:
    minutes: int
    gates: Gates


def sideways_rounds(ground: Ground, kind: VehicleType) -> list[Round]:
    """All rounds of a type for people that `people_rounds` does not know."""
    if Use.AID in kind.uses or is_shuttle(ground, kind):
        return []
    found: dict[tuple[str, ...], Round] = {}
    points, roads, tried = fed_points(ground), _Roads(ground, kind), set()
    for group in ground.case.groups.values():
        if not group.wishing or not ground.carries(kind, group):
            continue
        starts = [group.site, *(p for p in points if group in fed(ground, p))]
        user, ends = USER_OF[group.category], _set_downs(ground, kind, group)
        for asked in ((start, end, user) for start in starts for end in ends if start != end):
            if asked not in tried:
                tried.add(asked)
                for made in _rounds(roads, *asked):
                    found.setdefault(made.route, made)
    return sorted(found.values(), key=lambda r: (r.minutes, r.route))


def _set_downs(ground: Ground, kind: VehicleType, group: Group) -> list[str]:
    """Where a type may set a group down: where its journey ends, else where others take it on."""
    ends = [s.id for s in ends_of(ground, group) if set(s.sides) & set(kind.sides)]
    if ends:
        return ends
    return [s.id for s in ground.case.sites.values()
            if s.kind.value == "exchange_point" and set(s.sides) & set(kind.sides)
            and beyond(ground, group, s.id)]


@define(eq=False)
class _Roads:
    """The corridors that a type may pass, looked up once."""

    ground: Ground
    kind: VehicleType

    @cached_property
    def gates(self) -> list[_Gate]:
        """Every corridor and direction that is open to the type and leads somewhere."""
        found = []
        for corridor in self.ground.case.corridors.values():
            for way in sorted(corridor.directions):
                if not self.ground.may_drive(self.kind, corridor, way):
                    continue
                near, far = corridor.gates(way)
                check = corridor.check(way).minutes_of(self.kind.id).likely
                found.append(_Gate(
                    (corridor.id, way), *corridor.sides(way), near, far,
                    self.ground.minutes(self.kind.id, near, far) + check, corridor.users))
        return found


@frozen
class _Gate:
    passed: tuple[str, Direction]
    left: str
    reached: str
    near: str
    far: str
    minutes: int
    users: Collection[User]


def _rounds(roads: _Roads, start: str, end: str, user: User) -> Iterable[Round]:
    ground, kind = roads.ground, roads.kind
    for out in _ways(roads, start, end, user)[:PER_PAIR]:
        if _usual(ground, kind, start, out):
            yield from _from_inside(ground, kind, start, end, out)
            continue
        if not out.gates and _inside(ground, start) and _inside(ground, end):
            yield from _within(ground, kind, start, end, out)
            continue
        out_there = stays_outside(ground, kind)
        come = _ways(roads, end if out_there else kind.base, start, None)[:1]
        home = [_Way(0, ())] if out_there else _ways(roads, end, kind.base, None)[:1]
        for a, b in ((a, b) for a in come for b in home):
            path: tuple[Act, ...] = (*a.gates, start, *out.gates, end, *b.gates)
            yield _round(ground, kind, path, start, end, a.minutes + out.minutes + b.minutes)
        yield from _from_inside(ground, kind, start, end, out)


def _usual(ground: Ground, kind: VehicleType, start: str, out: _Way) -> bool:
    """Whether it is one corridor out of the enclosed side, driven by `people_rounds`."""
    if len(out.gates) != 1 or not ground.site(start).inside:
        return False
    name, way = out.gates[0]
    reached = ground.case.corridors[name].sides(way)[1]
    home = ground.site(kind.base)
    return way is Direction.OUT and (home.inside or reached in home.sides)


def _from_inside(
    ground: Ground, kind: VehicleType, start: str, end: str, out: _Way
) -> Iterable[Round]:
    """The first round of a vehicle whose base lies inside: nothing to go in by."""
    if out.gates and _inside(ground, kind.base) and ground.minutes(
            kind.id, kind.base, start) < NEVER:
        yield _round(ground, kind, (start, *out.gates, end), start, end, out.minutes)


def _within(
    ground: Ground, kind: VehicleType, start: str, end: str, out: _Way
) -> Iterable[Round]:
    """In by a corridor, from one site inside to another, and out again."""
    best: tuple[int, Gates] | None = None
    for entry in ground.case.corridors.values():
        for leave in ground.case.corridors.values():
            ways = ((entry, Direction.IN), (leave, Direction.OUT))
            if not all(ground.may_drive(kind, c, d) for c, d in ways):
                continue
            near, far = entry.gates(Direction.IN), leave.gates(Direction.OUT)
            legs = ((near[1], start), (end, far[0]), (far[1], near[0]), near, far)
            minutes = [ground.minutes(kind.id, *leg) for leg in legs]
            if max(minutes) < NEVER and (best is None or sum(minutes) < best[0]):
                best = sum(minutes), ((entry.id, Direction.IN), (leave.id, Direction.OUT))
    if best is not None:
        path: tuple[Act, ...] = (best[1][0], start, end, best[1][1])
        yield _round(ground, kind, path, start, end, best[0] + out.minutes)


def _round(
    ground: Ground, kind: VehicleType, path: tuple[Act, ...], start: str, end: str, minutes: int
) -> Round:
    service = sum(ground.site(s).service_of(kind.id).likely for s in (start, end))
    return Round(Carries.PEOPLE, kind.id, "", start, "", end, minutes + service, path)


def _inside(ground: Ground, site: str) -> bool:
    return ground.site(site).inside


def _ways(roads: _Roads, start: str, end: str, user: User | None) -> list[_Way]:
    """Ways from a site to another by none, one or two corridors, the quickest first.

    With a `user` on board no corridor leads into the enclosed side, and all are open to it.
    """
    ground, kind = roads.ground, roads.kind
    sides, there = set(kind.sides), set(ground.site(end).sides)
    found: list[_Way] = []
    frontier: list[tuple[int, Gates, str, set[str]]] = [
        (0, (), start, set(ground.site(start).sides) & sides)]
    for turn in range(MOST_GATES + 1):
        longer: list[tuple[int, Gates, str, set[str]]] = []
        for minutes, gates, place, here in frontier:
            last = ground.minutes(kind.id, place, end)
            if here & there and last < NEVER:
                found.append(_Way(minutes + last, gates))
            elif turn < MOST_GATES:
                longer += _by_one_more(roads, minutes, gates, place, here, user)
        frontier = longer
    return sorted(found, key=lambda w: (w.minutes, w.gates))


def _by_one_more(
    roads: _Roads, minutes: int, gates: Gates, place: str, here: set[str], user: User | None,
) -> list[tuple[int, Gates, str, set[str]]]:
    longer, passed = [], {c for c, _ in gates}
    for gate in roads.gates:
        if gate.left not in here or gate.passed[0] in passed:
            continue
        if user is not None and (gate.reached == INSIDE or user not in gate.users):
            continue
        leg = roads.ground.minutes(roads.kind.id, place, gate.near)
        if leg < NEVER:
            longer.append((minutes + leg + gate.minutes, (*gates, gate.passed), gate.far,
                           {gate.reached}))
    return longer
