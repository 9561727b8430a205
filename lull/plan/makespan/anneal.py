"""Simulated annealing on the trips of the buses, compiled (Kirkpatrick, Gelatt & Vecchi 1983,
doi:10.1126/science.220.4598.671).

The days stand in arrays: `point` and `shelter` [bus, position], `many` [bus], `minutes` [bus], and
the places taken, `used` [shelter]. A move changes one day or two: a trip goes to another place, two
trips or their points or their shelters are exchanged, a trip gets another shelter, or what follows
after a cut is exchanged. What is minimised is Σ minutes + steep × minutes beyond the aim.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lull.compiling.jit import inlined, uncounted
from lull.plan.makespan.instance import Ints

Bools = NDArray[np.bool_]

FAR = 10**8
"""Minutes of a way that is not there."""

KINDS = 10
"""Of so many moves two are of single trips, three are exchanges, and so on (`anneal`)."""

STRETCH = 3
"""Trips in a row that are exchanged at the most."""

RARE = 8
"""One in so many moves between places that do not lie close is looked at all the same."""


class Ground(NamedTuple):
    """What does not change: minutes, `FAR` where there is no way; the yard of each bus; places.

    `alike` [point, point] are points with ways alike, `close` [shelter, point] those near it.
    """

    out: Ints
    carry: Ints
    back: Ints
    yard: Ints
    places: Ints
    alike: Bools
    close: Bools


class State(NamedTuple):
    """The days as they stand."""

    point: Ints
    shelter: Ints
    many: Ints
    minutes: Ints
    used: Ints


@inlined
def _roll(dice: np.ndarray, below: int) -> int:
    """A number from 0 to `below` − 1 (xorshift64*, Vigna 2016, doi:10.1145/2845077)."""
    x = dice[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    dice[0] = x
    high = (x * np.uint64(2685821657736338717)) >> np.uint64(33)
    return int(np.int64((high * np.uint64(below)) >> np.uint64(31)))


@inlined
def _chance(dice: np.ndarray) -> float:
    return (_roll(dice, 1 << 30) + 0.5) / float(1 << 30)


@inlined
def _to(g: Ground, x: State, b: int, i: int, p: int) -> int:
    """Minutes of the way to point `p` for position `i` of a bus."""
    return int(g.out[g.yard[b], p] if i == 0 else g.back[x.shelter[b, i - 1], p])


@inlined
def _with(g: Ground, x: State, b: int, i: int, p: int, s: int) -> int:
    """How much longer a day gets with another trip in place of the one at a position."""
    q, t = x.point[b, i], x.shelter[b, i]
    more = _to(g, x, b, i, p) + g.carry[p, s] - _to(g, x, b, i, q) - g.carry[q, t]
    if i + 1 < x.many[b]:
        after = x.point[b, i + 1]
        more += g.back[s, after] - g.back[t, after]
    return int(more)


@inlined
def _without(g: Ground, x: State, b: int, i: int) -> int:
    """How much longer (less than 0: shorter) a day gets without one trip."""
    q, t = x.point[b, i], x.shelter[b, i]
    more = -_to(g, x, b, i, q) - g.carry[q, t]
    if i + 1 < x.many[b]:
        after = x.point[b, i + 1]
        more += _to(g, x, b, i, after) - g.back[t, after]
    return int(more)


@inlined
def _more(g: Ground, x: State, b: int, i: int, p: int, s: int) -> int:
    """How much longer a day gets with one trip more before a position."""
    more = _to(g, x, b, i, p) + g.carry[p, s]
    if i < x.many[b]:
        after = x.point[b, i]
        more += g.back[s, after] - _to(g, x, b, i, after)
    return int(more)


@inlined
def length(g: Ground, x: State, b: int) -> int:
    """The minutes of a bus's day."""
    total = 0
    for i in range(x.many[b]):
        p = x.point[b, i]
        total += _to(g, x, b, i, p) + g.carry[p, x.shelter[b, i]]
    return total


@inlined
def _cost(minutes: int, aim: int, steep: float) -> float:
    return minutes + steep * max(0, minutes - aim)


