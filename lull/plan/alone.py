"""People who leave on foot or in their own cars, through what the fleet leaves free."""

from __future__ import annotations

from attrs import define, evolve, field, frozen

from lull.domain.corridor import Corridor, Direction
from lull.domain.matching import USER_OF
from lull.domain.people import Group, Means
from lull.domain.place import SiteKind
from lull.domain.plan import By
from lull.domain.time import Window
from lull.domain.travel import FOOT, OWN_CAR
from lull.plan.beyond import beyond
from lull.plan.crowds import Crowds
from lull.plan.footway import Footway
from lull.plan.ground import CARS_TOGETHER, Ground, may_wait
from lull.plan.onward import Changes, Changing
from lull.plan.packing import Boarding, fill_households, seats_free_at
from lull.plan.pools import CARS, NEVER, Check, Promise
from lull.plan.remaining import UNLIMITED, Remaining
from lull.plan.walk import Pools

BATCH = 15
"""Minutes of one batch of walkers at a check."""


@frozen
class Way:
    """A corridor and a destination with the minutes of the three legs, likely and high."""

    corridor: str
    destination: str
    to_gate: int
    through: int
    onward: int
    high_to_gate: int
    high_through: int
    bound_for: str = ""
    """Where vehicles take people on to from the destination, an exchange point."""

    @property
    def end(self) -> str:
        """Where the journey ends."""
        return self.bound_for or self.destination

    @property
    def minutes(self) -> int:
        """All three legs."""
        return self.to_gate + self.through + self.onward


@frozen
class Batch:
    """One party placed: what `plan.Party` needs, and how it was booked."""

    by: By
    group: str
    way: Way
    sizes: dict[int, int]
    persons: int
    cars: int
    departs: int
    enters: int
    cleared: int
    called: int
    block: int = 0
    width: int = 0
    promise: Promise | None = None
    high: int = 0
    changes: Changes = field(factory=Changes)

    @property
    def leaves(self) -> int:
        """Out of the far gate."""
        return self.cleared + self.way.through


