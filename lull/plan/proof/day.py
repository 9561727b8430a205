"""The dearest day of one vehicle at given prices, minute by minute backwards, compiled.

A day is a chain: empty outside → (load aid at a store) → wait for a slot → check and way in →
one stop inside → wait for a slot → check and way out → (set down) → empty outside. Waiting is
free everywhere outside, and inside within one window. The arrays stand for:

    BAY   price of a service that begins at t, or infinity where it may not
    LANE  price of a check that begins at t, or infinity; SLOT  price of a convoy start at t
    PAY   what a load is worth when it is set down

`load_by` is the last index at which a loaded vehicle that enters at t may leave the far gate.

`solve` fills the best values from t on; `walk` follows them forward and names what is used. All
indices are minutes of the grid; −1 in a table of minutes says that there is no way.
"""

from __future__ import annotations

import numpy as np
from numba import njit

LOW = -1e18
TOP = 1e17

IN, STOP, OUT, DOWN, STORE = 1, 2, 3, 4, 5
"""Rows that `walk` writes: (what, which, how, when, check begins)."""


@njit(cache=True, nogil=True)
def solve(  # type: ignore[no-untyped-def]  # compiled: numba infers the types
    length, pad, last, open_end, window, limit, slot, load_by,
    in_minutes, in_lane, in_slot, in_may, in_site, in_high, in_out, in_pay,
    stop_minutes, stop_bay, load_of, out_site, out_high,
    out_minutes, out_lane, out_slot, out_may, out_down,
    down_minutes, down_bay, pay, place_in, place_store,
    store_minutes, store_bay, store_in, twice,
):
    n_in, n_out, n_stop = in_minutes.size, out_minutes.size, stop_minutes.size
    n_down, n_store, n_place = down_minutes.size, store_minutes.size, place_in.shape[0]
    n_load, n_aid = pay.shape[1] + 1, in_pay.shape[0]
    empty = n_load - 1
    size = length + pad
    beyond = 0.0 if open_end else LOW
    place = np.full((n_place, size), beyond)
    down = np.full((n_down, size), beyond)
    store = np.full((n_store, size), LOW)
    stop = np.full((n_stop, size), LOW)
    done = np.full((n_stop, size), LOW)
    out_from = np.full((n_load, n_out, size), LOW)
    out_wait = np.full((n_load, n_out, size), LOW)
    in_from = np.full((n_aid, n_in, size), LOW)
    in_wait = np.full((n_aid, n_in, size), LOW)
    best = np.empty(n_load)
    for t in range(length - 1, -1, -1):
        inside = window[t] >= 0
        same = inside and window[t + 1] == window[t]
        for _ in range(2 if twice else 1):
            for d in range(n_down):
                v = down[d, t + 1]
                if t <= last and down_bay[d, t] < TOP:
                    v = max(v, place[d, t + down_minutes[d]] - down_bay[d, t])
                down[d, t] = v if t <= last else LOW
            for e in range(n_out):
                for m in range(n_load):
                    best[m] = LOW
                if out_lane[e, t] < TOP:
                    at = t + out_minutes[e]
                    for d in range(n_down):
                        if out_down[e, d] < 0 or at > load_by[t]:
                            continue
                        v = down[d, at + out_down[e, d]]
                        if v > LOW / 2:
                            for m in range(empty):
                                best[m] = max(best[m], v + pay[d, m])
                    best[empty] = place[n_down + e, at]
                for m in range(n_load):
                    v = out_wait[m, e, t + 1] if same else LOW
                    if out_may[m, e] and best[m] > LOW / 2:
                        v = max(v, best[m] - out_lane[e, t])
                    out_wait[m, e, t] = v
                    w = out_from[m, e, t + 1] if same else LOW
                    if slot[t] and v > LOW / 2:
                        w = max(w, v - out_slot[e, t])
                    out_from[m, e, t] = w
            for j in range(n_stop):
                v = LOW
                if inside:
                    for m in range(n_load):
                        if not load_of[j, m]:
                            continue
                        for e in range(n_out):
                            at = t + out_site[j, e]
                            if (out_site[j, e] >= 0 and window[min(at, length)] == window[t]
                                    and t + out_high[j, e] <= limit[t]):
                                v = max(v, out_from[m, e, at])
                done[j, t] = v
                v = stop[j, t + 1] if same else LOW
                at = t + stop_minutes[j]
                if inside and stop_bay[j, t] < TOP and window[min(at, length)] == window[t]:
                    v = max(v, done[j, at] - stop_bay[j, t])
                stop[j, t] = v
            for e in range(n_in):
                at = t + in_minutes[e]
                for a in range(n_aid):
                    v = LOW
                    if in_lane[e, t] < TOP and in_may[a, e]:
                        for j in range(n_stop):
                            to = at + in_site[e, j]
                            if (in_site[e, j] >= 0 and window[min(to, length)] == window[t]
                                    and t + in_high[e, j] <= limit[t]):
                                v = max(v, in_pay[a, j] + stop[j, to])
                        if a == 0:
                            for o in range(n_out):
                                to = at + in_out[e, o]
                                if in_out[e, o] >= 0 and window[min(to, length)] == window[t]:
                                    v = max(v, out_from[empty, o, to])
                        v -= in_lane[e, t]
                    if same:
                        v = max(v, in_wait[a, e, t + 1])
                    in_wait[a, e, t] = v
                    w = in_from[a, e, t + 1]
                    if slot[t] and v > LOW / 2:
                        w = max(w, v - in_slot[e, t])
                    in_from[a, e, t] = w
            for w in range(n_store):
                v = store[w, t + 1]
                if store_bay[w, t] < TOP:
                    for e in range(n_in):
                        if store_in[w, e] >= 0:
                            at = t + store_minutes[w] + store_in[w, e]
                            v = max(v, in_from[w + 1, e, at] - store_bay[w, t])
                store[w, t] = v
            for p in range(n_place):
                v = 0.0
                for e in range(n_in):
                    if place_in[p, e] >= 0:
                        v = max(v, in_from[0, e, t + place_in[p, e]])
                for w in range(n_store):
                    if place_store[p, w] >= 0:
                        v = max(v, store[w, t + place_store[p, w]])
                place[p, t] = v if t <= last else LOW
    return place, down, store, stop, done, out_from, out_wait, in_from, in_wait


