"""One round in time, in arrays: what `walk.Walker` says, for rounds in by a gate and out by one."""

from __future__ import annotations

from lull.compiling.jit import inner
from lull.plan.kernel.columns import (
    CALL_LEAD,
    CARRIES,
    CHECK,
    CHECK_HIGH,
    CLOSES,
    DOWN,
    ENTRY,
    EXIT,
    GATE_FIRST,
    GATE_HEADWAY,
    GATE_HOLDING,
    GATE_LARGEST,
    GATE_LAST,
    GATE_RATE,
    GATE_SLOWEST,
    GATE_STRETCH,
    GATES,
    HIGH,
    LAST_OUT,
    LIKELY,
    MARGIN,
    MILLIONTHS,
    OPENS,
    PICK,
    POOL,
    POOLS,
    SITE_BAYS,
    SITE_CALL,
    SITE_INSIDE,
    SITE_PLACE,
    SITE_WAIT,
    SITES,
    SPELLS,
    TRANSIT,
    TRANSIT_HIGH,
)
from lull.plan.kernel.links import in_step_from
from lull.plan.kernel.state import BLOCKED, ENTERED, PROMISES, QUEUE, State
from lull.plan.kernel.tables import AID, NO, Ints, Tables

LATER_TRIES = 45

# What a placed round holds, by position.
DEPARTS, FREE, PLACE = 0, 1, 2
IN_START, IN_BLOCK, IN_WIDTH, IN_LEAVES = 3, 4, 5, 6
OUT_START, OUT_BLOCK, OUT_WIDTH, OUT_LEAVES = 7, 8, 9, 10
LOAD_ARRIVES, LOAD_START, LOAD_BLOCK, LOAD_WIDTH, LOAD_DEPARTS = 11, 12, 13, 14, 15
DOWN_ARRIVES, DOWN_START, DOWN_BLOCK, DOWN_WIDTH, DOWN_DEPARTS = 16, 17, 18, 19, 20
PROMISED, MOMENT, UNTIL, ROOM, CALLED = 21, 22, 23, 24, 25
FIELDS = 26


@inner
def _closed(t: Tables, row: int, start: int, block: int) -> bool:
    """Whether a booking may not stand; what takes no time may begin at the minute of closing."""
    until = t.clock[row, start]
    if block > 0 or until > start:
        return bool(until < start + block)
    return start == 0 or t.clock[row, start - 1] == start - 1


