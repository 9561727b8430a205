"""What the rules look at: a plan read once into stops, passings, moves and loads.

Nothing here judges. Expects a plan whose names are known (rule `known_names`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.people import Category, Group
from lull.domain.place import INSIDE, Site
from lull.domain.plan import (
    By,
    Convoy,
    Crossing,
    LastCall,
    Party,
    Plan,
    Step,
    Stop,
    Task,
    left_at,
)
from lull.domain.time import Window
from lull.domain.travel import FOOT, OWN_CAR, Leg

SERVED = (Task.LOAD, Task.UNLOAD)
"""Tasks for which a vehicle holds a bay."""

def on_the_route(case: Case, stop: Stop, base: str) -> bool:
    """Whether a stop is part of what a driver knows as the route.

    Loading and unloading, and waiting on the enclosed side but not at the vehicle's own base; not
    starting, ending or waiting elsewhere.
    """
    waits_inside = stop.task is Task.WAIT and INSIDE in case.sites[stop.site].sides
    return stop.task in SERVED or (waits_inside and stop.site != base)


USER_OF = {
    Category.CIVILIANS: User.CIVILIANS,
    Category.PATIENTS: User.WOUNDED,
    Category.FIGHTERS: User.FIGHTERS,
}
"""As whom people pass a corridor; patients of any status are wounded."""

USER_SERVED = {
    Use.PASSENGERS: User.CIVILIANS,
    Use.WOUNDED: User.WOUNDED,
    Use.FIGHTERS: User.FIGHTERS,
    Use.AID: User.AID,
}
"""For whom an empty vehicle of a use is on its way."""

STAYS = Leg(0, 0, 0, 0.0, approved=True, mined=False)
"""From a place to itself."""

Key = tuple[str, str]
"""(group, destination) of people, or (item, destination) of goods."""


@frozen(eq=False)
class Load:
    """What is on board: (persons, of whom lying) by (group, destination), units of goods."""

    people: Mapping[Key, tuple[int, int]]
    goods: Mapping[Key, int]

    @cached_property
    def persons(self) -> int:
        """All persons on board."""
        return sum(persons for persons, _ in self.people.values())

    @cached_property
    def lying(self) -> int:
        """Persons on stretchers."""
        return sum(lying for _, lying in self.people.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody and nothing is on board."""
        return not self.people and not self.goods


EMPTY = Load({}, {})


def loaded_after(load: Load, stop: Stop) -> Load:
    """What is on board after a stop; never less than nothing."""
    if stop.task not in SERVED or not (stop.people or stop.goods):
        return load
    sign = 1 if stop.task is Task.LOAD else -1
    people, goods = dict(load.people), dict(load.goods)
    for line in stop.people:
        persons, lying = people.get((line.group, line.destination), (0, 0))
        people[line.group, line.destination] = (
            max(0, persons + sign * line.persons),
            max(0, lying + sign * line.stretchers),
        )
    for part in stop.goods:
        units = goods.get((part.item, part.destination), 0)
        goods[part.item, part.destination] = max(0, units + sign * part.units)
    return Load(
        {key: who for key, who in people.items() if who[0] > 0},
        {key: units for key, units in goods.items() if units > 0},
    )


@frozen(eq=False)
class Day:
    """One vehicle's steps, with what is on board after each."""

    vehicle: str
    kind: VehicleType
    steps: Sequence[Step]
    loads: Sequence[Load]

    def before(self, index: int) -> Load:
        """What is on board when a step begins."""
        return self.loads[index - 1] if index else EMPTY

    @property
    def lives_inside(self) -> bool:
        """Whether the vehicle stays on the enclosed side between windows."""
        return self.kind.sides == (INSIDE,)

    def next_crossing(self, index: int) -> Crossing | None:
        """The first crossing after a step."""
        return next((s for s in self.steps[index + 1 :] if isinstance(s, Crossing)), None)


@frozen(eq=False)
class Halt:
    """A vehicle at a stop. `minutes` is the likely service in a bay; 0 where it is not served."""

    day: Day
    index: int
    stop: Stop
    site: Site
    minutes: int

    @property
    def vehicle(self) -> str:
        """Whose halt it is."""
        return self.day.vehicle

    @property
    def done(self) -> int:
        """The minute at which its service ends."""
        return self.stop.starts + self.minutes