@njit(cache=True, nogil=True)
def walk(  # type: ignore[no-untyped-def]  # compiled: numba infers the types
    at_place, at_stop, begin, aid, values, length, window, limit,
    in_minutes, in_site, in_high, in_out, in_pay, in_may,
    stop_minutes, load_of, out_site, out_high,
    out_minutes, out_may, out_down, down_minutes, pay, place_in, place_store,
    store_minutes, store_in,
):
    """Steps of the best day from a place outside (or, if `at_place` < 0, a stop inside)."""
    place, down, store, stop, done, out_from, out_wait, in_from, in_wait = values
    empty = pay.shape[1]
    n_down = down_minutes.size
    found = np.empty((4 * length + 8, 5), dtype=np.int64)
    many = 0
    p, t, j, gate = at_place, begin, at_stop, -1
    load = empty
    while many < 4 * length:
        if j < 0 and gate < 0:
            if t >= length or place[p, t] <= 1e-12:
                break
            best, e_in, w_in = 0.0, -1, -1
            for e in range(in_minutes.size):
                if place_in[p, e] >= 0 and in_from[0, e, t + place_in[p, e]] > best:
                    best, e_in = in_from[0, e, t + place_in[p, e]], e
            for w in range(store_minutes.size):
                if place_store[p, w] >= 0 and store[w, t + place_store[p, w]] > best:
                    best, w_in = store[w, t + place_store[p, w]], w
            if w_in >= 0:
                t += place_store[p, w_in]
                while t + 1 < length and store[w_in, t] == store[w_in, t + 1]:
                    t += 1
                found[many] = (STORE, w_in, 0, t, t)
                many += 1
                aid, best, e_in = w_in + 1, LOW, -1
                for e in range(in_minutes.size):
                    if store_in[w_in, e] >= 0:
                        v = in_from[aid, e, t + store_minutes[w_in] + store_in[w_in, e]]
                        if v > best:
                            best, e_in = v, e
                t += store_minutes[w_in] + store_in[w_in, e_in]
            elif e_in >= 0:
                aid = 0
                t += place_in[p, e_in]
            else:
                break
            while t + 1 < length and in_from[aid, e_in, t] == in_from[aid, e_in, t + 1]:
                t += 1
            start = t
            while window[t + 1] == window[t] and in_wait[aid, e_in, t] == in_wait[aid, e_in, t + 1]:
                t += 1
            found[many] = (IN, aid, e_in, start, t)
            many += 1
            best, j, through = LOW, -1, -1
            at = t + in_minutes[e_in]
            for k in range(stop_minutes.size):
                to = at + in_site[e_in, k]
                if (in_site[e_in, k] >= 0 and window[min(to, length)] == window[t]
                        and t + in_high[e_in, k] <= limit[t]
                        and in_pay[aid, k] + stop[k, to] > best):
                    best, j = in_pay[aid, k] + stop[k, to], k
            if aid == 0:
                for o in range(out_minutes.size):
                    to = at + in_out[e_in, o]
                    if (in_out[e_in, o] >= 0 and window[min(to, length)] == window[t]
                            and out_from[empty, o, to] > best):
                        best, through, j = out_from[empty, o, to], o, -1
            if j >= 0:
                t = at + in_site[e_in, j]
            else:
                gate, load, t = through, empty, at + in_out[e_in, through]
        if j >= 0:
            while window[t + 1] == window[t] and stop[j, t] == stop[j, t + 1]:
                t += 1
            found[many] = (STOP, j, aid, t, t)
            many += 1
            t += stop_minutes[j]
            best = LOW
            for m in range(load_of.shape[1]):
                if not load_of[j, m]:
                    continue
                for e in range(out_minutes.size):
                    to = t + out_site[j, e]
                    if (out_site[j, e] >= 0 and window[min(to, length)] == window[t]
                            and t + out_high[j, e] <= limit[t] and out_from[m, e, to] > best):
                        best, gate, load = out_from[m, e, to], e, m
            t += out_site[j, gate]
            j = -1
        same = window[t + 1] == window[t]
        while same and out_from[load, gate, t] == out_from[load, gate, t + 1]:
            t += 1
            same = window[t + 1] == window[t]
        start = t
        while same and out_wait[load, gate, t] == out_wait[load, gate, t + 1]:
            t += 1
            same = window[t + 1] == window[t]
        found[many] = (OUT, load, gate, start, t)
        many += 1
        t += out_minutes[gate]
        if load == empty:
            p = n_down + gate
        else:
            best, p = LOW, -1
            for d in range(n_down):
                if out_down[gate, d] >= 0:
                    v = down[d, t + out_down[gate, d]] + pay[d, load]
                    if v > best:
                        best, p = v, d
            t += out_down[gate, p]
            while t + 1 < length and down[p, t] == down[p, t + 1]:
                t += 1
            found[many] = (DOWN, load, p, t, t)
            many += 1
            t += down_minutes[p]
        gate, aid = -1, 0
    return found[:many]


