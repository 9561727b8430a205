"""From the best values of a day to its steps: what is passed, served and loaded when, compiled."""

from __future__ import annotations

import numpy as np

from lull.plan.proof.day import LOW, TOP, Clock, Floats, Ints, Table, Values, compiled

IN, STOP, OUT, DOWN, STORE = 1, 2, 3, 4, 5
"""What a step is. Rows are (what, which, how, when, when the check begins): IN (aid, gate, start),
STOP (stop, aid), OUT (load, gate, start), DOWN (load, set-down), STORE (store)."""


@compiled
def walk(
    clock: Clock, c: Table, v: Values, at_place: int, at_stop: int, begin: int, aid: int
) -> Ints:
    """Steps of the best day from a place outside (or, if `at_place` < 0, a stop inside)."""
    found = np.empty((4 * clock.length + 8, 5), dtype=np.int64)
    many, place, stop, t = 0, at_place, at_stop, begin
    while many + 4 < found.shape[0]:
        gate, load = -1, c.pay.shape[1]
        if stop < 0:
            if t >= clock.length or v.place[place, t] <= 1e-12:
                break
            aid, gate, t, many = _to_gate(clock, c, v, place, t, found, many)
            if gate < 0:
                break
            stop, gate, t, many = _enter(clock, c, v, aid, gate, t, found, many)
        if stop >= 0:
            gate, load, t, many = _serve(clock, c, v, stop, aid, t, found, many)
        place, t, many = _leave(clock, c, v, load, gate, t, found, many)
        stop, aid = -1, 0
    return found[:many]


@compiled
def _to_gate(
    clock: Clock, c: Table, v: Values, place: int, t: int, found: Ints, many: int
) -> tuple[int, int, int, int]:
    """To an entry, by way of a store if that is better: (aid, gate, when there, rows)."""
    best, gate, store = 0.0, -1, -1
    for e in range(c.in_minutes.size):
        if c.place_in[place, e] >= 0 and v.in_from[0, e, t + c.place_in[place, e]] > best:
            best, gate = v.in_from[0, e, t + c.place_in[place, e]], e
    for w in range(c.store_minutes.size):
        if c.place_store[place, w] >= 0 and v.store[w, t + c.place_store[place, w]] > best:
            best, store = v.store[w, t + c.place_store[place, w]], w
    if store < 0:
        return 0, gate, t + (c.place_in[place, gate] if gate >= 0 else 0), many
    t += c.place_store[place, store]
    while t + 1 < clock.length and v.store[store, t] == v.store[store, t + 1]:
        t += 1
    found[many] = (STORE, store, 0, t, t)
    best, gate = LOW, -1
    for e in range(c.in_minutes.size):
        if c.store_in[store, e] >= 0:
            worth = v.in_from[store + 1, e, t + c.store_minutes[store] + c.store_in[store, e]]
            if worth > best:
                best, gate = worth, e
    return store + 1, gate, t + c.store_minutes[store] + c.store_in[store, gate], many + 1


@compiled
def _enter(
    clock: Clock, c: Table, v: Values, aid: int, gate: int, t: int, found: Ints, many: int
) -> tuple[int, int, int, int]:
    """Through an entry: (stop, or exit where none is made, when there, rows)."""
    while t + 1 < clock.length and v.in_from[aid, gate, t] == v.in_from[aid, gate, t + 1]:
        t += 1
    start, window = t, clock.window[t]
    while clock.window[t + 1] == window and v.in_wait[aid, gate, t] == v.in_wait[aid, gate, t + 1]:
        t += 1
    found[many] = (IN, aid, gate, start, t)
    best, stop, out, at = LOW, -1, -1, t + c.in_minutes[gate]
    for j in range(c.stop_minutes.size):
        to = at + c.in_site[gate, j]
        if (c.in_site[gate, j] >= 0 and clock.window[min(to, clock.length)] == window
                and t + c.in_high[gate, j] <= clock.limit[t]
                and c.in_pay[aid, j] + v.stop[j, to] > best):
            best, stop = c.in_pay[aid, j] + v.stop[j, to], j
    if aid == 0:
        for o in range(c.out_minutes.size):
            to = at + c.in_out[gate, o]
            if (c.in_out[gate, o] >= 0 and clock.window[min(to, clock.length)] == window
                    and v.out_from[v.out_from.shape[0] - 1, o, to] > best):
                best, out, stop = v.out_from[v.out_from.shape[0] - 1, o, to], o, -1
    further = c.in_site[gate, stop] if stop >= 0 else c.in_out[gate, out]
    return stop, out, at + further, many + 1


