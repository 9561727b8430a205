"""One round for people made longer: another assembly point where the first does not fill it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType
from lull.domain.people import Group
from lull.plan.aims import scalar
from lull.plan.escorts import convoys_of
from lull.plan.onward import is_exchange
from lull.plan.packing import Load, seats_planned
from lull.plan.pools import NEVER
from lull.plan.remaining import Remaining
from lull.plan.stretch import Stretched, placed
from lull.plan.templates import Act, Carries, Round
from lull.plan.walk import Team, Walker

if TYPE_CHECKING:
    from lull.plan.itinerary import Dispatcher

MOST_POINTS = 3
"""Assembly points of one round at the most (assumed: more cannot be called for one convoy)."""

NEAREST = 3
"""Points tried at each turn, those that lie nearest to the one before."""

EMPTY = 0.1
"""Share of seats, or of stretchers for patients, that must be free for another point."""


def gather(
    dispatcher: Dispatcher, walker: Walker, team: Team, found: Stretched, before: Remaining,
    allowed: Callable[[Round], bool], *, last: bool = False,
) -> Stretched:
    """A round with the further points that make it better; `before` is what it loads from.

    It must be worth at least as much a minute, or, as the `last` of a day, more at all.
    """
    kind = dispatcher.ground.case.fleet[team.kind]
    used = partial(_boarded_at_all, dispatcher.ground.case.groups)
    while _may_grow(dispatcher, found, kind, team.size):
        for longer in _longer(dispatcher, kind, found):
            made = None
            if allowed(longer):
                made = placed(dispatcher, walker, team, longer, before, used)
            if made is not None and _worth_it(found, made, last):
                found = made
                break
        else:
            return found
    return found


def _may_grow(
    dispatcher: Dispatcher, found: Stretched, kind: VehicleType, vehicles: int
) -> bool:
    round_, load = found.walk.round, found.load
    if (round_.carries is not Carries.PEOPLE or not (round_.entry and round_.exit)
            or is_exchange(dispatcher.ground, round_.pick_up) or round_.loads >= MOST_POINTS):
        return False
    times = convoys_of(kind, vehicles)
    lying = sum(b.patients for b in load.boardings)
    sitting = load.persons - lying
    seats = times * seats_planned(dispatcher.ground.case, kind)
    beds = times * kind.stretchers
    return seats - sitting > EMPTY * seats or (lying > 0 and beds - lying > EMPTY * beds)


def _longer(dispatcher: Dispatcher, kind: VehicleType, found: Stretched) -> list[Round]:
    """The round with one point more, the nearest first, where somebody waits to go there."""
    ground, round_ = dispatcher.ground, found.walk.round
    points = [a for a, task in round_.acts if isinstance(a, str)][: round_.loads]
    sites = {g.site for g in ground.case.groups.values()} - set(points)
    near = []
    for site in sites:
        ends = dispatcher.catalogue.ends(kind, site, round_.set_down)
        waiting = any(n > 0 for g in ends for n in found.remaining.households(g).values())
        way = ground.minutes(kind.id, points[-1], site)
        if waiting and way < NEVER and ground.site(site).inside:
            near.append((way, site))
    return [_with(round_, [*points, site], way) for way, site in sorted(near)[:NEAREST]]


def _with(round_: Round, points: list[str], way: int) -> Round:
    path: tuple[Act, ...] = (
        (round_.entry, Direction.IN), *points, (round_.exit, Direction.OUT), round_.set_down)
    return evolve(round_, minutes=round_.minutes + way, path=path, loads=len(points))


def _boarded_at_all(groups: Mapping[str, Group], round_: Round, load: Load) -> bool:
    """Whether somebody boards at every point."""
    return len({groups[b.group].site for b in load.boardings}) == round_.loads


def _worth_it(found: Stretched, made: Stretched, last: bool) -> bool:
    one, two = scalar(found.load.value), scalar(made.load.value)
    if two <= one + 1e-9:
        return False
    if last:
        return True
    spans = [max(1, s.walk.free_at - s.walk.departs) for s in (found, made)]
    return two / spans[1] >= one / spans[0]
