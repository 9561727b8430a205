"""The streets of an extract as vector tiles, from far to near: what a map that moves draws.

One layer, `streets`, with a `rank` by class (1 is a motorway) and a `name` near by. Streets of one
rank and name are joined to long lines and simplified to what can be seen at their zoom. Mapbox
Vector Tile Specification 2.1, github.com/mapbox/vector-tile-spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import mapbox_vector_tile
import numpy as np
import shapely
from attrs import frozen
from numpy.typing import NDArray

from lull.exchange.tile_archive import Bounds, Tile, write_archive
from lull.network.streets import Streets

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Lines = NDArray[np.object_]

LAYER = "streets"
EXTENT = 4096
"""Steps on the side of a tile."""
BESIDE = 64
"""Steps that a tile reaches beyond its edge, so that wide lines do not break there."""
FIRST_ZOOM, LAST_ZOOM = 9, 14
"""From a province on one screen to a step of 60 cm at the equator; nearer, the last is enlarged."""
NAMES_FROM = 13
MOST_TILES = 2_000
"""Of the last zoom; of a larger extract the last zoom is a farther one. Assumed: a country."""
STEPS_SEEN = {LAST_ZOOM: 2.0}
"""What is simplified away, in steps, by zoom."""
STEPS_FAR = 4.0
"""At other zooms: half a pixel of a tile that is drawn 512 pixels wide."""
FARTHEST_LATITUDE = 85.051_128
"""Where the square of the Web Mercator projection ends."""
RANKS = {"motorway": 1, "trunk": 1, "primary": 2, "secondary": 3, "tertiary": 4,
         "unclassified": 5, "residential": 5, "living_street": 5, "road": 5}
OTHERS = 6
"""The rank of service roads, tracks, and ways for people on foot."""
SHOWN_FROM = {1: 9, 2: 9, 3: 11, 4: 12, 5: 13, 6: 14}
"""The zoom from which a rank is drawn."""
ATTRIBUTION = "© OpenStreetMap contributors"

Progress = Callable[[str, float, float], None]
DRAWING = "drawing the streets for the map"


def _silent(_what: str, _done: float, _total: float) -> None:
    """Tell nobody."""


def rank_of(highway: str) -> int:
    """The rank of a class of OpenStreetMap's `highway`, links with what they lead to."""
    return RANKS.get(highway.removesuffix("_link"), OTHERS)


@frozen
class _Drawn:
    """Lines at one zoom, in steps from the north-west of the world, with their ranks and names."""

    lines: Lines
    rank: Ints
    name: Ints


def street_archive(streets: Streets, progress: Progress = _silent) -> bytes:
    """The streets of an extract as one PMTiles archive.

    `progress` is told (what, zooms done, zooms in all). The same streets give the same bytes.
    """
    placed = _placed(streets)
    last = last_zoom_of(placed)
    zooms = range(min(FIRST_ZOOM, last), last + 1)
    made: dict[Tile, bytes] = {}
    for done, zoom in enumerate(zooms):
        progress(DRAWING, done, len(zooms))
        made.update(_tiles(streets, _at(streets, placed, zoom, last), zoom))
    lon, lat = streets.point_lon, streets.point_lat
    bounds = Bounds(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max()))
    return write_archive(made, bounds, {
        "name": LAYER, "attribution": ATTRIBUTION,
        "vector_layers": [{"id": LAYER, "fields": {"rank": "Number", "name": "String"}}]})


def _placed(streets: Streets) -> Floats:
    """The points of the streets on a world that is 1 wide and high, from its north-west [p, 2]."""
    phi = np.radians(np.clip(streets.point_lat, -FARTHEST_LATITUDE, FARTHEST_LATITUDE))
    return np.column_stack([(streets.point_lon + 180) / 360,
                            0.5 - np.arcsinh(np.tan(phi)) / (2 * np.pi)])


def last_zoom_of(placed: Floats) -> int:
    """The nearest zoom at which points on a world that is 1 wide lie in few enough tiles."""
    for zoom in range(LAST_ZOOM, 0, -1):
        if len(np.unique((placed * 2**zoom).astype(np.int64), axis=0)) <= MOST_TILES:
            return zoom
    return 1


