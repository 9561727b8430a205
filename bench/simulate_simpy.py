"""The simulated day in SimPy: the same model and the same draws, written for SimPy's processes.

A vehicle is a process; convoys, bays, lanes and corridors are objects that let it go on. It shares
with lull.simulate only the tables of a scenario and the draws, and none of the event loop, so that
it checks the loop as well as measures its rate. SimPy orders events by (time, priority, number of
the event); here the priority carries lull's own (priority, number), so that ties fall alike.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Generator
from typing import Any

import simpy

from lull.simulate import columns as c
from lull.simulate.columns import Chance
from lull.simulate.scenario import Scenario

Steps = Generator[simpy.Event, Any, bool]
FIRST_PRIORITY = 10
"""Above SimPy's own two priorities, so that what is granted happens at once."""
BEFORE_ALL = -1_000_000
"""A minute before all others: days may begin before the pause does."""


class Tables:
    """A scenario's tables as lists, made once for many replications."""

    def __init__(self, made: Scenario) -> None:
        w = made.world
        self.steps = w.steps.tolist()
        self.vehicles = w.vehicles.tolist()
        self.convoys = w.convoys.tolist()
        self.crossings = w.crossings.tolist()
        self.gates = w.gates.tolist()
        self.lanes = w.lanes.tolist()
        self.corridors = w.corridors.tolist()
        self.links = w.links.tolist()
        self.lines = w.lines.tolist()
        self.sites = w.sites.tolist()
        self.windows = w.windows.tolist()
        self.handed = w.handed.tolist()
        self.whole = w.whole.tolist()
        self.share = w.share.tolist()
        self.elsewhere = w.elsewhere.tolist()
        cuts = w.cuts.tolist()
        self.spreads = [(base, cuts[first:end]) for base, first, end in w.spreads.tolist()]


class Traveller:
    """A vehicle, a private car or people on foot on its way."""

    def __init__(self, v: int, row: list[int], late: int, tables: Tables) -> None:
        self.v, self.row, self.at, self.late = v, row, row[c.FIRST], late
        self.phase, self.side = c.DRIVES, row[c.BEGINS_INSIDE]
        self.gate = self.since = self.moved = 0
        self.aboard = self.lying = self.guests_sit = self.guests_lie = 0
        self.held_lane, self.left_check, self.shelter = False, -1, c.NEVER
        self.sets_out = tables.steps[self.at][c.DEPARTS] + late
        self.group: Group | None = None
        self.called: simpy.Event | None = None
        self.granted: simpy.Event | None = None
        self.out: simpy.Event | None = None


class Group:
    """Those who pass a gate together."""

    def __init__(self, number: int, start: int, behind: int, many: int) -> None:
        self.number, self.start, self.behind = number, start, behind
        self.expected = self.left = many
        self.members: dict[int, Traveller] = {}
        self.present = self.passed = 0
        self.out_at, self.held_until = 0, 0
        self.setting, self.waited = c.GATHERS, False


class Site:
    """Bays with a queue, and who waits for people to be handed over."""

    def __init__(self, bays: int, inside: int) -> None:
        self.bays, self.inside, self.used = bays, inside, 0
        self.queue: deque[Traveller] = deque()
        self.waiting: list[Traveller] = []


class Lanes:
    """The lanes of a gate with their queue."""

    def __init__(self, lanes: int) -> None:
        self.lanes, self.used, self.retry_at = lanes, 0, -1
        self.queue: deque[tuple[int, Traveller]] = deque()