@inlined
def _take(change: float, heat: float, dice: np.ndarray) -> bool:
    return change <= 0 or (heat > 0 and change < 30 * heat
                           and _chance(dice) < math.exp(-change / heat))


@inlined
def _two(x: State, b: int, c: int, db: int, dc: int, aim: int, steep: float) -> float:
    mb, mc = x.minutes[b], x.minutes[c]
    return (_cost(mb + db, aim, steep) + _cost(mc + dc, aim, steep)
            - _cost(mb, aim, steep) - _cost(mc, aim, steep))


@inlined
def _other_shelter(g: Ground, x: State, dice: np.ndarray, now: int) -> int:
    """A shelter with room, or the one that it is now."""
    s = _roll(dice, len(g.places))
    return s if s == now or x.used[s] < g.places[s] else now


@inlined
def _move_trip(g: Ground, x: State, b: int, c: int, aim: int, steep: float, heat: float,
               dice: np.ndarray) -> bool:
    """A trip of bus b to bus c, perhaps to another shelter."""
    if b == c or x.many[b] == 0 or x.many[c] == x.point.shape[1]:
        return False
    i, j = _roll(dice, x.many[b]), _roll(dice, x.many[c] + 1)
    p, old = x.point[b, i], x.shelter[b, i]
    if j > 0 and not g.close[x.shelter[c, j - 1], p] and _roll(dice, RARE) > 0:
        return False
    s = _other_shelter(g, x, dice, old)
    db, dc = _without(g, x, b, i), _more(g, x, c, j, p, s)
    if not _take(_two(x, b, c, db, dc, aim, steep), heat, dice):
        return False
    for k in range(i, x.many[b] - 1):
        x.point[b, k], x.shelter[b, k] = x.point[b, k + 1], x.shelter[b, k + 1]
    for k in range(x.many[c], j, -1):
        x.point[c, k], x.shelter[c, k] = x.point[c, k - 1], x.shelter[c, k - 1]
    x.point[c, j], x.shelter[c, j] = p, s
    x.many[b] -= 1
    x.many[c] += 1
    x.minutes[b] += db
    x.minutes[c] += dc
    x.used[old] -= 1
    x.used[s] += 1
    return True


@inlined
def _swap(g: Ground, x: State, b: int, c: int, aim: int, steep: float, heat: float,
          dice: np.ndarray) -> bool:
    """Two trips exchanged, or their points alone, or their shelters alone."""
    if x.many[b] == 0 or x.many[c] == 0:
        return False
    i, j, what = _roll(dice, x.many[b]), _roll(dice, x.many[c]), _roll(dice, 3)
    p, s, q, t = x.point[b, i], x.shelter[b, i], x.point[c, j], x.shelter[c, j]
    if what < 2 and not g.alike[p, q] and _roll(dice, RARE) > 0:
        return False
    p2, s2 = (p if what == 1 else q), (s if what == 2 else t)
    q2, t2 = (q if what == 1 else p), (t if what == 2 else s)
    if b == c:
        if i == j:
            return False
        x.point[b, i], x.shelter[b, i], x.point[c, j], x.shelter[c, j] = p2, s2, q2, t2
        after = length(g, x, b)
        change = _cost(after, aim, steep) - _cost(x.minutes[b], aim, steep)
        if _take(change, heat, dice):
            x.minutes[b] = after
            return True
        x.point[b, i], x.shelter[b, i], x.point[c, j], x.shelter[c, j] = p, s, q, t
        return False
    db, dc = _with(g, x, b, i, p2, s2), _with(g, x, c, j, q2, t2)
    if not _take(_two(x, b, c, db, dc, aim, steep), heat, dice):
        return False
    x.point[b, i], x.shelter[b, i], x.point[c, j], x.shelter[c, j] = p2, s2, q2, t2
    x.minutes[b] += db
    x.minutes[c] += dc
    return True


@inlined
def _reshelter(g: Ground, x: State, b: int, aim: int, steep: float, heat: float,
               dice: np.ndarray) -> bool:
    """Another shelter, with room, for one trip."""
    if x.many[b] == 0:
        return False
    i = _roll(dice, x.many[b])
    old = x.shelter[b, i]
    s = _other_shelter(g, x, dice, old)
    if s == old:
        return False
    db = _with(g, x, b, i, x.point[b, i], s)
    change = _cost(x.minutes[b] + db, aim, steep) - _cost(x.minutes[b], aim, steep)
    if not _take(change, heat, dice):
        return False
    x.shelter[b, i] = s
    x.minutes[b] += db
    x.used[old] -= 1
    x.used[s] += 1
    return True


