"""From a schedule to a plan that can be notified, driven and judged."""

from __future__ import annotations

from collections import defaultdict

from attrs import define, evolve, field

from lull.domain.corridor import Direction
from lull.domain.place import INSIDE, SiteKind
from lull.domain.plan import (
    Call,
    Convoy,
    Crossing,
    Goods,
    Household,
    LastCall,
    Party,
    People,
    Plan,
    ReturnSeats,
    Step,
    Stop,
    Task,
    VehicleDay,
    left_at,
)
from lull.plan.beyond import day_ends, stays_outside
from lull.plan.escorts import lying_in
from lull.plan.ground import Ground
from lull.plan.itinerary import Trip
from lull.plan.packing import Load, seats_planned
from lull.plan.pools import NEVER
from lull.plan.rides import Ride, Rides
from lull.plan.schedule import Committed, Schedule, boarded_at
from lull.plan.walk import AtGate, AtSite, Team, loaded_at

Key = tuple[int, int, int]
"""A crossing: the committed day's place in the list, the trip's, and the step's."""


@define
class _Book:
    """What is being put together."""

    ground: Ground
    names: dict[Key, str]
    convoys: list[Convoy] = field(factory=list)
    calls: list[Call] = field(factory=list)
    boards: list[tuple[str, str, str, int, int, int]] = field(factory=list)
    """Who boards what: (vehicle, site, group, called, persons, round)."""
    steps: dict[str, list[Step]] = field(factory=lambda: defaultdict(list))
    rounds: dict[str, int] = field(factory=lambda: defaultdict(int))
    windows: dict[tuple[str, int], int] = field(factory=dict)


def assemble(
    schedule: Schedule, seats: list[tuple[Key, Key, int]], *, work: int, seed: int
) -> Plan:
    """Write a schedule out as a plan; `seats` are (outbound, inbound, seats) kept for returns."""
    ground = schedule.ground
    book = _Book(ground, _names(schedule))
    order = sorted(range(len(schedule.days)), key=lambda i: schedule.days[i].trips[0].walk.departs)
    for i in order:
        day = schedule.days[i]
        shares = [split_load(ground, day.team, t.load)
                  for t in day.trips]
        for j, going in enumerate(_who_drives(schedule, day, shares)):
            _write_trip(book, day, (i, j), day.trips[j], [(n, shares[j][n]) for n in going])
    _write_rides(book, schedule.rides)
    _write_calls(book)
    parties = _parties(book, schedule)
    days = tuple(
        VehicleDay(vehicle, _whole_day(book, vehicle, steps))
        for vehicle, steps in sorted(book.steps.items(), key=lambda kv: _by_number(kv[0]))
    )
    return Plan(
        vehicles=days,
        convoys=tuple(sorted(book.convoys, key=lambda c: (c.starts, c.id))),
        parties=parties,
        calls=tuple(sorted(book.calls, key=lambda c: (c.at, c.site, c.serves))),
        last_calls=_last_calls(ground, book.calls),
        return_seats=tuple(
            ReturnSeats(book.names[out], book.names[back], n) for out, back, n in seats
        ),
        draft=ground.case.draft,
        overrides={rule: (o.role, o.reason) for rule, o in ground.case.overrides.items()},
        work=work,
        seed=seed,
    )


def gate_keys(schedule: Schedule) -> list[tuple[Key, AtGate, Committed, Trip]]:
    """Every crossing of every team, with where it stands."""
    return [
        ((i, j, k), step, day, trip)
        for i, day in enumerate(schedule.days)
        for j, trip in enumerate(day.trips)
        for k, step in enumerate(trip.walk.steps)
        if isinstance(step, AtGate)
    ]


def _by_number(vehicle: str) -> tuple[str, int]:
    kind, _, number = vehicle.partition("#")
    return kind, int(number or 0)


def _names(schedule: Schedule) -> dict[Key, str]:
    """A name for each convoy: corridor, direction and number of the day, in order of starts."""
    counters: dict[tuple[str, Direction], int] = defaultdict(int)
    names = {}
    rows = sorted(gate_keys(schedule), key=lambda r: (r[1].starts, r[1].corridor, r[0]))
    for key, gate, _, _ in rows:
        counters[gate.corridor, gate.direction] += 1
        number = counters[gate.corridor, gate.direction]
        names[key] = f"{gate.corridor}-{gate.direction.value}-{number:03d}"
    return names