def _at(streets: Streets, placed: Floats, zoom: int, last: int) -> _Drawn:
    """The streets that are drawn at a zoom, joined and simplified; at the last one all are."""
    rank = np.array([rank_of(highway) for highway in streets.highways])[streets.highway]
    drawn = [zoom == last or SHOWN_FROM[one] <= zoom for one in range(1, OTHERS + 1)]
    shown = np.array(drawn)[rank - 1]
    owner = np.repeat(np.arange(len(streets)), np.diff(streets.point_start))
    mine = shown[owner]
    number = np.cumsum(shown) - 1
    lines = shapely.linestrings(placed[mine] * 2.0**zoom * EXTENT, indices=number[owner[mine]])
    name = streets.name if zoom >= min(NAMES_FROM, last) else np.zeros_like(streets.name)
    kinds, of = np.unique(np.column_stack([rank, name])[shown], axis=0, return_inverse=True)
    of = of.ravel()
    order = np.argsort(of, kind="stable")
    joined = shapely.line_merge(shapely.multilinestrings(lines[order], indices=of[order]))
    parts, kind = shapely.get_parts(joined, return_index=True)
    parts = shapely.simplify(parts, STEPS_SEEN.get(zoom, STEPS_FAR), preserve_topology=False)
    whole = ~shapely.is_empty(parts)
    rank, name = kinds[kind[whole]].T
    return _Drawn(parts[whole], rank, name)


def _tiles(streets: Streets, drawn: _Drawn, zoom: int) -> Iterator[tuple[Tile, bytes]]:
    """The tiles of a zoom that hold something."""
    if not len(drawn.lines):
        return
    at = np.unique((shapely.get_coordinates(drawn.lines) // EXTENT).astype(np.int64), axis=0)
    (west, north), (east, south) = at.min(axis=0), at.max(axis=0)
    grid = _touched(drawn.lines, west, north, east, south)
    for (x, y), mine in grid:
        box = (x * EXTENT - BESIDE, y * EXTENT - BESIDE,
               (x + 1) * EXTENT + BESIDE, (y + 1) * EXTENT + BESIDE)
        cut = shapely.clip_by_rect(drawn.lines[mine], *box)
        corner = np.array([x * EXTENT, y * EXTENT])
        cut = shapely.transform(cut, partial(_on_steps, corner=corner))
        body = _encoded(streets, _Drawn(cut, drawn.rank[mine], drawn.name[mine]))
        if body:
            yield Tile(zoom, int(x), int(y)), body


def _on_steps(points: Floats, corner: Ints) -> Floats:
    return np.rint(points - corner)


def _touched(lines: Lines, west: int, north: int, east: int, south: int
             ) -> Iterator[tuple[tuple[int, int], Ints]]:
    """Each tile of a part of the grid that lines touch, with the lines, row by row."""
    tree = shapely.STRtree(lines)
    x = np.arange(west, east + 1)
    for y in range(north, south + 1):
        row = np.full_like(x, y)
        boxes = shapely.box(x * EXTENT - BESIDE, row * EXTENT - BESIDE,
                            (x + 1) * EXTENT + BESIDE, (row + 1) * EXTENT + BESIDE)
        column, line = tree.query(boxes, predicate="intersects")
        if not len(line):
            continue
        order = np.lexsort((line, column))
        column, line = column[order], line[order]
        here, start = np.unique(column, return_index=True)
        for one, mine in zip(here, np.split(line, start[1:]), strict=True):
            yield (int(x[one]), y), mine


def _encoded(streets: Streets, drawn: _Drawn) -> bytes:
    """One tile; empty where nothing in it is longer than nothing."""
    parts, of = shapely.get_parts(drawn.lines, return_index=True)
    long_enough = shapely.length(parts) > 0
    parts, of = parts[long_enough], of[long_enough]
    rank, name = drawn.rank[of], drawn.name[of]
    features = []
    for one in np.unique(np.column_stack([rank, name]), axis=0):
        told = {"rank": int(one[0])}
        if one[1]:
            told["name"] = streets.names[one[1]]
        mine = parts[(rank == one[0]) & (name == one[1])]
        features.append({"geometry": shapely.multilinestrings(mine), "properties": told})
    if not features:
        return b""
    made: bytes = mapbox_vector_tile.encode(
        [{"name": LAYER, "features": features}],
        default_options={"y_coord_down": True, "extents": EXTENT})
    return made
