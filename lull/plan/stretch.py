"""One round of aid made longer: another place on the way, or another store, where it is worth it.

A place that does not take a full load shares a truck with the next one; a store that lacks an item
shares it with another. The longer round is driven where it is worth at least as much a minute, or,
for the last round of a day, where it is worth more at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define

from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType
from lull.domain.plan import Task
from lull.plan.aims import better, scalar
from lull.plan.deliveries import Deliveries
from lull.plan.packing import Load
from lull.plan.remaining import Remaining
from lull.plan.templates import Act, Round
from lull.plan.walk import Team, Walk, Walker

if TYPE_CHECKING:
    from lull.plan.itinerary import Dispatcher

MOST_STOPS = 5
"""Stops of one round at the most (assumed: more cannot be kept apart on one line of orders)."""

NEAREST = 3
"""Places and stores tried at each turn, those that lie nearest to the way."""


@define(eq=False)
class Stretched:
    """A placed round with its load and what remains after it."""

    walk: Walk
    load: Load
    remaining: Remaining


def stretch(
    dispatcher: Dispatcher, walker: Walker, team: Team, found: Stretched, before: Remaining,
    allowed: Callable[[Round], bool], *, last: bool = False,
) -> Stretched | None:
    """A round of aid with the further stops that make it better; None if it stops for nothing.

    `before` is what it loads from; `allowed` says whether a driver's orders hold another round;
    `last`: nothing is driven after it, so any gain will do.
    """
    if not _all_used(found.walk.round, found.load):
        return None
    improved = True
    while improved:
        improved = False
        for longer in _longer(dispatcher, team, found, before, last):
            made = None
            if allowed(longer):
                made = placed(dispatcher, walker, team, longer, before, _all_used)
            if made is not None and _worth_it(found, made, last):
                found, improved = made, True
                break
    return found


def placed(
    dispatcher: Dispatcher, walker: Walker, team: Team, round_: Round, before: Remaining,
    used: Callable[[Round, Load], bool],
) -> Stretched | None:
    """A longer round in time with its load, within duty; None unless all its stops are `used`."""
    walk = walker.place(team, round_)
    if walk is None:
        return None
    since = walk.departs if team.on_duty_since is None else team.on_duty_since
    if not dispatcher.within_duty(team, since, walk):
        return None
    remaining = before.draft()
    load = dispatcher.load(team, walk, remaining)
    return Stretched(walk, load, remaining) if used(round_, load) else None


def _all_used(round_: Round, load: Load) -> bool:
    """Whether something is loaded or set down at every stop."""
    stops = {c.via or c.place for c in load.cargo} | {c.store for c in load.cargo}
    return all(act in stops for act, task in round_.acts if task is not None)


def _worth_it(short: Stretched, longer: Stretched, last: bool) -> bool:
    if not better(longer.load.value, short.load.value):
        return False
    minutes = [max(1, x.walk.free_at - x.walk.departs) for x in (short, longer)]
    gains = [scalar(x.load.value) for x in (short, longer)]
    return last or gains[1] * minutes[0] >= gains[0] * minutes[1] * (1 - 1e-9)


def _longer(
    dispatcher: Dispatcher, team: Team, found: Stretched, before: Remaining, last: bool
) -> list[Round]:
    """Rounds with one more stop, those with the shortest way round first."""
    kind = dispatcher.ground.case.fleet[team.kind]
    round_, deliveries = found.walk.round, dispatcher.catalogue.deliveries
    path, loads = path_of(round_)
    sites = [act for act in path if isinstance(act, str)]
    if len(sites) >= MOST_STOPS:
        return []
    stores, places = sites[:loads], sites[loads:]
    most = _most_gains(dispatcher, kind, team.size, found, stores)
    least = scalar(found.load.value) / max(1, found.walk.free_at - found.walk.departs)
    minutes = deliveries.minutes(kind, path) + dispatcher.ground.case.pause.rules.slot
    made = [
        (place, r) for place in _places(dispatcher, kind, stores, places, before)
        for r in _inserted(deliveries, kind, path, loads, place, Task.UNLOAD)
        if most(place) > (0 if last else least * (r.minutes - minutes))
    ]
    made += [
        (store, r) for store in _stores(dispatcher, kind, stores, places, before)
        for r in _inserted(deliveries, kind, path, loads, store, Task.LOAD)
    ]
    return [r for _, r in sorted(made, key=lambda m: (m[1].minutes, m[0]))]


def _most_gains(
    dispatcher: Dispatcher, kind: VehicleType, vehicles: int, found: Stretched, stores: list[str]
) -> Callable[[str], float]:
    """What a further place could add at the most, so that hopeless ones are not tried.

    Each kilogram of room left may be worth as much as the first there, each that is loaded as
    much more than the last that was loaded.
    """
    aims, items = dispatcher.aims, dispatcher.ground.case.items

    def had(item: str, place: str) -> int:
        return aims.wanted(item, place) - found.remaining.need(item, place)

    loaded = sum(c.units * items[c.item].kg for c in found.load.cargo)
    room = vehicles * kind.payload_t * 1000.0 - loaded
    floor = min((-scalar(aims.stretch(c.item, c.place, had(c.item, c.place) - 1, 1).order)
                 for c in found.load.cargo), default=0.0)

    def most(place: str) -> float:
        first = max(
            (-scalar(s.order) for item, _ in aims.asked_at(place)
             if any(found.remaining.stock(item, store) > 0 for store in stores)
             for s in (aims.next_stretch(item, place, had(item, place)),) if s is not None),
            default=0.0,
        )
        return room * first + loaded * max(0.0, first - floor)

    return most


def _places(
    dispatcher: Dispatcher, kind: VehicleType, stores: list[str], places: list[str],
    before: Remaining,
) -> list[str]:
    """Places near one that is on the round that still need what its stores hold."""
    deliveries, aims = dispatcher.catalogue.deliveries, dispatcher.aims
    held = [item for item in aims.needed if any(before.stock(item, s) > 0 for s in stores)]
    needy = (
        place for place in deliveries.near(kind, places[0], deliveries.needs)
        if place not in places and any(before.need(item, place) > 0 for item in held)
    )
    return [place for place, _ in zip(needy, range(NEAREST), strict=False)]


def _stores(
    dispatcher: Dispatcher, kind: VehicleType, stores: list[str], places: list[str],
    before: Remaining,
) -> list[str]:
    """Stores near one that is on the round with an item that it lacks and its places need."""
    deliveries, aims = dispatcher.catalogue.deliveries, dispatcher.aims
    lacking = [
        item for item in aims.needed
        if any(before.need(item, place) > 0 for place in places)
        and not any(before.stock(item, s) > 0 for s in stores)
    ]
    others = (
        store for store in deliveries.near(kind, stores[0], deliveries.stores)
        if store not in stores and any(before.stock(item, store) > 0 for item in lacking)
    )
    return [store for store, _ in zip(others, range(NEAREST), strict=False)]


def path_of(round_: Round) -> tuple[tuple[Act, ...], int]:
    """A round's path and how many sites of it are loaded at, said in full."""
    if round_.path:
        return round_.path, round_.loads
    return (
        round_.pick_up, (round_.entry, Direction.IN), round_.set_down,
        (round_.exit, Direction.OUT),
    ), 1


def _inserted(
    deliveries: Deliveries, kind: VehicleType, path: tuple[Act, ...], loads: int, site: str,
    task: Task,
) -> list[Round]:
    """The path with one more site where it lengthens it least, if there is a way."""
    at = [n for n, act in enumerate(path) if isinstance(act, str)]
    served = at[:loads] if task is Task.LOAD else at[loads:]
    options = []
    for n in range(served[0], served[-1] + 2):
        longer = (*path[:n], site, *path[n:])
        made = deliveries.along(kind, longer, loads + (task is Task.LOAD))
        if made is not None:
            options.append(made)
    return sorted(options, key=lambda r: (r.minutes, r.route))[:1]


def with_places(
    deliveries: Deliveries, kind: VehicleType, round_: Round, places: list[str]
) -> list[Round]:
    """A round with one of several further places to set down at, the shortest way round first."""
    path, loads = path_of(round_)
    sides = deliveries.ground.site(round_.set_down).sides
    made = [
        r for place in places if deliveries.ground.site(place).sides == sides
        for r in _inserted(deliveries, kind, path, loads, place, Task.UNLOAD)
    ]
    return sorted(made, key=lambda r: (r.minutes, r.route))
