"""Where plans are made changes nothing: not the order, not how many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lull.domain.fleet import Use
from lull.questions.asks import Asks, asks
from lull.questions.axes import Along, Axis
from lull.questions.candidates import Terms
from lull.questions.frontier import frontier
from lull.questions.replanning import replan_case, replanned
from tests.questions.towns import small_town

FEW = Terms(more={Use.PASSENGERS: (2,)})


class Backwards:
    """An executor that does the last thing first, and hands back in order."""

    def map(self, fn: Callable[..., Any], /, *iterables: Sequence[object]) -> Iterator[Any]:
        rows = list(zip(*iterables, strict=True))
        made = {i: fn(*rows[i]) for i in reversed(range(len(rows)))}
        return iter([made[i] for i in range(len(rows))])


def told(of: Asks) -> list[object]:
    return [(a.candidate.id, a.at_most, a.gains, a.more_than, a.bounded) for a in of.asks]


def test_asks_are_the_same_wherever_they_are_planned() -> None:
    case = small_town(5)
    here = asks(case, terms=FEW, work=3, first=3)
    there = asks(case, terms=FEW, work=3, first=3, executor=Backwards(), width=3)
    assert told(here) == told(there)


def test_a_frontier_is_the_same_wherever_its_points_are_planned() -> None:
    case, axis = small_town(5), Axis(Along.LENGTH, (120, 150, 180, 210, 240, 270))
    here = frontier(case, [axis], work=3)
    there = frontier(case, [axis], work=3, executor=Backwards(), width=4)
    assert [(p.at, p.bands, p.limits) for p in here.points] == [
        (p.at, p.bands, p.limits) for p in there.points]
    assert here.knees == there.knees


def test_what_was_done_by_the_time_somebody_wants_an_end_is_kept() -> None:
    case = small_town(5)
    calls = iter([False, False, True, True, True])
    made = replanned([case] * 4, 1, 0, None, stop=lambda: next(calls))
    assert len(made) == 2
    stopped = asks(case, terms=FEW, work=1, stop=lambda: True)
    assert stopped.stopped
    assert all(not a.gains for a in stopped.asks)


def test_a_plan_that_is_valid_is_never_given_up_for_a_worse_one() -> None:
    """The plan of two rounds stands where the search is given nothing to find a better one with."""
    case = small_town(3)
    good = replan_case(case, 20, 0, None)
    again = replan_case(case, 0, 0, good.result.plan)
    assert again.counts.tiers >= good.counts.tiers
