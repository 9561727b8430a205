"""Everyone who moves in a plan as one kind of thing: vehicles, private cars, people on foot.

A party becomes as many travellers as it has cars, or one on foot, each with a start, a crossing
and an end, so that the event loop knows only steps.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType
from lull.domain.plan import By, Crossing, Party, People, Step, Stop, Task
from lull.domain.rules.facts import Facts
from lull.domain.travel import FOOT, OWN_CAR
from lull.simulate import columns as c

HOUR = 60


@frozen(eq=False)
class Traveller:
    """One who moves: `profile` is that of the travel table, `kind` None for people's own means.

    `gap` is how long after one party on foot the next may enter the same gate.
    """

    id: str
    profile: str
    by: int
    steps: Sequence[Step]
    kind: VehicleType | None = None
    gap: int = 0


@frozen(eq=False)
class Together:
    """Those who pass a gate together: a convoy of the plan, or the cars of a party (`free`).

    `crossings` are (traveller's number, step's number in its day) in the plan's order.
    """

    starts: int
    corridor: str
    free: bool
    crossings: tuple[tuple[int, int], ...]


def travellers(facts: Facts) -> tuple[Traveller, ...]:
    """All who move in a plan, vehicles first, in the plan's order."""
    fleet = [
        Traveller(day.vehicle, day.kind.id, c.FLEET, day.steps, day.kind) for day in facts.days
    ]
    entries = car_entries(facts)
    gaps = walkers_gaps(facts)
    own: list[Traveller] = []
    for party in facts.plan.parties:
        if party.by is By.OWN_CAR:
            own.extend(_cars(facts, party, entries[party.id]))
        else:
            steps = _own_steps(facts, party, party.persons, party.enters, party.cleared)
            own.append(Traveller(party.id, FOOT, c.FOOT, steps, gap=gaps[party.id]))
    return (*fleet, *own)


def _cars(facts: Facts, party: Party, entries: Sequence[int]) -> Iterator[Traveller]:
    check = facts.case.corridors[party.corridor].check(Direction.OUT).minutes_of(OWN_CAR)
    each, more = divmod(party.persons, max(1, party.cars))
    for n, enters in enumerate(entries):
        steps = _own_steps(facts, party, each + (n < more), enters, enters + check.likely)
        yield Traveller(f"{party.id} car {n + 1}", OWN_CAR, c.CAR, steps)


def _own_steps(
    facts: Facts, party: Party, persons: int, enters: int, cleared: int
) -> tuple[Step, ...]:
    site = facts.case.groups[party.group].site
    line = (People(party.group, party.bound_for or party.destination, persons),)
    return (
        Stop(site, Task.START, party.departs, party.departs, party.departs, line),
        Crossing(party.corridor, Direction.OUT, party.id, party.arrives, enters, cleared,
                 party.leaves),
        Stop(party.destination, Task.END, party.reaches, party.reaches, party.reaches, line),
    )


def togethers(facts: Facts, everyone: Sequence[Traveller]) -> tuple[Together, ...]:
    """Convoys and parties in order of their starts, each with its crossings in its own order."""
    where: dict[tuple[str, str], tuple[int, int]] = {}
    free: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, one in enumerate(everyone):
        for index, step in enumerate(one.steps):
            if isinstance(step, Crossing):
                where[step.convoy, one.id] = (number, index)
                if one.by != c.FLEET:
                    free[step.convoy].append((number, index))
    found = [
        (convoy.starts, convoy.id, Together(
            convoy.starts, convoy.corridor, False,
            tuple(where[convoy.id, vehicle] for vehicle in convoy.vehicles
                  if (convoy.id, vehicle) in where)))
        for convoy in facts.plan.convoys
    ]
    found += [
        (party.enters, party.id,
         Together(party.enters, party.corridor, True, tuple(free[party.id])))
        for party in facts.plan.parties
        if free[party.id]
    ]
    return tuple(one for _, _, one in sorted(found, key=lambda entry: entry[:2]))


def walkers_gaps(facts: Facts) -> Mapping[str, int]:
    """Minutes from one party's entry on foot to the next at its gate, as planned or by the rate."""
    by_gate: dict[str, list[Party]] = defaultdict(list)
    for party in facts.plan.parties:
        if party.by is By.FOOT:
            by_gate[party.corridor].append(party)
    found = {}
    for name, parties in by_gate.items():
        rate = facts.case.corridors[name].check(Direction.OUT).persons_per_hour or 1
        parties.sort(key=lambda p: (p.enters, p.id))
        for n, party in enumerate(parties):
            gap = math.ceil(party.persons * HOUR / rate)
            if n + 1 < len(parties):
                gap = min(gap, parties[n + 1].enters - party.enters)
            found[party.id] = gap
    return found


def car_entries(facts: Facts) -> Mapping[str, tuple[int, ...]]:
    """When each car of each party enters as planned: one by one, as lanes and the rate allow.

    A plan gives a party's first entry and last clearance only. Vehicles of the fleet hold the
    lanes as planned; the cars take what is left, parties in order of entry.
    """
    busy: dict[tuple[str, Direction], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    entered: dict[str, list[int]] = defaultdict(list)
    for passing in facts.passings:
        step = passing.step
        pool = busy[step.corridor, passing.corridor.lane_pool(step.direction)]
        for minute in range(step.enters, step.cleared):
            pool[minute] += 1
        if step.direction is Direction.OUT:
            insort(entered[step.corridor], step.enters)
    found: dict[str, tuple[int, ...]] = {}
    for party in sorted(facts.plan.parties, key=lambda p: (p.enters, p.id)):
        if party.by is By.OWN_CAR:
            corridor = facts.case.corridors[party.corridor]
            pool = busy[corridor.id, corridor.lane_pool(Direction.OUT)]
            found[party.id] = _entries(facts, party, pool, entered[corridor.id])
    return found


def _entries(
    facts: Facts, party: Party, busy: dict[int, int], entered: list[int]
) -> tuple[int, ...]:
    corridor = facts.case.corridors[party.corridor]
    check = corridor.check(Direction.OUT)
    each, lanes = check.minutes_of(OWN_CAR).likely, corridor.lanes(Direction.OUT)
    minute, entries = party.enters, []
    for _ in range(party.cars):
        while any(busy[m] >= lanes for m in range(minute, minute + each)) or not _rate_allows(
            entered, minute, check.vehicles_per_hour
        ):
            minute += 1
        for m in range(minute, minute + each):
            busy[m] += 1
        insort(entered, minute)
        entries.append(minute)
    return tuple(entries)


def _rate_allows(entered: list[int], minute: int, limit: int | None) -> bool:
    """Whether one more entry keeps every 60 consecutive minutes within the limit."""
    if limit is None:
        return True
    near = entered[bisect_left(entered, minute - HOUR + 1) : bisect_left(entered, minute + HOUR)]
    near = sorted([*near, minute])
    return all(bisect_left(near, first + HOUR) - n <= limit for n, first in enumerate(near))
