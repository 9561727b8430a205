"""Sheets as an .xlsx workbook that explains itself: notes on headings, lists of choices."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from lull.exchange.raw.package import PAUSE_SHEET
from lull.exchange.raw.tree import flatten
from lull.exchange.raw.workbook import cell_text
from lull.exchange.schema.column import Column, Kind
from lull.exchange.write.sheets import Sheet, Sheets, planted

ROWS_WITH_CHOICES = 2_000
"""Rows below the headings in which a cell offers its list of choices."""

WIDEST = 42
LONGEST_FORMULA = 255
"""Characters of a list of choices (Excel's limit for a list written in the rule)."""


def workbook_bytes(sheets: Sheets) -> bytes:
    """The workbook: the sheet `pause` with keys and values, then a sheet a table."""
    book = Workbook()
    for page in list(book.worksheets):
        book.remove(page)
    keys = book.create_sheet(PAUSE_SHEET)
    keys.append(["key", "value"])
    for key, text in flatten(planted(sheets.pause)):
        keys.append([key, None])
        keys.cell(row=keys.max_row, column=1).data_type = "s"
        _put(keys.cell(row=keys.max_row, column=2), text)
    _style(keys, ("key", "value"), (34, 80))
    for name, sheet in sheets.tables.items():
        _add(book.create_sheet(name), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add(page: Any, sheet: Sheet) -> None:
    page.append(list(sheet.headings))
    page.append(list(sheet.hxl_row()))
    for row in sheet.rows:
        page.append([None] * len(row))
        for i, text in enumerate(row, 1):
            if text:
                _put(page.cell(row=page.max_row, column=i), text)
    widths = [
        min(WIDEST, 2 + max([len(heading), *(len(row[i]) for row in sheet.rows[:200])]))
        for i, heading in enumerate(sheet.headings)
    ]
    _style(page, sheet.headings, widths)
    for i, heading in enumerate(sheet.headings, 1):
        column = sheet.table.by_heading.get(heading)
        if column is not None:
            _explain(page, i, column)


def _put(cell: Any, text: str) -> None:
    """Write a number as a number where it reads back the same, and anything else as text."""
    try:
        number: float = int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        number = float("nan")
    if text.isascii() and cell_text(number) == text:
        cell.value = number
    else:
        cell.value = text
        cell.data_type = "s"


def _style(page: Any, headings: tuple[str, ...], widths: Any) -> None:
    for i, width in zip(range(1, len(headings) + 1), widths, strict=True):
        page.cell(row=1, column=i).font = Font(bold=True)
        page.cell(row=1, column=i).data_type = "s"  # a heading that begins with = is a text, too
        page.cell(row=1, column=i).fill = PatternFill("solid", fgColor="DDE6EC")
        page.column_dimensions[get_column_letter(i)].width = width
        if page.title != PAUSE_SHEET and page.max_row >= 2:
            page.cell(row=2, column=i).font = Font(color="808080", italic=True)
    page.freeze_panes = "A2" if page.title == PAUSE_SHEET else "B3"


def _explain(page: Any, i: int, column: Column) -> None:
    said = [column.says, f"In {column.unit}." if column.unit else "",
            "Required." if column.required else f"Blank: {column.blank}." if column.blank else ""]
    page.cell(row=1, column=i).comment = Comment(" ".join(filter(None, said)), "lull")
    choices = {Kind.CHOICE: column.allowed, Kind.YES_NO: ("yes", "no")}.get(column.kind, ())
    listed = '"' + ",".join(choices) + '"'
    if choices and len(listed) <= LONGEST_FORMULA:
        rule = DataValidation(type="list", formula1=listed, allow_blank=True)
        letter = get_column_letter(i)
        rule.add(f"{letter}3:{letter}{ROWS_WITH_CHOICES}")
        page.add_data_validation(rule)
