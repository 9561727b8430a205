"""How the command line writes: tables of at most 100 columns, colours only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from unicodedata import category

import click
from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from lull.report.words import whole

if TYPE_CHECKING:
    from pydantic import BaseModel

WIDEST = 100


def console(*, err: bool = False) -> Console:
    """A console on standard output, or on standard error for progress and warnings."""
    stream = sys.stderr if err else sys.stdout
    found = Console(file=stream, highlight=False, soft_wrap=False)
    width = min(WIDEST, found.width) if stream.isatty() else WIDEST
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False)


OVERRIDES = "\N{LEFT-TO-RIGHT OVERRIDE}\N{RIGHT-TO-LEFT OVERRIDE}"
"""Marks that show letters in another order than they stand in; no script needs them."""

BETWEEN = 3
"""Blanks between two columns."""


def table(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    right: Iterable[str] = (),
    room: int | None = None,
) -> Table:
    """A plain table; the columns named in `right` hold figures and are set to the right.

    `room` is the width in characters (what the console has, if none is given).
    """
    made = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    figures = set(right)
    lines = [[figure(cell) for cell in row] for row in rows]
    whole = [n for n, column in enumerate(columns) if column in figures]
    widths = _widths([list(columns), *lines], room or console().width, whole)
    for column, width in zip(columns, widths, strict=True):
        side: JustifyMethod = "right" if column in figures else "left"
        made.add_column(Text(column), justify=side, overflow="fold", width=width)
    for line in lines:
        made.add_row(*map(Text, line))
    return made


def _widths(
    lines: Sequence[Sequence[str]], room: int, figures: Sequence[int] = ()
) -> list[int | None]:
    """Characters for each column: its longest word, and a share of what is left by what it lacks.

    A figure is one word, however its digits are grouped, where there is room. The first column,
    which holds names, takes what it lacks before the others. None for each where not even the
    longest words fit; then words are broken.
    """
    cells = list(zip(*lines, strict=True))
    least = [max(cell_len(w) for cell in column for w in ["", *cell.split()]) for column in cells]
    whole = [max(cell_len(cell) for cell in column) for column in cells]
    uncut = list(least)
    for n in figures:
        uncut[n] = max(least[n], *map(cell_len, cells[n][1:]), 0)
    room -= BETWEEN * (len(cells) - 1)
    least = uncut if sum(uncut) <= room else least
    left = room - sum(least)
    if left < 0:
        return [None] * len(cells)
    wants = [wide - narrow for narrow, wide in zip(least, whole, strict=True)]
    first = min(left, wants[0]) if wants else 0
    share = (left - first) / max(1, left - first, sum(wants[1:]))
    more = [first, *(int(want * share) for want in wants[1:])]
    return [max(1, narrow + extra) for narrow, extra in zip(least, more, strict=True)]


def figure(value: object) -> str:
    """A cell as text: whole numbers with thin groups of three, a dash for nothing known.

    Control characters, with which a folder's text could write over a terminal, are replaced.
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return whole(value)
    if isinstance(value, float):
        return whole(value) if abs(value) >= 1000 else f"{value:.1f}"
    return harmless(str(value))


def harmless(text: str) -> str:
    """A text without what could write over a terminal or turn the order of what is read about."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if (category(mark) == "Cc" and mark != "\n")
        or mark in OVERRIDES else mark
        for mark in text
    )


def print_json(answer: BaseModel) -> None:
    """Write an answer to standard output as JSON, in UTF-8, keys as the schema names them."""
    click.echo(answer.model_dump_json(indent=2, by_alias=True))


def heading(out: Console, words: str) -> None:
    """A line that opens a part of the answer."""
    out.print()
    out.print(Text(words, style="bold"))
