"""An answer on a terminal: its sentences and tables, cut to what fits."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from lull.cli.console import heading, table
from lull.report.headline import CAUTION
from lull.report.timetables import Table
from lull.report.told import Told

MOST_ROWS = 24
"""Rows of a table on a terminal; the page has them all."""


def say(out: Console, told: Told) -> None:
    """Print an answer."""
    for warning in told.warnings:
        out.print(Text(warning, style="bold"))
    for i, sentence in enumerate(told.sentences):
        out.print(Text(sentence, style="bold" if i == 0 else ""))
    for part in told.parts:
        if part.sentences or part.tables:
            heading(out, part.title)
        for sentence in part.sentences:
            out.print(Text(sentence))
        for made in part.tables:
            if made.title and made.title != part.title:
                out.print()
                out.print(Text(made.title, style="italic"))
            _show(out, made)
    if told.rests_on:
        heading(out, "What it rests on")
        for sentence in told.rests_on:
            out.print(Text(f"- {sentence}"))
    out.print()
    out.print(Text(CAUTION, style="dim"))
    if told.again:
        out.print(Text(f"The same answer again: {told.again}", style="dim"), soft_wrap=True)


def _show(out: Console, made: Table) -> None:
    figures = {name for i, name in enumerate(made.header) if made.rows and all(
        row[i] is None or isinstance(row[i], int | float) for row in made.rows)}
    out.print(table(made.header, made.rows[:MOST_ROWS], right=figures))
    if len(made.rows) > MOST_ROWS:
        out.print(Text(f"and {len(made.rows) - MOST_ROWS} more, in --out and --json", style="dim"))
    if made.note:
        out.print(Text(made.note, style="dim"))
