"""The compiled search from first to last: a first plan, improvement, and the schedule of it."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
from attrs import define, field

from lull.domain.fleet import Use, VehicleType
from lull.domain.people import Means
from lull.domain.tiers import TierKind
from lull.domain.worth import counts_in
from lull.plan.aims import Value
from lull.plan.beyond import stays_outside
from lull.plan.escorts import Escorted
from lull.plan.kernel.compose import Composer
from lull.plan.kernel.handover import hand_over
from lull.plan.kernel.improve import Improver
from lull.plan.kernel.roster import Roster
from lull.plan.kernel.state import state_of
from lull.plan.kernel.tables import Floats, TablesMaker
from lull.plan.schedule import Schedule
from lull.plan.templates import Carries

Stop = Callable[[], bool]
Report = Callable[[str, int, int], None]

AS_GOOD = 1e-3
"""Share by which a larger team may serve less and is still taken, for the slots that it leaves."""

MANY = 120
"""Vehicles of a type from which on the largest team size is taken without trying."""

MOST = 0.8
"""Share of those who wish to leave whom ordinary rounds must serve for this search to be used."""


@define(eq=False)
class Pilot:
    """Searches over what `base` leaves free; the days that it finds stay its own until the end."""

    base: Schedule
    random_: random.Random
    stop: Stop
    report: Report
    composer: Composer = field(init=False)

    @staticmethod
    def suits(schedule: Schedule) -> bool:
        """Whether most of those who wish to leave, and all aid, can go in the rounds known here."""
        ground, catalogue = schedule.ground, schedule.catalogue
        if any(isinstance(k, Escorted) for k in ground.case.fleet.values()):
            return False
        maker = TablesMaker(ground, schedule.aims, catalogue)
        usual: set[str] = set()
        every: set[str] = set()
        for kind in ground.case.fleet.values():
            from_inside = stays_outside(ground, kind)
            others = (r for r in catalogue.carrying(kind.id) if r.carries is Carries.PEOPLE)
            aid = (r for r in catalogue.rounds[kind.id] if r.carries is Carries.AID)
            for r in (*aid, *others):
                known = maker.ordinary(r) and not from_inside
                if r.carries is Carries.AID and not known:
                    return False
                if r.carries is Carries.PEOPLE:
                    groups = catalogue.bound_for(kind, r.pick_up, r.set_down)
                    every |= groups
                    usual |= groups if known else frozenset()
        if not usual and not any(d.units for d in ground.case.demands):
            return False
        groups_of = ground.case.groups
        return sum(groups_of[g].wishing for g in usual) >= MOST * sum(
            groups_of[g].wishing for g in every)

    def __attrs_post_init__(self) -> None:
        self.composer = Composer.over(self.base)

    @property
    def roster(self) -> Roster:
        """The days found so far."""
        return self.composer.roster

    def value(self) -> Value:
        """What is planned so far is worth this, tier by tier."""
        return tuple(float(x) for x in self.roster.value())

    def early_tiers(self) -> int | None:
        """How many tiers come before supplies and before those who leave by themselves."""
        case = self.base.ground.case
        alone = [g for g in case.groups.values() if g.means is not Means.TRANSPORT and g.wishing]
        for i, tier in enumerate(case.pause.tiers):
            supplies = tier.kind is not TierKind.PEOPLE and case.demands
            if i and (supplies or any(counts_in(tier, g) for g in alone)):
                return i
        return None

    def first(self) -> None:
        """A first plan, window by window.

        Vehicles for people are first sent for the tiers before the first that counts supplies or
        people who need no transport; then trucks, walkers and private cars take their part; then
        every vehicle drives on for whatever is left.
        """
        composer, early = self.composer, self.early_tiers()
        windows = range(len(self.base.ground.case.pause.windows))
        total, done = 2 * len(windows) * sum(k.number for _, k in composer.kinds()), 0
        for window in windows:
            for k, kind in composer.kinds():
                counted = early if Use.PASSENGERS in kind.uses else None
                for size in self._best_size(window, k, kind, composer.weights(counted)):
                    for _ in composer.send(window, k, kind, size, composer.weights(counted)):
                        done += size
                        self.report("first plan", done, total)
                        if self.stop():
                            return
            self.leave_alone(window)
            if self._rest(window, done, total):
                return

    def _best_size(
        self, window: int, k: int, kind: VehicleType, weights: Floats
    ) -> tuple[int, ...]:
        """Team sizes for a type, found by trying: the first for all, 1 for who is left over.

        Of sizes that serve equally well the largest, whose fewer convoys leave more slots.
        """
        composer, roster = self.composer, self.roster
        sizes = composer.sizes(k, kind)
        if kind.number > MANY:
            return (sizes[-1], 1)
        best, top = sizes[0], -1.0
        for size in sizes if len(sizes) > 1 else ():
            known = list(roster.days)
            for _ in composer.send(window, k, kind, size, weights):
                if self.stop():
                    break
            score = float(np.dot(weights, roster.value()))
            for day in roster.days[len(known):]:
                roster.take_back(day)
            roster.days = known
            if score >= top * (1 - AS_GOOD):
                best, top = size, max(top, score)
        return (best,) if best == 1 else (best, 1)

    def _rest(self, window: int, done: int, total: int) -> bool:
        """Every vehicle on for whatever is left; whether it was stopped."""
        composer, weights = self.composer, self.composer.weights()
        for k, kind in composer.kinds():
            for _ in composer.send_on(window, [k], weights):
                done += 1
                self.report("first plan", min(done, total), total)
                if self.stop():
                    return True
            for size in sorted({composer.sizes(k, kind)[-1], 1}, reverse=True):
                for _ in composer.send(window, k, kind, size, weights):
                    if self.stop():
                        return True
        return False

    def leave_alone(self, window: int) -> None:
        """Place those who leave on foot or in their own cars, and look at what is then free."""
        schedule = self.base
        known = set(map(id, schedule.days))
        hand_over(self.composer, schedule)
        schedule.leave_alone(window)
        self.roster.state = state_of(schedule, self.roster.tables, self.roster.names)
        for day in [d for d in schedule.days if id(d) not in known]:
            schedule.remove(day)
        for one in self.composer.standbys:
            schedule.pools.book(one.walk.steps, 1)

    def improve(self, work: int, tell: Callable[[Value], None]) -> int:
        """At most `work` rounds of removing and inserting; returns how many were done."""
        improver = Improver(self.composer, self.random_)
        for n in range(work):
            if self.stop():
                return n
            if improver.move():
                tell(self.value())
            self.report("improving", n + 1, work)
        return work

    def schedule(self) -> Schedule:
        """All that is planned, booked in a schedule of its own."""
        whole = self.base.copy()
        hand_over(self.composer, whole)
        return whole
