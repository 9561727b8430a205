"""A day in SimPy: from start to end, through the corridors, to the close of each window."""

from __future__ import annotations

from bench.simulate_simpy.gates import Gates
from bench.simulate_simpy.roads import Steps
from bench.simulate_simpy.things import Group, Traveller
from lull.simulate import columns as c


class Day(Gates):
    """One replication."""

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
            out = max(self.now, group.out_at)
            spare, planned = group.spare
            out += max(0, min(planned - out, spare))
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
