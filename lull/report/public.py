"""The public form: rounded totals; no site, route, neighbourhood, name, title or time at all."""

from __future__ import annotations

from attrs import frozen

from lull.domain.people import PATIENTS, Category, Group, Need
from lull.domain.worth import arrived
from lull.report.figures import supplied, tonnes_in
from lull.report.headline import CAUTION, WITH
from lull.report.model import Column, ReportInput
from lull.report.rendering import render
from lull.report.suppression import LEAST, Protected, protect, rounded, rounded_up
from lull.report.words import whole

HIDDEN = "not shown"

ROWS: tuple[tuple[str, frozenset[Need]], ...] = (
    ("patients with their companions", PATIENTS),
    ("people who need a seat", frozenset({Need.SEATED})),
    ("people who can walk", frozenset({Need.WALKING})),
)


@frozen
class PublicTable:
    """Rows of (name, who reach their destination, who do not, all who wish to leave) in words."""

    rows: tuple[tuple[str, str, str, str], ...]


def public_page(report: ReportInput) -> str:
    """The public form as one HTML page.

    Fighters are not counted, as their number is for their own side to give. A plan that breaks a
    rule is not published: then the page holds no figure.
    """
    broken = any(rule.violations for rule in report.rules)
    plan = report.shown.result.plan
    return render(
        "public.html.j2",
        f"Humanitarian pause, {report.case.pause.place}",
        place=report.case.pause.place,
        broken=broken,
        draft=bool(plan.draft or report.case.draft),
        readings=()
        if broken
        else tuple(_reading(column, report.shown) for column in report.columns),
        table=PublicTable(()) if broken else table(report.shown),
        ceiling="" if broken else _ceiling(report.shown),
        reading=WITH[report.main],
        hidden=HIDDEN,
        caution=CAUTION,
    )


def counted(column: Column) -> list[Group]:
    """The groups of which the public form speaks."""
    return [g for g in column.case.groups.values() if g.category is not Category.FIGHTERS]


def protected(column: Column) -> tuple[list[str], Protected]:
    """Names of the rows, and [rows + 1, 3] counts: out, not out, and their sum."""
    got = arrived(column.result.plan).persons
    names, inner = [], []
    for name, needs in ROWS:
        some = [g for g in counted(column) if g.need in needs]
        wishing = sum(g.wishing for g in some)
        if wishing:
            out = min(wishing, sum(got.get(g.id, 0) for g in some))
            names.append(name)
            inner.append([out, wishing - out])
    return names, protect(inner or [[0, 0]])


def table(column: Column) -> PublicTable:
    """The table by need, rounded and with small counts kept from being worked out."""
    names, cells = protected(column)
    rows = []
    for i, name in enumerate([*names, "all"]):
        row = i if name != "all" else cells.values.shape[0] - 1
        rows.append((name, *(_words(cells.shown(row, j)) for j in range(3))))
    return PublicTable(tuple(rows))  # type: ignore[arg-type]


def _words(count: int | None) -> str:
    if count is None:
        return HIDDEN
    return f"about {whole(count)}" if count else "none"


def _amount(count: float) -> str:
    return HIDDEN if 0 < count < LEAST else _words(rounded(int(count)))


@frozen
class Reading:
    """The totals of one reading of the consents, in words."""

    words: str
    people: str
    patients: str
    tonnes: str


def _reading(column: Column, main: Column) -> Reading:
    words = WITH[column.reading]
    if column.result.refused:
        return Reading(words, "not planned", "not planned", "not planned")
    if not column.case.corridors:
        return Reading(words, "none", "none", "none")
    _, cells = protected(column)
    people = _words(cells.shown(-1, 0))
    same = bool((cells.values == protected(main)[1].values).all())
    if not same and bool(cells.hidden[-1].any()):
        # Beside the other readings' sums, no count of this row may be missing from it.
        people = HIDDEN
    needed = sum(line.tonnes_needed for line in supplied(column.case, column.result.plan))
    tonnes = _amount(tonnes_in(column.case, column.result.plan)) if needed else "none asked for"
    return Reading(words, people, _patients(column), tonnes)


def _patients(column: Column) -> str:
    got = arrived(column.result.plan)
    medical = [g.id for g in counted(column) if g.is_medical]
    patients = sum(got.patients.get(g, 0) for g in medical)
    companions = sum(got.persons.get(g, 0) for g in medical) - patients
    return HIDDEN if 0 < companions < LEAST else _amount(patients)


def _ceiling(column: Column) -> str:
    persons = column.result.ceiling.persons
    if persons < LEAST or len(counted(column)) < len(column.case.groups):
        return ""
    return f"No plan can move more than about {whole(rounded_up(persons))} people."
