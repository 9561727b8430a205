"""The rounds of one team, in arrays: one more, a chain of them, taken back, put again."""

from __future__ import annotations

from lull.compiling.jit import compiled, inner
from lull.compiling.pointer import pointer_to
from lull.plan.kernel.columns import (
    CARRIES,
    DUTY,
    ENTRY,
    EXIT,
    FREE_AT,
    HERE,
    LAST_BY,
    LAST_END,
    LAST_PLACE,
    LIKELY,
    MOST_LINES,
    MOST_ROUTES,
    PICK,
    POOL,
    SINCE,
    SITE_PLACE,
    STOCK_READY,
    STOCK_SITE,
)
from lull.plan.kernel.links import depart, persons_in_step
from lull.plan.kernel.load import (
    crowd_room,
    pack_goods,
    pack_people,
    persons_in,
    put_back,
    wait_at,
)
from lull.plan.kernel.place import (
    CALLED,
    DEPARTS,
    FREE,
    IN_BLOCK,
    IN_START,
    LOAD_BLOCK,
    LOAD_START,
    OUT_BLOCK,
    OUT_START,
    OUT_WIDTH,
    PLACE,
    book_round,
    place,
)
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import AID, NO, Floats, Ints, Tables
from lull.plan.orders import LINES_A_ROUTE

MOST_TRIPS = 32


@inner
def one_more(
    t: Tables, s: State, tw: Floats, k: int, size: int, at: Ints, r: int, w: int, out: Ints,
    rows: Ints, value: Floats,
) -> int:
    """Place, load and book one more round; how many rows it carries, or -1 if none is of use."""
    here, free_at = at[HERE], at[FREE_AT]
    for _ in range(3):
        if not place(t, s, k, size, here, free_at, r, w, out):
            return -1
        ends = out[FREE] + t.ways[LIKELY, k, out[PLACE], at[LAST_PLACE]]
        if ends > at[LAST_BY]:
            return -1
        began = out[DEPARTS] if at[SINCE] == NO else at[SINCE]
        if at[LAST_END] < NO:
            ends = at[LAST_END]
        if ends - began > t.kind[k, DUTY]:
            return -1
        pick = t.round[r, PICK]
        if t.round[r, CARRIES] == AID:
            n = pack_goods(t, s, tw, k, size, r, out[LOAD_START], rows, value)
        else:
            ends = out[LOAD_START] + out[LOAD_BLOCK]
            most = crowd_room(t, s, pick, out[CALLED], ends)
            most = min(most, persons_in_step(t, s, t.round[r, EXIT], out[OUT_START]))
            n = pack_people(t, s, tw, k, size, r, most, rows, value)
            if n:
                wait_at(s, pick, out[CALLED], ends, persons_in(rows, n))
        if n:
            book_round(t, s, k, size, r, out, 1)
            depart(t, s, k, size, r, out[OUT_START], out[OUT_WIDTH], rows, n, 1)
            return n
        ready = NO
        if t.round[r, CARRIES] == AID:
            for i in range(len(t.stock)):
                later = out[LOAD_START] < t.stock[i, STOCK_READY]
                if later and t.stock[i, STOCK_SITE] == pick and s.stock[i] > 0:
                    ready = min(ready, t.stock[i, STOCK_READY])
        if ready >= NO:
            return -1
        free_at = ready - t.ways[LIKELY, k, here, t.site[pick, SITE_PLACE]]
    return -1


@inner
def taken_back(
    t: Tables, s: State, k: int, size: int, r: int, out: Ints, rows: Ints, n: int, value: Floats
) -> None:
    """Undo a booked round."""
    book_round(t, s, k, size, r, out, -1)
    depart(t, s, k, size, r, out[OUT_START], out[OUT_WIDTH], rows, n, -1)
    if t.round[r, CARRIES] != AID:
        ends = out[LOAD_START] + out[LOAD_BLOCK]
        wait_at(s, t.round[r, PICK], out[CALLED], ends, -persons_in(rows, n))
    put_back(t, s, r, rows, n, -1, value)


@inner
def back_to(
    t: Tables, s: State, k: int, size: int, seq: Ints, outs: Ints, loads: Ints, counts: Ints,
    first: int, n: int, value: Floats,
) -> None:
    """Undo the rounds from `first` on of a sequence of `n`, the last one first."""
    for j in range(n - 1, first - 1, -1):
        taken_back(t, s, k, size, seq[j], outs[j], loads[j], counts[j], value)