def _who_drives(schedule: Schedule, day: Committed, shares: list[list[Share]]) -> list[list[int]]:
    """Which vehicles of a team drive each trip: those with a load, and those who must follow.

    A vehicle without a load stays where it is if the round ends where it stands, or if it has
    no load in any later round; where return seats are kept, all drive.
    """
    everyone = list(range(day.team.size))
    if schedule.ground.case.pause.rules.return_share > 0:
        return [everyone for _ in day.trips]
    going = []
    places = [day.team.place] * day.team.size
    for j, trip in enumerate(day.trips):
        ends, now = trip.walk.place, []
        for n in everyone:
            loaded = any(shares[j][n])
            later = any(any(shares[k][n]) for k in range(j + 1, len(shares)))
            if loaded or (later and places[n] != ends):
                now.append(n)
                places[n] = ends
        going.append(now)
    return going


def _write_trip(
    book: _Book, day: Committed, at: tuple[int, int], trip: Trip, going: list[tuple[int, Share]]
) -> None:
    """Write the steps of the vehicles that drive a trip: (number in the team, share of load)."""
    vehicles = [day.team.vehicles[n] for n, _ in going]
    for vehicle in vehicles:
        book.rounds[vehicle] += 1
        book.windows[vehicle, book.rounds[vehicle]] = day.window
    for k, step in enumerate(trip.walk.steps):
        if isinstance(step, AtGate):
            name = book.names[at[0], at[1], k]
            book.convoys.append(_convoy(book.ground, vehicles, step, name, trip, k))
        for n, vehicle in enumerate(vehicles):
            turn = book.rounds[vehicle]
            if isinstance(step, AtGate):
                book.steps[vehicle].append(_crossing(step, name, n, turn))
            else:
                share = _share_at(book.ground, trip, step, going[n][1])
                book.steps[vehicle].append(_stop(book.ground, step, n, share, turn, vehicle))
    _note_calls(book, day, trip, [(day.team.vehicles[n], share) for n, share in going])


def _share_at(ground: Ground, trip: Trip, step: AtSite, share: Share) -> Share:
    """What of a vehicle's share is taken on or set down at one of the stops of a round."""
    people, goods = share
    loads = {s.site for s in trip.walk.steps if isinstance(s, AtSite) and s.task is Task.LOAD}
    if step.task is Task.LOAD and len(loads) > 1:
        groups = ground.case.groups
        people = tuple(p for p in people if groups[p.group].site == step.site)
    if step.task is Task.LOAD:
        return people, tuple(g for g in goods if g.taken_from == step.site)
    handed = {(c.item, c.place): c.via for c in trip.load.cargo if c.via}
    return people, tuple(
        g for g in goods if handed.get((g.item, g.destination), g.destination) == step.site
    )


def _crossing(gate: AtGate, convoy: str, n: int, turn: int) -> Crossing:
    """The n-th vehicle of a convoy through a gate."""
    enters = gate.starts + n // gate.width * gate.each
    return Crossing(
        gate.corridor, gate.direction, convoy, gate.starts, enters, enters + gate.each,
        gate.leaves, turn,
    )


def _stop(
    ground: Ground, step: AtSite, n: int, share: Share, turn: int, vehicle: str
) -> Stop:
    """The n-th vehicle of a convoy at a site."""
    starts = step.starts + n // step.width * step.each
    arrives, departs = step.arrives, step.departs
    if _at_exchange(ground, step.site):
        kind = ground.case.vehicle_type(vehicle).id
        arrives, departs = starts, starts + ground.site(step.site).service_of(kind).likely
    people, goods = share if step.task in (Task.LOAD, Task.UNLOAD) else ((), ())
    return Stop(step.site, step.task, arrives, starts, departs, people, goods, turn)


def _note_calls(
    book: _Book, day: Committed, trip: Trip, vehicles: list[tuple[str, Share]]
) -> None:
    """Note who is called to each stop where they board, vehicle by vehicle."""
    groups = book.ground.case.groups
    for stop, _ in boarded_at(book.ground, trip):
        ends = stop.starts + stop.block
        called = next(c[1] for c in day.called if c[0] == stop.site and c[2] == ends)
        for vehicle, (people, _) in vehicles:
            for p in people:
                if groups[p.group].site == stop.site:
                    book.boards.append((vehicle, stop.site, p.group, called, p.persons,
                                        book.rounds[vehicle]))


