"""Who boards a placed round of people: at one point or several, or at an exchange point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lull.domain.plan import Task
from lull.plan.aims import add
from lull.plan.escorts import convoys_of
from lull.plan.onward import is_exchange
from lull.plan.packing import Load, pack_people
from lull.plan.walk import AtSite, Team, Walk

if TYPE_CHECKING:
    from lull.plan.itinerary import Dispatcher
    from lull.plan.remaining import Remaining

FEWER_TRIES = 4
"""How often a load is cut down to those who can be brought to an exchange point."""


def board(
    dispatcher: Dispatcher, team: Team, walk: Walk, remaining: Remaining, most: int
) -> Load:
    """At most `most` persons, worth most first; changes the last layer of `remaining`."""
    stops = [s for s in walk.steps if isinstance(s, AtSite) and s.task is Task.LOAD]
    if len(stops) == 1 and is_exchange(dispatcher.ground, stops[0].site):
        return _from_exchange(dispatcher, team, walk, stops[0], remaining, most)
    kind = dispatcher.ground.case.fleet[team.kind]
    times = convoys_of(kind, team.size)
    load = Load((), (), dispatcher.aims.nothing)
    sitting = lying = 0
    for stop in stops:
        site = dispatcher.ground.site(stop.site)
        called = dispatcher.called_at(stop)
        room = dispatcher.crowds.room(
            stop.site, site.crowd_limit, called, stop.starts + stop.block)
        more = pack_people(
            dispatcher.ground, dispatcher.aims, remaining,
            dispatcher.catalogue.groups(kind, stop.site),
            dispatcher.ends(kind, stop.site, walk.round.set_down, remaining), kind, times,
            min(room, most - load.persons), (sitting, lying),
        )
        load = Load(load.boardings + more.boardings, (), add(load.value, more.value))
        lying = sum(b.patients for b in load.boardings)
        sitting = load.persons - lying
    return load


def _from_exchange(
    dispatcher: Dispatcher, team: Team, walk: Walk, stop: AtSite, remaining: Remaining, most: int
) -> Load:
    """Those whom the fleet inside can bring there in time; tried out, not booked."""
    kind = dispatcher.ground.case.fleet[team.kind]
    changing = dispatcher.changing
    nothing = Load((), (), dispatcher.aims.nothing)
    if changing is None:
        return nothing
    last = stop.starts + stop.block - stop.each
    for _ in range(FEWER_TRIES):
        draft = remaining.draft()
        load = pack_people(
            dispatcher.ground, dispatcher.aims, draft,
            dispatcher.catalogue.groups(kind, stop.site),
            dispatcher.ends(kind, stop.site, walk.round.set_down, draft), kind,
            convoys_of(kind, team.size), most,
        )
        if not load.boardings:
            return nothing
        changes = changing.feed(
            stop.site, load.boardings, stop.starts, last, dispatcher.window)
        if not changes.missing:
            changing.undo(changes)
            for b in load.boardings:
                group = dispatcher.ground.case.groups[b.group]
                remaining.take_people(group, b.sizes, b.destination)
            return load
        most = load.persons - changes.missing
    return nothing
