"""The best day of one team: two routes and how often each, chosen by estimate, tried in time.

A driver keeps to two routes a day, so a day is a pair of routes and two numbers. What the first,
second, third … load of a route is worth is reckoned from what is left to be moved; how long a round
takes, from slot to slot, with the waits that its gates impose now. With these every pair is weighed
by arithmetic, and the best few are placed to the minute and packed for real.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lull.compiling.jit import compiled, inner
from lull.compiling.pointer import pointer_to
from lull.plan.kernel.columns import (
    ALIKE,
    ALIKE_SETS,
    CARRIES,
    CHECK,
    CLOSES,
    COUNT_FROM,
    COUNT_TO,
    DOWN,
    ENTRY,
    EXIT,
    FREE_AT,
    GATE_FIRST,
    GATE_LARGEST,
    GATE_LAST,
    HERE,
    LAST_BY,
    LIES,
    LIKELY,
    LINE_ITEM,
    LINE_UNITS,
    LINES_FROM,
    LINES_TO,
    MARGIN,
    MEDICAL,
    OPENS,
    OPTION_FROM,
    OPTION_SETS,
    OPTION_TO,
    OPTIONS,
    PAYLOAD,
    PICK,
    POOL,
    ROUND_FROM,
    ROUND_TO,
    SEATS,
    SITE_BAYS,
    SITE_PLACE,
    SLOT,
    STOCK_ITEM,
    STOCK_SITE,
    STRETCHERS,
    TEAM,
    TRANSIT,
)
from lull.plan.kernel.day import MOST_TRIPS, allowed, back_to, chain
from lull.plan.kernel.load import MOST_ROWS, next_break, scalar_line, slope_and_room
from lull.plan.kernel.place import FIELDS, loaded_start
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import AID, NO, Floats, Ints, Tables

MOST_PIECES = 400
"""Groups and goods, cut where their worth falls, that fill the loads of one route."""

DEEP = 12
"""Loads of one route, one after the other, that are looked at."""

KEPT = 2
"""Routes of each kind of load that are weighed, the quickest first."""

SHORTLIST = 160
"""Routes that are weighed in pairs at the most."""

TRIED = 5
"""Pairs that are placed in time."""

GRID = 15
"""Minutes between the moments for which waits at gates are looked up."""

LEAST_SHARE = 0.25
"""Share of a team's round that must be left of a quota for it to be driven."""

LONGEST_WAIT = 90.0
"""Minutes that stand for a gate without a slot, where waits are averaged."""


@inner
def _load_key(t: Tables, s: State, k: int, size: int, r: int) -> int:
    """Rounds with one key carry the same loads now."""
    who, end = t.round[r, ALIKE], t.round[r, DOWN]
    seats, lying = size * t.kind[k, SEATS], size * t.kind[k, STRETCHERS]
    roomy = s.places[end, 0] - s.kept[end] >= 2 * seats
    roomy = roomy and min(s.places[end, 1], s.places[end, 2]) >= 2 * lying
    if t.round[r, CARRIES] != AID and not roomy:
        who = t.rules[ALIKE_SETS] + t.round[r, OPTIONS]
    return int(who)


@inner
def _curve(
    t: Tables, s: State, tw: Floats, k: int, size: int, r: int, least: float, curve: Floats,
) -> None:
    """What one, two, three … loads of a round are worth together, into `curve`.

    Reckoned with divisible households and goods: what is worth most fills the room first.
    """
    rate, many = np.empty(MOST_PIECES), np.empty(MOST_PIECES)
    curve[:] = 0.0
    if t.round[r, CARRIES] == AID:
        n = _pieces_of_goods(t, s, tw, r, rate, many)
        _fill(rate, many, n, float(size * t.kind[k, PAYLOAD]), curve)
    else:
        for medical in range(2):
            room = size * (t.kind[k, STRETCHERS] if medical else t.kind[k, SEATS])
            if room > 0:
                n = _pieces_of_people(t, s, tw, r, medical, rate, many)
                _fill(rate, many, n, float(room), curve)
    for n in range(1, DEEP + 1):
        if curve[n] - curve[n - 1] < least:
            curve[n:] = curve[n - 1]
            break


