"""Tiles of a map in one file: PMTiles (version 3), written and read in memory.

The tiles are gzip-compressed Mapbox vector tiles. Nothing goes through a temporary file, where it
would lie in clear. PMTiles specification, github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen
from pmtiles.reader import MemorySource, Reader, all_tiles
from pmtiles.tile import Compression, Entry, TileType, zxy_to_tileid
from pmtiles.writer import finalize_header

from lull.domain.refusal import Refusal

FARTHEST_IN = 26
"""The greatest zoom: tiles of half a metre. Assumed; the format has room for more."""
E7 = 10_000_000
"""Degrees stand in the header as whole ten-millionths."""


@frozen
class Tile:
    """Which tile of the Web Mercator grid: zoom, column from the west, row from the north."""

    zoom: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        """Whether the grid has such a tile."""
        return 0 <= self.zoom <= FARTHEST_IN and max(self.x, self.y) < 1 << self.zoom and (
            min(self.x, self.y) >= 0)


@frozen
class Bounds:
    """A box in degrees (WGS-84)."""

    west: float
    south: float
    east: float
    north: float


def write_archive(tiles: Mapping[Tile, bytes], bounds: Bounds,
                  metadata: Mapping[str, Any]) -> bytes:
    """Uncompressed vector tiles as one PMTiles archive; the same tiles give the same bytes.

    Tiles of the same content are kept once. Raises Refusal without a tile.
    """
    if not tiles:
        raise Refusal("A map needs at least one tile.")
    entries: list[Entry] = []
    kept: dict[bytes, int] = {}
    body = bytearray()
    for number, tile in sorted((zxy_to_tileid(t.zoom, t.x, t.y), t) for t in tiles):
        packed = gzip.compress(tiles[tile], mtime=0)
        if packed not in kept:
            kept[packed] = len(body)
            body += packed
        entries.append(Entry(number, kept[packed], len(packed), 1))
    zooms = sorted({tile.zoom for tile in tiles})
    header = {
        "tile_type": TileType.MVT, "tile_compression": Compression.GZIP,
        "min_lon_e7": round(bounds.west * E7), "min_lat_e7": round(bounds.south * E7),
        "max_lon_e7": round(bounds.east * E7), "max_lat_e7": round(bounds.north * E7),
        "center_zoom": zooms[0], "center_lon_e7": round((bounds.west + bounds.east) / 2 * E7),
        "center_lat_e7": round((bounds.south + bounds.north) / 2 * E7),
    }  # fmt: skip
    head = finalize_header(header, len(entries), entries, len(kept), dict(metadata), True,
                           len(body))
    return b"".join((*head, body))


@frozen(eq=False)
class Archive:
    """A PMTiles archive in memory: its tiles as they are kept, gzip-compressed, by place.

    `zooms` are the least and the greatest.
    """

    bounds: Bounds
    zooms: tuple[int, int]
    tiles: Mapping[Tile, bytes] = field(repr=False)

    def tile(self, tile: Tile) -> bytes:
        """One tile, gzip-compressed; empty where there is none."""
        return self.tiles.get(tile, b"")


def read_archive(raw: bytes) -> Archive:
    """The archive in bytes. Raises Refusal where they are none, or one that was cut short."""
    try:
        source = MemorySource(raw)
        header = Reader(source).header()
        found = {Tile(*place): bytes(body) for place, body in all_tiles(source)}
        west, south, east, north = (header[f"{end}_{of}_e7"] / E7 for end in ("min", "max")
                                    for of in ("lon", "lat"))
        return Archive(Bounds(west, south, east, north), (header["min_zoom"], header["max_zoom"]),
                       found)
    except Exception as wrong:
        raise Refusal("These are no tiles of a map: a whole PMTiles archive (version 3) is "
                      "expected.") from wrong
