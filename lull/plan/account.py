"""What is left behind and why, what is used up, and when a pause is too short to be of use."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.fleet import VehicleType, type_of
from lull.domain.matching import USER_OF
from lull.domain.people import Group, Means
from lull.domain.place import SiteKind
from lull.domain.time import Window
from lull.domain.travel import FOOT, OWN_CAR
from lull.plan import orders
from lull.plan.aims import Aims
from lull.plan.beyond import ends_of, fed, fed_points, serves_onward
from lull.plan.ground import Ground, may_wait
from lull.plan.itinerary import Catalogue, Dispatcher
from lull.plan.local import ways
from lull.plan.packing import seats_free_at, seats_planned
from lull.plan.pools import CARS, Pool
from lull.plan.remaining import Remaining
from lull.plan.result import LeftBehind, Limit
from lull.plan.room import Lack, any_round, idle, lacking
from lull.plan.schedule import Schedule
from lull.plan.templates import Round
from lull.plan.undelivered import why_goods
from lull.plan.walk import Team, Walker

LONGEST_TRY = 72 * 60
"""A window longer than this is not looked at when the shortest useful one is sought."""


NO_ROOM = {
    Lack.DUTY: "A round to them takes longer than crews may be on duty or vehicles may be used.",
    Lack.BAYS: "The bays of their assembly point or destination are full.",
    Lack.GATES: "The checkpoints of the corridors that reach them are full.",
    Lack.BOTH: "The checkpoints and bays on their way are full.",
    Lack.TIME: "The window is too short for a round to them that is out by the last safe "
               "departure.",
}
"""Why no vehicle drives a round to an assembly point."""


def left_behind(schedule: Schedule) -> tuple[LeftBehind, ...]:
    """Everyone and everything not moved, each with the reason found by trying."""
    case, got = schedule.ground.case, schedule.arrived()
    found = []
    for group in case.groups.values():
        number = group.wishing - got.persons.get(group.id, 0)
        if number > 0:
            found.append(LeftBehind(
                group.id, group.site, case.neighbourhood_of(group), group.need.value, number,
                "persons", _why_people(schedule, group),
            ))
    for line, units in zip(case.demands, got.by_line(case), strict=True):
        number = line.units - units
        if number > 0:
            item = case.items[line.item]
            found.append(LeftBehind(
                item.name or item.id, line.site,
                line.neighbourhood or case.site_neighbourhood(line.site), "", number, item.unit,
                why_goods(schedule, line.item, line.site),
            ))
    return tuple(found)


def _why_people(schedule: Schedule, group: Group) -> str:
    ground = schedule.ground
    local, ends = ways(ground, group), ends_of(ground, group)
    if not local and not ground.case.crossings_for(USER_OF[group.category], Direction.OUT):
        return "No corridor is open to them."
    if not ends:
        return "No destination is allowed that can take them."
    if all(_places_left(schedule, group, d.id) <= 0 for d in ends):
        return "All places at their destinations are taken, or kept for patients."
    where = _why_not_called(schedule, group)
    if where:
        return where
    if group.means is not Means.TRANSPORT:
        return _why_not_alone(schedule, group)
    kinds = [k for k in ground.case.fleet.values() if k.number and ground.carries(k, group)]
    if not kinds:
        return "No vehicle type can carry them."
    rounds = [(k, r) for k in kinds for r in schedule.catalogue.carrying(k.id)
              if r.pick_up == group.site]
    fed_at = [point for point in fed_points(ground) if group in fed(ground, point)]
    if not rounds and (local or fed_at):
        return "The vehicles on their own side could not bring more of them on in time."
    if not rounds:
        return ("No vehicle that may carry them comes through a corridor to their assembly point "
                "and home again.")
    if not any(_room_for_a_household(schedule, group, kind) for kind, _ in rounds):
        return "Their households need more seats or stretchers than a convoy for them has."
    if any_round(schedule, schedule.pools, rounds, on_duty=True):
        return _why_not_driven(schedule, group, rounds)
    return NO_ROOM[lacking(schedule, rounds)]


def _least_household(schedule: Schedule, group: Group) -> int:
    left = schedule.remaining.households(group.id)
    return min((size for size, number in left.items() if number > 0), default=1)


def _why_not_called(schedule: Schedule, group: Group) -> str:
    """Why not even one household can wait at its assembly point, or "" if one can."""
    site = schedule.ground.site(group.site)
    least = _least_household(schedule, group)
    if not may_wait(site, site.call):
        return "People may wait at their assembly point for less time than a call takes."
    if site.crowd_limit is not None and site.crowd_limit < least:
        return "Their households are larger than the crowd limit of their assembly point."
    return ""


def _why_not_alone(schedule: Schedule, group: Group) -> str:
    """Why those who leave on foot or in their own cars stay."""
    if group.unaccompanied:
        return "Unaccompanied children leave in vehicles only, and none is planned for them."
    profile = FOOT if group.means is Means.ON_FOOT else OWN_CAR
    ways = schedule.alone(0).ways(group, profile)
    if not ways:
        return "No corridor that is open to them lies on a way that they can take."
    least = _least_household(schedule, group)
    if all(_places_left(schedule, group, way.end) < least for way in ways):
        return "Too few places are left at their destinations for one more household."
    return "The corridors that they can reach have no room left in the window."


def _room_for_a_household(schedule: Schedule, group: Group, kind: VehicleType) -> bool:
    """Whether the largest convoy of a type can take one whole household of a group."""
    case = schedule.ground.case
    largest = max(
        (kind.number if c.convoy.largest is None else min(kind.number, c.convoy.largest)
         for c in case.corridors.values() if schedule.ground.may_drive(kind, c, Direction.OUT)),
        default=0,
    )
    sitting = _least_household(schedule, group) - (1 if group.is_medical else 0)
    return largest * seats_planned(case, kind) >= sitting and largest > 0


def _why_not_driven(
    schedule: Schedule, group: Group, rounds: list[tuple[VehicleType, Round]]
) -> str:
    """Why nobody drives a round that has room at every gate and bay."""
    rules = schedule.ground.case.pause.rules
    if not idle(schedule, [k for k, _ in rounds]):
        return "Every vehicle that may carry them is in use; one more could reach them."
    if not orders.fit(rules, [rounds[0][1].route]):
        return "A driver's orders are too short for even one round."
    if rules.return_share > 0:
        return "The return seats that must be kept for them cannot be had."
    if all(schedule.ground.site(r.set_down).kind is SiteKind.EXCHANGE for _, r in rounds):
        return "No vehicle beyond the exchange point can take them on in time."
    least = _least_household(schedule, group)
    ends = schedule.ground.destinations(group)
    if group.is_medical:
        with_them = least - 1
        if all(schedule.remaining.places(d.id, "seated") < with_them for d in ends):
            return "Too few places are left at their destinations for those who come with them."
    elif all(_places_left(schedule, group, d.id) < least for d in ends):
        return "Too few places are left at their destinations for one more household."
    if schedule.ground.site(group.site).crowd_limit is not None:
        return "The crowd limit of their assembly point lets no more of them be called."
    return "A vehicle could still reach them, but no aim of this plan counts them or no load fits."


def _places_left(schedule: Schedule, group: Group, site: str) -> int:
    """Beds left at a destination for a patients' group; for others seats not kept for patients."""
    if group.is_medical:
        return schedule.remaining.places(site, group.need.value)
    return seats_free_at(schedule.ground, schedule.remaining, group, site)


