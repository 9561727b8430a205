"""What an aim asks for, and the bound that rules a window out for it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.exchange import read_folder
from lull.plan import make_plan
from lull.plan.program import Program
from lull.plan.proof.wanted import Wanted, most_wanted
from lull.questions import Aim, AimKind
from lull.questions.windows import lasting

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
AIMS = [Aim(), Aim(AimKind.PATIENTS), Aim(AimKind.SHARE, 0.6), Aim(AimKind.RATIONS)]


@pytest.fixture(scope="module")
def first_steps() -> Case:
    case = read_folder(SAMPLES / "first-steps").case
    assert case is not None
    return case


def served(case: Case, aim: Aim, work: int) -> float:
    """What a plan serves of what the aim asks for, counted from its stops."""
    from lull.domain.worth import arrived, tier_value

    plan = make_plan(aim.first(case), work=work, stop_bound=lambda: True).plan
    got, wanted = arrived(plan), aim.wanted(case)
    if wanted is None:
        return tier_value(case, aim.tier, got)
    heads = got.patients if wanted.patients else got.persons
    return sum(
        min(many, sum(heads.get(g.id, 0) for g in case.groups.values()
                      if case.neighbourhood_of(g) == name))
        for name, many in wanted.heads.items())


@pytest.mark.parametrize("aim", AIMS, ids=lambda aim: aim.kind.value)
@pytest.mark.parametrize("minutes", [60, 120, 240])
def test_no_plan_serves_more_than_the_bound_says(
    first_steps: Case, aim: Aim, minutes: int
) -> None:
    case = lasting(first_steps, minutes)
    most = most_wanted(aim.alone(case), aim.wanted(case), 0.0, lambda: False)
    assert served(case, aim, 20) <= most + 1e-6
    assert most <= aim.worth(case) + 1e-6


@pytest.mark.parametrize("aim", AIMS, ids=lambda aim: aim.kind.value)
def test_a_longer_window_has_no_lower_bound(first_steps: Case, aim: Aim) -> None:
    bounds = []
    for minutes in (45, 90, 135, 180, 235):
        case = lasting(first_steps, minutes)
        bounds.append(most_wanted(aim.alone(case), aim.wanted(case), 0.0, lambda: False))
    assert all(a <= b * 1.003 + 1e-6 for a, b in pairwise(bounds))


def test_stopped_at_once_the_bound_is_that_of_flows(first_steps: Case) -> None:
    """It is a bound all the same, and no lower than the one that was searched for."""
    aim, case = Aim(), lasting(first_steps, 200)
    early = most_wanted(aim.alone(case), aim.wanted(case), 0.0, lambda: True)
    late = most_wanted(aim.alone(case), aim.wanted(case), 0.0, lambda: False)
    assert early >= late - 1e-6


def test_wanted_heads_are_counted_by_neighbourhood(first_steps: Case) -> None:
    """Served beyond what is wanted in one neighbourhood does not make up for another."""
    names = list(dict.fromkeys(first_steps.neighbourhood_of(g)
                               for g in first_steps.groups.values()))
    wanted = Wanted(dict.fromkeys(names, 10))
    program = Program()
    for group in first_steps.groups.values():
        program.column(("persons", group.id), 30.0)
    gain = wanted.count(first_steps, program)
    found = program.best(gain)
    assert found is not None
    assert found[0] == pytest.approx(10 * len(names))


def test_shares_are_of_those_who_wish_to_leave_rounded_up(first_steps: Case) -> None:
    aim = Aim(AimKind.SHARE, 0.61)
    wanted = aim.wanted(first_steps)
    assert wanted is not None
    for name, many in wanted.heads.items():
        wishing = sum(g.wishing for g in first_steps.groups.values()
                      if first_steps.neighbourhood_of(g) == name)
        assert many - 1 < 0.61 * wishing <= many


def test_the_aim_stands_first_and_nothing_of_the_pause_is_dropped(first_steps: Case) -> None:
    for aim in AIMS:
        tiers = aim.first(first_steps).pause.tiers
        assert tiers[1:] == first_steps.pause.tiers
        assert evolve(aim.first(first_steps).pause, tiers=first_steps.pause.tiers) == (
            first_steps.pause)
