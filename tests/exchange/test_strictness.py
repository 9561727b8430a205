"""Nonsense is refused, all of it at once, each with its file, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from lull.exchange import Level, read_folder
from lull.exchange.raw import grid
from lull.exchange.schema.column import MOST_ROWS
from tests.exchange.kit import Folder, read_files, template

ERROR = Level.ERROR

BAD_CELLS = [
    ("people", "families", "count", "many", "whole number"),
    ("people", "families", "count", "-5", "at least 0"),
    ("people", "families", "count", "nan", "whole number"),
    ("people", "families", "count", "99999999999999999999", "whole number"),
    ("people", "families", "wishing_share", "50", "between 0 and 1"),
    ("people", "families", "wishing_share", "inf", "a number"),
    ("people", "families", "wishing_share", "-0.1", "between 0 and 1"),
    ("people", "families", "need", "sitting", "walking, seated, stretcher, critical"),
    ("people", "families", "household_sizes", "0:4", "size:number"),
    ("people", "families", "household_sizes", "4:4|4:5", "size:number"),
    ("people", "families", "household_sizes", "0.5", "between 1 and 60"),
    ("people", "families", "wish_assumed", "perhaps", "yes or no"),
    ("sites", "school", "lat", "95", "at least -90 and at most 90"),
    ("sites", "school", "lat", "N32", "a number"),
    ("sites", "school", "kind", "asembly_point", "Did you mean 'assembly_point'"),
    ("sites", "school", "bays", "0", "at least 1"),
    ("sites", "school", "service_minutes_low", "99", "rise"),
    ("sites", "school", "service_minutes_likely", "NaN", "a number"),
    ("sites", "school", "open_hours", "8 to 6", "hours such as"),
    ("sites", "school", "opens", "25:00", "between 00:00 and 24:00"),
    ("sites", "school", "service_minutes_by_type", "bus", "type:minutes"),
    ("corridors", "bridge", "users", "civilians|tourists", "civilians, wounded, fighters, aid"),
    ("corridors", "bridge", "directions", "up", "out, in, both"),
    ("corridors", "bridge", "mines_out", "probably", "cleared, unknown, residual"),
    ("fleet", "bus", "speed_factor", "0", "at least 0.01"),
    ("fleet", "bus", "available_from", "noon", "a local time"),
    ("fleet", "bus", "available_from", "2026-02-30 08:00", "a date that exists"),
    ("supplies", "stock", "kg_per_unit", "0", "at least"),
    ("travel_minutes", "school", "minutes_likely", "-3", "at least 0"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "expected"), BAD_CELLS)
def test_a_bad_cell_is_named_with_what_is_expected(
    table: str, row: str, column: str, text: str, expected: str
) -> None:
    folder = Folder().set(table, row, **{column: text})
    if column == "opens":
        folder.set(table, row, closes="18:00")
    reading = folder.read()
    here = [f for f in reading.errors
            if f.file == f"{table}.csv" and f.row == folder.row_of(table, row)
            and f.column.startswith(column.removesuffix("_low"))]
    assert here, [str(f) for f in reading.findings]
    assert expected in here[0].sentence
    assert reading.case is None


def test_all_that_is_wrong_is_said_at_once() -> None:
    folder = Folder().set("people", "families", count="x").set("fleet", "bus", seats="y")
    folder.set("sites", "tents", lat="z").text("pause.yaml", "slot_minutes: 5 ", "slot_minutes: q ")
    files = {(f.file, f.column) for f in folder.read().errors}
    assert {("people.csv", "count"), ("fleet.csv", "seats"), ("sites.csv", "lat"),
            ("pause.yaml", "rules.slot_minutes")} <= files


def test_a_required_cell_that_is_blank_is_named() -> None:
    folder = Folder().set("fleet", "bus", number="")
    assert ("missing", "fleet.csv", folder.row_of("fleet", "bus"), "number") in folder.found(ERROR)


def test_a_missing_column_is_named_with_what_it_means() -> None:
    folder = Folder()
    lines = folder.lines("fleet")
    at = lines[folder.head("fleet")].index("number")
    folder.put("fleet", [line[:at] + line[at + 1 :] if len(line) > 1 else line for line in lines])
    errors = folder.read().errors
    assert [(f.check, f.column) for f in errors] == [("heading", "number")]
    assert "How many of them" in errors[0].sentence


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    folder = Folder()
    raw = folder.files["sites.csv"].replace(b"crowd_limit", b"crowdlimit", 1)
    folder.files["sites.csv"] = raw
    errors = folder.read().errors
    assert [(f.check, f.column) for f in errors] == [("heading", "crowdlimit")]
    assert "Did you mean 'crowd_limit'?" in errors[0].sentence


def test_a_strange_column_is_left_aside_with_a_warning() -> None:
    folder = Folder().set("sites", "school", ward_officer_desk="7")
    assert [(f.level, f.check) for f in folder.read().findings] == [(Level.WARNING, "heading")]


def test_a_heading_that_stands_twice_is_refused() -> None:
    folder = Folder()
    folder.files["fleet.csv"] = folder.files["fleet.csv"].replace(b"source\n", b"seats\n", 1)
    assert "heading" in {f.check for f in folder.read().errors}


@pytest.mark.parametrize("table", ["sites", "corridors", "people", "fleet", "safeguards", "claims"])
def test_an_id_that_stands_twice_is_named_with_both_rows(table: str) -> None:
    folder = Folder()
    lines = folder.lines(table)
    folder.put(table, [*lines, lines[-1]])
    errors = [f for f in folder.read().errors if f.check == "duplicate"]
    assert [(f.file, f.row) for f in errors] == [(f"{table}.csv", len(lines) + 1)]
    assert f"first in row {len(lines)}" in errors[0].sentence


def test_a_way_that_is_given_twice_is_refused() -> None:
    folder = Folder()
    lines = folder.lines("travel_minutes")
    assert "duplicate" in {f.check for f in folder.put("travel_minutes", [*lines, lines[-1]])
                           .read().errors}


REFERENCES = [
    ("people", "families", "site", "skool", "'school'"),
    ("people", "families", "destinations", "tents|klinic", "'clinic'"),
    ("fleet", "bus", "base", "depo", "'depot'"),
    ("fleet", "bus", "sides", "inside|otside", "'outside'"),
    ("sites", "school", "sides", "insid", "'inside'"),
    ("sites", "school", "service_minutes_by_type", "buss:4", "'bus'"),
    ("corridors", "bridge", "link_other", "brige", "'bridge'"),
    ("corridors", "bridge", "link_hold_at", "depots", "'depot'"),
    ("supplies", "stock", "site", "depott", "'depot'"),
    ("travel_minutes", "school", "to", "bridge@insid", "'bridge@inside'"),
    ("travel_minutes", "school", "profile", "al", "'all'"),
]


@pytest.mark.parametrize(("table", "row", "column", "text", "near"), REFERENCES)
def test_an_unknown_reference_is_named_with_the_nearest(
    table: str, row: str, column: str, text: str, near: str
) -> None:
    folder = Folder().set(table, row, **{column: text})
    found = [f for f in folder.read().errors if f.check == "unknown reference"]
    assert [(f.file, f.row, f.column) for f in found] == [
        (f"{table}.csv", folder.row_of(table, row), column)
    ]
    assert near in found[0].sentence


def test_a_consent_of_an_unknown_party_or_corridor_is_named() -> None:
    folder = Folder().text("pause.yaml", "party: north", "party: nort\n    corridor: brigde")
    found = [f for f in folder.read().errors if f.check == "unknown reference"]
    assert {f.column for f in found} == {"consents.1.party", "consents.1.corridor"}
    assert all("Did you mean" in f.sentence for f in found)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("time_zone: Asia/Amman ", "time_zone: Asia/Aman ", "time_zone"),
        ("time_zone: Asia/Amman ", "time_zone: Asia ", "time_zone"),
        ("slot_minutes: 5 ", "slots: 5 ", "rules.slots"),
        ("margin_minutes: 20 ", "margin_minutes: -20 ", "rules.margin_minutes"),
        ("title: First steps", "titel: First steps", "title"),
        ("from: 2026-05-04 08:00", "from: 08:00", "windows.1.from"),
        ("  to: 2026-05-04 12:00\n    from_utc: 2026-05-04 05:00\n    to_utc: 2026-05-04 09:00",
         "  to: 07:00", "windows.1.to"),
        ("stance: declared", "stance: agrees", "consents.1.stance"),
        ("sides: [inside, outside]", "sides: [north, outside]", "sides"),
        ("    condition: observers stand at the check\n", "", "consents.2"),
        ("people_inside: 900", "people_inside: [900]", "people_inside"),
        ("rules:\n  margin", "rules: none\nx_rules:\n  margin", "rules"),
    ],
)
def test_a_bad_key_of_the_pause_is_named_with_its_line(old: str, new: str, column: str) -> None:
    folder = Folder().text("pause.yaml", old, new)
    here = [f for f in folder.read().errors if f.file == "pause.yaml" and f.column == column]
    assert here, [str(f) for f in folder.read().findings]
    assert here[0].row > 0


def test_a_key_that_stands_twice_is_refused() -> None:
    folder = Folder().text("pause.yaml", "place: An invented town", "place: A\nplace: B")
    assert [f.check for f in folder.read().errors] == ["yaml"]


@pytest.mark.parametrize("name", [*template(), "all"])
def test_an_empty_file_is_a_sentence(name: str) -> None:
    files = template()
    for each in template() if name == "all" else [name]:
        files[each] = b""
    errors = [f for f in read_files(files).errors if f.check == "empty"]
    assert errors
    assert name == "all" or {f.file for f in errors} == {name}


@pytest.mark.parametrize("name", ["pause.yaml", "sites.csv", "corridors.csv", "people.csv",
                                  "fleet.csv", "travel_minutes.csv"])
def test_a_missing_file_is_a_sentence(name: str) -> None:
    files = template()
    del files[name]
    assert "not found" in {f.check for f in read_files(files).errors}


def test_a_table_with_headings_alone_is_read() -> None:
    folder = Folder()
    folder.put("claims", folder.lines("claims")[:3])
    reading = folder.read()
    assert reading.ok
    assert reading.case is not None
    assert reading.case.claims == ()


@pytest.mark.parametrize(("table", "most"), [("sites", 2_000), ("corridors", 2_000),
                                             ("fleet", 500)])
def test_an_enormous_table_is_refused_with_its_limit(table: str, most: int) -> None:
    folder = Folder()
    lines = folder.lines(table)
    lines += [[f"x{i}", *lines[-1][1:]] for i in range(most)]
    errors = folder.put(table, lines).read().errors
    assert any(f.check == "too large" and f"more than {most:,} rows" in f.sentence for f in errors)


def test_a_travel_table_that_would_fill_the_memory_is_not_made() -> None:
    folder = Folder()
    for table, count in (("sites", 1_500), ("fleet", 300)):
        lines = folder.lines(table)
        folder.put(table, [*lines, *([f"x{i}", *lines[-1][1:]] for i in range(count))])
    errors = folder.read().errors
    assert [f.check for f in errors] == ["too large"]
    assert "GB" in errors[0].sentence


def test_an_enormous_file_is_not_even_opened(tmp_path: Path) -> None:
    folder = Folder().write(tmp_path)
    with (folder / "people.csv").open("wb") as file:
        file.truncate(grid.MOST_BYTES + 1)
    errors = read_folder(folder).errors
    assert [(f.check, f.file) for f in errors if f.file == "people.csv"] == [
        ("too large", "people.csv")]


def test_200_000_rows_are_read_and_one_more_is_not() -> None:
    from lull.exchange.finding import Findings

    rows = ((i, [str(i)]) for i in range(1, MOST_ROWS + 2))
    held = grid.grid_of(rows, "x.csv", Findings(), decimal_comma=False)
    assert held is not None
    assert len(held.rows) == MOST_ROWS
    findings = Findings()
    rows = ((i, [str(i)]) for i in range(1, MOST_ROWS + 3))
    assert grid.grid_of(rows, "x.csv", findings, decimal_comma=False) is None
    assert findings.errors == 1


def test_what_is_no_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("no")
    (tmp_path / "bad.xlsx").write_bytes(b"PK\3\4 nonsense")
    for name in ("nowhere", "note.txt", "bad.xlsx", ""):
        reading = read_folder(tmp_path / name)
        assert reading.case is None
        assert reading.errors, name


def test_the_error_of_a_spreadsheet_is_no_comment_and_no_value() -> None:
    folder = Folder().set("people", "families", count="#REF!")
    row = folder.row_of("people", "families")
    assert ("spreadsheet error", "people.csv", row, "") in folder.found(ERROR)
    folder = Folder()
    folder.files["fleet.csv"] = folder.files["fleet.csv"].replace(b"truck,Truck", b"#REF!,Truck")
    assert "spreadsheet error" in {f.check for f in folder.read().errors}


def test_a_text_that_breaks_its_row_is_a_sentence() -> None:
    folder = Folder()
    folder.files["people.csv"] += b'"never closed,school,1\n'
    assert [f.check for f in folder.read().errors if f.file == "people.csv"] == ["quotes"]


def test_neither_or_both_ways_of_saying_how_many_wish_to_leave() -> None:
    folder = Folder().set("people", "families", wishing_share="")
    assert "people leave by choice" in folder.read().errors[0].sentence
    folder = Folder().set("people", "families", wishing_count="351")
    assert "351" in folder.read().errors[0].sentence
    assert Folder().set("people", "families", wishing_count="350").read().ok


def test_the_weight_of_an_item_is_said_once_or_the_same() -> None:
    folder = Folder().set("supplies", "need", kg_per_unit="25")
    assert "item" in {f.check for f in folder.read().errors}
    assert Folder().set("supplies", "need", kg_per_unit="").read().ok
    both = Folder().set("supplies", "need", kg_per_unit="").set("supplies", "stock", kg_per_unit="")
    assert any("what a unit weighs" in f.sentence for f in both.read().errors)


def test_an_item_may_be_needed_at_a_site_in_several_lines_of_other_priorities() -> None:
    """They are kept as they stand, in order; the same line twice is refused."""
    case = Folder().read().case
    assert case is not None
    (need,) = case.demands
    more = {"line": "need", "item": need.item, "site": need.site, "units": "7"}
    again = Folder().add("supplies", **more, priority="2", minimum_units="3").read().case
    assert again is not None
    assert [(d.units, d.minimum, d.priority) for d in again.demands] == [
        (need.units, need.minimum, need.priority), (7, 3, 2)]
    twice = Folder().add("supplies", **more, priority="2").add("supplies", **more, priority="2")
    (error,) = twice.read().errors
    assert error.check == "duplicate"
    assert "need / " in error.sentence


def test_aid_needed_outside_asks_for_no_corridor() -> None:
    """The warning is about what has to come in."""
    folder = Folder().set("corridors", "bridge", users="civilians|wounded")
    assert "supplies without corridor" in {f.check for f in folder.read().findings}
    folder.set("supplies", "need", site="depot")
    assert "supplies without corridor" not in {f.check for f in folder.read().findings}


def test_tonnes_and_units_must_agree() -> None:
    folder = Folder().set("supplies", "stock", tonnes="20")
    assert folder.read().ok
    folder = Folder().set("supplies", "stock", tonnes="2000")
    assert "give one of them" in folder.read().errors[0].sentence


def test_tonnes_become_whole_units_up_for_a_need_and_down_for_a_stock() -> None:
    folder = Folder().set("supplies", "stock", units="", tonnes="10.01")
    folder.set("supplies", "need", units="", tonnes="10.01")
    case = folder.read().case
    assert case is not None
    assert case.stocks[0].units == 200
    assert case.demands[0].units == 201


@pytest.mark.parametrize(
    ("table", "row", "cells", "said"),
    [
        ("corridors", "bridge", {"users": "civilians|fighters"}, "mixed"),
        ("corridors", "bridge", {"mines_override_role": "chief"}, "role and a reason"),
        ("corridors", "bridge", {"link_ratio": "2"}, "link_other"),
        ("corridors", "bridge", {"leader_from": "several"}, "leader_from"),
        ("corridors", "bridge", {"check_minutes_by_type": "up:bus:4"}, "out: or in:"),
        ("fleet", "truck", {"uses": "aid|passengers"}, "two rows"),
        ("people", "families", {"means": "own_car"}, "how many persons go in one"),
        ("people", "families", {"companions_per_patient": "1"}, "patients only"),
        ("people", "patients", {"household_sizes": "3"}, "companions_per_patient"),
        ("people", "patients", {"category": "fighters"}, "no other category"),
        ("people", "walkers", {"household_sizes": "4:13"}, "52 persons but 72"),
        ("sites", "tents", {"receives_unaccompanied": "yes"}, "receiving organisation"),
        ("supplies", "stock", {"priority": "2"}, "is for a need"),
        ("supplies", "need", {"minimum_units": "999"}, "exceeds the 240"),
    ],
)
def test_rows_that_contradict_themselves_are_refused_in_a_sentence(
    table: str, row: str, cells: dict[str, str], said: str
) -> None:
    folder = Folder().set(table, row, **cells)
    found = [f for f in folder.read().errors if f.row == folder.row_of(table, row)]
    assert any(said in f.sentence for f in found), [str(f) for f in folder.read().findings]


def test_a_row_whose_id_looks_like_a_comment_is_not_silently_dropped() -> None:
    folder = Folder()
    folder.files["fleet.csv"] = folder.files["fleet.csv"].replace(b"truck,Truck", b"#3,Truck")
    row = folder.row_of("fleet", "#3")
    assert ("comment", "fleet.csv", row, "") in folder.found(Level.WARNING)


@pytest.mark.parametrize("name", ["a b", "a|b", "a:b", "a@b", "a#b", "a/b", "a,b", "x" * 81])
def test_an_id_holds_no_mark_that_parts_ids_elsewhere(name: str) -> None:
    folder = Folder().set("fleet", "truck", id=name)
    assert any((f.check, f.column) == ("cell", "id") for f in folder.read().errors)


def test_ids_may_be_in_any_script_and_hidden_marks_do_not_part_them() -> None:
    folder = Folder().set("sites", "clinic", id="مستشفى-١")
    for table in ("people", "travel_minutes"):
        text = folder.files[f"{table}.csv"].decode().replace("clinic", "\u200fمستشفى-١")
        folder.files[f"{table}.csv"] = text.encode()
    reading = folder.read()
    assert reading.findings == ()
    assert reading.case is not None
    assert reading.case.groups["patients"].destinations == ("مستشفى-١",)


def test_many_faults_of_one_kind_are_listed_a_hundred_times_and_counted() -> None:
    folder = Folder()
    lines = folder.lines("claims")
    for i in range(250):
        lines.append([f"c{i}", "x", "many", "persons", "y", "z", "", ""])
    errors = folder.put("claims", lines).read().errors
    assert len(errors) == 101
    assert errors[-1].sentence == "From here on 150 more like these."


@pytest.mark.parametrize("year", ["0001", "1066", "9999"])
def test_a_year_that_nobody_means_is_refused(year: str) -> None:
    folder = Folder().text("pause.yaml", "from: 2026-05-04 08:00", f"from: {year}-05-04 08:00")
    assert any("a year between" in f.sentence for f in folder.read().errors)


def test_windows_a_year_apart_are_refused() -> None:
    folder = Folder().text("pause.yaml", "  to: 2026-05-04 12:00", "  to: 2036-05-04 12:00")
    folder.text("pause.yaml", "    to_utc: 2026-05-04 09:00\n", "")
    assert any("366 days" in f.sentence for f in folder.read().errors)


def test_a_line_without_any_position_is_no_crash() -> None:
    folder = Folder()
    for name in ("school", "depot", "tents", "clinic"):
        folder.set("sites", name, lat="", lon="")
    folder.set("corridors", "bridge", inside_gate_lat="", outside_gate_lon="")
    folder.files["routes.geojson"] = (
        b'{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        b'{"kind": "line"}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}}]}'
    )
    assert folder.read().findings == ()
