"""The streets of the Aleppo samples as one needs them to place a gate or a site on a street."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from aleppo_places import Wrong, to_metres
from attrs import define
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MAIN_STREETS = frozenset({"trunk", "primary", "secondary", "tertiary"})
MOST_MOVED_M = 400.0
"""A place further than this from the street that was found for it is refused."""


@define(frozen=True, eq=False)
class Ground:
    """Street junctions in degrees and metres, with the side that each can be reached on.

    `side` is 1 for junctions in the largest mutually reachable part inside the line, 0 for that
    outside, -1 for all others. `main` says that a main street passes.
    """

    degrees: NDArray[np.float64]
    metres: NDArray[np.float64]
    side: NDArray[np.int8]
    main: NDArray[np.bool_]
    line: Any

    def nearest(self, lat: float, lon: float, inside: bool, main: bool = False,
                at_least_from_line: float = 30.0) -> tuple[float, float]:
        """Latitude and longitude of the nearest fitting junction; raises Wrong if it is far."""
        here = to_metres(shapely.Point(lon, lat))
        away = np.hypot(self.metres[:, 0] - here.x, self.metres[:, 1] - here.y)
        fits = self.side == (1 if inside else 0)
        if main:
            fits &= self.main
        rim = to_metres(self.line).exterior
        for i in np.argsort(np.where(fits, away, np.inf), kind="stable"):
            if away[i] > MOST_MOVED_M or not fits[i]:
                break
            if rim.distance(shapely.Point(self.metres[i])) >= at_least_from_line:
                return float(self.degrees[i, 1]), float(self.degrees[i, 0])
        where = "inside" if inside else "outside"
        raise Wrong(f"No street {where} the line within {MOST_MOVED_M:.0f} m of {lat}, {lon}.")


def read_ground(roads: Path, line: Any) -> Ground:
    """Read the streets and cut them at the line (a polygon in degrees)."""
    places: dict[int, tuple[float, float]] = {}
    main: set[int] = set()
    starts: list[int] = []
    ends: list[int] = []
    for way in osmium.FileProcessor(str(roads), osmium.osm.WAY | osmium.osm.NODE).with_locations():
        if not way.is_way() or way.tags.get("highway") == "pedestrian":
            continue
        nodes = [(n.ref, (n.location.lon, n.location.lat)) for n in way.nodes]
        places.update(nodes)
        if way.tags["highway"] in MAIN_STREETS:
            main.update(ref for ref, _ in nodes)
        pairs = list(zip(nodes, nodes[1:], strict=False))
        both = way.tags.get("oneway") != "yes" and way.tags["highway"] != "motorway" \
            and way.tags.get("junction") != "roundabout"
        starts += [a[0] for a, _ in pairs] + ([b[0] for _, b in pairs] if both else [])
        ends += [b[0] for _, b in pairs] + ([a[0] for a, _ in pairs] if both else [])
    ids = np.array(sorted(places))
    degrees = np.array([places[i] for i in ids])
    metres = shapely.get_coordinates(to_metres(shapely.points(degrees)))
    u, v = np.searchsorted(ids, starts), np.searchsorted(ids, ends)
    inside = shapely.contains_xy(line, degrees[:, 0], degrees[:, 1])
    segments = shapely.linestrings(np.stack([degrees[u], degrees[v]], axis=1))
    kept = ~shapely.intersects(segments, line.exterior)
    n = len(ids)
    graph = coo_matrix((np.ones(kept.sum()), (u[kept], v[kept])), shape=(n, n)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    side = np.full(n, -1, dtype=np.int8)
    for value, mask in ((1, inside), (0, ~inside)):
        largest = np.bincount(label[mask]).argmax()
        side[mask & (label == largest)] = value
    return Ground(degrees, metres, side, np.isin(ids, list(main)), line)
