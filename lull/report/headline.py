"""What the pause makes possible, in a few sentences and tables."""

from __future__ import annotations

from attrs import frozen

from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.people import PATIENTS, Need
from lull.domain.plan import Plan
from lull.plan.result import Result, TierResult
from lull.report.figures import Served, served, supplied, tonnes_in, total
from lull.report.model import Column, ReportInput
from lull.report.readings import WITH, fewer_with_more
from lull.report.timetables import Row, Table
from lull.report.words import NEED_WORDS, count_of, percent, tonnes, whole

CAUTION = (
    "A plan is not a permission and not a guarantee. It changes no obligation of any party under "
    "the law of war. The figures rest on modelled travel, check and service times only; attack, "
    "breach and refusal are not in them."
)


@frozen
class Totals:
    """What one column moves in all, beside what it is counted against."""

    reading: Consents
    corridors: int
    vehicles: int
    persons: int
    wishing: int
    patients: int
    patients_wishing: int
    tonnes: float
    tonnes_needed: float
    left: int
    draft: str
    planned: bool
    """False where no plan was made; then the figures of what moves mean nothing."""
    note: str
    """Why nothing moves, or that the search was stopped; "" where there is nothing to say."""


def totals(column: Column) -> Totals:
    """Count one column."""
    case, plan = column.case, column.result.plan
    heads = total(served(case, plan).values())
    needed = sum(line.tonnes_needed for line in supplied(case, plan))
    return Totals(
        column.reading,
        len(case.corridors),
        sum(1 for day in plan.vehicles if day.steps),
        heads.out,
        heads.wishing,
        heads.patients_out,
        heads.patients_wishing,
        tonnes_in(case, plan),
        needed,
        heads.waiting,
        plan.draft,
        not column.result.refused,
        _note(column),
    )


def _note(column: Column) -> str:
    result = column.result
    if not column.case.corridors:
        return "no corridor may be used"
    if result.refused:
        return "not planned: " + "; ".join(result.refused)
    if result.too_short:
        return result.too_short
    return "the search was stopped early" if result.interrupted else ""


def sentences(report: ReportInput) -> tuple[str, ...]:
    """The headline in words: what the plan moves, what no plan can, and the other readings."""
    shown = totals(report.shown)
    said = [_moves(shown), *_bound(report.shown.result)]
    for column in report.columns:
        if column is report.shown:
            continue
        other = totals(column)
        same = (other.persons, other.tonnes) == (shown.persons, shown.tonnes)
        if same and (shown.persons or shown.tonnes):
            said.append(f"{WITH[other.reading]}, the same can move.")
        else:
            said.append(_moves(other))
    return (*said, *fewer_with_more(report.columns))


def _moves(t: Totals) -> str:
    if not t.planned:
        return f"{WITH[t.reading]}: {t.note.rstrip('.')}."
    if not t.persons and not t.tonnes:
        why = f": {t.note}." if t.note and not t.note.endswith(".") else f". {t.note}"
        return f"{WITH[t.reading]}, nobody and nothing can move{why.rstrip()}".rstrip(".") + "."
    parts = [
        f"{whole(t.persons)} of the {whole(t.wishing)} people who wish to leave reach their "
        f"destination ({percent(t.persons / t.wishing) if t.wishing else '–'})"
    ]
    if t.patients_wishing:
        parts.append(f"among them {whole(t.patients)} of {whole(t.patients_wishing)} patients")
    if t.tonnes_needed:
        amount = tonnes(t.tonnes) if t.tonnes else "none"
        parts.append(f"and {amount} of the {tonnes(t.tonnes_needed)} tonnes needed come in")
    return f"{WITH[t.reading]}, {', '.join(parts)}."


def _bound(result: Result) -> list[str]:
    ceiling = result.ceiling
    parts = []
    if ceiling.persons:
        parts.append(count_of(ceiling.persons, "person", "people"))
    if ceiling.patients:
        parts.append(count_of(ceiling.patients, "patient"))
    if ceiling.tonnes:
        parts.append(f"{tonnes(ceiling.tonnes)} tonnes")
    if not parts:
        return []
    return [f"No plan can move more than {_and(parts)}, each counted by itself."]


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def columns(report: ReportInput) -> Table:
    """The three readings of the consents side by side, one measure a row."""
    all_of_them = [totals(column) for column in report.columns]
    tables = [served(c.case, c.result.plan) for c in report.columns]
    rows: list[Row] = [("corridors that may be used", *(t.corridors for t in all_of_them))]

    def add(name: str, *cells: float) -> None:
        known = zip(all_of_them, cells, strict=True)
        rows.append((name, *(cell if t.planned else None for t, cell in known)))

    add("people out", *(t.persons for t in all_of_them))
    for need in reversed(Need):
        cells = [[c for (_, n), c in table.items() if n is need] for table in tables]
        if any(total(c).present for c in cells):
            add(f"— {need_words(need)}", *(total(c).out for c in cells))
    add("patients out", *(t.patients for t in all_of_them))
    add("wish to leave and do not get out", *(t.left for t in all_of_them))
    add("tonnes in", *(round(t.tonnes, 1) for t in all_of_them))
    add("vehicles used", *(t.vehicles for t in all_of_them))
    header = ("", *(c.reading.value for c in report.columns))
    return Table("columns", "Three readings of the consents", header, tuple(rows))


