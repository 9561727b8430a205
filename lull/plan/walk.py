"""Place one round of one convoy in time: the earliest minutes at which everything has room.

A convoy waits where it is safe to wait: it leaves a place so as to reach the next gate when
its slot begins, and loads as late as the bays allow, so that nobody sits in a standing vehicle.
"""

from __future__ import annotations

from attrs import define, evolve, field, frozen

from lull.domain.corridor import Corridor, Direction
from lull.domain.fleet import VehicleType
from lull.domain.place import INSIDE, Site
from lull.domain.plan import Task
from lull.domain.time import Window
from lull.plan.beyond import minutes_home, stays_outside
from lull.plan.ground import Ground, may_wait
from lull.plan.pools import NEVER, Check, Pool, Promise
from lull.plan.templates import Round

LATER_TRIES = 45
"""Minutes by which loading may be moved later, at most, to avoid waiting loaded."""


@frozen
class AtGate:
    """A convoy through a checkpoint: `width` vehicles at once, `each` minutes a vehicle."""

    corridor: str
    direction: Direction
    starts: int
    block: int
    width: int
    each: int
    leaves: int
    vehicles: int = 1
    high: int = 0
    promise: Promise | None = None

    @property
    def checks(self) -> list[Check]:
        """Each vehicle in the lanes."""
        found = []
        for n in range(self.vehicles):
            enters = self.starts + n // self.width * self.each
            found.append((enters, enters + self.each, self.high))
        return found

    @property
    def way(self) -> str:
        """The direction's name, as the pool knows it."""
        return self.direction.value


@frozen
class AtSite:
    """A convoy at a site: `width` bays at once, `each` minutes a vehicle."""

    site: str
    task: Task
    arrives: int
    starts: int
    block: int
    width: int
    each: int
    departs: int


Placed = AtGate | AtSite


@define
class Pools:
    """All capacities over time."""

    gates: dict[tuple[str, Direction], Pool]
    bays: dict[str, Pool]

    @classmethod
    def of(cls, ground: Ground) -> Pools:
        """Everything free."""
        return cls(ground.gate_pools(), ground.bay_pools())

    def copy(self) -> Pools:
        """The same bookings, of its own; directions that share a pool go on sharing it."""
        copies = {id(pool): pool.copy() for pool in self.gates.values()}
        return Pools(
            {key: copies[id(pool)] for key, pool in self.gates.items()},
            {site: pool.copy() for site, pool in self.bays.items()},
        )

    def book(self, steps: tuple[Placed, ...], vehicles: int, *, undo: bool = False) -> None:
        """Hold (or give back) what the steps of one round use."""
        for step in steps:
            if isinstance(step, AtGate):
                pool, way = self.gates[step.corridor, step.direction], step.way
                pool.line_up(step.checks, step.promise, undo=undo)
            else:
                pool, way = self.bays[step.site], ""
                if step.task not in (Task.LOAD, Task.UNLOAD):
                    continue
            act = pool.release if undo else pool.book
            act(step.starts, step.block, step.width, vehicles, way)


@frozen
class Team:
    """Vehicles of one type that keep together: where they are, and since when free.

    `on_duty_since` is when they left for the first round of a spell (None: not yet).
    """

    kind: str
    vehicles: tuple[str, ...]
    place: str
    free_at: int
    on_duty_since: int | None = None

    @property
    def size(self) -> int:
        """How many vehicles."""
        return len(self.vehicles)


@frozen
class Walk:
    """A round placed in time: when the team leaves its place, its steps, and when it is free."""

    round: Round
    departs: int
    steps: tuple[Placed, ...]
    free_at: int
    place: str


