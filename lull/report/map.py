"""The map: streets, the line, corridors, sites, and who and what moves along which way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.domain.place import INSIDE, SiteKind
from lull.report import pictures as p
from lull.report.flows import Kind, Stream, journeys, streams
from lull.report.geometry import GRAIN, WIDTH, View, beside, places, schematic, street_paths
from lull.report.labels import Labels
from lull.report.model import ReportInput
from lull.report.words import tonnes, whole, xml

WIDEST = {Kind.PEOPLE: 15.0, Kind.PATIENTS: 6.0, Kind.AID: 8.0}
"""Width in units of the fullest stream of each kind; the others in proportion."""

NARROWEST = {Kind.PEOPLE: 1.6, Kind.PATIENTS: 2.4, Kind.AID: 2.6}

SHAPES = {
    SiteKind.ASSEMBLY: ("circle", "solid"),
    SiteKind.SHELTER: ("circle", "open"),
    SiteKind.EXCHANGE: ("diamond", "solid"),
    SiteKind.HOLDING: ("diamond", "open"),
    SiteKind.RECEPTION: ("square", "open"),
    SiteKind.HOSPITAL: ("cross", "open"),
    SiteKind.FEEDING: ("triangle", "open"),
    SiteKind.DISTRIBUTION: ("triangle", "solid"),
    SiteKind.WAREHOUSE: ("square", "solid"),
    SiteKind.BASE: ("hexagon", "open"),
}
"""Shape and fill by kind; told apart without colour."""

_OUTLINES = {
    "square": "M-8-8H8V8H-8z",
    "diamond": "M0-11 11 0 0 11-11 0z",
    "triangle": "M0-12 11 8H-11z",
    "hexagon": "M-5-9H5L10 0 5 9H-5L-10 0z",
    "cross": "M-5-11H5V-5H11V5H5V11H-5V5H-11V-5H-5z",
}


def symbol(kind: SiteKind, label: str) -> str:
    """The mark of a site about (0, 0), with its number."""
    shape, fill = SHAPES[kind]
    drawn = (
        f'<circle r="9.5" class="site {fill}"/>'
        if shape == "circle"
        else f'<path d="{_OUTLINES[shape]}" class="site {fill}"/>'
    )
    y = 6 if shape == "triangle" else 3.6
    return f'{drawn}<text y="{y}" class="num {fill}" text-anchor="middle">{xml(label)}</text>'


def symbol_svg(kind: SiteKind, label: str) -> str:
    """The mark of a site as a small picture for the key."""
    return (
        '<svg class="mark" viewBox="-13 -13 26 26" width="26" height="26" aria-hidden="true">'
        f"{symbol(kind, label)}</svg>"
    )


def site_numbers(report: ReportInput) -> dict[str, int]:
    """Site id to the number that it bears on the map, by kind and then as in the folder."""
    kinds = list(SiteKind)
    ordered = sorted(report.case.sites.values(), key=lambda s: kinds.index(s.kind))
    return {site.id: i for i, site in enumerate(ordered, 1)}


@define
class Drawing:
    """What the parts of one map share: the report, where each place lies, and the view."""

    report: ReportInput
    at: dict[str, tuple[float, float]]
    view: View
    schematic: bool
    mark: dict[str, list[float]] = field(factory=dict)
    """Where the mark of a site is drawn, in units: near its place, but beside other marks."""

    @classmethod
    def of(cls, report: ReportInput) -> Drawing:
        """Lay out the places of a report; in columns where not all have coordinates."""
        known = places(report.case)
        gates = report.case.gate_corridor
        drawn = bool(known) and all(gate in known for gate in gates)
        at = known if drawn else schematic(report.case)
        points = [np.array(list(at.values()))]
        if drawn:
            points += [w for w in report.ways.values() if len(w)]
        return cls(report, at, View.on(np.vstack(points)), not drawn)

    def xy(self, place: str) -> tuple[float, float]:
        """Where a place lies, in units."""
        x, y = self.view.units(np.array([self.at[place]]))[0]
        return float(x), float(y)

    def course(self, start: str, end: str) -> NDArray[np.float64]:
        """The line from a place to another, in units; nothing where one has no place."""
        way = self.report.ways.get((start, end))
        if way is not None and len(way) and not self.schematic:
            return self.view.units(way)
        if start not in self.at or end not in self.at:
            return np.empty((0, 2))
        return self.view.units(np.array([self.at[start], self.at[end]]))


def draw(report: ReportInput) -> str:
    """The whole map as SVG."""
    drawing = Drawing.of(report)
    height = drawing.view.height
    labels = Labels(WIDTH, height)
    moved = journeys(report.shown.case, report.shown.result.plan)
    flows = streams(moved, drawing.course)
    under = _streets(drawing) + _line(drawing) + _corridors(drawing)
    scale = "" if drawing.schematic else _scale(drawing, labels)
    _keep_off(flows, labels)
    over = _flows(flows) + _sites(drawing, labels) + scale
    body = under + over + _names(drawing, labels)
    named = ", ".join(c.name or c.id for c in report.case.corridors.values())
    what = "Scheme" if drawing.schematic else "Map"
    return p.svg(
        WIDTH,
        height,
        f"{what} of the pause in {report.case.pause.place}",
        f"Sites, the line, the corridors ({named}) and what this plan moves along which way. "
        "The table beneath names every numbered site; the timetable holds the same movements.",
        body,
        ident="map",
    )


def _streets(drawing: Drawing) -> str:
    if drawing.report.streets is None or drawing.schematic:
        return ""
    paths = street_paths(drawing.report.streets, drawing.view)
    return "".join(
        f'<path d="{path}" transform="scale({GRAIN})" class="street r{rank}"/>'
        for rank, path in sorted(paths.items(), reverse=True)
    )


def _path(points: NDArray[np.float64]) -> str:
    first, *rest = [f"{p.number(x)} {p.number(y)}" for x, y in points.tolist()]
    return f"M{first}" + "".join(f"L{point}" for point in rest)


def _line(drawing: Drawing) -> str:
    if drawing.schematic:
        middle = drawing.view.units(np.array([[0.0, 0.5]]))[0][0]
        return p.line(middle, 6, middle, drawing.view.height - 6, "line")
    return "".join(
        f'<path d="{_path(drawing.view.units(part))}" class="line-under"/>'
        f'<path d="{_path(drawing.view.units(part))}" class="line"/>'
        for part in drawing.report.line
        if len(part) > 1
    )


def _corridors(drawing: Drawing) -> str:
    parts = []
    for corridor in drawing.report.case.corridors.values():
        inside = corridor.gate_place(corridor.inside_gate.side)
        outside = corridor.gate_place(corridor.outside_gate.side)
        course = drawing.course(inside, outside)
        if len(course) > 1:
            path = _path(course)
            parts.append(f'<path d="{path}" class="corridor"/><path d="{path}" class="lane"/>')
    return "".join(parts)


def _flows(flows: list[Stream]) -> str:
    most = {kind: max((s.amount for s in flows if s.kind is kind), default=1.0) for kind in Kind}
    parts, arrows = [], []
    drawn: dict[Kind, list[tuple[float, float]]] = {kind: [] for kind in Kind}
    for stream in sorted(flows, key=lambda s: (list(Kind).index(s.kind), -s.amount)):
        if len(stream.points) < 2:
            continue
        width = _width(stream.kind, stream.amount, most)
        inner = _width(Kind.PEOPLE, stream.people, most) if stream.kind is Kind.PATIENTS else 0.0
        moved = beside(stream.points, 1.0 + inner + width / 2)
        path = _path(moved)
        parts.append(f'<path d="{path}" class="casing" stroke-width="{p.number(width + 2)}"/>')
        parts.append(
            f'<path d="{path}" class="flow {stream.kind.value}" stroke-width="{p.number(width)}"/>'
        )
        arrows.append(_arrow(moved, width, stream.kind, drawn[stream.kind]))
    return "".join(parts + arrows)


def _keep_off(flows: list[Stream], labels: Labels) -> None:
    """Keep names off the streams, by boxes at most 16 units apart along them."""
    for stream in flows:
        for start, end in pairwise(stream.points):
            parts = max(1, int(np.hypot(*(end - start)) / 16))
            for x, y in np.linspace(start, end, parts + 1).tolist():
                labels.take(x, y, 12, 12, 1.0)


def _width(kind: Kind, amount: float, most: dict[Kind, float]) -> float:
    return max(NARROWEST[kind], WIDEST[kind] * amount / most[kind]) if amount else 0.0


ARROWS_APART = 46.0
"""Units between two arrows of one kind, so that a bundle of streams stays readable."""


def _arrow(
    points: NDArray[np.float64], width: float, kind: Kind, drawn: list[tuple[float, float]]
) -> str:
    along = np.hypot(*np.diff(points, axis=0).T)
    total = float(along.sum())
    size = 4.5 + width * 0.55
    if total < 3.5 * size:
        return ""
    walked = np.concatenate(([0.0], np.cumsum(along)))
    i = min(int(np.searchsorted(walked, total * 0.55)) - 1, len(along) - 1)
    part = (total * 0.55 - walked[i]) / max(along[i], 1e-9)
    x, y = points[i] + part * (points[i + 1] - points[i])
    if any(np.hypot(x - a, y - b) < ARROWS_APART for a, b in drawn):
        return ""
    drawn.append((float(x), float(y)))
    turn = np.degrees(np.arctan2(*(points[i + 1] - points[i])[::-1]))
    s = p.number(size)
    return (
        f'<path d="M{s} 0L-{s} {s}L-{s}-{s}z" class="arrow {kind.value}" '
        f'transform="translate({p.number(x)} {p.number(y)})rotate({p.number(turn)})"/>'
    )


MARK = 21.0
"""Least distance in units between the middles of two marks, so that both numbers can be read."""


def _apart(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points [n, 2] pushed apart until no two lie closer than MARK, or a hundred times."""
    moved = points + 0.01 * np.column_stack(
        [np.cos(np.arange(len(points)) * 2.4), np.sin(np.arange(len(points)) * 2.4)]
    )
    for _ in range(100):
        gap = moved[:, None] - moved[None]
        far = np.hypot(gap[..., 0], gap[..., 1])
        np.fill_diagonal(far, np.inf)
        push = np.maximum(0.0, MARK / np.maximum(far, 1e-6) - 1) / 2
        if not push.any():
            break
        moved = moved + 0.6 * (gap * push[..., None]).sum(axis=1)
    return moved


