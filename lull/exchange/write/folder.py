"""Sheets into a folder of CSV and YAML, or into one workbook; and from one form to the other."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from lull.domain.case import Case
from lull.domain.formula import harmless
from lull.exchange.atomic import write_whole
from lull.exchange.datapackage import datapackage
from lull.exchange.finding import Findings, Level
from lull.exchange.raw.package import Package, open_package
from lull.exchange.schema.folder import (
    CLOSURES_FILE,
    DATAPACKAGE_FILE,
    PAUSE_FILE,
    ROUTES_FILE,
    STREETS_FILE,
)
from lull.exchange.write.rows import sheets_of_case
from lull.exchange.write.sheets import Sheet, Sheets, sheets_of_package
from lull.exchange.write.workbook import workbook_bytes

CARRIED = (STREETS_FILE, ROUTES_FILE, CLOSURES_FILE)
"""Files that stand beside the tables in either form."""


class Unreadable(ValueError):
    """A folder cannot be turned into another form; `findings` say why."""

    def __init__(self, findings: Findings) -> None:
        said = [str(f) for f in findings.in_order() if f.level is Level.ERROR]
        super().__init__("\n".join(said))
        self.findings = findings.in_order()


def write_folder(case: Case, path: Path) -> list[Path]:
    """Write a case as a folder of CSV and YAML, travel minutes in place of streets."""
    return write_sheets(sheets_of_case(case), path)


def write_sheets(sheets: Sheets, path: Path) -> list[Path]:
    """Write tables and keys as a folder; returns the files, all of them whole."""
    written = [write_whole(path / PAUSE_FILE, yaml_text(sheets.pause))]
    written += [
        write_whole(path / sheet.table.file, csv_text(sheet)) for sheet in sheets.tables.values()
    ]
    written.append(write_whole(path / DATAPACKAGE_FILE, datapackage_text(sheets)))
    return written


def datapackage_text(sheets: Sheets, *, as_read: bool = False) -> str:
    """The description of the tables for other programs, as it is written beside them.

    `as_read` says that comments stay above the headings, as in the files that were read.
    """
    described = datapackage(
        {name: sheet.headings for name, sheet in sheets.tables.items()},
        str(sheets.pause.get("title", "")),
        {name: sheet.heading_row for name, sheet in sheets.tables.items()} if as_read else {},
    )
    return json.dumps(described, indent=2, ensure_ascii=False) + "\n"


def csv_text(sheet: Sheet) -> str:
    """A sheet as CSV with its HXL row (RFC 4180, but lines end in one character)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([[harmless(heading) for heading in sheet.headings], sheet.hxl_row()])
    for row in sheet.rows:
        # The module does not quote a lone carriage return, which readers take for a line end.
        writer.writerow([harmless(cell.replace("\r\n", "\n").replace("\r", "\n"))
                         for cell in row])
    return out.getvalue()


def yaml_text(pause: Mapping[str, Any]) -> str:
    """The keys of the pause as YAML."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 96
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_with_numbers(pause), out)
    return out.getvalue()


def _with_numbers(value: Any) -> Any:
    """The same with whole numbers as numbers, so that they stand without quotation marks."""
    if isinstance(value, Mapping):
        return {key: _with_numbers(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_with_numbers(child) for child in value]
    text = str(value)
    whole = text.isascii() and text.isdecimal() and str(int(text)) == text
    return int(text) if whole else text


def to_xlsx(folder: Path, workbook: Path) -> list[Path]:
    """Write a folder as one workbook, its streets and GeoJSON beside it; raises Unreadable."""
    package, sheets = _opened(folder)
    written = [write_whole(workbook, workbook_bytes(sheets))]
    return written + _carry(package, sheets, workbook.parent)


def from_xlsx(workbook: Path, folder: Path) -> list[Path]:
    """Write a workbook as a folder of CSV and YAML; raises Unreadable."""
    package, sheets = _opened(workbook)
    return write_sheets(sheets, folder) + _carry(package, sheets, folder)


def _opened(path: Path) -> tuple[Package, Sheets]:
    findings = Findings()
    package = open_package(path, findings)
    sheets = sheets_of_package(package, findings) if package else None
    if package is None or sheets is None:
        raise Unreadable(findings)
    return package, sheets


def _carry(package: Package, sheets: Sheets, folder: Path) -> list[Path]:
    """Copy streets and GeoJSON into a folder, streets that were shared among them."""
    package.share_streets(str(sheets.pause.get("roads", "")), Findings())
    written = []
    for name in CARRIED:
        blob, target = package.blobs.get(name), folder / name
        if blob is None or (isinstance(blob, Path) and target.exists() and blob.samefile(target)):
            continue
        written.append(write_whole(target, blob if isinstance(blob, bytes) else blob.read_bytes()))
    return written
