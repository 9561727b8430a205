"""Streets that are closed, slowed or under suspicion of mines; lines that are not crossed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np
import shapely
from attrs import define, field, frozen
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lull.domain.refusal import require, require_one_of
from lull.network.geodesy import plane_scale, to_plane
from lull.network.streets import Bools, Floats, Ints, Streets

ALONG_M = 10.0
"""A line closes the streets that it follows within this many metres ..."""

ALONG_SHARE = 0.7
"""... if it follows streets for this share of its length; otherwise it is a barrier, and closes
the streets that it crosses."""

TOUCH_M = 1.0
"""A polygon closes a street of which more than this lies in it."""

POINT_REACH_M = 30.0
"""A point closes the nearest street, if it is this near."""

APPROVED_M = 30.0
"""Streets within this distance of an approved route are approved."""

APPROVED_SHARE = 0.9
"""Share of a street that must lie within that distance."""


class Kind(StrEnum):
    """What is wrong with a street."""

    CLOSED = "closed"
    SLOWED = "slowed"
    MINES_SUSPECTED = "mines_suspected"


def _kind(value: str) -> Kind | str:
    """The kind of that name; any other text as it is, for the check to refuse."""
    return Kind(value) if value in list(Kind) else value


@define(frozen=True, eq=False)
class Closure:
    """A stretch that is closed, slowed or under suspicion of mines, as someone reports it.

    `geometry` is a polygon, line or point in degrees (longitude, latitude), or None with
    `way_ids` of the extract. `factor` multiplies the speed on a slowed street (0 to 1).
    Raises Refusal for a closure that closes nothing or slows by no valid factor.
    """

    id: str
    kind: Kind | str = field(converter=_kind)
    geometry: BaseGeometry | None = None
    way_ids: tuple[int, ...] = ()
    factor: float = 1.0
    source: str = ""
    time: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"Closure {self.id!r}"
        require_one_of(self.kind, Kind, f"{where}: kind")
        require(
            bool(self.way_ids) or (self.geometry is not None and not self.geometry.is_empty),
            f"{where} names no street: give a polygon, a line, a point or way ids.",
        )
        require(
            self.kind is not Kind.SLOWED or 0 < self.factor <= 1,
            f"{where}: the factor is {self.factor}; a slowed street keeps a share of its speed "
            "above 0 and at most 1 (close it instead of 0).",
        )


@frozen(eq=False)
class Conditions:
    """The state of each street [s]: closed, speed factor, mines suspected, and who says so.

    `unmatched` are the ids of closures that touch no street of the extract.
    """

    closed: Bools
    factor: Floats
    mined: Bools
    unmatched: tuple[str, ...] = ()


def conditions(streets: Streets, closures: Iterable[Closure] = ()) -> Conditions:
    """The state of all streets under closures.

    Factors of several closures multiply; a factor on a part of a street slows that part.
    Both directions of a street are concerned.
    """
    closed = np.zeros(len(streets), dtype=np.bool_)
    mined = np.zeros(len(streets), dtype=np.bool_)
    factor = np.ones(len(streets))
    tree = None
    unmatched = []
    for closure in closures:
        if closure.geometry is not None and tree is None:
            tree = shapely.STRtree(streets.plane_lines)
        share = _shares(streets, tree, closure)
        hit = share > 0
        if not hit.any():
            unmatched.append(closure.id)
        if closure.kind is Kind.CLOSED:
            closed |= hit
        elif closure.kind is Kind.MINES_SUSPECTED:
            mined |= hit
        else:
            factor /= share / closure.factor + (1 - share)
    return Conditions(closed, factor, mined, tuple(unmatched))


def _shares(streets: Streets, tree: shapely.STRtree | None, closure: Closure) -> Floats:
    """Share of each street's length [s] that a closure concerns, 0 to 1."""
    share = np.zeros(len(streets))
    if closure.way_ids:
        share[np.isin(streets.way_id, closure.way_ids)] = 1.0
    if closure.geometry is not None and tree is not None:
        for part in _parts(closure.geometry):
            found, of = _part_shares(streets, tree, _on_plane(part))
            share[found] = np.maximum(share[found], of)
    return share


def _part_shares(
    streets: Streets, tree: shapely.STRtree, part: BaseGeometry
) -> tuple[NDArray[np.int64], Floats]:
    """Streets that a simple geometry on the plane concerns, and the share of each."""
    scale = _scale_at(streets)
    if part.geom_type == "Polygon":
        found = tree.query(part, predicate="intersects")
        lines = streets.plane_lines[found]
        inside = shapely.length(shapely.intersection(lines, part))
        enough = inside * scale > np.minimum(TOUCH_M, shapely.length(lines) * scale / 2)
        return found[enough], np.minimum(inside / shapely.length(lines), 1.0)[enough]
    if part.geom_type == "LineString":
        band = part.buffer(ALONG_M / scale, cap_style="flat")
        near = tree.query(band, predicate="intersects")
        share = _share_in(streets.plane_lines[near], band)
        follows = near[share >= 0.5]
        if len(follows):
            cover = shapely.union_all(shapely.buffer(streets.plane_lines[follows], ALONG_M / scale))
            if shapely.length(shapely.intersection(part, cover)) >= ALONG_SHARE * part.length:
                return follows, share[share >= 0.5]
        crossed = tree.query(part, predicate="intersects")
        return crossed, np.ones(len(crossed))
    nearest = np.atleast_1d(tree.nearest(part))
    near = shapely.distance(streets.plane_lines[nearest], part) * scale <= POINT_REACH_M
    return nearest[near], np.ones(int(near.sum()))


