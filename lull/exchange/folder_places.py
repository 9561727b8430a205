"""What of a pause folder has a place on a map: sites, corridors along their roads, closures.

As plain values, for JSON: a kind, names, a word on what it is, points by name, and lines. Degrees
are WGS-84; a line is a list of [longitude, latitude].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lull.domain.case import Case
from lull.domain.corridor import Corridor
from lull.domain.travel import FOOT
from lull.exchange.build.ground import Ground
from lull.exchange.reading import Reading
from lull.network.closures import Closure
from lull.network.streets import Streets

DIGITS = 5
"""Decimals of a degree: one metre."""
SEEN_DEGREES = 0.00002
"""What is simplified away of a line: two metres."""
Line = list[list[float]]


def folder_places(reading: Reading) -> list[dict[str, Any]]:
    """Everything with a place of a folder without errors, in the order of its files.

    A corridor follows its road where the folder has streets, else the straight line between its
    gates. What has no position is left out.
    """
    case = reading.case
    if case is None:
        return []
    closures = reading.geography.closures if reading.geography else ()
    return [*_corridors(case, reading.ground), *_sites(case), *_closures(closures, reading.ground)]


def _sites(case: Case) -> Iterator[dict[str, Any]]:
    for site in case.sites.values():
        if site.lat is not None and site.lon is not None:
            yield {"kind": "site", "name": site.name or site.id, "name_ar": site.name_ar,
                   "is": site.kind.value, "assumed": bool(site.assumed), "source": site.source,
                   "spots": [_spot(site.name or site.id, site.lat, site.lon)], "lines": []}


def _corridors(case: Case, ground: Ground | None) -> Iterator[dict[str, Any]]:
    profile = next(iter(case.fleet), FOOT)
    for corridor in case.corridors.values():
        gates = (corridor.inside_gate, corridor.outside_gate)
        spots = [_spot(gate.name or f"{corridor.name} ({gate.side})", gate.lat, gate.lon)
                 for gate in gates if gate.lat is not None and gate.lon is not None]
        way = _way(corridor, profile, ground) if ground else []
        straight = [spot[1:][::-1] for spot in spots]
        yield {"kind": "corridor", "name": corridor.name or corridor.id,
               "name_ar": corridor.name_ar, "is": "", "assumed": bool(corridor.assumed),
               "source": corridor.source, "users": sorted(user.value for user in corridor.users),
               "spots": spots, "lines": [way or straight] if len(spots) > 1 else []}


def _way(corridor: Corridor, profile: str, ground: Ground) -> Line:
    """The road between the gates, whichever way it can be driven; empty where there is none."""
    ends = (corridor.gate_place(corridor.inside_gate.side),
            corridor.gate_place(corridor.outside_gate.side))
    for start, end in (ends, ends[::-1]):
        found = ground.network.route(profile, start, end)
        if found is not None and len(found.lat) > 1:
            return _line(shapely.LineString(np.column_stack([found.lon, found.lat])))
    return []


def _closures(closures: Iterable[Closure], ground: Ground | None) -> Iterator[dict[str, Any]]:
    for closure in closures:
        shapes = [closure.geometry] if closure.geometry is not None else []
        if closure.way_ids and ground:
            shapes += _streets_of(closure.way_ids, ground.streets)
        shapes = [shape for shape in shapes if not shape.is_empty]
        if shapes:
            middle = _middle(shapes[0])
            yield {"kind": "closure", "name": closure.id, "name_ar": "", "is": str(closure.kind),
                   "assumed": False, "source": ", ".join(filter(None, (closure.source,
                                                                       closure.time))),
                   "spots": [_spot(closure.id, middle.y, middle.x)],
                   "lines": [line for shape in shapes for line in _lines(shape)]}


def _streets_of(way_ids: tuple[int, ...], streets: Streets) -> list[BaseGeometry]:
    """The lines of the streets of some ways of the extract."""
    found: list[BaseGeometry] = []
    for at in np.flatnonzero(np.isin(streets.way_id, way_ids)):
        part = slice(streets.point_start[at], streets.point_start[at + 1])
        found.append(shapely.LineString(np.column_stack([streets.point_lon[part],
                                                         streets.point_lat[part]])))
    return found


def _middle(shape: BaseGeometry) -> Any:
    """A point on a shape, near its middle."""
    if shape.geom_type == "LineString":
        return shape.interpolate(0.5, normalized=True)
    return shape.representative_point()


def _lines(shape: BaseGeometry) -> Iterator[Line]:
    """The lines of a shape, or the edges of its areas; none of a point."""
    for part in shapely.get_parts(shape):
        edge = part.boundary if part.geom_type == "Polygon" else part
        for one in shapely.get_parts(edge):
            if one.geom_type in ("LineString", "LinearRing"):
                yield _line(one)


def _line(shape: BaseGeometry) -> Line:
    simple = shapely.get_coordinates(shape.simplify(SEEN_DEGREES))
    return [[round(float(lon), DIGITS), round(float(lat), DIGITS)] for lon, lat in simple]


def _spot(name: str, lat: float, lon: float) -> list[Any]:
    return [name, round(float(lat), DIGITS), round(float(lon), DIGITS)]
