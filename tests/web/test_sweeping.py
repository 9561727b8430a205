"""The server looks for garbage often through what is new, and seldom through all."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest

from lull.web.sweeping import SWEEP_SECONDS, WHOLE_SECONDS, Sweeper


class Ring:
    """What only a look for garbage lets go of."""

    def __init__(self) -> None:
        self.own: Any = self


@pytest.fixture
def clock() -> Iterator[list[float]]:
    thresholds = gc.get_threshold()
    try:
        yield [1000.0]
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@pytest.fixture
def sweeper(clock: list[float]) -> Sweeper:
    made = Sweeper(lambda: clock[0])
    made.begin()
    return made


def test_what_is_new_is_let_go_of_at_the_next_turn_and_not_before(
        sweeper: Sweeper, clock: list[float]) -> None:
    gone = weakref.ref(Ring())
    clock[0] += SWEEP_SECONDS - 1
    sweeper.turn()
    assert gone() is not None
    clock[0] += 1
    sweeper.turn()
    assert gone() is None


def test_what_was_set_apart_is_looked_at_when_all_is(sweeper: Sweeper, clock: list[float]) -> None:
    ring: Ring | None = Ring()
    gone = weakref.ref(ring)
    clock[0] += SWEEP_SECONDS
    sweeper.turn()
    ring = None
    clock[0] += SWEEP_SECONDS
    sweeper.turn()
    assert gone() is not None
    clock[0] += WHOLE_SECONDS
    sweeper.turn()
    assert gone() is None


def test_python_goes_through_all_of_memory_no_more_by_itself(sweeper: Sweeper) -> None:
    began = gc.get_stats()[2]["collections"]
    kept = [[n] for n in range(2_000_000)]
    assert len(kept) == 2_000_000
    assert gc.get_stats()[2]["collections"] == began
    assert gc.get_freeze_count() > 0
