"""Tiny cases and hand-made plans: every way takes ten minutes, so that sums are done by head.

`tiny` makes a case from its parts with a uniform travel table; `Team` writes what vehicles
that keep together do, step by step, at the likely times unless told otherwise; `plan` puts
teams, parties and calls together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from lull.domain.case import Case
from lull.domain.corridor import (
    Checkpoint,
    ConvoyRule,
    Corridor,
    Direction,
    Gate,
    MineStatus,
    User,
)
from lull.domain.fleet import Use, VehicleType, type_of
from lull.domain.pause import Pause, PlanningRules
from lull.domain.people import Group
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.plan import (
    Call,
    Convoy,
    Crossing,
    Goods,
    Household,
    LastCall,
    Party,
    People,
    Plan,
    Step,
    Stop,
    Task,
    VehicleDay,
)
from lull.domain.time import Clock, Estimate, Window
from lull.domain.travel import FOOT, OWN_CAR, UNREACHABLE, TravelTable

IN, OUT = Direction.IN, Direction.OUT
BOTH = frozenset(Direction)
EIGHT = datetime(2016, 10, 20, 5, 0, tzinfo=UTC)
"""Eight in the morning in Aleppo (UTC+3 on that day): minute 0."""

WAY = Estimate(8, 10, 15)
THROUGH = Estimate(4, 5, 8)
CHECK = Estimate(3, 5, 10)
SERVICE = Estimate(8, 10, 15)
WALK = Estimate(16, 20, 30)

ANYBODY = frozenset({User.CIVILIANS, User.WOUNDED, User.AID})


def site(name: str, kind: str = "assembly_point", **more: Any) -> Site:
    """A site; inside if it is an assembly or distribution point, with ten minutes of service."""
    inside = kind in ("assembly_point", "distribution_point")
    defaults: dict[str, Any] = {
        "sides": (INSIDE,) if inside else (OUTSIDE,),
        "service": {"": SERVICE if kind != "base" else Estimate.of(0)},
        "call": 10 if inside else 0,
    }
    return Site(name, name, SiteKind(kind), **{**defaults, **more})


def corridor(name: str = "north", users: Iterable[User] = ANYBODY, **more: Any) -> Corridor:
    """A corridor in both directions, cleared, one lane and a five-minute check each way."""
    lanes = more.pop("lanes", 1)
    check = more.pop("check", CHECK)
    rates = more.pop("rates", {})
    convoy = more.pop("convoy", ConvoyRule(None, 0, None))
    sides = more.pop("between", (INSIDE, OUTSIDE))
    defaults: dict[str, Any] = {
        "directions": BOTH,
        "inside_gate": Gate(sides[0]),
        "outside_gate": Gate(sides[1]),
        "checkpoint": {d: Checkpoint(lanes, {"": check}, **rates) for d in Direction},
        "mines": dict.fromkeys(Direction, MineStatus.CLEARED),
        "convoy": convoy,
    }
    return Corridor(name, name, frozenset(users), **{**defaults, **more})


def vehicles(name: str = "bus", number: int = 4, uses: Iterable[Use] = (Use.PASSENGERS,),
             **more: Any) -> VehicleType:
    """A vehicle type at the base, on both sides, with 50 seats unless said otherwise."""
    defaults: dict[str, Any] = {"seats": 50, "sides": (INSIDE, OUTSIDE), "base": "base"}
    return VehicleType(name, name, number, uses=frozenset(uses), **{**defaults, **more})


def people(name: str = "families", households: Mapping[int, int] | None = None,
           where: str = "A", **more: Any) -> Group:
    """A group of whom all wish to leave; 40 households of 4 unless said otherwise."""
    sizes = dict(households or {4: 40})
    total = sum(size * number for size, number in sizes.items())
    return Group(name, where, more.pop("count", total), total, sizes, **more)


def tiny(
    sites: Iterable[Site],
    corridors: Iterable[Corridor],
    groups: Iterable[Group] = (),
    fleet: Iterable[VehicleType] = (),
    *,
    windows: Sequence[tuple[int, int]] = ((0, 660),),
    rules: Mapping[str, Any] | None = None,
    notice: int | None = None,
    ways: Mapping[tuple[str, str], Estimate] | None = None,
    way: Estimate = WAY,
    through: Estimate = THROUGH,
    zone: str = "Asia/Damascus",
    origin: datetime = EIGHT,
    pause: Mapping[str, Any] | None = None,
    **more: Any,
) -> Case:
    """A case; ways between places of a common side all take `way`, through corridors `through`."""
    sites, corridors, fleet = list(sites), list(corridors), list(fleet)
    settings = {"call_lead": 10, **(rules or {})}
    said = Pause(
        "Tiny", "Nowhere", Clock(origin, zone), tuple(Window(a, b) for a, b in windows),
        rules=PlanningRules(**settings), notice=notice, **(pause or {}),
    )
    return Case(
        said,
        {s.id: s for s in sites},
        {c.id: c for c in corridors},
        {g.id: g for g in groups},
        {v.id: v for v in fleet},
        travel(sites, corridors, [v.id for v in fleet], way, through, ways or {}),
        **more,
    )


def travel(
    sites: Sequence[Site],
    corridors: Sequence[Corridor],
    profiles: Sequence[str],
    way: Estimate,
    through: Estimate,
    ways: Mapping[tuple[str, str], Estimate],
) -> TravelTable:
    """A uniform travel table: walkers take twice as long, a place to itself takes nothing."""
    sides = {s.id: set(s.sides) for s in sites}
    for c in corridors:
        for gate in (c.inside_gate, c.outside_gate):
            sides[c.gate_place(gate.side)] = {gate.side}
    places = tuple(sides)
    pairs = {frozenset(c.gates(OUT)) for c in corridors}
    layers: dict[str, dict[str, Any]] = {k: {} for k in ("low", "likely", "high")}
    for profile in (*profiles, FOOT, OWN_CAR):
        factor = 2 if profile == FOOT else 1
        for layer, arrays in layers.items():
            table = np.full((len(places), len(places)), UNREACHABLE, dtype=np.int32)
            for i, a in enumerate(places):
                for j, b in enumerate(places):
                    found = _way(a, b, sides, pairs, ways, way, through)
                    if found is not None:
                        table[i, j] = factor * getattr(found, layer)
            arrays[profile] = table
    shape = (len(places), len(places))
    names = (*profiles, FOOT, OWN_CAR)
    return TravelTable(
        places, layers["low"], layers["likely"], layers["high"],
        {p: np.zeros(shape) for p in names},
        {p: np.ones(shape, dtype=bool) for p in names},
        {p: np.zeros(shape, dtype=bool) for p in names},
        "made for a test",
    )


def _way(
    a: str, b: str, sides: Mapping[str, set[str]], pairs: set[frozenset[str]],
    ways: Mapping[tuple[str, str], Estimate], way: Estimate, through: Estimate,
) -> Estimate | None:
    if a == b:
        return Estimate.of(0)
    if (a, b) in ways:
        return ways[a, b]
    if frozenset((a, b)) in pairs:
        return through
    return way if sides[a] & sides[b] else None


class Team:
    """Vehicles of one type that keep together; times are the likely ones, as early as can be."""

    def __init__(self, case: Case, *names: str, leaves: int = 20, base: str = "") -> None:
        self.case, self.names, self.turn = case, names, 1
        self.kind = case.fleet[type_of(names[0])]
        start = base or self.kind.base
        self.steps: list[list[Step]] = [
            [Stop(start, Task.START, leaves, leaves, leaves)] for _ in names
        ]
        self.place, self.free = start, leaves
        self.convoys: list[Convoy] = []
        self.calls: list[Call] = []
        self._waiting: list[tuple[Call, tuple[Household, ...]]] = []

    def _comes(self, place: str) -> int:
        leg = self.case.leg(self.kind.id, self.place, place)
        assert leg is not None, f"no way from {self.place} to {place}"
        return self.free + leg.likely

    def cross(self, name: str, way: Direction, at: int | None = None, convoy: str = "",
              leader: bool = False) -> Team:
        """Through a corridor; the convoy starts at `at`, or on the next whole slot."""
        passed = self.case.corridors[name]
        first, far = passed.gates(way)
        arrives = self._comes(first)
        starts = -(-arrives // 5) * 5 if at is None else at
        check = passed.check(way).minutes_of(self.kind.id).likely
        lanes = passed.lanes(way)
        enters = [starts + n // lanes * check for n in range(len(self.names))]
        leg = self.case.leg(self.kind.id, first, far)
        assert leg is not None
        leaves = max(enters) + check + leg.likely
        convoy = convoy or f"{name}-{way.value}-{starts}"
        for steps, enter in zip(self.steps, enters, strict=True):
            steps.append(
                Crossing(name, way, convoy, arrives, enter, enter + check, leaves, self.turn)
            )
        households: list[Household] = []
        if passed.sides(way)[0] == INSIDE:
            for call, whole in self._waiting:
                households += whole
                self.calls.append(
                    Call(call.site, call.group, call.at, call.persons, convoy)
                )
            self._waiting = []
        self.convoys.append(
            Convoy(convoy, name, way, starts, self.names, self.names[0] if leader else "",
                   tuple(households))
        )
        self.place, self.free = far, leaves
        return self

    def load(self, where: str, group: str, to: str, households: Mapping[int, int], *,
             called: int | None = None, split: Sequence[int] = (), at: int | None = None) -> Team:
        """Take whole households on, evenly over the vehicles or as `split` says (in persons)."""
        medical = self.case.groups[group].is_medical
        total = sum(size * number for size, number in households.items())
        patients = sum(households.values()) if medical else 0
        shares = list(split) or _even(total, len(self.names))
        lying = _even(patients, len(self.names))
        lines = [
            (People(group, to, many, down),)
            for many, down in zip(shares, lying, strict=True)
        ]
        stops = self._served(where, Task.LOAD, at, people=lines)
        own = self.case.groups[group].site == where
        if own:
            lead = self.case.sites[where].call
            when = stops - lead if called is None else called
            whole = tuple(Household(group, to, s, n) for s, n in households.items())
            self._waiting.append((Call(where, group, when, total, ""), whole))
        return self

    def unload(self, where: str, *, at: int | None = None) -> Team:
        """Set everyone and everything on board down."""
        people: list[tuple[People, ...]] = []
        goods: list[tuple[Goods, ...]] = []
        for steps in self.steps:
            last = [s for s in steps if isinstance(s, Stop) and s.task is Task.LOAD][-1]
            loads = [
                s for s in steps
                if isinstance(s, Stop) and s.task is Task.LOAD and s.round == last.round
            ]
            people.append(tuple(line for s in loads for line in s.people))
            goods.append(tuple(part for s in loads for part in s.goods))
        self._served(where, Task.UNLOAD, at, people=people, goods=goods)
        return self

    def goods(self, where: str, item: str, to: str, units: int, *, at: int | None = None) -> Team:
        """Load units of an item in each vehicle."""
        self._served(
            where, Task.LOAD, at, goods=[(Goods(item, to, units, where),) for _ in self.names]
        )
        return self

    def _served(
        self, where: str, task: Task, at: int | None,
        people: Sequence[tuple[People, ...]] = (), goods: Sequence[tuple[Goods, ...]] = (),
    ) -> int:
        arrives = self._comes(where)
        here = self.case.sites[where]
        service = here.service_of(self.kind.id).likely
        bays = here.bays or len(self.names)
        first = arrives if at is None else at
        starts = [first + n // bays * service for n in range(len(self.names))]
        departs = max(starts) + service
        for n, steps in enumerate(self.steps):
            steps.append(
                Stop(
                    where, task, arrives, starts[n], departs,
                    people[n] if people else (), goods[n] if goods else (), self.turn,
                )
            )
        self.place, self.free = where, departs
        return first

    def wait(self, where: str, until: int) -> Team:
        """Stand at a site until a minute."""
        arrives = self._comes(where)
        for steps in self.steps:
            steps.append(Stop(where, Task.WAIT, arrives, arrives, until, round=self.turn))
        self.place, self.free = where, until
        return self

    def again(self) -> Team:
        """Begin the next round."""
        self.turn += 1
        return self

    def end(self, where: str = "") -> Team:
        """Drive to the base, or elsewhere, and end."""
        where = where or self.kind.base
        at = self._comes(where)
        for steps in self.steps:
            steps.append(Stop(where, Task.END, at, at, at, round=self.turn))
        return self

    @property
    def days(self) -> tuple[VehicleDay, ...]:
        """The days of its vehicles."""
        return tuple(
            VehicleDay(name, tuple(steps))
            for name, steps in zip(self.names, self.steps, strict=True)
        )


def _even(total: int, among: int) -> list[int]:
    return [total // among + (n < total % among) for n in range(among)]


def plan(case: Case, *teams: Team, parties: Sequence[Party] = (), **more: Any) -> Plan:
    """A plan of teams and parties, with calls, and last calls as late as they may be."""
    calls = [call for team in teams for call in team.calls]
    for party in parties:
        where = case.sites[case.groups[party.group].site]
        calls.append(
            Call(where.id, party.group, party.departs - where.call, party.persons, party.id)
        )
    called = {call.site for call in calls if case.sites[call.site].inside}
    lasts = [
        LastCall(name, number, home, home)
        for name in sorted(called)
        for number, window in enumerate(case.pause.windows)
        for home in (window.closes - case.sites[name].walk_to_shelter - case.sites[name].call,)
    ]
    return Plan(
        vehicles=tuple(day for team in teams for day in team.days),
        convoys=tuple(c for team in teams for c in team.convoys),
        parties=tuple(parties),
        calls=tuple(calls),
        last_calls=tuple(lasts),
        **more,
    )
