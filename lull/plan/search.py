"""Build a schedule team by team, then take some teams out and put them back better.

Construction is sequential dynamic programming: each team in turn gets the best day over what
the teams before it left free, those who serve the first tiers first. Improvement is large
neighbourhood search (Shaw 1998, doi:10.1007/3-540-49481-2_30; Pisinger & Røpke 2007,
doi:10.1016/j.cor.2005.09.012): remove a few related days, insert them again in another order
or in other team sizes, keep the better. Deterministic by work, one unit a round of removal.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from attrs import define, field

from lull.domain.corridor import Direction
from lull.domain.fleet import Use, VehicleType, type_of
from lull.domain.people import Means
from lull.domain.tiers import TierKind
from lull.domain.worth import counts_in
from lull.plan.aims import Aims, better
from lull.plan.escorts import Escorted
from lull.plan.ground import Ground
from lull.plan.itinerary import Catalogue
from lull.plan.links import Links
from lull.plan.schedule import Committed, Schedule
from lull.plan.settling import cut_to_step, fill_in_step, settle

Stop = Callable[[], bool]
Report = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and out of how much."""

ORDER = (Use.WOUNDED, Use.PASSENGERS, Use.AID, Use.FIGHTERS)


@define(eq=False)
class Search:
    """One search over one case; `random_` is its only source of chance."""

    ground: Ground
    random_: random.Random
    stop: Stop
    report: Report
    aims: Aims = field(init=False)
    catalogue: Catalogue = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.aims = Aims(self.ground.case)
        self.catalogue = Catalogue(self.ground)

    def types(self) -> list[VehicleType]:
        """Vehicle types in the order in which they are planned."""
        def first_use(kind: VehicleType) -> int:
            return min(ORDER.index(u) for u in kind.uses)

        fleet = [k for k in self.ground.case.fleet.values() if k.number]
        return sorted(fleet, key=lambda k: (
            first_use(k), -k.seats, not self.catalogue.deliveries.hands_on(k), k.id))

    def sizes(self, kind: VehicleType) -> list[int]:
        """Team sizes worth trying for a type, in rising order.

        Small teams turn round quickly; large ones use a gate well where a headway keeps
        convoys apart. None is larger than some corridor lets through within its holding limit.
        """
        largest, busy = 1, set()
        for corridor in self.ground.case.corridors.values():
            for way in Direction:
                if not self.ground.may_drive(kind, corridor, way):
                    continue
                each = corridor.check(way).minutes_of(kind.id).likely
                lanes, most = corridor.lanes(way), corridor.convoy.largest or kind.number
                if corridor.holding_limit is not None and each:
                    most = min(most, lanes * (corridor.holding_limit // each + 1))
                largest = max(largest, most)
                busy.add(corridor.convoy.headway * lanes // each if each else most)
        options = {1, 2, 3, 5, 8, largest, *busy}
        if not kind.uses & {Use.PASSENGERS, Use.FIGHTERS}:
            options = {n for n in options if n <= 3}
        return sorted(n for n in options if 1 <= n <= min(largest, kind.number))

    def first(self) -> Schedule:
        """A construction type by type, each with the team size that serves the tiers best.

        Buses are first sent for the tiers before the first that counts supplies or people who
        need no transport; then trucks, walkers and private cars take their part; then every
        vehicle drives on for whatever is left. Made again without that order, the better kept.
        """
        early = self._early_tiers()
        best = self._staged(early, "first plan")
        if early is not None and not self.stop():
            other = self._staged(None, "first plan, another order")
            if better(other.value(), best.value()):
                best = other
        return self._in_step(best) if Links.of(self.ground.case).pairs else best

    def _early_tiers(self) -> int | None:
        """How many tiers come before supplies and before those who leave by themselves."""
        case = self.ground.case
        alone = [g for g in case.groups.values() if g.means is not Means.TRANSPORT and g.wishing]
        for i, tier in enumerate(case.pause.tiers):
            supplies = tier.kind is not TierKind.PEOPLE and case.demands
            if i and (supplies or any(counts_in(tier, g) for g in alone)):
                return i
        return None

    def _staged(self, early: int | None, label: str) -> Schedule:
        schedule = Schedule.empty(self.ground, self.aims, self.catalogue)
        kinds = [k for k in self.types() if schedule.vehicles_of(k.id)]
        windows = range(len(self.ground.case.pause.windows))
        total = len(windows) * sum(len(self.sizes(k)) for k in kinds)
        done = 0
        for window in windows:
            self._escort(schedule, window)
            for kind in kinds:
                counted = early if Use.PASSENGERS in kind.uses else None
                best: Schedule | None = None
                for size in self.sizes(kind):
                    trial = schedule.copy()
                    self._fill(trial, window, kind, size, counted)
                    if best is None or better(trial.value(), best.value()):
                        best = trial
                    done += 1
                    self.report(label, done, total)
                    if self.stop():
                        return best
                schedule = best or schedule
            schedule.leave_alone(window)
            self._use_what_is_left(schedule, window)
        self._give_out_what_was_kept(schedule)
        settle(schedule)
        return schedule

    def _escort(self, schedule: Schedule, window: int) -> None:
        """Days for ambulances with too few seats, in convoys with a bus for the companions."""
        fleet = self.ground.case.fleet
        pairs = [k for k in fleet.values() if isinstance(k, Escorted)]
        for pair in sorted(pairs, key=lambda k: (-k.stretchers, k.id)):
            while not self.stop():
                team: list[str] = []
                for name, number in pair.parts:
                    team += self._idle_vehicles(schedule, window, fleet[name])[:number]
                whole = len(team) == sum(number for _, number in pair.parts)
                if not whole or not self.insert(schedule, window, tuple(team)):
                    break

    def finish(self, schedule: Schedule) -> Schedule:
        """A schedule found elsewhere with what only this search knows how to plan."""
        fleet = self.ground.case.fleet.values()
        unusual = [k for k in fleet if any(
            r.path or not (r.entry and r.exit) for r in self.catalogue.carrying(k.id))]
        together = bool(Links.of(self.ground.case).together)
        for window in range(len(self.ground.case.pause.windows)):
            if together or unusual:
                self._use_what_is_left(
                    schedule, window, None if together else unusual, keeps_step=not together)
        self._give_out_what_was_kept(schedule)
        settle(schedule)
        return self._aid_by_every_way(schedule, [k for k in unusual if Use.AID in k.uses])

    def _aid_by_every_way(self, schedule: Schedule, unusual: list[VehicleType]) -> Schedule:
        """Trucks sent again where the other search knew only some of their ways; the better."""
        if not any(self.catalogue.rounds[k.id] for k in unusual):
            return schedule
        trucks = [k for k in self.types() if Use.AID in k.uses]
        best = schedule
        for n in sorted({n for k in trucks for n in self.sizes(k)}):
            trial = schedule.copy()
            for day in [d for d in trial.days if Use.AID in self.ground.case.fleet[
                    d.team.kind].uses]:
                trial.remove(day)
            trial.remaining.keeps_minima = True
            for window in range(len(self.ground.case.pause.windows)):
                for kind in trucks:
                    size = max(x for x in self.sizes(kind) if x <= n)
                    self._fill(trial, window, kind, size)
                self._use_what_is_left(trial, window, trucks)
            self._give_out_what_was_kept(trial)
            best = trial if better(trial.value(), best.value()) else best
        return best

    def _give_out_what_was_kept(self, schedule: Schedule) -> None:
        """Stock kept for survival minima that nobody could reach goes where it is still needed."""
        if schedule.remaining.keeps_minima and self.ground.case.demands:
            schedule.remaining.keeps_minima = False
            self.bring_aid_with_the_rest(schedule)

    def bring_aid_with_the_rest(self, schedule: Schedule) -> None:
        """Send trucks through what is free once return seats are kept: aid needs none."""
        trucks = [k for k in self.types() if Use.AID in k.uses]
        for window in range(len(self.ground.case.pause.windows)):
            self._use_what_is_left(schedule, window, trucks)

    def _use_what_is_left(
        self, schedule: Schedule, window: int, kinds: list[VehicleType] | None = None,
        *, keeps_step: bool = False,
    ) -> None:
        """Longer days for teams that have time left, and days for idle vehicles, in any size.

        `keeps_step`: no round by which a linked corridor would run ahead of the other.
        """
        for kind in self.types() if kinds is None else kinds:
            for day in [d for d in schedule.days if d.window == window]:
                if day.team.kind == kind.id and not self.stop():
                    before = len(day.trips)
                    if schedule.extend(day) and keeps_step:
                        cut_to_step(schedule, day, before)
            for size in reversed(self.sizes(kind)):
                idle = self._idle_vehicles(schedule, window, kind)
                for team in _chunks(idle, size):
                    if len(team) < size or self.stop() or not self.insert(schedule, window, team):
                        break
                    if keeps_step and not cut_to_step(schedule, schedule.days[-1], 0):
                        break

    def _fill(
        self, schedule: Schedule, window: int, kind: VehicleType, size: int,
        counted: int | None = None,
    ) -> None:
        """Insert all vehicles of a type as teams of one size, until no team finds a day."""
        for team in _chunks(self._idle_vehicles(schedule, window, kind), size):
            if not self.insert(schedule, window, team, counted):
                break

    def _in_step(self, best: Schedule) -> Schedule:
        """Where corridors are linked, convoys of another size may keep step better."""
        for n in sorted({n for k in self.types() for n in self.sizes(k)}):
            trial = Schedule.empty(self.ground, self.aims, self.catalogue)
            for window in range(len(self.ground.case.pause.windows)):
                self._escort(trial, window)
                trial.leave_alone(window)
                teams = []
                for kind in self.types():
                    size = max(x for x in self.sizes(kind) if x <= n)
                    teams += _chunks(self._idle_vehicles(trial, window, kind), size)
                fill_in_step(trial, window, teams)
            self._give_out_what_was_kept(trial)
            settle(trial)
            if self.stop():
                return best
            if better(trial.value(), best.value()):
                best = trial
        return best

    def insert(
        self, schedule: Schedule, window: int, vehicles: tuple[str, ...],
        counted: int | None = None,
    ) -> bool:
        """Give those of a team who have no day in a window yet the best that is free."""
        vehicles = schedule.idle(vehicles, window)
        if not vehicles:
            return False
        team, driven = schedule.team(vehicles, window), schedule.driven(vehicles, window)
        day = schedule.dispatcher(window, counted).best_day(team, driven)
        return day is not None and schedule.commit(window, day)

    def improve(self, schedule: Schedule, work: int) -> tuple[Schedule, int]:
        """At most `work` rounds of removing and inserting; returns the best and the work done."""
        value = schedule.value()
        for n in range(work):
            if self.stop() or not schedule.days:
                return schedule, n
            trial = schedule.copy()
            if not self._again(trial):
                continue
            settle(trial)
            found = trial.value()
            if not better(value, found):
                schedule, value = trial, found
            self.report("improving", n + 1, work)
        return schedule, work

    def _again(self, schedule: Schedule) -> bool:
        """Remove some days that have to do with each other and put their vehicles back."""
        seed_day = self.random_.choice(schedule.days)
        number = min(len(schedule.days), self.random_.randint(2, 6))
        related = sorted(
            (d for d in schedule.days if d.window == seed_day.window),
            key=lambda d: (-_alike(d, seed_day) + self.random_.random(), d.team.vehicles),
        )[:number]
        idle = self._idle(schedule, seed_day.window)
        for day in related:
            schedule.remove(day)
        teams = [d.team.vehicles for d in related] + idle
        if self.random_.random() < 0.35:
            teams = self._other_sizes(teams)
        self.random_.shuffle(teams)
        order = {k.id: i for i, k in enumerate(self.types())}
        if self.random_.random() < 0.5:
            teams.sort(key=lambda t: order[t[0].partition("#")[0]])
        for team in teams:
            self.insert(schedule, seed_day.window, team)
        others = [d for d in schedule.days if d.window == seed_day.window]
        for day in self.random_.sample(others, min(3, len(others))):
            schedule.extend(day)
        return True

    def _idle(self, schedule: Schedule, window: int) -> list[tuple[str, ...]]:
        """A few teams of vehicles without a day, which may find one now."""
        found = []
        for kind in self.types():
            free = self._idle_vehicles(schedule, window, kind)
            if free:
                found += _chunks(free, self.random_.choice(self.sizes(kind)))[:2]
        return found

    @staticmethod
    def _idle_vehicles(schedule: Schedule, window: int, kind: VehicleType) -> list[str]:
        return list(schedule.idle(tuple(schedule.vehicles_of(kind.id)), window))

    def _other_sizes(self, teams: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
        by_kind: dict[str, list[str]] = {}
        mixed = [t for t in teams if len({type_of(v) for v in t}) > 1]
        for team in (t for t in teams if t not in mixed):
            by_kind.setdefault(team[0].partition("#")[0], []).extend(team)
        found = []
        for kind, vehicles in by_kind.items():
            size = self.random_.choice(self.sizes(self.ground.case.fleet[kind]))
            found += _chunks(sorted(vehicles), size)
        return found + mixed


def _chunks(vehicles: list[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(vehicles[i : i + size]) for i in range(0, len(vehicles), max(1, size))]


def _alike(a: Committed, b: Committed) -> float:
    """How much two days share: gates, pick-ups, type."""
    def places(day: Committed) -> set[str]:
        rounds = [t.walk.round for t in day.trips]
        return {p for r in rounds for p in (r.entry, r.exit, r.pick_up, r.set_down) if p}

    one, two = places(a), places(b)
    shared = len(one & two) / max(1, len(one | two))
    return shared + (0.5 if a.team.kind == b.team.kind else 0.0)

