"""A folder's tables and keys as plain text, ready to be written in any form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from lull.exchange.finding import Findings, Where
from lull.exchange.raw.grid import each_row
from lull.exchange.raw.package import Package
from lull.exchange.raw.tree import Node
from lull.exchange.schema.column import ESTIMATE_PARTS, Column, Kind, Table
from lull.exchange.schema.folder import TABLES


@define
class Sheet:
    """One table as text: its headings and rows of cells; `heading_row` is where it was read."""

    table: Table
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(factory=list)
    heading_row: int = 1

    def hxl_row(self) -> tuple[str, ...]:
        """The hashtags under the headings (blank where a heading has none)."""
        return tuple(hxl_of(self.table, heading) for heading in self.headings)


@define
class Sheets:
    """A folder's tables by name, and the tree of its pause (plain text, lists and mappings)."""

    pause: Any
    tables: dict[str, Sheet] = field(factory=dict)


def hxl_of(table: Table, heading: str) -> str:
    """The hashtag of a heading, with an attribute for the part of an estimate."""
    column = table.by_heading.get(heading)
    if column is None or not column.hxl:
        return ""
    part = heading.removeprefix(column.name).removeprefix("_")
    return f"{column.hxl}+{part}" if part in ESTIMATE_PARTS else column.hxl


def sheet_of(table: Table, rows: list[Mapping[str, str]]) -> Sheet:
    """A sheet of rows by heading; columns without any cell are left out unless required."""
    used = {heading for row in rows for heading, text in row.items() if text}
    headings = tuple(
        heading
        for column in table.columns
        for heading in column.names
        if heading in used or (column.required and heading == _main(column, used))
    )
    return Sheet(table, headings, [tuple(row.get(h, "") for h in headings) for row in rows])


def _main(column: Column, used: set[str]) -> str:
    """The heading under which a required column stands even where it is blank."""
    if column.kind is Kind.ESTIMATE and f"{column.name}_likely" in used:
        return f"{column.name}_likely"
    return column.name


def plain(node: Node) -> Any:
    """A tree as text, lists and mappings without lines."""
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return {name: plain(child) for name, child in node.value.items()}


def planted(value: Any) -> Node:
    """Text, lists and mappings as a tree without lines."""
    if isinstance(value, Mapping):
        return Node({str(name): planted(child) for name, child in value.items()}, 0)
    if isinstance(value, list | tuple):
        return Node([planted(child) for child in value], 0)
    return Node(str(value), 0)


def sheets_of_package(package: Package, findings: Findings) -> Sheets | None:
    """The text of an opened folder or workbook; None (and findings) where a file is unreadable.

    Comments are left behind.
    """
    before = findings.errors
    node = package.pause(findings)
    sheets = Sheets(plain(node) if node else {})
    for table in TABLES:
        grid = package.grid(table, findings)
        if grid is None:
            continue
        headings = tuple(name for name in grid.headings if name)
        if len(set(headings)) < len(headings):
            where = Where(package.file_of(table), grid.heading_row)
            findings.error("heading", where, "A heading stands twice.", expected="each once")
        rows = [tuple(cells[h] for h in headings) for _, cells in each_row(grid)]
        if grid.decimal_comma:
            rows = [_with_points(table, headings, row) for row in rows]
        sheets.tables[table.name] = Sheet(table, headings, rows, grid.heading_row)
    return sheets if findings.errors == before else None


def _with_points(
    table: Table, headings: tuple[str, ...], row: tuple[str, ...]
) -> tuple[str, ...]:
    """A row in which numbers have a point where they had a comma."""
    numeric = (Kind.NUMBER, Kind.SHARE)
    return tuple(
        text.replace(",", ".")
        if (column := table.by_heading.get(heading)) and column.kind in numeric
        else text
        for heading, text in zip(headings, row, strict=True)
    )
