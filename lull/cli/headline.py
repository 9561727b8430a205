"""What a pause makes possible, on a terminal: the report's own tables, cut to what fits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from attrs import evolve
from rich.console import Console
from rich.text import Text

from lull.cli.answers import Planned
from lull.cli.console import heading, table
from lull.cli.schemas import FindingAnswer
from lull.domain.time import Clock, Window
from lull.plan.result import LeftBehind
from lull.report import headline
from lull.report.model import ReportInput
from lull.report.timetables import Row, Table
from lull.report.words import duration, stamp

MOST_ROWS = 20
MOST_LIMITS = 8
"""Rows of a table on a terminal; the report has them all."""


def show_plan(out: Console, planned: Planned, report: ReportInput) -> None:
    """Print the whole headline."""
    result = planned.main.result
    _title(out, planned)
    _show(out, headline.columns(report))
    if result.refused:
        heading(out, "Not planned")
        for sentence in result.refused:
            out.print(f"- {sentence}")
        return
    for sentence in headline.sentences(report):
        out.print()
        out.print(Text(sentence))
    case, plan = planned.case, result.plan
    _show(out, headline.by_need(case, plan))
    _show(out, without(_largest(headline.by_neighbourhood(case, plan)), "wish to and do not"))
    _show(out, headline.tiers(result))
    if result.not_in_bound:
        out.print(Text(f"Not in the bound: {', '.join(result.not_in_bound)}.", style="dim"))
    if result.left:
        _show(out, why_left(result.left))
    heading(out, "What limits it")
    limiting = headline.limiting(result)
    for sentence in limiting[:MOST_LIMITS]:
        out.print(Text(f"- {sentence}"))
    if len(limiting) > MOST_LIMITS:
        out.print(Text(f"and {len(limiting) - MOST_LIMITS} more, in the report", style="dim"))
    if not limiting:
        out.print("Nothing is used up: no checkpoint, fleet or place is at its limit.")
    _foot(out, planned)


def _title(out: Console, planned: Planned) -> None:
    pause, result = planned.case.pause, planned.main.result
    out.print(Text(f"{pause.title} · {pause.place}", style="bold"))
    for window in pause.windows:
        out.print(window_words(pause.clock, window))
    draft = result.plan.draft or planned.case.draft
    if draft:
        out.print(Text(f"DRAFT: {draft}", style="bold"))
    if result.interrupted:
        out.print(Text("Stopped early: this is the best plan found until then.", style="bold"))


def window_words(clock: Clock, window: Window) -> str:
    """A window in local time with UTC beside it, and its length."""
    return (
        f"{window.name or 'window'}: {stamp(clock, window.opens)} to "
        f"{stamp(clock, window.closes)}, {duration(window.minutes)}"
    )


def _show(out: Console, made: Table) -> None:
    heading(out, made.title)
    right = {
        name
        for i, name in enumerate(made.header)
        if any(isinstance(row[i], int | float) for row in made.rows) or name == "share"
    }
    out.print(table(made.header, made.rows[:MOST_ROWS], right=right))
    if len(made.rows) > MOST_ROWS:
        out.print(Text(f"and {len(made.rows) - MOST_ROWS} more, in the report", style="dim"))
    if made.note:
        out.print(Text(made.note, style="dim"))


def _largest(made: Table) -> Table:
    """The rows with the most who wish to leave first (the third column), then the rest."""
    return evolve(made, rows=tuple(sorted(made.rows, key=lambda row: -float(row[2] or 0))))


def without(made: Table, column: str) -> Table:
    """A table without one of its columns; the same where it has none of that name."""
    keep = [i for i, name in enumerate(made.header) if name != column]
    return evolve(
        made,
        header=tuple(made.header[i] for i in keep),
        rows=tuple(tuple(row[i] for i in keep) for row in made.rows),
    )


def why_left(entries: Sequence[LeftBehind]) -> Table:
    """Numbers left behind summed over places by unit and reason, the largest first."""
    summed: dict[tuple[str, str], int] = defaultdict(int)
    for entry in entries:
        summed[entry.unit, entry.why] += entry.number
    order = sorted(summed.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][1]))
    rows: tuple[Row, ...] = tuple((number, unit, why) for (unit, why), number in order)
    return Table("why-left", "What is left behind, and why", ("number", "", "why"), rows)


def _foot(out: Console, planned: Planned) -> None:
    out.print()
    if not planned.violations:
        out.print(f"Kept: all {len(planned.rules)} rules, checked without the planner.")
    out.print(Text(headline.CAUTION, style="dim"))
    out.print(Text(again(planned), style="dim"))


def again(planned: Planned) -> str:
    """The words that give the same plan again, or why none do."""
    took = f"{planned.seconds:.0f} s here"
    if not planned.main.result.repeatable:
        return f"Stopped before the first plan was whole ({took}): no --work gives it again."
    words = f"--work {planned.work} --seed {planned.seed}"
    if planned.bound_work is not None:
        words += f" --bound-work {planned.bound_work}"
    return f"The same plan again: {words} ({took})."


def show_findings(out: Console, findings: Sequence[FindingAnswer]) -> None:
    """Print what is wrong with a folder, errors first, one finding a paragraph."""
    for level, style in (("error", "bold red"), ("warning", "yellow")):
        some = [f for f in findings if f.level == level]
        if not some:
            continue
        heading(out, f"{len(some)} {level}{'s' if len(some) > 1 else ''}")
        for f in some:
            where = ", ".join(str(x) for x in (f.file, f.row, f.column) if x not in ("", None))
            out.print(Text(where or "the folder", style=style), Text(f.sentence), sep="  ")


def show_violations(out: Console, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print breaches as (rule, when, sentence)."""
    out.print(table(("rule", "when", "what is wrong"), rows))