@inlined
def _strays(g: Ground, x: State, b: int, i: int, c: int, j: int, dice: np.ndarray) -> bool:
    """Whether trip j of bus c is far from where bus b comes before its trip i; few are let pass."""
    return (i > 0 and not g.close[x.shelter[b, i - 1], x.point[c, j]]
            and _roll(dice, RARE) > 0)


@inlined
def _tails(g: Ground, x: State, b: int, c: int, aim: int, steep: float, heat: float,
           dice: np.ndarray) -> bool:
    """What follows after a cut of each of two days, exchanged."""
    if b == c:
        return False
    i, j = _roll(dice, x.many[b] + 1), _roll(dice, x.many[c] + 1)
    nb, nc = x.many[b] - i, x.many[c] - j
    most = x.point.shape[1]
    if nb + nc == 0 or i + nc > most or j + nb > most:
        return False
    if (nc and _strays(g, x, b, i, c, j, dice)) or (nb and _strays(g, x, c, j, b, i, dice)):
        return False
    first = 0
    for k in range(i):
        p = x.point[b, k]
        first += _to(g, x, b, k, p) + g.carry[p, x.shelter[b, k]]
    other = 0
    for k in range(j):
        p = x.point[c, k]
        other += _to(g, x, c, k, p) + g.carry[p, x.shelter[c, k]]
    rest_b, rest_c = x.minutes[b] - first, x.minutes[c] - other
    db = dc = 0
    if nc:
        db = rest_c - _to(g, x, c, j, x.point[c, j]) + _to(g, x, b, i, x.point[c, j])
    if nb:
        dc = rest_b - _to(g, x, b, i, x.point[b, i]) + _to(g, x, c, j, x.point[b, i])
    db, dc = db - rest_b, dc - rest_c
    if not _take(_two(x, b, c, db, dc, aim, steep), heat, dice):
        return False
    for k in range(max(nb, nc)):
        p, s, q, t = -1, -1, -1, -1
        if k < nb:
            p, s = x.point[b, i + k], x.shelter[b, i + k]
        if k < nc:
            q, t = x.point[c, j + k], x.shelter[c, j + k]
        if k < nc:
            x.point[b, i + k], x.shelter[b, i + k] = q, t
        if k < nb:
            x.point[c, j + k], x.shelter[c, j + k] = p, s
    x.many[b], x.many[c] = i + nc, j + nb
    x.minutes[b] += db
    x.minutes[c] += dc
    return True


@inlined
def _inner(g: Ground, x: State, b: int, i: int, many: int) -> int:
    """Minutes of some trips of a day in a row, without the way to the first of them."""
    total = 0
    for k in range(i, i + many):
        p = x.point[b, k]
        if k > i:
            total += g.back[x.shelter[b, k - 1], p]
        total += g.carry[p, x.shelter[b, k]]
    return total


@inlined
def _joined(g: Ground, x: State, b: int, i: int, many: int, c: int, j: int, more: int) -> int:
    """Minutes of the ways into and out of a gap of bus b, from i on `many` trips wide, when so many
    `more` trips of bus c from j on stand in it; the ways within them are not counted."""
    total, end = 0, i + many
    if more:
        total += _to(g, x, b, i, x.point[c, j])
    if end < x.many[b]:
        after = x.point[b, end]
        if more:
            total += g.back[x.shelter[c, j + more - 1], after]
        else:
            total += _to(g, x, b, i, after)
    return int(total)


