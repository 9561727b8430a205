"""What of gates and bays is in use by what is kept, so that what is moved finds room beside it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import define, field

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import type_of
from lull.domain.plan import By, Crossing, Party, Plan, Step, Stop, Task
from lull.domain.travel import OWN_CAR

Spell = tuple[int, int]
"""From a minute on to another, at which it is free again."""

HOUR = 60
SERVED = (Task.LOAD, Task.UNLOAD)


def most(spells: Iterable[Spell]) -> int:
    """How many spells lie over each other at the worst minute."""
    changes: dict[int, int] = defaultdict(int)
    for start, end in spells:
        if end > start:
            changes[start] += 1
            changes[end] -= 1
    now = worst = 0
    for minute in sorted(changes):
        now += changes[minute]
        worst = max(worst, now)
    return worst


@define(eq=False)
class Booked:
    """Spells in lanes and bays, starts of convoys, entries for rates by the hour."""

    case: Case
    lanes: dict[tuple[str, Direction], list[Spell]] = field(factory=lambda: defaultdict(list))
    starts: dict[tuple[str, Direction], list[int]] = field(factory=lambda: defaultdict(list))
    entries: dict[tuple[str, Direction], list[int]] = field(factory=lambda: defaultdict(list))
    bays: dict[str, list[Spell]] = field(factory=lambda: defaultdict(list))

    def take(self, of: Mapping[str, Sequence[Step]]) -> None:
        """Book the steps of vehicles whose convoys are whole among them."""
        convoys: dict[str, list[Crossing]] = defaultdict(list)
        for vehicle, steps in of.items():
            for step in steps:
                if isinstance(step, Crossing):
                    convoys[step.convoy].append(step)
                elif step.task in SERVED:
                    self.take_bay(vehicle, step)
        for passed in convoys.values():
            self.take_gate(passed)

    def take_bay(self, vehicle: str, stop: Stop) -> None:
        """Book the bay of one stop."""
        if stop.task in SERVED:
            self.bays[stop.site].append((stop.starts, stop.starts + self.service(vehicle, stop)))

    def take_gate(self, passed: Sequence[Crossing]) -> None:
        """Book the passage of one convoy."""
        name, way = passed[0].corridor, passed[0].direction
        pool = self.case.corridors[name].lane_pool(way)
        self.lanes[name, pool] += [(c.enters, c.cleared) for c in passed]
        self.starts[name, way].append(min(c.enters for c in passed))
        self.entries[name, way] = sorted([*self.entries[name, way], *(c.enters for c in passed)])

    def take_cars(self, plan: Plan, parties: Sequence[Party]) -> None:
        """Book the cars of parties as they pass beside the convoys of the plan as it was."""
        held: dict[tuple[str, Direction], list[Spell]] = defaultdict(list)
        for _, step in plan.crossings():
            pool = self.case.corridors[step.corridor].lane_pool(step.direction)
            held[step.corridor, pool].append((step.enters, step.cleared))
        for party in sorted(parties, key=lambda p: (p.enters, p.id)):
            if party.by is By.OWN_CAR:
                key = party.corridor, Direction.OUT
                spells = self.cars(party, held[key])
                held[key] += spells
                self.lanes[key] += spells
                self.entries[key] = sorted([*self.entries[key], *(a for a, _ in spells)])

    def cars(self, party: Party, held: Sequence[Spell]) -> list[Spell]:
        """When each car of a party is in the check, as soon as a lane is free."""
        corridor = self.case.corridors[party.corridor]
        each = corridor.check(Direction.OUT).minutes_of(OWN_CAR).likely
        lanes = corridor.lanes(Direction.OUT)
        busy: dict[int, int] = defaultdict(int)
        for start, end in held:
            for minute in range(max(start, party.enters), end):
                busy[minute] += 1
        found, minute = [], party.enters
        for _ in range(party.cars):
            while full := [m for m in range(minute, minute + each) if busy[m] >= lanes]:
                minute = full[-1] + 1
            for m in range(minute, minute + each):
                busy[m] += 1
            found.append((minute, minute + each))
        return found

    def service(self, vehicle: str, stop: Stop) -> int:
        """Likely minutes of service of a stop."""
        if stop.task not in SERVED:
            return 0
        return self.case.sites[stop.site].service_of(type_of(vehicle)).likely

    def bay_free(self, vehicle: str, stop: Stop, starts: int) -> bool:
        """Whether a stop could be served from a minute on: a free bay of an open site."""
        site, ends = self.case.sites[stop.site], starts + self.service(vehicle, stop)
        if stop.task not in SERVED:
            return True
        if not site.is_open(starts, ends):
            return False
        near = [s for s in self.bays[stop.site] if s[0] < ends and s[1] > starts]
        return site.bays is None or most([*near, (starts, ends)]) <= site.bays

    def gate_free(self, passed: Sequence[Crossing]) -> bool:
        """Whether a convoy could pass so: in hours, with headway, lanes free, within the rate."""
        name, way = passed[0].corridor, passed[0].direction
        corridor, first = self.case.corridors[name], min(c.enters for c in passed)
        last = max(c.leaves for c in passed)
        if self.case.pause.window_at(first) is None or not corridor.is_open(first, last):
            return False
        if any(abs(first - s) < corridor.convoy.headway for s in self.starts[name, way]):
            return False
        pool = corridor.lane_pool(way)
        own = [(c.enters, c.cleared) for c in passed]
        until = max(c.cleared for c in passed)
        near = [s for s in self.lanes[name, pool] if s[0] < until and s[1] > first]
        if most([*near, *own]) > corridor.lanes(way):
            return False
        limit = corridor.check(way).vehicles_per_hour
        if limit is None:
            return True
        times = sorted([*self.entries[name, way], *(c.enters for c in passed)])
        return all(bisect_left(times, t + HOUR) - n <= limit for n, t in enumerate(times)
                   if first - HOUR < t <= until)