class Day:
    """One replication."""

    def __init__(self, tables: Tables, chance: Chance) -> None:
        self.t, self.env = tables, simpy.Environment(BEFORE_ALL)
        self.chance = chance.steps.tolist()
        self.factor = chance.factor.tolist()
        self.halts, self.closed = chance.halts.tolist(), chance.closed.tolist()
        late = chance.late.tolist()
        self.everyone = [
            Traveller(v, row, late[v], tables) for v, row in enumerate(tables.vehicles)]
        self.groups = [
            Group(g, row[c.AT], row[c.BEHIND], row[c.TO] - row[c.FROM])
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

    def run(self) -> Day:
        """From the first event to the last."""
        for group in self.groups:
            if not self.t.convoys[group.number][c.FREE]:
                self.due(group, group.start)
        for n, (opens, closes) in enumerate(self.t.windows):
            self.at(closes, c.CLOSING, n, lambda n=n: self.closing(n))
            for corridor, closed in enumerate(self.closed):
                if opens <= closed[n] < closes:
                    for direction in (c.OUT, c.IN):
                        pool = self.t.gates[2 * corridor + direction][c.POOL]
                        self.retry(pool, closed[n])
        for one in self.everyone:
            self.env.process(self.travels(one))
        self.env.run()
        for n, many in enumerate(self.handed):
            if self.t.handed[n][c.HANDED_WHAT] != c.GOODS and many:
                self.total[c.LEFT_ON_WAY] += many
                self.total[c.UNSHELTERED] += many
                last = max(self.t.windows[-1][c.CLOSES], self.total[c.LAST_HOME])
                self.total[c.WAITED_OPEN] += many * last
        return self

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
    def travels(self, one: Traveller) -> Steps:
        """A day from start to end."""
        row = self.t.steps[one.at]
        self.times[one.at][c.CAME] = self.times[one.at][c.BEGAN] = row[c.STARTS]
        if row[c.TASK] == c.LOADS:
            self.take_on(one, row, one.sets_out, False)
        goes = yield from self.goes_on(one, one.sets_out)
        while goes:
            row = self.t.steps[one.at]
            kind = row[c.KIND]
            if kind == c.CROSSES:
                goes = yield from self.crosses(one)
                continue
            self.times[one.at][c.CAME] = self.now
            if kind == c.SERVED:
                goes = yield from self.stops(one, row)
            elif kind == c.END:
                self.ends(one, row)
                goes = False
            else:
                self.times[one.at][c.BEGAN] = max(self.now, row[c.STARTS])
                goes = yield from self.goes_on(one, max(self.now, row[c.DEPARTS]))
        return True

    def ends(self, one: Traveller, row: list[int]) -> None:
        """The last step of a day."""
        one.phase = c.ENDED
        self.times[one.at][c.BEGAN] = max(self.now, row[c.STARTS])
        self.times[one.at][c.WENT] = max(self.now, row[c.DEPARTS])
        if row[c.TASK] == c.UNLOADS:
            self.set_down(one, row)
        self.total[c.LAST_HOME] = max(self.total[c.LAST_HOME], self.now)

    def goes_on(self, one: Traveller, minute: int) -> Steps:
        """From a step to the next."""
        row = self.t.steps[one.at]
        self.times[one.at][c.WENT] = minute
        return (yield from self.drives(one, minute, row[c.WAY], row[c.WAY_SLACK], one.at + 1))

    def drives(self, one: Traveller, minute: int, way: int, slack: int, to: int) -> Steps:
        """A way, on which a vehicle may break down; whether it arrives and goes on."""
        row, chance = self.t.steps[one.at], self.chance[one.at]
        took = self.sample(way, self.latent(chance[c.ON_WAY], row[c.FACTOR], minute)) + slack
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

    # --- at a site -------------------------------------------------------------------------
    def stops(self, one: Traveller, row: list[int]) -> Steps:
        """Ask for a bay when it is time, be served, go on."""
        site = self.sites[row[c.SITE]]
        one.phase = c.ASKS
        yield self.at(max(self.now, row[c.STARTS]), c.ASKS_BAY, one.v)
        if one.phase != c.ASKS:
            return False
        if self.short_of(row) and self.now < row[c.LATEST]:
            yield from self.waits_for_others(one, row, site)
            if one.phase != c.ASKS:
                return False
        if self.now > row[c.LATEST]:
            return (yield from self.passes_by(one, row))
        needs = self.t.spreads[row[c.SERVICE]] != (0, [])
        if needs and 0 < site.bays <= site.used:
            one.phase, one.granted = c.QUEUES, self.env.event()
            site.queue.append(one)
            if not (yield one.granted):
                return (yield from self.passes_by(one, row))
        else:
            site.used += needs
        yield from self.is_served(one, row)
        self.times[one.at][c.FREED] = self.now
        if row[c.TASK] == c.UNLOADS and one.phase < c.TURNED:
            self.set_down(one, row)
        if needs:
            self.frees_bay(site)
        if one.phase >= c.TURNED:
            return False
        return (yield from self.goes_on(one, max(self.now, row[c.DEPARTS])))

    def is_served(self, one: Traveller, row: list[int]) -> Steps:
        """Loading or unloading in a bay."""
        one.phase = c.IN_BAY
        self.times[one.at][c.BEGAN] = self.now
        if row[c.TASK] == c.LOADS:
            gone = bool(self.t.whole[c.KEEP_SEND_HOME]) and self.now > row[c.SEND_HOME]
            self.waited(row, None if gone else self.now)
            self.take_on(one, row, self.now, gone)
        own = self.chance[one.at][c.AT_STEP]
        took = self.sample(row[c.SERVICE], self.latent(own, row[c.FACTOR], self.now))
        yield self.at(self.now + took, c.DONE, one.v)
        return True

    def waits_for_others(self, one: Traveller, row: list[int], site: Site) -> Steps:
        """At an exchange point, until those to be taken on have come or patience ends."""
        forced = min(self.now + self.t.whole[c.EXCHANGE], row[c.LATEST])
        site.waiting.append(one)
        patience = self.at(forced, c.ASKS_BAY, one.v)
        while self.short_of(row) and self.now < forced and one.phase == c.ASKS:
            one.called = self.env.event()
            yield one.called | patience
        site.waiting.remove(one)
        return True

    def short_of(self, row: list[int]) -> bool:
        """Whether anyone to be taken on is missing."""
        return row[c.TASK] == c.LOADS and any(
            0 <= line[c.HANDED] and self.handed[line[c.HANDED]] < line[c.AMOUNT]
            for line in self.t.lines[row[c.LINES_FROM]:row[c.LINES_TO]])

    def passes_by(self, one: Traveller, row: list[int]) -> Steps:
        """Too late for this stop."""
        self.total[c.STOPS_SKIPPED] += 1
        self.waited(row, None)
        return (yield from self.goes_on(one, self.now))

    def waited(self, row: list[int], until: int | None) -> None:
        """What those called have waited; None: until they are sent home."""
        if row[c.CALLED]:
            home = min(row[c.SEND_HOME], self.t.windows[row[c.WINDOW]][c.CLOSES])
            until = home if until is None else until
            self.total[c.WAITED_OPEN] += row[c.CALLED] * until - row[c.CALLED_AT]

    def frees_bay(self, site: Site) -> None:
        """The next in the queue who is still in time."""
        site.used -= 1
        while site.queue:
            one = site.queue.popleft()
            if one.phase != c.QUEUES or one.granted is None:
                continue
            in_time = self.now <= self.t.steps[one.at][c.LATEST]
            one.granted.succeed(in_time)
            if in_time:
                site.used += 1
                return

    def take_on(self, one: Traveller, row: list[int], minute: int, gone: bool) -> None:
        """Who and what gets in."""
        chance = self.chance[one.at]
        share = 0
        if row[c.NO_SHOWS] >= 0:
            share = self.sample(row[c.NO_SHOWS], chance[c.ABSENT])
        for line in self.t.lines[row[c.LINES_FROM]:row[c.LINES_TO]]:
            amount, goods = line[c.AMOUNT], line[c.WHAT] == c.GOODS
            if line[c.HANDED] >= 0:
                amount = min(amount, self.handed[line[c.HANDED]])
                self.handed[line[c.HANDED]] -= amount
                self.total[c.WAITED_OPEN] += 0 if goods else amount * minute
            elif not goods:
                absent = math.floor(amount * share / 1000.0 + chance[c.FATE_IN_TRANSIT])
                absent = min(amount, absent) if share else 0
                self.total[c.ABSENTEES] += absent
                amount = 0 if gone else amount - absent
            self.on_board[line[c.SLOT]] = self.on_board.get(line[c.SLOT], 0) + amount
            one.aboard += 0 if goods else amount
            one.lying += amount if line[c.WHAT] == c.LIES else 0

    def set_down(self, one: Traveller, row: list[int]) -> None:
        """Who and what gets out."""
        site, come = self.sites[row[c.SITE]], False
        for line in self.t.lines[row[c.LINES_FROM]:row[c.LINES_TO]]:
            goods, lies = line[c.WHAT] == c.GOODS, line[c.WHAT] == c.LIES
            amount = min(line[c.AMOUNT], self.on_board.get(line[c.SLOT], 0))
            self.on_board[line[c.SLOT]] = self.on_board.get(line[c.SLOT], 0) - amount
            one.aboard -= 0 if goods else amount
            one.lying -= amount if lies else 0
            if line[c.HANDED] >= 0:
                self.handed[line[c.HANDED]] += amount
                come = True
                self.total[c.WAITED_OPEN] -= 0 if goods else amount * self.now
            elif line[c.FINAL] and goods:
                self.total[c.GRAMS_ARRIVED] += max(0, amount - line[c.GONE]) * line[c.GRAMS]
            elif line[c.FINAL]:
                self.total[c.ARRIVED] += amount
                self.total[c.PATIENTS] += amount if lies else 0
        if not site.inside:
            self.total[c.ARRIVED] += one.guests_sit + one.guests_lie
            self.total[c.PATIENTS] += one.guests_lie
            one.aboard -= one.guests_sit + one.guests_lie
            one.lying -= one.guests_lie
            one.guests_sit = one.guests_lie = 0
        if come:
            for other in site.waiting:
                self.at(self.now, c.ASKS_BAY, other.v, lambda u=other: self.calls(u))

    def calls(self, one: Traveller) -> None:
        """Tell a vehicle at an exchange point that somebody has come."""
        if one.called is not None and not one.called.triggered:
            one.called.succeed()

    # --- at a gate -------------------------------------------------------------------------
    def crosses(self, one: Traveller) -> Steps:
        """From arriving at a gate to leaving the far one; whether the day goes on."""
        i, row = one.at, self.t.steps[one.at]
        x = row[c.CROSSING]
        self.times[i][c.CAME] = one.since = self.now
        one.phase = c.AT_GATE
        if one.moved == 0:
            one.gate = row[c.CORRIDOR]
        inward = row[c.DIRECTION] == c.IN
        planned = self.groups[row[c.CONVOY]]
        free = bool(self.t.convoys[planned.number][c.FREE])
        started = planned.setting == c.STARTED
        stays_out = not free and started and inward and not self.t.whole[c.FOLLOW]
        if (inward and self.now > row[c.LATEST]) or stays_out:
            return (yield from self.gives_up(one))
        one.granted, one.out = self.env.event(), self.env.event()
        self.joins(one, row, x, planned, free)
        verdict = yield one.granted
        if verdict[0] == "drives":
            return (yield from self.drives(one, self.now, *verdict[1:]))
        if verdict[0] == "gone":
            return False
        yield self.at(verdict[1], c.CLEARED, x)
        self.is_cleared(one, i, x)
        if one.phase == c.LOST or not (yield one.out):
            return False
        if one.moved:
            one.moved = 0
            self.times[i][c.WENT] = self.now
            on = self.t.elsewhere[x][one.gate][c.ON_FROM_THERE]
            return (yield from self.drives(one, self.now, on, 0, i + 1))
        return (yield from self.goes_on(one, self.now))

    def joins(
        self, one: Traveller, row: list[int], x: int, planned: Group, free: bool
    ) -> None:
        """Join one's convoy, or follow alone."""
        if free or one.moved or planned.setting == c.STARTED:
            group = planned
            if one.moved or not free:
                group = Group(len(self.groups) + x, -c.NEVER, 0, 1)
            group.present += 1
            one.group, group.members[x] = group, one
            if free:
                self.stands_ready(one)
                self.at(max(self.now, row[c.STARTS]), c.ASKS_LANE, x,
                        lambda: self.asks_lane(x, one))
            else:
                self.total[c.FOLLOWED_ALONE] += 1
                self.due(group, self.now)
            return
        planned.present += 1
        one.group, planned.members[x] = planned, one
        whole = planned.present >= planned.expected and self.now >= planned.start
        if whole or planned.setting == c.OVERDUE:
            self.due(planned, self.now)

    def due(self, group: Group, minute: int) -> None:
        """See at a minute whether a convoy starts."""
        self.at(minute, c.DUE, group.number, lambda: self.is_due(group))

    def is_due(self, group: Group) -> None:
        """Start, or wait for mates, or for people who change vehicles."""
        if group.setting in (c.SET, c.STARTED) or group.expected <= 0:
            return
        patience = group.start + self.t.whole[c.MATES]
        if group.present < group.expected and self.now < patience:
            if not group.waited:
                group.waited = True
                self.due(group, patience)
            return
        if group.present == 0:
            group.setting = c.OVERDUE
            return
        if self.now < group.held_until:
            self.due(group, group.held_until)
            return
        one = next(iter(group.members.values()))
        gate = 2 * one.gate + self.t.steps[one.at][c.DIRECTION]
        start = max(self.now, self.last_start[gate] + self.t.gates[gate][c.HEADWAY])
        if not start == self.now == group.start:
            slot, shift = self.t.whole[c.SLOT_MINUTES], self.t.whole[c.SLOT_SHIFT]
            start = math.ceil((start - shift) / slot) * slot + shift
        self.last_start[gate] = start
        group.setting = c.SET
        self.at(start, c.SETS_OFF, group.number, lambda: self.sets_off(group))

    def sets_off(self, group: Group) -> None:
        """All who are there ask for a lane."""
        group.setting, group.left = c.STARTED, len(group.members)
        for x, one in sorted(group.members.items()):
            self.stands_ready(one)
            starts = self.t.steps[self.t.crossings[x][c.STEP_OF]][c.STARTS]
            self.at(max(self.now, starts), c.ASKS_LANE, x,
                    lambda x=x, one=one: self.asks_lane(x, one))

    def counts(self, one: Traveller, corridor: int) -> int:
        """What a traveller weighs in a link."""
        if self.t.corridors[corridor][c.IN_PERSONS]:
            return one.aboard
        return int(one.aboard > 0 and one.row[c.BY] != c.FOOT)

    def stands_ready(self, one: Traveller) -> None:
        """Tell the linked corridor."""
        other = self.t.corridors[one.gate][c.LINKED]
        if other >= 0 and self.t.steps[one.at][c.DIRECTION] == c.OUT:
            self.ready[one.gate] += self.counts(one, one.gate)
            self.retry(self.t.gates[2 * other][c.POOL], self.now)

    def retry(self, pool: int, minute: int) -> None:
        """Look at a queue again at a minute."""
        self.at(minute, c.RETRIES, pool, lambda: self.let_in(pool))

    def asks_lane(self, x: int, one: Traveller) -> None:
        """Into the queue; people on foot go through."""
        assert one.group is not None
        if one.phase != c.AT_GATE:
            self.one_less(one.group)
        elif one.row[c.BY] == c.FOOT:
            self.walks(x, one)
        else:
            one.phase = c.QUEUES
            gate = 2 * one.gate + self.t.steps[one.at][c.DIRECTION]
            pool = self.t.gates[gate][c.POOL]
            self.pools[pool].queue.append((x, one))
            self.let_in(pool)

    def let_in(self, pool: int) -> None:
        """From the head of the queue while there are lanes."""
        lanes = self.pools[pool]
        while lanes.queue:
            x, one = lanes.queue[0]
            assert one.group is not None
            until = self.held(x, one) if one.phase == c.QUEUES else -1
            if until < 0:
                lanes.queue.popleft()
                self.one_less(one.group)
                continue
            if until > self.now:
                if until < c.NEVER and lanes.retry_at != until:
                    lanes.retry_at = until
                    self.retry(pool, until)
                return
            check = self.check(x, one)
            if check and lanes.used >= lanes.lanes:
                return
            lanes.queue.popleft()
            one.held_lane = check > 0
            lanes.used += one.held_lane
            self.enters(one, self.now, check)

    def check(self, x: int, one: Traveller) -> int:
        """Minutes in the lane."""
        row = self.t.steps[one.at]
        latent = self.latent(self.chance[one.at][c.AT_STEP], one.gate, self.now)
        if one.gate == row[c.CORRIDOR]:
            return self.sample(row[c.SERVICE], latent) + int(row[c.SLACK])
        return self.sample(self.t.elsewhere[x][one.gate][c.CHECK_THERE], latent)

    def latest(self, x: int, one: Traveller) -> int:
        """The last minute to enter."""
        row = self.t.steps[one.at]
        if one.gate == row[c.CORRIDOR]:
            return int(row[c.LATEST])
        return int(self.t.elsewhere[x][one.gate][c.LATEST_THERE])

    def opens(self, corridor: int, minute: int) -> int:
        """When a corridor is open from a minute on."""
        for (opens, closes), closed in zip(self.t.windows, self.closed[corridor], strict=True):
            if opens <= minute <= closes and closed <= minute:
                return c.NEVER
        until = max(minute, self.blocked[corridor])
        for begins, ends in self.halts[corridor]:
            if begins > until:
                break
            if until < ends:
                until = ends
        return until

    def held(self, x: int, one: Traveller) -> int:
        """Until when the head of a queue must wait; -1 once it has been sent off."""
        row, latest = self.t.steps[one.at], self.latest(x, one)
        assert one.granted is not None
        inward = row[c.DIRECTION] == c.IN
        late = self.now > latest
        until = self.opens(one.gate, self.now)
        if inward and (late or until > latest):
            one.phase = c.DRIVES
            self.sends_on(one)
            return -1
        if late and self.t.whole[c.TURN_BACK]:
            return self.turns_back(one, latest)
        if until > self.now and not inward:
            limit = self.t.corridors[one.gate][c.HOLDING]
            held = until - one.since > limit and one.aboard > 0
            if (until >= c.NEVER or held) and self.moves(x, one):
                return -1
            if until >= c.NEVER and self.t.whole[c.TURN_BACK]:
                return self.turns_back(one, self.now)
        if until > self.now:
            return until
        gate = 2 * one.gate + row[c.DIRECTION]
        recent = self.recent[gate]
        if recent and recent[0] + 60 > self.now:
            return recent[0] + 60
        linked = not inward and self.t.corridors[one.gate][c.LINKED] >= 0
        return c.NEVER if linked and not self.in_balance(one) else self.now

    def in_balance(self, one: Traveller) -> bool:
        """Whether a link allows one more."""
        corridor = one.gate
        other = self.t.corridors[corridor][c.LINKED]
        ours = self.entered[corridor] + self.counts(one, corridor)
        theirs = self.entered[other] + self.ready[other]
        ratio, lead, other_lead = self.t.links[corridor]
        if self.t.corridors[corridor][c.FIRST_OF_LINK]:
            return bool(ours <= ratio * theirs + lead + 1e-9)
        return bool(ours <= theirs / ratio + other_lead + 1e-9)

    def sends_on(self, one: Traveller) -> None:
        """A round given up at the head of a queue."""
        assert one.granted is not None
        row = self.t.steps[one.at]
        self.drops_round(one, row)
        if row[c.SKIP_WAY] < 0:
            one.phase = c.ENDED
            self.drops(one, row[c.SKIP_TO], one.row[c.LAST] + 1)
            one.granted.succeed(("gone",))
        else:
            one.granted.succeed(("drives", row[c.SKIP_WAY], 0, row[c.SKIP_TO]))

    def drops_round(self, one: Traveller, row: list[int]) -> None:
        """Count it and tell its convoys."""
        self.total[c.ROUNDS_SKIPPED] += 1
        one.moved = 0
        self.drops(one, one.at, row[c.SKIP_TO])

    def gives_up(self, one: Traveller) -> Steps:
        """A round given up on arrival at its gate."""
        row = self.t.steps[one.at]
        self.drops_round(one, row)
        if row[c.SKIP_WAY] < 0:
            one.phase = c.ENDED
            self.drops(one, row[c.SKIP_TO], one.row[c.LAST] + 1)
            return False
        return (yield from self.drives(one, self.now, row[c.SKIP_WAY], 0, row[c.SKIP_TO]))

    def moves(self, x: int, one: Traveller) -> bool:
        """To the nearest other gate that is open."""
        if not self.t.whole[c.REROUTE] or one.moved >= 3:
            return False
        ways = [
            (self.sample(row[c.THERE], 0.0), corridor)
            for corridor, row in enumerate(self.t.elsewhere[x])
            if corridor != one.gate and row[c.THERE] >= 0
            and self.now + self.sample(row[c.THERE], 0.0) <= row[c.LATEST_THERE]
            and self.opens(corridor, self.now) == self.now]
        if not ways:
            return False
        if self.t.corridors[one.gate][c.LINKED] >= 0:
            self.ready[one.gate] -= self.counts(one, one.gate)
        self.total[c.REROUTED] += 1
        one.moved, one.gate = one.moved + 1, min(ways)[1]
        one.phase = c.DRIVES
        assert one.granted is not None
        one.granted.succeed(("drives", self.t.elsewhere[x][one.gate][c.THERE], 0, one.at))
        return True

    def turns_back(self, one: Traveller, leaves: int) -> int:
        """Back to shelter."""
        self.total[c.TURNED_BACK] += 1
        one.phase = c.TURNED
        one.shelter = self.shelter(one, min(leaves, self.now))
        self.drops(one, one.at + 1, one.row[c.LAST] + 1)
        assert one.granted is not None
        one.granted.succeed(("gone",))
        return -1

    def shelter(self, one: Traveller, leaves: int) -> int:
        """When people who go back are under shelter."""
        row = self.t.steps[one.at]
        leaves = max(leaves, one.since)
        if row[c.BACK] < 0:
            return c.NEVER
        own = self.chance[one.at][c.ON_WAY]
        return leaves + self.sample(row[c.BACK], self.latent(own, row[c.FACTOR], leaves))

    def enters(self, one: Traveller, minute: int, check: int) -> None:
        """Into the check."""
        row = self.t.steps[one.at]
        outward = row[c.DIRECTION] == c.OUT
        gate = 2 * one.gate + row[c.DIRECTION]
        self.times[one.at][c.BEGAN] = minute
        one.phase, one.side = c.IN_CHECK, c.BETWEEN if outward else c.INSIDE
        stood = minute - one.since
        self.total[c.WAITED_GATE] += one.aboard * stood
        self.by_corridor[one.gate][c.C_WAITED] += one.aboard * stood
        if stood > self.t.corridors[one.gate][c.HOLDING]:
            self.total[c.OVER_HOLDING] += one.aboard
        if self.t.gates[gate][c.RATE] and one.row[c.BY] != c.FOOT:
            self.recent[gate].append(minute)
        if outward and self.t.corridors[one.gate][c.LINKED] >= 0:
            load = self.counts(one, one.gate)
            self.ready[one.gate] -= load
            self.entered[one.gate] += load
        assert one.granted is not None
        one.granted.succeed(("enters", minute + check))

    def walks(self, x: int, one: Traveller) -> None:
        """People on foot, party after party."""
        row, latest = self.t.steps[one.at], self.latest(x, one)
        start = self.opens(one.gate, max(self.now, self.foot_next[one.gate]))
        assert one.group is not None
        closed = start >= c.NEVER
        if start > latest or closed:
            if closed and self.moves(x, one):
                self.one_less(one.group)
                return
            if closed or self.t.whole[c.TURN_BACK]:
                self.turns_back(one, min(self.now, latest))
                self.one_less(one.group)
                return
        self.foot_next[one.gate] = start + row[c.GAP]
        self.enters(one, start, row[c.SPELL])

    # --- through it ------------------------------------------------------------------------
    def is_cleared(self, one: Traveller, i: int, x: int) -> None:
        """Out of the check: on through the corridor, and the lane to the next."""
        row, chance = self.t.steps[i], self.chance[i]
        gate = 2 * one.gate + row[c.DIRECTION]
        self.times[i][c.FREED] = self.now
        way = row[c.TRANSIT]
        if one.gate != row[c.CORRIDOR]:
            way = self.t.elsewhere[x][one.gate][c.THROUGH_THERE]
        took = self.sample(way, self.latent(chance[c.IN_TRANSIT], one.gate, self.now))
        likely, group, lost = self.t.share[c.BREAKS] * took, one.group, False
        assert group is not None
        if chance[c.BREAKS_IN_TRANSIT] < likely and one.row[c.BY] != c.FOOT:
            self.total[c.BREAKDOWNS] += 1
            fate = chance[c.FATE_IN_TRANSIT]
            if fate < self.t.share[c.LOST_SHARE]:
                lost = True
                at = self.now + int(took * chance[c.BREAKS_IN_TRANSIT] / likely)
                self.lost_between(one, group, at)
            else:
                took += self.repair(fate)
        if not lost:
            one.phase = c.THROUGH if one.phase < c.TURNED else one.phase
            one.left_check = i
            group.passed += 1
            group.out_at = max(group.out_at, self.now + took)
        self.one_less(group)
        if one.held_lane:
            one.held_lane = False
            pool = self.t.gates[gate][c.POOL]
            self.pools[pool].used -= 1
            self.let_in(pool)

    def lost_between(self, one: Traveller, group: Group, at: int) -> None:
        """Lost between the gates."""
        self.total[c.VEHICLES_LOST] += 1
        self.blocked[one.gate] = max(self.blocked[one.gate], at + self.t.whole[c.TOW])
        caught, one.phase = one.phase >= c.TURNED, c.LOST
        self.drops(one, one.at + 1, one.row[c.LAST] + 1)
        if caught:
            return
        taken = self.hands_over(one, [mate for _, mate in sorted(group.members.items())
                                      if mate.group is group])
        if taken:
            group.out_at = max(group.out_at, at + self.t.whole[c.TRANSFER])
        self.strands(one, one.gate, taken)

    def one_less(self, group: Group) -> None:
        """One less to be cleared; the last lets all drive on together."""
        group.left -= 1
        if group.left == 0 and group.passed:
            out = max(self.now, group.out_at) + group.behind
            self.at(out, c.LEAVES, group.number, lambda: self.leaves(group))

    def leaves(self, group: Group) -> None:
        """A group leaves the far gate."""
        for x, one in sorted(group.members.items()):
            i = self.t.crossings[x][c.STEP_OF]
            row = self.t.steps[i]
            if one.group is not group or one.left_check != i or one.out is None:
                continue
            outward = row[c.DIRECTION] == c.OUT
            mine = self.by_corridor[one.gate]
            if outward:
                after = self.now - self.t.windows[row[c.WINDOW]][c.CLOSES]
                mine[c.C_CLEAR] = max(mine[c.C_CLEAR], after)
            if one.phase != c.THROUGH:
                continue
            if outward:
                one.side = c.OUTSIDE
                late = max(0, self.now - row[c.DEPARTS])
                self.total[c.PASSED_OUT] += 1
                self.total[c.LATE_OUT] += late
                self.total[c.LATEST_OUT] = max(self.total[c.LATEST_OUT], late)
                mine[c.C_OUT] += one.aboard
            one.out.succeed(True)

    def closing(self, n: int) -> None:
        """A window closes."""
        for one in self.everyone:
            away = one.side == c.OUTSIDE or one.sets_out > self.now
            if away or one.phase >= c.CAUGHT or (one.row[c.LIVES_INSIDE] and not one.aboard):
                continue
            self.catches(one)
        for h, (site, what) in enumerate(self.t.handed):
            if self.sites[site].inside and what != c.GOODS:
                self.inside(-1, self.handed[h], self.handed[h])
                self.total[c.WAITED_OPEN] += self.handed[h] * self.now
                self.handed[h] = 0
        for pool in range(len(self.pools)):
            self.retry(pool, self.now)

    def catches(self, one: Traveller) -> None:
        """One who is inside when a window closes."""
        row, phase = self.t.steps[one.at], one.phase
        waits = phase in (c.AT_GATE, c.QUEUES) and row[c.KIND] == c.CROSSES
        shelter = one.shelter if phase == c.TURNED else c.NEVER
        if waits and self.t.whole[c.TURN_BACK]:
            shelter = self.shelter(one, row[c.LATEST])
            self.total[c.TURNED_BACK] += 1
        corridor = one.gate if waits and one.moved else row[c.GOES_OUT_BY]
        self.inside(corridor, one.aboard, 0 if shelter <= self.now else one.aboard)
        if one.row[c.BY] == c.FLEET and not one.row[c.LIVES_INSIDE]:
            self.vehicle_inside(corridor)
        one.phase = c.CAUGHT
        if phase != c.TURNED:
            at_gate = phase in (c.AT_GATE, c.QUEUES, c.IN_CHECK, c.THROUGH)
            self.drops(one, one.at + at_gate, one.row[c.LAST] + 1)
