"""The compiled search from first to last: a first plan, improvement, and the schedule of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from attrs import define, field, frozen

from lull.domain.fleet import Use, VehicleType
from lull.domain.people import Means
from lull.domain.tiers import TierKind
from lull.domain.worth import counts_in
from lull.plan.aims import Value
from lull.plan.balance import parties_in_step
from lull.plan.beyond import stays_outside
from lull.plan.escorts import Escorted
from lull.plan.kernel.columns import SEATS
from lull.plan.kernel.compose import STEP, Composer
from lull.plan.kernel.guide import guided, lane_prices, send_guided
from lull.plan.kernel.handover import hand_over
from lull.plan.kernel.improve import Improver
from lull.plan.kernel.recombine import Pool
from lull.plan.kernel.roster import Roster
from lull.plan.kernel.state import state_of
from lull.plan.kernel.tables import Floats, TablesMaker
from lull.plan.schedule import Schedule
from lull.plan.templates import Carries
from lull.plan.weighing import Weighing

Stop = Callable[[], bool]
Report = Callable[[str, int, int], None]

FEW = 40
"""Vehicles up to which a first plan is made in every way, and days are chosen anew together."""

QUIET_FOR = 300
"""Rounds without a better plan after which the days found so far are chosen anew together; of all
where vehicles are few, then after twice as many each time that nothing came of it, else of some
teams that share gates."""

MANY_DAYS = 1000
"""Days that are remembered where vehicles are many."""

ALONE = 1000
"""Rounds in which ambulances are improved alone, in the first turn."""

ALL = 4
"""How many times more rounds are then spent on all together."""

LONGER = 3
"""How many times longer each turn is than the one before."""

PATIENCE = 300
"""Rounds without a better plan after which ambulances are no longer improved alone."""


@frozen
class Way:
    """How a plan is built: vehicles of a team, guided by an outline or not, the minutes that the
    outline reckons a round to lose behind others (assumed; on the benchmark cases 2 to 12), days
    by what is free at each moment or not, and how many times a tier counts more than the next."""

    team: int
    guided: bool = False
    wait: float = 0.0
    eager: bool = False
    step: float = STEP


WAYS = (Way(2, eager=True), Way(2), Way(2, guided=True, wait=3.0), Way(4), Way(1),
        Way(4, guided=True, wait=8.0), Way(1, eager=True), Way(4, eager=True),
        Way(2, step=10.0), Way(2, step=3.0), Way(2, eager=True, step=3.0),
        Way(4, step=10.0), Way(4, step=3.0), Way(4, eager=True, step=10.0))

AGAIN = 3
"""How often days are lengthened in turn where corridors are linked: one side lets the other go."""

MOST = 0.8
"""Share of those who wish to leave whom ordinary rounds must serve for this search to be used."""


@define(eq=False)
class Pilot:
    """Searches over what `base` leaves free; the days that it finds stay its own until the end.

    `alone` are the rounds of the first turn in which ambulances are improved alone; the length of
    all turns follows from it.
    """

    base: Schedule
    random_: random.Random
    stop: Stop
    report: Report
    alone: int = ALONE
    composer: Composer = field(init=False)
    weighing: Weighing = field(init=False)
    left_alone: set[int] = field(factory=set)
    """Windows in which those who leave by themselves have been placed."""

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
        self.weighing = Weighing.of(self.base.ground.case, self.early_tiers())

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
        """A first plan, window by window; of few vehicles in more than one way, the best kept."""
        self._build(WAYS[0])
        for way in WAYS[1:] if self._few() else ():
            if self.stop():
                return
            self._build_again(way)

    def _few(self) -> bool:
        return sum(kind.number for _, kind in self.composer.kinds()) <= FEW

    def _build(self, way: Way) -> None:
        """Types in the order of the tiers, then every vehicle on for whatever is left.

        Vehicles for people are guided by an outline, or sent on their best days: at first for the
        tiers before the first that counts supplies or people who need no transport. Then trucks,
        walkers and private cars take their part.
        """
        windows = range(len(self.base.ground.case.pause.windows))
        total, done = 2 * len(windows) * sum(k.number for _, k in self.composer.kinds()), 0
        for window in windows:
            sent = False
            for k, kind in self.composer.kinds():
                if guided(kind) and way.guided:
                    if not sent:
                        send_guided(self.composer, window, way.team, way.wait,
                                    self.composer.weights(step=way.step), self.stop)
                    sent = True
                    self._complete(window)
                else:
                    self._send(window, k, kind, way)
                done += kind.number
                self.report("first plan", done, total)
                if self.stop():
                    return
            if window not in self.left_alone:
                self.leave_alone(window)
                self.left_alone.add(window)
            if self._rest(window, done, total):
                return

    def _send(self, window: int, k: int, kind: VehicleType, way: Way) -> None:
        composer = self.composer
        early = self.early_tiers() if Use.PASSENGERS in kind.uses else None
        weights, least = composer.weights(step=way.step), composer.least(early, way.step)
        team = max(n for n in composer.sizes(k, kind) if n <= way.team)
        for size in (team,) if team == 1 else (team, 1):
            for _ in composer.send(window, k, kind, size, weights, least, eager=way.eager):
                if self.stop():
                    return

    def _complete(self, window: int) -> None:
        """Vehicles that the outline left idle, for those who cannot leave by themselves."""
        composer = self.composer
        for k, kind in composer.kinds():
            if guided(kind):
                for _ in composer.send(window, k, kind, 1, composer.weights()):
                    if self.stop():
                        return

    def _build_again(self, way: Way) -> bool:
        """Everything but ambulances built anew; kept where it is better."""
        roster = self.composer.roster
        before, kept = self.value(), roster.kept()
        self._only_first_types()
        self._build(way)
        if self.roster.back_in_step() and self._better(self.value(), before):
            return True
        roster.go_back(kept)
        return False

    def _only_first_types(self) -> None:
        """Take all days back but those of types that are planned before the guided ones."""
        roster, early = self.composer.roster, set()
        for k, kind in self.composer.kinds():
            if guided(kind) or Use.AID in kind.uses:
                break
            early.add(k)
        for day in roster.days:
            if day.kind not in early:
                roster.take_back(day)
        roster.days = [day for day in roster.days if day.trips]

    def _rest(self, window: int, done: int, total: int) -> bool:
        """Every vehicle on for whatever is left; whether it was stopped."""
        composer, weights = self.composer, self.composer.weights()
        for k, kind in composer.kinds():
            for _ in range(AGAIN if len(self.roster.tables.link) else 1):
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
        parties_in_step(schedule, window)
        self.roster.state = state_of(schedule, self.roster.tables, self.roster.names)
        for day in [d for d in schedule.days if id(d) not in known]:
            schedule.remove(day)
        for one in self.composer.standbys:
            schedule.pools.book(one.walk.steps, 1)

    def improve(self, work: int, tell: Callable[[Value], None]) -> int:
        """At most `work` rounds of removing and inserting; returns how many were done.

        In turns, each longer than the one before: ambulances are improved alone, with the gates to
        themselves; what comes after them is built anew in several ways, each one round of work;
        then all are improved together. The best of all turns is kept.
        """
        improver = Improver(self.composer, self.random_, weighing=self.weighing)
        improver.lanes = self._lane_prices()
        improver.pool = Pool(self.composer) if self._few() else Pool(self.composer, MANY_DAYS)
        done, long = 0, self.alone
        while done < work and not self.stop():
            before, kept = self.value(), self.roster.kept()
            done = self._one_turn(improver, done, work, long, tell)
            done = self._all_together(improver, done, min(work, done + ALL * long), work,
                                      partial(self._told, before, tell))
            if self._better(before, self.value()):
                self.roster.go_back(kept)
            long *= LONGER
        return done

    def _told(self, before: Value, tell: Callable[[Value], None]) -> None:
        """Tell of what stands now, unless a plan as good was there before."""
        if not self._better(before, self.value()):
            tell(self.value())

    def _all_together(
        self, improver: Improver, done: int, until: int, work: int, told: Callable[[], None]
    ) -> int:
        """All types improved together; the work done by then."""
        quiet, patience = 0, QUIET_FOR
        while done < until and not self.stop():
            done += 1
            if improver.pool is not None and quiet >= patience:
                improved, quiet = self._recombined(improver.pool), 0
                if not improved and self.stop():
                    return done - 1  # it may have been cut short
                patience = QUIET_FOR if improved or not self._few() else 2 * patience
            else:
                improved = improver.move()
            quiet = 0 if improved else quiet + 1
            if improved:
                told()
            self.report("improving", done, work)
        return done

    def _recombined(self, pool: Pool) -> bool:
        """Choose anew among all days found; whether that is better."""
        before, kept = self.value(), self.roster.kept()
        if self._few():
            pool.choose(self.weighing, self.stop)
        else:
            pool.choose_near(self.random_.choice(self.roster.days), self.weighing, self.stop)
        if self.roster.back_in_step() and self._better(self.value(), before):
            return True
        self.roster.go_back(kept)
        return False

    def _better(self, a: Value, b: Value) -> bool:
        """Whether a plan is better than another: first by the first tier, then by all together."""
        return a[0] > b[0] + 1e-6 or (
            a[0] >= b[0] - 1e-6 and self.weighing.of_value(a) > self.weighing.of_value(b))

    def _lane_prices(self) -> Floats:
        roster = self.composer.roster
        kept = roster.kept()
        roster.go_back([])
        prices = lane_prices(self.composer)
        roster.go_back(kept)
        return prices

    def _one_turn(
        self, improver: Improver, done: int, work: int, long: int, tell: Callable[[Value], None]
    ) -> int:
        """Ambulances alone and the rest anew, unless no more lives come of it; the work done."""
        roster = self.composer.roster
        before, kept = self.value(), roster.kept()
        self._only_first_types()
        done = self._first_types_alone(improver, done, min(work, done + long))
        if long > self.alone and self.value()[0] <= before[0]:
            roster.go_back(kept)
            return done
        alone, best, found = roster.kept(), kept, before
        if long > self.alone:
            best, found = alone, self.value()
        stop, self.stop = self.stop, _never  # what is built first belongs to the rounds before
        for way in WAYS:
            if way is not WAYS[0] and (done >= work or self.stop()):
                break
            self._build(way)
            if self.stop():
                break
            done += way is not WAYS[0]
            self.stop = stop
            if roster.back_in_step() and self._better(self.value(), found):
                best, found = roster.kept(), self.value()
                if not self._better(before, found):
                    tell(found)
            roster.go_back(alone)
            self.report("improving", done, work)
        self.stop = stop
        roster.go_back(best)
        return done

    def _first_types_alone(self, improver: Improver, done: int, until: int) -> int:
        roster, last = self.composer.roster, done
        if not roster.days:
            return done
        improver.kinds = {day.kind for day in roster.days}
        improver.leaves_for = max(
            (k for k, kind in self.composer.kinds() if guided(kind)),
            key=lambda k: int(roster.tables.kind[k, SEATS]), default=-1)
        while done < until and done - last < PATIENCE and not self.stop():
            done += 1
            if improver.move():
                last = done
            self.report("improving", done, until)
        improver.kinds, improver.leaves_for = set(), -1
        return done

    def schedule(self) -> Schedule:
        """All that is planned, booked in a schedule of its own."""
        whole = self.base.copy()
        hand_over(self.composer, whole)
        return whole


def _never() -> bool:
    return False
