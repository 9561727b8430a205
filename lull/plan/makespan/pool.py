"""Days from which an integer programme may choose: those that are nearly the dearest ones.

At any prices, days that bring everyone out within an aim lose, all together, no more against the
dearest days than the prices leave open; so each of them loses little. Days that lose least are
listed outright (route enumeration: Baldacci, Christofides & Mingozzi 2008,
doi:10.1007/s10107-007-0178-5), and of days with the same points and shelters one is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from lull.domain.refusal import Refusal
from lull.plan.makespan import kernels
from lull.plan.makespan.instance import BusDay, Days, Evacuation, left_by
from lull.plan.makespan.integer import least_left
from lull.plan.makespan.itineraries import Floats, Mixture
from lull.plan.makespan.once import days_of, earned
from lull.plan.makespan.prices import UNIT, Pass, Prices

WIDER = 1.5
"""By what factor the loss that is allowed grows until there are days enough."""

Key = tuple[int, tuple[int, ...], tuple[int, ...]]


def near_days(of: Evacuation, prices: Prices, aim: int, most: int) -> list[BusDay]:
    """Up to `most` days within the aim that lose least at these prices, each kind once."""
    found = Pass(of, prices, aim)
    loss, kept = UNIT // 200, dict[Key, BusDay]()
    while loss <= 4 * UNIT:
        now, whole = _listed(of, found, loss, 8 * most)
        if not whole or len(now) > most:
            break
        kept, loss = now, int(loss * WIDER)
    return list(kept.values())


def _listed(of: Evacuation, found: Pass, loss: int, most: int) -> tuple[dict[Key, BusDay], bool]:
    """Days that lose no more than so much, and whether these are all of them."""
    days: dict[Key, BusDay] = {}
    for yard, many in enumerate(of.buses):
        if not many:
            continue
        least = max(1, int(found.start[yard, found.most]) - loss)
        rows, there = kernels.near_days(
            yard, found.most, least, of.out, of.carry, of.back, found.gain, found.at_point,
            found.at_shelter[0], np.array(of.loads, dtype=np.int64), most, 0)
        if there > most:
            return days, False
        for day in days_of(yard, rows):
            key = (yard, tuple(sorted(p for p, _ in day.trips)),
                   tuple(sorted(s for _, s in day.trips)))
            days.setdefault(key, day)
    return days, True


def worth_keeping(mixture: Mixture, prices: Prices, aim: int) -> list[BusDay]:
    """The days within the aim that lose no more than all days together may.

    Days that bring everyone out earn at least what is due, so a day that loses more against the
    dearest one of its yard than all dearest days exceed that is in no answer.
    """
    of = mixture.of
    found = Pass(of, prices, aim)
    most = int(found.earned()[aim]) - prices.due(of)
    return [day for day, minutes in zip(mixture.days, mixture.minutes, strict=True)
            if minutes <= aim and int(found.start[day.yard, aim]) - earned(found, day) <= most]


def choose(mixture: Mixture, aim: int, nodes: int, stop: Callable[[], bool],
           weights: Floats | None = None) -> Days:
    """The days among those found that leave the least, none fetched twice.

    `weights` is what a load of each point counts; without them, days that leave any are of no use.
    """
    mixture.within(aim)
    program = mixture.program()
    if weights is not None:
        cost = np.array(program.col_cost_)
        cost[: len(weights)] = weights
        program.col_cost_ = cost
    solved = least_left(program, stop, nodes, all_or_nothing=weights is None)
    if solved.point is None:
        return ()
    used = solved.point[len(mixture.of.loads):]
    chosen = [mixture.days[i] for i in np.flatnonzero(used) for _ in range(used[i])]
    return stripped(mixture.of, tuple(chosen), aim)


def stripped(of: Evacuation, days: Days, aim: int) -> Days:
    """The days without the trips that fetch a load already fetched.

    A trip is left out where the day gains most by it; where no day would still be within the aim,
    one is cut off before the trip.
    """
    kept = list(days)
    over = [max(0, -many) for many in left_by(of, days)]
    for p in range(len(of.points)):
        while over[p] > 0:
            at, less = _cheapest(of, kept, p, aim)
            for q, many in (Counter(q for q, _ in kept[at].trips)
                            - Counter(q for q, _ in less.trips)).items():
                over[q] -= many
            kept[at] = less
    return tuple(day for day in kept if day.trips)


def _cheapest(of: Evacuation, days: list[BusDay], p: int, aim: int) -> tuple[int, BusDay]:
    best: tuple[int, int, BusDay] | None = None
    cut: tuple[int, BusDay] | None = None
    for b, day in enumerate(days):
        for i, (q, _) in enumerate(day.trips):
            if q != p:
                continue
            cut = (b, BusDay(day.yard, day.trips[:i]))
            less = BusDay(day.yard, day.trips[:i] + day.trips[i + 1 :])
            try:
                minutes = less.minutes(of)
            except Refusal:
                continue
            gain = day.minutes(of) - minutes
            if minutes <= aim and (best is None or gain > best[0]):
                best = (gain, b, less)
    if best is not None:
        return best[1], best[2]
    assert cut is not None, "a point that is visited too often is visited"
    return cut