@define
class Walker:
    """Places rounds for a window. `starts` are a draft's own convoy starts, not yet booked."""

    ground: Ground
    pools: Pools
    window: Window
    starts: dict[tuple[str, Direction], list[int]] = field(factory=dict)

    def place(self, team: Team, round_: Round) -> Walk | None:
        """The round at its earliest, or None where it does not fit the window."""
        kind = self.ground.case.fleet[team.kind]
        if stays_outside(self.ground, kind) and not self._on_its_side(kind, team, round_):
            return None
        at, place = self._begins(kind, team, round_), team.place
        departs = at
        steps: list[Placed] = []
        for act, task in round_.acts:
            if isinstance(act, str):
                assert task is not None
                step = self._at_site(kind, team.size, place, at, act, task)
                if step is None:
                    return None
                steps.append(step)
                at, place = step.departs, act
                continue
            corridor, direction = self.ground.case.corridors[act[0]], act[1]
            gate = self._at_gate(kind, team.size, place, at, corridor, direction)
            if gate is None:
                return None
            first, last = corridor.gates(direction)
            leave = gate.starts - self.ground.minutes(kind.id, place, first)
            if steps:
                steps[-1] = self._later(steps[-1], leave, team.size)
            else:
                departs = leave
            steps.append(gate)
            at, place = gate.leaves, last
        if not self._safe(kind, team.size, steps, at, place):
            return None
        if isinstance(steps[0], AtSite):
            steps[0] = evolve(steps[0], arrives=steps[0].starts)
            departs = steps[0].starts - self.ground.minutes(kind.id, team.place, steps[0].site)
        return Walk(round_, departs, tuple(steps), at, place)

    def _at_gate(
        self, kind: VehicleType, size: int, place: str, at: int, corridor: Corridor, way: Direction
    ) -> AtGate | None:
        first, last = corridor.gates(way)
        leg = self.ground.minutes(kind.id, place, first)
        through = self.ground.minutes(kind.id, first, last)
        if max(leg, through) >= NEVER:
            return None
        largest = corridor.convoy.largest
        if largest is not None and size > largest:
            return None
        each = corridor.check(way).minutes_of(kind.id).likely
        width = min(size, corridor.lanes(way))
        block = -(-size // width) * each
        if corridor.holding_limit is not None and block - each > corridor.holding_limit:
            return None
        pool = self.pools.gates[corridor.id, way]
        start = max(at + leg, self.window.opens)
        for _ in range(64):
            start = pool.earliest(start, block, width, size, way.value)
            if start >= NEVER or start + block > self.window.closes:
                return None
            leaves = start + block + through
            if not corridor.is_open(start, leaves):
                start = min((h.opens for h in corridor.open_hours if h.opens > start),
                            default=NEVER)
                continue
            clash = self._own_clash(corridor, way, start)
            if clash is None:
                high = corridor.check(way).minutes_of(kind.id).high
                return AtGate(corridor.id, way, start, block, width, each, leaves, size, high)
            start = clash
        return None

    def _own_clash(self, corridor: Corridor, way: Direction, start: int) -> int | None:
        for own in self.starts.get((corridor.id, way), ()):
            if abs(own - start) < corridor.convoy.headway:
                return own + corridor.convoy.headway
        return None

    def _at_site(
        self, kind: VehicleType, size: int, place: str, at: int, where: str, task: Task
    ) -> AtSite | None:
        leg = self.ground.minutes(kind.id, place, where)
        if leg >= NEVER:
            return None
        site = self.ground.site(where)
        arrives = at + leg
        if task is Task.WAIT:
            return AtSite(where, task, arrives, arrives, 0, size, 0, arrives)
        each = site.service_of(kind.id).likely
        pool = self.pools.bays[where]
        width = min(size, pool.servers)
        block = -(-size // width) * each
        earliest = arrives
        if site.inside and task is Task.LOAD:
            earliest = max(arrives, self.window.opens + site.call)
            if not may_wait(site, site.call + block - each):
                return None
        start = from_when(pool, site, earliest, block, width, size)
        if start >= NEVER:
            return None
        home = self.ground.send_home(site, self.window)
        if site.inside and task is Task.LOAD and start + block - each > home:
            return None
        return AtSite(where, task, arrives, start, block, width, each, start + block)

    def _later(self, step: Placed, leave: int, size: int) -> Placed:
        """The stop before a gate, left just in time and loaded as late as may be."""
        if not isinstance(step, AtSite):
            return step
        if step.task is not Task.LOAD:
            return evolve(step, departs=leave)
        pool, site = self.pools.bays[step.site], self.ground.site(step.site)
        latest = leave - step.block
        if site.inside:
            home = self.ground.send_home(site, self.window) - (step.block - step.each)
            latest = min(latest, home)
        for start in range(latest, max(step.starts, latest - LATER_TRIES), -1):
            hours = site.is_open(start, start + step.block)
            if hours and pool.fits(start, step.block, step.width, size):
                return evolve(step, starts=start, departs=leave)
        return evolve(step, departs=leave)

    def _on_its_side(self, kind: VehicleType, team: Team, round_: Round) -> bool:
        """Whether a vehicle based inside, once it has left, comes in again by gates alone."""
        here = set(self.ground.case.sides_of(team.place)) & set(kind.sides)
        if team.place != kind.base:
            here.discard(INSIDE)
        for act, _ in round_.acts:
            if isinstance(act, str):
                here &= set(self.ground.site(act).sides)
            else:
                left, reached = self.ground.case.corridors[act[0]].sides(act[1])
                here = {reached} if left in here else set()
            if not here:
                return False
        return True

    def _begins(self, kind: VehicleType, team: Team, round_: Round) -> int:
        """When a team may set out: what passes no gate waits for the window to open."""
        if any(task is None for _, task in round_.acts):
            return team.free_at
        return max(team.free_at, self.window.opens)

    def _safe(
        self, kind: VehicleType, size: int, steps: list[Placed], free_at: int, place: str
    ) -> bool:
        """Whether everyone is out in time, at likely times and, from each last chance, at high.

        Checked on entering (the whole round at high times) and on leaving the last stop inside
        (with the queue at the gate as slow as its high times). Who lives inside is home by the
        close; who goes nowhere near the line is home by the opening of the next window.
        """
        deadline = self.window.closes - self.ground.case.pause.rules.margin
        stay = self._stay_inside(steps)
        if stay is None:
            home = free_at + minutes_home(self.ground, kind, place)
            return home <= self._home_by(kind, steps)
        entry_at, exit_at = stay
        out, stop = steps[exit_at], steps[exit_at - 1]
        assert isinstance(out, AtGate)
        assert isinstance(stop, AtSite)
        if out.leaves > deadline:
            return False
        if (entry_at is not None
                and self._round_at_high(kind, size, steps[entry_at:exit_at + 1]) > deadline):
            return False
        room = self._room(kind, stop, out, deadline)
        if room is not None:
            pool = self.pools.gates[out.corridor, out.direction]
            own = sum(high for _, _, high in out.checks)
            until = out.checks[-1][0]
            if pool.waiting(stop.departs, until) + own > room:
                return False
            steps[exit_at] = out = evolve(out, promise=(stop.departs, until, room))
        return all(
            self.pools.gates[s.corridor, s.direction].keeps_promises(s.checks)
            for s in steps if isinstance(s, AtGate)
        )

    def _stay_inside(self, steps: list[Placed]) -> tuple[int | None, int] | None:
        """The numbers of the steps into the enclosed side and out of it; None where it is not.

        The first is None for a vehicle that was inside before.
        """
        sides = [
            self.ground.case.corridors[s.corridor].sides(s.direction)
            if isinstance(s, AtGate) else ("", "") for s in steps
        ]
        entry = next((n for n, (_, to) in enumerate(sides) if to == INSIDE), None)
        leave = next((n for n, (start, _) in enumerate(sides) if start == INSIDE), None)
        return None if leave is None else (entry, leave)

    def _home_by(self, kind: VehicleType, steps: list[Placed]) -> int:
        """When a vehicle that passes no gate into the enclosed side must be home at its base."""
        if kind.sides == (INSIDE,):
            return self.window.closes
        if any(isinstance(s, AtGate) for s in steps):
            return NEVER
        later = (w.opens for w in self.ground.case.pause.windows if w.opens >= self.window.closes)
        return min(later, default=self.ground.horizon.end)

    def _room(
        self, kind: VehicleType, stop: AtSite, out: AtGate, deadline: int
    ) -> int | None:
        """High minutes that may stand in the lanes with a convoy; None where any queue is safe.

        The queue that can form while a convoy drives to the gate is limited by the lanes: at
        most the minutes from its departure to its last entry, and a check before and after,
        stretched from likely to high.
        """
        corridor = self.ground.case.corridors[out.corridor]
        first, last = corridor.gates(Direction.OUT)
        to_gate = self.ground.high(kind.id, stop.site, first)
        through = self.ground.high(kind.id, first, last)
        lanes = corridor.lanes(Direction.OUT)
        left = deadline - stop.departs - to_gate - through
        slowest, stretch = self.ground.check_span(corridor)
        span = out.checks[-1][0] - stop.departs + 2 * slowest
        if span * stretch + out.high <= left + 1e-9:
            return None
        return (left - out.high + 1) * lanes - 1 + out.high

    def _round_at_high(self, kind: VehicleType, size: int, steps: list[Placed]) -> int:
        """When a convoy is out at the high times, from the minute at which it enters."""
        first = steps[0]
        assert isinstance(first, AtGate)
        at, place = first.starts, ""
        for step in steps:
            if isinstance(step, AtSite):
                at += self.ground.high(kind.id, place, step.site)
                if step.task is not Task.WAIT:
                    service = self.ground.site(step.site).service_of(kind.id).high
                    at += -(-size // step.width) * service
                place = step.site
                continue
            corridor = self.ground.case.corridors[step.corridor]
            near, far = corridor.gates(step.direction)
            if place:
                at += self.ground.high(kind.id, place, near)
            check = corridor.check(step.direction).minutes_of(kind.id).high
            at += -(-size // step.width) * check + self.ground.high(kind.id, near, far)
            place = far
        return at


def from_when(
    pool: Pool, site: Site, at: int, block: int, width: int, vehicles: int
) -> int:
    """First minute at or after `at` where bays are free within one spell of a site's hours."""
    start = pool.earliest(at, block, width, vehicles)
    while start < NEVER and not site.is_open(start, start + block):
        opens = min((h.opens for h in site.open_hours if h.opens > start), default=NEVER)
        start = pool.earliest(opens, block, width, vehicles) if opens < NEVER else NEVER
    return start


def loaded_at(steps: tuple[Placed, ...], index: int) -> bool:
    """Whether what a round carries is on board at a step: loaded before, set down after."""
    tasks = [s.task if isinstance(s, AtSite) else None for s in steps]
    return Task.LOAD in tasks[:index] and Task.UNLOAD in tasks[index:]
