"""A name that a spreadsheet would run is a text in every file that is written, and reads back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from lull.domain.formula import as_meant, harmless
from lull.exchange import from_xlsx, read_folder, to_xlsx
from tests.exchange.kit import Folder

EVIL = ("=cmd|'/c calc'!A0", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd",
        "=HYPERLINK(\"http://x\")", "\uff1d1+1", "'=1+1", "-", "=")
FIRST = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula; a number is none."""
    try:
        float(cell.rstrip("%"))
    except ValueError:
        return cell.startswith(FIRST)
    return False


@settings(max_examples=500)
@given(st.text(st.sampled_from("=+-@'\t\r\n\uff1d1.5e%x "), max_size=8))
def test_a_text_is_harmless_and_comes_back_as_it_was(text: str) -> None:
    assert not runs(harmless(text))
    assert as_meant(harmless(text)) == text


@pytest.mark.parametrize("text", ["-12.5", "+5", "36.2", "-5%", "1e5", "", "Bab al-Hawa", "'x"])
def test_a_number_and_a_plain_name_stand_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A folder whose sites are named as somebody would who means harm."""
    made = Folder()
    lines = made.lines("sites")
    head = made.head("sites")
    name = lines[head].index("name")
    rows = [i for i in range(head + 1, len(lines)) if not lines[i][0].startswith("#")]
    for at, text in zip(rows, EVIL, strict=False):
        lines[at][name] = text
    lines[head].append("=cmd|'/c calc'!A1")
    for at in range(head + 1, len(lines)):
        lines[at].append("x" if at in rows else "")
    folder = tmp_path / "evil"
    folder.mkdir()
    for file, raw in made.put("sites", lines).files.items():
        (folder / file).write_bytes(raw)
    return folder


def test_no_csv_that_is_written_holds_a_formula_and_all_names_come_back(
    evil: Path, tmp_path: Path
) -> None:
    to_xlsx(evil, tmp_path / "evil.xlsx")
    from_xlsx(tmp_path / "evil.xlsx", tmp_path / "again")
    cells = [cell for file in (tmp_path / "again").glob("*.csv")
             for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))) for cell in row]
    assert any("calc" in cell for cell in cells)
    assert [cell for cell in cells if runs(cell)] == []
    first, second = read_folder(evil), read_folder(tmp_path / "again")
    assert first.case is not None
    assert second.case is not None
    assert [s.name for s in first.case.sites.values()] == [
        s.name for s in second.case.sites.values()]
    assert set(EVIL[:3]) <= {s.name for s in first.case.sites.values()}


def test_no_cell_of_a_workbook_that_is_written_is_a_formula(evil: Path, tmp_path: Path) -> None:
    to_xlsx(evil, tmp_path / "evil.xlsx")
    book = load_workbook(tmp_path / "evil.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("calc" in str(cell.value) for cell in cells)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
