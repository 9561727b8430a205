"""The best day of one team, round after round by what is free at each moment; as `itinerary`.

Where gates are full, what counts is the next free slot, not how long a round takes on the whole
day: then this finds what `choose` cannot see. Chains of one route are driven, and after their last
prefixes chains of every other.
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
    CLOSES,
    DOWN,
    ENTRY,
    EXIT,
    FREE_AT,
    GATE_FIRST,
    GATE_LARGEST,
    HERE,
    LIKELY,
    MINUTES,
    OPENS,
    OPTION_SETS,
    OPTIONS,
    PICK,
    ROUND_FROM,
    ROUND_TO,
    SEATS,
    SINCE,
    STRETCHERS,
    TEAM,
    TRANSIT,
)
from lull.plan.kernel.day import MOST_TRIPS, allowed, back_to, chain, cost, scalar
from lull.plan.kernel.load import MOST_ROWS, pack_goods, pack_people, put_back
from lull.plan.kernel.place import DEPARTS, FIELDS, FREE, PLACE, loaded_start, place
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import AID, NO, Floats, Ints, Tables

SHORTLIST = 48
FIRST, SECOND, CHAINS, PREFIXES = 8, 4, 3, 3
GRID = 15
"""Minutes between the moments for which waits at gates are looked up when rounds are ranked."""


@inner
def worths(
    t: Tables, s: State, tw: Floats, k: int, size: int, rows: Ints
) -> NDArray[np.float64]:
    """What a full load of each round of a type is worth now."""
    a, b = t.kind[k, ROUND_FROM], t.kind[k, ROUND_TO]
    found = np.zeros(b - a)
    memo = np.full(t.rules[ALIKE_SETS] + t.rules[OPTION_SETS], -1.0)
    seats, lying = size * t.kind[k, SEATS], size * t.kind[k, STRETCHERS]
    value = np.zeros(len(tw))
    for r in range(a, b):
        who, end = t.round[r, ALIKE], t.round[r, DOWN]
        roomy = s.places[end, 0] - s.kept[end] >= seats
        roomy = roomy and min(s.places[end, 1], s.places[end, 2]) >= lying
        if t.round[r, CARRIES] != AID and not roomy:
            who = t.rules[ALIKE_SETS] + t.round[r, OPTIONS]
        if memo[who] >= 0:
            found[r - a] = memo[who]
            continue
        value[:] = 0.0
        if t.round[r, CARRIES] == AID:
            n = pack_goods(t, s, tw, k, size, r, NO, rows, value)
        else:
            n = pack_people(t, s, tw, k, size, r, NO, rows, value)
        found[r - a] = scalar(tw, value)
        put_back(t, s, r, rows, n, -1, value)
        memo[who] = found[r - a]
    return found


@inner
def _waits(
    t: Tables, s: State, k: int, size: int, free_at: int, w: int
) -> NDArray[np.int64]:
    """For each gate and moment, how long a team would wait there."""
    first = max(free_at, t.windows[w, OPENS])
    cells = (t.windows[w, CLOSES] - first) // GRID + 2
    waits = np.full((len(t.gate), max(1, cells)), NO, dtype=np.int64)
    for g in range(len(t.gate)):
        if size > t.gate[g, GATE_LARGEST] or t.gate_kind[TRANSIT, g, k] >= NO:
            continue
        found = -1
        for i in range(cells):
            at = first + i * GRID
            if at > t.windows[w, CLOSES]:
                break
            if found < at:
                found = loaded_start(t, s, g, k, size, at, w)
            if found >= NO:
                break
            waits[g, i] = found - at
    return waits


@inner
def ranked(
    t: Tables, s: State, k: int, size: int, here: int, free_at: int, w: int,
    worth: NDArray[np.float64], noise: float, dice: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Rounds by worth a minute, with the waits at gates; a short list, few of a kind."""
    a = t.kind[k, ROUND_FROM]
    number = t.kind[k, ROUND_TO] - a
    waits = _waits(t, s, k, size, free_at, w)
    rates = np.zeros(number)
    for i in range(number):
        if worth[i] <= 0.0:
            continue
        r = a + i
        half = t.round[r, MINUTES] // 2
        leg = t.ways[LIKELY, k, here, t.gate[t.round[r, ENTRY], GATE_FIRST]]
        x = min(leg // GRID, waits.shape[1] - 1)
        wait = waits[t.round[r, ENTRY], x]
        y = (half + min(wait, 10000)) // GRID
        if wait >= NO or y >= waits.shape[1] or waits[t.round[r, EXIT], y] >= NO:
            continue
        minutes = t.round[r, MINUTES] + wait + waits[t.round[r, EXIT], y]
        rates[i] = worth[i] / max(1, minutes) * (1.0 + noise * dice[i % len(dice)])
    order = np.argsort(-rates)
    found = np.empty(SHORTLIST, np.int64)
    picks = np.zeros(len(t.site), np.int64)
    exits = np.zeros(len(t.gate), np.int64)
    n = 0
    for i in order:
        if rates[i] <= 0.0 or n >= SHORTLIST:
            break
        r = a + i
        where = t.round[r, DOWN] if t.round[r, CARRIES] == AID else t.round[r, PICK]
        if picks[where] >= 3 or exits[t.round[r, EXIT]] >= 12:
            continue
        picks[where] += 1
        exits[t.round[r, EXIT]] += 1
        found[n] = r
        n += 1
    return found[:n]


@compiled
def eager_day(
    tables: Tables, state: State, tw: Floats, k: int, size: int, w: int, at: Ints, driven: Ints,
    before: int, least: float, noise: float, dice: NDArray[np.float64], best: Ints,
) -> int:
    """Find the best continuation of a team's day; nothing stays booked.

    `at` says where the team stands (`columns.TEAM`), `driven` holds `before` rounds of the same
    date, a trip gains at least `least`. Writes the rounds to drive into `best` and returns how
    many.
    """
    t, s = pointer_to(tables), pointer_to(state)
    outs = np.zeros((MOST_TRIPS, FIELDS), np.int64)
    loads = np.zeros((MOST_TRIPS, MOST_ROWS, 4 + s.homes.shape[1]), np.int64)
    counts = np.zeros(MOST_TRIPS, np.int64)
    gains = np.zeros(MOST_TRIPS)
    seq = np.zeros(MOST_TRIPS, np.int64)
    seq[:before] = driven[:before]
    worth = worths(t, s, tw, k, size, loads[0])
    firsts = ranked(t, s, k, size, at[HERE], at[FREE_AT], w, worth, noise, dice)
    scores = np.zeros(len(firsts))
    now = np.empty(TEAM, np.int64)
    value = np.zeros(len(tw))
    top, length = 1e-18, 0
    tried = 0
    for i in range(len(firsts)):
        if tried >= FIRST:
            break
        r = firsts[i]
        now[:] = at
        value[:] = 0.0
        n = chain(t, s, tw, k, size, r, w, now, seq, before, MOST_TRIPS, least, outs, loads,
                  counts, gains, value)
        if n == before:
            continue
        tried += 1
        score = gains[before:n].sum()
        scores[i] = score
        if score > top:
            top, length = score, n - before
            best[:length] = seq[before:n]
        back_to(t, s, k, size, seq, outs, loads, counts, before, n, value)
    order = np.argsort(-scores)
    for i in order[:CHAINS]:
        if scores[i] <= 0:
            break
        found, more = _with_second(
            t, s, tw, k, size, w, at, seq, before, least, firsts, i, worth, outs, loads, counts,
            gains,
            top, best)
        if more > 0:
            top, length = found, more
    return length


@inner
def _with_second(
    t: Tables, s: State, tw: Floats, k: int, size: int, w: int, at: Ints, seq: Ints, before: int,
    least: float, firsts: Ints, i: int, worth: Floats, outs: Ints, loads: Ints, counts: Ints,
    gains: Floats,
    top: float, best: Ints,
) -> tuple[float, int]:
    """Try every other short-listed route after the last prefixes of a chain."""
    now = np.empty(TEAM, np.int64)
    value = np.zeros(len(tw))
    now[:] = at
    first = firsts[i]
    n = chain(t, s, tw, k, size, first, w, now, seq, before, MOST_TRIPS, least, outs, loads,
              counts, gains, value)
    length = 0
    for back in range(PREFIXES):
        m = n - back
        if m <= before:
            break
        base = gains[before:m].sum()
        now[HERE], now[FREE_AT] = outs[m - 1, PLACE], outs[m - 1, FREE]
        now[SINCE] = at[SINCE] if at[SINCE] != NO else outs[before, DEPARTS]
        rates = np.zeros(len(firsts))
        for j in range(len(firsts)):
            r = firsts[j]
            if r == first or not allowed(t, seq, m, r):
                continue
            if place(t, s, k, size, now[HERE], now[FREE_AT], r, w, outs[m]):
                gain = worth[r - t.kind[k, ROUND_FROM]] - cost(t, s, r, outs[m])
                rates[j] = gain / max(1, outs[m, FREE] - now[FREE_AT])
        for _ in range(SECOND):
            best_rate, second = 0.0, -1
            for j in range(len(firsts)):
                if rates[j] > best_rate:
                    best_rate, second = rates[j], j
            if second < 0:
                break
            rates[second] = 0.0
            later = now.copy()
            value[:] = 0.0
            end = chain(t, s, tw, k, size, firsts[second], w, later, seq, m, MOST_TRIPS, least,
                        outs, loads, counts,
                        gains, value)
            score = base + gains[m:end].sum()
            if score > top + 1e-18:
                top, length = score, end - before
                best[:length] = seq[before:end]
            back_to(t, s, k, size, seq, outs, loads, counts, m, end, value)
        n_left = m - 1
        back_to(t, s, k, size, seq, outs, loads, counts, n_left, m, value)
        if back == PREFIXES - 1 or n_left <= before:
            back_to(t, s, k, size, seq, outs, loads, counts, before, n_left, value)
            return top, length
    return top, length
