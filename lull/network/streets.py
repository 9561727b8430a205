"""Streets between junctions, as arrays: the graph that everything else is computed on."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely
from attrs import define
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from lull.network.access import HEAVY, MOTOR_BACKWARD, MOTOR_FORWARD, ON_FOOT
from lull.network.geodesy import distance_m, to_plane

if TYPE_CHECKING:
    from lull.network.profiles import Profile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class StreetsError(ValueError):
    """A file of streets could not be read; the message is a sentence to act on."""


@define(frozen=True, eq=False)
class Streets:
    """Streets of an extract, cut at junctions.

    n junctions: `node_id` (OpenStreetMap), `node_lon`, `node_lat` (degrees).
    s streets from junction `start` to junction `end` (indices of junctions), in the direction
    in which their way was drawn: `way_id`, `highway` (index of `highways`), `name` (index of
    `names`; 0 is no name), `length_m`, `bits` (permits, see `access`), `max_height_m` and
    `max_weight_t` (NaN: no limit). The line of street i is points `point_start[i]` up to
    `point_start[i + 1]` of `point_lon`, `point_lat`.
    Street i gives two directed edges: 2 i along it and 2 i + 1 against it.
    `notes` are sentences on what the reader had to leave out.
    """

    node_id: Ints
    node_lon: Floats
    node_lat: Floats
    start: Ints
    end: Ints
    way_id: Ints
    highway: Ints
    name: Ints
    length_m: Floats
    bits: NDArray[np.uint8]
    max_height_m: Floats
    max_weight_t: Floats
    point_start: Ints
    point_lon: Floats
    point_lat: Floats
    highways: tuple[str, ...]
    names: tuple[str, ...]
    source: str = ""
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of streets."""
        return len(self.start)

    @property
    def junctions(self) -> int:
        """The number of junctions."""
        return len(self.node_id)

    @cached_property
    def edge_from(self) -> Ints:
        """Junction at which each directed edge begins [2 s]."""
        return np.column_stack([self.start, self.end]).ravel()

    @cached_property
    def edge_to(self) -> Ints:
        """Junction at which each directed edge ends [2 s]."""
        return np.column_stack([self.end, self.start]).ravel()

    @cached_property
    def plane_lines(self) -> NDArray[np.object_]:
        """The streets as shapely lines on the plane of `geodesy.to_plane` [s]."""
        plane = to_plane(self.point_lon, self.point_lat)
        owner = np.repeat(np.arange(len(self)), np.diff(self.point_start))
        return np.asarray(shapely.linestrings(plane, indices=owner), dtype=np.object_)

    def line(self, street: int) -> tuple[Floats, Floats]:
        """Longitudes and latitudes, in degrees, of a street's line in the drawn direction."""
        part = slice(int(self.point_start[street]), int(self.point_start[street + 1]))
        return self.point_lon[part], self.point_lat[part]

    def part(self, street: int, start: float, to: float) -> tuple[Floats, Floats]:
        """Points, in degrees, of a street's line between two shares of its length, start <= to."""
        lon, lat = self.line(street)
        run = np.concatenate([[0.0], np.cumsum(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]))])
        ends = np.array([start, to]) * run[-1]
        inner = (run > ends[0]) & (run < ends[1])
        at = np.concatenate([ends[:1], run[inner], ends[1:]])
        return np.interp(at, run, lon), np.interp(at, run, lat)

    def open_to(self, profile: Profile) -> Bools:
        """Which directed edges [2 s] the tags open to a profile."""
        if profile.on_foot:
            return np.repeat((self.bits & ON_FOOT) > 0, 2)
        usable = np.column_stack(
            [(self.bits & MOTOR_FORWARD) > 0, (self.bits & MOTOR_BACKWARD) > 0]
        )
        if profile.heavy:
            usable &= ((self.bits & HEAVY) > 0)[:, None]
        if profile.height_m is not None:
            usable &= ~(self.max_height_m < profile.height_m)[:, None]
        if profile.weight_t is not None:
            usable &= ~(self.max_weight_t < profile.weight_t)[:, None]
        return np.asarray(usable.ravel(), dtype=np.bool_)

    def components(self, usable: Bools) -> Ints:
        """The strongly connected part of each junction [n] over usable edges [2 s]."""
        rows, columns = self.edge_from[usable], self.edge_to[usable]
        graph = csr_array(
            (np.ones(len(rows), dtype=np.int8), (rows, columns)),
            shape=(self.junctions, self.junctions),
        )
        _, label = connected_components(graph, directed=True, connection="strong")
        return np.asarray(label, dtype=np.int64)

    def main_share(self, usable: Bools) -> float:
        """Share of the junctions on usable edges that lie in the largest connected part."""
        used = np.zeros(self.junctions, dtype=np.bool_)
        used[self.edge_from[usable]] = True
        used[self.edge_to[usable]] = True
        if not used.any():
            return 0.0
        sizes = np.bincount(self.components(usable)[used])
        return float(sizes.max() / used.sum())