def _sites(drawing: Drawing, labels: Labels) -> str:
    parts = []
    numbers = site_numbers(drawing.report)
    sites = [s for s in drawing.report.case.sites.values() if s.id in drawing.at]
    real = np.array([drawing.xy(s.id) for s in sites]).reshape(-1, 2)
    drawing.mark = dict(zip((s.id for s in sites), _apart(real).tolist(), strict=True))
    for site, (from_x, from_y) in zip(sites, real.tolist(), strict=True):
        x, y = drawing.mark[site.id]
        labels.take(x, y, 24, 24)
        if np.hypot(x - from_x, y - from_y) > 5:
            parts.append(p.line(from_x, from_y, x, y, "leader"))
    for site in sites:
        x, y = drawing.mark[site.id]
        parts.append(
            f'<g transform="translate({p.number(x)} {p.number(y)})">'
            f"{symbol(site.kind, str(numbers[site.id]))}</g>"
        )
    for place in drawing.report.case.gate_corridor:
        if place in drawing.at:
            x, y = drawing.xy(place)
            labels.take(x, y, 10, 10)
            parts.append(p.rect(x - 4, y - 4, 8, 8, "gate"))
    return "".join(parts)


def _names(drawing: Drawing, labels: Labels) -> str:
    parts = []
    case = drawing.report.case
    for corridor in case.corridors.values():
        ends = [corridor.gate_place(g.side) for g in (corridor.inside_gate, corridor.outside_gate)]
        if all(end in drawing.at for end in ends):
            (x1, y1), (x2, y2) = (drawing.xy(end) for end in ends)
            name = corridor.name or corridor.id
            parts.append(labels.place((x1 + x2) / 2, (y1 + y2) / 2, name, 15, must=True))
    order: Callable[[str], bool] = lambda s: INSIDE in case.sites[s].sides  # noqa: E731
    for site in sorted((s for s in case.sites if s in drawing.at), key=order, reverse=True):
        x, y = drawing.mark[site]
        name = case.sites[site].name
        if name:
            parts.append(labels.place(x, y, name, 11.5, must=False))
    return "".join(parts)