def _write_calls(book: _Book) -> None:
    """Call people for the convoy that their vehicle goes in next, or for the vehicle itself."""
    called: dict[tuple[str, str, int, str], int] = defaultdict(int)
    order = {v: sorted(steps, key=lambda s: s.arrives) for v, steps in book.steps.items()}
    for vehicle, site, group, at, persons, turn in book.boards:
        steps = order[vehicle]
        board = next(n for n, s in enumerate(steps) if isinstance(s, Stop) and s.round == turn
                     and s.site == site and s.task is Task.LOAD)
        serves = next((s.convoy for s in steps[board:] if isinstance(s, Crossing)), vehicle)
        called[site, group, at, serves] += persons
    for (site, group, at, serves), persons in called.items():
        book.calls.append(Call(site, group, at, persons, serves))


def _convoy(
    ground: Ground, vehicles: list[str], gate: AtGate, name: str, trip: Trip, index: int
) -> Convoy:
    rule = ground.case.corridors[gate.corridor].convoy
    led = rule.leader_from is not None and len(vehicles) >= rule.leader_from
    households = (
        tuple(
            Household(b.group, b.destination, size, number)
            for b in trip.load.boardings
            for size, number in sorted(b.sizes.items())
        )
        if ground.case.corridors[gate.corridor].sides(gate.direction)[0] == INSIDE
        and loaded_at(trip.walk.steps, index)
        else ()
    )
    leader = vehicles[0] if led else ""
    return Convoy(
        name, gate.corridor, gate.direction, gate.starts, tuple(vehicles), leader, households
    )


Share = tuple[tuple[People, ...], tuple[Goods, ...]]


