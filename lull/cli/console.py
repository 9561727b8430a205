"""How the command line writes: tables of at most 100 columns, colours only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

WIDEST = 100


def console(*, err: bool = False) -> Console:
    """A console on standard output, or on standard error for progress and warnings."""
    stream = sys.stderr if err else sys.stdout
    found = Console(file=stream, highlight=False, soft_wrap=False)
    width = min(WIDEST, found.width) if stream.isatty() else WIDEST
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False)


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Iterable[str] = ()
) -> Table:
    """A plain table; the columns named in `right` hold figures and are set to the right."""
    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    figures = set(right)
    for column in columns:
        made.add_column(
            Text(column), justify="right" if column in figures else "left", overflow="fold"
        )
    for row in rows:
        made.add_row(*(Text(figure(cell)) for cell in row))
    return made


def figure(value: object) -> str:
    """A cell as text: whole numbers with thin groups of three, a dash for nothing known."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}"
    return str(value)


def print_json(answer: BaseModel) -> None:
    """Write an answer to standard output as JSON, in UTF-8, keys as the schema names them."""
    click.echo(answer.model_dump_json(indent=2, by_alias=True))


def heading(out: Console, words: str) -> None:
    """A line that opens a part of the answer."""
    out.print()
    out.print(Text(words, style="bold"))