def _scale(drawing: Drawing, labels: Labels) -> str:
    metres = drawing.view.metres_a_unit
    length = next(
        m
        for m in (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 0)
        if m / metres <= 220
    )
    y = drawing.view.height - 18
    labels.take(20 + length / metres / 2, y - 8, length / metres + 60, 34)
    words = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    return (
        p.line(20, y, 20 + length / metres, y, "scale")
        + p.line(20, y - 5, 20, y + 5, "scale")
        + p.line(20 + length / metres, y - 5, 20 + length / metres, y + 5, "scale")
        + p.text(20, y - 9, f"{words} · north is up", style="halo place")
    )


def legend(report: ReportInput) -> tuple[tuple[str, str], ...]:
    """(picture, words) of each kind of stream, with the amount of the widest."""
    moved = journeys(report.shown.case, report.shown.result.plan)
    most = dict.fromkeys(Kind, 0.0)
    for stream in streams(moved, Drawing.of(report).course):
        most[stream.kind] = max(most[stream.kind], stream.amount)
    words = {
        Kind.PEOPLE: f"people; the widest line: {whole(most[Kind.PEOPLE])}",
        Kind.PATIENTS: f"patients on stretchers; the widest line: {whole(most[Kind.PATIENTS])}",
        Kind.AID: f"aid; the widest line: {tonnes(most[Kind.AID])} t",
    }
    return tuple(
        (
            '<svg class="sample" viewBox="0 0 60 14" width="60" height="14" aria-hidden="true">'
            f'<path d="M4 7H56" class="flow {kind.value}" '
            f'stroke-width="{6 if kind is Kind.PEOPLE else 4}"/></svg>',
            words[kind],
        )
        for kind in Kind
        if most[kind]
    )
