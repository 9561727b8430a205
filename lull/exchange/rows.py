"""A table's rows as values by column, after every cell has been looked at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field

from lull.domain.time import Estimate
from lull.exchange.cells import Unexpected, minutes_up, read_cell
from lull.exchange.finding import Findings, Where, did_you_mean
from lull.exchange.raw.grid import Grid, each_row
from lull.exchange.schema.column import ESTIMATE_PARTS, Column, Kind, Table


@define
class Row:
    """One row: its place, its values by column, and whether every cell of it was good."""

    where: Where
    values: dict[str, Any] = field(factory=dict)
    good: bool = True

    def __contains__(self, column: str) -> bool:
        return column in self.values

    def get(self, column: str, default: Any = None) -> Any:
        """The value of a column, or the default where the cell is blank or bad."""
        return self.values.get(column, default)

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


def read_rows(grid: Grid, table: Table, file: str, findings: Findings) -> list[Row]:
    """Every row of a grid with its values; says which headings and cells are wrong."""
    _look_at_headings(grid, table, file, findings)
    rows = []
    seen: dict[tuple[Any, ...], int] = {}
    for number, cells in each_row(grid):
        row = _read_row(cells, table, Where(file, number), grid.decimal_comma, findings)
        key = tuple(row.get(name, "") for name in table.key)
        if table.key and all(
            row.get(name) is not None for name in table.key if table.by_name[name].required
        ):
            if key in seen:
                where = row.where.at(table.key[0] if len(table.key) == 1 else "")
                shown = " / ".join(str(part) for part in key if part != "")
                findings.error(
                    "duplicate", where, f"{shown!r} stands twice; first in row {seen[key]}.",
                    shown, f"each {' and '.join(table.key)} once",
                )
                row.good = False
            seen.setdefault(key, number)
        rows.append(row)
    return rows


def _look_at_headings(grid: Grid, table: Table, file: str, findings: Findings) -> None:
    where = Where(file, grid.heading_row)
    known = table.by_heading
    absent = [name for name in known if name not in grid.headings]
    for i, name in enumerate(grid.headings):
        if not name:
            if any(cells[i] for _, cells in grid.rows):
                findings.error("heading", where, f"Column {i + 1} has cells but no heading.",
                               "", "a heading")
            continue
        if grid.headings.index(name) != i:
            findings.error("heading", where.at(name), f"The heading {name!r} stands twice.",
                           name, "each heading once")
        if name in known or name.startswith("x_"):
            continue
        hint = did_you_mean(name, absent)
        if hint:
            findings.error("heading", where.at(name), f"The heading {name!r} is not known.{hint}",
                           name, "a known heading, or one that starts with x_")
        else:
            findings.warn("heading", where.at(name), f"The column {name!r} is not known and is "
                          "not read. Let it start with x_ if that is meant.", name)
    for column in table.columns:
        if column.required and not _has(column, grid.headings):
            findings.error(
                "heading", where.at(column.name),
                f"The column {column.name!r} is missing. {column.says}",
                ", ".join(filter(None, grid.headings)), f"the heading {column.name}",
            )


def _has(column: Column, headings: tuple[str, ...]) -> bool:
    if column.kind is Kind.ESTIMATE and f"{column.name}_likely" in headings:
        return True
    return column.name in headings


def _read_row(
    cells: dict[str, str], table: Table, where: Where, decimal_comma: bool, findings: Findings
) -> Row:
    row = Row(where)
    for column in table.columns:
        if column.kind is Kind.ESTIMATE:
            _read_estimate(cells, column, row, findings)
            continue
        text = cells.get(column.name, "")
        if not text:
            if column.required and column.name in cells:
                findings.error("missing", where.at(column.name), f"The cell is blank. "
                               f"{column.says}", "", "a value")
            row.good = row.good and not column.required
            continue
        try:
            row.values[column.name] = read_cell(text, column, decimal_comma=decimal_comma)
        except Unexpected as error:
            findings.unexpected(where.at(column.name), text, error.expected)
            row.good = False
    return row


def _read_estimate(
    cells: dict[str, str], column: Column, row: Row, findings: Findings
) -> None:
    single = cells.get(column.name, "")
    parts = {part: cells.get(f"{column.name}_{part}", "") for part in ESTIMATE_PARTS}
    given = [part for part in ESTIMATE_PARTS if parts[part]]
    if single and given:
        findings.error("estimate", row.where.at(column.name), f"Both {column.name} and "
                       f"{column.name}_{given[0]} are filled; give one figure or three.", single,
                       "one figure, or low, likely and high")
        row.good = False
        return
    if not single and not given:
        if column.required:
            findings.error("missing", row.where.at(column.name), f"The cell is blank. "
                           f"{column.says}", "", "minutes")
            row.good = False
        return
    try:
        if single:
            row.values[column.name] = read_cell(single, column)
            return
    except Unexpected as error:
        findings.unexpected(row.where.at(column.name), single, error.expected)
        row.good = False
        return
    row.values.update(_three(parts, column, row, findings))


def _three(
    parts: dict[str, str], column: Column, row: Row, findings: Findings
) -> Iterator[tuple[str, Estimate]]:
    """The estimate of three cells; a blank one is like the likely one."""
    values: dict[str, int] = {}
    for part, text in parts.items():
        if not text:
            continue
        try:
            values[part] = minutes_up(text, column)
        except Unexpected as error:
            findings.unexpected(row.where.at(f"{column.name}_{part}"), text, error.expected)
            row.good = False
            return
    if "likely" not in values:
        findings.error("missing", row.where.at(f"{column.name}_likely"), "The likely minutes are "
                       "blank though low or high is given.", "", "minutes")
        row.good = False
        return
    low, likely = values.get("low", values["likely"]), values["likely"]
    high = values.get("high", likely)
    if not low <= likely <= high:
        found = f"{low} / {likely} / {high}"
        findings.unexpected(row.where.at(f"{column.name}_likely"), found,
                            "low, likely and high minutes that rise")
        row.good = False
        return
    yield column.name, Estimate(low, likely, high)
