"""At these inputs October is a real case: checks and vehicles are used up, and most stay behind."""

from __future__ import annotations

from math import inf

import pytest

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.rules import judge
from lull.domain.worth import arrived
from lull.plan import Result, make_plan

AT_LEAST = 0.95
"""Use in the busier half of the window, by which a check or a fleet counts as used up."""


@pytest.fixture(scope="module")
def met(october: Case) -> tuple[Case, Result]:
    """October as if every condition were met, planned without any search for better."""
    case = october.on(Consents.ALL_MET)
    return case, make_plan(case, work=0, seed=0)


@pytest.mark.slow
def test_a_check_and_a_fleet_are_used_up_for_half_the_window(met: tuple[Case, Result]) -> None:
    _, result = met
    used = {limit.kind: 0.0 for limit in result.limits}
    for limit in result.limits:
        used[limit.kind] = max(used[limit.kind], limit.share)
    assert used["checkpoint"] >= AT_LEAST
    assert used["fleet"] >= AT_LEAST


@pytest.mark.slow
def test_at_least_a_fifth_of_those_who_wish_to_leave_stay_behind_in_any_plan(
    met: tuple[Case, Result],
) -> None:
    case, result = met
    wishing = sum(group.wishing for group in case.groups.values())
    moved = sum(arrived(result.plan).persons.values())
    assert 0 < moved <= result.ceiling.persons < 0.8 * wishing


@pytest.mark.slow
def test_the_plan_keeps_every_rule_and_no_value_exceeds_its_bound(
    met: tuple[Case, Result],
) -> None:
    case, result = met
    assert result.refused == ()
    assert [v.sentence for v in judge(case, result.plan)] == []
    for tier in result.tiers:
        assert tier.value <= (inf if tier.bound is None else tier.bound + 1e-6), tier.name


def test_on_the_consents_as_recorded_nobody_and_nothing_moves(october: Case) -> None:
    result = make_plan(october.on(Consents.RECORDED), work=0, seed=0)
    got = arrived(result.plan)
    assert not got.persons
    assert not got.units
    assert result.ceiling.persons == 0
