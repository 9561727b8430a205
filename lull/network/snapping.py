"""From a place to the street on which it is reached, with the distance admitted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from attrs import fields, frozen
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components
from shapely.geometry.base import BaseGeometry

from lull.network.geodesy import distance_m, plane_scale, to_plane
from lull.network.streets import Bools, Floats, Ints, Streets

FAR_M = 200.0
"""A place further than this from a street is reported."""

PREFER_M = 30.0
"""An approved street is taken before a nearer one, if it is at most this much further."""

ON_LINE_M = 5.0
"""A place this near the line between the sides lies on it, and may be reached across it."""

SEARCH_M = 2_000.0
"""How far a street on the place's own side is looked for."""

LEAST_PART = 10
"""Junctions of a part that is cut off by the line between the sides, to count as a side ..."""

LEAST_SHARE = 0.1
"""... or, in a small extract, its share of all."""

LEAST_PIECE_SHARE = 0.05
"""Junctions of a part of the extract without connection to the largest, as a share of that."""

NOWHERE = -1


@frozen(eq=False)
class Snaps:
    """Where p places meet the streets.

    `street` [p] (-1: no street at all), `fraction` of its metres from its start, `metres` from
    the place to that point, `lon`, `lat` of the point. `across` says that every street within
    2 km lies across the line between the sides, so that there is none. `trap` is a nearer
    street that was passed over, as it cannot be left or cannot be reached (-1: none).
    """

    street: Ints
    fraction: Floats
    metres: Floats
    lon: Floats
    lat: Floats
    across: Bools
    trap: Ints

    def __len__(self) -> int:
        return len(self.street)

    @property
    def far(self) -> Bools:
        """Places without a street within 200 m."""
        return np.asarray((self.street == NOWHERE) | (self.metres > FAR_M), dtype=np.bool_)

    def some(self, which: Ints) -> Snaps:
        """The snaps of some places."""
        return Snaps(*(getattr(self, name)[which] for name in _LAYERS))

    @classmethod
    def joined(cls, parts: Sequence[Snaps]) -> Snaps:
        """The snaps of several lots of places, one after the other."""
        return cls(*(np.concatenate([getattr(p, name) for p in parts]) for name in _LAYERS))

    def notes(self, place: int) -> tuple[str, ...]:
        """What a planner should know of one place, each a sentence."""
        if self.across[place]:
            return (
                f"Every usable street within {SEARCH_M:.0f} m lies across the line between the "
                "sides.",
            )
        if self.street[place] == NOWHERE:
            return ("No street is open to this traveller.",)
        found = []
        if self.metres[place] > FAR_M:
            found.append(f"The nearest usable street is {self.metres[place]:.0f} m away.")
        if self.trap[place] != NOWHERE:
            found.append(
                "A nearer street was passed over: by its one-way signs it cannot be both "
                "reached and left."
            )
        return tuple(found)


_LAYERS = tuple(attribute.name for attribute in fields(Snaps))


def sound_streets(
    streets: Streets, usable: Bools, cut: Bools | None = None, tagged: Bools | None = None
) -> Bools:
    """Streets [s] from which the main part of the network can be reached, and that it reaches.

    `usable` are directed edges [2 s], `tagged` those that the tags alone would open (default:
    the same), `cut` the streets [s] that cross the line between the sides. The main part is the
    largest strongly connected one. Where closures or the line divide it, the largest of each
    piece with at least 10 junctions (or a tenth of all) counts; so does that of a further
    part of the extract with a twentieth of the junctions of the largest.
    """
    main = _main_part(streets, usable if tagged is None else tagged)
    if cut is not None:
        usable = usable & ~np.repeat(cut, 2)
    if tagged is not None or cut is not None:
        main = _main_of_each_piece(streets, usable, main)
    leaves = _reached_from(streets, usable, main, backwards=True)
    reached = _reached_from(streets, usable, main, backwards=False)
    forward, backward = usable[0::2], usable[1::2]
    can_leave = (forward & leaves[streets.end]) | (backward & leaves[streets.start])
    can_reach = (forward & reached[streets.start]) | (backward & reached[streets.end])
    return np.asarray(can_leave & can_reach, dtype=np.bool_)


def street_pieces(streets: Streets, usable: Bools) -> Ints:
    """A number for each street [s], the same for usable streets that hang together."""
    return _pieces(streets, usable)[streets.start]