@compiled
def take_back(
    tables: Tables, state: State, k: int, size: int, r: int, out: Ints, rows: Ints, n: int,
    value: Floats,
) -> None:
    """Undo a booked round."""
    taken_back(pointer_to(tables), pointer_to(state), k, size, r, out, rows, n, value)


@compiled
def put_again(
    tables: Tables, state: State, k: int, size: int, r: int, out: Ints, rows: Ints, n: int,
    value: Floats,
) -> None:
    """Book a round again as it was."""
    t, s = pointer_to(tables), pointer_to(state)
    put_back(t, s, r, rows, n, 1, value)
    if t.round[r, CARRIES] != AID:
        ends = out[LOAD_START] + out[LOAD_BLOCK]
        wait_at(s, t.round[r, PICK], out[CALLED], ends, persons_in(rows, n))
    book_round(t, s, k, size, r, out, 1)
    depart(t, s, k, size, r, out[OUT_START], out[OUT_WIDTH], rows, n, 1)


@inner
def cost(t: Tables, s: State, r: int, out: Ints) -> float:
    """What the lanes of a placed round cost at the prices of the moment."""
    p = t.gate[t.round[r, ENTRY], POOL]
    total = s.price[p, out[IN_START] + out[IN_BLOCK]] - s.price[p, out[IN_START]]
    p = t.gate[t.round[r, EXIT], POOL]
    total += s.price[p, out[OUT_START] + out[OUT_BLOCK]] - s.price[p, out[OUT_START]]
    return float(total)


@inner
def scalar(tw: Floats, value: Floats) -> float:
    """Tiers weighed into one figure."""
    total = 0.0
    for i in range(len(tw)):
        total += tw[i] * value[i]
    return total


@inner
def allowed(t: Tables, driven: Ints, n: int, r: int) -> bool:
    """Whether a driver's routes and half a page allow one more round."""
    different = 1
    for i in range(n):
        if driven[i] == r:
            different -= 1
            break
    for i in range(n):
        new = True
        for j in range(i):
            if driven[j] == driven[i]:
                new = False
                break
        different += 1 if new else 0
    lines = LINES_A_ROUTE * different + n + 1
    return bool(different <= t.rules[MOST_ROUTES] and lines <= t.rules[MOST_LINES])


@inner
def chain(
    t: Tables, s: State, tw: Floats, k: int, size: int, r: int, w: int,
    at: Ints, driven: Ints, n: int, most: int, least: float, outs: Ints, loads: Ints,
    counts: Ints, gains: Floats, value: Floats,
) -> int:
    """Drive one round again and again from where the team stands; how many trips now.

    At most `most` times, and only while a trip gains at least `least`. Trips are appended to
    `driven`, `outs`, `loads`, `counts` and `gains` from place `n` on, and booked.
    """
    end = min(MOST_TRIPS, n + most)
    while n < end and allowed(t, driven, n, r):
        before = scalar(tw, value)
        rows = one_more(t, s, tw, k, size, at, r, w, outs[n], loads[n], value)
        if rows < 0:
            break
        gains[n] = scalar(tw, value) - before - cost(t, s, r, outs[n])
        if gains[n] < least:
            taken_back(t, s, k, size, r, outs[n], loads[n], rows, value)
            break
        counts[n] = rows
        driven[n] = r
        at[HERE], at[FREE_AT] = outs[n, PLACE], outs[n, FREE]
        if at[SINCE] == NO:
            at[SINCE] = outs[n, DEPARTS]
        n += 1
    return n


@compiled
def drive(
    tables: Tables, state: State, tw: Floats, k: int, size: int, w: int, at: Ints, rounds: Ints,
    n: int, outs: Ints, loads: Ints, counts: Ints, value: Floats,
) -> int:
    """Book a sequence of rounds as they now fit; how many did. `at` is moved along."""
    t, s = pointer_to(tables), pointer_to(state)
    for j in range(n):
        rows = one_more(t, s, tw, k, size, at, rounds[j], w, outs[j], loads[j], value)
        if rows < 0:
            return j
        counts[j] = rows
        at[HERE], at[FREE_AT] = outs[j, PLACE], outs[j, FREE]
        if at[SINCE] == NO:
            at[SINCE] = outs[j, DEPARTS]
    return n