@inner
def _pieces_of_people(
    t: Tables, s: State, tw: Floats, r: int, medical: int, rate: Floats, many: Floats
) -> int:
    """Worth of a head and number of heads, piece by piece; how many pieces."""
    n = 0
    for o in range(t.round[r, OPTION_FROM], t.round[r, OPTION_TO]):
        group, end = t.option[o, 0], t.option[o, 1]
        if t.group[group, MEDICAL] != medical:
            continue
        left = 0
        for z in range(1, s.homes.shape[1]):
            left += s.homes[group, z] * (1 if medical else z)
        left = min(left, s.places[end, t.group[group, LIES]] if medical else (
            s.places[end, 0] - s.kept[end]))
        done = 0
        while left > 0 and n < MOST_PIECES:
            worth, step = 0.0, left
            for j in range(t.group[group, COUNT_FROM], t.group[group, COUNT_TO]):
                c = t.counted[j, 0]
                slope, room = slope_and_room(t, c, s.served[c] + done)
                worth += tw[t.cell[c, 1]] * t.count_weight[j] * slope
                if slope > 0:
                    step = min(step, room)
            if worth <= 0:
                break
            step = max(1, step)
            rate[n], many[n] = worth, step
            n += 1
            done += step
            left -= step
    return n


@inner
def _pieces_of_goods(
    t: Tables, s: State, tw: Floats, r: int, rate: Floats, many: Floats
) -> int:
    """Worth of a gram and number of grams, piece by piece; how many pieces."""
    n, store, place = 0, t.round[r, PICK], t.round[r, DOWN]
    for at in range(t.site[place, LINES_FROM], t.site[place, LINES_TO]):
        line = t.place_lines[at]
        item, left = t.line[line, LINE_ITEM], 0
        for i in range(len(t.stock)):
            if t.stock[i, STOCK_ITEM] == item and t.stock[i, STOCK_SITE] == store:
                left += s.stock[i]
        got = s.delivered[line]
        left = min(left, t.line[line, LINE_UNITS] - got)
        while left > 0 and n < MOST_PIECES:
            units = min(left, next_break(t, line, got) - got)
            if units <= 0:
                break
            gain = scalar_line(t, tw, line, got + units) - scalar_line(t, tw, line, got)
            if gain <= 0:
                break
            grams = units * t.item_grams[item]
            rate[n], many[n] = gain / grams, grams
            n += 1
            got += units
            left -= units
    return n


@inner
def _fill(rate: Floats, many: Floats, n: int, room: float, curve: Floats) -> None:
    """Add to each step of the curve what the dearest pieces bring in one more load."""
    order = np.argsort(-rate[:n])
    total, free, step = 0.0, room, 1
    for i in order:
        left = many[i]
        while left > 0 and step < len(curve):
            now = min(left, free)
            total += now * rate[i]
            left -= now
            free -= now
            if free <= 0:
                curve[step] += total
                step, free = step + 1, room
    while step < len(curve):
        curve[step] += total
        step += 1


