"""The dearest bus day at given prices, for every number of minutes left, compiled.

Prices are whole numbers, so what follows from them is exact. All arrays are int64; `LOW` stands for
what cannot be reached. Work is done in blocks of as many minutes as the shortest way with a load
takes: within a block no place waits for another one's value, and the inner loops run over
neighbouring minutes.
"""

from __future__ import annotations

import numpy as np

from lull.plan.kernel.jit import compiled
from lull.plan.makespan.instance import Ints

LOW = -(10**15)


@compiled
def solve(most: int, carry: Ints, back: Ints, gain: Ints, toll: Ints) -> tuple[Ints, Ints]:
    """What a bus may still earn at a point and at a shelter with 0 … `most` minutes left.

    `gain` [point, shelter] is earned by a load, `toll` [shelter, point] is paid for driving back.
    Both answers are [place, minutes left]; a bus at a shelter may stay there for 0.
    """
    points, shelters = carry.shape
    at_point = np.full((points, most + 1), LOW, dtype=np.int64)
    at_shelter = np.zeros((shelters, most + 1), dtype=np.int64)
    block = most + 1
    for p in range(points):
        for s in range(shelters):
            if 0 < carry[p, s] < block:
                block = carry[p, s]
    for first in range(0, most + 1, block):
        end = min(first + block, most + 1)
        for p in range(points):
            here = at_point[p]
            for s in range(shelters):
                minutes = carry[p, s]
                if minutes < 0 or minutes >= end:
                    continue
                there, more = at_shelter[s], gain[p, s]
                for r in range(max(first, minutes), end):
                    worth = there[r - minutes] + more
                    here[r] = max(here[r], worth)
        for s in range(shelters):
            here = at_shelter[s]
            for p in range(points):
                minutes = back[s, p]
                if minutes < 0 or minutes >= end:
                    continue
                there, less = at_point[p], toll[s, p]
                for r in range(max(first, minutes), end):
                    worth = there[r - minutes] - less
                    here[r] = max(here[r], worth)
    return at_point, at_shelter


@compiled
def starts(most: int, out: Ints, fare: Ints, at_point: Ints) -> Ints:
    """What a bus of each yard may earn in 0 … `most` minutes, [yard, minutes]."""
    yards, points = out.shape
    found = np.zeros((yards, most + 1), dtype=np.int64)
    for y in range(yards):
        for p in range(points):
            minutes = out[y, p]
            if minutes < 0:
                continue
            for r in range(minutes, most + 1):
                found[y, r] = max(found[y, r], at_point[p, r - minutes] - fare[y, p])
    return found


@compiled
def walk(
    point: int, left: int, carry: Ints, back: Ints, gain: Ints, toll: Ints, at_point: Ints,
    at_shelter: Ints,
) -> Ints:
    """The trips of the dearest day from a point with so many minutes left, [trip, 2]."""
    points, shelters = carry.shape
    trips = np.empty((left + 1, 2), dtype=np.int64)
    many, p, r = 0, point, left
    while p >= 0:
        to = -1
        for s in range(shelters):
            minutes = carry[p, s]
            if 0 < minutes <= r and at_shelter[s, r - minutes] + gain[p, s] == at_point[p, r]:
                to = s
                break
        r -= carry[p, to]
        trips[many, 0], trips[many, 1] = p, to
        many += 1
        p = -1
        if at_shelter[to, r] > 0:
            for q in range(points):
                minutes = back[to, q]
                if (0 <= minutes <= r
                        and at_point[q, r - minutes] - toll[to, q] == at_shelter[to, r]):
                    p, r = q, r - minutes
                    break
    return trips[:many].copy()
