"""Cargo that changes fleets: what is set down at an exchange point is taken on by other trucks.

A load for an exchange point is booked together with the rounds that take it on, so that nothing is
ever left there: the trucks of another type that can bring it to its places soonest, load after
load, in the same window or a later one. What nobody can take on stays at its store.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import define, evolve, frozen

from lull.domain.fleet import VehicleType
from lull.plan.aims import add
from lull.plan.duty import Spell
from lull.plan.goods import units_that_fit
from lull.plan.itinerary import Trip
from lull.plan.packing import Cargo, Load
from lull.plan.remaining import Remaining
from lull.plan.stretch import with_places
from lull.plan.templates import Round
from lull.plan.walk import AtSite, Team, Walk, Walker

if TYPE_CHECKING:
    from lull.plan.schedule import Committed, Schedule

TEAMS = 8
"""Teams tried for each load, those that are free first."""


@frozen(eq=False)
class _Option:
    """A team that could take cargo on: its day so far (None: idle), and its round in time."""

    committed: Committed | None
    team: Team
    window: int
    walk: Walk
    spell: Spell
    arrives: int


@define(eq=False)
class _Waiting:
    """Cargo at one exchange point, there from a minute on, brought by a type."""

    exchange: str
    since: int
    brought_by: str
    cargo: list[Cargo]

    @property
    def places(self) -> list[str]:
        """Where it is bound for, in the order in which it was loaded."""
        return list(dict.fromkeys(c.place for c in self.cargo))


def hand_on(schedule: Schedule, made: Committed, draft: Remaining) -> Load | None:
    """Book who takes on what the last trip of a day sets down at exchange points.

    Returns the trip's load cut down to what is taken on, with the rest given back to `draft`, or
    None where nothing is left of it. The trip is changed accordingly; its stops stay booked.
    """
    trip = made.trips[-1]
    schedule.lots += 1
    lot, left = schedule.lots, []
    for exchange in dict.fromkeys(c.via for c in trip.load.cargo if c.via):
        down = next(s for s in trip.walk.steps if isinstance(s, AtSite) and s.site == exchange)
        bound = [evolve(c, store=exchange, via="", lot=lot)
                 for c in trip.load.cargo if c.via == exchange]
        waiting = _Waiting(exchange, down.starts + down.block, made.team.kind, bound)
        _take_all(schedule, made.window, waiting)
        if waiting.cargo == bound:
            schedule.full.add(exchange)
        left += [evolve(c, via=exchange) for c in waiting.cargo]
    cargo = _without(trip.load.cargo, left, lot)
    load = _valued(schedule, draft, trip.load.cargo, cargo)
    made.trips[-1] = Trip(trip.walk, load)
    return load if cargo else None


def _without(cargo: tuple[Cargo, ...], left: list[Cargo], lot: int) -> tuple[Cargo, ...]:
    """Cargo less what nobody takes on, the last loaded first; what is handed on bears its lot."""
    over: dict[tuple[str, str, str], int] = {}
    for c in left:
        key = (c.item, c.place, c.via)
        over[key] = over.get(key, 0) + c.units
    kept = []
    for c in reversed(cargo):
        key = (c.item, c.place, c.via)
        less = min(c.units, over.get(key, 0)) if c.via else 0
        if less:
            over[key] -= less
        if c.units > less:
            kept.append(evolve(c, units=c.units - less, lot=lot if c.via else 0))
    return tuple(reversed(kept))


def _valued(
    schedule: Schedule, draft: Remaining, before: tuple[Cargo, ...], after: tuple[Cargo, ...]
) -> Load:
    """A load of other cargo, taken from `draft` in the place of what was taken before."""
    aims, value = schedule.aims, schedule.aims.nothing
    for c in before:
        draft.take_goods(c.item, c.store, c.place, c.units, sign=-1)
    for c in after:
        had = aims.wanted(c.item, c.place) - draft.need(c.item, c.place)
        value = add(value, aims.goods(c.item, c.place, c.units, had))
        draft.take_goods(c.item, c.store, c.place, c.units)
    return Load((), after, value)


def _take_all(schedule: Schedule, window: int, waiting: _Waiting) -> None:
    """Book rounds until all cargo is taken on, or nobody can take on more."""
    while waiting.cargo:
        best = min(
            _options(schedule, window, waiting),
            key=lambda o: (o.arrives, o.team.vehicles, o.walk.round.route), default=None,
        )
        if best is None:
            return
        walk, taken = _filled(schedule, best, waiting)
        day = best.committed
        if day is None:
            day = schedule.no_day(best.window, best.team)
        home = walk.free_at + schedule.home(best.team.kind, walk.place)
        schedule.append(day, Trip(walk, Load((), taken, schedule.aims.nothing)),
                        (best.spell[0], home))
        waiting.cargo = _rest(waiting.cargo, taken)


def _rest(cargo: list[Cargo], taken: tuple[Cargo, ...]) -> list[Cargo]:
    left = []
    gone = [[c, c.units] for c in taken]
    for c in cargo:
        units = c.units
        for row in gone:
            same = row[0]
            assert isinstance(same, Cargo)
            if evolve(same, units=0) == evolve(c, units=0):
                less = min(units, int(row[1]))  # type: ignore[call-overload]
                units, row[1] = units - less, int(row[1]) - less  # type: ignore[call-overload]
        if units:
            left.append(evolve(c, units=units))
    return left


def _options(schedule: Schedule, window: int, waiting: _Waiting) -> Iterator[_Option]:
    """Every way in which a team could take on some of the cargo and bring it to a place."""
    deliveries = schedule.catalogue.deliveries
    for kind in schedule.ground.case.fleet.values():
        if kind.id == waiting.brought_by:
            continue
        onward = deliveries.onward(kind, waiting.exchange)
        places = [p for p in waiting.places if p in onward
                  and _fits_any(schedule, kind, waiting.cargo, p)]
        if not places:
            continue
        for number in range(window, len(schedule.ground.case.pause.windows)):
            for committed, team in _teams(schedule, kind, number):
                for place in places:
                    for round_ in onward[place]:
                        found = placed(schedule, committed, team, number, round_, waiting.since)
                        if found is not None:
                            yield found


def _fits_any(schedule: Schedule, kind: VehicleType, cargo: list[Cargo], place: str) -> bool:
    items = schedule.ground.case.items
    return any(c.place == place and items[c.item].kg <= kind.payload_t * 1000 + 1e-9
               for c in cargo)


def _teams(
    schedule: Schedule, kind: VehicleType, window: int
) -> list[tuple[Committed | None, Team]]:
    """Teams of a type at the end of their day in a window, and the first idle vehicle."""
    driving = [(d, schedule.state_after(d)) for d in schedule.days
               if d.window == window and d.team.kind == kind.id]
    driving.sort(key=lambda row: (row[1].free_at, row[1].vehicles))
    found: list[tuple[Committed | None, Team]] = [*driving[:TEAMS]]
    idle = schedule.idle(tuple(schedule.vehicles_of(kind.id)), window)
    if idle:
        found.append((None, schedule.team((idle[0],), window)))
    return found


def placed(
    schedule: Schedule, committed: Committed | None, team: Team, window: int, round_: Round,
    since: int,
) -> _Option | None:
    """A round from an exchange point in time, not before the cargo is there; None if it fails."""
    ground, dispatcher = schedule.ground, schedule.dispatcher(window)
    exchange = round_.pick_up
    first = round_.acts[0][0]
    held = team
    if first == exchange:
        leg = ground.minutes(team.kind, team.place, exchange)
        held = evolve(team, free_at=max(team.free_at, since - leg))
    walker = Walker(ground, schedule.pools, dispatcher.window)
    walk = walker.place(held, round_)
    if walk is None:
        return None
    load = next(s for s in walk.steps if isinstance(s, AtSite) and s.site == exchange)
    if load.starts < since:
        later = evolve(team, free_at=held.free_at + since - load.starts)
        walk = walker.place(later, round_)
        if walk is None or next(s for s in walk.steps if isinstance(s, AtSite)
                                and s.site == exchange).starts < since:
            return None
    begins = walk.departs if team.on_duty_since is None else team.on_duty_since
    spell = (begins, walk.free_at + schedule.home(team.kind, walk.place))
    day = committed if committed is not None else schedule.no_day(window, team)
    if not (dispatcher.within_duty(team, begins, walk) and schedule.orders_fit(team, day, walk)
            and schedule.rested(team, window, spell)):
        return None
    down = next(s for s in walk.steps if isinstance(s, AtSite) and s.site == round_.set_down)
    return _Option(committed, team, window, walk, spell, down.starts + down.block)


def _filled(
    schedule: Schedule, best: _Option, waiting: _Waiting
) -> tuple[Walk, tuple[Cargo, ...]]:
    """What a team takes on in a round, with further places on the way where there is room left."""
    kind = schedule.ground.case.fleet[best.team.kind]
    walk = best.walk
    taken, full = _loaded(schedule, kind, best.team.size, walk.round, waiting.cargo)
    others = [p for p in waiting.places if p != walk.round.set_down] if not full else []
    for round_ in with_places(schedule.catalogue.deliveries, kind, walk.round, others):
        longer = placed(schedule, best.committed, best.team, best.window, round_, waiting.since)
        if longer is not None:
            walk = longer.walk
            taken, _ = _loaded(schedule, kind, best.team.size, walk.round, waiting.cargo)
            break
    return walk, taken


def _loaded(
    schedule: Schedule, kind: VehicleType, vehicles: int, round_: Round, cargo: list[Cargo]
) -> tuple[tuple[Cargo, ...], bool]:
    """Cargo for the places of a round into a team's payload; and whether something stays."""
    places = {act for act, _ in round_.acts[1:] if isinstance(act, str)}
    room, taken, full = [kind.payload_t * 1000.0] * vehicles, [], False
    for c in cargo:
        if c.place not in places:
            continue
        units = units_that_fit(c.units, schedule.ground.case.items[c.item].kg, room)
        full |= units < c.units
        if units:
            taken.append(evolve(c, units=units))
    return tuple(taken), full


def hanging_together(days: list[Committed], one: Committed) -> list[Committed]:
    """The days that hand cargo on to each other with one of them, itself included."""
    lots = {id(d): {c.lot for t in d.trips for c in t.load.cargo if c.lot} for d in days}
    found, reached = [one], lots.get(id(one), set())
    grows = bool(reached)
    while grows:
        known = {id(d) for d in found}
        more = [d for d in days if id(d) not in known and lots[id(d)] & reached]
        found += more
        reached = reached.union(*(lots[id(d)] for d in more))
        grows = bool(more)
    return found
