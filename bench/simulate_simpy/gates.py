"""A day in SimPy: gathering at a gate, the queue for a lane, and what else may be done there."""

from __future__ import annotations

import math

from bench.simulate_simpy.roads import Steps
from bench.simulate_simpy.sites import Sites
from bench.simulate_simpy.things import Group, Traveller
from lull.simulate import columns as c


class Gates(Sites):
    """What happens at a gate."""

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
                group = Group(len(self.groups) + x, -c.NEVER, (0, 0), 1)
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
            took = self.sample(row[c.SERVICE], latent)
            early = row[c.CLEARS] - (self.now + took)
            return took + max(0, min(early, int(row[c.SLACK])))
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
            until = max(until, ends)
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
