"""Capacities over time against the plainest possible counting."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.plan.pools import CARS, NEVER, Horizon, Pool

START, END = -20, 100


def pool(servers: int, headway: int, slot: int, rate: int | None) -> Pool:
    """A gate that is open in two spells."""
    horizon = Horizon(START, END)
    minutes = np.arange(START, END)
    made = Pool(horizon, servers, horizon.mask([(-10, 40), (50, 90)]), headway=headway)
    made.slots = {"out": minutes % slot == 0, CARS: minutes % slot == 0}
    if rate is not None:
        made.per_hour = {"out": rate}
    return made


Booking = tuple[int, int, int, int]


def fits_plainly(made: Pool, booked: list[tuple[Booking, str]], ask: Booking, way: str,
                 slot: int, rate: int | None) -> bool:
    """Minute by minute, without any table."""
    at, block, width, _ = ask
    if not any(opens <= at and at + block <= closes for opens, closes in ((-10, 40), (50, 90))):
        return False
    for minute in range(at, at + max(1, block)):
        busy = sum(b[2] for b, _ in booked if b[0] <= minute < b[0] + b[1])
        if busy + width > made.servers:
            return False
    if at % slot:
        return False
    if way == "out" and any(abs(b[0] - at) < made.headway for b, w in booked if w == "out"):
        return False
    if rate is None:
        return True
    entries = [m for b, _ in booked for m in entered(b)]
    own = entered(ask)
    return all(
        sum(t <= e < t + 60 for e in entries) + len(own) <= rate
        for t in range(at - 59, at + max(1, block))
    )


def entered(booking: Booking) -> list[int]:
    """The minute at which each vehicle enters."""
    at, block, width, vehicles = booking
    each = block // -(-vehicles // width)
    return [at + n // width * each for n in range(vehicles)]


@settings(max_examples=150, deadline=None)
@given(
    servers=st.integers(1, 3),
    headway=st.sampled_from([0, 7, 15]),
    slot=st.sampled_from([1, 5]),
    rate=st.sampled_from([None, 4, 9]),
    asks=st.lists(
        st.tuples(st.integers(START, END), st.integers(0, 4), st.integers(1, 3), st.integers(1, 6),
                  st.sampled_from(["out", CARS])),
        max_size=12),
)
def test_the_earliest_minute_found_is_the_earliest_that_fits(
    servers: int, headway: int, slot: int, rate: int | None,
    asks: list[tuple[int, int, int, int, str]],
) -> None:
    """Every answer fits, and no minute before it does."""
    made = pool(servers, headway, slot, rate)
    booked: list[tuple[Booking, str]] = []
    for at, each, wide, vehicles, way in asks:
        width = min(wide, vehicles)
        block = each * -(-vehicles // width)
        found = made.earliest(at, block, width, vehicles, way)
        plain = next(
            (m for m in range(max(at, START), END)
             if fits_plainly(made, booked, (m, block, width, vehicles), way, slot, rate)), NEVER)
        assert found == plain
        if found < NEVER:
            made.book(found, block, width, vehicles, way)
            booked.append(((found, block, width, vehicles), way))
    for (at, block, width, vehicles), way in reversed(booked):
        made.release(at, block, width, vehicles, way)
    assert not made.used.any()
    assert not any(made.starts.values())


def test_a_promise_to_an_earlier_convoy_is_kept() -> None:
    """Who left relying on a queue of ten high minutes is not put behind twenty."""
    made = pool(1, 0, 1, None)
    made.line_up([(5, 8, 6)], (0, 5, 16))
    assert made.keeps_promises([(2, 4, 10)])
    assert not made.keeps_promises([(2, 4, 11)])
    assert made.keeps_promises([(6, 9, 50)])
    made.line_up([(5, 8, 6)], (0, 5, 16), undo=True)
    assert made.keeps_promises([(2, 4, 500)])
