"""The streets under the map, tile by tile, under the rights of who asks.

Whoever may read the folder that they come from sees all of its streets. Others are sent streets
near places that they see anyway, and no others: what a folder covers would tell where somebody
plans. A tile that is not theirs looks like one without a street.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from math import atan, cos, degrees, pi, radians, sinh

from attrs import evolve, frozen
from django.http import HttpRequest, HttpResponse

from lull.exchange.tile_archive import Archive, Bounds, Tile
from lull.store.streets import ground_for
from lull.web.pages.packed import takes_gzip
from lull.web.pages.places import Feature, features
from lull.web.pages.policy import with_policy
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause

VECTOR_TILE = "application/vnd.mapbox-vector-tile"
AROUND_KM = 3.0
"""So far around what they see others are sent streets. Assumed: what finding a place takes."""
AROUND_FROM_ZOOM = 11
"""From this zoom on: a tile of a farther one covers far more than what they see."""
KM_A_DEGREE = 111.32
"""Of latitude, on the mean meridian."""


@frozen
class Shown:
    """The streets that one reader is sent: zooms, a box around all of them; `near` if only some."""

    archive: Archive
    zooms: tuple[int, int]
    bounds: Bounds
    near: tuple[Bounds, ...] | None

    def tile(self, tile: Tile) -> bytes:
        """A tile, gzip-compressed; empty where it has no street, or is not theirs."""
        if not (tile.exists and self.zooms[0] <= tile.zoom <= self.zooms[1]):
            return b""
        if self.near is not None and not any(_meet(bounds_of(tile), one) for one in self.near):
            return b""
        return self.archive.tile(tile)


def shown_to(room: Room) -> Shown | None:
    """The streets that the reader of a room is sent; None where there are none for them."""
    ground = ground_for(room.store, room.seat)
    if ground is None:
        return None
    archive = ground.archive
    if ground.whole:
        return Shown(archive, archive.zooms, archive.bounds, None)
    near = _near(room)
    if not near:
        return None
    first, last = archive.zooms
    return Shown(archive, (min(max(first, AROUND_FROM_ZOOM), last), last), Bounds(
        min(b.west for b in near), min(b.south for b in near),
        max(b.east for b in near), max(b.north for b in near)), near)


def _near(room: Room) -> tuple[Bounds, ...]:
    """Boxes around all that a reader sees, worked out anew when that may have changed."""
    view, who = room.view, room.seat.member
    reader, memo = who.reading_with(room.store), ("near", room.seat.pause, who.member)
    state = (view.generation, view.seq, len(reader.opened))
    found = reader.marks.get(memo)
    if found is None or found[0] != state:
        reader.marks[memo] = found = (state, tuple(around(features(room))))
    boxes: tuple[Bounds, ...] = found[1]
    return boxes


def around(found: Iterable[Feature]) -> Iterator[Bounds]:
    """A box around each place, and around each stretch of a way."""
    for one in found:
        spots = [(spot.longitude_deg, spot.latitude_deg) for spot in one.spots]
        for a, b in zip(spots, spots[1:] if one.is_way else spots, strict=False):
            box = Bounds(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
            north = AROUND_KM / KM_A_DEGREE
            east = north / max(cos(radians(max(abs(box.south), abs(box.north)))), 0.05)
            yield evolve(box, west=box.west - east, south=box.south - north,
                         east=box.east + east, north=box.north + north)


def bounds_of(tile: Tile) -> Bounds:
    """The box of a tile in degrees."""
    size = 1 << tile.zoom
    north, south = (degrees(atan(sinh(pi * (1 - 2 * row / size)))) for row in (tile.y, tile.y + 1))
    return Bounds(tile.x / size * 360 - 180, south, (tile.x + 1) / size * 360 - 180, north)


def _meet(a: Bounds, b: Bounds) -> bool:
    return a.west <= b.east and b.west <= a.east and a.south <= b.north and b.south <= a.north


@in_pause
def chart_tile(visit: Visit, zoom: int, x: int, y: int) -> HttpResponse:
    """One tile of the streets; no content where there is nothing in it for this reader."""
    streets = shown_to(visit.room)
    packed = streets.tile(Tile(zoom, x, y)) if streets else b""
    if not packed:
        return with_policy(HttpResponse(status=204))
    return with_policy(_unpacked_for(visit.request, packed))


def _unpacked_for(request: HttpRequest, packed: bytes) -> HttpResponse:
    """A tile, compressed as it is kept where the browser takes that."""
    if takes_gzip(request):
        answer = HttpResponse(packed, content_type=VECTOR_TILE)
        answer.headers["Content-Encoding"] = "gzip"
        return answer
    return HttpResponse(gzip.decompress(packed), content_type=VECTOR_TILE)
