"""What moves together through a corridor: the stops, gates, loads and people of each movement.

A convoy's vehicles come from stops of their own and go on to others; here each of them is followed
from where it sets out for a gate to where its load is set down, and to its base if it goes there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction, Gate
from lull.domain.fleet import type_of
from lull.domain.plan import By, Crossing, Party, Plan, Stop, Task, VehicleDay


class Each(StrEnum):
    """What one notification is about."""

    CONVOY = "convoy"
    CORRIDOR_DAY = "corridor-day"


@frozen
class Visit:
    """A place of the travel table, with the first minute of anybody there and the last."""

    place: str
    arrives: int
    leaves: int


@frozen
class Movement:
    """Convoys, or people by themselves, that pass one corridor in one direction on one day.

    `before` and `after` are what lies before the first gate and behind the second, `back` the way
    to base; `gates` are both gates. `vehicles` are counts by type, each vehicle once, `cars` those
    of the people themselves; `people` persons and those on stretchers by group, `units` goods by
    item, as they pass the gate. Where it is of several convoys, `runs` has each by itself, and
    those who go by themselves as one; the places above are then of all ways together and no way
    that anybody drives.
    """

    corridor: str
    direction: Direction
    convoys: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    before: tuple[Visit, ...] = ()
    gates: tuple[Visit, Visit] = (Visit("", 0, 0), Visit("", 0, 0))
    after: tuple[Visit, ...] = ()
    back: tuple[Visit, ...] = ()
    vehicles: Mapping[str, int] = field(factory=dict)
    cars: int = 0
    people: Mapping[str, tuple[int, int]] = field(factory=dict)
    units: Mapping[str, int] = field(factory=dict)
    runs: tuple[Movement, ...] = ()

    @property
    def persons(self) -> int:
        """All who pass the gate, crews not counted."""
        return sum(persons for persons, _ in self.people.values())


@frozen
class _Part:
    """One vehicle through one gate, or one party."""

    corridor: str
    direction: Direction
    before: tuple[Visit, ...]
    gates: tuple[Visit, Visit]
    after: tuple[Visit, ...]
    back: tuple[Visit, ...] = ()
    convoy: str = ""
    party: str = ""
    vehicle: str = ""
    cars: int = 0
    people: Mapping[str, tuple[int, int]] = field(factory=dict)
    units: Mapping[str, int] = field(factory=dict)


def movements(case: Case, plan: Plan, each: Each) -> tuple[Movement, ...]:
    """Every movement of a plan in the order in which they reach their gates.

    Each convoy and each party stands in exactly one. By convoy, people on foot and in their own
    cars stand together by corridor and day, as they are no convoy.
    """
    together: dict[tuple[str, str, str], list[_Part]] = defaultdict(list)
    slots = {convoy.id: convoy.starts for convoy in plan.convoys}
    for part in _parts(case, plan):
        minute = slots.get(part.convoy, part.gates[0].arrives)
        own = part.convoy if each is Each.CONVOY and part.convoy else _day(case, minute)
        means = "" if each is Each.CORRIDOR_DAY or part.convoy else "by themselves"
        together[f"{part.corridor} {part.direction}", own, means].append(part)
    found = [_with_runs(parts) for parts in together.values()]
    return tuple(sorted(found, key=lambda m: (m.gates[0].arrives, m.corridor, m.direction.value,
                                              m.convoys)))


def _day(case: Case, minute: int) -> str:
    day: date = case.pause.clock.local(minute).date()
    return day.isoformat()


def without_crossing(plan: Plan) -> int:
    """How many vehicles move and pass no gate: no convoy and so no notification has them."""
    return sum(1 for day in plan.vehicles if day.steps
               and not any(isinstance(step, Crossing) for step in day.steps))


def gate_of(case: Case, place: str) -> tuple[str, Gate]:
    """The corridor and the gate of a gate's place id."""
    corridor, side = case.gate_corridor[place]
    found = case.corridors[corridor]
    return corridor, found.inside_gate if found.inside_gate.side == side else found.outside_gate


def _parts(case: Case, plan: Plan) -> Iterable[_Part]:
    for day in plan.vehicles:
        yield from _passages(case, day)
    for party in plan.parties:
        yield _walk(case, party)


def _passages(case: Case, day: VehicleDay) -> Iterable[_Part]:
    """Each crossing of a vehicle, with the stops that belong to it."""
    runs: list[list[Stop]] = [[]]
    crossings: list[tuple[Crossing, Mapping[str, tuple[int, int]], Mapping[str, int]]] = []
    load = _Load()
    for step in day.steps:
        if isinstance(step, Stop):
            load.take(step)
            runs[-1].append(step)
        else:
            crossings.append((step, load.people(), load.units()))
            runs.append([])
    for number, (crossing, people, units) in enumerate(crossings):
        after, back = _arriving(runs[number + 1])
        yield _Part(
            crossing.corridor, crossing.direction,
            tuple(map(_visit, _setting_out(runs[number]))), _gates(case, crossing),
            tuple(map(_visit, after)), tuple(map(_visit, back)), convoy=crossing.convoy,
            vehicle=day.vehicle, people=people, units=units,
        )  # fmt: skip


