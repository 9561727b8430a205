"""Recorded runs as rows of a CSV: one class of frozen fields a file, read and written whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from attrs import asdict, fields

from lull.exchange.atomic import write_whole

T = TypeVar("T")

READ: dict[str, Callable[[str], Any]] = {
    "int": int, "float": float, "str": str, "bool": lambda x: x == "True",
    "int | None": lambda x: int(x) if x else None,
    "float | None": lambda x: float(x) if x else None,
}
"""How a cell is read, by the type of its field."""


def read_rows(of: type[T], file: Path) -> list[T]:
    """The runs in a file, in the order in which they stand; none where there is no file."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as opened:
        return [of(**{f.name: READ[str(f.type)](row[f.name]) for f in fields(of)})
                for row in csv.DictReader(opened)]


def write_rows(of: type[T], file: Path, runs: Iterable[T]) -> None:
    """Put runs in the place of what a file holds, whole or not at all."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [f.name for f in fields(of)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(run) for run in runs)
    write_whole(file, text.getvalue())
