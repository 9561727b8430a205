"""The dearest day of one vehicle at given prices, minute by minute backwards, compiled.

A day is a chain: empty outside → (load aid at a store) → wait for a slot → check and way in →
one stop inside → wait for a slot → check and way out → (set down) → empty outside. Waiting is
free everywhere outside, and inside within one window. `solve` fills the best values from each
minute on; `dayworks.walk` follows them forward. Indices are minutes of the grid; −1 in a table of
minutes says that there is no way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

LOW = -1e18
"""Worth of what cannot be."""

TOP = 1e17
"""Prices from here on forbid."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """The function compiled when it is first called; the machine code is kept on disk."""
    return cast(F, njit(cache=True, nogil=True)(function))


class Clock(NamedTuple):
    """The grid, the last index of a type, and whether what lies beyond it is free.

    `load_by` is the last index at which a loaded vehicle that enters at t may leave the far gate;
    `twice` says that some service or way out takes no time.
    """

    length: int
    pad: int
    last: int
    open_end: bool
    twice: bool
    window: Ints
    limit: Ints
    slot: Bools
    load_by: Ints


class Table(NamedTuple):
    """A type's minutes and prices.

    `_lane` is the price of a check that begins at t, `_slot` of a convoy's start, `_bay` of a
    service that begins; `pay` is what a load is worth when it is set down, `in_pay` aid at a stop.
    `_high` are the least high minutes that must still fit. Loads are numbered, the last is none;
    `aid` 0 is none, n + 1 from store n.
    """

    in_minutes: Ints
    in_lane: Floats
    in_slot: Floats
    in_may: Bools
    in_site: Ints
    in_high: Ints
    in_out: Ints
    in_pay: Floats
    stop_minutes: Ints
    stop_bay: Floats
    load_of: Bools
    out_site: Ints
    out_high: Ints
    out_minutes: Ints
    out_lane: Floats
    out_slot: Floats
    out_may: Bools
    out_down: Ints
    down_minutes: Ints
    down_bay: Floats
    pay: Floats
    place_in: Ints
    place_store: Ints
    store_minutes: Ints
    store_bay: Floats
    store_in: Ints


class Values(NamedTuple):
    """The best from each index on: at places, before set-downs, stores and stops, done at stops,
    at gates before and after the slot."""

    place: Floats
    down: Floats
    store: Floats
    stop: Floats
    done: Floats
    out_from: Floats
    out_wait: Floats
    in_from: Floats
    in_wait: Floats


@compiled
def solve(clock: Clock, c: Table) -> Values:
    """The best values of one type at the prices in its table."""
    size = clock.length + clock.pad
    loads, aids = c.pay.shape[1] + 1, c.in_pay.shape[0]
    n_in, n_out = c.in_minutes.size, c.out_minutes.size
    beyond = 0.0 if clock.open_end else LOW
    v = Values(
        np.full((c.place_in.shape[0], size), beyond),
        np.full((c.down_minutes.size, size), beyond),
        np.full((c.store_minutes.size, size), LOW),
        np.full((c.stop_minutes.size, size), LOW),
        np.full((c.stop_minutes.size, size), LOW),
        np.full((loads, n_out, size), LOW),
        np.full((loads, n_out, size), LOW),
        np.full((aids, n_in, size), LOW),
        np.full((aids, n_in, size), LOW),
    )
    best = np.empty(loads)
    for t in range(clock.length - 1, -1, -1):
        for _ in range(2 if clock.twice else 1):
            _downs(clock, c, v, t)
            _outs(clock, c, v, t, best)
            _stops(clock, c, v, t)
            _ins(clock, c, v, t)
            _stores(c, v, t)
            _places(clock, c, v, t)
    return v


@compiled
def _downs(clock: Clock, c: Table, v: Values, t: int) -> None:
    for d in range(c.down_minutes.size):
        best = v.down[d, t + 1]
        if c.down_bay[d, t] < TOP:
            best = max(best, v.place[d, t + c.down_minutes[d]] - c.down_bay[d, t])
        v.down[d, t] = best if t <= clock.last else LOW


@compiled
def _left(clock: Clock, c: Table, v: Values, e: int, t: int, best: Floats) -> None:
    """What each load is worth once it has passed an exit whose check begins at t."""
    empty = best.size - 1
    best[:] = LOW
    at = t + c.out_minutes[e]
    if at <= clock.load_by[t]:
        for d in range(c.down_minutes.size):
            if c.out_down[e, d] >= 0 and v.down[d, at + c.out_down[e, d]] > LOW / 2:
                worth = v.down[d, at + c.out_down[e, d]]
                for m in range(empty):
                    best[m] = max(best[m], worth + c.pay[d, m])
    best[empty] = v.place[c.down_minutes.size + e, at]


@compiled
def _outs(clock: Clock, c: Table, v: Values, t: int, best: Floats) -> None:
    same = clock.window[t] >= 0 and clock.window[t + 1] == clock.window[t]
    for e in range(c.out_minutes.size):
        opened = c.out_lane[e, t] < TOP
        if opened:
            _left(clock, c, v, e, t, best)
        for m in range(best.size):
            wait = v.out_wait[m, e, t + 1] if same else LOW
            if opened and c.out_may[m, e] and best[m] > LOW / 2:
                wait = max(wait, best[m] - c.out_lane[e, t])
            v.out_wait[m, e, t] = wait
            come = v.out_from[m, e, t + 1] if same else LOW
            if clock.slot[t] and wait > LOW / 2:
                come = max(come, wait - c.out_slot[e, t])
            v.out_from[m, e, t] = come


@compiled
def _stops(clock: Clock, c: Table, v: Values, t: int) -> None:
    window = clock.window[t]
    if window < 0:
        return
    for j in range(c.stop_minutes.size):
        best = LOW
        for m in range(c.load_of.shape[1]):
            if not c.load_of[j, m]:
                continue
            for e in range(c.out_minutes.size):
                at = t + c.out_site[j, e]
                if (c.out_site[j, e] >= 0 and clock.window[min(at, clock.length)] == window
                        and t + c.out_high[j, e] <= clock.limit[t]):
                    best = max(best, v.out_from[m, e, at])
        v.done[j, t] = best
        best = v.stop[j, t + 1] if clock.window[t + 1] == window else LOW
        at = t + c.stop_minutes[j]
        if c.stop_bay[j, t] < TOP and clock.window[min(at, clock.length)] == window:
            best = max(best, v.done[j, at] - c.stop_bay[j, t])
        v.stop[j, t] = best


@compiled
def _entered(clock: Clock, c: Table, v: Values, a: int, e: int, t: int) -> float:
    """What comes after a check of the way in that begins at t."""
    best, at, window = LOW, t + c.in_minutes[e], clock.window[t]
    for j in range(c.stop_minutes.size):
        to = at + c.in_site[e, j]
        if (c.in_site[e, j] >= 0 and clock.window[min(to, clock.length)] == window
                and t + c.in_high[e, j] <= clock.limit[t]):
            best = max(best, c.in_pay[a, j] + v.stop[j, to])
    if a == 0:
        for o in range(c.out_minutes.size):
            to = at + c.in_out[e, o]
            if c.in_out[e, o] >= 0 and clock.window[min(to, clock.length)] == window:
                best = max(best, v.out_from[v.out_from.shape[0] - 1, o, to])
    return float(best - c.in_lane[e, t])


@compiled
def _ins(clock: Clock, c: Table, v: Values, t: int) -> None:
    same = clock.window[t] >= 0 and clock.window[t + 1] == clock.window[t]
    for e in range(c.in_minutes.size):
        for a in range(c.in_pay.shape[0]):
            wait = LOW
            if c.in_lane[e, t] < TOP and c.in_may[a, e]:
                wait = _entered(clock, c, v, a, e, t)
            if same:
                wait = max(wait, v.in_wait[a, e, t + 1])
            v.in_wait[a, e, t] = wait
            come = v.in_from[a, e, t + 1]
            if clock.slot[t] and wait > LOW / 2:
                come = max(come, wait - c.in_slot[e, t])
            v.in_from[a, e, t] = come


@compiled
def _stores(c: Table, v: Values, t: int) -> None:
    for w in range(c.store_minutes.size):
        best = v.store[w, t + 1]
        if c.store_bay[w, t] < TOP:
            for e in range(c.in_minutes.size):
                if c.store_in[w, e] >= 0:
                    at = t + c.store_minutes[w] + c.store_in[w, e]
                    best = max(best, v.in_from[w + 1, e, at] - c.store_bay[w, t])
        v.store[w, t] = best


@compiled
def _places(clock: Clock, c: Table, v: Values, t: int) -> None:
    for p in range(c.place_in.shape[0]):
        best = 0.0
        for e in range(c.in_minutes.size):
            if c.place_in[p, e] >= 0:
                best = max(best, v.in_from[0, e, t + c.place_in[p, e]])
        for w in range(c.store_minutes.size):
            if c.place_store[p, w] >= 0:
                best = max(best, v.store[w, t + c.place_store[p, w]])
        v.place[p, t] = best if t <= clock.last else LOW
