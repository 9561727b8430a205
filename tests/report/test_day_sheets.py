"""A driver's day: each route once, one line a round, half a page."""

from __future__ import annotations

from datetime import UTC, datetime

from attrs import evolve

from lull.domain.plan import Stop
from lull.domain.time import Clock
from lull.report.day_sheets import day_sheets
from lull.report.model import ReportInput


def test_a_round_is_one_line_of_times_on_a_route_that_is_said_once(report: ReportInput) -> None:
    bus, *_ = day_sheets(report.shown.case, report.shown.result.plan)
    assert (bus.name, bus.date, bus.shift) == ("Bus 1", "20 October 2016", "UTC is 3 h less")
    assert bus.leaves == "Leave Depot at 07:50."
    assert bus.returns == "Be back at Depot at 09:57."
    (route,) = bus.routes
    assert route.lines == (
        "Gate of North Road, in.",
        "Load at School <5>.",
        "Gate of North Road, out.",
        "Set down at Reception.",
    )
    (only,) = bus.rounds
    assert only.route == "A"
    assert only.words == (
        "in 08:05 C1 (1 of 3, lead) · load 08:34: 40 people · "
        "out 09:05 C2 (1 of 3, lead) · set down 09:37"
    )


def test_the_same_way_twice_is_one_route_with_two_rounds(report: ReportInput) -> None:
    plan = report.shown.result.plan
    day = plan.vehicles[0]
    again = tuple(
        evolve(s, round=1, arrives=s.arrives + 300, **(
            {"starts": s.starts + 300, "departs": s.departs + 300} if isinstance(s, Stop)
            else {"enters": s.enters + 300, "leaves": s.leaves + 300}
        ))
        for s in day.steps[1:-1]
    )  # fmt: skip
    longer = evolve(day, steps=(*day.steps[:-1], *again, day.steps[-1]))
    (sheet,) = day_sheets(report.shown.case, evolve(plan, vehicles=(longer,)))
    assert len(sheet.routes) == 1
    assert [r.route for r in sheet.rounds] == ["A", "A"]


def test_a_round_over_midnight_stays_on_the_sheet_on_which_it_begins(report: ReportInput) -> None:
    late = evolve(
        report.shown.case.pause, clock=Clock(datetime(2016, 10, 20, 20, 0, tzinfo=UTC),
                                             "Asia/Damascus")
    )  # fmt: skip
    case = evolve(report.shown.case, pause=late)
    (sheet,) = (s for s in day_sheets(case, report.shown.result.plan) if s.vehicle == "bus#1")
    assert sheet.date == "20 October 2016"
    assert sheet.leaves == "Leave Depot at 22:50."
    assert "out 00:05+1 C2" in sheet.rounds[0].words
    assert sheet.returns == "Be back at Depot at 00:57+1."


def test_every_step_of_every_vehicle_stands_on_a_sheet(report: ReportInput) -> None:
    plan = report.shown.result.plan
    said = sum(
        len(r.words.split(" · ")) for s in day_sheets(report.shown.case, plan) for r in s.rounds
    )
    ends = sum(bool(s.leaves) + bool(s.returns) for s in day_sheets(report.shown.case, plan))
    assert said + ends == sum(len(day.steps) for day in plan.vehicles)