@njit(cache=True, nogil=True)
def first_stops(  # type: ignore[no-untyped-def]  # compiled: numba infers the types
    at, aid, stop, length, window, limit, slot, in_minutes, in_lane, in_slot, in_may, in_site,
    in_high, in_pay,
):
    """For each stop the best day whose first stop it is: (value), (gate, convoy start, check).

    `at[e]` is when a vehicle with `aid` on board (0: empty) is at the first gate of an entry.
    """
    n_stop = stop.shape[0]
    value = np.full(n_stop, LOW)
    how = np.full((n_stop, 3), -1, dtype=np.int64)
    for e in range(at.size):
        if at[e] < 0 or not in_may[aid, e]:
            continue
        low, since = 1e18, -1
        for t in range(at[e], length):
            if window[t] < 0 or window[t] != window[t - 1]:
                low = 1e18
            if window[t] < 0:
                continue
            if slot[t] and in_slot[e, t] < low:
                low, since = in_slot[e, t], t
            if low >= TOP or in_lane[e, t] >= TOP:
                continue
            for j in range(n_stop):
                to = t + in_minutes[e] + in_site[e, j]
                if (in_site[e, j] >= 0 and window[min(to, length)] == window[t]
                        and t + in_high[e, j] <= limit[t]):
                    v = in_pay[aid, j] + stop[j, to] - low - in_lane[e, t]
                    if v > value[j]:
                        value[j] = v
                        how[j, 0], how[j, 1], how[j, 2] = e, since, t
    return value, how
