"""Reads streets from an OpenStreetMap extract (.osm.pbf)."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike, fspath

import numpy as np
import osmium
from attrs import define, field

from lull.network.access import BLOCKING_BARRIERS, USABLE_CLASSES, Permits, permits
from lull.network.geodesy import distance_m
from lull.network.streets import Bools, Floats, Ints, Streets, StreetsError


@define
class _Ways:
    """What is collected from a file: per way its tags, per node reference its place."""

    way_id: list[int] = field(factory=list)
    highway: list[str] = field(factory=list)
    name: list[str] = field(factory=list)
    permits: list[Permits] = field(factory=list)
    size: list[int] = field(factory=list)
    ref: list[int] = field(factory=list)
    lon: list[float] = field(factory=list)
    lat: list[float] = field(factory=list)
    clipped: int = 0
    barriers: set[int] = field(factory=set)

    def notes(self) -> tuple[str, ...]:
        """Sentences on what is left out."""
        found = []
        if self.clipped:
            found.append(f"{self.clipped} ways reach beyond the extract and are cut at its edge.")
        if standing := len(self.barriers.intersection(self.ref)):
            found.append(
                f"{standing} barriers (bollards, blocks, debris and the like) stand on streets and "
                "do not stop vehicles here; close those streets that they block."
            )
        return tuple(found)


def read_streets(source: str | PathLike[str] | bytes) -> Streets:
    """Read the streets of an .osm.pbf file, or of its bytes.

    Ways whose `highway` class and access tags open them to anyone are kept, and cut where they
    meet. Nodes that the extract does not hold are left out, and counted in the notes, as are
    barriers on nodes, which do not close a street by themselves. Turn restrictions are not read.
    Raises StreetsError, a sentence, for a file that is absent, empty, damaged, cut short, of
    another format, or without a street. (A file cut short exactly between two blocks cannot be
    told from a smaller one; who has its checksum compares it first.)
    """
    opened: osmium.io.FileBuffer | osmium.io.File
    if isinstance(source, bytes):
        label, opened = "The extract", osmium.io.FileBuffer(source, "pbf")
        if not source:
            raise StreetsError("The extract is empty; an .osm.pbf file is expected.")
    else:
        label, opened = fspath(source), osmium.io.File(fspath(source), "pbf")
    ways = _Ways()
    try:
        _collect(opened, ways)
    except (RuntimeError, ValueError, OSError, OverflowError, MemoryError) as error:
        raise StreetsError(
            f"{label} cannot be read as an .osm.pbf file of streets ({error}); "
            "it may be damaged, cut short or of another format."
        ) from error
    if not ways.way_id:
        lost = (
            f" {ways.clipped} ways refer to nodes that it does not hold (in a sorted extract, "
            "nodes stand before ways)."
            if ways.clipped
            else ""
        )
        raise StreetsError(f"{label} holds no street that anyone may use.{lost}")
    return _cut_at_junctions(ways, label)


def _collect(opened: osmium.io.FileBuffer | osmium.io.File, ways: _Ways) -> None:
    """Read all usable ways with the places of their nodes."""
    reader = osmium.FileProcessor(opened).with_locations()
    for way in reader.with_filter(osmium.filter.KeyFilter("highway", "barrier")):
        if isinstance(way, osmium.osm.Node) and way.tags.get("barrier") in BLOCKING_BARRIERS:
            ways.barriers.add(way.id)
        if not isinstance(way, osmium.osm.Way):
            continue
        highway = way.tags.get("highway")
        if highway not in USABLE_CLASSES:
            continue
        tags = {tag.k: tag.v for tag in way.tags}
        found = permits(tags)
        if not found.bits:
            continue
        ways.clipped += not all(node.location.valid() for node in way.nodes)
        for piece in _known_stretches(way):
            if len(piece) < 2:
                continue
            ways.way_id.append(way.id)
            ways.highway.append(highway)
            ways.name.append(tags.get("name", tags.get("ref", "")))
            ways.permits.append(found)
            ways.size.append(len(piece))
            for ref, lon, lat in piece:
                ways.ref.append(ref)
                ways.lon.append(lon)
                ways.lat.append(lat)


def _known_stretches(way: osmium.osm.Way) -> Iterator[list[tuple[int, float, float]]]:
    """Stretches of a way whose nodes the extract holds, without a node twice in a row."""
    stretch: list[tuple[int, float, float]] = []
    for node in way.nodes:
        place = node.location
        if not place.valid():
            yield stretch
            stretch = []
        elif not stretch or stretch[-1][0] != node.ref:
            stretch.append((node.ref, place.lon, place.lat))
    yield stretch


def _cut_at_junctions(ways: _Ways, label: str) -> Streets:
    """Cut ways at every node that is an end or is passed more than once."""
    size = np.array(ways.size)
    ref = np.array(ways.ref, dtype=np.int64)
    lon, lat = np.array(ways.lon), np.array(ways.lat)
    last = np.cumsum(size) - 1
    first = last - size + 1
    known, index, passes = np.unique(ref, return_inverse=True, return_counts=True)
    junction = passes > 1
    junction[index[first]] = True
    junction[index[last]] = True
    cut = junction[index]
    begins = np.flatnonzero(cut & ~_mask(len(ref), last))
    following = np.flatnonzero(cut & ~_mask(len(ref), first))
    way = np.searchsorted(last, begins)
    counts = following - begins + 1
    points = np.repeat(begins - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    point_start = np.concatenate([[0], np.cumsum(counts)])
    number = np.cumsum(junction) - 1
    node_lon, node_lat = np.empty(len(known)), np.empty(len(known))
    node_lon[index], node_lat[index] = lon, lat
    highways = tuple(sorted(set(ways.highway)))
    names = ("", *sorted(set(ways.name) - {""}))
    highway_index = {name: i for i, name in enumerate(highways)}
    name_index = {name: i for i, name in enumerate(names)}
    return Streets(
        node_id=known[junction],
        node_lon=node_lon[junction],
        node_lat=node_lat[junction],
        start=number[index[begins]],
        end=number[index[following]],
        way_id=np.array(ways.way_id, dtype=np.int64)[way],
        highway=np.array([highway_index[name] for name in ways.highway])[way],
        name=np.array([name_index[name] for name in ways.name])[way],
        length_m=_lengths_m(lon[points], lat[points], point_start),
        bits=np.array([p.bits for p in ways.permits], dtype=np.uint8)[way],
        max_height_m=np.array([p.max_height_m for p in ways.permits])[way],
        max_weight_t=np.array([p.max_weight_t for p in ways.permits])[way],
        point_start=point_start,
        point_lon=lon[points],
        point_lat=lat[points],
        highways=highways,
        names=names,
        source=label,
        notes=ways.notes(),
    )


def _mask(size: int, positions: Ints) -> Bools:
    mask = np.zeros(size, dtype=np.bool_)
    mask[positions] = True
    return mask


def _lengths_m(lon: Floats, lat: Floats, point_start: Ints) -> Floats:
    """Metres of each line; two points at one place still count a centimetre."""
    steps = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps[point_start[1:-1] - 1] = 0.0
    total = np.add.reduceat(steps, point_start[:-1])
    return np.maximum(total, 0.01)