def limits(schedule: Schedule) -> tuple[Limit, ...]:
    """Checkpoints, fleets and bays by how much of them is used, the fullest first."""
    found = [*_gate_limits(schedule), *_fleet_limits(schedule), *_bay_limits(schedule)]
    found.sort(key=lambda x: (-x.share, -x.whole_share, x.kind, x.name))
    return tuple(found)


def _half_and_whole(used: NDArray[np.float64], windows: tuple[Window, ...], start: int,
                    ) -> tuple[float, float]:
    """Mean use in the busiest stretch of half a window, and over all windows."""
    best, total, minutes = 0.0, 0.0, 0
    for w in windows:
        spell = used[w.opens - start : w.closes - start]
        half = max(1, len(spell) // 2)
        sums = np.concatenate([[0.0], np.cumsum(spell)])
        best = max(best, float((sums[half:] - sums[:-half]).max()) / half)
        total, minutes = total + float(spell.sum()), minutes + len(spell)
    return min(1.0, best), total / max(1, minutes)


def _gate_limits(schedule: Schedule) -> list[Limit]:
    found, seen = [], set()
    windows, start = schedule.ground.case.pause.windows, schedule.ground.horizon.start
    for (name, way), pool in schedule.pools.gates.items():
        if id(pool) in seen:
            continue
        seen.add(id(pool))
        corridor = schedule.ground.case.corridors[name]
        direction = "both directions" if corridor.shared_lanes else f"going {way.value}"
        used = pool.used / pool.servers
        used = np.maximum(used, _blocked_by_headway(pool, corridor.convoy.headway))
        share, whole = _half_and_whole(used, windows, start)
        found.append(Limit(
            "checkpoint", f"{corridor.name or name}, {direction}", share, whole,
            f"The checkpoint {corridor.name or name} ({direction}) is busy {share:.0%} of the "
            f"busiest half of a window, {whole:.0%} of the whole.",
        ))
    return found


def _blocked_by_headway(pool: Pool, headway: int) -> NDArray[np.float64]:
    """1 in each minute in which the headway after a convoy keeps the gate shut."""
    shut = np.zeros(len(pool.horizon))
    for way, starts in pool.starts.items():
        for start in starts if way != CARS else ():
            i = start - pool.horizon.start
            shut[i : i + headway] = 1.0
    return shut


def _fleet_limits(schedule: Schedule) -> list[Limit]:
    found = []
    ground = schedule.ground
    start, size = ground.horizon.start, len(ground.horizon)
    for kind in ground.case.fleet.values():
        if not kind.number:
            continue
        used = np.zeros(size)
        if serves_onward(ground, kind):
            for ride in schedule.rides:
                if ride.vehicle.startswith(kind.id + "#"):
                    used[ride.departs - start : ride.unload.departs - start] += 1
        for day in schedule.days:
            many = sum(type_of(v) == kind.id for v in day.team.vehicles)
            if many:
                a, b = day.trips[0].walk.departs, day.trips[-1].walk.free_at
                used[a - start : b - start] += many
        share, whole = _half_and_whole(used / kind.number, ground.case.pause.windows, start)
        name = kind.name or kind.id
        found.append(Limit(
            "fleet", name, share, whole,
            f"{name[:1].upper()}{name[1:]}: {share:.0%} on a round in the busiest half of a "
            f"window, {whole:.0%} of the whole.",
        ))
    return found


def _bay_limits(schedule: Schedule) -> list[Limit]:
    found = []
    windows, start = schedule.ground.case.pause.windows, schedule.ground.horizon.start
    for site in schedule.ground.case.sites.values():
        if site.bays is None:
            continue
        pool = schedule.pools.bays[site.id]
        share, whole = _half_and_whole(pool.used / pool.servers, windows, start)
        if share > 0:
            found.append(Limit(
                "bays", site.name, share, whole,
                f"The bays of {site.name} are in use {share:.0%} of the busiest half of a "
                f"window, {whole:.0%} of the whole.",
            ))
    return found


def shortest_useful(case: Case) -> int | None:
    """The least minutes of a first window in which anything at all can be done, or None.

    The first window alone is lengthened or shortened; the least length at which one vehicle or
    one party can finish a round is found by halving, as more time never hurts.
    """
    def useful(minutes: int) -> bool:
        first = case.pause.windows[0]
        window = Window(first.opens, first.opens + minutes, first.name)
        return anything_fits(evolve(case, pause=evolve(case.pause, windows=(window,))))

    if not useful(LONGEST_TRY):
        return None
    low, high = 1, LONGEST_TRY
    while low < high:
        middle = (low + high) // 2
        if useful(middle):
            high = middle
        else:
            low = middle + 1
    return low


def anything_fits(case: Case) -> bool:
    """Whether one round of one vehicle, or one party alone, is of any worth in some window."""
    ground = Ground(case)
    aims, catalogue = Aims(case), Catalogue(ground)
    schedule = Schedule.empty(ground, aims, catalogue)
    for number, window in enumerate(case.pause.windows):
        for kind in case.fleet.values():
            if not kind.number or serves_onward(ground, kind):
                continue
            team: Team = schedule.team((kind.vehicle(1),))
            walker = Walker(ground, schedule.pools, window)
            dispatcher: Dispatcher = schedule.dispatcher(number)
            for round_ in catalogue.carrying(kind.id):
                walk = walker.place(team, round_)
                if walk is None or not dispatcher.within_duty(team, walk.departs, walk):
                    continue
                load = dispatcher.load(team, walk, Remaining.of(case, aims))
                if any(x > 1e-9 for x in load.value):
                    return True
        schedule.leave_alone(number)
        if schedule.batches or schedule.journeys:
            return True
    return False

