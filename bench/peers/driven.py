"""A peer's routes as a plan of the real case: driven as early as they say, nothing waited for.

All that a router is not asked for is filled in as well as can be, so that it is not judged for
paper: households are put together whole, people are called in time, each point has its last call,
every bus is a convoy of its own. What remains broken is what the routes themselves break.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from attrs import define, field

from bench.peers.part import Round, Routes, bus_type, ready
from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction, User
from lull.domain.fleet import VehicleType
from lull.domain.place import INSIDE
from lull.domain.plan import (
    Call,
    Convoy,
    Crossing,
    Household,
    LastCall,
    People,
    Plan,
    Step,
    Stop,
    Task,
    VehicleDay,
)


@define
class Waiting:
    """Households of each group at each point that no bus has taken yet."""

    case: Case
    left: dict[str, dict[int, int]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.left = {g.id: dict(g.households) for g in self.case.groups.values()}

    def take(self, point: str, centre: str, seats: int) -> list[Household]:
        """Whole households for one bus, largest first: those who chose the centre, then others.

        Where only those remain who did not choose it, they are taken all the same, as the
        router says; the rule on destinations then speaks.
        """
        here = [g for g in self.case.groups.values() if g.site == point]
        here.sort(key=lambda g: (bool(g.destinations) and centre not in g.destinations,
                                 len(g.destinations) or len(self.case.sites)))  # fmt: skip
        taken = []
        for group in here:
            for size in sorted(self.left[group.id], reverse=True):
                number = min(self.left[group.id][size], seats // size)
                if number:
                    taken.append(Household(group.id, centre, size, number))
                    self.left[group.id][size] -= number
                    seats -= number * size
        return taken


@define
class Book:
    """What is being written."""

    case: Case
    kind: VehicleType
    waiting: Waiting
    convoys: list[Convoy] = field(factory=list)
    calls: list[Call] = field(factory=list)


def as_plan(case: Case, routes: Routes) -> Plan:
    """Write routes out as a plan of a case that holds one type of bus; see `part.only_these`.

    Loads are put together in the order in which they are taken on, bus by bus at each minute.
    """
    kind = bus_type(case)
    book = Book(case, kind, Waiting(case))
    days = [
        VehicleDay(kind.vehicle(n), tuple(_day(book, kind.vehicle(n), route)))
        for n, route in enumerate((r for r in routes if r), start=1)
    ]
    return Plan(
        vehicles=tuple(days),
        convoys=tuple(sorted(book.convoys, key=lambda c: (c.starts, c.id))),
        calls=tuple(book.calls),
        last_calls=_last_calls(case, book.calls),
        draft=case.draft,
        overrides={rule: (o.role, o.reason) for rule, o in case.overrides.items()},
    )


def _day(book: Book, vehicle: str, route: list[Round]) -> list[Step]:
    case, kind = book.case, book.kind
    steps: list[Step] = []
    now, here = ready(case, kind), kind.base
    for turn, (point, centre) in enumerate(route, start=1):
        after = route[turn][0] if turn < len(route) else ""
        way_in = _quickest(case, kind, Direction.IN, here, point, now)
        if not steps:
            gate = case.corridors[way_in].gates(Direction.IN)[0]
            opens = case.pause.windows[0].opens
            now = max(now, opens - _minutes(case, kind, here, gate))
            steps.append(Stop(here, Task.START, now, now, now))
        crossing, now = _cross(book, vehicle, (way_in, Direction.IN, turn), here, now)
        households = book.waiting.take(point, centre, kind.seats)
        steps += [crossing, _served(case, kind, point, Task.LOAD, now + _onward(
            case, kind, way_in, Direction.IN, point), households, turn)]  # fmt: skip
        now = _left(steps[-1])
        way_out = _quickest(case, kind, Direction.OUT, point, centre, now, last=not after)
        crossing, now = _cross(
            book, vehicle, (way_out, Direction.OUT, turn), point, now, households
        )
        _call(book, steps[-1], crossing.convoy)
        steps += [crossing, _served(case, kind, centre, Task.UNLOAD, now + _onward(
            case, kind, way_out, Direction.OUT, centre), households, turn)]  # fmt: skip
        now, here = _left(steps[-1]), centre
    home = now + _minutes(case, kind, here, kind.base)
    steps.append(Stop(kind.base, Task.END, home, home, home))
    return steps


def _left(step: Step) -> int:
    return step.departs if isinstance(step, Stop) else step.leaves


def _minutes(case: Case, kind: VehicleType, start: str, end: str) -> int:
    leg = case.leg(kind.id, start, end) if start != end else None
    if leg is None and start != end:
        raise ValueError(f"There is no way from {start} to {end}.")
    return leg.likely if leg else 0


def _onward(case: Case, kind: VehicleType, name: str, direction: Direction, to: str) -> int:
    return _minutes(case, kind, case.corridors[name].gates(direction)[1], to)


def _through(case: Case, kind: VehicleType, corridor: Corridor, direction: Direction) -> int:
    """Check and way of a corridor, likely."""
    check = corridor.check(direction).minutes_of(kind.id).likely
    return check + _minutes(case, kind, *corridor.gates(direction))


def _quickest(
    case: Case, kind: VehicleType, direction: Direction, start: str, end: str, now: int,
    *, last: bool = False,
) -> str:  # fmt: skip
    """The corridor by which the end (or, on a bus's last way, the far gate) is reached first."""
    opens = case.pause.windows[0].opens
    found = []
    for corridor in case.crossings_for(User.CIVILIANS, direction):
        gate, far = corridor.gates(direction)
        sides = (set(case.sides_of(start)), set(case.sides_of(end)))
        if not (set(case.sides_of(gate)) & sides[0] and set(case.sides_of(far)) & sides[1]):
            continue
        if any(case.leg(kind.id, a, b) is None for a, b in ((start, gate), (far, end))):
            continue
        gone = max(opens, now + _minutes(case, kind, start, gate))
        gone += _through(case, kind, corridor, direction)
        there = gone + _minutes(case, kind, far, end)
        found.append((gone, there, corridor.id) if last else (there, gone, corridor.id))
    return min(found)[2]


def _cross(
    book: Book, vehicle: str, way: tuple[str, Direction, int], start: str, now: int,
    households: list[Household] | None = None,
) -> tuple[Crossing, int]:  # fmt: skip
    """A bus alone through a corridor, at once on arrival; and when it has left the far gate."""
    name, direction, turn = way
    case, corridor = book.case, book.case.corridors[name]
    arrives = now + _minutes(case, book.kind, start, corridor.gates(direction)[0])
    enters = max(arrives, case.pause.windows[0].opens)
    cleared = enters + corridor.check(direction).minutes_of(book.kind.id).likely
    leaves = enters + _through(case, book.kind, corridor, direction)
    convoy = f"{name}-{direction.value}-{vehicle}-{turn}"
    leader = vehicle if corridor.convoy.leader_from == 1 else ""
    book.convoys.append(
        Convoy(convoy, name, direction, enters, (vehicle,), leader, tuple(households or ()))
    )
    return Crossing(name, direction, convoy, arrives, enters, cleared, leaves, turn), leaves


def _served(
    case: Case, kind: VehicleType, site: str, task: Task, at: int, households: list[Household],
    turn: int,
) -> Stop:  # fmt: skip
    aboard: dict[tuple[str, str], int] = defaultdict(int)
    for some in households:
        aboard[some.group, some.destination] += some.size * some.number
    people = tuple(People(*key, persons) for key, persons in aboard.items())
    service = case.sites[site].service_of(kind.id).likely
    return Stop(site, task, at, at, at + service, people, (), turn)


def _call(book: Book, stop: Step, convoy: str) -> None:
    """Call people forward as late as is early enough, but not before the window opens."""
    assert isinstance(stop, Stop)
    call = book.case.sites[stop.site].call
    at = max(book.case.pause.windows[0].opens, stop.starts - call)
    for people in stop.people:
        book.calls.append(Call(stop.site, people.group, at, people.persons, convoy))


def _last_calls(case: Case, calls: list[Call]) -> tuple[LastCall, ...]:
    window = case.pause.windows[0]
    latest: Mapping[str, int] = {c.site: max(d.at for d in calls if d.site == c.site)
                                 for c in calls}  # fmt: skip
    found = []
    for name, at in sorted(latest.items()):
        site = case.sites[name]
        home = window.closes - site.walk_to_shelter - site.call
        if INSIDE in site.sides:
            found.append(LastCall(name, 0, min(at, home), home))
    return tuple(found)
