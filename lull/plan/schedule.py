"""A plan in the making: what is committed, and what it leaves free."""

from __future__ import annotations

from attrs import define, evolve, field

from lull.domain.plan import Task
from lull.domain.worth import Arrived, tier_value
from lull.plan import orders
from lull.plan.aims import Aims, Value
from lull.plan.alone import Alone, Batch
from lull.plan.beyond import minutes_home, serves_onward, stays_outside
from lull.plan.crowds import Crowds
from lull.plan.duty import Spell, most_in_a_day
from lull.plan.escorts import kind_of
from lull.plan.footway import Footway
from lull.plan.ground import Ground
from lull.plan.itinerary import Catalogue, Day, Dispatcher, Trip
from lull.plan.local import Journey, travel_locally
from lull.plan.onward import Changes, Changing, is_exchange
from lull.plan.packing import Load
from lull.plan.pools import NEVER
from lull.plan.relay import hand_on, hanging_together
from lull.plan.remaining import UNLIMITED, Remaining
from lull.plan.rides import Rides
from lull.plan.templates import Carries, Round
from lull.plan.walk import AtSite, Pools, Team, Walk, Walker

FEWER_TRIES = 4
"""How often a load is cut down to those who find a ride at an exchange point."""


@define
class Committed:
    """A team's day in a window, booked.

    `called` is who waits for it where, as (site, from, to, persons); `changes` is what its
    people do at exchange points before and after each trip.
    """

    window: int
    team: Team
    trips: list[Trip]
    changes: list[Changes] = field(factory=list)
    called: list[tuple[str, int, int, int]] = field(factory=list)


