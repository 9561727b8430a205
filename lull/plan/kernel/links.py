"""Linked corridors in arrays: neither side runs ahead by more than was agreed, minute by minute.

`state.gone` holds who has gone out on either side of each link until and including each minute
(`balance.Balance`). Who goes out adds to all later minutes, so a convoy may start from the minute
on from which its side has room for it for good; one more on a side never harms the other. What is
taken back may leave the other side ahead: then `out_of_step` says by how much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lull.compiling.jit import compiled, inner
from lull.compiling.pointer import pointer_to
from lull.plan.kernel.columns import (
    CARRIES,
    CHECK,
    EXIT,
    LINK_LEAD,
    LINK_OTHER_LEAD,
    LINK_VEHICLES,
    ROUND_FROM,
    SEATS,
    STRETCHERS,
)
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import AID, NO, Ints, Tables

EPS = 1e-9


@inner
def _room(t: Tables, s: State, n: int, side: int, m: int) -> float:
    """How many more might have gone out on one side of a link by a minute, in its unit."""
    a, b = s.gone[2 * n, m], s.gone[2 * n + 1, m]
    if side:
        return float(a / t.link_ratio[n] + t.link[n, LINK_OTHER_LEAD] - b)
    return float(t.link_ratio[n] * b + t.link[n, LINK_LEAD] - a)


@inner
def in_step_from(t: Tables, s: State, g: int, k: int, size: int, at: int) -> int:
    """The first minute at or after `at` from which on a full team may go out by a gate, or NO.

    Where a link counts persons and a full team never may, as many as ever may. Types that carry
    no people are not counted.
    """
    if len(t.link) == 0 or t.round[t.kind[k, ROUND_FROM], CARRIES] == AID:
        return at
    found, last = max(0, at), s.gone.shape[1] - 1
    for n in range(len(t.link)):
        for side in range(2):
            if t.link[n, side] != g:
                continue
            many = size
            if not t.link[n, LINK_VEHICLES]:
                many = size * (t.kind[k, SEATS] + t.kind[k, STRETCHERS])
                many = min(many, int(np.floor(_room(t, s, n, side, last) + EPS)))
            if many < 1:
                return NO
            for m in range(last, found - 1, -1):
                if _room(t, s, n, side, m) < many - EPS:
                    found = m + 1
                    break
            if found > last:
                return NO
    return found


@inner
def persons_in_step(t: Tables, s: State, g: int, start: int) -> int:
    """How many persons may go out by a gate from a minute on, or NO."""
    most = NO
    for n in range(len(t.link)):
        for side in range(2):
            if t.link[n, side] == g and not t.link[n, LINK_VEHICLES]:
                for m in range(start, s.gone.shape[1]):
                    most = min(most, int(np.floor(_room(t, s, n, side, m) + EPS)))
    return max(0, most)


@inner
def _aboard(t: Tables, k: int, size: int, rows: Ints, n: int) -> NDArray[np.int64]:
    """Persons in each vehicle of a team, as `assemble.split_load` shares a load."""
    seats = np.full(size, t.kind[k, SEATS])
    lying = np.full(size, t.kind[k, STRETCHERS])
    found = np.zeros(size, np.int64)
    for i in range(n):
        stretchers, sitting = rows[i, 3], rows[i, 2] - rows[i, 3]
        patients = stretchers
        for v in range(size):
            down = min(stretchers, lying[v])
            each = sitting
            if patients:
                each = -(-sitting * down // stretchers) if stretchers else sitting
            sit = min(each, seats[v], sitting)
            stretchers, sitting = stretchers - down, sitting - sit
            lying[v], seats[v] = lying[v] - down, seats[v] - sit
            found[v] += down + sit
        for v in range(size):
            sit = min(sitting, seats[v])
            sitting, seats[v] = sitting - sit, seats[v] - sit
            found[v] += sit
    return found


@inner
def depart(
    t: Tables, s: State, k: int, size: int, r: int, start: int, width: int, rows: Ints, n: int,
    sign: int,
) -> None:
    """Note (sign 1) or forget (sign -1) that a loaded round goes out by its exit."""
    g = t.round[r, EXIT]
    if t.round[r, CARRIES] == AID:
        return
    for link in range(len(t.link)):
        for side in range(2):
            if t.link[link, side] != g:
                continue
            v = 0
            for persons in _aboard(t, k, size, rows, n):
                if not persons:
                    continue
                many = 1 if t.link[link, LINK_VEHICLES] else persons
                first = start + v // width * t.gate_kind[CHECK, g, k]
                for m in range(first, s.gone.shape[1]):
                    s.gone[2 * link + side, m] += sign * many
                v += 1


@compiled
def out_of_step(tables: Tables, state: State) -> float:
    """By how much linked corridors run ahead, summed over all minutes; 0 where they keep step."""
    t, s, total = pointer_to(tables), pointer_to(state), 0.0
    for n in range(len(t.link)):
        for side in range(2):
            for m in range(s.gone.shape[1]):
                over = -_room(t, s, n, side, m)
                if over > EPS:
                    total += over
    return total


@compiled
def first_ahead(tables: Tables, state: State) -> tuple[int, int]:
    """The first minute at which a side runs ahead and its gate out, or NO and -1."""
    t, s, found, gate = pointer_to(tables), pointer_to(state), NO, -1
    for n in range(len(t.link)):
        for side in range(2):
            for m in range(min(found, s.gone.shape[1])):
                if _room(t, s, n, side, m) < -EPS:
                    found, gate = m, t.link[n, side]
                    break
    return found, gate
