"""What a pause makes possible, on a terminal: the figures of a `PlanAnswer` as tables."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from lull.cli.answers import why_left
from lull.cli.console import figure, heading, table
from lull.cli.schemas import FindingAnswer, NeighbourhoodAnswer, PlanAnswer, TierAnswer

MOST_ROWS = 20
"""Rows of a table on a terminal; the report has them all."""

CAUTION = (
    "The figures are of modelled times only. Attack, breach and refusal are not in them, and "
    "nothing here says that a way is safe."
)


def show_plan(out: Console, answer: PlanAnswer) -> None:
    """Print the whole headline."""
    _title(out, answer)
    _columns(out, answer)
    if answer.refused:
        return _refused(out, answer)
    if answer.too_short:
        out.print()
        out.print(Text(answer.too_short, style="bold"))
    _people(out, answer)
    _neighbourhoods(out, answer.by_neighbourhood)
    _proof(out, answer)
    _left(out, answer)
    _limits(out, answer)
    return _foot(out, answer)


def _title(out: Console, answer: PlanAnswer) -> None:
    out.print(Text(f"{answer.title} · {answer.place}", style="bold"))
    for window in answer.windows:
        day, opens, closes = window.opens_local[:10], window.opens_local, window.closes_local
        until = closes[11:16] if closes[:10] == day else f"{closes[:10]} {closes[11:16]}"
        utc = f"{window.opens_utc[11:16]}–{window.closes_utc[11:16]} UTC"
        out.print(
            f"{window.name or 'Window'}: {day} {opens[11:16]}–{until} local ({utc}), "
            f"{window.minutes / 60:.4g} h"
        )
    if answer.draft:
        out.print(Text(f"DRAFT: {answer.draft}", style="bold"))
    if answer.interrupted:
        out.print(Text("Stopped early: this is the best plan found until then.", style="bold"))


def _columns(out: Console, answer: PlanAnswer) -> None:
    heading(out, "What the pause makes possible, by what has been agreed")
    rows = [
        (
            ("▸ " if c.consents == answer.consents else "  ") + c.consents,
            c.corridors,
            c.persons,
            c.patients,
            c.tonnes,
            c.note,
        )
        for c in answer.columns
    ]
    names = ("consents", "corridors", "people out", "of them patients", "tonnes in", "")
    out.print(table(names, rows, right=names[1:5]))
    out.print(Text(f"All that follows is the column «{answer.consents}».", style="dim"))


def _refused(out: Console, answer: PlanAnswer) -> None:
    heading(out, "Not planned")
    for sentence in answer.refused:
        out.print(f"- {sentence}")


def _people(out: Console, answer: PlanAnswer) -> None:
    total = answer.totals
    heading(out, "People, by what they need on the way")
    rows: list[tuple[object, ...]] = [
        (n.need, n.wishing, n.served, n.wishing - n.served, share(n.served, n.wishing))
        for n in answer.by_need
    ]
    rows.append(
        (
            "all",
            total.wishing,
            total.persons,
            total.wishing - total.persons,
            share(total.persons, total.wishing),
        )
    )
    names = ("need", "wish to leave", "leave", "do not get out", "share")
    out.print(table(names, rows, right=names[1:]))
    out.print(
        f"{total.present - total.wishing:,} of the {total.present:,} present do not wish to leave "
        f"or were not asked. {total.tonnes:,.1f} of {total.tonnes_needed:,.1f} tonnes needed "
        "come in."
    )


def _neighbourhoods(out: Console, all_of_them: Sequence[NeighbourhoodAnswer]) -> None:
    heading(out, "By neighbourhood")
    most = sorted(all_of_them, key=lambda n: (-n.wishing, -n.tonnes_needed, n.neighbourhood))
    rows = [
        (
            n.neighbourhood,
            n.present,
            n.wishing,
            n.served,
            share(n.served, n.wishing),
            n.tonnes_needed,
            n.tonnes_delivered,
        )
        for n in most[:MOST_ROWS]
    ]
    names = ("neighbourhood", "present", "wish to leave", "leave", "share", "t needed", "t in")
    out.print(table(names, rows, right=names[1:]))
    if len(most) > MOST_ROWS:
        out.print(Text(f"and {len(most) - MOST_ROWS} more, in the report", style="dim"))


def _proof(out: Console, answer: PlanAnswer) -> None:
    heading(out, "How far from the best")
    rows = [(t.name, t.unit, t.value, t.bound, gap(t), t.bound_any) for t in answer.tiers]
    names = ("aim, in order", "unit", "this plan", "at most", "gap", "at most, this aim alone")
    out.print(table(names, rows, right=names[2:]))
    total = answer.totals
    out.print(
        f"No plan can move more than {total.no_plan_moves_more_persons:,} people, of them "
        f"{total.no_plan_moves_more_patients:,} patients, and "
        f"{total.no_plan_moves_more_tonnes:,.1f} tonnes."
    )
    if answer.not_in_bound:
        out.print(Text(f"Not in the bound: {', '.join(answer.not_in_bound)}.", style="dim"))


def _left(out: Console, answer: PlanAnswer) -> None:
    if not answer.left_behind:
        return
    heading(out, "What is left behind, and why")
    rows = [(number, unit, why) for unit, number, why in why_left(answer.left_behind)]
    out.print(table(("number", "", "why"), rows[:MOST_ROWS], right=("number",)))


def _limits(out: Console, answer: PlanAnswer) -> None:
    heading(out, "What limits it")
    for limit in answer.limits[:MOST_ROWS]:
        out.print(f"- {limit.sentence}")
    if not answer.limits:
        out.print("Nothing is used up: no checkpoint, fleet or place is at its limit.")


def _foot(out: Console, answer: PlanAnswer) -> None:
    out.print()
    if answer.violations:
        return
    out.print(f"Kept: all {len(answer.rules_checked)} rules, checked without the planner.")
    out.print(Text(CAUTION, style="dim"))
    out.print(
        Text(
            f"The same plan again: --work {answer.work} --seed {answer.seed} "
            f"({answer.seconds:.0f} s here).",
            style="dim",
        )
    )


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


def share(part: float, whole: float) -> str:
    """A share as a percentage that is 100 % only when nothing is left."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    return f"{min(percent, 99.9) if part < whole else percent:.1f} %"


def gap(tier: TierAnswer) -> str:
    """The gap as a percentage, or that less than one vehicle load is missing."""
    if tier.gap is None or tier.bound is None:
        return "no bound"
    if 0 < tier.bound - tier.value <= tier.one_load:
        return "< 1 load"
    return f"{100 * tier.gap:.1f} %"


def show_violations(out: Console, rows: Sequence[tuple[str, str, str]]) -> None:
    """Print breaches as (rule, when, sentence)."""
    out.print(table(("rule", "when", "what is wrong"), [tuple(map(figure, r)) for r in rows]))