@define(eq=False)
class Schedule:
    """Everything planned so far."""

    ground: Ground
    aims: Aims
    catalogue: Catalogue
    pools: Pools
    remaining: Remaining
    crowds: Crowds
    footway: Footway
    rides: Rides
    days: list[Committed] = field(factory=list)
    batches: list[tuple[int, Batch]] = field(factory=list)
    spells: dict[str, dict[int, Spell]] = field(factory=dict)
    journeys: list[Journey] = field(factory=list)
    full: set[str] = field(factory=set)
    """Exchange points from which no truck could take on cargo when it was last tried."""
    lots: int = 0
    """How many loads of cargo have been handed on so far; numbers them."""

    @classmethod
    def empty(cls, ground: Ground, aims: Aims, catalogue: Catalogue) -> Schedule:
        """Nothing planned, everything free."""
        return cls(
            ground,
            aims,
            catalogue,
            Pools.of(ground),
            Remaining.of(ground.case, aims),
            Crowds(),
            Footway(),
            Rides.of(ground),
        )

    def copy(self) -> Schedule:
        """A schedule of its own with the same days."""
        return Schedule(
            self.ground,
            self.aims,
            self.catalogue,
            self.pools.copy(),
            self.remaining.flat(),
            self.crowds.copy(),
            self.footway.copy(),
            self.rides.copy(),
            [Committed(d.window, d.team, list(d.trips), list(d.changes), list(d.called))
             for d in self.days],
            list(self.batches),
            {v: dict(s) for v, s in self.spells.items()},
            list(self.journeys),
            set(self.full),
            self.lots,
        )

    def dispatcher(self, window: int, counted: int | None = None) -> Dispatcher:
        """A dispatcher over what is free in a window; `counted` tiers count, None: all."""
        return Dispatcher(
            self.ground,
            self.aims,
            self.catalogue,
            self.pools,
            self.remaining,
            self.crowds,
            self.ground.case.pause.windows[window],
            counted,
            self.changing(),
            frozenset(self.full),
        )

    def vehicles_of(self, kind: str) -> list[str]:
        """All vehicles of a type that cross gates."""
        vehicle_type = self.ground.case.fleet[kind]
        if serves_onward(self.ground, vehicle_type):
            return []
        return [vehicle_type.vehicle(n) for n in range(1, vehicle_type.number + 1)]

    def idle(self, vehicles: tuple[str, ...], window: int) -> tuple[str, ...]:
        """Those of some vehicles that have no day in a window; taking cargo on is a day too."""
        busy = {v for d in self.days if d.window == window for v in d.team.vehicles}
        return tuple(v for v in vehicles if v not in busy)

    def team(self, vehicles: tuple[str, ...], window: int = 0) -> Team:
        """A team of vehicles of one type at their base, free as soon as they may be in a window.

        No earlier than all are home from the windows before.
        """
        kind = kind_of(self.ground.case, vehicles)
        free = self.ground.horizon.start
        if kind.available_from is not None:
            free = max(free, kind.available_from)
        if self.ground.case.pause.notice is not None:
            free = max(free, self.ground.case.pause.notice + kind.mobilise)
        home = [spell[1] for v in vehicles for w, spell in self.spells.get(v, {}).items()
                if w < window]
        free = max([free, *home])
        place = kind.base
        if stays_outside(self.ground, kind):
            free = max(free, self.ground.case.pause.windows[window].opens)
            places = {self._stands(v, kind.base, window) for v in vehicles}
            if len(places) > 1:
                free = NEVER
            place = min(places)
        return Team(kind.id, vehicles, place, free)

    def _stands(self, vehicle: str, base: str, window: int) -> str:
        """Where a vehicle that stays outside has ended its last day before a window."""
        before = [d for d in self.days if d.window < window and vehicle in d.team.vehicles]
        return max(before, key=lambda d: d.window).trips[-1].walk.place if before else base

    def _later(self, committed: Committed) -> list[Committed]:
        """Days that begin where this one ends: later ones of vehicles that stay outside."""
        if not stays_outside(self.ground, self.ground.case.fleet[committed.team.kind]):
            return []
        return [d for d in self.days if d.window > committed.window
                and set(d.team.vehicles) & set(committed.team.vehicles)]

    def commit(self, window: int, day: Day) -> bool:
        """Book a day, trip by trip, as it now fits; False if nothing of it did.

        A team that finds nobody to take its cargo on is given another day.
        """
        made, full = Committed(window, day.team, []), len(self.full)
        if self._add_trips(made, day.team, day):
            self.days.append(made)
        elif len(self.full) > full:
            driven = self.driven(day.team.vehicles, window)
            other = self.dispatcher(window).best_day(day.team, driven)
            return other is not None and self.commit(window, other)
        return bool(made.trips)

    def adopt(self, window: int, team: Team, trips: list[Trip]) -> Committed | None:
        """Book a team's day with its minutes and loads as they are given; None if nothing fits.

        For days found elsewhere over the very same bookings; whoever gives them has looked at
        crews and orders. A trip whose people find no ride at an exchange point ends the day.
        """
        made = Committed(window, team, [])
        for trip in trips:
            if self._board(made, trip, team):
                break
            for b in trip.load.boardings:
                self.remaining.take_people(self.ground.case.groups[b.group], b.sizes, b.destination)
            for c in trip.load.cargo:
                self.remaining.take_goods(c.item, c.store, c.place, c.units)
        if not made.trips:
            return None
        last = made.trips[-1].walk
        ends = last.free_at + self.home(team.kind, last.place)
        for vehicle in team.vehicles:
            self.spells.setdefault(vehicle, {})[window] = (made.trips[0].walk.departs, ends)
        self.days.append(made)
        return made

    def state_after(self, committed: Committed) -> Team:
        """A team as it stands after its committed trips."""
        last = committed.trips[-1].walk
        return evolve(
            committed.team, place=last.place, free_at=last.free_at,
            on_duty_since=committed.trips[0].walk.departs,
        )

    def extend(self, committed: Committed) -> bool:
        """Add rounds to the end of a committed day where some still fit."""
        team = self.state_after(committed)
        driven = tuple(t.walk.round for t in committed.trips)
        driven += self.driven(team.vehicles, committed.window)
        day = self.dispatcher(committed.window).best_day(team, driven)
        return day is not None and self._add_trips(committed, team, day)

    def _add_trips(self, made: Committed, team: Team, day: Day) -> bool:
        dispatcher = self.dispatcher(made.window)
        walker = Walker(self.ground, self.pools, dispatcher.window)
        before = len(made.trips)
        for planned in day.trips:
            walk = walker.place(dispatcher.held(team, planned.walk), planned.walk.round)
            if walk is None:
                break
            further = self.add_trip(made, team, walk)
            if further is None:
                break
            team = further
        return len(made.trips) > before

    def add_trip(
        self, made: Committed, team: Team, walk: Walk, most: int = UNLIMITED
    ) -> Team | None:
        """Load and book a placed round with at most so many persons; the team after it.

        None, and nothing is booked, where its crews, its orders or its worth do not allow it.
        """
        if self._later(made):
            return None
        dispatcher = self.dispatcher(made.window)
        since = walk.departs if team.on_duty_since is None else team.on_duty_since
        spell = (since, walk.free_at + self.home(team.kind, walk.place))
        within = dispatcher.within_duty(team, since, walk) and self.orders_fit(team, made, walk)
        if not within or not self.rested(team, made.window, spell):
            return None
        if self._load(made, team, walk, most) is None:
            return None
        for vehicle in team.vehicles:
            self.spells.setdefault(vehicle, {})[made.window] = spell
        return evolve(team, place=walk.place, free_at=walk.free_at, on_duty_since=since)

    def _load(
        self, made: Committed, team: Team, walk: Walk, most: int = UNLIMITED
    ) -> Load | None:
        """Load and book a placed round; None where it is not worth its way.

        Where not everyone finds a ride at an exchange point, fewer are taken.
        """
        dispatcher = self.dispatcher(made.window)
        standby = walk.round.carries is Carries.STANDBY
        for _ in range(FEWER_TRIES):
            draft = self.remaining.draft()
            load = dispatcher.load(team, walk, draft, most)
            if not standby and not any(x > 1e-9 for x in load.value):
                return None
            missing = self._board(made, Trip(walk, load), team)
            if not missing and any(c.via for c in load.cargo):
                return self._handed_on(made, team, draft)
            if not missing:
                self.remaining = draft.flat()
                return load
            most = load.persons - missing
        return None

    def _handed_on(self, made: Committed, team: Team, draft: Remaining) -> Load | None:
        """The load of a trip just booked as far as other trucks take it on; None if none does."""
        load = hand_on(self, made, draft)
        if load is None:
            self.pools.book(made.trips.pop().walk.steps, team.size, undo=True)
            made.changes.pop()
            return None
        self.remaining = draft.flat()
        return load

    def no_day(self, window: int, team: Team) -> Committed:
        """A day of a team on which nothing is planned yet, not booked."""
        return Committed(window, team, [])

    def append(self, committed: Committed, trip: Trip, spell: Spell) -> None:
        """Book a trip that takes cargo on at the end of a day, which is new if it has no trips."""
        if not committed.trips:
            self.days.append(committed)
        self.pools.book(trip.walk.steps, committed.team.size)
        committed.trips.append(trip)
        committed.changes.append(Changes())
        for vehicle in committed.team.vehicles:
            self.spells.setdefault(vehicle, {})[committed.window] = spell

    def home(self, kind: str, place: str) -> int:
        """Minutes from a place to the type's base."""
        return minutes_home(self.ground, self.ground.case.fleet[kind], place)

    def driven(self, vehicles: tuple[str, ...], window: int) -> tuple[Round, ...]:
        """Rounds in other windows of the same date, of the vehicle that has driven most."""
        most: tuple[Round, ...] = ()
        for vehicle in vehicles:
            rounds = tuple(
                t.walk.round for d in self.days
                if d.window != window and vehicle in d.team.vehicles
                and orders.on_one_date(self.ground, d.window, window) for t in d.trips
            )
            most = max(most, rounds, key=len)
        return most

    def orders_fit(self, team: Team, made: Committed, walk: Walk) -> bool:
        """Whether one more round fits the orders of every vehicle of a team."""
        days = [*(d for d in self.days if d is not made), made]
        return all(
            orders.all_fit(self.ground, [
                *(t.walk for d in days if d is made or vehicle in d.team.vehicles
                  for t in d.trips), walk])
            for vehicle in team.vehicles
        )

    def rested(self, team: Team, window: int, spell: Spell) -> bool:
        """Whether all are home before their next window's day, and no crew is on duty too long."""
        starts = [s[0] for v in team.vehicles for w, s in self.spells.get(v, {}).items()
                  if w > window]
        if spell[1] > min(starts, default=NEVER):
            return False
        limit = self.ground.case.fleet[team.kind].crew_duty
        if limit is None:
            return True
        rest = self.ground.case.pause.rules.rest
        for vehicle in team.vehicles:
            others = [s for w, s in self.spells.get(vehicle, {}).items() if w != window]
            if most_in_a_day([*others, spell], rest) > limit:
                return False
        return True

    def changing(self) -> Changing:
        """What books rides at exchange points over what is free."""
        return Changing(self.ground, self.rides, self.pools, self.crowds)

    def _board(self, made: Committed, trip: Trip, team: Team) -> int:
        """Book a trip, its crowds and its rides; how many persons found no ride.

        If there are any, nothing is booked.
        """
        self.pools.book(trip.walk.steps, team.size)
        changes = self._change(made.window, trip)
        if changes.missing:
            self.pools.book(trip.walk.steps, team.size, undo=True)
            return changes.missing
        dispatcher = self.dispatcher(made.window)
        for stop, persons in boarded_at(self.ground, trip):
            spell = (dispatcher.called_at(stop), stop.starts + stop.block, persons)
            self.crowds.spells.setdefault(stop.site, []).append(spell)
            made.called.append((stop.site, *spell))
        made.trips.append(trip)
        made.changes.append(changes)
        return 0

    def _change(self, window: int, trip: Trip) -> Changes:
        """Rides before a trip that takes people on, and after one that sets them down, booked."""
        if not trip.load.boardings:
            return Changes()
        changing, found = self.changing(), Changes()
        for step in trip.walk.steps:
            if not isinstance(step, AtSite) or not is_exchange(self.ground, step.site):
                continue
            groups = self.ground.case.groups
            more = Changes()
            if step.task is Task.LOAD:
                come = tuple(b for b in trip.load.boardings if groups[b.group].site != step.site)
                spell = self.ground.case.pause.windows[window]
                last = step.starts + step.block - step.each
                more = changing.feed(step.site, come, step.starts, last, spell)
            elif step.task is Task.UNLOAD:
                go = tuple(b for b in trip.load.boardings if b.destination != step.site)
                more = changing.carry(
                    step.site, go, step.starts + step.each, step.starts + step.block)
            if more.missing:
                changing.undo(found)
                return more
            found = Changes(found.rides + more.rides, found.waits + more.waits)
        return found

    def remove(self, committed: Committed) -> None:
        """Take a day back: all that it held is free again, rides at exchange points included.

        With it go the days that hand cargo on to it or take cargo on from it.
        """
        self.full.clear()
        for later in self._later(committed):
            if later in self.days:
                self._remove(later)
        for day in hanging_together(self.days, committed) if committed in self.days else []:
            self._remove(day)

    def _remove(self, committed: Committed) -> None:
        self.days.remove(committed)
        for trip, changes in zip(committed.trips, committed.changes, strict=True):
            self._give_back(trip, committed.team)
            self.changing().undo(changes)
        for site, start, end, persons in committed.called:
            self.crowds.spells[site].remove((start, end, persons))
        for vehicle in committed.team.vehicles:
            self.spells[vehicle].pop(committed.window, None)

    def _give_back(self, trip: Trip, team: Team) -> None:
        self.pools.book(trip.walk.steps, team.size, undo=True)
        for b in trip.load.boardings:
            group = self.ground.case.groups[b.group]
            self.remaining.take_people(group, b.sizes, b.destination, sign=-1)
        for c in trip.load.cargo:
            if not c.taken_on:
                self.remaining.take_goods(c.item, c.store, c.place, c.units, sign=-1)

    def drop_last_trip(self, committed: Committed) -> None:
        """Take back the last trip of a day, and the day with it if it was the only one."""
        for later in self._later(committed):
            self._remove(later)
        trip = committed.trips.pop()
        self._give_back(trip, committed.team)
        self.changing().undo(committed.changes.pop())
        for _ in boarded_at(self.ground, trip):
            site, start, end, persons = committed.called.pop()
            self.crowds.spells[site].remove((start, end, persons))
        if not committed.trips:
            self.days.remove(committed)
            for vehicle in committed.team.vehicles:
                self.spells[vehicle].pop(committed.window, None)
            return
        since = committed.trips[0].walk.departs
        last = committed.trips[-1].walk
        ends = last.free_at + self.home(committed.team.kind, last.place)
        for vehicle in committed.team.vehicles:
            self.spells[vehicle][committed.window] = (since, ends)

    def leave_alone(self, window: int) -> None:
        """Place those who leave on foot, in their own cars, or by vehicles that pass no gate."""
        self.journeys += travel_locally(self, window)
        self.batches += [(window, b) for b in self.alone(window).place_all()]

    def alone(self, window: int) -> Alone:
        """What places parties in a window over what is free."""
        return Alone(
            self.ground,
            self.pools,
            self.remaining,
            self.crowds,
            self.footway,
            self.ground.case.pause.windows[window],
            self.changing(),
        )

    def arrived(self) -> Arrived:
        """What is moved, as `worth` counts it."""
        persons: dict[str, int] = {}
        patients: dict[str, int] = {}
        units: dict[tuple[str, str], int] = {}
        for day in self.days:
            for trip in day.trips:
                for b in trip.load.boardings:
                    persons[b.group] = persons.get(b.group, 0) + b.persons
                    patients[b.group] = patients.get(b.group, 0) + b.patients
                for c in trip.load.cargo:
                    more = 0 if c.taken_on else c.units
                    units[c.item, c.place] = units.get((c.item, c.place), 0) + more
        for journey in self.journeys:
            b = journey.boarding
            persons[b.group] = persons.get(b.group, 0) + b.persons
            patients[b.group] = patients.get(b.group, 0) + b.patients
        for _, batch in self.batches:
            persons[batch.group] = persons.get(batch.group, 0) + batch.persons
        return Arrived(persons, patients, units)

    def value(self) -> Value:
        """Value of each tier; the last, `shorter`, as minus the vehicles' minutes on a round."""
        got = self.arrived()
        case = self.ground.case
        minutes = sum(
            t.walk.free_at - t.walk.departs for day in self.days for t in day.trips
        )
        return tuple(
            -float(minutes) if tier.kind.value == "shorter" else tier_value(case, tier, got)
            for tier in case.pause.tiers
        )


def boarded_at(ground: Ground, trip: Trip) -> list[tuple[AtSite, int]]:
    """The stops of a trip to which people are called, with how many of its persons board there."""
    found = []
    for stop in trip.walk.steps:
        if isinstance(stop, AtSite) and stop.task is Task.LOAD:
            persons = sum(b.persons for b in trip.load.boardings
                          if ground.case.groups[b.group].site == stop.site)
            if persons:
                found.append((stop, persons))
    return found