def cut_streets(streets: Streets, lines: Iterable[BaseGeometry]) -> Bools:
    """Streets [s] that cross the line between the sides: boundaries of polygons, or lines.

    Degrees. They are closed to ordinary travel; a corridor's way may use them.
    """
    cut = np.zeros(len(streets), dtype=np.bool_)
    barriers = cut_lines(lines)
    if len(barriers):
        tree = shapely.STRtree(streets.plane_lines)
        cut[tree.query(barriers, predicate="intersects")[1]] = True
    return cut


def cut_lines(lines: Iterable[BaseGeometry]) -> NDArray[np.object_]:
    """The line between the sides, as simple lines on the plane."""
    found = []
    for shape in lines:
        for part in _parts(shape):
            on_plane = _on_plane(part)
            found += list(_parts(on_plane.boundary if part.geom_type == "Polygon" else on_plane))
    return np.array(found, dtype=np.object_)


def approved_area(
    streets: Streets, routes: Iterable[BaseGeometry], within_m: float = APPROVED_M
) -> BaseGeometry | None:
    """The area on the plane that lies within `within_m` of approved routes; None without any."""
    scale = _scale_at(streets)
    shapes = [_on_plane(part).buffer(within_m / scale) for s in routes for part in _parts(s)]
    return shapely.union_all(shapes) if shapes else None


def approved_streets(streets: Streets, area: BaseGeometry | None) -> Bools:
    """Streets [s] of which nine tenths lie in the area of approved routes."""
    approved = np.zeros(len(streets), dtype=np.bool_)
    if area is not None:
        tree = shapely.STRtree(streets.plane_lines)
        near = tree.query(area, predicate="intersects")
        approved[near] = _share_in(streets.plane_lines[near], area) >= APPROVED_SHARE
    return approved


def pieces_in(streets: Streets, street: Ints, fraction: Floats, area: BaseGeometry | None) -> Bools:
    """Whether the pieces of street from its start to each place, and on to its end
    [p, 2], lie in an area.

    An empty piece does if the place does.
    """
    inside = np.zeros((len(street), 2), dtype=np.bool_)
    if area is None:
        return inside
    for i, (number, at) in enumerate(zip(street, fraction, strict=True)):
        if number < 0:
            continue
        for side, (start, to) in enumerate(((0.0, at), (at, 1.0))):
            line = shapely.LineString(to_plane(*streets.part(int(number), start, to)))
            if line.length > 0:
                share = line.intersection(area).length / line.length
                inside[i, side] = share >= APPROVED_SHARE
            else:
                inside[i, side] = area.intersects(shapely.Point(line.coords[0]))
    return inside


def touching(streets: Streets, area: BaseGeometry | None) -> Bools:
    """Streets [s] that meet an area."""
    touches = np.zeros(len(streets), dtype=np.bool_)
    if area is not None:
        touches[shapely.STRtree(streets.plane_lines).query(area, predicate="intersects")] = True
    return touches


def _share_in(lines: NDArray[np.object_], area: BaseGeometry) -> Floats:
    """Share of each line's length inside an area."""
    inside = shapely.length(shapely.intersection(lines, area))
    whole = shapely.length(lines)
    return np.asarray(
        np.divide(inside, whole, out=np.ones(len(lines)), where=whole > 0), dtype=np.float64
    )


def _parts(shape: BaseGeometry) -> Sequence[BaseGeometry]:
    """The simple polygons, lines and points of a geometry; rings as lines."""
    return (
        [
            shapely.LineString(part.coords) if part.geom_type == "LinearRing" else part
            for part in shapely.get_parts(shape)
            if not part.is_empty
        ]
        if shape.geom_type != "GeometryCollection"
        else [part for member in shapely.get_parts(shape) for part in _parts(member)]
    )


def _on_plane(shape: BaseGeometry) -> BaseGeometry:
    """A geometry in degrees, on the plane of `geodesy.to_plane`."""
    return shapely.transform(shape, lambda degrees: to_plane(degrees[:, 0], degrees[:, 1]))


def _scale_at(streets: Streets) -> float:
    """Metres per unit of the plane in the middle of the extract."""
    return float(plane_scale(np.median(streets.node_lat)))
