"""A day in SimPy: bays, boarding, setting down, handing over."""

from __future__ import annotations

import math

from bench.simulate_simpy.roads import Roads, Steps
from bench.simulate_simpy.things import Site, Traveller
from lull.simulate import columns as c


class Sites(Roads):
    """What happens at a site."""

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
            line[c.HANDED] >= 0 and self.handed[line[c.HANDED]] < line[c.AMOUNT]
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