def _pieces(streets: Streets, usable: Bools) -> Ints:
    """The weakly connected piece of each junction [n]."""
    rows, columns = streets.edge_from[usable], streets.edge_to[usable]
    graph = csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns)),
        shape=(streets.junctions, streets.junctions),
    )
    _, piece = connected_components(graph, directed=False)
    return np.asarray(piece, dtype=np.int64)


def traps(streets: Streets, usable: Bools, cut: Bools | None = None) -> Ints:
    """Streets that a traveller may use but that cannot be both reached and left."""
    open_ = usable[0::2] | usable[1::2]
    if cut is not None:
        open_ = open_ & ~cut
    return np.flatnonzero(open_ & ~sound_streets(streets, usable, cut))


def snap(
    streets: Streets,
    sound: Bools,
    lon: ArrayLike,
    lat: ArrayLike,
    *,
    passed_over: Bools | None = None,
    barriers: NDArray[np.object_] | None = None,
    prefer: Bools | None = None,
) -> Snaps:
    """Snap places in degrees [p] to the nearest point of the nearest of the `sound` streets [s].

    `passed_over` are streets that are open but unsound, named in the result where they are
    nearer. `barriers` are simple lines on the plane (`closures.cut_lines`) across which no
    place is snapped, unless it lies on them. `prefer` are approved streets,
    taken if at most 30 m further than the nearest. Ties go to the first street.
    """
    lon, lat = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    points = np.asarray(shapely.points(to_plane(lon, lat)), dtype=np.object_)
    street, across = _choose(streets, sound, points, plane_scale(lat), barriers, prefer)
    found = street != NOWHERE
    at = np.where(found, street, 0)
    lines = streets.plane_lines[at] if len(streets) else np.array([], dtype=np.object_)
    located = shapely.line_locate_point(lines, points)
    point_lon, point_lat, fraction = _along(streets, at, located)
    metres = distance_m(lon, lat, point_lon, point_lat)
    metres[~found] = np.inf
    trap = np.full(len(points), NOWHERE, dtype=np.int64)
    if passed_over is not None and passed_over.any():
        trap = _nearer(
            streets, passed_over, points, np.where(found, shapely.distance(lines, points), np.inf)
        )
    return Snaps(street, fraction, metres, point_lon, point_lat, across, trap)


def _choose(
    streets: Streets,
    sound: Bools,
    points: NDArray[np.object_],
    scale: Floats,
    barriers: NDArray[np.object_] | None,
    prefer: Bools | None,
) -> tuple[Ints, Bools]:
    """The street of each point, and whether it can only be reached across a barrier."""
    chosen = np.full(len(points), NOWHERE, dtype=np.int64)
    across = np.zeros(len(points), dtype=np.bool_)
    numbers = np.flatnonzero(sound)
    if not len(numbers) or not len(points):
        return chosen, across
    tree = shapely.STRtree(streets.plane_lines[numbers])
    (of, hit), away = tree.query_nearest(points, return_distance=True)
    order = np.lexsort((hit, of))
    first = order[np.unique(of[order], return_index=True)[1]]
    chosen[of[first]] = numbers[hit[first]]
    wall = shapely.union_all(barriers) if barriers is not None and len(barriers) else None
    if wall is None and (prefer is None or not prefer.any()):
        return chosen, across
    for i, near in zip(of[first], away[first], strict=True):
        for reach_m in (max(near * scale[i] + PREFER_M, FAR_M), SEARCH_M):
            candidates = np.sort(
                tree.query(points[i], predicate="dwithin", distance=reach_m / scale[i])
            )
            lines = streets.plane_lines[numbers[candidates]]
            free = _not_across(points[i], lines, wall, float(scale[i]))
            if free.any():
                break
        else:
            chosen[i], across[i] = NOWHERE, True
            continue
        distance = shapely.distance(lines, points[i])
        best = distance[free].min()
        allowed = free & (distance <= best)
        if prefer is not None:
            better = (
                free
                & prefer[numbers[candidates]]
                & (distance * scale[i] <= best * scale[i] + PREFER_M)
            )
            if better.any():
                allowed = better & (distance <= distance[better].min())
        chosen[i] = numbers[candidates[np.flatnonzero(allowed)[0]]]
    return chosen, across


