"""Beside each other, the readings of the consents are not misread."""

from __future__ import annotations

import pytest
from attrs import evolve

from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.plan.result import Result
from lull.report import headline
from lull.report.model import Column, ReportInput
from lull.report.public import public_page
from lull.report.readings import fewer_with_more
from tests.report.cases import tiny, tiny_case, tiny_plan, tiny_result


def without_walkers_and_aid(lives: float) -> Result:
    """The tiny plan's result without its truck: the same 78 people and 15 more on foot."""
    result = tiny_result(tiny_case())
    plan = tiny_plan(tiny_case())
    days = tuple(day for day in plan.vehicles if not day.vehicle.startswith("truck"))
    (walkers,) = plan.parties
    more = evolve(walkers, id="W2")
    first = evolve(result.tiers[0], value=lives)
    return evolve(
        result,
        plan=evolve(plan, vehicles=days, parties=(walkers, more)),
        tiers=(first, *result.tiers[1:]),
    )


def columns(before: Result) -> tuple[Column, ...]:
    case = tiny_case()
    return (
        Column(Consents.RECORDED, case.on(Consents.RECORDED), Result(Plan())),
        Column(Consents.DECLARED, case, before),
        Column(Consents.ALL_MET, case, tiny_result(case)),
    )


def test_fewer_people_with_more_consents_are_explained_by_what_the_plans_hold() -> None:
    """By hand: 78 + 30 people against 78 + 15 and 5 tonnes; walkers leave where the truck comes."""
    assert fewer_with_more(columns(without_walkers_and_aid(lives=3.0))) == (
        "If all conditions are met, 15 people fewer reach their destination than with the "
        "consents as declared, and 5.0 tonnes more come in, by 1 corridor through which people "
        "leave too. The aims are settled in their order, and the first that differs, «lives», "
        "gains by it.",
    )


def test_a_better_plan_for_fewer_consents_is_admitted() -> None:
    (said,) = fewer_with_more(columns(without_walkers_and_aid(lives=5.0)))
    assert "«lives»" in said
    assert "the plan found with the consents as declared is the better one" in said


def test_nothing_is_said_where_more_consents_move_more() -> None:
    report = tiny()
    assert fewer_with_more(report.columns) == ()


@pytest.fixture
def half_planned() -> ReportInput:
    """A run that was stopped before the second reading was planned."""
    report = tiny()
    stopped = Result(Plan(), refused=("stopped before it was planned",))
    return evolve(
        report,
        columns=tuple(
            evolve(c, result=stopped) if c.reading is Consents.DECLARED else c
            for c in report.columns
        ),
    )


def test_what_was_not_planned_is_not_said_to_be_impossible(half_planned: ReportInput) -> None:
    said = headline.sentences(half_planned)
    assert "With the consents as declared: not planned: stopped before it was planned." in said
    assert not any("as declared, nobody" in sentence for sentence in said)


def test_what_was_not_planned_has_no_figures(half_planned: ReportInput) -> None:
    table = headline.columns(half_planned)
    at = table.header.index(Consents.DECLARED.value)
    assert {row[at] for row in table.rows if row[0] != "corridors that may be used"} == {None}


def test_the_public_form_does_not_say_none_of_what_was_not_planned(
    half_planned: ReportInput,
) -> None:
    assert "not planned" in public_page(half_planned)
