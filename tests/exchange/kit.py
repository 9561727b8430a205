"""Folders to test on: the template, changed one cell or key at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from lull.exchange.build.draft import Draft
from lull.exchange.finding import Level
from lull.exchange.new import template_package
from lull.exchange.raw.package import package_in_memory
from lull.exchange.reading import Reading, read_package

TABLES = ("sites", "corridors", "people", "fleet", "supplies", "travel_minutes", "safeguards",
          "claims")


def template() -> dict[str, bytes]:
    """The template's files."""
    return {name: blob for name, blob in template_package().blobs.items()
            if isinstance(blob, bytes)}


def read_files(files: Mapping[str, bytes]) -> Reading:
    """Read files that are nowhere on disk, as a sealed folder is read."""
    draft = Draft()
    package = package_in_memory(files, "memory", draft.findings)
    if package is None:
        return Reading(None, draft.findings.in_order())
    return read_package(package, draft, None, lambda *_: None)


class Folder:
    """The template, to be changed."""

    def __init__(self, files: Mapping[str, bytes] | None = None) -> None:
        self.files = dict(files or template())

    def lines(self, table: str) -> list[list[str]]:
        """Every record of a table: comments, headings, hashtags and rows."""
        text = self.files[f"{table}.csv"].decode()
        return list(csv.reader(io.StringIO(text, newline="")))

    def put(self, table: str, lines: Iterable[list[str]]) -> Folder:
        """Write the records of a table."""
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(lines)
        self.files[f"{table}.csv"] = out.getvalue().encode()
        return self

    def head(self, table: str) -> int:
        """Which record holds the headings."""
        return next(i for i, line in enumerate(self.lines(table))
                    if line and not line[0].startswith("#"))

    def row_of(self, table: str, first: str) -> int:
        """The row, as a spreadsheet counts, whose first cell is `first`."""
        return 1 + next(i for i, line in enumerate(self.lines(table)) if line[:1] == [first])

    def set(self, table: str, first: str, **cells: str) -> Folder:
        """Change cells of the row whose first cell is `first`; adds columns that are not there."""
        lines = self.lines(table)
        head = self.head(table)
        for column, text in cells.items():
            name = column.rstrip("_")
            if name not in lines[head]:
                for i, line in enumerate(lines):
                    if i >= head:
                        line.append(name if i == head else "")
            lines[self.row_of(table, first) - 1][lines[head].index(name)] = text
        return self.put(table, lines)

    def add(self, table: str, **cells: str) -> Folder:
        """Add a row; columns that are not there are added too."""
        lines = self.lines(table)
        head = self.head(table)
        for column in cells:
            name = column.rstrip("_")
            if name not in lines[head]:
                for i, line in enumerate(lines):
                    if i >= head:
                        line.append(name if i == head else "")
        known = {column.rstrip("_"): text for column, text in cells.items()}
        lines.append([known.get(name, "") for name in lines[head]])
        return self.put(table, lines)

    def drop(self, table: str, first: str) -> Folder:
        """Take out the row whose first cell is `first`."""
        lines = self.lines(table)
        del lines[self.row_of(table, first) - 1]
        return self.put(table, lines)

    def text(self, file: str, old: str, new: str) -> Folder:
        """Replace a text that stands exactly once in a file."""
        text = self.files[file].decode()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        self.files[file] = text.replace(old, new).encode()
        return self

    def write(self, path: Path) -> Path:
        """Write the files into a folder."""
        path.mkdir(parents=True, exist_ok=True)
        for name, raw in self.files.items():
            (path / name).write_bytes(raw)
        return path

    def read(self) -> Reading:
        """Read it."""
        return read_files(self.files)

    def found(self, level: Level | None = None) -> list[tuple[str, str, int, str]]:
        """(check, file, row, column) of each finding."""
        return [
            (f.check, f.file, f.row, f.column)
            for f in self.read().findings
            if level is None or f.level is level
        ]
