"""A report can be made of every kind of plan: exchange, links, two windows, cars, returns, aid."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from attrs import evolve

from lull.domain.pause import Consents
from lull.domain.plan import Plan, Task
from lull.domain.rules import RULES, judge
from lull.domain.worth import arrived
from lull.plan.result import Result
from lull.report import figures
from lull.report.day_sheets import day_sheets
from lull.report.gather import gather
from lull.report.model import Column, ReportInput
from lull.report.outputs import Audience, outputs
from lull.report.timetables import by_convoy, by_vehicle
from lull.report.use import checkpoint_strips, fleet_strips
from tests.report.test_page import Shape
from tests.tiny.cases import SAMPLES, Sample

EVERY = pytest.mark.parametrize("make", SAMPLES, ids=[make.__name__ for make in SAMPLES])


def report_of(sample: Sample) -> ReportInput:
    """A sample with its plan in all three columns."""
    columns = [Column(reading, sample.case, Result(sample.plan)) for reading in Consents]
    return gather(
        sample.case, columns, Consents.ALL_MET, rules=RULES,
        violations=judge(sample.case, sample.plan),
    )  # fmt: skip


@EVERY
def test_every_audience_gets_whole_pages(make: Callable[[], Sample]) -> None:
    report = report_of(make())
    for audience in Audience:
        for name, body in outputs(report, audience).items():
            assert body
            if name.endswith(".html"):
                assert not Shape(body.decode()).wrong


@EVERY
def test_figures_agree_with_what_the_plan_is_worth(make: Callable[[], Sample]) -> None:
    sample = make()
    got = arrived(sample.plan)
    cells = figures.served(sample.case, sample.plan)
    assert sum(c.out for c in cells.values()) == sum(got.persons.values())
    people = figures.people_over_time(sample.plan)
    assert (people[-1][1] if people else 0) == sum(got.persons.values())
    kg = {i.id: i.kg for i in sample.case.items.values()}
    tonnes = sum(units * kg[item] / 1000 for (item, _), units in got.units.items())
    assert figures.tonnes_in(sample.case, sample.plan) == pytest.approx(tonnes)


@EVERY
def test_vehicles_end_empty_and_no_step_is_left_out(make: Callable[[], Sample]) -> None:
    sample = make()
    for day in sample.plan.vehicles:
        if day.steps:
            assert not figures.carried(day)[-1][1].loaded, day.vehicle
    steps = sum(len(day.steps) for day in sample.plan.vehicles)
    assert len(by_vehicle(sample.case, sample.plan).rows) == steps
    assert len(by_convoy(sample.case, sample.plan).rows) == len(list(sample.plan.crossings()))
    said = sum(len(r.words.split(" · ")) for s in day_sheets(sample.case, sample.plan)
               for r in s.rounds)  # fmt: skip
    moved = [
        s for day in sample.plan.vehicles for s in day.steps
        if getattr(s, "task", None) not in (Task.START, Task.END, Task.WAIT)
    ]  # fmt: skip
    assert said == len(moved)


@EVERY
def test_nothing_is_used_beyond_what_there_is(make: Callable[[], Sample]) -> None:
    """The samples keep every rule, so no checkpoint and no fleet may be shown as overfull."""
    sample = make()
    assert not judge(sample.case, sample.plan)
    for strip in checkpoint_strips(sample.case, sample.plan):
        assert strip.share.max() <= 1 + 1e-9, (strip.name, strip.way)
    for fleet in fleet_strips(sample.case, sample.plan):
        assert fleet.most <= fleet.number
        assert (fleet.loaded <= fleet.out + 1e-9).all()


def test_a_plan_without_anything_can_be_reported() -> None:
    empty = evolve(SAMPLES[0](), plan=Plan())
    for audience in Audience:
        assert outputs(report_of(empty), audience)
