"""The streets of the Aleppo samples as one needs them to place a gate or a site on a street."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from aleppo_places import Wrong, to_metres
from attrs import define
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

MAIN_STREETS = frozenset({"trunk", "primary", "secondary", "tertiary"})
MOST_MOVED_M = 400.0
"""A place further than this from the street that was found for it is refused."""
GATE_WITHIN_M = 250.0
"""Gates are looked for this near to the point where the inputs look for them."""
LEAST_OFF_LINE_M = 30.0

Indices = NDArray[np.intp]


@define(frozen=True, eq=False)
class Ground:
    """Street junctions in degrees and metres, with the side that each can be reached on.

    `side` is 1 for junctions in the largest mutually reachable part inside the line, 0 for that
    outside, -1 for all others. `main` says that a main street passes. `whole` holds the lengths
    of all streets in metres, `cut` of those that do not cross the line.
    """

    degrees: NDArray[np.float64]
    metres: NDArray[np.float64]
    side: NDArray[np.int8]
    main: NDArray[np.bool_]
    whole: Any
    cut: Any
    line: Any

    def near(self, lat: float, lon: float, inside: bool, main: bool, within_m: float) -> Indices:
        """Fitting junctions off the line, nearest first; raises Wrong if there is none."""
        here = to_metres(shapely.Point(lon, lat))
        away = np.hypot(self.metres[:, 0] - here.x, self.metres[:, 1] - here.y)
        fits = (self.side == (1 if inside else 0)) & (away <= within_m) & (self.main | (not main))
        found = np.flatnonzero(fits)
        rim = to_metres(self.line).exterior
        found = found[shapely.distance(rim, shapely.points(self.metres[found])) >= LEAST_OFF_LINE_M]
        if not found.size:
            where = "inside" if inside else "outside"
            raise Wrong(f"No street {where} the line within {within_m:.0f} m of {lat}, {lon}.")
        return found[np.argsort(away[found], kind="stable")]

    def at(self, junction: int) -> tuple[float, float]:
        """Latitude and longitude of a junction."""
        return float(self.degrees[junction, 1]), float(self.degrees[junction, 0])

    def nearest(
        self, lat: float, lon: float, inside: bool, main: bool = False
    ) -> tuple[float, float]:
        """Latitude and longitude of the nearest fitting junction; raises Wrong if it is far."""
        return self.at(self.near(lat, lon, inside, main, MOST_MOVED_M)[0])

    def gates(
        self, inside: tuple[float, float], outside: tuple[float, float], base: tuple[float, float]
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        """The two junctions of main streets near two points that join best.

        Best is the shortest sum of the ways out and in between them, and of the ways from the
        base to the outer one and back without crossing the line: a dual carriageway offers
        junctions that lead nowhere but away.
        """
        inner = self.near(*inside, inside=True, main=True, within_m=GATE_WITHIN_M)
        outer = self.near(*outside, inside=False, main=True, within_m=GATE_WITHIN_M)
        home = self.near(*base, inside=False, main=False, within_m=MOST_MOVED_M)[0]
        out = dijkstra(self.whole, indices=inner)[:, outer]
        back = dijkstra(self.whole, indices=outer)[:, inner].T
        to_base = dijkstra(self.cut.T, indices=home)[outer]
        from_base = dijkstra(self.cut, indices=home)[outer]
        total = out + back + to_base + from_base
        i, o = np.unravel_index(np.argmin(total), total.shape)
        return self.at(inner[i]), self.at(outer[o])


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
        pairs = list(pairwise(nodes))
        both = (
            way.tags.get("oneway") != "yes"
            and way.tags["highway"] != "motorway"
            and way.tags.get("junction") != "roundabout"
        )
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
    length = np.hypot(*(metres[u] - metres[v]).T)
    whole = coo_matrix((length, (u, v)), shape=(n, n)).tocsr()
    cut = coo_matrix((length[kept], (u[kept], v[kept])), shape=(n, n)).tocsr()
    _, label = connected_components(cut, directed=True, connection="strong")
    side = np.full(n, -1, dtype=np.int8)
    for value, mask in ((1, inside), (0, ~inside)):
        largest = np.bincount(label[mask]).argmax()
        side[mask & (label == largest)] = value
    return Ground(degrees, metres, side, np.isin(ids, list(main)), whole, cut, line)