@inner
def _waits(
    t: Tables, s: State, k: int, size: int, free_at: int, w: int
) -> NDArray[np.float64]:
    """For each gate the mean wait behind others over the rest of a window, from a slot on.

    -1 where it cannot be used.
    """
    first = max(free_at, t.windows[w, OPENS])
    cells = max(1, (t.windows[w, CLOSES] - t.rules[MARGIN] - first) // GRID)
    waits = np.full(len(t.gate), -1.0)
    for g in range(len(t.gate)):
        if size > t.gate[g, GATE_LARGEST] or t.gate_kind[TRANSIT, g, k] >= NO:
            continue
        found, total, any_ = -1, 0.0, False
        for i in range(cells):
            at = t.clock[0, min(first + i * GRID, t.clock.shape[1] - 1)]
            if at >= NO:
                total += LONGEST_WAIT
                continue
            if found < at:
                found = loaded_start(t, s, g, k, size, at, w)
            any_ = any_ or found < NO
            total += min(LONGEST_WAIT, float(found - at))
        if any_:
            waits[g] = total / cells
    return waits


@inner
def _check(t: Tables, g: int, k: int, size: int) -> int:
    """Minutes from a team's first entry into a check to its leaving the far gate."""
    each = t.gate_kind[CHECK, g, k]
    return int(-(-size // t.lanes[t.gate[g, POOL]]) * each + t.gate_kind[TRANSIT, g, k])


@inner
def _serve(t: Tables, i: int, k: int, size: int) -> int:
    """Minutes that a team is served at a site."""
    return int(-(-size // max(1, t.site[i, SITE_BAYS])) * t.serve[LIKELY, i, k])


@inner
def from_slot_to_slot(t: Tables, k: int, size: int, r: int) -> tuple[int, int]:
    """Minutes from the start of the way in to the first gate of the way out, and from there back.

    Both as a team of a size takes them on a round that follows one of its own kind.
    """
    e, x, pick, down = t.round[r, ENTRY], t.round[r, EXIT], t.round[r, PICK], t.round[r, DOWN]
    inside, outside = (down, pick) if t.round[r, CARRIES] == AID else (pick, down)
    stop, turn = t.site[inside, SITE_PLACE], t.site[outside, SITE_PLACE]
    there = _check(t, e, k, size) + t.ways[LIKELY, k, t.gate[e, GATE_LAST], stop]
    there += _serve(t, inside, k, size) + t.ways[LIKELY, k, stop, t.gate[x, GATE_FIRST]]
    back = _check(t, x, k, size) + t.ways[LIKELY, k, t.gate[x, GATE_LAST], turn]
    back += _serve(t, outside, k, size) + t.ways[LIKELY, k, turn, t.gate[e, GATE_FIRST]]
    return min(there, NO), min(back, NO)


@compiled
def cycles(tables: Tables, k: int, size: int) -> NDArray[np.float64]:
    """Minutes of each round of a type, driven again and again, with the waits for whole slots."""
    t = pointer_to(tables)
    a, b = t.kind[k, ROUND_FROM], t.kind[k, ROUND_TO]
    found = np.empty(b - a)
    for r in range(a, b):
        there, back = from_slot_to_slot(t, k, size, r)
        found[r - a] = _whole(t, there) + _whole(t, back)
    return found


@inner
def _whole(t: Tables, minutes: int) -> float:
    """Minutes rounded up to whole slots."""
    slot = max(1, t.rules[SLOT])
    return float(-(-minutes // slot) * slot)


@inner
def _shortlist(
    t: Tables, s: State, tw: Floats, k: int, size: int, at: Ints, w: int, driven: Ints,
    before: int, least: float, noise: float, dice: Floats, quota: Floats, keys: Ints,
    cycle: Floats, curves: Floats,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Routes worth weighing, and the minutes left from each one's entry on.

    Fills `keys` and `cycle` for each round and `curves` by key; with a quota every round is a key
    of its own, of use as long as there is a share of it left.
    """
    a, b = t.kind[k, ROUND_FROM], t.kind[k, ROUND_TO]
    waits = _waits(t, s, k, size, at[FREE_AT], w)
    known = np.zeros(len(curves), np.uint8)
    left = np.zeros(b - a)
    score = np.full(b - a, -1.0)
    for r in range(a, b):
        i = r - a
        e, x = t.round[r, ENTRY], t.round[r, EXIT]
        if waits[e] < 0 or waits[x] < 0 or not allowed(t, driven, before, r):
            continue
        if len(quota) and quota[r] < LEAST_SHARE * size:
            continue
        start = t.site[t.round[r, PICK], SITE_PLACE] if t.round[r, CARRIES] == AID else (
            t.gate[e, GATE_FIRST])
        leg = t.ways[LIKELY, k, at[HERE], start]
        if leg >= NO:
            continue
        there, back = from_slot_to_slot(t, k, size, r)
        if max(there, back) >= NO:
            continue
        cycle[i] = max(1.0, _whole(t, there) + _whole(t, back) + waits[e] + waits[x])
        until = min(t.windows[w, CLOSES] - t.rules[MARGIN], at[LAST_BY])
        first = at[FREE_AT] + leg
        if t.round[r, CARRIES] != AID:
            first = max(t.windows[w, OPENS], first)
        left[i] = until - first + (0 if t.round[r, CARRIES] == AID else back - t.gate_kind[
            TRANSIT, x, k])
        if left[i] < cycle[i]:
            continue
        key = i if len(quota) else _load_key(t, s, k, size, r)
        keys[i] = key
        if not known[key] and len(quota):
            _curve(t, s, tw, k, size, r, least, curves[key])
            most = int(quota[r] / size + 1.0 - LEAST_SHARE)
            if most < DEEP:
                curves[key, most + 1 :] = curves[key, most]
        elif not known[key]:
            known[key] = 1
            _curve(t, s, tw, k, size, r, least, curves[key])
            if noise > 0:
                curves[key] *= 1.0 + noise * dice[(key * 31 + t.round[r, PICK]) % len(dice)]
        most = min(DEEP, int(left[i] / max(1.0, cycle[i])))
        if curves[key, most] > 0:
            score[i] = curves[key, most]
    return _quickest(t, k, score, cycle, keys), left


@inner
def _quickest(t: Tables, k: int, score: Floats, cycle: Floats, keys: Ints) -> NDArray[np.int64]:
    """The quickest few rounds of each kind of load by different exits, the best kinds first."""
    a = t.kind[k, ROUND_FROM]
    per = np.zeros(keys.max() + 1 if len(keys) else 1, np.int64)
    gate = np.full((len(per), KEPT), -1, np.int64)
    found = np.empty(len(score), np.int64)
    n = 0
    for i in np.argsort(cycle):
        if score[i] <= 0:
            continue
        key, x = keys[i], t.round[a + i, EXIT]
        if per[key] >= KEPT or (per[key] > 0 and gate[key, 0] == x):
            continue
        gate[key, per[key]] = x
        per[key] += 1
        found[n] = i
        n += 1
    found = found[:n]
    if n > SHORTLIST:
        worth = np.empty(n)
        for j in range(n):
            worth[j] = -score[found[j]] / cycle[found[j]]
        found = found[np.argsort(worth)[:SHORTLIST]]
    return found


@inner
def _pairs(
    short: Ints, left: Floats, keys: Ints, cycle: Floats, curves: Floats,
) -> NDArray[np.int64]:
    """The best pairs: (first, how often, second, how often), different loads before all else."""
    n = len(short)
    score = np.zeros((n, n))
    often = np.zeros((n, n), np.int64)
    for i in range(n):
        p = short[i]
        for j in range(n):
            q = short[j]
            most = min(DEEP, int(left[p] / cycle[p]))
            for x in range(0 if i != j else most, most + 1):
                if i == j:
                    got = curves[keys[p], x]
                else:
                    y = min(DEEP, int((left[p] - x * cycle[p]) / cycle[q]))
                    if x == 0 or y == 0:
                        continue
                    if keys[p] == keys[q]:
                        got = curves[keys[p], min(DEEP, x + y)] * 0.999
                    else:
                        got = curves[keys[p], x] + curves[keys[q], y]
                if got > score[i, j]:
                    score[i, j], often[i, j] = got, x
    found = np.full((TRIED, 4), -1, np.int64)
    for m in range(TRIED):
        top, bi, bj = 0.0, -1, -1
        for i in range(n):
            for j in range(n):
                if score[i, j] > top:
                    top, bi, bj = score[i, j], i, j
        if bi < 0:
            return found[:m]
        p, q = short[bi], short[bj]
        x = often[bi, bj]
        y = 0 if bi == bj else min(DEEP, int((left[p] - x * cycle[p]) / cycle[q]))
        found[m, 0], found[m, 1], found[m, 2], found[m, 3] = p, x, q, y
        for i in range(n):
            for j in range(n):
                if keys[short[i]] == keys[p] and keys[short[j]] == keys[q]:
                    score[i, j] = 0.0
    return found


@inner
def _drive_pair(
    t: Tables, s: State, tw: Floats, k: int, size: int, w: int, at: Ints, seq: Ints, before: int,
    pair: Ints, least: float, quota: Floats, outs: Ints, loads: Ints, counts: Ints, gains: Floats,
    value: Floats,
) -> int:
    """Place a pair in time, go on with either as long as there is time; how many trips now."""
    value[:] = 0.0
    a = t.kind[k, ROUND_FROM]
    first, second = a + pair[0], a + pair[2]
    most_first, most_second = MOST_TRIPS, MOST_TRIPS
    if len(quota):
        most_first = int(quota[first] / size + 1.0 - LEAST_SHARE)
        most_second = int(quota[second] / size + 1.0 - LEAST_SHARE)
    n = chain(t, s, tw, k, size, first, w, at, seq, before, min(pair[1], most_first), least, outs,
              loads, counts, gains, value)
    if second != first:
        done = n - before
        n = chain(t, s, tw, k, size, second, w, at, seq, n, most_second, least, outs, loads,
                  counts, gains, value)
        n = chain(t, s, tw, k, size, first, w, at, seq, n, max(0, most_first - done), least, outs,
                  loads, counts, gains, value)
    return n


@compiled
def best_day(
    tables: Tables, state: State, tw: Floats, k: int, size: int, w: int, at: Ints, driven: Ints,
    before: int, least: float, noise: float, dice: NDArray[np.float64],
    quota: NDArray[np.float64], best: Ints,
) -> int:
    """Find the best continuation of a team's day; nothing stays booked.

    `at` says where the team stands (`columns.TEAM`), `driven` holds `before` rounds of the same
    date, a trip gains at least `least`. `quota`, if not empty, holds the vehicle-rounds of each
    round that are to be driven: then no others are looked at.
    Writes the rounds to drive into `best` and returns how many.
    """
    t, s = pointer_to(tables), pointer_to(state)
    outs = np.zeros((MOST_TRIPS, FIELDS), np.int64)
    loads = np.zeros((MOST_TRIPS, MOST_ROWS, 4 + s.homes.shape[1]), np.int64)
    counts = np.zeros(MOST_TRIPS, np.int64)
    gains = np.zeros(MOST_TRIPS)
    seq = np.zeros(MOST_TRIPS, np.int64)
    seq[:before] = driven[:before]
    number = t.kind[k, ROUND_TO] - t.kind[k, ROUND_FROM]
    keys = np.zeros(number, np.int64)
    cycle = np.full(number, 1e9)
    kinds = number if len(quota) else t.rules[ALIKE_SETS] + t.rules[OPTION_SETS]
    curves = np.zeros((kinds, DEEP + 1))
    short, left = _shortlist(t, s, tw, k, size, at, w, seq, before, least, noise, dice, quota,
                             keys, cycle, curves)
    pairs = _pairs(short, left, keys, cycle, curves)
    now, value = np.empty(TEAM, np.int64), np.zeros(len(tw))
    pair = np.empty(4, np.int64)
    top, length = 1e-18, 0
    for m in range(len(pairs)):
        for turned in range(2):
            pair[:] = pairs[m]
            if turned and pair[0] == pair[2]:
                break
            if turned:
                pair[0], pair[1], pair[2], pair[3] = pairs[m, 2], pairs[m, 3], pairs[m, 0], (
                    pairs[m, 1])
            now[:] = at
            n = _drive_pair(t, s, tw, k, size, w, now, seq, before, pair, least, quota, outs,
                            loads, counts, gains, value)
            score = gains[before:n].sum()
            if score > top:
                top, length = score, n - before
                best[:length] = seq[before:n]
            back_to(t, s, k, size, seq, outs, loads, counts, before, n, value)
    return length