@compiled
def _serve(
    clock: Clock, c: Table, v: Values, stop: int, aid: int, t: int, found: Ints, many: int
) -> tuple[int, int, int, int]:
    """A stop inside: (exit, load, when at its gate, rows)."""
    while clock.window[t + 1] == clock.window[t] and v.stop[stop, t] == v.stop[stop, t + 1]:
        t += 1
    found[many] = (STOP, stop, aid, t, t)
    t += c.stop_minutes[stop]
    best, gate, load = LOW, -1, -1
    for m in range(c.load_of.shape[1]):
        if not c.load_of[stop, m]:
            continue
        for e in range(c.out_minutes.size):
            to = t + c.out_site[stop, e]
            if (c.out_site[stop, e] >= 0
                    and clock.window[min(to, clock.length)] == clock.window[t]
                    and t + c.out_high[stop, e] <= clock.limit[t]
                    and v.out_from[m, e, to] > best):
                best, gate, load = v.out_from[m, e, to], e, m
    return gate, load, t + c.out_site[stop, gate], many + 1


@compiled
def _leave(
    clock: Clock, c: Table, v: Values, load: int, gate: int, t: int, found: Ints, many: int
) -> tuple[int, int, int]:
    """Through an exit and, loaded, to a set-down: (place outside, when free there, rows)."""
    window = clock.window[t]
    while clock.window[t + 1] == window and v.out_from[load, gate, t] == v.out_from[
            load, gate, t + 1]:
        t += 1
    start = t
    while clock.window[t + 1] == window and v.out_wait[load, gate, t] == v.out_wait[
            load, gate, t + 1]:
        t += 1
    found[many] = (OUT, load, gate, start, t)
    t += c.out_minutes[gate]
    if load == c.pay.shape[1]:
        return c.down_minutes.size + gate, t, many + 1
    best, place = LOW, -1
    for d in range(c.down_minutes.size):
        if c.out_down[gate, d] >= 0:
            worth = v.down[d, t + c.out_down[gate, d]] + c.pay[d, load]
            if worth > best:
                best, place = worth, d
    t += c.out_down[gate, place]
    while t + 1 < clock.length and v.down[place, t] == v.down[place, t + 1]:
        t += 1
    found[many + 1] = (DOWN, load, place, t, t)
    return place, t + c.down_minutes[place], many + 2


@compiled
def first_stops(
    clock: Clock, c: Table, v: Values, at: Ints, aid: int
) -> tuple[Floats, Ints]:
    """For each stop the best day whose first stop it is: (value), (gate, convoy start, check).

    `at[e]` is when a vehicle with `aid` on board (0: none) is at the first gate of an entry.
    """
    n_stop = c.stop_minutes.size
    value = np.full(n_stop, LOW)
    how = np.full((n_stop, 3), -1, dtype=np.int64)
    for e in range(at.size):
        if at[e] < 0 or not c.in_may[aid, e]:
            continue
        low, since = 1e18, -1
        for t in range(at[e], clock.length):
            if clock.window[t] < 0 or clock.window[t] != clock.window[t - 1]:
                low = 1e18
            if clock.window[t] < 0:
                continue
            if clock.slot[t] and c.in_slot[e, t] < low:
                low, since = c.in_slot[e, t], t
            if low >= TOP or c.in_lane[e, t] >= TOP:
                continue
            for j in range(n_stop):
                to = t + c.in_minutes[e] + c.in_site[e, j]
                if (c.in_site[e, j] >= 0
                        and clock.window[min(to, clock.length)] == clock.window[t]
                        and t + c.in_high[e, j] <= clock.limit[t]):
                    worth = c.in_pay[aid, j] + v.stop[j, to] - low - c.in_lane[e, t]
                    if worth > value[j]:
                        value[j] = worth
                        how[j, 0], how[j, 1], how[j, 2] = e, since, t
    return value, how
