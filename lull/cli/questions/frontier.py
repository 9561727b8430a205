"""What `lull frontier` answers, as JSON and as sentences, tables and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lull.cli.questions.compare import amount, cell, shown
from lull.cli.questions.model import Answer, QuestionAnswer, common
from lull.domain.case import Case
from lull.report.bands import Edge, band, lines
from lull.report.timetables import Row, Table
from lull.report.told import Part, Picture, Told
from lull.report.words import percent

if TYPE_CHECKING:
    from lull.questions.frontier import Frontier

Measure = Literal["persons", "patients", "tonnes"]
MEASURES: tuple[Measure, ...] = ("persons", "patients", "tonnes")
TITLES = {"persons": "People", "patients": "Patients", "tonnes": "Tonnes"}


class AxisAnswer(Answer):
    """A quantity along which the frontier is drawn."""

    along: Literal["length", "start", "notice", "vehicles"]
    name: str
    unit: str
    vehicle: str = Field(description="the type, where vehicles are counted")
    values: list[int]


class BandAnswer(Answer):
    """One figure at one point."""

    of: Measure
    found: float = Field(description="most that a verified plan at or below the point moves")
    own: float = Field(description="what the plan of the point itself moves, aims in their order")
    most: float = Field(description="no plan at the point can exceed it")
    gap: float = Field(description="(most - found) / most")
    from_point: list[int] = Field(description="the point whose plan moves so many")


class PointAnswer(Answer):
    """One point: its values in the order of the axes."""

    at: list[int]
    bands: list[BandAnswer]
    limits: list[str] = Field(description="what is used up in the busiest half of a window")
    refused: str = Field(description="why it has no plan of its own; empty where it has")


class KneeAnswer(Answer):
    """The value from which on a unit more buys clearly less."""

    of: Measure
    at: int


class StretchAnswer(Answer):
    """Values between which the same limits hold."""

    start: int
    end: int
    limits: list[str]
    persons_a_unit: float


class FrontierAnswer(QuestionAnswer):
    """What `lull frontier` prints."""

    form: Literal["lull frontier 1"] = "lull frontier 1"
    axes: list[AxisAnswer]
    asked: dict[str, float] = Field(description="persons, patients and tonnes there are to move")
    points: list[PointAnswer]
    knees: list[KneeAnswer]
    stretches: list[StretchAnswer]


def answer(of: Frontier) -> FrontierAnswer:
    """The answer as JSON; the frame fills in what only it knows."""
    return FrontierAnswer(
        **common(of.seed, of.work, stopped=of.stopped),
        axes=[AxisAnswer(along=a.along.value, name=a.name, unit=a.unit, vehicle=a.vehicle,
                         values=list(a.values)) for a in of.axes],
        asked={m.value: x for m, x in of.asked.items()},
        points=[PointAnswer(
            at=list(p.at), limits=list(p.limits), refused=p.refused,
            bands=[BandAnswer(of=m.value, found=b.found, own=b.own, most=b.most, gap=b.gap,
                              from_point=list(p.carried_from[m])) for m, b in p.bands.items()])
            for p in of.points],
        knees=[KneeAnswer(of=m.value, at=at) for m, at in of.knees.items()],
        stretches=[StretchAnswer(start=s.start, end=s.end, limits=list(s.limits),
                                 persons_a_unit=s.persons_a_unit) for s in of.stretches])


def told(_case: Case, of: FrontierAnswer) -> Told:
    """The answer in words, tables and pictures."""
    measures = [m for m in MEASURES if of.asked.get(m, 0) > 0]
    single = len(of.axes) == 1
    parts = [_part(of, m) for m in measures]
    if single and of.stretches:
        parts.append(_stretches(of))
    warnings = ["It was stopped before its end: some points are missing."] if of.stopped else []
    warnings += [f"{_at(of, p.at)}: no plan of its own ({p.refused})." for p in of.points
                 if p.refused]
    title = " and ".join(a.name for a in of.axes)
    said = _sentences(of, measures) if of.points else ["No point was finished."]
    return Told("frontier", f"What more buys: {title}", tuple(said), tuple(parts) if of.points
                else (), RESTS_ON, of.again, of.consents, tuple(warnings))


RESTS_ON = (
    "Found: a plan for the point, or for one with less of everything, that keeps every rule. Each "
    "figure by itself: the plan that moves most people need not be the one that moves most tonnes.",
    "At most: a bound on all plans of the point, each figure by itself.",
    "The plan of a point itself settles the aims in their order, and may move fewer people for the "
    "sake of more patients; its figures stand in the table.",
    "Ways, checks and services take their likely minutes; delays are not in it.",
)


def _at(of: FrontierAnswer, at: Sequence[int]) -> str:
    return ", ".join(f"{value} {a.unit}" for a, value in zip(of.axes, at, strict=True))


def _band(point: PointAnswer, measure: str) -> BandAnswer:
    return next(b for b in point.bands if b.of == measure)


def _sentences(of: FrontierAnswer, measures: Sequence[str]) -> list[str]:
    said = []
    first, last = of.points[0], of.points[-1]
    for m in measures:
        low, high = _band(first, m), _band(last, m)
        said.append(
            f"{TITLES[m]}: from {shown(m)(low.found)} with {_at(of, first.at)} to "
            f"{shown(m)(high.found)} with {_at(of, last.at)}; {shown(m)(of.asked[m])} are asked "
            f"for.")
        enough = next((p for p in of.points if _band(p, m).found >= of.asked[m] - 1e-6), None)
        if enough and len(of.axes) == 1:
            said.append(f"With {_at(of, enough.at)} all {TITLES[m].lower()} are moved: more buys "
                        "nothing.")
        knee = next((k for k in of.knees if k.of == m), None)
        if knee:
            at = next(p for p in of.points if p.at == [knee.at])
            said.append(f"The knee is at {_at(of, [knee.at])}, with "
                        f"{amount(_band(at, m).found, m)}: beyond it each further step buys less.")
    if not measures:
        return said
    gap, where, what = max(((_band(p, m).gap, p.at, m) for p in of.points for m in measures),
                           key=lambda g: g[0])
    said.append("No plan exceeds what is found, anywhere." if gap <= 0 else
                f"The widest gap between what is found and what no plan exceeds is {percent(gap)}: "
                f"{TITLES[what].lower()} with {_at(of, where)}.")
    return said


def _part(of: FrontierAnswer, measure: str) -> Part:
    title = TITLES[measure]
    unit = "people" if measure == "persons" else measure
    asked = of.asked[measure]
    edges = [(p, _band(p, measure)) for p in of.points]
    if len(of.axes) == 1:
        knee = next((float(k.at) for k in of.knees if k.of == measure), None)
        drawn = band([Edge(p.at[0], b.found, b.most) for p, b in edges],
                     f"{title} by {of.axes[0].name}", of.axes[0].unit, unit, shown(measure),
                     ident=f"frontier-{measure}", asked=asked, knee=knee)
        caption = "Thick: found. Broken: no plan exceeds it. Hatched: not known."
    else:
        drawn = lines(
            [(f"{value} {of.axes[1].unit}", [Edge(p.at[0], b.found, b.most) for p, b in edges
                                             if p.at[1] == value])
             for value in of.axes[1].values if any(p.at[1] == value for p, _ in edges)],
            f"{title} by {of.axes[0].name} and {of.axes[1].name}", of.axes[0].unit, unit,
            shown(measure), ident=f"frontier-{measure}")
        caption = "What is found; the bounds stand in the table."
    rows: tuple[Row, ...] = tuple(
        (*p.at, cell(measure, b.found), cell(measure, b.own), cell(measure, b.most), percent(b.gap),
         ", ".join(p.limits)) for p, b in edges)
    header = (*(f"{a.name}, {a.unit}" for a in of.axes), "found", "its own plan", "at most", "gap",
              "used up")
    return Part(title, pictures=(Picture(measure, drawn, f"{title} along the frontier", caption),),
                tables=(Table(f"frontier-{measure}", title, header, rows),))


def _stretches(of: FrontierAnswer) -> Part:
    rows = tuple(
        (f"{s.start} to {s.end}", round(s.persons_a_unit, 2),
         ", ".join(s.limits) or "nothing: what is left cannot be reached or is moved")
        for s in of.stretches)
    axis = of.axes[0]
    return Part("What limits on each stretch", tables=(Table(
        "stretches", "What limits on each stretch",
        (f"{axis.name}, {axis.unit}", f"people for one more ({axis.unit})", "used up"), rows,
        "used up: at least 90 % in the busiest half of a window, in the plan at its beginning"),))
