"""Whoever waits is told what the plan is worth, and a stopped search can be made again by work."""

from __future__ import annotations

import itertools

import pytest
from attrs import define, field

from lull.domain.pause import PlanningRules
from lull.domain.tiers import DEFAULT_TIERS, TierKind
from lull.plan.planner import make_plan
from lull.plan.progress import Progress, Standing, Teller, standing_of
from lull.plan.schedule import Schedule
from lull.plan.search import Search
from tests.plan.towns import town

SMALL = {"points": 3, "corridors": 2, "receptions": 2, "buses": 3, "ambulances": 1, "trucks": 1,
         "hours": 4, "people": 200}  # fmt: skip
RETURNS = PlanningRules(return_share=0.1)


@define
class Waiting:
    """Keeps what it is told."""

    steps: list[tuple[str, int, int]] = field(factory=list)
    standings: list[Standing] = field(factory=list)

    def step(self, what: str, done: int, total: int) -> None:
        self.steps.append((what, done, total))

    def standing(self, standing: Standing) -> None:
        self.standings.append(standing)


def test_standings_begin_with_the_first_plan_and_end_with_the_bounds_of_the_last() -> None:
    told = Waiting()
    result = make_plan(town(1, **SMALL), work=6, progress=told)
    assert isinstance(told, Progress)
    assert told.steps
    assert len(told.standings) >= 2
    assert all(t.bound is None for t in told.standings[0].tiers)
    assert told.standings[-1].tiers == result.tiers


def test_the_first_standing_is_what_a_plan_without_search_is_worth() -> None:
    told = Waiting()
    make_plan(town(1, **SMALL), work=5, progress=told)
    bare = make_plan(town(1, **SMALL), work=0)
    kinds = [t.kind for t in bare.tiers]
    first = told.standings[0].tiers
    for kind, found, wanted in zip(kinds, first, bare.tiers, strict=True):
        if kind is TierKind.PEOPLE:
            assert found.value == pytest.approx(wanted.value)


def test_a_plain_callable_is_told_steps_alone() -> None:
    steps = []
    teller = Teller(lambda *step: steps.append(step))
    teller("first plan", 1, 2)
    teller.standing(standing_of(DEFAULT_TIERS, [0.0] * 6))
    assert steps == [("first plan", 1, 2)]


def test_the_same_standing_is_told_once_and_nobody_may_listen() -> None:
    told = Waiting()
    for teller in (Teller(told), Teller()):
        for value in (1.0, 1.0, 2.0):
            teller.standing(standing_of(DEFAULT_TIERS, [value] * 6))
    assert len(told.standings) == 2


def test_less_waiting_is_told_as_minutes_and_a_bound_over_all_plans_stands_in() -> None:
    tiers = standing_of(DEFAULT_TIERS, [1, 2, 3, 4, 5, -60], [10.0])
    assert [t.value for t in tiers] == [1, 2, 3, 4, 5, 60]
    assert (tiers[0].bound, tiers[0].gap) == (10.0, 0.9)
    assert tiers[1].bound is None


@pytest.mark.parametrize("seed", [1, 5])
def test_a_plan_stopped_anywhere_is_given_again_by_its_work(seed: int) -> None:
    """The search is stopped at its first question, its second …; its work alone gives the plan."""
    case, questions = town(seed, **SMALL, rules=RETURNS), itertools.count()
    make_plan(case, work=4, stop=lambda: next(questions) < 0, stop_bound=lambda: True)
    asked, again, cut = next(questions), {}, 0
    for last in sorted({*range(0, asked, max(1, asked // 20)), *range(asked * 3 // 4, asked)}):
        calls = itertools.count()
        stopped = make_plan(
            case, work=4, stop_bound=lambda: True, stop=lambda: next(calls) >= last  # noqa: B023
        )
        if not stopped.repeatable:
            cut += 1
            continue
        work = stopped.plan.work
        if work not in again:
            again[work] = make_plan(case, work=work, stop_bound=lambda: True)
        assert stopped.plan == again[work].plan
        assert stopped.tiers == again[work].tiers
    assert len(again) >= 3
    assert cut < asked


def test_bounds_that_are_stopped_still_hold() -> None:
    for seed in (1, 2, 5):
        whole = make_plan(town(seed, **SMALL), work=0)
        cut = make_plan(town(seed, **SMALL), work=0, stop_bound=lambda: True)
        assert cut.plan == whole.plan
        for a, b in zip(cut.tiers, whole.tiers, strict=True):
            if b.bound is not None:
                assert a.bound is not None
                assert a.bound >= b.bound - 1e-6 * max(1.0, b.bound)


def test_what_finishes_a_plan_does_not_know_how_the_search_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else a stopped search would be finished less well than one that ran to its end."""
    heard: list[bool] = []
    bring = Search.bring_aid_with_the_rest

    def listening(search: Search, schedule: Schedule) -> None:
        heard.append(search.stop())
        bring(search, schedule)

    monkeypatch.setattr(Search, "bring_aid_with_the_rest", listening)
    calls = itertools.count()
    case = town(1, **SMALL, rules=RETURNS)
    told = Waiting()
    make_plan(case, work=9, progress=told, stop=lambda: bool(told.standings) and next(calls) > 1)
    assert heard
    assert not any(heard)