@inlined
def _stretches(g: Ground, x: State, b: int, c: int, aim: int, steep: float, heat: float,
               dice: np.ndarray) -> bool:
    """A few trips in a row of each of two days, exchanged; of one of them perhaps none."""
    if b == c:
        return False
    i, j = _roll(dice, x.many[b] + 1), _roll(dice, x.many[c] + 1)
    nb = min(_roll(dice, STRETCH + 1), x.many[b] - i)
    nc = min(_roll(dice, STRETCH + 1), x.many[c] - j)
    most = x.point.shape[1]
    if nb + nc == 0 or x.many[b] - nb + nc > most or x.many[c] - nc + nb > most:
        return False
    if (nc and _strays(g, x, b, i, c, j, dice)) or (nb and _strays(g, x, c, j, b, i, dice)):
        return False
    mine, other = _inner(g, x, b, i, nb), _inner(g, x, c, j, nc)
    db = _joined(g, x, b, i, nb, c, j, nc) - _joined(g, x, b, i, nb, b, i, nb) + other - mine
    dc = _joined(g, x, c, j, nc, b, i, nb) - _joined(g, x, c, j, nc, c, j, nc) + mine - other
    if not _take(_two(x, b, c, db, dc, aim, steep), heat, dice):
        return False
    _exchange(x, b, i, nb, c, j, nc)
    x.minutes[b] += db
    x.minutes[c] += dc
    return True


@inlined
def _exchange(x: State, b: int, i: int, nb: int, c: int, j: int, nc: int) -> None:
    """Exchange trips in a row of two days."""
    same = min(nb, nc)
    for k in range(same):
        p, s = x.point[b, i + k], x.shelter[b, i + k]
        x.point[b, i + k], x.shelter[b, i + k] = x.point[c, j + k], x.shelter[c, j + k]
        x.point[c, j + k], x.shelter[c, j + k] = p, s
    if nb < nc:
        _hand(x, c, j + same, b, i + same, nc - nb)
    elif nc < nb:
        _hand(x, b, i + same, c, j + same, nb - nc)


@inlined
def _hand(x: State, b: int, i: int, c: int, j: int, many: int) -> None:
    """Move trips in a row of bus b to before a position of bus c."""
    for k in range(x.many[c] - 1, j - 1, -1):
        x.point[c, k + many], x.shelter[c, k + many] = x.point[c, k], x.shelter[c, k]
    for k in range(many):
        x.point[c, j + k], x.shelter[c, j + k] = x.point[b, i + k], x.shelter[b, i + k]
    for k in range(i, x.many[b] - many):
        x.point[b, k], x.shelter[b, k] = x.point[b, k + many], x.shelter[b, k + many]
    x.many[b] -= many
    x.many[c] += many


@inlined
def _longest(x: State) -> int:
    longest = 0
    for b in range(len(x.minutes)):
        longest = max(longest, x.minutes[b])
    return longest


@inlined
def _keep(x: State, best: State) -> None:
    for b in range(len(x.many)):
        best.many[b], best.minutes[b] = x.many[b], x.minutes[b]
        for i in range(x.many[b]):
            best.point[b, i], best.shelter[b, i] = x.point[b, i], x.shelter[b, i]
    for s in range(len(x.used)):
        best.used[s] = x.used[s]


@uncounted
def anneal(
    g: Ground, x: State, best: State, aim: int, moves: int, hot: float, cold: float, steep: float,
    dice: np.ndarray,
) -> int:
    """So many moves from `hot` to `cold`; ends early at the aim. `best` keeps the shortest found.

    Returns the longest day of `best`.
    """
    buses = len(x.many)
    shortest = _longest(best)
    every = 256
    cooling = (cold / hot) ** (every / moves)
    heat = hot
    for n in range(moves):
        if n % every == every - 1:
            heat *= cooling
        b, c, kind = _roll(dice, buses), _roll(dice, buses), _roll(dice, KINDS)
        if kind < 2:
            done = _move_trip(g, x, b, c, aim, steep, heat, dice)
        elif kind < 5:
            done = _swap(g, x, b, c, aim, steep, heat, dice)
        elif kind < 6:
            done = _reshelter(g, x, b, aim, steep, heat, dice)
        elif kind < 8:
            done = _tails(g, x, b, c, aim, steep, heat, dice)
        else:
            done = _stretches(g, x, b, c, aim, steep, heat, dice)
        if not done or x.minutes[b] >= shortest or x.minutes[c] >= shortest:
            continue
        longest = _longest(x)
        if longest < shortest:
            shortest = longest
            _keep(x, best)
            if shortest <= aim:
                break
    return shortest
