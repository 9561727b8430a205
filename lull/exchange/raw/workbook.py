"""The sheets of an .xlsx workbook as rows of text."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from lull.exchange.archive import as_it_says
from lull.exchange.finding import Findings, Where
from lull.exchange.schema.column import MOST_ROWS

MOST_BYTES_UNPACKED = 300_000_000
"""Bytes of all parts of a workbook together, so that a small file cannot fill the memory."""

MOST_COLUMNS = 500
"""Columns of a sheet that are looked at: many more than any table has."""
LAST_ROW = MOST_ROWS + 1_000

Rows = list[tuple[int, list[str]]]


def read_workbook(raw: bytes, file: str, findings: Findings) -> dict[str, Rows] | None:
    """Each sheet's filled rows by the sheet's name; None (and a finding) if it is no workbook."""
    where = Where(file)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MOST_BYTES_UNPACKED:
                findings.error("too large", where, f"The workbook unpacks to {unpacked / 1e6:,.0f} "
                               f"MB; at most {MOST_BYTES_UNPACKED / 1e6:,.0f} MB are read.")
                return None
            raw = as_it_says(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, RuntimeError,
            NotImplementedError) as error:
        findings.error("workbook", where, f"The file is not an .xlsx workbook, or it has been cut "
                       f"off ({error}).")
        return None
    try:
        return _sheets(raw, file, findings)
    except Exception as error:  # noqa: BLE001 - a damaged part raises whatever its parser likes
        findings.error("workbook", where, f"The workbook is damaged and cannot be read "
                       f"({type(error).__name__}: {str(error)[:80]}). Open and save it again.")
        return None


def _sheets(raw: bytes, file: str, findings: Findings) -> dict[str, Rows]:
    from openpyxl import load_workbook  # noqa: PLC0415 - most folders are no workbook

    sheets: dict[str, Rows] = {}
    values = load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(raw), read_only=True, data_only=False)
    for name in values.sheetnames:
        sheet, written = values[name], formulas[name]
        if not hasattr(sheet, "iter_rows"):
            continue
        rows: Rows = []
        # A sheet may claim a million rows of sixteen thousand cells, and a reader makes them all.
        pairs = zip(*(one.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
                      for one in (sheet, written)), strict=False)
        for number, (cells, sources) in enumerate(pairs, 1):
            if number == LAST_ROW:
                findings.error("too large", Where(file, number, name), f"The sheet has more than "
                               f"{MOST_ROWS:,} rows; is it the right file?",
                               expected=f"at most {MOST_ROWS} rows")
            if not any(cell is not None for cell in cells) and not any(sources):
                continue
            rows.append((number, list(_row(cells, sources, Where(file, number, name), findings))))
        sheets[name.strip()] = rows
    return sheets


def _row(
    cells: tuple[Any, ...], sources: tuple[Any, ...], where: Where, findings: Findings
) -> Iterator[str]:
    for cell, source in zip(cells, sources, strict=False):
        if cell is None and isinstance(source, str) and source.startswith("="):
            findings.error("formula", where, f"The cell holds the formula {source!r} without a "
                           "saved value; open and save the workbook, or put in the value.",
                           source, "a value")
        yield cell_text(cell)


def cell_text(cell: Any) -> str:
    """A workbook's cell as the text that a person would have typed."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell + timedelta(seconds=30):%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell)
