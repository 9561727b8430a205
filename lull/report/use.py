"""How fully checkpoints and vehicles are used over the day."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.corridor import Corridor, Direction
from lull.domain.plan import By, Plan, Stop, VehicleDay
from lull.domain.travel import OWN_CAR
from lull.report.figures import Aboard, carried
from lull.report.words import count_of

BINS = ((16 * 60, 15), (32 * 60, 30))
LONGEST_BIN = 60
"""Minutes of windows in all, and of one bar of a use strip for no more than these: long enough
to be seen, short enough to show a queue."""


def bin_of(case: Case) -> int:
    """Minutes of one bar of the use strips of a case."""
    total = sum(w.minutes for w in case.pause.windows)
    return next((bar for most, bar in BINS if total <= most), LONGEST_BIN)


@define(frozen=True, eq=False)
class Strip:
    """Use of one thing over time: `share` [n] of what there is, one value for each `bar` minutes.

    The first bin begins at minute `starts`. `open_bins` [n] is the part of each bin in which it
    could be used. `slots` [n] is the part of each bin in which the headway after a convoy keeps
    the gate shut for the next. `way` says which direction, `limit` what 100 % is.
    """

    name: str
    way: str
    limit: str
    starts: int
    bar: int
    share: NDArray[np.float64]
    open_bins: NDArray[np.float64]
    slots: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean share over the time in which it could be used."""
        weight = float(self.open_bins.sum())
        return float((self.share * self.open_bins).sum() / weight) if weight else 0.0


def span(case: Case, plan: Plan) -> tuple[int, int]:
    """The first and the last minute of anything in a plan or its windows."""
    starts = [w.opens for w in case.pause.windows]
    ends = [w.closes for w in case.pause.windows]
    for day in plan.vehicles:
        if day.steps:
            first, last = day.steps[0], day.steps[-1]
            starts.append(first.departs if isinstance(first, Stop) else first.arrives)
            ends.append(last.arrives)
    starts.extend(p.departs for p in plan.parties)
    ends.extend(p.reaches for p in plan.parties)
    return min(starts), max(ends)


def _bins(minutes: NDArray[np.float64], bar: int) -> NDArray[np.float64]:
    return np.asarray(minutes.reshape(-1, bar).mean(axis=1))


