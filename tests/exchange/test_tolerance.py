"""What spreadsheets and people do to a file does not change what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lull.exchange import Level, read_folder
from lull.exchange.raw.package import Package
from tests.exchange.kit import TABLES, Folder, read_files, template

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def recoded(change: Callable[[bytes], bytes]) -> dict[str, bytes]:
    return {name: change(raw) for name, raw in template().items()}


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda raw: b"\xef\xbb\xbf" + raw,
    "line endings of Windows": lambda raw: raw.replace(b"\n", b"\r\n"),
    "line endings of old Macs": lambda raw: raw.replace(b"\n", b"\r"),
    "trailing blank rows": lambda raw: raw + b"\n\n\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_the_same_is_read_without_a_word(form: str) -> None:
    plain, reading = read_files(template()), read_files(recoded(FORMS[form]))
    assert reading.findings == ()
    assert reading.content_hash == plain.content_hash


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_other_unicode_is_read_and_said(encoding: str) -> None:
    reading = read_files(recoded(lambda raw: raw.decode().encode(encoding)))
    assert reading.content_hash == read_files(template()).content_hash
    assert {f.check for f in reading.findings} == {"encoding"}
    assert {f.level for f in reading.findings} == {Level.WARNING}


def test_windows_1256_is_read_as_arabic_and_said() -> None:
    folder = Folder().set("sites", "school", name="ساحة المدرسة", neighbourhood="السكري")
    folder.files["sites.csv"] = folder.files["sites.csv"].decode().encode("cp1256")
    reading = folder.read()
    assert reading.case is not None
    assert reading.case.sites["school"].name == "ساحة المدرسة"
    assert [f.check for f in reading.findings] == ["encoding"]
    assert "Windows-1256" in reading.findings[0].sentence


def test_western_accents_are_not_taken_for_arabic() -> None:
    folder = Folder().set("sites", "school", name="École du Levant", neighbourhood="Vieux Marché")
    folder.files["sites.csv"] = folder.files["sites.csv"].decode().encode("cp1252")
    reading = folder.read()
    assert reading.case is not None
    assert reading.case.sites["school"].name == "École du Levant"
    assert "Windows-1252" in reading.findings[0].sentence


@pytest.mark.parametrize("digits", [ARABIC, PERSIAN], ids=["Arabic-Indic", "Persian"])
def test_digits_of_other_scripts_are_numbers(digits: dict[int, int]) -> None:
    plain = Folder()
    other = Folder()
    for table in ("sites", "people", "fleet", "travel_minutes"):
        head = other.head(table)
        lines = other.lines(table)
        keep = {"id", "site", "base", "from", "to", "profile", "destinations"}
        named = [name in keep for name in lines[head]]
        for line in lines[head + 2 :]:
            line[:] = [c if named[i] else c.translate(digits) for i, c in enumerate(line)]
        other.put(table, lines)
    first, second = plain.read().case, other.read().case
    assert first is not None
    assert second is not None
    assert second.groups["families"].households == first.groups["families"].households
    assert second.fleet["bus"].seats == first.fleet["bus"].seats
    assert second.sites["school"].lat == first.sites["school"].lat
    assert second.travel.leg("bus", "school", "bridge@inside") == first.travel.leg(
        "bus", "school", "bridge@inside")


def test_digits_of_other_scripts_are_read_in_the_keys_of_the_pause() -> None:
    folder = Folder().text("pause.yaml", "margin_minutes: 20 ", "margin_minutes: ٢٠ ")
    assert folder.read().case.pause.rules.margin == 20  # type: ignore[union-attr]


def test_arabic_decimal_and_thousands_marks_are_read() -> None:
    folder = Folder().set("people", "families", wishing_share="٠٫٥", count="١٬٤٠٠")
    folder.text("pause.yaml", "people_inside: 900", "people_inside: 2000")
    case = folder.read().case
    assert case is not None
    assert (case.groups["families"].count, case.groups["families"].wishing) == (1400, 700)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_found_by_the_headings(separator: str) -> None:
    import csv
    import io

    files = template()
    for table in TABLES:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=separator, lineterminator="\n")
        writer.writerows(Folder().lines(table))
        files[f"{table}.csv"] = out.getvalue().encode()
    reading = read_files(files)
    assert reading.findings == ()
    assert reading.content_hash == read_files(template()).content_hash


def test_a_decimal_comma_is_read_in_a_file_of_semicolons() -> None:
    files = template()
    text = files["sites.csv"].decode().replace(",", ";").replace("32.010", "32,010")
    files["sites.csv"] = text.encode()
    case = read_files(files).case
    assert case is not None
    assert case.sites["school"].lat == 32.01


def test_a_point_for_thousands_is_not_taken_for_a_number() -> None:
    for text in ("1,000", "1.000", "1 00", "1e3", "12.5"):
        folder = Folder().set("people", "families", count=text)
        row = folder.row_of("people", "families")
        assert ("cell", "people.csv", row, "count") in folder.found(Level.ERROR), text


def test_comments_hashtags_and_blank_rows_are_passed_over_and_counted() -> None:
    folder = Folder()
    lines = folder.lines("fleet")
    lines[3:3] = [[], ["# a remark, with a comma"], ["", "", ""]]
    folder.put("fleet", [*lines, ["nothing"]])
    findings = folder.read().errors
    assert {(f.file, f.row) for f in findings} == {("fleet.csv", len(lines) + 1)}


def test_headings_and_choices_may_have_capitals_and_blanks() -> None:
    folder = Folder()
    lines = folder.lines("sites")
    head = folder.head("sites")
    lines[head] = [name.upper().replace("_", " ") for name in lines[head]]
    folder.put("sites", lines).set("sites", "tents", KIND="Reception Centre")
    reading = read_files(folder.files)
    assert not reading.errors


def test_a_column_of_ones_own_is_left_alone() -> None:
    folder = Folder().set("sites", "school", x_colour="blue")
    assert folder.read().findings == ()


def test_the_order_of_columns_does_not_matter() -> None:
    folder = Folder()
    lines = folder.lines("people")
    head = folder.head("people")
    flipped = [line[::-1] if i >= head and line and not line[0].startswith("# ") else line
               for i, line in enumerate(lines)]
    # Turned round, the row of hashtags ends where it began, and starts with a hashtag still.
    assert folder.put("people", flipped).read().content_hash == Folder().read().content_hash


def test_a_folder_that_holds_one_workbook_is_read_as_the_workbook(tmp_path: Path) -> None:
    from lull.exchange import new_folder

    new_folder(tmp_path / "mail" / "pause.xlsx", xlsx=True)
    assert read_folder(tmp_path / "mail").ok
    Folder().write(tmp_path / "mail")
    both = read_folder(tmp_path / "mail")
    assert both.ok
    assert [f.check for f in both.findings] == ["workbook"]


def test_a_file_with_a_misspelt_name_is_not_silently_left_out(tmp_path: Path) -> None:
    folder = Folder().write(tmp_path / "a")
    (folder / "safeguards.csv").rename(folder / "safegards.csv")
    findings = read_folder(folder).findings
    assert [(f.check, f.file) for f in findings] == [("file", "safegards.csv")]
    assert "'safeguards.csv'" in findings[0].sentence


def test_minutes_may_be_one_figure_three_columns_or_one_cell() -> None:
    three = Folder().read().case
    one_cell = Folder()
    lines = one_cell.lines("travel_minutes")
    head = one_cell.head("travel_minutes")
    low = lines[head].index("minutes_low")
    for i, line in enumerate(lines):
        if i >= head:
            text = "minutes" if i == head else "/".join(line[low : low + 3])
            line[low : low + 3] = [text if i != head + 1 else "#x"]
    case = one_cell.put("travel_minutes", lines).read().case
    assert case is not None
    assert three is not None
    assert case.travel.leg("truck", "depot", "clinic") == three.travel.leg(
        "truck", "depot", "clinic")


def test_parts_of_a_minute_are_rounded_up() -> None:
    folder = Folder().set("travel_minutes", "school", minutes_likely="6.1")
    case = folder.read().case
    assert case is not None
    leg = case.travel.leg("bus", "school", "bridge@inside")
    assert leg is not None
    assert (leg.low, leg.likely, leg.high) == (4, 7, 9)


def test_a_package_names_its_tables_by_file_or_by_sheet() -> None:
    from lull.exchange.schema.places import SITES

    assert Package("x", {}).file_of(SITES) == "sites.csv"
    assert Package("x", {}, None, {}, "mine.xlsx").file_of(SITES) == "mine.xlsx[sites]"
