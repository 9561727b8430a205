"""What is written is read back as the same, by this code and by others."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from frictionless import Package, system
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from lull.domain.case import Case
from lull.domain.travel import TravelTable
from lull.exchange import from_xlsx, new_folder, read_folder, to_xlsx, write_folder
from lull.exchange.datapackage import datapackage, pause_schema
from lull.exchange.finding import Findings
from lull.exchange.write.folder import Unreadable
from tests.exchange.kit import TABLES, Folder
from tests.tiny.cases import SAMPLES, Sample

PARTS = ("pause", "sites", "corridors", "fleet", "items", "stocks", "demands", "safeguards",
         "claims", "overrides")


def same_travel(one: TravelTable, other: TravelTable, places: list[str]) -> bool:
    """Whether two tables say the same of the places and profiles that both know."""
    shared = [p for p in one.profiles if p in other.profiles]
    a = np.ix_(*2 * [[one.index[p] for p in places]])
    b = np.ix_(*2 * [[other.index[p] for p in places]])
    return all(
        np.array_equal(getattr(one, part)[p][a], getattr(other, part)[p][b])
        for part in ("low", "likely", "high") for p in shared
    )


def read_whole(path: Path) -> Case:
    reading = read_folder(path)
    assert reading.case is not None, [str(f) for f in reading.errors]
    return reading.case


@pytest.mark.parametrize("make", SAMPLES, ids=lambda make: make.__name__)
def test_a_case_is_read_back_as_it_was_written(
    make: Callable[[], Sample], tmp_path: Path
) -> None:
    case = make().case
    write_folder(case, tmp_path)
    again = read_whole(tmp_path)
    for part in PARTS:
        assert getattr(again, part) == getattr(case, part), part
    assert dict(again.groups) == dict(case.groups)
    assert same_travel(case.travel, again.travel, [*case.sites, *case.gate_corridor])


def test_the_template_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    case = Folder().read().case
    assert case is not None
    write_folder(case, tmp_path)
    again = read_whole(tmp_path)
    for part in (*PARTS, "groups"):
        assert getattr(again, part) == getattr(case, part), part


def full() -> Folder:
    """The template with every optional thing that a folder can say."""
    folder = Folder().set("sites", "school", open_hours="08:00-10:00|11:00-12:00",
                          service_minutes_by_type="bus:4|truck:10/20/30", name_ar="المدرسة")
    folder.set("sites", "tents", receives_unaccompanied="yes", receiving_organisation="An agency")
    folder.set("corridors", "bridge", check_minutes_by_type="truck:9|out:bus:3/4/5",
               shared_lanes="yes", leader_from="none", mines_in="unknown",
               mines_override_role="chief", mines_override_reason="seen", vehicles_per_hour_in="9")
    folder.add("corridors", id="ford", users="wounded", directions="out", link_other="bridge",
               link_ratio="0.5", link_unit="vehicles", link_lead="3", link_hold_at="depot",
               mines_out="cleared", check_minutes_out_likely="4")
    for start, end in (("school", "ford@inside"), ("ford@inside", "ford@outside"),
                       ("ford@outside", "depot")):
        folder.add("travel_minutes", from_=start, to=end, minutes_likely="9", both_ways="yes")
    folder.set("fleet", "bus", available_from="08:10", available_to="2026-05-04 11:00",
               crew_duty_minutes="300", speed_factor="0.75")
    folder.add("people", id="children", site="school", count="5", wishing_count="5",
               wish_source="s", unaccompanied="yes", destinations="tents")
    folder.add("people", id="drivers", site="school", count="9", wishing_share="1",
               wish_source="s", means="own_car", persons_per_car="4", need="walking")
    folder.text("pause.yaml", "\nsources:", """
tiers:
  - {name: lives, kind: people, weights: {critical: 2.5, stretcher: 1}, means: needs_transport}
  - {name: bread, kind: supplies, breaks: [0.5, 1], share_weights: 1|0.25}
streets_override: {role: chief, reason: no other way}
x_remark: not read

