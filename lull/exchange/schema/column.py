"""What one column and one table of a pause folder hold: read, written and documented from here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from attrs import define, frozen

MOST_ROWS = 200_000
"""Rows of a table that are read."""


class Kind(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    ID = "id"
    WHOLE = "whole number"
    NUMBER = "number"
    SHARE = "share"
    YES_NO = "yes or no"
    CHOICE = "choice"
    CHOICES = "list of choices"
    IDS = "list of ids"
    WORDS = "list"
    ESTIMATE = "low, likely, high"
    TIME = "local time"
    HOURS = "hours"
    BY_TYPE = "by vehicle type"
    SIZES = "household sizes"
    NUMBERS = "list of numbers"


LISTS = frozenset((Kind.CHOICES, Kind.IDS, Kind.WORDS, Kind.NUMBERS))
"""Kinds that hold several parts, separated by `|` in a cell, a list in YAML."""


ESTIMATE_PARTS = ("low", "likely", "high")


@frozen
class Column:
    """One column: its name, how it is read, and what it means.

    `unit` is printed, never guessed. `least` and `most` bound numbers (inclusive). `allowed`
    lists the choices. `blank` says what an empty cell means. `refers` is the table whose ids
    the cell holds (`sites`, `corridors`, `fleet`, `sides`, `parties`). `hxl` is the column's
    hashtag with attributes (HXL 1.1, hxlstandard.org).
    """

    name: str
    kind: Kind
    says: str
    required: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    blank: str = ""
    refers: str = ""
    hxl: str = ""
    example: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The headings under which it may stand: four for an estimate, else one."""
        if self.kind is Kind.ESTIMATE:
            return (self.name, *(f"{self.name}_{part}" for part in ESTIMATE_PARTS))
        return (self.name,)


@define(frozen=True, eq=False)
class Table:
    """One table of the folder: a CSV file or the sheet of the same name.

    `key` is the column (or columns) that may not repeat.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    required: bool = False
    most_rows: int = MOST_ROWS

    @property
    def file(self) -> str:
        """The file's name in a folder."""
        return f"{self.name}.csv"

    @cached_property
    def by_heading(self) -> Mapping[str, Column]:
        """Every heading that may stand in the file, with its column."""
        return {heading: column for column in self.columns for heading in column.names}

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Every column by its name."""
        return {column.name: column for column in self.columns}