@inner
def gate_start(t: Tables, s: State, g: int, k: int, size: int, at: int, w: int) -> int:
    """The first minute at which a convoy may start through a gate, or NO."""
    p = t.gate[g, POOL]
    each = t.gate_kind[CHECK, g, k]
    width = min(size, t.lanes[p])
    block = -(-size // width) * each
    if size > t.gate[g, GATE_LARGEST] or block - each > t.gate[g, GATE_HOLDING]:
        return NO
    transit = t.gate_kind[TRANSIT, g, k]
    if transit >= NO:
        return NO
    most = t.lanes[p] - width
    start = max(at, t.windows[w, OPENS])
    last = t.windows[w, CLOSES] - block
    while start <= last:
        start = t.clock[0, start]
        if start > last:
            return NO
        if s.starts[BLOCKED, g, start] > 0:
            start += 1
            continue
        if t.clock[t.rules[GATES] + g, start] < start + block + transit:
            start += 1
            continue
        if _closed(t, t.rules[POOLS] + p, start, block):
            start += 1
            continue
        full = -1
        for m in range(start + max(block, 1) - 1, start - 1, -1):
            if s.used[p, m] > most:
                full = m
                break
        if full >= 0:
            start = full + 1
            continue
        if t.gate[g, GATE_RATE] < NO and not _rate_allows(s, g, start, max(1, block), size,
                                                    t.gate[g, GATE_RATE]):
            start += 1
            continue
        return int(start)
    return NO


@inner
def loaded_start(t: Tables, s: State, g: int, k: int, size: int, at: int, w: int) -> int:
    """As `gate_start`, for a convoy that carries people if its type does: linked gates in step."""
    at = in_step_from(t, s, g, k, size, at)
    return NO if at >= NO else gate_start(t, s, g, k, size, at, w)


@inner
def _rate_allows(s: State, g: int, at: int, span: int, vehicles: int, rate: int) -> bool:
    n = s.starts.shape[2]
    first = max(0, at - 59)
    total = 0
    for m in range(first, min(first + 60, n)):
        total += s.starts[ENTERED, g, m]
    for h in range(first, at + span):
        if total + vehicles > rate:
            return False
        total -= s.starts[ENTERED, g, h]
        if h + 60 < n:
            total += s.starts[ENTERED, g, h + 60]
    return True


@inner
def site_start(t: Tables, s: State, i: int, at: int, block: int, width: int) -> int:
    """The first minute at which bays are free at a site, within one spell of its hours, or NO."""
    n = t.clock.shape[1]
    start = max(0, at)
    most = t.site[i, SITE_BAYS] - width
    limited = t.site[i, SITE_BAYS] < NO
    while start + max(block, 1) <= n:
        until = t.clock[t.rules[SITES] + i, start]
        if _closed(t, t.rules[SITES] + i, start, block):
            if until >= n:
                return NO
            start = max(start + 1, until + 1) if block else start + 1
            continue
        if t.clock[t.rules[SPELLS] + i, start] < start + block:
            start += 1
            continue
        if limited:
            full = -1
            for m in range(start + max(block, 1) - 1, start - 1, -1):
                if s.bays[i, m] > most:
                    full = m
                    break
            if full >= 0:
                start = full + 1
                continue
        return start
    return NO


@inner
def _fits_site(t: Tables, s: State, i: int, start: int, block: int, width: int) -> bool:
    ends = start + block
    if start < 0 or t.clock[t.rules[SITES] + i, start] < ends:
        return False
    if t.clock[t.rules[SPELLS] + i, start] < ends:
        return False
    if t.site[i, SITE_BAYS] < NO:
        for m in range(start, start + max(block, 1)):
            if s.bays[i, m] > t.site[i, SITE_BAYS] - width:
                return False
    return True


@inner
def _load_inside(
    t: Tables, s: State, i: int, k: int, size: int, arrives: int, w: int, out: Ints
) -> bool:
    """Put boarding at a site inside at its earliest into `out`."""
    each = t.serve[LIKELY, i, k]
    width = min(size, t.site[i, SITE_BAYS])
    block = -(-size // width) * each
    if t.site[i, SITE_CALL] + block - each > t.site[i, SITE_WAIT]:
        return False
    earliest = max(arrives, t.windows[w, OPENS] + t.site[i, SITE_CALL])
    start = site_start(t, s, i, earliest, block, width)
    if start >= NO or start + block - each > t.home[w, i]:
        return False
    out[LOAD_ARRIVES], out[LOAD_START], out[LOAD_BLOCK] = arrives, start, block
    out[LOAD_WIDTH], out[LOAD_DEPARTS] = width, start + block
    return True


@inner
def _load_later(
    t: Tables, s: State, i: int, k: int, leave: int, w: int, inside: bool, out: Ints
) -> None:
    """Load as late as bays allow before leaving at a minute."""
    block, start = out[LOAD_BLOCK], out[LOAD_START]
    latest = leave - block
    if inside:
        latest = min(latest, t.home[w, i] - (block - t.serve[LIKELY, i, k]))
    out[LOAD_DEPARTS] = leave
    for at in range(latest, max(start, latest - LATER_TRIES), -1):
        if _fits_site(t, s, i, at, block, out[LOAD_WIDTH]):
            out[LOAD_START] = at
            return


@inner
def place(
    t: Tables, s: State, k: int, size: int, here: int, free_at: int, r: int, w: int, out: Ints
) -> bool:
    """Place a round at its earliest into `out`; False where it does not fit the window."""
    if t.round[r, CARRIES] == AID:
        return _place_aid(t, s, k, size, here, free_at, r, w, out)
    return _place_people(t, s, k, size, here, free_at, r, w, out)


@inner
def _through(t: Tables, g: int, k: int, size: int, at: int, out: Ints, field: int) -> None:
    width = min(size, t.lanes[t.gate[g, POOL]])
    block = -(-size // width) * t.gate_kind[CHECK, g, k]
    out[field], out[field + 1], out[field + 2] = at, block, width
    out[field + 3] = at + block + t.gate_kind[TRANSIT, g, k]


@inner
def _set_down(
    t: Tables, s: State, down: int, k: int, size: int, g: int, leaves: int, out: Ints
) -> bool:
    """Put setting down at a site, at its earliest after leaving a gate at a minute, into `out`."""
    leg = t.ways[LIKELY, k, t.gate[g, GATE_LAST], t.site[down, SITE_PLACE]]
    if leg >= NO:
        return False
    width = min(size, t.site[down, SITE_BAYS])
    block = -(-size // width) * t.serve[LIKELY, down, k]
    start = site_start(t, s, down, leaves + leg, block, width)
    if start >= NO:
        return False
    out[DOWN_ARRIVES], out[DOWN_START], out[DOWN_BLOCK] = leaves + leg, start, block
    out[DOWN_WIDTH], out[DOWN_DEPARTS] = width, start + block
    return True


@inner
def _place_people(
    t: Tables, s: State, k: int, size: int, here: int, free_at: int, r: int, w: int, out: Ints
) -> bool:
    a, b = t.round[r, ENTRY], t.round[r, EXIT]
    pick, down = t.round[r, PICK], t.round[r, DOWN]
    leg = t.ways[LIKELY, k, here, t.gate[a, GATE_FIRST]]
    if leg >= NO:
        return False
    start = gate_start(t, s, a, k, size, free_at + leg, w)
    if start >= NO:
        return False
    _through(t, a, k, size, start, out, IN_START)
    out[DEPARTS] = start - leg
    leg = t.ways[LIKELY, k, t.gate[a, GATE_LAST], t.site[pick, SITE_PLACE]]
    if leg >= NO or not _load_inside(t, s, pick, k, size, out[IN_LEAVES] + leg, w, out):
        return False
    leg = t.ways[LIKELY, k, t.site[pick, SITE_PLACE], t.gate[b, GATE_FIRST]]
    if leg >= NO:
        return False
    start = loaded_start(t, s, b, k, size, out[LOAD_DEPARTS] + leg, w)
    if start >= NO:
        return False
    _through(t, b, k, size, start, out, OUT_START)
    if out[OUT_LEAVES] > t.windows[w, LAST_OUT + k]:
        return False
    _load_later(t, s, pick, k, start - leg, w, t.site[pick, SITE_INSIDE] == 1, out)
    if not _set_down(t, s, down, k, size, b, out[OUT_LEAVES], out):
        return False
    out[FREE], out[PLACE] = out[DOWN_DEPARTS], t.site[down, SITE_PLACE]
    _call(t, pick, k, w, out)
    return _safe(t, s, k, size, a, b, pick, out[LOAD_DEPARTS], out[LOAD_WIDTH], w, out)


@inner
def _call(t: Tables, pick: int, k: int, w: int, out: Ints) -> None:
    lead = max(t.rules[CALL_LEAD], t.site[pick, SITE_CALL])
    if t.site[pick, SITE_WAIT] < NO:
        longest = t.site[pick, SITE_WAIT] - out[LOAD_BLOCK] + t.serve[LIKELY, pick, k]
        lead = max(t.site[pick, SITE_CALL], min(lead, longest))
    out[CALLED] = out[LOAD_START] - lead
    if t.site[pick, SITE_INSIDE] == 1:
        out[CALLED] = max(t.windows[w, OPENS], out[CALLED])


@inner
def _place_aid(
    t: Tables, s: State, k: int, size: int, here: int, free_at: int, r: int, w: int, out: Ints
) -> bool:
    a, b = t.round[r, ENTRY], t.round[r, EXIT]
    store, down = t.round[r, PICK], t.round[r, DOWN]
    leg = t.ways[LIKELY, k, here, t.site[store, SITE_PLACE]]
    if leg >= NO:
        return False
    first_leg = leg
    each = t.serve[LIKELY, store, k]
    width = min(size, t.site[store, SITE_BAYS])
    block = -(-size // width) * each
    start = site_start(t, s, store, free_at + leg, block, width)
    if start >= NO:
        return False
    out[LOAD_ARRIVES], out[LOAD_START], out[LOAD_BLOCK] = free_at + leg, start, block
    out[LOAD_WIDTH], out[LOAD_DEPARTS] = width, start + block
    leg = t.ways[LIKELY, k, t.site[store, SITE_PLACE], t.gate[a, GATE_FIRST]]
    if leg >= NO:
        return False
    start = gate_start(t, s, a, k, size, out[LOAD_DEPARTS] + leg, w)
    if start >= NO:
        return False
    _through(t, a, k, size, start, out, IN_START)
    _load_later(t, s, store, k, start - leg, w, t.site[store, SITE_INSIDE] == 1, out)
    if not _set_down(t, s, down, k, size, a, out[IN_LEAVES], out):
        return False
    leg = t.ways[LIKELY, k, t.site[down, SITE_PLACE], t.gate[b, GATE_FIRST]]
    if leg >= NO:
        return False
    start = gate_start(t, s, b, k, size, out[DOWN_DEPARTS] + leg, w)
    if start >= NO:
        return False
    _through(t, b, k, size, start, out, OUT_START)
    out[DOWN_DEPARTS] = start - leg
    out[FREE], out[PLACE] = out[OUT_LEAVES], t.gate[b, GATE_LAST]
    out[LOAD_ARRIVES] = out[LOAD_START]
    out[DEPARTS] = out[LOAD_START] - first_leg
    out[CALLED] = out[LOAD_START]
    return _safe(t, s, k, size, a, b, down, out[DOWN_DEPARTS], out[DOWN_WIDTH], w, out)


@inner
def _safe(
    t: Tables, s: State, k: int, size: int, a: int, b: int, stop: int, departs: int, bays: int,
    w: int, out: Ints,
) -> bool:
    """Whether everyone is out in time at likely times and, from each last chance, at high."""
    deadline = t.windows[w, CLOSES] - t.rules[MARGIN]
    out[PROMISED] = 0
    if out[OUT_LEAVES] > deadline:
        return False
    at = out[IN_START] + -(-size // out[IN_WIDTH]) * t.gate_kind[CHECK_HIGH, a, k]
    at += t.gate_kind[TRANSIT_HIGH, a, k]
    at += t.ways[HIGH, k, t.gate[a, GATE_LAST], t.site[stop, SITE_PLACE]]
    at += -(-size // bays) * t.serve[HIGH, stop, k]
    to_gate = t.ways[HIGH, k, t.site[stop, SITE_PLACE], t.gate[b, GATE_FIRST]]
    at += to_gate + -(-size // out[OUT_WIDTH]) * t.gate_kind[CHECK_HIGH, b, k]
    at += t.gate_kind[TRANSIT_HIGH, b, k]
    if at > deadline:
        return False
    p = t.gate[b, POOL]
    left = deadline - departs - to_gate - t.gate_kind[TRANSIT_HIGH, b, k]
    last_in = out[OUT_START] + (size - 1) // out[OUT_WIDTH] * t.gate_kind[CHECK, b, k]
    span = last_in - departs + 2 * t.gate[b, GATE_SLOWEST]
    high = t.gate_kind[CHECK_HIGH, b, k]
    if span * t.gate[b, GATE_STRETCH] > (left - high) * MILLIONTHS:
        room = (left - high + 1) * t.lanes[p] - 1 + high
        waiting = 0
        for n in range(s.listed[QUEUE, p]):
            if s.lists[QUEUE, p, n, 1] > departs and s.lists[QUEUE, p, n, 0] <= last_in:
                waiting += s.lists[QUEUE, p, n, 2]
        if waiting + size * high > room:
            return False
        out[PROMISED], out[MOMENT], out[UNTIL], out[ROOM] = 1, departs, last_in, room
    return (
        _keeps_promises(t, s, a, k, size, out[IN_START], out[IN_WIDTH])
        and _keeps_promises(t, s, b, k, size, out[OUT_START], out[OUT_WIDTH])
    )


@inner
def _keeps_promises(
    t: Tables, s: State, g: int, k: int, size: int, start: int, width: int
) -> bool:
    p, each, high = t.gate[g, POOL], t.gate_kind[CHECK, g, k], t.gate_kind[CHECK_HIGH, g, k]
    for n in range(s.listed[PROMISES, p]):
        if start > s.lists[PROMISES, p, n, 1] or start + size * each < s.lists[PROMISES, p, n, 0]:
            continue
        added = 0
        for v in range(size):
            enters = start + v // width * each
            if enters + each > s.lists[PROMISES, p, n, 0] and enters <= s.lists[PROMISES, p, n, 1]:
                added += high
        if added > 0 and added > s.lists[PROMISES, p, n, 2]:
            return False
    return True


@inner
def book_round(t: Tables, s: State, k: int, size: int, r: int, out: Ints, sign: int) -> None:
    """Hold (sign 1) or give back (sign -1) lanes, bays and slots of a placed round."""
    _book_gate(t, s, t.round[r, ENTRY], k, size, out[IN_START], out[IN_BLOCK], out[IN_WIDTH], sign)
    _book_gate(t, s, t.round[r, EXIT], k, size, out[OUT_START], out[OUT_BLOCK], out[OUT_WIDTH],
               sign)
    i = t.round[r, PICK]
    for m in range(out[LOAD_START], out[LOAD_START] + out[LOAD_BLOCK]):
        s.bays[i, m] += sign * out[LOAD_WIDTH]
    i = t.round[r, DOWN]
    for m in range(out[DOWN_START], out[DOWN_START] + out[DOWN_BLOCK]):
        s.bays[i, m] += sign * out[DOWN_WIDTH]
    if out[PROMISED]:
        _promise(s, t.gate[t.round[r, EXIT], POOL], out, sign)


@inner
def _book_gate(
    t: Tables, s: State, g: int, k: int, size: int, start: int, block: int, width: int, sign: int
) -> None:
    p, each, high = t.gate[g, POOL], t.gate_kind[CHECK, g, k], t.gate_kind[CHECK_HIGH, g, k]
    for m in range(start, start + block):
        s.used[p, m] += sign * width
    reach = t.gate[g, GATE_HEADWAY]
    for m in range(max(0, start - reach + 1), min(s.starts.shape[2], start + reach)):
        s.starts[BLOCKED, g, m] += sign
    for v in range(size):
        enters = start + v // width * each
        if t.gate[g, GATE_RATE] < NO:
            s.starts[ENTERED, g, enters] += sign
        if sign > 0:
            n = s.listed[QUEUE, p]
            s.lists[QUEUE, p, n, 0], s.lists[QUEUE, p, n, 1] = enters, enters + each
            s.lists[QUEUE, p, n, 2] = high
            s.listed[QUEUE, p] = n + 1
        else:
            for n in range(s.listed[QUEUE, p] - 1, -1, -1):
                if (s.lists[QUEUE, p, n, 0] == enters and s.lists[QUEUE, p, n, 1] == enters + each
                        and s.lists[QUEUE, p, n, 2] == high):
                    last = s.listed[QUEUE, p] - 1
                    for j in range(3):
                        s.lists[QUEUE, p, n, j] = s.lists[QUEUE, p, last, j]
                    s.listed[QUEUE, p] = last
                    break
        for n in range(s.listed[PROMISES, p]):
            if enters + each > s.lists[PROMISES, p, n, 0] and enters <= s.lists[PROMISES, p, n, 1]:
                s.lists[PROMISES, p, n, 2] -= sign * high


@inner
def _promise(s: State, p: int, out: Ints, sign: int) -> None:
    """Note (or forget) a promise; called when the round's own checks stand in the queue or are
    taken out of it."""
    waiting = 0
    for n in range(s.listed[QUEUE, p]):
        if s.lists[QUEUE, p, n, 1] > out[MOMENT] and s.lists[QUEUE, p, n, 0] <= out[UNTIL]:
            waiting += s.lists[QUEUE, p, n, 2]
    if sign > 0:
        n = s.listed[PROMISES, p]
        s.lists[PROMISES, p, n, 0], s.lists[PROMISES, p, n, 1] = out[MOMENT], out[UNTIL]
        s.lists[PROMISES, p, n, 2] = out[ROOM] - waiting
        s.listed[PROMISES, p] = n + 1
        return
    for n in range(s.listed[PROMISES, p] - 1, -1, -1):
        if (s.lists[PROMISES, p, n, 0] == out[MOMENT] and s.lists[PROMISES, p, n, 1] == out[UNTIL]
                and s.lists[PROMISES, p, n, 2] == out[ROOM] - waiting):
            last = s.listed[PROMISES, p] - 1
            for j in range(3):
                s.lists[PROMISES, p, n, j] = s.lists[PROMISES, p, last, j]
            s.listed[PROMISES, p] = last
            return
