"""What a report counts, against counts made by hand from the tiny pause."""

from __future__ import annotations

import pytest

from lull.domain.people import Need
from lull.domain.plan import Task
from lull.domain.worth import arrived
from lull.report import figures
from lull.report.flows import Kind, journeys, legs
from lull.report.headline import by_need, by_neighbourhood, columns, limiting, sentences, totals
from lull.report.model import ReportInput


def test_heads_by_neighbourhood_and_need(report: ReportInput) -> None:
    cells = figures.served(report.case, report.shown.result.plan)
    assert {k: (c.present, c.wishing, c.out) for k, c in cells.items()} == {
        ("East & Park", Need.SEATED): (100, 80, 70),
        ("Hill", Need.STRETCHER): (24, 24, 8),
        ("Hill", Need.WALKING): (60, 30, 15),
    }
    hill = cells["Hill", Need.STRETCHER]
    assert (hill.patients_wishing, hill.patients_out) == (12, 4)
    assert hill.waiting == 16


def test_those_who_stay_are_all_who_are_still_there(report: ReportInput) -> None:
    heads = figures.total(figures.served(report.case, report.shown.result.plan).values())
    assert (heads.present, heads.out, heads.staying) == (184, 93, 91)


def test_supplies_by_line(report: ReportInput) -> None:
    (line,) = figures.supplied(report.case, report.shown.result.plan)
    assert (line.units, line.tonnes, line.tonnes_needed, line.persons) == (100, 5.0, 10.0, 500)
    assert line.neighbourhood == "East & Park"


def test_arrivals_over_time_end_at_what_arrives(report: ReportInput) -> None:
    plan = report.shown.result.plan
    people = figures.people_over_time(plan)
    # Buses and ambulance leave the far gate at 87 and set down until 107; walkers reach at 115.
    assert people == ((107, 78.0), (115, 93.0))
    assert people[-1][1] == sum(arrived(plan).persons.values())
    assert figures.people_through_gates(plan) == ((87, 78.0), (95, 93.0))
    assert figures.tonnes_over_time(report.case, plan) == ((125, 5.0),)


def test_what_is_on_board_is_what_was_loaded_and_not_yet_set_down(report: ReportInput) -> None:
    days = {d.vehicle: d for d in report.shown.result.plan.vehicles}
    ambulance = [(a.persons, a.patients) for _, a in figures.carried(days["amb#1"])]
    assert ambulance == [(0, 0), (0, 0), (8, 4), (8, 4), (0, 0), (0, 0)]


def test_each_leg_carries_what_its_vehicles_carry(report: ReportInput) -> None:
    case, plan = report.shown.case, report.shown.result.plan
    moved = legs(case, plan)
    assert moved["school", "north@inside"] == {Kind.PEOPLE: 70}
    assert moved["north@inside", "north@outside"] == {Kind.PEOPLE: 74, Kind.PATIENTS: 4}
    assert moved["store", "south@outside"] == {Kind.AID: 5.0}
    assert moved["square", "south@inside"] == {Kind.PEOPLE: 15}
    assert ("depot", "north@outside") not in moved, "an empty vehicle moves nobody"


def test_a_journey_runs_from_stop_to_stop(report: ReportInput) -> None:
    found = journeys(report.shown.case, report.shown.result.plan)
    assert found["clinic", "north@inside", "north@outside", "hospital"] == {
        Kind.PEOPLE: 4,
        Kind.PATIENTS: 4,
    }


def test_totals_of_each_column(report: ReportInput) -> None:
    recorded, _, met = (totals(column) for column in report.columns)
    assert (recorded.persons, recorded.corridors) == (0, 0)
    assert recorded.note == "no corridor may be used"
    assert (met.persons, met.patients, met.tonnes, met.left, met.vehicles) == (93, 4, 5.0, 41, 4)


def test_the_headline_says_what_moves_and_what_no_plan_can(report: ReportInput) -> None:
    said = sentences(report)
    assert said[0].startswith("If all conditions are met, 93 of the 134 people")
    assert "4 of 12 patients" in said[0]
    assert "5.0 of the 10.0 tonnes" in said[0]
    assert said[1].startswith("No plan can move more than 120 people, 8 patients or 10.0 tonnes")
    assert said[2] == (
        "With the consents recorded now, nobody and nothing can move: no corridor may be used."
    )


@pytest.mark.parametrize("table", [by_need, by_neighbourhood])
def test_the_parts_of_a_table_add_up(table: object, report: ReportInput) -> None:
    rows = table(report.case, report.shown.result.plan).records()  # type: ignore[operator]
    parts = [r for r in rows if r.get("need") != "all"]
    assert sum(r["out"] for r in parts) == 93
    assert all(r["present"] == r["out"] + r["stay in all"] for r in rows)


def test_the_columns_agree_with_the_totals(report: ReportInput) -> None:
    rows = {r[0]: r[1:] for r in columns(report).rows}
    assert rows["people out"] == (0, 0, 93)
    assert rows["tonnes in"] == (0, 0, 5.0)
    assert sum(v[2] for k, v in rows.items() if k.startswith("—")) == 93  # type: ignore[misc]


def test_only_what_is_nearly_used_up_is_said_to_limit(report: ReportInput) -> None:
    assert limiting(report.shown.result) == ("The two buses are out nearly all the time.",)


def test_nothing_is_counted_twice_where_people_change_vehicles(report: ReportInput) -> None:
    """Only what is set down at its destination has arrived."""
    plan = report.shown.result.plan
    unloaded = sum(
        p.persons
        for _, s in plan.stops()
        if s.task is Task.UNLOAD
        for p in s.people
        if p.destination == s.site
    )
    walked = sum(p.persons for p in plan.parties)
    assert figures.people_over_time(plan)[-1][1] == unloaded + walked
