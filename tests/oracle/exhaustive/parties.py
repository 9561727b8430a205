"""People who leave on foot, so many an hour, and in their own cars, where a lane is free."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from lull.domain.case import Case
from lull.domain.people import Group, Means
from lull.domain.place import INSIDE
from lull.domain.plan import By, Party
from lull.domain.time import Window
from lull.domain.travel import FOOT, OWN_CAR
from tests.oracle.exhaustive.loads import USER, Column, Load, Loads
from tests.oracle.exhaustive.rounds import NEVER, OUT, Option, minutes


@dataclass(frozen=True)
class Batch:
    """Those who set out together: on foot at one minute, or in cars from a minute on.

    `room` is how many may walk in it (None for cars: the lanes decide).
    """

    by: By
    corridor: str
    at: int
    room: int | None
    window: int


class Parties:
    """Every batch of a case and what it may hold."""

    def __init__(self, case: Case, loads: Loads) -> None:
        self.case, self.loads = case, loads
        self._options: dict[tuple[By, str, int | None, tuple[int, ...]], list[Load]] = {}

    def batches(self) -> list[Batch]:
        """All batches: walkers an hour apart, cars once in each spell in which they may go."""
        found = []
        for corridor in self.case.corridors.values():
            if OUT not in corridor.directions:
                continue
            pace = corridor.check(OUT).persons_per_hour
            last = -NEVER
            for number, window in enumerate(self.case.pause.windows):
                spells = [Window(max(window.opens, w.opens), min(window.closes, w.closes))
                          for w in corridor.open_hours
                          if max(window.opens, w.opens) < min(window.closes, w.closes)
                          ] if corridor.open_hours else [window]
                for spell in spells:
                    first = self._first(By.OWN_CAR, corridor.id, window, spell.opens)
                    if first < spell.closes:
                        found.append(Batch(By.OWN_CAR, corridor.id, first, None, number))
                    at = max(last + 60, self._first(By.FOOT, corridor.id, window, spell.opens))
                    while (pace and at < spell.closes
                           and self._walk_in_time(corridor.id, window, at)):
                        found.append(Batch(By.FOOT, corridor.id, at, pace, number))
                        last, at = at, at + 60
        return found

    def _walk_in_time(self, corridor: str, window: Window, at: int) -> bool:
        """Whether some group that walks through at a minute is out in time, at high times too."""
        gate, far = self.case.corridors[corridor].gates(OUT)
        by = window.closes - self.case.pause.rules.margin
        through = minutes(self.case, FOOT, gate, far, high=True) or 0
        for group in self._groups(By.FOOT):
            site = self.case.sites[group.site]
            way = minutes(self.case, FOOT, site.id, gate)
            high = minutes(self.case, FOOT, site.id, gate, high=True)
            if way is None or high is None:
                continue
            home = window.closes - site.walk_to_shelter - site.call
            if at + through <= by and at - way + high + through <= by and at - way <= home:
                return True
        return False

    def _first(self, by: By, corridor: str, window: Window, opens: int) -> int:
        return min((max(opens, self._soonest(g, by, corridor, window))
                    for g in self._groups(by)), default=NEVER)

    def _groups(self, by: By) -> list[Group]:
        means = Means.ON_FOOT if by is By.FOOT else Means.OWN_CAR
        return [g for g in self.case.groups.values()
                if g.means is means and g.wishing and not g.unaccompanied]

    def _soonest(self, group: Group, by: By, corridor: str, window: Window) -> int:
        """The first minute at which a group can be at the gate."""
        site = self.case.sites[group.site]
        leaves = max([window.opens + site.call])
        if not site.is_open(leaves, leaves):
            leaves = min((w.opens for w in site.open_hours if w.opens >= leaves), default=NEVER)
        gate = self.case.corridors[corridor].gates(OUT)[0]
        way = minutes(self.case, FOOT if by is By.FOOT else OWN_CAR, site.id, gate)
        return NEVER if way is None or INSIDE not in site.sides else leaves + way

    def of(self, batch: Batch) -> list[Load]:
        """Every load of a batch, the empty one too."""
        window = self.case.pause.windows[batch.window]
        corridor = self.case.corridors[batch.corridor]
        ready = []
        for n, column in enumerate(self.loads.columns):
            group = None if column.goods else self.case.groups[column.name]
            if group is None or group not in self._groups(batch.by):
                continue
            side = corridor.sides(OUT)[1]
            if (USER[group.category] in corridor.users
                    and side in self.case.sites[column.goal].sides
                    and self._soonest(group, batch.by, batch.corridor, window) <= batch.at):
                ready.append(n)
        key = (batch.by, batch.corridor, batch.room, tuple(ready))
        if key not in self._options:
            self._options[key] = self._fill(self.loads.nothing, ready, batch.room)
        return self._options[key]

    def _fill(self, load: Load, ready: Sequence[int], room: int | None) -> list[Load]:
        if not ready:
            return [load]
        found, first, now = [], ready[0], load
        while self.loads.allowed(now) and (room is None or self._heads(now) <= room):
            found += self._fill(now, ready[1:], room)
            now = (*now[:first], now[first] + 1, *now[first + 1:])
        return found

    def _heads(self, load: Load) -> int:
        return sum(n * c.size for c, n in zip(self.loads.columns, load, strict=True))

    # --- written out ---------------------------------------------------------------------
    def written(self, carried: Sequence[tuple[Batch, Load]], driven: Sequence[Option],
                *, one_by_one: bool) -> list[Party]:
        """The parties of some batches, cars let through wherever the vehicles leave a lane."""
        found: list[Party] = []
        held, entered = self._held(driven)
        for batch, load in carried:
            for column, number in zip(self.loads.columns, load, strict=True):
                if not number:
                    continue
                if batch.by is By.FOOT:
                    found.append(self._walk(batch, column, number, len(found)))
                    continue
                for many in [1] * number if one_by_one else [number]:
                    found.append(self._cars(batch, column, many, len(found), held, entered,
                                            one_by_one))
        return found

    def _walk(self, batch: Batch, column: Column, number: int, n: int) -> Party:
        group, corridor = self.case.groups[column.name], self.case.corridors[batch.corridor]
        gate, far = corridor.gates(OUT)
        out = batch.at + (minutes(self.case, FOOT, gate, far) or 0)
        return Party(
            f"walk {n}", By.FOOT, group.id, corridor.id, column.goal, number * column.size,
            {column.size: number}, batch.at - (minutes(self.case, FOOT, group.site, gate) or 0),
            batch.at, batch.at, batch.at, out,
            out + (minutes(self.case, FOOT, far, column.goal) or 0),
        )

    def _held(self, driven: Sequence[Option]) -> tuple[
        dict[tuple[str, str], dict[int, int]], dict[str, list[int]]
    ]:
        """Vehicles in each pool of lanes by minute, and entries outward by corridor."""
        held: dict[tuple[str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
        entered: dict[str, list[int]] = defaultdict(list)
        for option in driven:
            for gate in option.gates:
                shared = self.case.corridors[gate.corridor].shared_lanes
                pool = (gate.corridor, "out" if shared else gate.way.value)
                for enter, done in gate.times:
                    for minute in range(enter, done):
                        held[pool][minute] += 1
                    if gate.way is OUT:
                        entered[gate.corridor].append(enter)
        return held, entered

    def _cars(self, batch: Batch, column: Column, number: int, n: int,
              held: dict[tuple[str, str], dict[int, int]], entered: dict[str, list[int]],
              alone: bool) -> Party:
        group, corridor = self.case.groups[column.name], self.case.corridors[batch.corridor]
        gate, far = corridor.gates(OUT)
        persons = number * column.size
        cars = math.ceil(persons / group.persons_per_car)
        each = corridor.check(OUT).minutes_of(OWN_CAR).likely
        busy, times = held[corridor.id, "out"], entered[corridor.id]
        first, minute, done = None, batch.at, batch.at
        for _ in range(cars):
            while any(busy[m] >= corridor.lanes(OUT) for m in range(minute, minute + each)) or (
                    not self._within_rate(times, minute, corridor.check(OUT).vehicles_per_hour)):
                minute += 1
                if minute > batch.at + 2000:
                    break
            for m in range(minute, minute + each):
                busy[m] += 1
            times.append(minute)
            first = minute if first is None else first
            done = max(done, minute + each)
        enters = first if alone and first is not None else batch.at
        out = done + (minutes(self.case, OWN_CAR, gate, far) or 0)
        way = minutes(self.case, OWN_CAR, group.site, gate) or 0
        return Party(
            f"cars {n}", By.OWN_CAR, group.id, corridor.id, column.goal, persons,
            {column.size: number}, enters - way, enters, enters, done, out,
            out + (minutes(self.case, OWN_CAR, far, column.goal) or 0), cars,
        )

    def _within_rate(self, times: list[int], minute: int, limit: int | None) -> bool:
        if limit is None:
            return True
        near = [*(t for t in times if abs(t - minute) < 60), minute]
        return all(sum(a <= t < a + 60 for t in near) <= limit for a in near)
