"""Seconds become answers to «stop now?», and what they allowed is counted in work."""

from __future__ import annotations

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from lull.cli.deadline import (
    BOUND_MOST_SECONDS,
    GRACE_SECONDS,
    UNLIMITED_WORK,
    Deadline,
    Effort,
    bound_seconds,
)
from lull.plan import DEFAULT_WORK


@define
class Fake:
    """A clock that somebody sets, and a user who may press Ctrl-C."""

    now: float = 100.0
    pressed: bool = False

    def deadline(self, **effort) -> Deadline:
        return Deadline(Effort(**effort), lambda: self.pressed, lambda: self.now)


@pytest.mark.parametrize(
    ("effort", "work"),
    [
        (Effort(), DEFAULT_WORK),
        (Effort(work=0), 0),
        (Effort(work=7, seconds=9.0), 7),
        (Effort(seconds=9.0), UNLIMITED_WORK),
    ],
)
def test_seconds_alone_ask_for_as_much_work_as_there_is_time_for(effort: Effort, work: int) -> None:
    assert effort.most_work == work


def test_the_first_plan_is_never_cut_by_time() -> None:
    fake = Fake()
    deadline = fake.deadline(seconds=10.0)
    fake.now += 1000
    assert not deadline.stop_search()
    deadline.first_plan_is_whole()
    assert deadline.stop_search()


def test_the_search_leaves_the_bound_its_share_and_the_bound_has_all_that_is_left() -> None:
    fake = Fake()
    deadline = fake.deadline(seconds=100.0)
    deadline.first_plan_is_whole()
    fake.now += 64
    assert not deadline.stop_search()
    fake.now += 2
    assert deadline.stop_search()
    fake.now += 33
    assert not deadline.stop_bound()
    fake.now += 2
    assert deadline.stop_bound()


def test_time_that_a_bound_took_before_the_search_is_not_kept_back_again() -> None:
    fake = Fake()
    deadline = fake.deadline(seconds=100.0)
    for _ in range(4):
        assert not deadline.stop_bound()
        fake.now += 10
    deadline.first_plan_is_whole()
    fake.now += 50
    assert not deadline.stop_search()
    fake.now += 11
    assert deadline.stop_search()


def test_a_long_search_keeps_no_more_for_the_bound_than_it_can_use() -> None:
    assert bound_seconds(10) == pytest.approx(3.5)
    assert bound_seconds(3600) == BOUND_MOST_SECONDS


def test_without_seconds_only_the_user_ends_it() -> None:
    fake = Fake()
    deadline = fake.deadline()
    fake.now += 1e9
    assert not deadline.stop_search()
    assert not deadline.stop_bound()
    fake.pressed = True
    assert deadline.stop_search()


def test_after_ctrl_c_the_bound_has_a_little_grace() -> None:
    fake = Fake()
    deadline = fake.deadline()
    assert not deadline.stop_bound()
    fake.pressed = True
    fake.now += 500
    assert not deadline.stop_bound()
    fake.now += GRACE_SECONDS + 1
    assert deadline.stop_bound()


@given(st.integers(0, 50), st.integers(1, 60))
def test_the_bound_stops_after_the_steps_that_an_earlier_one_counted(ready: int, more: int) -> None:
    """Cut by the clock after some questions, it is cut after as many without a clock."""
    fake = Fake()
    timed = fake.deadline(seconds=float(ready))
    answers = []
    for _ in range(ready + more):
        answers.append(timed.stop_bound())
        fake.now += 1
    assert timed.bound_cut
    again = Fake().deadline(bound_work=timed.bound_steps)
    assert [again.stop_bound() for _ in range(ready + more)] == answers


def test_a_bound_that_was_cut_stays_cut() -> None:
    fake = Fake()
    deadline = fake.deadline(seconds=5.0)
    fake.now += 6
    assert deadline.stop_bound()
    fake.now -= 6
    assert deadline.stop_bound()