class _Load:
    """What a vehicle carries, by group and by item."""

    def __init__(self) -> None:
        self._people: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._units: dict[str, int] = defaultdict(int)

    def take(self, stop: Stop) -> None:
        """Take on, or set down, what a stop says."""
        if stop.task not in (Task.LOAD, Task.UNLOAD):
            return
        sign = 1 if stop.task is Task.LOAD else -1
        for some in stop.people:
            self._people[some.group][0] += sign * some.persons
            self._people[some.group][1] += sign * some.stretchers
        for goods in stop.goods:
            self._units[goods.item] += sign * goods.units

    def people(self) -> dict[str, tuple[int, int]]:
        """Persons and those who lie, by group."""
        return {group: (n, lying) for group, (n, lying) in self._people.items() if n or lying}

    def units(self) -> dict[str, int]:
        """Units by item."""
        return {item: n for item, n in self._units.items() if n}


def _setting_out(run: list[Stop]) -> list[Stop]:
    """The stops from which a vehicle sets out for the gate behind them: from where it was last at
    base, or had set down all it carried."""
    starts = [i for i, stop in enumerate(run) if stop.task in (Task.START, Task.UNLOAD)]
    return run[starts[-1]:] if starts else run


def _arriving(run: list[Stop]) -> tuple[list[Stop], list[Stop]]:
    """The stops to which a vehicle comes from the gate before them, and those on its way to
    base."""
    ends = [i for i, stop in enumerate(run) if stop.task is Task.END]
    home = run[:ends[0] + 1] if ends else run
    unloads = [i for i, stop in enumerate(home) if stop.task is Task.UNLOAD]
    if unloads:
        last = unloads[-1] + 1
        return home[:last], home[last:] if ends else []
    return (home if ends else home[:1]), []


def _visit(stop: Stop) -> Visit:
    return Visit(stop.site, stop.arrives, stop.departs)


def _gates(case: Case, crossing: Crossing) -> tuple[Visit, Visit]:
    first, second = case.corridors[crossing.corridor].gates(crossing.direction)
    return (Visit(first, crossing.arrives, crossing.cleared),
            Visit(second, crossing.leaves, crossing.leaves))


def _walk(case: Case, party: Party) -> _Part:
    """People on foot or in their own cars."""
    first, second = case.corridors[party.corridor].gates(Direction.OUT)
    site = case.groups[party.group].site
    return _Part(
        party.corridor, Direction.OUT, (Visit(site, party.departs, party.departs),),
        (Visit(first, party.arrives, party.cleared), Visit(second, party.leaves, party.leaves)),
        (Visit(party.destination, party.reaches, party.reaches),), party=party.id,
        cars=party.cars if party.by is By.OWN_CAR else 0,
        people={party.group: (party.persons, 0)},
    )  # fmt: skip


def _together(parts: list[_Part]) -> Movement:
    """Parts as one movement: a place once, from its first minute to its last."""
    first = parts[0]
    vehicles: dict[str, set[str]] = defaultdict(set)
    people: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    units: dict[str, int] = defaultdict(int)
    for part in parts:
        if part.vehicle:
            vehicles[type_of(part.vehicle)].add(part.vehicle)
        for group, (persons, lying) in part.people.items():
            people[group][0] += persons
            people[group][1] += lying
        for item, many in part.units.items():
            units[item] += many
    return Movement(
        corridor=first.corridor, direction=first.direction,
        convoys=tuple(dict.fromkeys(p.convoy for p in parts if p.convoy)),
        parties=tuple(p.party for p in parts if p.party),
        before=_merged(v for p in parts for v in p.before),
        gates=(_merged(p.gates[0] for p in parts)[0], _merged(p.gates[1] for p in parts)[0]),
        after=_merged(v for p in parts for v in p.after),
        back=_merged(v for p in parts for v in p.back),
        vehicles={kind: len(some) for kind, some in vehicles.items()},
        cars=sum(p.cars for p in parts),
        people={group: (n, lying) for group, (n, lying) in people.items()}, units=dict(units),
    )  # fmt: skip


def _with_runs(parts: list[_Part]) -> Movement:
    """Parts as one movement, with each convoy in it by itself where there are several."""
    by_convoy: dict[str, list[_Part]] = defaultdict(list)
    for part in parts:
        by_convoy[part.convoy].append(part)
    whole = _together(parts)
    if len(by_convoy) < 2:
        return whole
    runs = sorted(map(_together, by_convoy.values()), key=lambda m: (m.gates[0].arrives, m.convoys))
    return evolve(whole, runs=tuple(runs))


def _merged(visits: Iterable[Visit]) -> tuple[Visit, ...]:
    found: dict[str, Visit] = {}
    for visit in visits:
        known = found.get(visit.place, visit)
        found[visit.place] = Visit(visit.place, min(known.arrives, visit.arrives),
                                   max(known.leaves, visit.leaves))
    return tuple(sorted(found.values(), key=lambda v: (v.arrives, v.leaves, v.place)))
