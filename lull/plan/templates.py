"""The rounds that a vehicle type can drive: which gates, which sites, in which order."""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from lull.domain.corridor import Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.matching import USER_OF
from lull.domain.people import Group
from lull.domain.place import SiteKind
from lull.domain.plan import Task
from lull.plan.beyond import beyond, fed, fed_points
from lull.plan.ground import Ground
from lull.plan.pools import NEVER


class Carries(StrEnum):
    """What a round is for."""

    PEOPLE = "people"
    AID = "aid"
    STANDBY = "standby"


MOST_EXITS = 10
"""Exits kept for a pick-up, the quickest first, where a pause has more."""

ENDS = (2, 5)
"""Set-downs kept for a pick-up and exit, the nearest first: at least, at the most."""

MANY_ROUNDS = 4000
"""Rounds of a type about as many as which are kept: fewer set-downs where there are many points."""

Act = str | tuple[str, Direction]
"""A site where a round stops, or a corridor that it passes in a direction."""


@frozen
class Round:
    """One round: into the enclosed side and out again, or between sites of one side.

    People: [entry] pick-up [exit] set-down. Aid: pick-up [entry] set-down [exit]. A standby
    round drives in and out empty, with `pick_up` as the place where it waits. A round that is
    none of these says its `path`, all sites and gates in order, of whose sites the first
    `loads` are loaded at and the others unloaded at; `pick_up` and `set_down` are then the first
    of each, `entry` and `exit` the first gate passed with a load and the last gate ("" for none).
    """

    carries: Carries
    kind: str
    entry: str
    pick_up: str
    exit: str
    set_down: str
    minutes: int
    path: tuple[Act, ...] = ()
    loads: int = 1

    @cached_property
    def route(self) -> tuple[str, ...]:
        """What a driver knows as the route."""
        if self.path:
            return tuple(a if isinstance(a, str) else f"{a[0]} {a[1].value}" for a in self.path)
        return (self.entry, self.pick_up, self.exit, self.set_down)

    @cached_property
    def acts(self) -> tuple[tuple[Act, Task | None], ...]:
        """Its sites, each with what is done there, and its gates, in order."""
        if self.path:
            sites = [n for n, act in enumerate(self.path) if isinstance(act, str)]
            return tuple(
                (act, None if n not in sites else
                 Task.LOAD if sites.index(n) < self.loads else Task.UNLOAD)
                for n, act in enumerate(self.path)
            )
        entry = [((self.entry, Direction.IN), None)] if self.entry else []
        leave = [((self.exit, Direction.OUT), None)] if self.exit else []
        if self.carries is Carries.STANDBY:
            return (*entry, (self.pick_up, Task.WAIT), *leave)
        load, unload = (self.pick_up, Task.LOAD), (self.set_down, Task.UNLOAD)
        if self.carries is Carries.PEOPLE:
            return (*entry, load, *leave, unload)
        return (load, *entry, unload, *leave)


def _entries(ground: Ground, kind: VehicleType) -> list[str]:
    return [
        c.id for c in ground.case.corridors.values() if ground.may_drive(kind, c, Direction.IN)
    ]


def _exits(ground: Ground, kind: VehicleType, user: User | None) -> list[str]:
    return [
        c.id
        for c in ground.case.corridors.values()
        if ground.may_drive(kind, c, Direction.OUT) and (user is None or user in c.users)
    ]


def groups_for(ground: Ground, kind: VehicleType, site: str) -> list[Group]:
    """Groups at a site that a vehicle type may carry, those too who could leave by themselves."""
    return [
        g
        for g in ground.case.groups.values()
        if g.site == site and ground.carries(kind, g)
    ]


def _through(ground: Ground, kind: VehicleType, corridor: str, way: Direction) -> int:
    c = ground.case.corridors[corridor]
    return c.check(way).minutes_of(kind.id).likely + ground.minutes(kind.id, *c.gates(way))


def _to_inside(ground: Ground, kind: VehicleType, start: str, entry: str, site: str) -> int:
    """Minutes from an outside place through an entry to an inside site."""
    c = ground.case.corridors[entry]
    first, last = c.gates(Direction.IN)
    legs = ground.minutes(kind.id, start, first), ground.minutes(kind.id, last, site)
    if max(legs) >= NEVER:
        return NEVER
    return sum(legs) + _through(ground, kind, entry, Direction.IN)


def _to_outside(ground: Ground, kind: VehicleType, site: str, leave: str, end: str) -> int:
    """Minutes from an inside site through an exit to an outside place."""
    c = ground.case.corridors[leave]
    first, last = c.gates(Direction.OUT)
    legs = ground.minutes(kind.id, site, first), ground.minutes(kind.id, last, end)
    if max(legs) >= NEVER:
        return NEVER
    return sum(legs) + _through(ground, kind, leave, Direction.OUT)


def set_downs(ground: Ground, kind: VehicleType, group: Group) -> list[str]:
    """Sites where a vehicle type may set a group down: destinations, else exchange points."""
    reach = set(kind.sides)
    direct = [s.id for s in ground.destinations(group) if reach & set(s.sides)]
    if direct:
        return direct
    return [
        s.id
        for s in ground.case.sites.values()
        if s.kind is SiteKind.EXCHANGE
        and not s.inside
        and reach & set(s.sides)
        and beyond(ground, group, s.id)
    ]


