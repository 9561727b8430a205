"""Return seats: after each outbound convoy, empty seats inward for people who are refused.

For an outbound convoy with a load, ⌈r × load⌉ seats are kept on convoys that start inward after
it has left, drive empty, and reach a site inside before that site's send-home time. Where the
day's own empty drives are not enough, a team drives in and out once more; where that is not
possible, the outbound round is given up.
"""

from __future__ import annotations

import math

from attrs import frozen

from lull.domain.fleet import Use
from lull.domain.people import Category
from lull.domain.place import INSIDE
from lull.plan.assemble import Key, gate_keys
from lull.plan.escorts import convoys_of
from lull.plan.itinerary import Trip
from lull.plan.onward import Changes
from lull.plan.packing import Load, seats_planned
from lull.plan.schedule import Committed, Schedule
from lull.plan.settling import drop_ahead, in_step, settle
from lull.plan.templates import Carries
from lull.plan.walk import AtGate, AtSite, Team, Walker, loaded_at

Seats = list[tuple[Key, Key, int]]

BRINGS_BACK = {
    Category.CIVILIANS: frozenset({Use.PASSENGERS}),
    Category.PATIENTS: frozenset({Use.WOUNDED, Use.PASSENGERS}),
    Category.FIGHTERS: frozenset({Use.FIGHTERS}),
}
"""Which vehicles may bring whom back: a refused patient's companions may sit in a bus."""


@frozen
class _Out:
    key: Key
    leaves: int
    needed: int
    day: Committed
    people: frozenset[Category]


@frozen
class _In:
    key: Key
    starts: int
    seats: int
    window: int
    uses: frozenset[Use]


def keep_return_seats(schedule: Schedule) -> Seats:
    """Seats kept for every outbound load; adds empty rounds or drops rounds until all have them.

    Where corridors are linked and rounds were dropped, so is what then runs ahead, and the seats
    are found anew.
    """
    share = schedule.ground.case.pause.rules.return_share
    settle(schedule)
    while True:
        seats = _keep(schedule, share) if share > 0 else []
        if in_step(schedule):
            return seats
        drop_ahead(schedule)


def _keep(schedule: Schedule, share: float) -> Seats:
    while True:
        seats, short = _match(schedule, share)
        if short is None:
            return seats
        if _stand_by(schedule, short):
            continue
        while len(short.day.trips) > short.key[1]:
            schedule.drop_last_trip(short.day)


def _match(schedule: Schedule, share: float) -> tuple[Seats, _Out | None]:
    """Give each outbound convoy, the latest first, the latest inward seats that are free."""
    outs, ins = _crossings(schedule, share)
    free = {i.key: i.seats for i in ins}
    seats: Seats = []
    for out in sorted(outs, key=lambda o: (-o.leaves, o.key)):
        needed = out.needed
        for back in sorted(ins, key=lambda i: (-i.starts, i.key)):
            if needed <= 0 or back.starts < out.leaves:
                break
            taken = min(needed, free[back.key])
            if taken and back.window == out.day.window and brings_back(back.uses, out.people):
                seats.append((out.key, back.key, taken))
                free[back.key] -= taken
                needed -= taken
        if needed > 0:
            return seats, out
    return seats, None


def brings_back(uses: frozenset[Use], people: frozenset[Category]) -> bool:
    """Whether a vehicle with these uses may bring all of these people back."""
    return all(uses & BRINGS_BACK[category] for category in people)


def _crossings(schedule: Schedule, share: float) -> tuple[list[_Out], list[_In]]:
    outs, ins = [], []
    case = schedule.ground.case
    for key, gate, day, trip in gate_keys(schedule):
        kind, steps = case.fleet[day.team.kind], trip.walk.steps
        left, reached = case.corridors[gate.corridor].sides(gate.direction)
        if left == INSIDE and trip.load.persons and loaded_at(steps, key[2]):
            needed = math.ceil(share * trip.load.persons - 1e-9)
            people = frozenset(case.groups[b.group].category for b in trip.load.boardings)
            outs.append(_Out(key, gate.leaves, needed, day, people))
        elif reached == INSIDE and kind.uses & {Use.PASSENGERS, Use.FIGHTERS, Use.WOUNDED}:
            stop = next((s for s in steps[key[2] + 1 :] if isinstance(s, AtSite)), None)
            if stop is None or INSIDE not in case.sites[stop.site].sides:
                continue
            window = case.pause.windows[day.window]
            if stop.arrives <= schedule.ground.send_home(case.sites[stop.site], window):
                seats = convoys_of(kind, day.team.size) * seats_planned(case, kind)
                ins.append(_In(key, gate.starts, seats, day.window, kind.uses))
    return outs, ins


def _stand_by(schedule: Schedule, short: _Out) -> bool:
    """Send the first free team that can in and out once more, after an outbound convoy left."""
    window = schedule.ground.case.pause.windows[short.day.window]
    for day in sorted(schedule.days, key=lambda d: d.trips[-1].walk.free_at):
        if day.window != short.day.window or day.trips[-1].walk.round.carries is Carries.AID:
            continue
        uses = schedule.ground.case.fleet[day.team.kind].uses
        kind = schedule.ground.case.fleet[day.team.kind]
        standby = day.trips[-1].walk.round.carries is Carries.STANDBY
        empty = seats_planned(schedule.ground.case, kind) == 0
        if standby or empty or not brings_back(uses, short.people):
            continue
        last = day.trips[-1].walk
        team = Team(
            day.team.kind, day.team.vehicles, last.place, max(last.free_at, short.leaves),
            day.trips[0].walk.departs,
        )
        walker = Walker(schedule.ground, schedule.pools, window)
        for round_ in schedule.catalogue.standby[team.kind]:
            walk = walker.place(team, round_)
            if walk is None or not _in_time(schedule, walk.steps, short, day.window):
                continue
            trip = Trip(walk, Load((), (), schedule.aims.nothing))
            if _lengthen(schedule, day, trip):
                return True
    return False


def _in_time(schedule: Schedule, steps: tuple[object, ...], short: _Out, window: int) -> bool:
    entry, stop = steps[0], steps[1]
    assert isinstance(entry, AtGate)
    assert isinstance(stop, AtSite)
    case = schedule.ground.case
    home = schedule.ground.send_home(case.sites[stop.site], case.pause.windows[window])
    return entry.starts >= short.leaves and stop.arrives <= home


def _lengthen(schedule: Schedule, day: Committed, trip: Trip) -> bool:
    """Put a trip at the end of a committed day, if the crew's hours and routes allow it."""
    dispatcher = schedule.dispatcher(day.window)
    since = day.trips[0].walk.departs
    team = Team(day.team.kind, day.team.vehicles, trip.walk.place, trip.walk.free_at, since)
    if not schedule.orders_fit(team, day, trip.walk):
        return False
    spell = (since, trip.walk.free_at + schedule.home(team.kind, trip.walk.place))
    given_back = schedule.ground.case.fleet[team.kind].available_to
    if given_back is not None and spell[1] > given_back:
        return False
    within = dispatcher.within_duty(team, since, trip.walk)
    if not within or not schedule.rested(team, day.window, spell):
        return False
    schedule.pools.book(trip.walk.steps, team.size)
    day.trips.append(trip)
    day.changes.append(Changes())
    for vehicle in team.vehicles:
        schedule.spells[vehicle][day.window] = spell
    return True

