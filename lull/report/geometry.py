"""From degrees to the units of a picture, and streets to short SVG paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from attrs import frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.place import INSIDE
from lull.report.model import Polyline, StreetLines

WIDTH = 1000.0
"""Width of a map in units of the picture."""

GRAIN = 0.5
"""What a coordinate is rounded to, in units: 10 m on a map 20 km wide, less than a line's width."""

TOLERANCE = 1.2
"""How far a simplified street may leave its course, in grains."""

EARTH_M = 111_195.0
"""Metres a degree of latitude on a sphere of 6,371 km (mean radius, IUGG 1980)."""


@frozen
class View:
    """A part of the earth on paper: equirectangular about its own middle latitude."""

    west: float
    north: float
    units_a_degree: float
    narrowing: float
    height: float

    @classmethod
    def on(cls, points: Polyline, margin: float = 0.07) -> View:
        """The view that holds all points [n, 2] (latitude, longitude) with a margin."""
        south, west = points.min(axis=0)
        north, east = points.max(axis=0)
        narrowing = float(np.cos(np.radians((south + north) / 2)))
        wide = max((east - west) * narrowing, 0.004)
        high = max(north - south, 0.004, 0.45 * wide)
        wide = max(wide, high / 1.15)
        middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
        wide, high = wide * (1 + 2 * margin), high * (1 + 2 * margin)
        return cls(
            float(middle_lon - wide / narrowing / 2),
            float(middle_lat + high / 2),
            WIDTH / wide,
            narrowing,
            WIDTH * high / wide,
        )

    def units(self, points: Polyline) -> NDArray[np.float64]:
        """Points [n, 2] (latitude, longitude) as x, y in units."""
        x = (points[:, 1] - self.west) * self.narrowing * self.units_a_degree
        y = (self.north - points[:, 0]) * self.units_a_degree
        return np.column_stack([x, y])

    @property
    def metres_a_unit(self) -> float:
        """How many metres one unit is."""
        return EARTH_M / self.units_a_degree


def relative_path(lines: Iterable[NDArray[np.int64]]) -> str:
    """One SVG path of several lines of whole numbers, in relative coordinates."""
    parts: list[str] = []
    at_x = at_y = 0
    for points in lines:
        first = True
        for x, y in points.tolist():
            dx, dy = x - at_x, y - at_y
            if first:
                parts.append(f"m{dx} {dy}" if dy >= 0 else f"m{dx}{dy}")
                first = False
            elif dx == 0 and dy == 0:
                continue
            else:
                # After a moveto, further pairs are linetos, so the letter is left out once only.
                parts.append(f"l{dx} {dy}" if dy >= 0 else f"l{dx}{dy}")
            at_x, at_y = x, y
    return "".join(parts)


def street_paths(streets: StreetLines, view: View) -> dict[int, str]:
    """Rank to one path of all streets of that rank in the view, in grains."""
    units = view.units(streets.points) / GRAIN
    result: dict[int, str] = {}
    counts = np.diff(streets.starts)
    of_street = np.repeat(np.arange(len(counts)), counts)
    for rank in sorted(set(streets.ranks.tolist())):
        chosen = (streets.ranks == rank) & (counts >= 2)
        mask = chosen[of_street]
        if not mask.any():
            continue
        lines = shapely.linestrings(np.round(units[mask]), indices=_dense(of_street[mask]))
        inside = shapely.intersects(lines, shapely.box(0, 0, WIDTH / GRAIN, view.height / GRAIN))
        result[rank] = _path(lines[inside])
    return result


def _dense(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(labels, return_inverse=True)[1]


def _path(lines: NDArray[np.object_]) -> str:
    if not len(lines):
        return ""
    merged = shapely.line_merge(shapely.multilinestrings(list(lines)))
    parts = shapely.simplify(shapely.get_parts(merged), TOLERANCE, preserve_topology=False)
    parts = parts[shapely.length(parts) >= 2]
    coordinates, index = shapely.get_coordinates(parts, return_index=True)
    whole = np.round(coordinates).astype(np.int64)
    cuts = np.flatnonzero(np.diff(index)) + 1
    return relative_path(np.split(whole, cuts)) if len(whole) else ""


def beside(points: NDArray[np.float64], by: float) -> NDArray[np.float64]:
    """A line [n, 2] moved to its right by some units, on paper whose y runs down."""
    if len(points) < 2 or by == 0:
        return points
    along = np.diff(points, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])
    length[length == 0] = 1
    normal = np.column_stack([-along[:, 1], along[:, 0]]) / length[:, None]
    at = np.vstack([normal[:1], normal[:-1] + normal[1:], normal[-1:]])
    size = np.maximum(np.hypot(at[:, 0], at[:, 1]), 0.7)[:, None]
    return points + by * at / size


def places(case: Case) -> dict[str, tuple[float, float]]:
    """Place id to (latitude, longitude) of all sites and gates that have both."""
    found = {}
    for site in case.sites.values():
        if site.lat is not None and site.lon is not None:
            found[site.id] = (site.lat, site.lon)
    for corridor in case.corridors.values():
        for gate in (corridor.inside_gate, corridor.outside_gate):
            if gate.lat is not None and gate.lon is not None:
                found[corridor.gate_place(gate.side)] = (gate.lat, gate.lon)
    return found


def schematic(case: Case) -> dict[str, tuple[float, float]]:
    """Places in columns where coordinates are missing: inside, gates, outside.

    In degrees, so that the same drawing serves; the distances mean nothing.
    """
    columns: dict[float, list[str]] = {0.0: [], 0.4: [], 0.6: [], 1.0: []}
    for site in case.sites.values():
        columns[0.0 if INSIDE in site.sides else 1.0].append(site.id)
    for corridor in case.corridors.values():
        columns[0.4].append(corridor.gate_place(corridor.inside_gate.side))
        columns[0.6].append(corridor.gate_place(corridor.outside_gate.side))
    return _spread(columns)


def _spread(columns: Mapping[float, list[str]]) -> dict[str, tuple[float, float]]:
    most = max(len(names) for names in columns.values())
    high = max(0.5, 0.08 * most)
    return {
        name: (high * (1 - (i + 0.5) / len(names)), x)
        for x, names in columns.items()
        for i, name in enumerate(names)
    }
