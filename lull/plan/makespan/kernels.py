"""The dearest bus day at given prices, for every number of minutes left, compiled.

Prices are whole numbers, so what follows from them is exact. All arrays are int64; `LOW` stands for
what cannot be reached. Work is done in blocks of as many minutes as the shortest way with a load
takes: within a block no place waits for another one's value, and the inner loops run over
neighbouring minutes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lull.compiling.jit import compiled, inlined
from lull.plan.makespan.instance import Ints

Bools = NDArray[np.bool_]
Whos = NDArray[np.int16]

LOW = -(10**15)


@compiled
def solve(
    most: int, carry: Ints, back: Ints, gain: Ints, toll: Ints, single: Bools
) -> tuple[Ints, Ints, Ints, Whos]:
    """What a bus may still earn at a point and at a shelter with 0 … `most` minutes left.

    `gain` [point, shelter] is earned by a load, `toll` [shelter, point] is paid for driving back.
    From a `single` point a bus does not come back to that point at once. Answers are [place,
    minutes left]: at points; at shelters the best, the best that goes to another point than that,
    and to which point the best one goes (-1: the bus stays, for 0).
    """
    points, shelters = carry.shape
    at_point = np.full((points, most + 1), LOW, dtype=np.int64)
    best = np.zeros((shelters, most + 1), dtype=np.int64)
    second = np.full((shelters, most + 1), LOW, dtype=np.int64)
    who = np.full((shelters, most + 1), -1, dtype=np.int16)
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
                one, two, goes, more = best[s], second[s], who[s], gain[p, s]
                if single[p]:
                    for r in range(max(first, minutes), end):
                        q = r - minutes
                        worth = (two[q] if goes[q] == p else one[q]) + more
                        here[r] = max(here[r], worth)
                else:
                    for r in range(max(first, minutes), end):
                        here[r] = max(here[r], one[r - minutes] + more)
        for s in range(shelters):
            one, two, goes = best[s], second[s], who[s]
            for p in range(points):
                minutes = back[s, p]
                if minutes < 0 or minutes >= end:
                    continue
                there, less = at_point[p], toll[s, p]
                for r in range(max(first, minutes), end):
                    worth = there[r - minutes] - less
                    old = one[r]
                    better = worth > old
                    two[r] = old if better else max(two[r], worth)
                    one[r] = worth if better else old
                    goes[r] = p if better else goes[r]
    return at_point, best, second, who


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
    point: int, left: int, carry: Ints, back: Ints, gain: Ints, toll: Ints, single: Bools,
    at_point: Ints, best: Ints, second: Ints, who: Whos,
) -> Ints:
    """The trips of the dearest day from a point with so many minutes left, [trip, 2]."""
    points, shelters = carry.shape
    trips = np.empty((left + 1, 2), dtype=np.int64)
    many, p, r = 0, point, left
    while p >= 0:
        to, worth, banned = -1, 0, -1
        for s in range(shelters):
            minutes = carry[p, s]
            if not 0 < minutes <= r:
                continue
            shut = single[p] and who[s, r - minutes] == p
            worth = second[s, r - minutes] if shut else best[s, r - minutes]
            if worth + gain[p, s] == at_point[p, r]:
                to, banned = s, p if shut else -1
                break
        r -= carry[p, to]
        trips[many, 0], trips[many, 1] = p, to
        many += 1
        p = -1
        if worth > 0:
            for q in range(points):
                minutes = back[to, q]
                if (q != banned and 0 <= minutes <= r
                        and at_point[q, r - minutes] - toll[to, q] == worth):
                    p, r = q, r - minutes
                    break
    return trips[:many].copy()


@inlined
def _shortest(carry: Ints, most: int) -> int:
    """The least minutes of a way with a load, or the most where no way takes fewer."""
    found = most
    for p in range(carry.shape[0]):
        for s in range(carry.shape[1]):
            if carry[p, s] > 0:
                found = min(found, carry[p, s])
    return max(1, found)


@compiled
def near_days(
    yard: int, minutes: int, least: int, out: Ints, carry: Ints, back: Ints, gain: Ints,
    at_point: Ints, best: Ints, loads: Ints, most: int, steps: int,
) -> tuple[Ints, int]:
    """All days of a yard within so many minutes that earn at least `least`, up to `most` of them.

    Returns them as rows (point, shelter, point, shelter …, -1 …), and how many there are; more than
    `most` says that they are not all, as it does when more than so many `steps` would be taken
    (0: no limit). No point is visited more often than it has `loads`.
    """
    points, shelters = carry.shape
    deep = min(int(loads.sum()), minutes // _shortest(carry, minutes)) + 1
    found = np.full((most, 2 * deep), -1, dtype=np.int64)
    many = 0
    trail = np.full((deep, 2), -1, dtype=np.int64)
    left = np.zeros(deep + 1, dtype=np.int64)
    earned = np.zeros(deep + 1, dtype=np.int64)
    step = np.zeros(deep + 1, dtype=np.int64)
    taken = np.zeros(points, dtype=np.int64)
    level, looked = 0, 0
    left[0] = minutes
    while level >= 0:
        if step[level] >= points * shelters or level >= deep:
            level -= 1
            if level >= 0:
                taken[trail[level, 0]] -= 1
            continue
        p, s = step[level] // shelters, step[level] % shelters
        step[level] += 1
        to = out[yard, p] if level == 0 else back[trail[level - 1, 1], p]
        rest = left[level] - to
        if to < 0 or taken[p] >= loads[p] or rest < 0 or at_point[p, rest] + earned[level] < least:
            step[level] = (p + 1) * shelters
            continue
        rest -= carry[p, s]
        if carry[p, s] < 0 or rest < 0:
            continue
        worth = earned[level] + gain[p, s]
        if worth + best[s, rest] < least:
            continue
        looked += 1
        if 0 < steps < looked:
            many = most + 1
            break
        trail[level, 0], trail[level, 1] = p, s
        if worth >= least:
            if many < most:
                for k in range(level + 1):
                    found[many, 2 * k], found[many, 2 * k + 1] = trail[k, 0], trail[k, 1]
            many += 1
            if many > most:
                break
        taken[p] += 1
        level += 1
        left[level], earned[level], step[level] = rest, worth, 0
    return found[: min(many, most)], many
