"""What `lull sweep` answers, as sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator

from lull.cli.schemas import FindingAnswer, SumAnswer, SweepAnswer, SweepPlaceAnswer
from lull.report.timetables import Row, Table
from lull.report.told import Part, Told
from lull.report.words import THIN, whole

WORDS = {"persons": "people", "patients": "patients", "tonnes": "tonnes"}


FIRST = 5
"""Findings of one folder that a terminal shows; the page and the files have all."""


def told(of: SweepAnswer, *, brief: bool = False) -> Told:
    """The answer in words and tables; brief for a terminal, where a country has to fit."""
    parts = []
    if of.planned:
        parts.append(Part("Planned, folder by folder", tables=((_short if brief else _long)(of),)))
        parts.append(Part("Together", tuple(of.not_added), tables=(_sums(of),)))
    refused = [p for p in of.places if p.totals is None]
    if refused:
        parts.append(Part("Without a plan", tables=(_refused(refused, FIRST if brief else None),)))
    warned = [p for p in of.places if p.totals is not None and p.findings]
    if warned and brief:
        parts.append(Part("To be looked at", (
            *(f"{p.name}: {_count(len(p.findings), 'warning')}." for p in warned),
            "What they are stands in sweep.html and sweep-findings.csv.")))
    elif warned:
        parts.append(Part("To be looked at", tables=(_findings(
            warned, "warnings", "To be looked at"),)))
    return Told("sweep", "Many pauses at once", tuple(_sentences(of)), tuple(parts), RESTS_ON,
                of.again, of.consents,
                ("It was stopped before its end: some folders are missing.",) if of.stopped else ())


RESTS_ON = (
    "Each folder is checked and planned as lull check and lull plan do it, with the same work.",
    "Moved: a plan that keeps every rule. At most: a bound on all plans of that folder.",
    "Together: each pause has its own people, needs and vehicles; where two have some in common, "
    "they are not added up.",
    "Ways, checks and services take their likely minutes; delays are not in it.",
)


def _sentences(of: SweepAnswer) -> Iterator[str]:
    many = len(of.places)
    kept = sum(p.kept for p in of.places)
    yield (f"{_count(of.planned, 'pause')} planned of {_count(many, 'folder')}"
           + (f", {kept} of them by an earlier run" if kept else "") + ".")
    if of.refused:
        names = ", ".join(p.name for p in of.places if p.totals is None)
        yield f"Without a plan: {names}. Why stands below; the others were not held up."
    for s in of.sums:
        if s.moved is not None and s.asked:
            yield (f"Together they move {_figure(s.moved)} of {_figure(s.asked)} {WORDS[s.of]}; no "
                   f"plans can move more than {_figure(s.most)}.")
    drafts = [p.name for p in of.places if p.draft]
    if drafts:
        yield f"Drafts only, as no street is approved: {', '.join(drafts)}."


def _count(number: int, what: str) -> str:
    return f"{whole(number)} {what}{'' if number == 1 else 's'}"


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    value = _tonnes(value)
    return whole(value) if isinstance(value, int) else f"{value:,.1f}".replace(",", THIN)


def _tonnes(value: float) -> float | int:
    """To a tenth, and without it where that is 0."""
    near = round(value, 1)
    return round(near) if near == round(near) else near


def _short(of: SweepAnswer) -> Table:
    """Each planned folder in a line that a terminal has room for."""
    rows: list[Row] = []
    for p in of.places:
        t = p.totals
        if t is not None:
            rows.append((p.name, t.persons, t.wishing, t.no_plan_moves_more_persons, t.patients,
                         t.no_plan_moves_more_patients, _tonnes(t.tonnes),
                         _tonnes(t.no_plan_moves_more_tonnes)))
    return Table(
        "planned", "Planned, folder by folder",
        ("folder", "people", "of", "at most", "patients", "at most ", "tonnes", "at most  "),
        tuple(rows), "at most: no plan of that folder can move more")


def _long(of: SweepAnswer) -> Table:
    """Each planned folder with all that was asked for, for a page."""
    rows: list[Row] = []
    for p in of.places:
        t = p.totals
        if t is not None:
            rows.append((p.name, t.wishing, t.persons, t.no_plan_moves_more_persons,
                         t.patients_wishing, t.patients, t.no_plan_moves_more_patients,
                         *map(_tonnes, (t.tonnes_needed, t.tonnes, t.no_plan_moves_more_tonnes))))
    asked = ("moved", "at most")
    return Table(
        "planned", "Planned, folder by folder",
        ("folder", "wish to leave", *asked, "patients", *asked, "tonnes needed", *asked),
        tuple(rows), "at most: no plan of that folder can move more")


def _sums(of: SweepAnswer) -> Table:
    return Table("together", "Together", ("of all planned", "asked for", "moved", "at most"), tuple(
        (WORDS[s.of], *map(_cell, (s.asked, s.moved, s.most))) for s in of.sums),
        "a dash: not added up, as something would be counted twice" if any(
            s.moved is None for s in of.sums) else "")


def _cell(value: float | None) -> float | int | None:
    return None if value is None else _tonnes(value)


def _refused(places: list[SweepPlaceAnswer], most: int | None) -> Table:
    rows: list[Row] = []
    for p in places:
        errors = [f for f in p.findings if most is None or f.level == "error"]
        rows += [(p.name, "", sentence) for sentence in p.why]
        rows += [(p.name, place_of(f), f.sentence) for f in errors[:most]]
        left = len(errors[most:]) if most else 0
        if left:
            rows.append((p.name, "", f"and {left} more, in sweep.html and sweep-findings.csv"))
    return Table("refused", "Without a plan", ("folder", "where", "what is wrong"), tuple(rows))


def _findings(places: list[SweepPlaceAnswer], name: str, title: str) -> Table:
    return Table(name, title, ("folder", "where", "what was found"), tuple(
        (p.name, place_of(f), f.sentence) for p in places for f in p.findings))


def place_of(f: FindingAnswer) -> str:
    """Where in a folder something was found."""
    return ", ".join(str(x) for x in (f.file, f.row, f.column) if x not in ("", None))


def every_figure(of: SweepAnswer) -> Table:
    """Each folder with all its figures, for a spreadsheet; one line for each that there is."""
    header = ("folder", "state", "title", "place", "opens (UTC)", "closes (UTC)", "people waiting",
              "wish to leave", "people moved", "people at most", "patients", "patients moved",
              "patients at most", "tonnes needed", "tonnes moved", "tonnes at most", "draft",
              "errors", "warnings", "why not", "consents", "work", "seed", "folder SHA-256")
    rows: list[Row] = []
    for p in of.places:
        t = p.totals
        figures: Row = (None,) * 10 if t is None else (
            t.present, t.wishing, t.persons, t.no_plan_moves_more_persons, t.patients_wishing,
            t.patients, t.no_plan_moves_more_patients, round(t.tonnes_needed, 3),
            round(t.tonnes, 3), round(t.no_plan_moves_more_tonnes, 3))
        errors = sum(f.level == "error" for f in p.findings)
        rows.append((p.name, p.state, p.title, p.place,
                     p.windows[0].opens_utc if p.windows else None,
                     p.windows[-1].closes_utc if p.windows else None, *figures, p.draft, errors,
                     len(p.findings) - errors, " ".join(p.why), of.consents, p.work, of.seed,
                     p.folder_hash))
    return Table("sweep", "Every folder", header, tuple(rows))


def every_finding(of: SweepAnswer) -> Table:
    """All that was found in all folders, for a spreadsheet."""
    return Table("sweep-findings", "Every finding", (
        "folder", "level", "file", "row", "column", "found", "expected", "sentence"), tuple(
        (p.name, f.level, f.file, f.row, f.column, f.found, f.expected, f.sentence)
        for p in of.places for f in p.findings))


def sum_of(
    of: str, places: list[SweepPlaceAnswer], fields: tuple[str, str, str], *, asked: bool,
    moved: bool,
) -> SumAnswer:
    """The sum of one figure over the planned folders, as far as it may be added."""
    totals = [p.totals for p in places if p.totals is not None]

    def total(field: str) -> float:
        return float(sum(getattr(t, field) for t in totals))

    return SumAnswer.model_validate({
        "of": of, "asked": total(fields[0]) if asked else None,
        "moved": total(fields[1]) if moved else None, "most": total(fields[2]) if asked else None})
