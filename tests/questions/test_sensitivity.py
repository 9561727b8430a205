"""`sensitivity`: one input at a time, on the same days, the one that matters most first."""

from __future__ import annotations

from functools import cache

import pytest
from attrs import evolve

from lull.domain.refusal import Refusal
from lull.questions import Sensitivity, sensitivity
from lull.questions.inputs import RANGES, inputs
from lull.simulate import ASSUMED, Policy, Source, Uncertainty, simulate
from tests.simulate.kit import sample

FEW = 200


@cache
def first_steps() -> Sensitivity:
    case, plan = sample("first-steps")
    return sensitivity(case, plan, replications=FEW, seed=4)


def test_the_widest_swing_comes_first_and_every_input_has_its_turn() -> None:
    case, _ = sample("first-steps")
    found = first_steps()
    swings = [turn.swing for turn in found.turns]
    assert swings == sorted(swings, reverse=True)
    assert {turn.input.name for turn in found.turns} == {one.name for one in inputs(case)}


def test_each_end_is_a_run_of_its_own_with_that_input_alone_changed() -> None:
    case, plan = sample("first-steps")
    turn = next(t for t in first_steps().turns if t.input.name == "vehicles that start late")
    for side, share in ((turn.low, 0.1), (turn.high, 0.4)):
        alone = simulate(case, plan, evolve(Uncertainty(), late_share=share), Policy(),
                         replications=FEW, seed=4)
        assert side.mean == pytest.approx(alone.values("arrived").mean())
        assert side.caught == alone.anyone_caught()


def test_an_input_whose_source_is_off_does_not_matter_at_all() -> None:
    """Common numbers: not even noise is left."""
    case, plan = sample("first-steps")
    found = sensitivity(case, plan, Uncertainty(sources=frozenset({Source.NO_SHOWS})),
                        replications=50, seed=1)
    by_name = {turn.input.name: turn for turn in found.turns}
    for name in ("breakdowns", "minutes of a tow", "halts of a corridor", "minutes of a halt"):
        assert by_name[name].swing == 0
        assert not by_name[name].sure
    absent = by_name["share that does not come"]
    assert absent.low.change > 0 > absent.high.change
    assert absent.sure


def test_more_vehicles_are_planned_with_and_fewer_cost_people() -> None:
    turn = next(t for t in first_steps().turns if t.input.name.startswith("vehicles that come"))
    assert turn.input.replans
    assert turn.low.planned is not None
    assert turn.high.planned is not None
    assert turn.low.planned < turn.high.planned
    assert turn.low.change < 0


def test_likely_minutes_that_are_low_cost_nobody() -> None:
    """The plan for the longer minutes could still be driven, so it is never worse."""
    for name in ("ways", "boarding", "checks"):
        turn = next(t for t in first_steps().turns if t.input.name == f"likely minutes of {name}")
        assert turn.low.change >= -1e-9


def test_every_parameter_that_is_assumed_has_a_range_around_its_default() -> None:
    moved = {one.setting for one in RANGES}
    assert moved == set(ASSUMED) - {"shape"}
    default = Uncertainty()
    for one in RANGES:
        value = getattr(default, one.setting)
        changed = [evolve(default, **{one.setting: end}) for end in (one.low, one.high)]
        assert all(getattr(c, one.setting) != value for c in changed)
        if isinstance(value, float | int):
            assert one.low < value < one.high  # type: ignore[operator]


def test_when_stopped_it_ranks_what_it_has() -> None:
    asked = iter([False, False, True])
    found = sensitivity(*sample("first-steps"), replications=20, stop=lambda: next(asked, True))
    assert found.stopped
    assert len(found.turns) == 2


def test_a_headline_that_there_is_not_is_refused() -> None:
    with pytest.raises(Refusal, match="people, patients, tonnes"):
        sensitivity(*sample("first-steps"), headline="happiness", replications=5)
