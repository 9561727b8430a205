"""Small extracts, written to order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import osmium

Point = tuple[float, float]
Way = tuple[list[int], Mapping[str, str]]

LON, LAT = 37.0, 36.0
STEP = 0.01
"""Degrees between neighbours of the test grids: 901.5 m eastward, 1,109.7 m northward."""


def write_pbf(path: Path, nodes: Mapping[int, Point], ways: Iterable[Way]) -> Path:
    """An extract of nodes (longitude, latitude) and ways (nodes, tags), numbered from 1."""
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for number, place in sorted(nodes.items()):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place))
        for number, (refs, tags) in enumerate(ways, start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=dict(tags)))
    return path


def grid(columns: int, rows: int) -> dict[int, Point]:
    """Nodes on a grid; node 10 * row + column + 11 lies `column` steps east and `row` north."""
    return {
        10 * row + column + 11: (round(LON + STEP * column, 7), round(LAT + STEP * row, 7))
        for row in range(rows)
        for column in range(columns)
    }
