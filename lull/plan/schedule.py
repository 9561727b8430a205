"""A plan in the making: what is committed, and what it leaves free."""

from __future__ import annotations

from attrs import define, evolve, field

from lull.domain.place import SiteKind
from lull.domain.plan import Task
from lull.domain.worth import Arrived, tier_value
from lull.plan import orders
from lull.plan.aims import Aims, Value
from lull.plan.alone import Alone, Batch
from lull.plan.beyond import serves_onward
from lull.plan.duty import Spell, most_in_a_day
from lull.plan.footway import Footway
from lull.plan.ground import Ground
from lull.plan.itinerary import Catalogue, Crowds, Day, Dispatcher, Trip
from lull.plan.onward import Onward, Ride
from lull.plan.pools import NEVER
from lull.plan.remaining import Remaining
from lull.plan.templates import Carries, Round
from lull.plan.walk import AtSite, Pools, Team, Walk, Walker


@define
class Committed:
    """A team's day in a window, booked; `rides` carry its people on from exchange points."""

    window: int
    team: Team
    trips: list[Trip]
    rides: list[Ride] = field(factory=list)
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
    onward: Onward
    days: list[Committed] = field(factory=list)
    batches: list[tuple[int, Batch]] = field(factory=list)
    spells: dict[str, dict[int, Spell]] = field(factory=dict)

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
            Onward.of(ground),
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
            self.onward.copy(),
            [Committed(d.window, d.team, list(d.trips), list(d.rides), list(d.called))
             for d in self.days],
            list(self.batches),
            {v: dict(s) for v, s in self.spells.items()},
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
        )

    def vehicles_of(self, kind: str) -> list[str]:
        """All vehicles of a type that cross gates."""
        vehicle_type = self.ground.case.fleet[kind]
        if serves_onward(self.ground, vehicle_type):
            return []
        return [vehicle_type.vehicle(n) for n in range(1, vehicle_type.number + 1)]

    def team(self, vehicles: tuple[str, ...], window: int = 0) -> Team:
        """A team of vehicles of one type at their base, free as soon as they may be in a window.

        No earlier than all are home from the windows before.
        """
        kind = self.ground.case.vehicle_type(vehicles[0])
        free = self.ground.horizon.start
        if kind.available_from is not None:
            free = max(free, kind.available_from)
        if self.ground.case.pause.notice is not None:
            free = max(free, self.ground.case.pause.notice + kind.mobilise)
        home = [spell[1] for v in vehicles for w, spell in self.spells.get(v, {}).items()
                if w < window]
        free = max([free, *home])
        return Team(kind.id, vehicles, kind.base, free)

    def commit(self, window: int, day: Day) -> bool:
        """Book a day, trip by trip, as it now fits; False if nothing of it did."""
        made = Committed(window, day.team, [])
        if self._add_trips(made, day.team, day):
            self.days.append(made)
        return bool(made.trips)

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
            since = walk.departs if team.on_duty_since is None else team.on_duty_since
            spell = (since, walk.free_at + self.home(team.kind, walk.place))
            within = dispatcher.within_duty(team, since, walk) and self.orders_fit(team, made, walk)
            if not within or not self.rested(team, made.window, spell):
                break
            draft = self.remaining.draft()
            load = dispatcher.load(team, walk, draft)
            standby = walk.round.carries is Carries.STANDBY
            if not standby and not any(x > 1e-9 for x in load.value):
                break
            if not self._board(made, Trip(walk, load), team):
                break
            self.remaining = draft.flat()
            team = evolve(team, place=walk.place, free_at=walk.free_at, on_duty_since=since)
            for vehicle in team.vehicles:
                self.spells.setdefault(vehicle, {})[made.window] = spell
        return len(made.trips) > before

    def home(self, kind: str, place: str) -> int:
        """Minutes from a place to the type's base."""
        return self.ground.minutes(kind, place, self.ground.case.fleet[kind].base)

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

    def _board(self, made: Committed, trip: Trip, team: Team) -> bool:
        """Book a trip, its crowd and its onward rides; nothing is booked if it fails."""
        self.pools.book(trip.walk.steps, team.size)
        end = self.ground.site(trip.walk.round.set_down) if trip.walk.round.set_down else None
        if end is not None and end.kind is SiteKind.EXCHANGE and trip.load.boardings:
            down = next(
                s for s in trip.walk.steps if isinstance(s, AtSite) and s.site == end.id
            )
            rides = self.onward.carry(
                self.pools, self.crowds, end.id, trip.load.boardings,
                down.starts + down.each, down.starts + down.block,
            )
            if rides is None:
                self.pools.book(trip.walk.steps, team.size, undo=True)
                return False
            made.rides += rides
        if trip.walk.round.carries is Carries.PEOPLE:
            stop = next(
                s for s in trip.walk.steps if isinstance(s, AtSite) and s.task is Task.LOAD
            )
            dispatcher = self.dispatcher(made.window)
            spell = (dispatcher.called_at(stop), stop.starts + stop.block, trip.load.persons)
            self.crowds.spells.setdefault(stop.site, []).append(spell)
            made.called.append((stop.site, *spell))
        made.trips.append(trip)
        return True

    def remove(self, committed: Committed) -> None:
        """Take a day back: all that it held is free again. Not for days with onward rides."""
        self.days.remove(committed)
        for trip in committed.trips:
            self._give_back(trip, committed.team)
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
            self.remaining.take_goods(c.item, c.store, c.place, c.units, sign=-1)

    def drop_last_trip(self, committed: Committed) -> None:
        """Take back the last trip of a day, and the day with it if it was the only one."""
        trip = committed.trips.pop()
        self._give_back(trip, committed.team)
        self._take_back_rides(committed, trip)
        if trip.walk.round.carries is Carries.PEOPLE:
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

    def _take_back_rides(self, committed: Committed, trip: Trip) -> None:
        """Nobody is taken on at an exchange point whom no trip sets down there.

        A vehicle's later rides still fit: it reaches the exchange point as early as for this one.
        """
        mine = {id(b) for b in trip.load.boardings}
        gone = [r for r in committed.rides if any(id(b) in mine for b, _, _ in r.carried)]
        if not gone:
            return
        for ride in gone:
            self.pools.book((ride.load, ride.unload), 1, undo=True)
            committed.rides.remove(ride)
            self.onward.rides.remove(ride)
        site = trip.walk.round.set_down
        down = next(s for s in trip.walk.steps if isinstance(s, AtSite) and s.site == site)
        last = max(r.load.departs for r in gone)
        self.crowds.spells[site].remove((down.starts + down.each, last, trip.load.persons))

    def leave_alone(self, window: int) -> None:
        """Place those who leave on foot or in their own cars."""
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
                    units[c.item, c.place] = units.get((c.item, c.place), 0) + c.units
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

