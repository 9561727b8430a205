"""A day in SimPy: time, ways, breakdowns."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy

from bench.simulate_simpy.things import Group, Lanes, Site, Tables, Traveller
from lull.simulate import columns as c
from lull.simulate.columns import Chance

Steps = Generator[simpy.Event, Any, bool]
FIRST_PRIORITY = 10
"""Above SimPy's own two priorities, so that what is granted happens at once."""
BEFORE_ALL = -1_000_000
"""A minute before all others: days may begin before the pause does."""


class Roads:
    """Time, and what happens on the way."""

    def __init__(self, tables: Tables, chance: Chance) -> None:
        self.t, self.env = tables, simpy.Environment(BEFORE_ALL)
        self.chance = chance.steps.tolist()
        self.factor = chance.factor.tolist()
        self.halts, self.closed = chance.halts.tolist(), chance.closed.tolist()
        late = chance.late.tolist()
        self.everyone = [
            Traveller(v, row, late[v], tables) for v, row in enumerate(tables.vehicles)]
        self.groups = [
            Group(g, row[c.AT], (row[c.BEHIND], row[c.OUT_FROM]), row[c.TO] - row[c.FROM])
            for g, row in enumerate(tables.convoys)]
        self.sites = [Site(*row) for row in tables.sites]
        self.pools = [Lanes(lanes) for lanes in tables.lanes]
        self.last_start = [-c.NEVER] * len(tables.gates)
        self.recent: list[deque[int]] = [
            deque([-c.NEVER] * row[c.RATE], maxlen=row[c.RATE]) for row in tables.gates]
        many = len(tables.corridors)
        self.blocked, self.foot_next = [-c.NEVER] * many, [-c.NEVER] * many
        self.entered, self.ready = [0] * many, [0] * many
        self.on_board: dict[int, int] = {}
        self.handed = [0] * len(tables.handed)
        self.total = [0] * c.TOTALS
        self.total[c.LAST_HOME] = -c.NEVER
        self.by_corridor = [[0] * c.CORRIDOR_TOTALS for _ in range(many)]
        for row in self.by_corridor:
            row[c.C_CLEAR] = c.NEVER_CLEARED
        self.times = [[c.NO_TIME] * 4 for _ in tables.steps]

    # --- time ------------------------------------------------------------------------------
    @property
    def now(self) -> int:
        """The minute."""
        return int(self.env.now)

    def at(
        self, minute: int, priority: int, number: int, then: Callable[[], None] | None = None
    ) -> simpy.Event:
        """An event at a minute, with lull's priority and number; `then` is done when it comes."""
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        if then is not None:
            assert event.callbacks is not None
            event.callbacks.append(lambda _: then())
        order = FIRST_PRIORITY + (priority << c.NUMBER_BITS) + number
        self.env.schedule(event, order, minute - self.now)
        return event

    def sample(self, spread: int, latent: float) -> int:
        """Minutes of a spread."""
        base, cuts = self.t.spreads[spread]
        return int(base + bisect_left(cuts, latent))

    def latent(self, own: float, corridor: int, minute: int) -> float:
        """A draw with what its corridor and hour have in common."""
        if corridor < 0:
            return own
        hours = self.factor[corridor]
        hour = min(max(minute // 60 - self.t.whole[c.FIRST_HOUR], 0), len(hours) - 1)
        return float(self.t.share[c.COMMON] * hours[hour] + self.t.share[c.OWN] * own)

    # --- on the way ------------------------------------------------------------------------
    def goes_on(self, one: Traveller, minute: int) -> Steps:
        """From a step to the next."""
        row = self.t.steps[one.at]
        self.times[one.at][c.WENT] = minute
        return (yield from self.drives(one, minute, row[c.WAY], row[c.WAY_SLACK], one.at + 1))

    def drives(self, one: Traveller, minute: int, way: int, slack: int, to: int) -> Steps:
        """A way, on which a vehicle may break down; whether it arrives and goes on."""
        row, chance = self.t.steps[one.at], self.chance[one.at]
        took = self.sample(way, self.latent(chance[c.ON_WAY], row[c.FACTOR], minute))
        one.at, one.phase = to, c.DRIVES
        likely = self.t.share[c.BREAKS] * took
        if chance[c.BREAKS_ON_WAY] < likely and one.row[c.BY] != c.FOOT:
            self.total[c.BREAKDOWNS] += 1
            fate = chance[c.FATE_ON_WAY]
            if fate < self.t.share[c.LOST_SHARE]:
                after = int(took * chance[c.BREAKS_ON_WAY] / likely)
                yield self.at(minute + after, c.BREAKS_DOWN, one.v)
                self.breaks_down(one)
                return False
            took += self.repair(fate)
        took += max(0, min(row[c.COMES_NEXT] - minute - took, slack))
        yield self.at(minute + took, c.ARRIVES, one.v)
        return one.phase < c.TURNED

    def repair(self, fate: float) -> int:
        """Minutes until it drives on."""
        lost = self.t.share[c.LOST_SHARE]
        return self.sample(self.t.whole[c.REPAIR], (fate - lost) / (1.0 - lost))

    def breaks_down(self, one: Traveller) -> None:
        """Lost on a street."""
        if one.phase >= c.TURNED:
            return
        one.phase = c.LOST
        self.total[c.VEHICLES_LOST] += 1
        last = one.row[c.LAST]
        self.drops(one, one.at, last + 1)
        if one.side == c.OUTSIDE:
            self.total[c.LEFT_ON_WAY] += one.aboard
            return
        ahead = next((i for i in range(one.at, last) if self.t.steps[i][c.KIND] == c.CROSSES), -1)
        taken = False
        if ahead >= 0:
            group = self.groups[self.t.steps[ahead][c.CONVOY]]
            convoy = self.t.convoys[group.number]
            mates = [
                mate for x in range(convoy[c.FROM], convoy[c.TO])
                for mate in (self.everyone[self.t.crossings[x][c.VEHICLE_OF]],)
                if mate.at <= self.t.crossings[x][c.STEP_OF]]
            taken = self.hands_over(one, mates)
            if taken:
                group.held_until = max(group.held_until, self.now + self.t.whole[c.TRANSFER])
        self.strands(one, self.t.steps[one.at][c.GOES_OUT_BY], taken)

    def hands_over(self, one: Traveller, mates: list[Traveller]) -> bool:
        """People of a lost vehicle to those with places; whether there is anyone."""
        mates = [
            mate for mate in mates
            if mate is not one and mate.phase < c.TURNED and mate.side != c.OUTSIDE]
        for mate in mates:
            lie = max(0, min(one.lying, mate.row[c.STRETCHERS] - mate.lying))
            free = mate.row[c.SEATS] - (mate.aboard - mate.lying)
            sit = max(0, min(one.aboard - one.lying, free))
            mate.guests_sit, mate.guests_lie = mate.guests_sit + sit, mate.guests_lie + lie
            mate.aboard, mate.lying = mate.aboard + sit + lie, mate.lying + lie
            one.aboard, one.lying = one.aboard - sit - lie, one.lying - lie
        return bool(mates)

    def strands(self, one: Traveller, corridor: int, crew_taken: bool) -> None:
        """Who is left with a lost vehicle inside."""
        self.inside(corridor, one.aboard, one.aboard)
        if one.row[c.BY] == c.FLEET and not one.row[c.LIVES_INSIDE] and not crew_taken:
            self.vehicle_inside(corridor)

    def inside(self, corridor: int, persons: int, unsheltered: int) -> None:
        """Count persons inside at the end."""
        self.total[c.PERSONS_INSIDE] += persons
        self.total[c.UNSHELTERED] += unsheltered
        if corridor >= 0:
            self.by_corridor[corridor][c.C_INSIDE] += persons
            self.by_corridor[corridor][c.C_UNSHELTERED] += unsheltered

    def vehicle_inside(self, corridor: int) -> None:
        """Count a vehicle inside at the end."""
        self.total[c.VEHICLES_INSIDE] += 1
        if corridor >= 0:
            self.by_corridor[corridor][c.C_VEHICLES] += 1

    def drops(self, one: Traveller, first: int, end: int) -> None:
        """Steps that will not be made: their convoys do not wait."""
        for i in range(first, end):
            row = self.t.steps[i]
            if row[c.KIND] != c.CROSSES:
                continue
            group = self.groups[row[c.CONVOY]]
            if self.t.convoys[group.number][c.FREE]:
                self.one_less(group)
            elif group.setting in (c.GATHERS, c.OVERDUE):
                group.expected -= 1
                whole = 0 < group.present >= group.expected
                if whole and self.now >= group.start and group.setting == c.GATHERS:
                    self.due(group, self.now)
