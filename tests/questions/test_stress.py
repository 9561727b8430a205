"""`stress`: what it says of known days is known, and alternatives share their days."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest

from lull.domain.case import Case
from lull.domain.plan import Crossing, Plan
from lull.domain.refusal import Refusal
from lull.domain.rules import judge
from lull.domain.time import Estimate, Window
from lull.questions import (
    NAMED,
    Margined,
    NamedPolicy,
    PlanFor,
    Stress,
    named,
    plan_for,
    stress,
    with_margins,
)
from lull.questions.ladder import ORDER, percent_of
from lull.questions.margined import earlier
from lull.questions.moved_times import moved, moved_times
from lull.questions.stress import REPLICATIONS, days_for
from lull.simulate import Policy, Source, Uncertainty, simulate
from lull.simulate import columns as c
from lull.simulate.ensemble import run
from lull.simulate.margins import without_end
from lull.simulate.scenario import scenario
from lull.simulate.split import MOST_DAYS, delays_alone
from tests.simulate.kit import one_round, sample, two_corridors

FEW = 600


@cache
def first_steps() -> Stress:
    """The smallest sample, its first plan, on few days."""
    return stress(*sample("first-steps"), replications=FEW, seed=4, limit=0.02)


def breakdowns(chance_of_loss: float) -> tuple[Case, Plan, Uncertainty]:
    """One bus, on whose way out of ten minutes it is lost with a known chance, if not before.

    On each way of m minutes the chance is m × rate; lost inside on the way in, to the point, or
    out means that crew or people are caught.
    """
    case = two_corridors()
    rate = chance_of_loss / 10 * 60
    return case, one_round(case, "bus#1"), Uncertainty(
        sources=frozenset({Source.BREAKDOWNS}), breakdowns_an_hour=rate, lost_share=1.0)


def test_the_chance_of_being_caught_covers_the_one_that_is_known() -> None:
    """Inside are: through the corridor (5 minutes), to A (10), back to the gate (10) and through
    (5), after 10 minutes outside: known chances, one after the other."""
    case, plan, doubt = breakdowns(0.05)
    rate = 0.05 / 10
    lives = 1 - 10 * rate  # outside, on the way to the gate
    known = 0.0
    for minutes in (5, 10, 10, 5):
        known += lives * minutes * rate
        lives *= 1 - minutes * rate
    covered = 0
    for seed in range(20):
        found = stress(case, plan, doubt, replications=300, seed=seed, limit=0.5)
        low, high = found.caught.interval
        covered += low <= known <= high
        assert found.caught.upper > 0
    assert covered >= 17


def test_what_the_plan_says_is_there_when_nothing_is_uncertain() -> None:
    case, plan = sample("first-steps")
    found = stress(case, plan, Uncertainty.none(), replications=20, limit=0.5)
    arrived = found.figure("arrived")
    assert arrived.band.p10 == arrived.band.p90 == arrived.planned
    assert found.caught.count == 0
    assert 0 < found.caught.upper < 0.2
    assert found.fan.planned == found.fan.p10 == found.fan.p90
    assert found.causes == ()


def test_the_fan_ends_where_the_figures_do_and_never_falls() -> None:
    found = first_steps()
    arrived, fan = found.figure("arrived"), found.fan
    assert fan.planned[-1] == arrived.planned
    assert (fan.p10[-1], fan.p50[-1], fan.p90[-1]) == (
        arrived.band.p10, arrived.band.p50, arrived.band.p90)
    for line in (fan.planned, fan.p10, fan.p50, fan.p90):
        assert list(line) == sorted(line)
    assert all(a <= b <= c for a, b, c in zip(fan.p10, fan.p50, fan.p90, strict=True))


def test_processes_and_order_do_not_change_the_answer() -> None:
    with ThreadPoolExecutor(2) as pool:
        again = stress(*sample("first-steps"), replications=FEW, seed=4, limit=0.02, executor=pool)
    one = first_steps()
    assert again.figures == one.figures
    assert again.corridors == one.corridors
    assert again.causes == one.causes
    assert again.fan == one.fan


def test_other_policies_are_tried_on_the_same_days() -> None:
    case, plan, doubt = breakdowns(0.05)
    found = stress(case, plan, doubt, replications=400, seed=2, limit=0.01)
    assert [one.day.name for one in found.tried] == ["take-up", "teams"]
    alone = simulate(case, plan, doubt, NAMED["teams"].policy, replications=400, seed=2)
    assert found.tried[1].caught == alone.anyone_caught()
    assert found.tried[1].caught.count < found.caught.count


def test_where_breakdowns_dominate_it_says_so_and_what_would_help() -> None:
    case, plan, doubt = breakdowns(0.1)
    found = stress(case, plan, doubt, replications=1000, seed=2, limit=0.01)
    north = next(one for one in found.corridors if one.corridor == "north")
    assert north.margin is not None
    assert north.margin.extra is None
    assert "Mostly breakdowns" in north.words
    assert "«teams»" in north.words
    south = next(one for one in found.corridors if one.corridor == "south")
    assert south.margin is None
    assert south.caught.count == 0 < south.caught.upper


def test_too_few_days_for_a_limit_are_said_to_be_too_few() -> None:
    found = stress(*sample("first-steps"), replications=50, seed=1)
    assert all("too few" in one.words for one in found.corridors if one.margin)




def test_half_width_asked_for_is_reached_or_said_not_to_be() -> None:
    how: dict[str, Any] = {"seed": 1, "limit": 0.02}
    reached = stress(*sample("first-steps"), replications=5000, half_width=2.5, **how)
    assert reached.precise
    assert reached.figure("arrived").band.half_width <= 2.5
    missed = stress(*sample("first-steps"), replications=200, half_width=0.001, **how)
    assert missed.precise is False


def test_days_end_when_stopped_and_those_finished_are_the_first_of_all() -> None:
    case, plan = sample("first-steps")
    asked: list[int] = []

    def third() -> bool:
        asked.append(1)
        return len(asked) >= 3

    for executor in (None, ThreadPoolExecutor(2)):
        asked.clear()
        day = Policy()
        cut = simulate(case, plan, Uncertainty(), day, replications=4000, seed=1, batch=10,
                       executor=executor, stop=third)
        whole = simulate(case, plan, Uncertainty(), day, replications=30, seed=1)
        assert cut.replications == 30
        assert cut.band("arrived") == whole.band("arrived")


def test_when_stopped_what_was_not_begun_is_left_out() -> None:
    found = stress(*sample("first-steps"), replications=40, stop=lambda: True)
    assert found.stopped
    assert found.causes == found.tried == ()
    assert found.figure("arrived").band.p50 > 0


@cache
def margined() -> Margined:
    """The smallest sample planned again, with closures and breakdowns left out."""
    case, plan = sample("first-steps")
    doubt = Uncertainty().without(Source.CLOSURES).without(Source.BREAKDOWNS)
    found = stress(case, plan, doubt, replications=FEW, seed=4, limit=0.02)
    return with_margins(
        case, doubt, found.day, [one.margin for one in found.corridors if one.margin],
        found.outcome, limit=0.02, work=0, seed=4)


def test_a_plan_with_margins_keeps_the_rules_and_the_limit() -> None:
    case, _ = sample("first-steps")
    made = margined()
    assert made.plan is not None
    assert made.after is not None
    assert judge(case, made.plan) == ()
    assert made.met
    doubt = Uncertainty().without(Source.CLOSURES).without(Source.BREAKDOWNS)
    ready = without_end(scenario(case, made.plan, doubt, made.day.policy))
    late = run(ready, replications=FEW, seed=4).by_corridor[:, :, c.C_CLEAR].max(axis=1) > 0
    assert late.sum() == sum(m.late.count for m in made.margins)
    assert all(m.late.upper <= 0.02 for m in made.margins)


def test_before_and_after_are_the_same_days() -> None:
    """The difference is that of the days one by one, which only common numbers make narrow."""
    made = margined()
    assert made.after is not None
    arrived = next(one for one in made.beside() if one.name == "arrived")
    days = made.after.values("arrived") - made.before.values("arrived")
    assert arrived.difference.mean == pytest.approx(days.mean())
    apart = np.hypot(arrived.before.half_width, arrived.after.half_width)
    assert arrived.difference.half_width < apart


def test_a_corridor_that_closes_earlier_is_left_by_then() -> None:
    case, _ = sample("first-steps")
    name = next(iter(case.corridors))
    window = case.pause.windows[0]
    last = window.closes - case.pause.rules.margin - 40
    shut = earlier(case, {name: 40})
    assert shut.corridors[name].open_hours == (Window(window.opens, last),)
    assert shut.pause.windows == case.pause.windows
    never = earlier(case, {name: 100_000}).corridors[name].open_hours
    assert never == (Window(window.opens, window.opens + 1),)
    assert earlier(case, {}).corridors == case.corridors


@cache
def for_nine_of_ten() -> PlanFor:
    case, plan = sample("first-steps")
    return plan_for(case, plan, Uncertainty(), NAMED["day"], 90, replications=200, work=0, seed=4)


def test_the_plan_for_nearly_all_days_is_never_worse_than_the_one_given() -> None:
    case, plan = sample("first-steps")
    found = for_nine_of_ten()
    given = next(one for one in found.judged if one.rung.given)
    assert given.plan == plan
    assert found.best.reached[ORDER[0]] >= given.reached[ORDER[0]] * 0.995 - 1e-9
    for one in found.judged:
        assert judge(case, one.plan) == ()
    assert len(found.judged) + len(found.left_out) == 11


def test_what_is_reached_on_nine_of_ten_days_is_counted_by_hand() -> None:
    case, _ = sample("first-steps")
    best = for_nine_of_ten().best
    days = np.sort(simulate(case, best.plan, Uncertainty(), Policy(), replications=200,
                            seed=4).values("arrived"))
    assert best.reached["arrived"] == days[19], "180 of 200 days reach it or more"


def test_a_slower_plan_has_minutes_to_spare_and_no_way_takes_less() -> None:
    case, _ = sample("first-steps")
    assert moved(Estimate(2, 5, 9), 0.5) == Estimate(2, 7, 9)
    assert moved(Estimate(2, 5, 9), -1.0) == Estimate(2, 2, 9)
    slow = moved_times(case, 1.0, checks=False)
    for profile, ways in case.travel.likely.items():
        there = ways >= 0
        assert (slow.travel.likely[profile][there] == case.travel.high[profile][there]).all()
        assert (slow.travel.likely[profile][~there] == ways[~there]).all()
    assert slow.corridors == case.corridors


@pytest.mark.parametrize("word", ["90", "P", "P49", "P100", "Q90", "P9.5"])
def test_an_aim_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(Refusal, match="P90"):
        percent_of(word)


@pytest.mark.parametrize("limit", [1 / 100, 1 / 1000, 1 / 3500, 1 / 10_000, 1 / 16_000])
def test_as_many_days_are_made_as_can_show_a_chance_under_the_limit(limit: float) -> None:
    """Of n days none of which is late, the upper 95 % limit u of the chance has (1 − u)ⁿ = 5 %."""
    days = days_for(limit)
    assert 1 - 0.05 ** (1 / days) <= limit
    assert REPLICATIONS <= days <= MOST_DAYS


def test_for_a_chance_smaller_than_any_days_show_no_more_than_the_most_are_made() -> None:
    assert days_for(1e-7) == MOST_DAYS


def test_a_policy_is_put_together_from_words() -> None:
    assert named(()).policy == Policy()
    made = named(("teams", "wait_for_mates=30", "follow=no"))
    assert (made.policy.teams, made.policy.wait_for_mates, made.policy.follow) == (1, 30, False)
    assert "wait_for_mates = 30" in made.words


@pytest.mark.parametrize("words", [
    ("heroic",), ("luck=3",), ("follow=maybe",), ("wait_for_mates=soon",), ("reserve_of=3",),
])  # fmt: skip
def test_a_policy_that_means_nothing_is_refused_in_a_sentence(words: tuple[str, ...]) -> None:
    with pytest.raises(Refusal, match=r"policy"):
        named(words)


def test_a_limit_that_is_no_chance_is_refused() -> None:
    with pytest.raises(Refusal, match="between 0 and 1"):
        stress(*sample("first-steps"), replications=5, limit=1.5)


def test_crossings_of_a_plan_with_margins_are_over_by_its_margin() -> None:
    case, _ = sample("first-steps")
    made = margined()
    assert made.plan is not None
    for day in made.plan.vehicles:
        for step in day.steps:
            if isinstance(step, Crossing):
                last = case.pause.windows[-1].closes - case.pause.rules.margin
                assert step.leaves <= last - made.extra.get(step.corridor, 0)


def test_the_margin_for_delays_is_apart_from_what_outlasts_it() -> None:
    """A corridor closes before the bus comes out with a chance that is known; nothing else differs.

    With no delay the plan's own margin is enough, whatever closes: the closures are counted apart.
    """
    case = two_corridors()
    plan = one_round(case, "bus#1")
    went_in, out = (s for _, s in plan.crossings())
    opens = case.pause.windows[0].opens
    known = (np.exp(-0.2 * (went_in.enters - opens) / 60)
             - np.exp(-0.2 * (out.enters - opens) / 60))  # shut once it is in, before it is out
    shut = Uncertainty(sources=frozenset({Source.CLOSURES}), closures_an_hour=0.2)
    stays = NamedPolicy("stays", Policy(reroute=False), "No other gate is tried.")
    found = stress(case, plan, shut, stays, replications=1500, seed=3, limit=0.05)
    north = next(one for one in found.corridors if one.corridor == out.corridor)
    assert north.split is not None
    assert north.split.delays.late.count == 0
    assert north.split.delays.extra is not None
    assert north.split.delays.extra <= 0
    assert north.split.outlasts is not None
    low, high = north.split.outlasts.interval
    assert low <= known <= high
    assert north.split.outlasts.upper > 0
    assert "no margin buys that off" in north.words


def test_with_delays_alone_the_split_is_the_margin_itself() -> None:
    case, plan = sample("first-steps")
    doubt = delays_alone(Uncertainty())
    whole_day = stress(case, plan, doubt, replications=FEW, seed=4, limit=0.02)
    for one in whole_day.corridors:
        if one.margin is not None and one.split is not None:
            assert one.split.delays == one.margin
            assert one.split.outlasts is not None
            assert one.split.outlasts.upper <= 0.02
