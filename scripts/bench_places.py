"""Made-up places on the real streets of Aleppo: a line, junctions, corridors across the line."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from aleppo_ground import Ground, Indices, read_ground
from aleppo_places import Wrong, to_degrees, to_metres
from attrs import frozen
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

CENTRE = (37.150, 36.205)
"""Longitude and latitude about which the made-up lines lie."""
JITTER_M = 700.0
CORNERS = 48
OFF_LINE_M = 60.0
GATE_WITHIN_M = 300.0
DETOUR_FACTOR, DETOUR_M = 1.3, 150.0
"""A crossing longer than this many times the straight way, and this much more, is no crossing."""


@frozen(eq=False)
class Terrain:
    """The streets cut at a made-up line, and the junctions that lie off it, in metres."""

    ground: Ground
    line: Any
    junctions: NDArray[np.bool_]
    centre: NDArray[np.float64]

    def candidates(self, *, inside: bool, main: bool = False, within_m: float = 1e9) -> Indices:
        """Junctions on a side, of main streets if asked, at most so far from the centre."""
        away = np.hypot(*(self.ground.metres - self.centre).T)
        fits = self.junctions & (self.ground.side == (1 if inside else 0)) & (away <= within_m)
        return np.flatnonzero(fits & (self.ground.main | (not main)))


def terrain(roads: Path, radius_m: float, seed: int) -> Terrain:
    """Streets with a made-up closed line of about a radius; the same seed gives the same line."""
    rng = random.Random(seed)
    middle = to_metres(shapely.Point(CENTRE))
    east, north = (JITTER_M * (2 * rng.random() - 1) for _ in range(2))
    centre = np.array([middle.x + east, middle.y + north])
    waves = [(k, rng.random() * math.tau, 0.07) for k in (2, 3, 5)]
    corners = []
    for corner in range(CORNERS):
        angle = math.tau * corner / CORNERS
        radius = radius_m * (1 + sum(a * math.sin(k * angle + phase) for k, phase, a in waves))
        corners.append(centre + radius * np.array([math.cos(angle), math.sin(angle)]))
    ring = shapely.get_coordinates(to_degrees(shapely.Polygon(corners)))
    line = shapely.Polygon([(round(float(x), 5), round(float(y), 5)) for x, y in ring])
    ground = read_ground(roads, line)
    ways = ground.whole + ground.whole.T
    off = shapely.distance(to_metres(line).exterior, shapely.points(ground.metres)) >= OFF_LINE_M
    return Terrain(ground, line, (np.diff(ways.indptr) >= 3) & off, centre)


def spread(
    terrain_: Terrain, found: Indices, number: int, least_m: float, rng: random.Random
) -> list[int]:
    """So many junctions at random, no two nearer than a distance; raises Wrong if too few fit."""
    order = sorted(found.tolist(), key=lambda _: rng.random())
    while least_m > 1.0:
        chosen: list[int] = []
        where = np.empty((0, 2))
        for junction in order:
            here = terrain_.ground.metres[junction]
            if not len(where) or np.hypot(*(where - here).T).min() >= least_m:
                chosen.append(junction)
                where = terrain_.ground.metres[chosen]
                if len(chosen) == number:
                    return chosen
        least_m *= 0.8
    raise Wrong(f"Only {len(order)} junctions for {number} places.")


def quarters(terrain_: Terrain, points: Sequence[int], number: int) -> list[int]:
    """The quarter of each point: the nearest of seeds that lie as far apart as can be."""
    at = terrain_.ground.metres[list(points)]
    seeds = [0]
    while len(seeds) < number:
        away = np.hypot(*(at[:, None] - at[seeds][None]).transpose(2, 0, 1)).min(axis=1)
        seeds.append(int(np.argmax(away)))
    return np.hypot(*(at[:, None] - at[seeds][None]).transpose(2, 0, 1)).argmin(axis=1).tolist()


def crossings(terrain_: Terrain, number: int, rng: random.Random) -> list[tuple[int, int]]:
    """Inner and outer gate of so many corridors, well apart along the line; raises Wrong."""
    ground = terrain_.ground
    rim = to_metres(terrain_.line).exterior
    edges = (ground.whole - ground.cut).tocoo()
    across = ground.main[edges.row] & ground.main[edges.col] & (edges.data > 0)
    middle = (ground.metres[edges.row[across]] + ground.metres[edges.col[across]]) / 2
    along = shapely.line_locate_point(rim, shapely.points(middle))
    chosen: list[tuple[int, int]] = []
    taken: list[float] = []
    apart = rim.length / number
    order = sorted(range(len(along)), key=lambda _: rng.random())
    while apart > OFF_LINE_M:
        for i in order:
            gaps = [min(abs(along[i] - t), rim.length - abs(along[i] - t)) for t in taken]
            if gaps and min(gaps) < apart:
                continue
            gates = _gates(ground, terrain_, middle[i])
            if gates and not set(gates) & {g for pair in chosen for g in pair}:
                chosen.append(gates)
                taken.append(float(along[i]))
            if len(chosen) == number:
                return [pair for _, pair in sorted(zip(taken, chosen, strict=True))]
        apart *= 0.75
    raise Wrong(f"Only {len(chosen)} of {number} corridors cross the line on main streets.")


def _gates(ground: Ground, terrain_: Terrain, at: NDArray[np.float64]) -> tuple[int, int] | None:
    """The two junctions near a crossing with the shortest way out and in between them."""
    near = np.hypot(*(ground.metres - at).T) <= GATE_WITHIN_M
    fits = near & terrain_.junctions & ground.main
    inner, outer = (np.flatnonzero(fits & (ground.side == side)) for side in (1, 0))
    if not inner.size or not outer.size:
        return None
    out = dijkstra(ground.whole, indices=inner, limit=3000)[:, outer]
    back = dijkstra(ground.whole, indices=outer, limit=3000)[:, inner].T
    straight = np.hypot(*(ground.metres[inner][:, None] - ground.metres[outer]).transpose(2, 0, 1))
    total = np.where(
        np.maximum(out, back) <= DETOUR_FACTOR * straight + DETOUR_M, out + back, np.inf
    )
    i, o = np.unravel_index(np.argmin(total), total.shape)
    return (int(inner[i]), int(outer[o])) if np.isfinite(total[i, o]) else None