@define(eq=False)
class Alone:
    """Places parties in one window.

    `since` is the first minute at which one may enter a check, `at_most` how many persons each
    may have, `parties` how many are placed.
    """

    ground: Ground
    pools: Pools
    remaining: Remaining
    crowds: Crowds
    footway: Footway
    window: Window
    changing: Changing
    since: int = -NEVER
    at_most: int = UNLIMITED
    parties: int = NEVER

    def place_all(self) -> list[Batch]:
        """All parties that fit, nearest corridors first."""
        batches: list[Batch] = []
        for group in self.ground.case.groups.values():
            if group.means is Means.ON_FOOT:
                for way in self.ways(group, FOOT):
                    batches += self._walk(group, way)
            elif group.means is Means.OWN_CAR:
                for way in self.ways(group, OWN_CAR):
                    batches += self._drive(group, way)
        return batches

    def ways(self, group: Group, profile: str) -> list[Way]:
        """The ways out that a group may take, quickest first."""
        found: list[Way] = []
        site = self.ground.site(group.site)
        if group.unaccompanied or not may_wait(site, site.call):
            return found
        for corridor in self.ground.case.crossings_for(USER_OF[group.category], Direction.OUT):
            if not self.ground.mines_allow(corridor, Direction.OUT):
                continue
            if profile == FOOT and not corridor.check(Direction.OUT).persons_per_hour:
                continue
            first, last = corridor.gates(Direction.OUT)
            for end, bound_for in self._ends(group, profile):
                likely = (
                    self.ground.minutes(profile, group.site, first),
                    self.ground.minutes(profile, first, last),
                    self.ground.minutes(profile, last, end),
                )
                if max(likely) >= NEVER:
                    continue
                high = (
                    self.ground.high(profile, group.site, first),
                    self.ground.high(profile, first, last),
                )
                found.append(Way(corridor.id, end, *likely, *high, bound_for))
        return sorted(found, key=lambda w: (bool(w.bound_for), w.minutes, w.corridor, w.end))

    def _ends(self, group: Group, profile: str) -> list[tuple[str, str]]:
        """Where a party may go, and where walkers change to vehicles and to where these go."""
        found = [(end.id, "") for end in self.ground.destinations(group)]
        if profile == FOOT:
            found += [
                (site.id, end) for site in self.ground.case.sites.values()
                if site.kind is SiteKind.EXCHANGE and not site.inside
                for end in beyond(self.ground, group, site.id)
            ]
        return found

    def _received(self, group: Group, way: Way, departs: int, cleared: int) -> bool:
        """Whether both ends are open: the site that is left and the one that is reached."""
        reaches = cleared + way.through + way.onward
        return (self.ground.site(group.site).is_open(departs, departs)
                and self.ground.site(way.destination).is_open(reaches, reaches))

    def _deadline(self) -> int:
        return self.window.closes - self.ground.case.pause.rules.margin

    def _called(self, site: str, departs: int) -> int:
        place = self.ground.site(site)
        lead = max(self.ground.case.pause.rules.call_lead, place.call)
        if place.waiting_limit is not None:
            lead = max(place.call, min(lead, place.waiting_limit))
        return max(self.window.opens, departs - lead) if place.inside else departs - lead

    def _most(self, group: Group, way: Way, departs: int) -> int:
        """Persons that may be called for a departure: the crowd, and places at the end."""
        site = self.ground.site(group.site)
        called = self._called(group.site, departs)
        crowd = self.crowds.room(site.id, site.crowd_limit, called, departs)
        crowd = min(crowd, self.at_most)
        free = seats_free_at(self.ground, self.remaining, group, way.end)
        return min(crowd, free)

    def _walk(self, group: Group, way: Way) -> list[Batch]:
        corridor = self.ground.case.corridors[way.corridor]
        site = self.ground.site(group.site)
        first = max(self.window.opens + site.call + way.to_gate, self.since)
        minutes = self._spell(group, corridor)
        batches: list[Batch] = []
        for enters in range(-(-first // BATCH) * BATCH, self._deadline(), BATCH):
            departs, cleared = enters - way.to_gate, enters + minutes
            at_high = max(departs + way.high_to_gate, enters) + minutes + way.high_through
            if max(at_high, cleared + way.through) > self._deadline():
                break
            if departs > self.ground.send_home(site, self.window):
                break
            if not corridor.is_open(enters, cleared + way.through):
                continue
            if not self._received(group, way, departs, cleared):
                continue
            most = self.footway.room(corridor, enters, minutes)
            most = min(most, self._most(group, way, departs) if most else 0)
            most = self._whole(group, corridor, most, enters, minutes)
            made = self._take(group, way, By.FOOT, most, departs, enters, cleared)
            if made is not None:
                self.footway.take(corridor.id, enters, minutes, made.persons)
                batches.append(made)
            done = len(batches) >= self.parties
            if done or not any(self.remaining.households(group.id).values()):
                break
        return batches

    def _spell(self, group: Group, corridor: Corridor) -> int:
        """Minutes of one party at a check: a batch, or more where a household needs longer."""
        rate = corridor.check(Direction.OUT).persons_per_hour or 1
        left = [s for s, n in self.remaining.households(group.id).items() if n > 0]
        needed = -(-60 * max(left, default=1) // rate)
        return max(BATCH, -(-needed // BATCH) * BATCH)

    def _whole(
        self, group: Group, corridor: Corridor, most: int, enters: int, minutes: int
    ) -> int:
        """Persons in whole households that keep every hour within the rate."""
        while most > 0:
            sizes = fill_households(self.remaining.households(group.id), False, most, 0, most)
            most = sum(size * number for size, number in sizes.items())
            if not most or self.footway.fits(corridor, enters, minutes, most):
                return most
            most -= 1
        return 0

    def _drive(self, group: Group, way: Way) -> list[Batch]:
        corridor = self.ground.case.corridors[way.corridor]
        check = corridor.check(Direction.OUT).minutes_of(OWN_CAR)
        site = self.ground.site(group.site)
        pool = self.pools.gates[corridor.id, Direction.OUT]
        at = max(self.window.opens + site.call + way.to_gate, self.since)
        batches: list[Batch] = []
        while (len(batches) < self.parties
               and any(self.remaining.households(group.id).values())):
            cars = self._cars(group, corridor, check.likely)
            if cars <= 0:
                break
            width = min(cars, corridor.lanes(Direction.OUT))
            block = -(-cars // width) * check.likely
            enters = pool.earliest(at, block, width, cars, CARS)
            departs, cleared = enters - way.to_gate, enters + block
            if enters >= NEVER or cleared + way.through > self._deadline():
                break
            if departs > self.ground.send_home(site, self.window):
                break
            if not (corridor.is_open(enters, cleared + way.through)
                    and self._received(group, way, departs, cleared)):
                at = enters + 1
                continue
            checks = [(enters, cleared, check.high * cars)]
            left = self._deadline() - departs - way.high_to_gate - way.high_through
            room = (left - check.high + 1) * pool.servers - 1 + check.high
            if pool.waiting(departs, enters) + check.high * cars > room:
                break
            if not pool.keeps_promises(checks):
                at = enters + 1
                continue
            most = min(cars * group.persons_per_car, self._most(group, way, departs))
            made = self._take(group, way, By.OWN_CAR, most, departs, enters, cleared, cars)
            if made is None:
                at = enters + 1
                continue
            promise = (departs, enters, room)
            made = evolve(made, block=block, width=width, promise=promise, high=check.high)
            pool.book(enters, block, width, cars, CARS)
            pool.line_up(checks, promise)
            batches.append(made)
            at = enters
        return batches

    def _cars(self, group: Group, corridor: Corridor, each: int) -> int:
        left = sum(s * n for s, n in self.remaining.households(group.id).items())
        left = min(left, self.at_most)
        cars = min(-(-left // group.persons_per_car), corridor.convoy.largest or CARS_TOGETHER)
        if corridor.holding_limit is not None and each:
            lanes = corridor.lanes(Direction.OUT)
            cars = min(cars, lanes * (corridor.holding_limit // each + 1))
        return cars

    def _take(
        self, group: Group, way: Way, by: By, most: int, departs: int, enters: int, cleared: int,
        cars: int = 0,
    ) -> Batch | None:
        if most <= 0:
            return None
        sizes = fill_households(self.remaining.households(group.id), False, most, 0, most)
        persons = sum(size * number for size, number in sizes.items())
        if not persons:
            return None
        reaches = cleared + way.through + way.onward
        changes = Changes()
        if way.bound_for:
            boarding = Boarding(group.id, way.bound_for, sizes, persons, 0)
            changes = self.changing.carry(way.destination, (boarding,), reaches, reaches)
            if changes.missing:
                fewer = min(most, persons) - changes.missing
                return self._take(group, way, by, fewer, departs, enters, cleared, cars)
        self.remaining.take_people(group, sizes, way.end)
        called = self._called(group.site, departs)
        self.crowds.spells.setdefault(group.site, []).append((called, departs, persons))
        made = Batch(by, group.id, way, sizes, persons, cars, departs, enters, cleared, called)
        return evolve(made, changes=changes)

    def again(self, batch: Batch) -> Batch | None:
        """One party by the way of another that was taken back, as soon as may be."""
        group = self.ground.case.groups[batch.group]
        act = self._walk if batch.by is By.FOOT else self._drive
        made = act(group, batch.way)
        return made[0] if made else None

    def give_back(self, batch: Batch) -> None:
        """Take a party back: all that it held is free again."""
        group = self.ground.case.groups[batch.group]
        self.remaining.take_people(group, batch.sizes, batch.way.end, sign=-1)
        self.changing.undo(batch.changes)
        self.crowds.spells[group.site].remove((batch.called, batch.departs, batch.persons))
        if batch.by is By.FOOT:
            minutes = batch.cleared - batch.enters
            self.footway.take(batch.way.corridor, batch.enters, minutes, batch.persons, sign=-1)
            return
        pool = self.pools.gates[batch.way.corridor, Direction.OUT]
        pool.release(batch.enters, batch.block, batch.width, batch.cars, CARS)
        checks: list[Check] = [(batch.enters, batch.cleared, batch.high * batch.cars)]
        pool.line_up(checks, batch.promise, undo=True)
