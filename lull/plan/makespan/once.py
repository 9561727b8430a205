"""The dearest day that fetches no load twice: a backward pass does not know what was fetched.

What the pass says is never too little, so it tells a listing of days where to look no further
(completion bounds; route enumeration: Baldacci, Christofides & Mingozzi 2008,
doi:10.1007/s10107-007-0178-5). The bound by prices gets higher, as no real day fetches a load
twice. It costs a listing for each number of minutes, where the pass serves them all at once.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from lull.plan.makespan import kernels
from lull.plan.makespan.instance import BusDay, Evacuation, Ints
from lull.plan.makespan.prices import Pass, Prices

STEPS = 3_000_000
"""Steps of one listing; beyond them the pass stands."""

MOST = 40
"""Days listed at once."""

SHARES = (0.5, 0.2, 0.05, 0.01, 0.0)
"""How far between what is known and what the pass says days are listed from, one after the other:
few are dear, and those that are, are of most use."""


def days_of(yard: int, rows: Ints) -> list[BusDay]:
    """The days that a listing gave as rows."""
    return [BusDay(yard, tuple((p, s) for p, s in zip(row[::2], row[1::2], strict=True) if p >= 0))
            for row in rows.tolist()]


def fetched_once(of: Evacuation, day: BusDay) -> bool:
    """Whether a day fetches from no point more loads than wait there."""
    return all(many <= of.loads[p] for p, many in Counter(p for p, _ in day.trips).items())


def dearer(found: Pass, yard: int, known: int, most: int = MOST) -> tuple[list[BusDay], int]:
    """Days within the pass's minutes that earn more than is `known`, and what none exceeds.

    Without any, the second is `known` itself, or more where the listing was broken off.
    """
    of, at_most = found.of, int(found.start[yard, found.most])
    loads = np.array(of.loads, dtype=np.int64)
    for share in SHARES:
        least = known + int((at_most - known) * share) + 1
        if least > at_most:
            continue
        rows, there = kernels.near_days(
            yard, found.most, least, of.out, of.carry, of.back, found.gain, found.at_point,
            found.at_shelter[0], loads, most, STEPS)
        if len(rows):
            return days_of(yard, rows), at_most
        if there:
            return [], at_most
        at_most = least - 1
    return [], at_most


def earned(found: Pass, day: BusDay) -> int:
    """What a day earns at the prices of a pass."""
    return sum(int(found.gain[p, s]) for p, s in day.trips)


def at_most_earned(found: Pass, yard: int) -> int:
    """What no day of a yard exceeds that fetches no load twice; exact, unless a listing broke off.
    """
    known = 0
    while True:
        days, at_most = dearer(found, yard, known, 1)
        if not days:
            return at_most
        known = max(earned(found, day) for day in days)


def rule_out(of: Evacuation, prices: Prices, minutes: int) -> bool:
    """Whether prices rule so many minutes out, and with them all fewer; without any solver.

    By the pass alone where that is enough, else by days that fetch no load twice.
    """
    found, due = Pass(of, prices, minutes), prices.due(of)
    if int(found.earned()[minutes]) < due:
        return True
    return sum(many * at_most_earned(found, yard)
               for yard, many in enumerate(of.buses) if many) < due