def _grid(case: Case, plan: Plan) -> tuple[int, int, int]:
    """First minute, number of minutes and minutes of a bar; whole bars, from a whole bar on."""
    first, last = span(case, plan)
    bar = bin_of(case)
    starts = first // bar * bar
    return starts, (-(-(last - starts) // bar) + 1) * bar, bar


def _open(case: Case, corridor: Corridor, starts: int, length: int) -> NDArray[np.float64]:
    opened = np.zeros(length)
    for window in case.pause.windows:
        opened[max(0, window.opens - starts) : max(0, window.closes - starts)] = 1
    if corridor.open_hours:
        own = np.zeros(length)
        for hours in corridor.open_hours:
            own[max(0, hours.opens - starts) : max(0, hours.closes - starts)] = 1
        opened *= own
    return opened


def checkpoint_strips(case: Case, plan: Plan) -> tuple[Strip, ...]:
    """Use of each checkpoint by direction: the fuller of its lanes and its hourly rate.

    Lanes: occupied lane-minutes over all of them. Rate: vehicles that entered in the last 60
    minutes over the rate. Directions that share their lanes stand in one strip; people on foot
    have their own.
    """
    starts, length, bar = _grid(case, plan)
    strips = []
    for corridor in case.corridors.values():
        pools = {corridor.lane_pool(d) for d in Direction if d in corridor.directions}
        for pool in sorted(pools, key=list(Direction).index):
            strips.append(_lane_strip(case, plan, corridor, pool, (starts, length, bar)))
        walk = _foot_strip(case, plan, corridor, (starts, length, bar))
        if walk is not None:
            strips.append(walk)
    return tuple(strips)


def _lane_strip(
    case: Case, plan: Plan, corridor: Corridor, pool: Direction, grid: tuple[int, int, int]
) -> Strip:
    starts, length, bar = grid
    ways = [d for d in Direction if d in corridor.directions and corridor.lane_pool(d) is pool]
    held = np.zeros(length)
    entered = {way: np.zeros(length) for way in ways}
    for _, step in plan.crossings():
        if step.corridor == corridor.id and step.direction in ways:
            held[step.enters - starts : max(step.cleared, step.enters + 1) - starts] += 1
            entered[step.direction][step.enters - starts] += 1
    for party in plan.parties if Direction.OUT in ways else ():
        if party.corridor == corridor.id and party.by is By.OWN_CAR:
            minutes = corridor.check(pool).minutes_of(OWN_CAR).likely
            spell = slice(party.enters - starts, max(party.cleared, party.enters + 1) - starts)
            held[spell] += party.cars * minutes / (spell.stop - spell.start)
            entered[Direction.OUT][spell] += party.cars / (spell.stop - spell.start)
    limits, share = [], np.zeros(length)
    if any(e.likely for way in ways for e in corridor.check(way).minutes.values()):
        share = held / corridor.lanes(pool)
        limits.append(count_of(corridor.lanes(pool), "lane"))
    for way in ways:
        rate = corridor.check(way).vehicles_per_hour
        if rate:
            share = np.maximum(share, _last_hour(entered[way]) / rate)
            limits.append(f"{rate} vehicles an hour")
    return Strip(
        corridor.name or corridor.id,
        "both ways" if corridor.shared_lanes else pool.value,
        ", ".join(limits),
        starts,
        bar,
        _bins(share, bar),
        _bins(_open(case, corridor, starts, length), bar),
        _bins(_shut(plan, corridor, ways, starts, length), bar),
    )


def _shut(
    plan: Plan, corridor: Corridor, ways: list[Direction], starts: int, length: int
) -> NDArray[np.float64]:
    """1 in each minute in which the headway after a convoy keeps the gate shut for the next."""
    shut = np.zeros(length)
    for convoy in plan.convoys:
        if convoy.corridor == corridor.id and convoy.direction in ways and corridor.convoy.headway:
            begin = convoy.starts - starts
            shut[begin : begin + corridor.convoy.headway] = 1
    return shut


def _last_hour(entered: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.concatenate(([0.0], np.cumsum(entered)))
    ends = np.arange(1, len(entered) + 1)
    return total[ends] - total[np.maximum(0, ends - 60)]


def _foot_strip(
    case: Case, plan: Plan, corridor: Corridor, grid: tuple[int, int, int]
) -> Strip | None:
    starts, length, bar = grid
    rate = corridor.check(Direction.OUT).persons_per_hour
    walking = [p for p in plan.parties if p.corridor == corridor.id and p.by is By.FOOT]
    if not rate or not walking:
        return None
    entered = np.zeros(length)
    for party in walking:
        spell = max(1, party.cleared - party.enters)
        entered[party.enters - starts : party.enters - starts + spell] += party.persons / spell
    return Strip(
        corridor.name or corridor.id,
        "on foot",
        f"{rate} persons an hour",
        starts,
        bar,
        _bins(_last_hour(entered) / rate, bar),
        _bins(_open(case, corridor, starts, length), bar),
        np.zeros(length // bar),
    )


@define(frozen=True, eq=False)
class FleetStrip:
    """Vehicles of one type over time: `loaded` and `out` [n] are means over each `bar` minutes.

    `out` counts those away from base, loaded or not; `number` is how many there are.
    """

    name: str
    number: int
    starts: int
    bar: int
    loaded: NDArray[np.float64]
    out: NDArray[np.float64]

    @property
    def most(self) -> float:
        """Most vehicles away from base in any bin."""
        return float(self.out.max()) if len(self.out) else 0.0


def fleet_strips(case: Case, plan: Plan) -> tuple[FleetStrip, ...]:
    """Vehicles away from base and loaded, for each type."""
    starts, length, bar = _grid(case, plan)
    loaded = {kind: np.zeros(length) for kind in case.fleet}
    out = {kind: np.zeros(length) for kind in case.fleet}
    for day in plan.vehicles:
        kind = case.vehicle_type(day.vehicle).id
        for begin, end, aboard in spells(day):
            out[kind][begin - starts : end - starts] += 1
            if aboard.loaded:
                loaded[kind][begin - starts : end - starts] += 1
    return tuple(
        FleetStrip(
            kind.name or kind.id,
            kind.number,
            starts,
            bar,
            _bins(loaded[kind.id], bar),
            _bins(out[kind.id], bar),
        )
        for kind in case.fleet.values()
        if kind.number
    )


def spells(day: VehicleDay) -> list[tuple[int, int, Aboard]]:
    """(from, to, what is on board) between the departures from a vehicle's steps in order.

    Time between an END and a following START is left out: the vehicle is at its base.
    """
    result = []
    steps = carried(day)
    for (step, aboard), (after, _) in pairwise(steps):
        begin = step.departs if isinstance(step, Stop) else step.leaves
        end = after.departs if isinstance(after, Stop) else after.leaves
        if isinstance(step, Stop) and step.task.value == "end":
            continue
        if isinstance(after, Stop) and after.task.value == "end":
            end = after.arrives
        result.append((begin, end, aboard))
    return result