def _not_across(
    point: shapely.Point, lines: NDArray[np.object_], wall: BaseGeometry | None, scale: float
) -> Bools:
    """Which lines are reached from a point without crossing the wall."""
    if wall is None or shapely.distance(wall, point) * scale <= ON_LINE_M:
        return np.ones(len(lines), dtype=np.bool_)
    return np.asarray(~shapely.intersects(shapely.shortest_line(point, lines), wall), np.bool_)


def _nearer(streets: Streets, subset: Bools, points: NDArray[np.object_], than: Floats) -> Ints:
    """A street of the subset that is nearer to each point than a distance on the plane, or -1."""
    numbers = np.flatnonzero(subset)
    tree = shapely.STRtree(streets.plane_lines[numbers])
    (of, hit), away = tree.query_nearest(points, return_distance=True)
    result = np.full(len(points), NOWHERE, dtype=np.int64)
    good = away < than[of] * (1 - 1e-9)
    result[of[good]] = numbers[hit[good]]
    return result


def _along(streets: Streets, street: Ints, located: Floats) -> tuple[Floats, Floats, Floats]:
    """Degrees, and share of the street's metres, of points at plane distances along streets."""
    found = np.empty((3, len(street)))
    for i, (number, at) in enumerate(zip(street, located, strict=True)):
        x, y = streets.line(int(number))
        plane = np.hypot(*np.diff(to_plane(x, y), axis=0).T)
        run = np.concatenate([[0.0], np.cumsum(plane)])
        metres = np.concatenate([[0.0], np.cumsum(distance_m(x[:-1], y[:-1], x[1:], y[1:]))])
        share = metres / metres[-1] if metres[-1] > 0 else metres
        found[:, i] = [np.interp(at, run, values) for values in (x, y, share)]
    return found[0], found[1], found[2]


def _used(streets: Streets, usable: Bools) -> Bools:
    used = np.zeros(streets.junctions, dtype=np.bool_)
    used[streets.edge_from[usable]] = True
    used[streets.edge_to[usable]] = True
    return used


def _largest(label: Ints, among: Bools) -> int:
    return int(np.bincount(label[among]).argmax()) if among.any() else NOWHERE


def _main_part(streets: Streets, usable: Bools) -> Bools:
    """Junctions [n] of the largest strongly connected part of each large piece."""
    sizes = np.bincount(_pieces(streets, usable)[_used(streets, usable)], minlength=1)
    return _largest_of_each(
        streets,
        usable,
        np.flatnonzero(sizes >= max(LEAST_PIECE_SHARE * int(sizes.max()), 1)),
        _used(streets, usable),
    )


def _main_of_each_piece(streets: Streets, usable: Bools, main: Bools) -> Bools:
    """The largest strongly connected part of each piece into which the main part falls."""
    sizes = np.bincount(_pieces(streets, usable)[main], minlength=1)
    least = min(LEAST_PART, LEAST_SHARE * int(main.sum()), int(sizes.max()))
    return _largest_of_each(streets, usable, np.flatnonzero(sizes >= max(least, 1)), main)


def _largest_of_each(streets: Streets, usable: Bools, pieces: Ints, among: Bools) -> Bools:
    """Junctions [n] of the largest strongly connected part of each piece, among some."""
    strong, piece = streets.components(usable), _pieces(streets, usable)
    result = np.zeros(streets.junctions, dtype=np.bool_)
    for number in pieces:
        members = (piece == number) & among
        result |= members & (strong == _largest(strong, members))
    return result


def _reached_from(streets: Streets, usable: Bools, main: Bools, *, backwards: bool) -> Bools:
    """Junctions [n] that the main part reaches over usable edges, or that reach it."""
    rows, columns = streets.edge_from[usable], streets.edge_to[usable]
    if backwards:
        rows, columns = columns, rows
    seeds = np.flatnonzero(main)
    rows = np.concatenate([rows, np.full(len(seeds), streets.junctions)])
    columns = np.concatenate([columns, seeds])
    graph = csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns)),
        shape=(streets.junctions + 1, streets.junctions + 1),
    )
    order = breadth_first_order(graph, streets.junctions, return_predecessors=False)
    reached = np.zeros(streets.junctions + 1, dtype=np.bool_)
    reached[order] = True
    return reached[:-1]