def need_words(need: Need) -> str:
    """A need in words; patients are counted with their companions."""
    return NEED_WORDS[need] + (" with companions" if need in PATIENTS else "")


PEOPLE_HEADER = ("present", "wish to leave", "out", "share", "wish to and do not", "stay in all")


def _people_row(name: str, cell: Served) -> Row:
    share = percent(cell.share) if cell.wishing else "–"
    return (name, cell.present, cell.wishing, cell.out, share, cell.waiting, cell.staying)


def by_need(case: Case, plan: Plan) -> Table:
    """People by need, patients with their companions."""
    cells = served(case, plan)
    rows = []
    for need in reversed(Need):
        some = total(c for (_, n), c in cells.items() if n is need)
        if some.present:
            rows.append(_people_row(need_words(need), some))
    rows.append(_people_row("all", total(cells.values())))
    return Table("by-need", "People by need", ("need", *PEOPLE_HEADER), tuple(rows))


def by_neighbourhood(case: Case, plan: Plan) -> Table:
    """People by neighbourhood, with the tonnes that reach those who stay."""
    cells = served(case, plan)
    lines = supplied(case, plan)
    rows: list[Row] = []
    for name in case.neighbourhoods:
        some = total(c for (n, _), c in cells.items() if n == name)
        aid = [line for line in lines if line.neighbourhood == name]
        needed, brought = sum(x.tonnes_needed for x in aid), sum(x.tonnes for x in aid)
        rows.append((*_people_row(name, some), round(needed, 1), round(brought, 1)))
    header = ("neighbourhood", *PEOPLE_HEADER, "tonnes needed", "tonnes in")
    return Table("by-neighbourhood", "People by neighbourhood", header, tuple(rows))


def tiers(result: Result) -> Table:
    """Each aim with its value, the bound on it and the gap."""
    rows = tuple(
        (t.name, t.unit, round(t.value, 1), _known(t.bound), gap_words(t), _known(t.bound_any))
        for t in result.tiers
    )
    header = (
        "aim, in order",
        "unit",
        "this plan",
        "no plan more than",
        "gap",
        "no plan more than, this aim alone",
    )
    return Table("tiers", "How far from the best", header, rows)


def _known(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


CLOSED = 1e-4
"""Part of a bound below which a gap is rounding in the bound's own arithmetic."""


def gap_words(tier: TierResult) -> str:
    """The gap as a percentage, or that less than one vehicle load is missing."""
    if tier.gap is None or tier.bound is None:
        return "no bound"
    missing = tier.bound - tier.value
    if missing <= CLOSED * max(1.0, tier.bound):
        return percent(0)
    if missing <= tier.one_load:
        return f"{percent(tier.gap)} (less than one load)"
    return percent(tier.gap)


def left_behind(result: Result) -> Table:
    """What the plan does not move, and why."""
    rows = tuple(
        (left.number, left.unit, left.need or left.what, left.neighbourhood or left.place, left.why)
        for left in sorted(result.left, key=lambda x: (x.unit, -x.number))
    )
    header = ("number", "unit", "who or what", "where", "why")
    return Table("left-behind", "What is left behind, and why", header, rows)


def reasons(result: Result) -> Table:
    """What the plan does not move, summed by reason and need."""
    number: dict[tuple[str, str, str], int] = {}
    places: dict[tuple[str, str, str], set[str]] = {}
    for left in result.left:
        key = (left.unit, left.need or left.what, left.why)
        number[key] = number.get(key, 0) + left.number
        places.setdefault(key, set()).add(left.neighbourhood or left.place)
    rows = tuple(
        (number[key], key[0], key[1], len(places[key]), key[2])
        for key in sorted(number, key=lambda k: (k[0], -number[k]))
    )
    header = ("number", "unit", "who or what", "neighbourhoods", "why")
    return Table("reasons", "What is left behind, by reason", header, rows)


FULL = 0.9
"""Use in the busiest half of a window from which on a thing is said to limit the plan."""


def limiting(result: Result) -> tuple[str, ...]:
    """What is nearly used up in the busiest half of a window, the fullest first, in words."""
    found = sorted((x for x in result.limits if x.share >= FULL), key=lambda x: -x.share)
    return tuple(limit.sentence for limit in found)


def limits(result: Result) -> Table:
    """How fully all is used, the fullest first."""
    rows = tuple(
        (limit.name, limit.kind, percent(limit.share), percent(limit.whole_share))
        for limit in sorted(result.limits, key=lambda x: -x.share)
    )
    header = ("what", "kind", "busiest half", "whole window")
    return Table("limits", "How fully all is used", header, rows)
