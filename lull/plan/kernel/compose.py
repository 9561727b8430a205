"""A first plan: teams sent out type by type in the order of the tiers, each on its best day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from attrs import define, field

from lull.domain.corridor import Direction
from lull.domain.fleet import Use, VehicleType
from lull.plan import orders
from lull.plan.duty import most_in_a_day
from lull.plan.kernel import place as at
from lull.plan.kernel.columns import (
    BASE,
    CHECK,
    GATE_HEADWAY,
    GATE_LARGEST,
    LAST_BY,
    LAST_END,
    LAST_OUT,
    LAST_PLACE,
    LIKELY,
    POOL,
    ROUND_FROM,
    ROUND_TO,
    TRANSIT,
)
from lull.plan.kernel.day import MOST_TRIPS
from lull.plan.kernel.roster import NO_QUOTA, QUIET, Roster, RosterDay
from lull.plan.kernel.standby import Standby, keep_standbys
from lull.plan.kernel.tables import NO, Floats, TablesMaker
from lull.plan.schedule import Schedule

ORDER = (Use.WOUNDED, Use.PASSENGERS, Use.AID, Use.FIGHTERS)
SIZES = (1, 2, 4)
"""Team sizes that are tried: larger ones seldom find their fill at one point."""

STEP = 1000.0
"""How many times more a unit of a tier counts than one of the next when days are compared."""

PRICED_STEP = 50.0
"""The same where lanes have prices, which come from one programme over all tiers."""


@define(eq=False)
class Composer:
    """Sends teams out over a roster; `schedule` says who is free since when."""

    schedule: Schedule
    roster: Roster
    standbys: list[Standby] = field(factory=list)
    _vehicles: dict[str, list[str]] = field(factory=dict)

    @classmethod
    def over(cls, schedule: Schedule) -> Composer:
        """A composer over what a schedule leaves free, with the last drives in and out kept."""
        tables, names = TablesMaker(schedule.ground, schedule.aims, schedule.catalogue).make()
        standbys = keep_standbys(schedule, tables, names)
        origin = schedule.ground.horizon.start
        for one in standbys:
            last = tables.windows[one.window, LAST_OUT:]
            uses = schedule.ground.case.fleet[names.kinds[one.kind]].uses
            for i, name in enumerate(names.kinds):
                kind = schedule.ground.case.fleet[name]
                alike = Use.FIGHTERS in kind.uses
                if alike == (Use.FIGHTERS in uses):
                    last[i] = min(last[i], one.enters - origin)
        return cls(schedule, Roster.of(schedule, (tables, names)), standbys)

    @property
    def tiers(self) -> int:
        """How many tiers there are."""
        return len(self.schedule.ground.case.pause.tiers)

    def weights(self, counted: int | None = None, step: float = STEP) -> Floats:
        """A weight for each tier, falling steeply; 0 from the tier `counted` on."""
        found = np.array([step**-i for i in range(self.tiers)])
        if counted is not None:
            found[counted:] = 0.0
        return found

    def least(self, counted: int | None, step: float = STEP) -> float:
        """What a trip must gain so that a tier before `counted` has something of it."""
        return 0.3 * step ** -(counted - 1) if counted else 0.0

    def kinds(self) -> list[tuple[int, VehicleType]]:
        """Vehicle types with rounds to drive, in the order in which they are planned."""
        fleet = self.schedule.ground.case.fleet
        kinds = [
            (i, fleet[name]) for i, name in enumerate(self.roster.names.kinds)
            if self.roster.tables.kind[i, ROUND_TO] > self.roster.tables.kind[i, ROUND_FROM]
            and fleet[name].number
        ]
        return sorted(kinds, key=lambda p: (
            min(ORDER.index(u) for u in p[1].uses), -p[1].seats, p[1].id))

    def sizes(self, k: int, kind: VehicleType) -> list[int]:
        """Team sizes worth trying, in rising order: as many as lanes clear within one headway.

        Ambulances go alone, as a call for one should not wait for another.
        """
        if kind.uses & {Use.WOUNDED} or kind.number == 1:
            return [1]
        t, slot = self.roster.tables, max(1, self.schedule.ground.case.pause.rules.slot)
        most = 1
        for g, gate in enumerate(t.gate):
            if t.gate_kind[TRANSIT, g, k] >= NO:
                continue
            each = max(1, int(t.gate_kind[CHECK, g, k]))
            within = max(slot, int(gate[GATE_HEADWAY])) * int(t.lanes[gate[POOL]]) // each
            most = max(most, min(within, int(gate[GATE_LARGEST])))
        return [n for n in SIZES if n <= min(most, kind.number)]

    def idle(self, window: int, kind: VehicleType) -> list[str]:
        """Vehicles of a type without a day in a window, in the roster or the schedule."""
        busy = {v for d in self.roster.days if d.window == window for v in d.vehicles}
        busy |= {v for d in self.schedule.days if d.window == window for v in d.team.vehicles}
        if kind.id not in self._vehicles:
            self._vehicles[kind.id] = self.schedule.vehicles_of(kind.id)
        free = [v for v in self._vehicles[kind.id] if v not in busy]
        last = {s.vehicle for s in self.standbys if s.window == window}
        return [v for v in free if v not in last] + [v for v in free if v in last]

    def team(self, k: int, vehicles: tuple[str, ...], window: int) -> RosterDay:
        """An empty day of a team, free when all are home from the windows before."""
        free = self.schedule.team(vehicles, window).free_at
        homes = [
            self.spell(d)[1] for d in self.roster.days
            if d.window < window and set(d.vehicles) & set(vehicles)
        ]
        driven: list[int] = []
        ground = self.schedule.ground
        for d in self.roster.days:
            if (d.window != window and d.vehicles[0] in vehicles
                    and orders.on_one_date(ground, d.window, window)):
                driven += [trip.round for trip in d.trips]
        last = next((s for s in self.standbys
                     if s.window == window and s.vehicle in vehicles), None)
        if last is not None:
            driven.append(-1)
        day = self.roster.new_day(k, vehicles, window, max([free, *homes]), driven[:MOST_TRIPS])
        if last is not None:
            gate = self.schedule.ground.case.corridors[last.walk.round.entry].gates(Direction.IN)[0]
            home = self.schedule.home(self.roster.names.kinds[k], last.walk.place)
            day.start[LAST_PLACE] = self.roster.names.places.index(gate)
            day.start[LAST_BY] = last.enters - self.roster.origin
            day.start[LAST_END] = last.walk.free_at + home - self.roster.origin
        return day

    def stands_by(self, window: int, vehicles: tuple[str, ...]) -> bool:
        """Whether any of the vehicles is to make the last drive in and out of a window."""
        return any(s.window == window and s.vehicle in vehicles for s in self.standbys)

    def spell(self, day: RosterDay) -> tuple[int, int]:
        """From leaving the base to being home again, in minutes of the pause."""
        t, origin = self.roster.tables, self.roster.origin
        first, last = day.trips[0].out, day.trips[-1].out
        if day.start[LAST_END] < NO:
            return int(first[at.DEPARTS]) + origin, int(day.start[LAST_END]) + origin
        home = t.ways[LIKELY, day.kind, last[at.PLACE], t.kind[day.kind, BASE]]
        return int(first[at.DEPARTS]) + origin, int(last[at.FREE]) + int(home) + origin

    def rested(self, day: RosterDay) -> bool:
        """Whether all vehicles of a day are home before the next and no crew works too long."""
        if len(self.schedule.ground.case.pause.windows) == 1 or not day.trips:
            return True
        begins, ends = self.spell(day)
        limit = self.schedule.ground.case.fleet[self.roster.names.kinds[day.kind]].crew_duty
        rest = self.schedule.ground.case.pause.rules.rest
        for vehicle in day.vehicles:
            others = [(d.window, self.spell(d)) for d in self.roster.days
                      if d is not day and d.trips and vehicle in d.vehicles]
            if any(ends > s[0] for w, s in others if w > day.window):
                return False
            if any(begins < s[1] for w, s in others if w < day.window):
                return False
            spells = [s for _, s in others]
            if limit is not None and most_in_a_day([*spells, (begins, ends)], rest) > limit:
                return False
        return True

    def lengthen(
        self, day: RosterDay, weights: Floats, noise: float = 0.0, dice: Floats = QUIET,
        least: float = 0.0, quota: Floats = NO_QUOTA, eager: bool = False,
    ) -> bool:
        """Book the best continuation of a day, as far as crews are rested."""
        before = len(day.trips)
        self.roster.lengthen(day, weights, noise, dice, least, quota, eager)
        while len(day.trips) > before and not self.rested(day):
            self.roster.take_back(day, len(day.trips) - 1)
        return len(day.trips) > before

    def send(
        self, window: int, k: int, kind: VehicleType, size: int, weights: Floats,
        least: float = 0.0, quota: Floats = NO_QUOTA, eager: bool = False,
    ) -> Iterator[None]:
        """Send idle vehicles of a type out in teams, until no team finds a day; one a step."""
        last = {s.vehicle for s in self.standbys if s.window == window}
        free = self.idle(window, kind)
        teams = chunks([v for v in free if v not in last], size) + [
            (v,) for v in free if v in last]
        for vehicles in teams:
            day = self.team(k, vehicles, window)
            if not self.lengthen(day, weights, least=least, quota=quota, eager=eager):
                return
            self.roster.days.append(day)
            yield

    def send_on(self, window: int, kinds: Iterable[int], weights: Floats) -> Iterator[None]:
        """Longer days for teams that have time left; one a step."""
        wanted = set(kinds)
        for day in [d for d in self.roster.days if d.window == window and d.kind in wanted]:
            self.lengthen(day, weights)
            yield


def chunks(vehicles: list[str], size: int) -> list[tuple[str, ...]]:
    """Vehicles in teams of a size, the last smaller."""
    return [tuple(vehicles[i : i + size]) for i in range(0, len(vehicles), size)]
