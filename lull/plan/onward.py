"""At an exchange point people change fleets: carried on after they come, brought before they go.

Both halves keep within the time that an exchange may take, and nobody is left between them.
"""

from __future__ import annotations

from attrs import field, frozen

from lull.domain.place import SiteKind
from lull.domain.time import Window
from lull.plan.crowds import Crowds
from lull.plan.ground import Ground, may_wait
from lull.plan.packing import Boarding
from lull.plan.pools import NEVER
from lull.plan.rides import Ride, Rides, all_left, bay_before, bay_from, less, seat
from lull.plan.walk import Pools

Spell = tuple[str, int, int, int]
"""(site, from, to, persons) who wait."""


@frozen(eq=False)
class Changes:
    """What a trip's people do before or after it: rides in other vehicles, and their waits."""

    rides: tuple[Ride, ...] = ()
    waits: tuple[Spell, ...] = ()
    missing: int = field(default=0, eq=False)
    """Persons for whom no ride was found; then nothing is booked."""


@frozen(eq=False)
class Changing:
    """Books rides at exchange points over what is free."""

    ground: Ground
    rides: Rides
    pools: Pools
    crowds: Crowds

    def allowed(self, exchange: str) -> int:
        """Minutes that people may wait at an exchange point."""
        wait = self.ground.case.pause.rules.exchange_wait
        limit = self.ground.site(exchange).waiting_limit
        return wait if limit is None else min(wait, limit)

    def undo(self, changes: Changes) -> None:
        """Give everything back."""
        for ride in changes.rides:
            self.rides.give_back(self.pools, ride)
        for site, start, end, persons in changes.waits:
            self.crowds.spells[site].remove((start, end, persons))

    def _wait(self, waits: list[Spell], spell: Spell) -> None:
        site, start, end, persons = spell
        self.crowds.spells.setdefault(site, []).append((start, end, persons))
        waits.append(spell)

    def _closes(self, exchange: str, at: int) -> int:
        """When the window of a minute closes, for places on the enclosed side; else never."""
        if "inside" not in self.ground.site(exchange).sides:
            return NEVER
        window = self.ground.case.pause.window_at(at)
        return window.closes if window else at

    # -- on from an exchange point ----------------------------------------------------------

    def carry(
        self, exchange: str, boardings: tuple[Boarding, ...], first: int, ready: int
    ) -> Changes:
        """Rides that take everyone set down on in time, booked; nothing is booked if some stay.

        `first` and `ready` are the minutes at which the first and the last have been set down.
        """
        site = self.ground.site(exchange)
        latest = min(first + self.allowed(exchange), self._closes(exchange, first))
        persons = sum(b.persons for b in boardings)
        room = self.crowds.room(exchange, site.crowd_limit, first, latest) if latest >= ready else 0
        if room < persons:
            return Changes(missing=persons - room)
        rides: list[Ride] = []
        waits: list[Spell] = []
        missing = 0
        for end in sorted({b.destination for b in boardings}):
            bound = tuple(b for b in boardings if b.destination == end)
            missing += self._onward(rides, exchange, end, bound, ready, latest)
        if rides:
            last = max(r.load.starts for r in rides)
            self._wait(waits, (exchange, first, max(first, last), persons))
        made = Changes(tuple(rides), tuple(waits), missing)
        if missing:
            self.undo(made)
        return made

    def _onward(
        self, rides: list[Ride], exchange: str, end: str, bound: tuple[Boarding, ...], ready: int,
        latest: int,
    ) -> int:
        """Add rides for those bound for one place; how many persons find none."""
        left = all_left(bound)
        while left:
            ride = self._best_onward(exchange, end, left, ready, latest)
            if ride is None:
                return sum(sit + lie for _, sit, lie in left.values())
            self.rides.take(self.pools, ride)
            rides.append(ride)
            left = less(left, ride.carried)
        return 0

    def _best_onward(
        self, exchange: str, end: str, left: dict[int, tuple[Boarding, int, int]], ready: int,
        latest: int,
    ) -> Ride | None:
        """The ride that takes most patients, then most persons, then leaves first."""
        best: tuple[tuple[int, int, int], Ride] | None = None
        seen: set[tuple[str, int]] = set()
        for vehicle, booked in self.rides.booked.items():
            kind = self.ground.case.vehicle_type(vehicle)
            if not booked:
                if (kind.id, 0) in seen:
                    continue
                seen.add((kind.id, 0))
            carried = seat(self.ground, kind, left)
            if not carried or not self.rides.sides(kind, exchange, end):
                continue
            key = (sum(c[2] for c in carried), sum(c[1] for c in carried))
            if best is not None and key < best[0][:2]:
                continue
            made = self._from(vehicle, exchange, end, ready, latest, carried)
            if made is not None and (best is None or (*key, -made.load.starts) > best[0]):
                best = (*key, -made.load.starts), made
        return best[1] if best else None

    def _from(
        self, vehicle: str, exchange: str, end: str, ready: int, latest: int,
        carried: tuple[tuple[Boarding, int, int], ...],
    ) -> Ride | None:
        """The first ride of a vehicle from an exchange point between two minutes."""
        kind = self.ground.case.vehicle_type(vehicle)
        here, goal = self.ground.site(exchange), self.ground.site(end)
        each, then = (s.service_of(kind.id).likely for s in (here, goal))
        on = self.ground.minutes(kind.id, exchange, end)
        if on >= NEVER:
            return None
        at = ready
        while (at := bay_from(self.pools, here, at, each)) <= latest:
            down = bay_from(self.pools, goal, at + each + on, then)
            if down < NEVER:
                made = self.rides.ride(vehicle, exchange, end, at, down, carried)
                if made is not None:
                    return made
            at += 1
        return None

    # -- brought to an exchange point -------------------------------------------------------

    def feed(
        self, exchange: str, boardings: tuple[Boarding, ...], by: int, last: int, window: Window
    ) -> Changes:
        """Rides that bring everyone of a load to an exchange point before they are taken on.

        `by` and `last` are the minutes at which the first and the last vehicle begin to load.
        Nothing is booked if somebody finds no ride.
        """
        first = max(last - self.allowed(exchange), window.opens)
        persons = sum(b.persons for b in boardings)
        place = self.ground.site(exchange)
        room = self.crowds.room(exchange, place.crowd_limit, first, last + 1) if by >= first else 0
        if room < persons:
            return Changes(missing=persons - room)
        rides: list[Ride] = []
        waits: list[Spell] = []
        missing = 0
        groups = self.ground.case.groups
        for site in sorted({groups[b.group].site for b in boardings}):
            from_here = tuple(b for b in boardings if groups[b.group].site == site)
            missing += self._bring(rides, waits, site, exchange, from_here, first, by, window)
        if rides:
            self._wait(waits, (exchange, min(r.unload.departs for r in rides), last, persons))
        made = Changes(tuple(rides), tuple(waits), missing)
        if missing:
            self.undo(made)
        return made

    def bring(
        self, start: str, end: str, boardings: tuple[Boarding, ...], first: int, by: int,
        window: Window,
    ) -> Changes:
        """Rides that have set everyone from one place down at another between two minutes.

        Booked; nothing is booked if somebody finds no ride.
        """
        rides: list[Ride] = []
        waits: list[Spell] = []
        missing = self._bring(rides, waits, start, end, boardings, first, by, window)
        made = Changes(tuple(rides), tuple(waits), missing)
        if missing:
            self.undo(made)
        return made

    def _bring(
        self, rides: list[Ride], waits: list[Spell], site: str, exchange: str,
        boardings: tuple[Boarding, ...], first: int, by: int, window: Window,
    ) -> int:
        """Add rides from one assembly point; how many persons find none."""
        left = all_left(boardings)
        while left:
            ride = self._best_feeder(site, exchange, left, first, by, window)
            if ride is None:
                return sum(sit + lie for _, sit, lie in left.values())
            self.rides.take(self.pools, ride)
            rides.append(ride)
            assert ride.called is not None
            self._wait(waits, (site, ride.called, ride.load.starts + 1, ride.persons))
            left = less(left, ride.carried)
        return 0

    def _best_feeder(
        self, site: str, exchange: str, left: dict[int, tuple[Boarding, int, int]], first: int,
        by: int, window: Window,
    ) -> Ride | None:
        """The ride that takes most patients, then most persons, then arrives last."""
        best: tuple[tuple[int, int, int], Ride] | None = None
        fresh: set[str] = set()
        for vehicle, booked in self.rides.booked.items():
            kind = self.ground.case.vehicle_type(vehicle)
            if not booked and kind.id in fresh:
                continue
            if not booked:
                fresh.add(kind.id)
            carried = seat(self.ground, kind, left)
            if not carried or not self.rides.sides(kind, site, exchange):
                continue
            key = (sum(c[2] for c in carried), sum(c[1] for c in carried))
            if best is not None and key < best[0][:2]:
                continue
            made = self._until(vehicle, site, exchange, first, by, window, carried)
            if made is not None and (best is None or (*key, made.unload.starts) > best[0]):
                best = (*key, made.unload.starts), made
        return best[1] if best else None

    def _until(
        self, vehicle: str, start: str, end: str, first: int, by: int, window: Window,
        carried: tuple[tuple[Boarding, int, int], ...],
    ) -> Ride | None:
        """The last ride of a vehicle that has set its people down between two minutes."""
        kind = self.ground.case.vehicle_type(vehicle)
        here, goal = self.ground.site(start), self.ground.site(end)
        each, then = (s.service_of(kind.id).likely for s in (here, goal))
        on = self.ground.minutes(kind.id, start, end)
        persons = sum(c[1] for c in carried)
        if on >= NEVER or not may_wait(here, here.call):
            return None
        earliest = window.opens + here.call
        if here.inside:
            earliest = max(earliest, window.opens + self.ground.minutes(kind.id, kind.base, start))
        back = self.ground.minutes(kind.id, end, kind.base)
        down: int | None = min(by, window.closes - back if here.inside else by) - then
        while down is not None and down + then >= first:
            down = bay_before(self.pools, goal, down, first - then, then)
            if down is None or down - on - each < earliest:
                return None
            ahead = self.rides.before(vehicle, start, end, down - on - each, down, then)
            if ahead < down:
                down = ahead
                continue
            latest = min(down - on - each, self.ground.send_home(here, window))
            at = bay_before(self.pools, here, latest, max(earliest, latest - then - 30), each)
            if at is not None:
                called = called_at(self.ground, start, at, window)
                room = self.crowds.room(start, here.crowd_limit, called, at + 1)
                made = self.rides.ride(vehicle, start, end, at, down, carried, called)
                if made is not None and room >= persons:
                    return made
            down -= 1
        return None


def called_at(ground: Ground, place: str, boards: int, window: Window) -> int:
    """When people are called forward for one vehicle: no earlier than the window allows."""
    site = ground.site(place)
    lead = max(ground.case.pause.rules.call_lead, site.call)
    if site.waiting_limit is not None:
        lead = max(site.call, min(lead, site.waiting_limit))
    return max(window.opens, boards - lead) if "inside" in site.sides else boards - lead


def is_exchange(ground: Ground, place: str) -> bool:
    """Whether a place is an exchange point."""
    return bool(place) and ground.site(place).kind is SiteKind.EXCHANGE