@frozen(eq=False)
class Passing:
    """A vehicle in a corridor with what it carries."""

    day: Day
    index: int
    step: Crossing
    corridor: Corridor
    load: Load

    @property
    def vehicle(self) -> str:
        """Who passes."""
        return self.day.vehicle


@frozen(eq=False)
class Move:
    """A way driven or walked from one place to another. `leg` is None where there is no way.

    `within` says that both places lie on a common side of the line (or that the corridor
    between is passed).
    """

    who: str
    profile: str
    start: str
    end: str
    leaves: int
    arrives: int
    leg: Leg | None
    within: bool
    passes: tuple[str, Direction] | None = None
    lives_inside: bool = False


@define(frozen=True, eq=False)
class Facts:
    """A case and a plan, with what several rules need of them worked out once."""

    case: Case
    plan: Plan

    # --- words ---------------------------------------------------------------------------
    def at(self, minute: int) -> str:
        """Local time as HH:MM."""
        return self.case.pause.clock.hhmm(minute)

    def name(self, place: str) -> str:
        """A place in words: a site's name with its id, or a corridor's gate."""
        if place in self.case.sites:
            site = self.case.sites[place]
            return site.name if site.name == site.id or not site.id else f"{site.name} ({site.id})"
        corridor, side = self.case.gate_corridor[place]
        return f"the gate of {self.corridor_name(corridor)} on the side {side!r}"

    def corridor_name(self, corridor: str) -> str:
        """A corridor in words."""
        name = self.case.corridors[corridor].name
        return corridor if name in ("", corridor) else f"{name} ({corridor})"

    # --- ways ----------------------------------------------------------------------------
    @cached_property
    def _legs(self) -> dict[tuple[str, str, str], Leg | None]:
        return {}

    def leg(self, profile: str, start: str, end: str) -> Leg | None:
        """The way between two places for a profile; None where there is none."""
        if start == end:
            return STAYS
        key = (profile, start, end)
        if key not in self._legs:
            try:
                self._legs[key] = self.case.leg(profile, start, end)
            except KeyError:
                self._legs[key] = None
        return self._legs[key]

    def transit(self, profile: str, corridor: Corridor, direction: Direction) -> Leg | None:
        """The way from a corridor's first gate to its far gate."""
        return self.leg(profile, *corridor.gates(direction))

    def comes_to(self, step: Step) -> str:
        """The place at which a step begins."""
        if isinstance(step, Stop):
            return step.site
        return self.case.corridors[step.corridor].gates(step.direction)[0]

    def goes_from(self, step: Step) -> str:
        """The place at which a step ends."""
        if isinstance(step, Stop):
            return step.site
        return self.case.corridors[step.corridor].gates(step.direction)[1]

    def _move(self, day: Day, before: Step, after: Step) -> Move:
        start, end = self.goes_from(before), self.comes_to(after)
        within = bool(set(self.case.sides_of(start)) & set(self.case.sides_of(end)))
        return Move(
            day.vehicle, day.kind.id, start, end, left_at(before), after.arrives,
            self.leg(day.kind.id, start, end), within, lives_inside=day.lives_inside,
        )

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Every way of every vehicle and party, the ways through corridors included."""
        found: list[Move] = []
        for day in self.days:
            for index, step in enumerate(day.steps):
                if index:
                    found.append(self._move(day, day.steps[index - 1], step))
                if isinstance(step, Crossing):
                    start, end = self.comes_to(step), self.goes_from(step)
                    found.append(
                        Move(
                            day.vehicle, day.kind.id, start, end, step.cleared, step.leaves,
                            self.leg(day.kind.id, start, end), True,
                            passes=(step.corridor, step.direction),
                        )
                    )
        for party in self.plan.parties:
            found.extend(self._party_moves(party))
        return tuple(found)

    def _party_moves(self, party: Party) -> Iterator[Move]:
        profile = profile_of(party)
        site = self.case.groups[party.group].site
        first, far = self.case.corridors[party.corridor].gates(Direction.OUT)
        ways = (
            (site, first, party.departs, party.arrives, None),
            (first, far, party.cleared, party.leaves, (party.corridor, Direction.OUT)),
            (far, party.destination, party.leaves, party.reaches, None),
        )
        for start, end, leaves, arrives, passes in ways:
            within = passes is not None or bool(
                set(self.case.sides_of(start)) & set(self.case.sides_of(end))
            )
            yield Move(
                party.id, profile, start, end, leaves, arrives,
                self.leg(profile, start, end), within, passes=passes,
            )

    # --- who does what -------------------------------------------------------------------
    @cached_property
    def days(self) -> tuple[Day, ...]:
        """Each vehicle's day with its loads."""
        found = []
        for vehicle in self.plan.vehicles:
            load, loads = EMPTY, []
            for step in vehicle.steps:
                if isinstance(step, Stop):
                    load = loaded_after(load, step)
                loads.append(load)
            found.append(
                Day(vehicle.vehicle, self.case.vehicle_type(vehicle.vehicle), vehicle.steps, loads)
            )
        return tuple(found)

    @cached_property
    def halts(self) -> tuple[Halt, ...]:
        """Every stop of every vehicle."""
        return tuple(
            Halt(day, index, step, site, _service(site, day, step))
            for day in self.days
            for index, step in enumerate(day.steps)
            if isinstance(step, Stop)
            for site in (self.case.sites[step.site],)
        )

    @cached_property
    def passings(self) -> tuple[Passing, ...]:
        """Every crossing of every vehicle."""
        return tuple(
            Passing(day, index, step, self.case.corridors[step.corridor], day.loads[index])
            for day in self.days
            for index, step in enumerate(day.steps)
            if isinstance(step, Crossing)
        )

    @cached_property
    def passings_of(self) -> Mapping[str, tuple[Passing, ...]]:
        """Convoy id to those who pass in it, in order of entry."""
        found: dict[str, list[Passing]] = defaultdict(list)
        for passing in self.passings:
            found[passing.step.convoy].append(passing)
        return {
            convoy: tuple(sorted(those, key=lambda p: (p.step.enters, p.vehicle)))
            for convoy, those in found.items()
        }

    @cached_property
    def convoys(self) -> Mapping[str, Convoy]:
        """Convoys by id."""
        return {convoy.id: convoy for convoy in self.plan.convoys}

    def leaves_inside(self, convoy: Convoy) -> bool:
        """Whether a convoy goes out of the enclosed side."""
        return self.case.corridors[convoy.corridor].sides(convoy.direction)[0] == INSIDE

    # --- windows -------------------------------------------------------------------------
    @property
    def windows(self) -> tuple[Window, ...]:
        """The pause's windows in order."""
        return self.case.pause.windows

    def window_number(self, minute: int) -> int | None:
        """Which window a minute falls in, counted from 0; None between windows."""
        return next(
            (n for n, w in enumerate(self.windows) if w.opens <= minute < w.closes), None
        )

    def window_after(self, minute: int) -> Window | None:
        """The window in which a minute falls, or else the next to open."""
        return next((w for w in self.windows if minute < w.closes), None)

    @cached_property
    def last_calls(self) -> Mapping[tuple[str, int], LastCall]:
        """The earliest last call stated for each (site, window)."""
        found: dict[tuple[str, int], LastCall] = {}
        for last in sorted(self.plan.last_calls, key=lambda c: (c.send_home, c.last_call)):
            found.setdefault((last.site, last.window), last)
        return found

    def latest_send_home(self, site: Site, window: int) -> int:
        """The last minute at which those unserved can be sent home to reach shelter in time."""
        return self.windows[window].closes - site.walk_to_shelter - site.call

    def send_home(self, site: Site, window: int) -> int:
        """When those unserved go home: as planned, or the last minute possible."""
        last = self.last_calls.get((site.id, window))
        return last.send_home if last else self.latest_send_home(site, window)

    # --- people --------------------------------------------------------------------------
    def group(self, key: Key) -> Group:
        """The group of a line on board."""
        return self.case.groups[key[0]]


def _service(site: Site, day: Day, stop: Stop) -> int:
    return site.service_of(day.kind.id).likely if stop.task in SERVED else 0


def profile_of(party: Party) -> str:
    """The travel profile of a party."""
    return OWN_CAR if party.by is By.OWN_CAR else FOOT


def persons(number: int) -> str:
    """A count of people in words."""
    return "1 person" if number == 1 else f"{number} persons"


def minutes(number: int) -> str:
    """A duration in words."""
    return "1 minute" if number == 1 else f"{number} minutes"


def counted(number: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{number} {one if number == 1 else many or one + 's'}"