def people_rounds(
    ground: Ground, kind: VehicleType, per_exit: int | None = None
) -> list[Round]:
    """Rounds that bring people out, for each pick-up the best entry of each exit.

    `per_exit` set-down sites are kept for each pick-up and exit, nearest first, and of many exits
    the quickest; by default as many as `ENDS` allows, as the nearest sites are soon full.
    """
    found: dict[tuple[str, ...], Round] = {}
    brought = {point: fed(ground, point) for point in fed_points(ground)}
    ways = _Ways(ground, kind)
    sites = sorted({g.site for g in ground.case.groups.values()} | set(brought))
    if per_exit is None:
        least, most = ENDS
        exits = min(MOST_EXITS, len(ground.case.corridors))
        per_exit = min(most, max(least, MANY_ROUNDS // max(1, len(sites) * exits)))
    for site in sites:
        come = [g for g in brought.get(site, ()) if ground.carries(kind, g)]
        for user, ends in {(USER_OF[g.category], tuple(set_downs(ground, kind, g)))
                           for g in groups_for(ground, kind, site) + come}:
            for made in ways.rounds(site, user, ends, per_exit):
                found.setdefault(made.route, made)
    return sorted(found.values(), key=lambda r: (r.minutes, r.route))


class _Ways:
    """Minutes in and out of a type, over all its gates at once."""

    def __init__(self, ground: Ground, kind: VehicleType) -> None:
        self.ground, self.kind = ground, kind
        self.table, self.index = ground.table(kind.id), ground.case.travel.index
        self.entries = sorted(_entries(ground, kind))
        self.exits = {user: sorted(_exits(ground, kind, user)) for user in User}
        self._in: dict[str, NDArray[np.int64]] = {}

    def _gates(self, corridors: list[str], way: Direction) -> tuple[list[int], list[int]]:
        ends = [self.ground.case.corridors[c].gates(way) for c in corridors]
        return [self.index[a] for a, _ in ends], [self.index[b] for _, b in ends]

    def _through(self, corridors: list[str], way: Direction) -> NDArray[np.int64]:
        return np.array([_through(self.ground, self.kind, c, way) for c in corridors],
                        dtype=np.int64)

    def to_inside(self, site: str) -> NDArray[np.int64]:
        """(entry, place) minutes from every place through each entry to a site inside."""
        if site not in self._in:
            first, last = self._gates(self.entries, Direction.IN)
            through = self._through(self.entries, Direction.IN)
            legs = self.table[:, first].T + (self.table[last, self.index[site]] + through)[:, None]
            self._in[site] = legs
        return self._in[site]

    def rounds(
        self, site: str, user: User, ends: tuple[str, ...], per_exit: int
    ) -> list[Round]:
        """The rounds of one pick-up, of the quickest exits."""
        ends = tuple(sorted(e for e in ends if e in self.index))
        leaves = self.exits[user]
        if not ends or not leaves or not self.entries or site not in self.index:
            return []
        places = [self.index[e] for e in ends]
        first, last = self._gates(leaves, Direction.OUT)
        through = self._through(leaves, Direction.OUT)
        out = self.table[last][:, places] + (self.table[self.index[site], first] + through)[:, None]
        back = self.to_inside(site)[:, places]
        quickest = back.min(axis=0)
        whole = np.where(out < NEVER, out + quickest, NEVER).min(axis=1)
        made = []
        for x in np.argsort(whole, kind="stable")[:MOST_EXITS]:
            for y in np.argsort(out[x], kind="stable")[:per_exit]:
                if out[x, y] >= NEVER or quickest[y] >= NEVER:
                    continue
                best = [e for n, e in enumerate(self.entries) if back[n, y] == quickest[y]]
                entry = leaves[x] if leaves[x] in best else best[0]
                service = self.ground.site(site).service_of(self.kind.id).likely
                service += self.ground.site(ends[y]).service_of(self.kind.id).likely
                made.append(Round(
                    Carries.PEOPLE, self.kind.id, entry, site, leaves[x], ends[y],
                    int(out[x, y] + quickest[y]) + service))
        return made


def aid_rounds(ground: Ground, kind: VehicleType, per_place: int = 4) -> list[Round]:
    """Rounds that bring aid in: for each warehouse and place of need the best gates."""
    if Use.AID not in kind.uses:
        return []
    stocks = sorted({s.site for s in ground.case.stocks})
    needs = sorted({d.site for d in ground.case.demands})
    found = []
    for store in stocks:
        for place in needs:
            wanted = {d.item for d in ground.case.demands if d.site == place}
            if not wanted & {s.item for s in ground.case.stocks if s.site == store}:
                continue
            options = []
            for entry in _entries(ground, kind):
                if User.AID not in ground.case.corridors[entry].users:
                    continue
                way_in = _to_inside(ground, kind, store, entry, place)
                for leave in _exits(ground, kind, None):
                    out = _to_outside(ground, kind, place, leave, store)
                    if way_in < NEVER and out < NEVER:
                        options.append((way_in + out, entry != leave, entry, leave))
            best_by_entry: dict[str, tuple[int, bool, str, str]] = {}
            for option in sorted(options):
                best_by_entry.setdefault(option[2], option)
            for minutes, _, entry, leave in sorted(best_by_entry.values())[:per_place]:
                service = ground.site(store).service_of(kind.id).likely
                service += ground.site(place).service_of(kind.id).likely
                found.append(
                    Round(Carries.AID, kind.id, entry, store, leave, place, minutes + service)
                )
    return sorted(found, key=lambda r: (r.minutes, r.route))


def standby_rounds(ground: Ground, kind: VehicleType) -> list[Round]:
    """Rounds in and out with empty seats, for people who may be refused."""
    seen: dict[tuple[str, ...], Round] = {}
    for r in people_rounds(ground, kind, per_exit=1):
        if ground.site(r.pick_up).kind is SiteKind.EXCHANGE:
            continue
        seen.setdefault(
            r.route, Round(Carries.STANDBY, kind.id, r.entry, r.pick_up, r.exit, "", r.minutes)
        )
    return list(seen.values())

