"""Who and what a team may carry in a round: whole households and whole units."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lull.domain.case import Case
from lull.domain.corridor import User
from lull.domain.fleet import Use
from lull.domain.people import Category, Need
from lull.domain.place import SiteKind
from lull.domain.plan import Goods, People
from lull.domain.worth import Arrived
from tests.oracle.exhaustive.rounds import Act, Route, Team, ends_of

USER = {Category.CIVILIANS: User.CIVILIANS, Category.FIGHTERS: User.FIGHTERS,
        Category.PATIENTS: User.WOUNDED}


@dataclass(frozen=True)
class Column:
    """Households of one size of a group for a destination, or units of an item from a store."""

    goods: bool
    name: str
    goal: str
    size: int = 0
    store: str = ""


Load = tuple[int, ...]
"""How many of each column."""


class Loads:
    """All loads of all rounds of a case, and what they add up to."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._options: dict[tuple[tuple[int, ...], Team, frozenset[str]], list[Load]] = {}

    @cached_property
    def columns(self) -> list[Column]:
        """Everything that may be carried anywhere."""
        people = [
            Column(False, g.id, goal, size)
            for g in self.case.groups.values()
            for goal in ends_of(self.case, g)
            for size, number in sorted(g.households.items()) if number
        ]
        goods = [
            Column(True, item, goal, 0, store)
            for item, goal in sorted({(d.item, d.site) for d in self.case.demands if d.units})
            for store in sorted({s.site for s in self.case.stocks if s.item == item and s.units})
        ]
        return people + goods

    @cached_property
    def nothing(self) -> Load:
        """No load."""
        return (0,) * len(self.columns)

    @cached_property
    def limits(self) -> list[tuple[tuple[int, ...], int]]:
        """(how much each column takes, how much there is): households, places, need, stock."""
        found: list[tuple[tuple[int, ...], int]] = []

        def limit(takes: list[int], room: int | None) -> None:
            if room is not None and any(takes):
                found.append((tuple(takes), room))

        for group in self.case.groups.values():
            for size, number in group.households.items():
                limit([int(not c.goods and (c.name, c.size) == (group.id, size))
                       for c in self.columns], number)
        for site in self.case.sites.values():
            for kind in ("seated", "stretcher", "critical"):
                limit([self._place(c, site.id, kind) for c in self.columns],
                      getattr(site, f"capacity_{kind}"))
        for item, goal in {(d.item, d.site) for d in self.case.demands}:
            need = sum(d.units for d in self.case.demands if (d.item, d.site) == (item, goal))
            limit([int(c.goods and (c.name, c.goal) == (item, goal)) for c in self.columns], need)
        for item, store in {(s.item, s.site) for s in self.case.stocks}:
            held = sum(s.units for s in self.case.stocks if (s.item, s.site) == (item, store))
            limit([int(c.goods and (c.name, c.store) == (item, store)) for c in self.columns],
                  held)
        return found

    def _place(self, column: Column, site: str, kind: str) -> int:
        if column.goods or column.goal != site:
            return 0
        group = self.case.groups[column.name]
        if kind == "seated":
            return column.size - group.is_medical
        lying = "critical" if group.need is Need.CRITICAL else "stretcher"
        return int(group.is_medical and kind == lying)

    def allowed(self, total: Load) -> bool:
        """Whether so much is there, and has room where it goes."""
        return all(
            sum(a * b for a, b in zip(takes, total, strict=True)) <= room
            for takes, room in self.limits
        )

    def arrived(self, total: Load) -> Arrived:
        """What a total is when it has come."""
        persons: dict[str, int] = defaultdict(int)
        patients: dict[str, int] = defaultdict(int)
        units: dict[tuple[str, str], int] = defaultdict(int)
        for column, number in zip(self.columns, total, strict=True):
            if column.goods:
                units[column.name, column.goal] += number
            else:
                persons[column.name] += number * column.size
                if self.case.groups[column.name].is_medical:
                    patients[column.name] += number
        return Arrived(dict(persons), dict(patients), dict(units))

    @cached_property
    def heads(self) -> list[tuple[str, int, str]]:
        """What a column counts as, wherever it goes or comes from."""
        return [(c.name, c.size, c.goal if c.goods else "") for c in self.columns]

    def merged(self, total: Load) -> Load:
        """A total with all columns that count as the same added up."""
        found: dict[tuple[str, int, str], int] = dict.fromkeys(self.heads, 0)
        for head, number in zip(self.heads, total, strict=True):
            found[head] += number
        return tuple(found.values())

    @cached_property
    def first_of(self) -> list[int]:
        """For each merged column, the first column that it stands for."""
        return [self.heads.index(head) for head in dict.fromkeys(self.heads)]

    @cached_property
    def room(self) -> Load:
        """The most of each merged column: as many households, as much need."""
        found = []
        for name, size, goal in dict.fromkeys(self.heads):
            if goal:
                found.append(sum(d.units for d in self.case.demands
                                 if (d.item, d.site) == (name, goal)))
            else:
                found.append(self.case.groups[name].households[size])
        return tuple(found)

    # --- in vehicles ---------------------------------------------------------------------
    def of(self, route: Route, team: Team) -> list[Load]:
        """Every load that fits a team on a route, the empty one too."""
        ready = [n for n, c in enumerate(self.columns) if self._on(c, route)]
        ups = frozenset(a.place for a in route if a.what == "load")
        return self.filled(ready, team, ups)

    def filled(self, ready: list[int], team: Team, ups: frozenset[str] = frozenset()
               ) -> list[Load]:
        """Every load of some columns that fits a team which takes people on at some points."""
        key = (tuple(ready), tuple(sorted(team)), ups)
        if key not in self._options:
            self._options[key] = list(self._fill(self.nothing, ready, key[1], ups))
        return self._options[key]

    def _on(self, column: Column, route: Route) -> bool:
        """Whether a round takes on what a column counts and sets it down, by gates open to it."""
        case = self.case
        source = column.store if column.goods else case.groups[column.name].site
        user = User.AID if column.goods else USER[case.groups[column.name].category]
        up = next((n for n, a in enumerate(route) if a == Act("load", source)), None)
        if up is None:
            return False
        for n, act in enumerate(route):
            if act.what != "unload" or n < up:
                continue
            handed = case.sites[act.place].kind is SiteKind.EXCHANGE and not column.goods
            if act.place != column.goal and not handed:
                continue
            gates = [a for a in route[up:n] if a.way is not None]
            if all(user in case.corridors[g.place].users for g in gates):
                return True
        return False

    def _fill(self, load: Load, ready: list[int], team: Team, ups: frozenset[str]
              ) -> Iterator[Load]:
        if not ready:
            yield load
            return
        first, rest = ready[0], ready[1:]
        now = load
        while self.allowed(now) and self.fits(now, team, ups):
            yield from self._fill(now, rest, team, ups)
            now = (*now[:first], now[first] + 1, *now[first + 1:])

    def seats(self, kind: str) -> int:
        """Seats that are planned on in one vehicle."""
        return math.floor(self.case.fleet[kind].seats * self.case.pause.rules.fill + 1e-9)

    def fits(self, load: Load, team: Team, ups: frozenset[str]) -> bool:
        """Whether a load fits the seats, stretchers and tonnes of a team, and the crowd limit."""
        if any(c.goods and n for c, n in zip(self.columns, load, strict=True)):
            return self.shared_goods(load, team) is not None
        if self.shared_people(load, team) is None:
            return False
        for point in ups:
            site = self.case.sites[point]
            if site.crowd_limit is not None and site.call:
                here = sum(n * c.size for c, n in zip(self.columns, load, strict=True)
                           if not c.goods and self.case.groups[c.name].site == point)
                if here > site.crowd_limit * len(team):
                    return False
        return True

    def shared_people(self, load: Load, team: Team) -> list[list[People]] | None:
        """A load's people shared out over the vehicles of a team, or None if they do not fit."""
        fleet = [self.case.fleet[k] for k in team]
        seats = [self.seats(k) for k in team]
        lying = [k.stretchers if Use.WOUNDED in k.uses else 0 for k in fleet]
        aboard: list[dict[tuple[str, str], list[int]]] = [{} for _ in team]
        waits: list[tuple[int, tuple[str, str], int, bool]] = []

        def put(n: int, key: tuple[str, str], sit: int, lie: int) -> None:
            here = aboard[n].setdefault(key, [0, 0])
            here[0], here[1] = here[0] + sit + lie, here[1] + lie

        for column, number in zip(self.columns, load, strict=True):
            if column.goods or not number:
                continue
            group, key = self.case.groups[column.name], (column.name, column.goal)
            down = number if group.is_medical else 0
            for n, free in enumerate(lying):
                here = min(free, down)
                lying[n], down = free - here, down - here
                if here:
                    put(n, key, 0, here)
            if down:
                return None
            sit = number * (column.size - group.is_medical)
            waits.append((not group.is_medical, key, sit, group.category is Category.FIGHTERS))
        for civilian, key, sit, fights in sorted(waits):
            left = sit
            order = sorted(range(len(team)), key=lambda n: Use.PASSENGERS in fleet[n].uses)
            for n in order:
                wanted = {Use.FIGHTERS} if fights else {Use.PASSENGERS}
                if not civilian:
                    wanted = {Use.WOUNDED, Use.PASSENGERS}
                if wanted & fleet[n].uses:
                    here = min(seats[n], left)
                    seats[n], left = seats[n] - here, left - here
                    if here:
                        put(n, key, here, 0)
            if left:
                return None
        return [[People(g, to, n, lie) for (g, to), (n, lie) in some.items()] for some in aboard]

    def shared_goods(self, load: Load, team: Team) -> list[list[Goods]] | None:
        """A load's units shared out over the trucks of a team, or None if they do not fit."""
        units = [n for n, c in enumerate(self.columns) if c.goods for _ in range(load[n])]
        units.sort(key=lambda n: -self.case.items[self.columns[n].name].kg)
        room = [self.case.fleet[k].payload_t * 1000 + 1e-6 for k in team]
        placed = self._packed(units, room)
        if placed is None:
            return None
        out: list[list[Goods]] = []
        for truck in range(len(team)):
            mine = [n for n, where in zip(units, placed, strict=True) if where == truck]
            out.append([
                Goods(self.columns[n].name, self.columns[n].goal, mine.count(n),
                      self.columns[n].store) for n in sorted(set(mine))
            ])
        return out

    def _packed(self, units: list[int], room: list[float]) -> list[int] | None:
        if not units:
            return []
        kg = self.case.items[self.columns[units[0]].name].kg
        for truck, free in enumerate(room):
            if free >= kg and free not in room[:truck]:
                rest = self._packed(
                    units[1:], [r - kg * (n == truck) for n, r in enumerate(room)])
                if rest is not None:
                    return [truck, *rest]
        return None