sources:""")
    return folder


def test_everything_that_can_be_said_is_read_back(tmp_path: Path) -> None:
    reading = full().read()
    assert reading.case is not None, [str(f) for f in reading.errors]
    write_folder(reading.case, tmp_path)
    again = read_whole(tmp_path)
    for part in (*PARTS, "groups"):
        assert getattr(again, part) == getattr(reading.case, part), part
    assert reading.case.pause.tiers[0].weights == {"critical": 2.5, "stretcher": 1.0}
    assert reading.case.pause.tiers[1].concave.weights == (1.0, 0.25)


def test_a_folder_goes_into_a_workbook_and_comes_out_again(tmp_path: Path) -> None:
    full().write(tmp_path / "a")
    to_xlsx(tmp_path / "a", tmp_path / "b" / "mine.xlsx")
    from_xlsx(tmp_path / "b" / "mine.xlsx", tmp_path / "c")
    hashes = {read_folder(tmp_path / name).content_hash for name in ("a", "b/mine.xlsx", "c")}
    assert len(hashes) == 1
    assert read_folder(tmp_path / "c").ok


def test_what_cannot_be_read_is_not_turned_into_another_form(tmp_path: Path) -> None:
    folder = Folder()
    folder.files["sites.csv"] = b""
    folder.write(tmp_path / "a")
    with pytest.raises(Unreadable, match=r"sites\.csv: The file is empty"):
        to_xlsx(tmp_path / "a", tmp_path / "b.xlsx")
    assert not (tmp_path / "b.xlsx").exists()


def test_the_content_hash_is_of_what_is_said_and_not_of_how() -> None:
    plain = Folder().read().content_hash
    assert Folder().set("people", "families", note="a").read().content_hash != plain
    turned = Folder()
    lines = turned.lines("fleet")
    lines[-1], lines[-2] = lines[-2], lines[-1]
    assert turned.put("fleet", lines).read().content_hash != plain
    commented = Folder()
    commented.files["fleet.csv"] = b"# more\n" + commented.files["fleet.csv"]
    assert commented.read().content_hash == plain


def test_openpyxl_reads_the_same_cells_from_the_workbook(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine.xlsx", xlsx=True)
    book = load_workbook(tmp_path / "mine.xlsx")
    assert book.sheetnames == ["pause", *(t for t in TABLES)]
    lines = Folder().lines("fleet")
    head = Folder().head("fleet")
    rows = [["" if c is None else str(c) for c in row] for row in
            book["fleet"].iter_rows(values_only=True)]
    for got, want in zip(rows, [lines[head], lines[head + 1], *lines[head + 2 :]], strict=True):
        assert dict(zip(rows[0], got, strict=True)).items() <= dict(
            zip(lines[head], want, strict=True)).items()
    assert book["fleet"]["C3"].value == 3
    assert "In vehicles." in book["fleet"]["C1"].comment.text
    choices = [rule.formula1 for rule in book["people"].data_validations.dataValidation]
    assert '"walking,seated,stretcher,critical"' in choices
    keys = dict(book["pause"].iter_rows(min_row=2, values_only=True))
    assert keys["windows.1.from"] == "2026-05-04 08:00"
    assert keys["rules.margin_minutes"] == 20


def test_a_workbook_typed_by_hand_is_read(tmp_path: Path) -> None:
    """Real times, dates, booleans and numbers in cells, as a spreadsheet makes of typing."""
    from datetime import datetime, time

    new_folder(tmp_path / "mine.xlsx", xlsx=True)
    book = load_workbook(tmp_path / "mine.xlsx")
    for row in book["pause"].iter_rows(min_row=2):
        if row[0].value in ("windows.1.from", "windows.1.to"):
            row[1].value = datetime.fromisoformat(row[1].value)
        if row[0].value == "parties.1.must_agree":
            row[1].value = True
    headings = [cell.value for cell in book["sites"][1]]
    for name, value in (("opens", time(8, 0)), ("closes", time(18, 0))):
        book["sites"].cell(row=1, column=len(headings) + 1, value=name)
        book["sites"].cell(row=3, column=len(headings) + 1, value=value)
        headings.append(name)
    book["sites"].cell(row=3, column=headings.index("bays") + 1, value=2.0)
    book.save(tmp_path / "mine.xlsx")
    case = read_whole(tmp_path / "mine.xlsx")
    assert case.pause.windows[0].minutes == 240
    assert (case.sites["school"].open_hours[1].opens, case.sites["school"].bays) == (0, 2)


def test_findings_in_a_workbook_name_sheet_row_and_column(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine.xlsx", xlsx=True)
    book = load_workbook(tmp_path / "mine.xlsx")
    book["fleet"]["C4"].value = "=1+1"
    book["fleet"]["C5"].value = "two"
    book["pause"].append(["windows.1.until", "x"])
    book.save(tmp_path / "mine.xlsx")
    found = {(f.check, f.file, f.row) for f in read_folder(tmp_path / "mine.xlsx").errors}
    assert ("formula", "mine.xlsx", 4) in found
    assert ("cell", "mine.xlsx[fleet]", 5) in found
    assert ("key", "mine.xlsx[pause]", book["pause"].max_row) in found


def test_csv_with_a_hostile_text_survives_both_forms(tmp_path: Path) -> None:
    """Separators, quotation marks, line ends and what a spreadsheet would take for a formula."""
    text = 'a, "b"; c\td\n=cmd|x!A1 المدينة'
    folder = Folder().set("sites", "school", name=text)
    folder.write(tmp_path / "a")
    to_xlsx(tmp_path / "a", tmp_path / "b.xlsx")
    from_xlsx(tmp_path / "b.xlsx", tmp_path / "c")
    for name in ("a", "b.xlsx", "c"):
        assert read_whole(tmp_path / name).sites["school"].name == text
    cell = load_workbook(tmp_path / "b.xlsx")["sites"]["B3"]
    assert (cell.value, cell.data_type) == (text, "s")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\r\n\t"),
                min_size=1, max_size=20)


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_any_text_in_a_cell_is_read_back_from_csv(texts: list[str]) -> None:
    """With line ends as one character, and without blanks at its ends."""
    from lull.exchange.raw.grid import each_row, read_csv
    from lull.exchange.schema.others import SAFEGUARDS
    from lull.exchange.write.folder import csv_text
    from lull.exchange.write.sheets import Sheet

    sheet = Sheet(SAFEGUARDS, ("id", "what"), [(f"i{n}", text) for n, text in enumerate(texts)])
    findings = Findings()
    grid = read_csv(csv_text(sheet).encode(), "x.csv", SAFEGUARDS.by_heading, findings)
    assert grid is not None
    errors_of_spreadsheets = {text for text in texts if text.strip().upper().startswith("#")}
    if not errors_of_spreadsheets:
        assert [cells["what"] for _, cells in each_row(grid)] == [
            text.replace("\r\n", "\n").replace("\r", "\n").strip() for text in texts
        ]


@pytest.mark.parametrize("which", ["template", "everything", "sample"])
def test_frictionless_finds_the_written_folder_valid(
    which: str, tmp_path: Path, root: Path
) -> None:
    if which == "template":
        new_folder(tmp_path / "a")
    else:
        reading = full().read() if which == "everything" else read_folder(
            root / "samples" / "first-steps")
        assert reading.case is not None
        write_folder(reading.case, tmp_path / "a")
    described = json.loads((tmp_path / "a" / "datapackage.json").read_text(encoding="utf-8"))
    with system.use_context(trusted=True):
        report = Package(described, basepath=str(tmp_path / "a")).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])
    with (tmp_path / "a" / "people.csv").open(encoding="utf-8", newline="") as file:
        rows = [line for line in csv.reader(file) if not line[0].startswith("#")]
    assert [task.stats["rows"] for task in report.tasks if task.name == "people"] == [
        len(rows) - 1]


def test_frictionless_finds_a_wrong_cell_by_the_same_description(tmp_path: Path) -> None:
    Folder().set("fleet", "bus", number="several", base="nowhere").write(tmp_path)
    new_folder(tmp_path / "good")
    (tmp_path / "datapackage.json").write_bytes((tmp_path / "good/datapackage.json").read_bytes())
    described = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    with system.use_context(trusted=True):
        report = Package(described, basepath=str(tmp_path)).validate()
    kinds = {tuple(error) for error in report.flatten(["type", "fieldName"])}
    assert ("type-error", "number") in kinds
    assert any(kind == "foreign-key" for kind, _ in kinds)


def test_the_schema_of_the_pause_takes_the_template_and_refuses_a_wrong_key(
    tmp_path: Path,
) -> None:
    schema = pause_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for folder in (Folder(), full()):
        tree = yaml.load(folder.files["pause.yaml"].decode(), Loader=yaml.BaseLoader)
        assert list(validator.iter_errors(tree)) == []
    assert list(validator.iter_errors({**tree, "titel": "x"}))
    assert list(validator.iter_errors({k: v for k, v in tree.items() if k != "windows"}))


def test_the_description_names_every_column_once() -> None:
    for resource in datapackage()["resources"]:
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert len(names) == len(set(names))
        tags = [field["hxl"] for field in resource["schema"]["fields"] if "hxl" in field]
        assert len(tags) == len(set(tags)), resource["name"]
        assert all(tag.startswith("#") for tag in tags)


def test_files_are_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from lull.exchange.atomic import write_whole

    write_whole(tmp_path / "a.txt", "before")

    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a.txt", "after")
    assert (tmp_path / "a.txt").read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_the_reference_page_is_made_from_the_code(root: Path) -> None:
    from lull.exchange.reference import folder_page
    from lull.exchange.schema.folder import TABLES as DESCRIBED

    page = (root / "docs" / "reference" / "folder.md").read_text(encoding="utf-8")
    assert page == folder_page()
    for table in DESCRIBED:
        for column in table.columns:
            assert f"`{column.name}`" in page
