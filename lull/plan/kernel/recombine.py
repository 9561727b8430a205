"""Days found at different moments of a search, chosen anew together: an integer programme.

Where a vehicle makes few trips, which days stand beside each other counts for more than each day
alone. Every day that the search has tried is known with its minutes; the programme chooses among
them so that lanes, slots, bays and vehicles are never asked for twice, with people spread over the
seats in parts. What it chooses is then driven and packed for real, round by round in the order of
time, and kept if it is better.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from attrs import define, field, frozen

from lull.plan.kernel import place as at
from lull.plan.kernel.columns import (
    CARRIES,
    CLOSES,
    DOWN,
    ENTRY,
    EXIT,
    GATE_HEADWAY,
    OPENS,
    PICK,
    POOL,
    SITE_BAYS,
    SLOT,
)
from lull.plan.kernel.compose import Composer
from lull.plan.kernel.guide import guided
from lull.plan.kernel.outline import Fleet, Outline, Rows, Spell
from lull.plan.kernel.roster import RosterDay
from lull.plan.kernel.state import BLOCKED, State
from lull.plan.kernel.tables import AID, NO, Ints, Tables
from lull.plan.weighing import Weighing

Stop = Callable[[], bool]

MOST_DAYS = 250
"""Days that are known at the most; the oldest are forgotten."""

NEAR_TEAMS = 14
"""Teams that are planned anew together where the pause has more vehicles than can all be."""

ALONE_STEPS, ALONE_NOISES = (50.0, 3.0), (0.0, 0.3)
"""How steeply tiers fall, and how much chance is mixed in, where a team is planned by itself."""

NODES = 10
"""Nodes of the search tree at the most: so that the same work gives the same plan, and soon."""

SECONDS = 20.0
"""Seconds after which there is no answer (assumed; on the small benchmark cases it takes half of
one)."""

NEAR = 2e-3
"""Share of the best that need not be looked for."""


@frozen(eq=False)
class KnownDay:
    """Rounds of a team of a size in a window, with the minutes at which they were placed."""

    kind: int
    size: int
    window: int
    rounds: tuple[int, ...]
    outs: tuple[Ints, ...]


SHIFTS = (-1,1,2)
"""Slots by which a known day is also tried earlier or later as a whole."""

MOMENTS = [at.IN_START, at.OUT_START, at.LOAD_START, at.DOWN_START]


def shifted(day: KnownDay, minutes: int) -> KnownDay:
    """The same day so many minutes later."""
    outs = []
    for out in day.outs:
        moved = out.copy()
        moved[MOMENTS] += minutes
        outs.append(moved)
    return KnownDay(day.kind, day.size, day.window, day.rounds, tuple(outs))


def key_of(day: RosterDay) -> tuple[object, ...]:
    """By what a day is told from others."""
    return (day.kind, day.size, day.window,
            *((x.round, int(x.out[at.IN_START]), int(x.out[at.OUT_START])) for x in day.trips))


@define(eq=False)
class Pool:
    """Days of the types that drive the same few ways again and again."""

    composer: Composer
    most: int = MOST_DAYS
    days: dict[tuple[object, ...], KnownDay] = field(factory=dict)

    def notice(self, found: Iterable[RosterDay]) -> None:
        """Remember days as they stand."""
        kinds = {k for k, kind in self.composer.kinds() if guided(kind)}
        for day in found:
            if not day.trips or day.kind not in kinds or len(day.driven) or (
                    self.composer.stands_by(day.window, day.vehicles)):
                continue
            if any(self.composer.roster.tables.round[x.round, CARRIES] == AID for x in day.trips):
                continue
            key = key_of(day)
            self.days.pop(key, None)
            self.days[key] = KnownDay(day.kind, day.size, day.window,
                                      tuple(x.round for x in day.trips),
                                      tuple(x.out for x in day.trips))
        for key in list(self.days)[: max(0, len(self.days) - self.most)]:
            del self.days[key]

    def choose(self, weighing: Weighing, stop: Stop = lambda: False) -> bool:
        """Drive the days that are best together in the place of those that are driven; whether
        there was an answer, as there is none once `stop()` is true."""
        self.notice(self.composer.roster.days)
        kinds = {d.kind for d in self.days.values()}
        ours = [d for d in self.composer.roster.days if d.kind in kinds
                and not self.composer.stands_by(d.window, d.vehicles)]
        return self._choose(ours, lambda _: True, weighing, stop)

    def choose_near(
        self, day: RosterDay, weighing: Weighing, stop: Stop = lambda: False
    ) -> bool:
        """The same for the few teams that share most gates with one; all others stay as they are.

        Beside the days tried, each team may drive what is best for it with the gates to itself.
        """
        table, kinds = self.composer.roster.tables.round, {
            k for k, kind in self.composer.kinds() if guided(kind)}

        def gates(rounds: Iterable[int]) -> set[int]:
            return {int(g) for r in rounds for g in (table[r, ENTRY], table[r, EXIT])}

        here = gates(trip.round for trip in day.trips)
        shared = {id(d): len(here & gates(t.round for t in d.trips))
                  for d in self.composer.roster.days if d.window == day.window and d.kind in kinds
                  and not self.composer.stands_by(d.window, d.vehicles)}
        near = sorted((d for d in self.composer.roster.days if shared.get(id(d))),
                      key=lambda d: -shared[id(d)])[:NEAR_TEAMS]
        self.notice(near)
        touched = here.union(*(gates(t.round for t in d.trips) for d in near))
        return self._choose(near, lambda known: known.window == day.window and (
            gates(known.rounds) <= touched), weighing, stop, alone=True)

    def _choose(
        self, ours: list[RosterDay], suits: Callable[[KnownDay], bool], weighing: Weighing,
        stop: Stop, *, alone: bool = False,
    ) -> bool:
        """Choose among known days for the teams of ours; days chosen again stand as they were."""
        roster = self.composer.roster
        keys = [key_of(day) for day in ours]
        were = {key: (day, roster.take_back(day)) for key, day in zip(keys, ours, strict=True)}
        roster.days = [d for d in roster.days if d.trips]
        if alone:
            self._alone(ours)
        days = [d for d in self.days.values() if suits(d)]
        again = {id(self.days[key]): was for key, was in were.items() if key in self.days}
        slot = max(1, int(roster.tables.rules[SLOT]))
        days += [shifted(day, n * slot) for n in SHIFTS for day in days]
        best = Chosen(roster.tables, roster.state, days, self._idle()).best(weighing, stop)
        for known in best:
            if id(known) in again:
                day, trips = again[id(known)]
                roster.put_again(day, trips)
                roster.days.append(day)
        self.drive([known for known in best if id(known) not in again])
        return bool(best)

    def _alone(self, teams: Iterable[RosterDay]) -> None:
        """Remember what each team would drive if it had what is free now to itself."""
        composer = self.composer
        dice = np.random.default_rng(len(self.days)).random(997)
        for team in teams:
            for step in ALONE_STEPS:
                for noise in ALONE_NOISES:
                    dice = np.roll(dice, 13)
                    day = composer.team(team.kind, team.vehicles, team.window)
                    composer.lengthen(
                        day, composer.weights(step=step), noise, dice, eager=noise > 0)
                    if day.trips:
                        self.notice([day])
                        composer.roster.take_back(day)

    def _idle(self) -> Counter[tuple[int, int]]:
        found: Counter[tuple[int, int]] = Counter()
        windows = len(self.composer.schedule.ground.case.pause.windows)
        for k, kind in self.composer.kinds():
            for w in range(windows):
                found[k, w] = sum(not self.composer.stands_by(w, (v,))
                                  for v in self.composer.idle(w, kind))
        return found

    def drive(self, chosen: Sequence[KnownDay]) -> None:
        """Place and pack the rounds of all chosen days in the order of their way in."""
        composer, roster, kinds = self.composer, self.composer.roster, dict(self.composer.kinds())
        order: list[tuple[int, int, int, int, RosterDay]] = []
        for one in sorted(chosen, key=lambda d: (d.window, int(d.outs[0][at.IN_START]), d.rounds)):
            idle = [v for v in composer.idle(one.window, kinds[one.kind])
                    if not composer.stands_by(one.window, (v,))]
            day = composer.team(one.kind, tuple(idle[: one.size]), one.window)
            roster.days.append(day)
            order += [(one.window, int(out[at.IN_START]), r, int(out[at.DEPARTS]), day)
                      for r, out in zip(one.rounds, one.outs, strict=True)]
        weights = composer.weights()
        for _, _, r, departs, day in sorted(order, key=lambda o: o[:2]):
            roster.drive(day, np.array([r]), weights, departs)
        for day in {id(day): day for *_, day in order}.values():
            while day.trips and not composer.rested(day):
                roster.take_back(day, len(day.trips) - 1)
        roster.days = [d for d in roster.days if d.trips]


class Chosen(Outline):
    """The programme: how often each round is driven follows from which days are chosen."""

    def __init__(
        self, t: Tables, s: State, days: list[KnownDay], idle: Counter[tuple[int, int]]
    ) -> None:
        """`idle` are vehicles by type and window."""
        self.t, self.s, self.wait = t, s, 0.0
        self.fleet = [Fleet(0, 0.0, 1)] * len(t.kind)
        self.spell = Spell(np.zeros(len(t.gate)), 0.0)
        self.rows, self.upper = Rows(), list[float]()
        self.gain = [{} for _ in range(t.segment.shape[1])]
        self.free: dict[tuple[Any, ...], Ints] = {}
        self.days = [d for d in days if self._fits(d)]
        self.rounds = np.unique(np.array([r for d in self.days for r in d.rounds], np.int64))
        self.column = {int(r): c for c, r in enumerate(self.rounds)}
        self.upper += [np.inf] * len(self.rounds)
        self.first = 0
        if len(self.rounds):
            self.kind = self._kind_of()[self.rounds]
            self._people()
            self._days(idle)

    def best(self, weighing: Weighing, stop: Stop) -> list[KnownDay]:
        """The days to drive; none where there is no answer."""
        if not self.days:
            return []
        highs = self._passed()
        import highspy  # noqa: PLC0415 - a certificate is read without a solver

        for gain, weight in zip(self.gain, weighing.weights, strict=True):
            for column, value in gain.items():
                highs.changeColCost(column, float(weight) * value)
        for n in range(len(self.days)):
            highs.changeColIntegrality(self.first + n, highspy.HighsVarType.kInteger)
        for name, option in (("mip_max_nodes", NODES), ("mip_rel_gap", NEAR),
                             ("solver", "choose"), ("time_limit", SECONDS)):
            highs.setOptionValue(name, option)
        highs.cbMipInterrupt += lambda event: event.interrupt() if stop() else None
        highs.run()
        if highs.getModelStatus() in {highspy.HighsModelStatus.kTimeLimit,
                                      highspy.HighsModelStatus.kInterrupt}:
            return []
        point = np.asarray(highs.getSolution().col_value, dtype=np.float64)
        if len(point) != len(self.upper):
            return []
        taken = np.flatnonzero(point[self.first :] > 0.5)
        return [self.days[n] for n in taken.tolist()]

    # -- rows -------------------------------------------------------------------------------

    def _uses(self, day: KnownDay) -> list[tuple[tuple[Any, ...], int, int, int]]:
        """What a day holds: key, first minute, minutes, how many."""
        t, found = self.t, []
        for r, o in zip(day.rounds, day.outs, strict=True):
            for end, first in ((ENTRY, at.IN_START), (EXIT, at.OUT_START)):
                pool = int(t.gate[t.round[r, end], POOL])
                found.append((("lane", pool), int(o[first]), int(o[first + 1]), int(o[first + 2])))
            for end, first in ((PICK, at.LOAD_START), (DOWN, at.DOWN_START)):
                site = int(t.round[r, end])
                if t.site[site, SITE_BAYS] < NO:
                    found.append((("bay", site), int(o[first]), int(o[first + 1]),
                                  int(o[first + 2])))
        return found

    def _free(self, key: tuple[Any, ...]) -> Ints:
        if key not in self.free:
            what, n = key
            self.free[key] = np.asarray(
                self.t.lanes[n] - self.s.used[n] if what == "lane"
                else self.t.site[n, SITE_BAYS] - self.s.bays[n], np.int64)
        return self.free[key]

    def _fits(self, day: KnownDay) -> bool:
        """Whether a day lies in its window and stands beside all that stays booked."""
        opens, closes = self.t.windows[day.window, OPENS], self.t.windows[day.window, CLOSES]
        if day.outs[0][at.IN_START] < opens or day.outs[-1][at.OUT_START] > closes:
            return False
        for r, o in zip(day.rounds, day.outs, strict=True):
            for end, first in ((ENTRY, at.IN_START), (EXIT, at.OUT_START)):
                if self.s.starts[BLOCKED, self.t.round[r, end], o[first]] > 0:
                    return False
        return all(int(self._free(key)[a : a + n].min(initial=many)) >= many
                   for key, a, n, many in self._uses(day))

    def _days(self, idle: Counter[tuple[int, int]]) -> None:
        self.first = len(self.upper)
        self.upper += [1.0] * len(self.days)
        for r, column in self.column.items():
            self.rows.one(self.rows.row(("driven", r), 0.0), column, 1.0)
        held: dict[tuple[Any, ...], list[tuple[int, int, int, int]]] = {}
        starts: dict[int, list[tuple[int, int]]] = {}
        for n, day in enumerate(self.days):
            column = self.first + n
            self.rows.one(self.rows.row(("vehicles", day.kind, day.window),
                                        float(idle[day.kind, day.window])), column, day.size)
            for r, often in Counter(day.rounds).items():
                self.rows.one(self.rows.at["driven", r], column, -float(day.size * often))
            for r, o in zip(day.rounds, day.outs, strict=True):
                for end, first in ((ENTRY, at.IN_START), (EXIT, at.OUT_START)):
                    starts.setdefault(int(self.t.round[r, end]), []).append((int(o[first]), column))
            for key, a, long, many in self._uses(day):
                held.setdefault(key, []).append((a, long, many, column))
        for gate, found in starts.items():
            self._apart(gate, found)
        for key, spells in held.items():
            self._shared(key, spells)

    def _apart(self, gate: int, starts: list[tuple[int, int]]) -> None:
        """At most one start in any minutes of a headway."""
        headway = max(1, int(self.t.gate[gate, GATE_HEADWAY]))
        for until in sorted({minute for minute, _ in starts}):
            row = self.rows.row(("start", gate, until), 1.0)
            for minute, column in starts:
                if until - headway < minute <= until:
                    self.rows.one(row, column, 1.0)

    def _shared(self, key: tuple[Any, ...], spells: list[tuple[int, int, int, int]]) -> None:
        """No more at a time than is free: looked at whenever something begins."""
        free = self._free(key)
        less = np.flatnonzero(np.diff(free, prepend=free[0]) < 0)
        marks = {a for a, *_ in spells} | set(less.tolist())
        for mark in sorted(marks):
            there = [(many, column) for a, long, many, column in spells if a <= mark < a + long]
            if sum(many for many, _ in there) <= free[mark]:
                continue
            row = self.rows.row((*key, mark), float(free[mark]))
            for many, column in there:
                self.rows.one(row, column, float(many))