def split_load(ground: Ground, team: Team, load: Load) -> list[Share]:
    """Share a convoy's load among its vehicles: within seats, stretchers and tonnes each."""
    kinds, vehicles = [ground.case.vehicle_type(v) for v in team.vehicles], team.size
    seats = [seats_planned(ground.case, k) for k in kinds]
    lying = [lying_in(k) for k in kinds]
    people: list[list[People]] = [[] for _ in range(vehicles)]
    for b in load.boardings:
        stretchers, sitting = b.patients, b.persons - b.patients
        for n in range(vehicles):
            down = min(stretchers, lying[n])
            each = -(-sitting * down // stretchers) if stretchers else sitting
            sit = min(each if b.patients else sitting, seats[n], sitting)
            stretchers, sitting = stretchers - down, sitting - sit
            lying[n], seats[n] = lying[n] - down, seats[n] - sit
            if down + sit:
                people[n].append(People(b.group, b.destination, down + sit, down))
        for n in range(vehicles):
            if sitting and seats[n]:
                sit = min(sitting, seats[n])
                sitting, seats[n] = sitting - sit, seats[n] - sit
                people[n].append(People(b.group, b.destination, sit))
    room = [k.payload_t * 1000.0 for k in kinds]
    goods: list[list[Goods]] = [[] for _ in range(vehicles)]
    for c in load.cargo:
        left, kg = c.units, ground.case.items[c.item].kg
        for n in range(vehicles):
            here = min(left, int((room[n] + 1e-9) // kg))
            if here:
                _put(goods[n], Goods(c.item, c.place, here, c.store))
                room[n], left = room[n] - here * kg, left - here
    return [(tuple(p), tuple(g)) for p, g in zip(people, goods, strict=True)]


def _put(goods: list[Goods], more: Goods) -> None:
    """Add units to what a vehicle carries, in one line for each item, place and store."""
    for n, line in enumerate(goods):
        if evolve(line, units=more.units) == more:
            goods[n] = evolve(line, units=line.units + more.units)
            return
    goods.append(more)


def _write_rides(book: _Book, rides: Rides) -> None:
    for ride in sorted(rides, key=lambda r: (r.load.starts, r.vehicle)):
        book.rounds[ride.vehicle] += 1
        book.windows[ride.vehicle, book.rounds[ride.vehicle]] = _window_of(book.ground, ride)
        if ride.called is not None:
            turn = book.rounds[ride.vehicle]
            book.boards += [(ride.vehicle, ride.load.site, b.group, ride.called, persons, turn)
                            for b, persons, _ in ride.carried]
        people = tuple(
            People(b.group, b.destination, persons, patients)
            for b, persons, patients in ride.carried
        )
        for step in (ride.load, ride.unload):
            book.steps[ride.vehicle].append(
                Stop(
                    step.site, step.task, step.arrives, step.starts, step.departs, people, (),
                    book.rounds[ride.vehicle],
                )
            )


def _window_of(ground: Ground, ride: Ride) -> int:
    """Which window a ride falls into, or the next to close."""
    windows = ground.case.pause.windows
    return next((n for n, w in enumerate(windows) if ride.load.starts < w.closes), len(windows))


def _parties(book: _Book, schedule: Schedule) -> tuple[Party, ...]:
    made = []
    for number, (_, b) in enumerate(
        sorted(schedule.batches, key=lambda wb: (wb[1].enters, wb[1].way.corridor, wb[1].group)), 1
    ):
        name = f"{b.way.corridor}-{b.by.value}-{number:03d}"
        made.append(
            Party(
                name, b.by, b.group, b.way.corridor, b.way.destination, b.persons, dict(b.sizes),
                b.departs, b.departs + b.way.to_gate, b.enters, b.cleared, b.leaves,
                b.leaves + b.way.onward, b.cars, b.way.bound_for,
            )
        )
        site = book.ground.case.groups[b.group].site
        book.calls.append(Call(site, b.group, b.called, b.persons, name))
    return tuple(made)


def _whole_day(book: _Book, vehicle: str, steps: list[Step]) -> tuple[Step, ...]:
    """Start at the base, wait there or at the last site between rounds, end at the base.

    Between windows a vehicle goes home and waits at its base; so does one that has to wait
    after an exchange point, where nothing may stand longer than it is served.
    """
    ground, kind = book.ground, book.ground.case.vehicle_type(vehicle)
    outside = stays_outside(ground, kind)
    steps = sorted(steps, key=lambda s: s.arrives)
    first = steps[0]
    leaves = first.arrives - ground.minutes(kind.id, kind.base, _entered(ground, first))
    whole: list[Step] = [Stop(kind.base, Task.START, leaves, leaves, leaves)]
    for step in steps:
        before = whole[-1]
        place = _left_from(ground, before)
        leg = ground.minutes(kind.id, place, _entered(ground, step))
        home = NEVER if outside else ground.minutes(kind.id, place, kind.base)
        out = ground.minutes(kind.id, kind.base, _entered(ground, step))
        later = (book.windows.get((vehicle, before.round), 0)
                 != book.windows.get((vehicle, step.round), 0))
        held = (isinstance(before, Stop) and _at_exchange(ground, before.site)
                and max(home, out) < NEVER and left_at(before) + home + out <= step.arrives)
        there = left_at(before) + home <= step.arrives - out
        rests = step.arrives - out - left_at(before) - home >= ground.case.pause.rules.rest
        if (later or held or rests) and there and len(whole) > 1 and max(home, out) < NEVER:
            back = left_at(before) + home
            whole.append(Stop(kind.base, Task.WAIT, back, back, step.arrives - out))
        elif (isinstance(before, Stop) and len(whole) > 1
              and not _at_exchange(ground, before.site)):
            whole[-1] = evolve(before, departs=max(before.departs, step.arrives - leg))
        whole.append(step)
    last = whole[-1]
    done = left_at(last)
    place = _left_from(ground, last)
    end = day_ends(ground, kind, place)
    home = ground.minutes(kind.id, place, end)
    if home < NEVER:
        at = done + home
        whole.append(Stop(end, Task.END, at, at, at))
    return tuple(whole)


def _at_exchange(ground: Ground, site: str) -> bool:
    return ground.site(site).kind is SiteKind.EXCHANGE


def _entered(ground: Ground, step: Step) -> str:
    if isinstance(step, Stop):
        return step.site
    return ground.case.corridors[step.corridor].gates(step.direction)[0]


def _left_from(ground: Ground, step: Step) -> str:
    if isinstance(step, Stop):
        return step.site
    return ground.case.corridors[step.corridor].gates(step.direction)[1]


def _last_calls(ground: Ground, calls: list[Call]) -> tuple[LastCall, ...]:
    """For each site inside where people wait and each window: last call and send-home."""
    made = []
    for site in sorted({g.site for g in ground.case.groups.values() if g.wishing}):
        place = ground.site(site)
        if INSIDE not in place.sides:
            continue
        for n, window in enumerate(ground.case.pause.windows):
            home = ground.send_home(place, window)
            if home < window.opens:
                continue
            here = [c.at for c in calls if c.site == site and window.holds(c.at)]
            made.append(LastCall(site, n, min(home, max(here, default=window.opens)), home))
    return tuple(made)
