"""Timetables hold the whole plan, in order, in words that can be read out."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime

import openpyxl
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.plan import Crossing, Stop, Task
from lull.domain.time import Clock
from lull.report.model import ReportInput
from lull.report.orders import orders
from lull.report.sheets import csv_bytes, geojson_bytes, xlsx_bytes
from lull.report.timetables import Table, by_convoy, by_corridor, by_site, by_vehicle, timetables
from lull.report.words import count_of, duration, percent, utc, whole

MADE = datetime(2016, 10, 20, 5, 0, tzinfo=UTC)


def test_each_convoy_and_party_stands_once_in_its_corridor(report: ReportInput) -> None:
    rows = by_corridor(report.shown.case, report.shown.result.plan).records()
    assert [(r["corridor"], r["direction"], r["convoy"]) for r in rows] == [
        ("North Road", "in", "C1"),
        ("North Road", "out", "C2"),
        ("South Road", "in", "C3"),
        ("South Road", "out", "W1"),
        ("South Road", "out", "C4"),
    ]
    out = rows[1]
    assert (out["slot_local"], out["slot_utc"]) == ("09:05", "06:05Z")
    assert (out["persons"], out["patients"], out["vehicles"]) == (78, 4, 3)
    assert out["leader"] == "Bus 1"
    assert (out["last_cleared_local"], out["leaves_local"]) == ("09:17", "09:27")


def test_slots_stay_in_order_over_midnight(report: ReportInput) -> None:
    plan = report.shown.result.plan
    late = evolve(
        report.shown.case.pause,
        clock=Clock(datetime(2016, 10, 20, 20, 10, tzinfo=UTC), "Asia/Damascus"),
    )
    rows = by_corridor(evolve(report.shown.case, pause=late), plan).records()
    slots = [r["slot_local"] for r in rows if r["corridor"] == "North Road"]
    assert slots == ["23:15", "00:15+1"]


def test_every_crossing_stands_in_its_convoy(report: ReportInput) -> None:
    plan = report.shown.result.plan
    rows = by_convoy(report.shown.case, plan).records()
    assert len(rows) == len(list(plan.crossings()))
    first = next(r for r in rows if r["convoy"] == "C2" and r["place"] == 1)
    assert (first["vehicle"], first["leads"], first["enters_local"]) == ("Bus 1", "yes", "09:05")
    assert first["households"] == "17 × 4 of g1 to Reception; 4 × 2 of g2 to Hospital"


def test_a_site_shows_calls_vehicles_last_call_and_send_home_in_order(report: ReportInput) -> None:
    rows = by_site(report.shown.case, report.shown.result.plan).records()
    school = [(r["local"], r["what"]) for r in rows if r["site"] == "school"]
    assert school == [
        ("08:20", "call forward"),
        ("08:34", "load"),
        ("08:34", "load"),
        ("09:35", "set down"),
        ("10:30", "last call"),
        ("11:15", "send home"),
    ]


def test_every_stop_call_and_last_call_stands_at_a_site(report: ReportInput) -> None:
    plan = report.shown.result.plan
    rows = by_site(report.shown.case, plan).rows
    expected = len(list(plan.stops())) + len(plan.calls) + 2 * len(plan.last_calls)
    assert len(rows) == expected + 2 * len(plan.parties)


def test_a_driver_has_one_line_a_step_in_rising_time(report: ReportInput) -> None:
    plan = report.shown.result.plan
    for sheet, day in zip(orders(report.shown.case, plan), plan.vehicles, strict=True):
        assert len(sheet.lines) == len(day.steps)
        minutes = [line.minute for line in sheet.lines]
        assert minutes == sorted(minutes)


def test_orders_can_be_read_out(report: ReportInput) -> None:
    bus, *_ = orders(report.shown.case, report.shown.result.plan)
    assert [line.words for line in bus.lines] == [
        "Leave Depot for the gate of North Road.",
        "Gate of North Road, in. Convoy C1, place 1 of 3, you lead. Enter the check at 08:05; "
        "past the far gate at 08:24.",
        "At School <5>: load 40 people for Reception. Leave at 08:44 for the gate of North Road.",
        "Gate of North Road, out. Convoy C2, place 1 of 3, you lead. Enter the check at 09:05; "
        "past the far gate at 09:27.",
        "At Reception: set down 40 people. Leave at 09:47 for Depot.",
        "Arrive at Depot. End.",
    ]
    assert bus.lines[0].local == "07:50"
    assert bus.lines[0].utc == "04:50Z"


def test_patients_and_goods_are_named_in_the_orders(report: ReportInput) -> None:
    words = [r["order"] for r in by_vehicle(report.shown.case, report.shown.result.plan).records()]
    assert any("load 8 people (4 on stretchers) for Hospital" in str(w) for w in words)
    assert any("load 100 baskets of Food basket for School <5>" in str(w) for w in words)


def test_orders_hold_no_line_break_and_no_abbreviation_of_places(report: ReportInput) -> None:
    for row in by_vehicle(report.shown.case, report.shown.result.plan).rows:
        assert "\n" not in str(row[-1])
        assert len(str(row[-1])) < 200


def test_csv_gives_back_every_cell(report: ReportInput) -> None:
    for table in timetables(report.shown.case, report.shown.result.plan):
        text = csv_bytes(table).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        assert tuple(rows[0]) == table.header
        assert len(rows) == len(table.rows) + 1
        assert rows[1] == [str(cell) if cell is not None else "" for cell in table.rows[0]]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-x", "@SUM(A1)", "\tx"])
def test_a_name_that_looks_like_a_formula_is_a_text(text: str) -> None:
    table = Table("t", "T", ("name", "number"), ((text, -5),))
    row = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"))))[1]
    assert row == ["'" + text, "-5"]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([table], "title", MADE)))
    assert book["T"]["A2"].data_type == "s"


def test_a_row_that_does_not_fit_its_header_is_refused() -> None:
    with pytest.raises(ValueError, match="does not have 2 cells"):
        Table("t", "T", ("a", "b"), ((1,),))


def test_the_workbook_can_be_printed(report: ReportInput) -> None:
    case, plan = report.shown.case, report.shown.result.plan
    raw = xlsx_bytes(timetables(case, plan), "Pause & more", MADE)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    assert book.sheetnames == ["By corridor", "By site", "By vehicle", "By convoy"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert "RESTRICTED" in sheet.oddHeader.right.text
    assert book["By vehicle"].max_row == 1 + sum(len(d.steps) for d in plan.vehicles)


def test_the_same_plan_gives_the_same_bytes(report: ReportInput) -> None:
    tables = timetables(report.shown.case, report.shown.result.plan)
    assert xlsx_bytes(tables, "t", MADE) == xlsx_bytes(tables, "t", MADE)


def test_geojson_holds_sites_corridors_line_and_what_moves(report: ReportInput) -> None:
    body = json.loads(geojson_bytes(report))
    assert body["type"] == "FeatureCollection"
    assert body["restricted"].startswith("RESTRICTED")
    kinds = [f["properties"]["kind"] for f in body["features"]]
    assert kinds.count("site") == 7
    assert kinds.count("gate") == 4
    assert kinds.count("corridor") == 2
    assert kinds.count("line") == 1
    school = next(f for f in body["features"] if f["properties"].get("id") == "school")
    assert school["geometry"]["coordinates"] == [37.16, 36.19], "longitude comes first"
    way = next(
        f["properties"] for f in body["features"] if f["properties"].get("from") == "north@inside"
    )
    assert (way["people"], way["patients"]) == (74, 4)


def test_tables_say_every_load_and_unload(report: ReportInput) -> None:
    plan = report.shown.result.plan
    rows = by_site(report.shown.case, plan).records()
    loaded = sum(int(r["persons"] or 0) for r in rows if r["what"] == "load")
    assert loaded == sum(
        p.persons for _, s in plan.stops() if s.task is Task.LOAD for p in s.people
    )
    assert any(isinstance(step, Crossing) for d in plan.vehicles for step in d.steps)
    assert all(isinstance(s, Stop) for _, s in plan.stops())


@given(st.floats(0, 1))
def test_a_share_is_all_or_nothing_only_when_it_is(share: float) -> None:
    words = percent(share)
    assert (re.fullmatch(r"100\W%", words) is not None) == (share == 1)
    assert (re.fullmatch(r"0\W%", words) is not None) == (share == 0)


@given(st.integers(0, 10**9))
def test_a_number_keeps_its_digits(number: int) -> None:
    assert int(re.sub(r"\D", "", whole(number))) == number


def test_words_of_counts_and_durations() -> None:
    assert count_of(1, "bus", "buses") == "1 bus"
    assert count_of(2, "bus", "buses") == "2 buses"
    assert [duration(m) for m in (0, 59, 60, 150)] == ["0 min", "59 min", "1 h", "2 h 30 min"]


def test_utc_counts_its_days_from_the_first_local_day() -> None:
    clock = Clock(datetime(2016, 10, 19, 22, 30, tzinfo=UTC), "Asia/Damascus")
    assert clock.hhmm(0) == "01:30"
    assert utc(clock, 0) == "22:30Z-1"
    assert utc(clock, 120) == "00:30Z"
