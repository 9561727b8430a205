"""`routes.geojson` and `closures.geojson` into lines, approved routes and closures."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

import shapely
from attrs import define, field
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from lull.domain.corridor import Override
from lull.domain.refusal import Refusal
from lull.exchange.build.draft import Draft
from lull.exchange.cells import Unexpected, latin, number, split_list
from lull.exchange.finding import Where, did_you_mean, nearest, shown
from lull.exchange.raw.encoding import Undecodable, decode
from lull.exchange.raw.package import Package
from lull.exchange.schema.folder import CLOSURES_FILE, ROUTES_FILE
from lull.network.closures import Closure, Kind

MOST_FEATURES = 20_000
LINES = frozenset(("LineString", "MultiLineString", "LinearRing"))
AREAS = frozenset(("Polygon", "MultiPolygon"))
SHAPES_OF = {
    "line": LINES | AREAS,
    "approved_route": LINES | AREAS,
    "corridor_line": frozenset(("LineString",)),
}
"""Kinds of feature in routes.geojson and the geometries that each may have."""


@define
class Geography:
    """What the two files say, in degrees.

    `line` parts the sides; `approved` are approved routes; `corridor_lines` the drawn ways of
    corridors; `closures` what is closed, slowed or under suspicion; `set_aside` suspicions of
    mines that a named role has set aside, which do not count.
    """

    line: list[BaseGeometry] = field(factory=list)
    approved: list[BaseGeometry] = field(factory=list)
    corridor_lines: dict[str, LineString] = field(factory=dict)
    closures: list[Closure] = field(factory=list)
    set_aside: list[tuple[Closure, Override]] = field(factory=list)


def build_geography(draft: Draft, package: Package) -> Geography:
    """Read both files; says what is wrong with each feature."""
    geography = Geography()
    for where, kind, shape, properties in _features(draft, package, ROUTES_FILE):
        if kind not in SHAPES_OF:
            _bad_kind(draft, where, kind, tuple(SHAPES_OF))
        elif shape is None or shape.geom_type not in SHAPES_OF[kind]:
            found = shape.geom_type if shape is not None else "no geometry"
            draft.findings.unexpected(where.at("geometry"), found,
                                      " or ".join(sorted(SHAPES_OF[kind])))
        elif kind == "corridor_line" and isinstance(shape, LineString):
            _corridor_line(draft, geography, where, shape, properties)
        else:
            (geography.line if kind == "line" else geography.approved).append(shape)
    for where, kind, shape, properties in _features(draft, package, CLOSURES_FILE):
        if kind not in tuple(Kind):
            _bad_kind(draft, where, kind, tuple(Kind))
        else:
            _closure(draft, geography, where, Kind(kind), shape, properties)
    return geography


def _bad_kind(draft: Draft, where: Where, kind: str, allowed: tuple[str, ...]) -> None:
    draft.findings.error(
        "geojson", where.at("kind"),
        f"The kind is {shown(kind)!r}; expected one of: {', '.join(allowed)}."
        f"{did_you_mean(kind, allowed)}",
        kind, f"one of: {', '.join(allowed)}",
    )


def _corridor_line(
    draft: Draft, geography: Geography, where: Where, shape: LineString,
    properties: Mapping[str, Any],
) -> None:
    corridor = str(properties.get("corridor", ""))
    if corridor not in draft.ids("corridors"):
        draft.findings.error(
            "unknown reference", where.at("corridor"), f"No corridor has the id "
            f"{shown(corridor)!r}.{did_you_mean(corridor, list(draft.ids('corridors')))}",
            corridor, "the id of a corridor",
        )
    elif corridor in geography.corridor_lines:
        draft.findings.error("duplicate", where.at("corridor"), f"The corridor {corridor!r} has "
                             "two lines; draw one.", corridor, "one line a corridor")
    else:
        geography.corridor_lines[corridor] = shape


def _closure(
    draft: Draft, geography: Geography, where: Where, kind: Kind,
    shape: BaseGeometry | None, properties: Mapping[str, Any],
) -> None:
    try:
        closure = Closure(
            id=str(properties.get("id") or f"feature {where.row}"),
            kind=kind,
            geometry=shape,
            way_ids=_way_ids(properties.get("way_ids")),
            factor=_factor(properties.get("factor")),
            source=str(properties.get("source") or ""),
            time=str(properties.get("time") or ""),
        )
    except Unexpected as error:
        draft.findings.unexpected(where, properties.get("way_ids") or properties.get("factor"),
                                  error.expected)
        return
    except Refusal as refusal:
        draft.findings.error("refused", where, str(refusal))
        return
    if not closure.source or not closure.time:
        lacking = " and ".join(n for n in ("source", "time") if not getattr(closure, n))
        draft.findings.warn("closure", where, f"The closure {closure.id!r} has no {lacking}; who "
                            "says so, and when?", "", "source and time")
    role = str(properties.get("override_role") or "")
    reason = str(properties.get("override_reason") or "")
    if not role and not reason:
        geography.closures.append(closure)
        return
    try:
        if kind is not Kind.MINES_SUSPECTED:
            raise Refusal("Only a suspicion of mines can be set aside; delete the closure instead.")
        geography.set_aside.append((closure, Override(role, reason)))
    except Refusal as refusal:
        draft.findings.error("refused", where.at("override_role"), str(refusal))


def _way_ids(value: Any) -> tuple[int, ...]:
    parts = split_list(value) if isinstance(value, str) else value
    if parts is None:
        return ()
    if isinstance(parts, int) and not isinstance(parts, bool):
        parts = (parts,)
    if not isinstance(parts, list | tuple):
        raise Unexpected("a list of way ids")
    found = []
    for part in parts:
        text = latin(str(part))
        if isinstance(part, bool) or not text.isdecimal() or len(text) > 18:
            raise Unexpected("way ids that are whole numbers")
        found.append(int(text))
    return tuple(found)


def _factor(value: Any) -> float:
    return 1.0 if value in (None, "") else number(str(value))


def _features(
    draft: Draft, package: Package, file: str
) -> Iterator[tuple[Where, str, BaseGeometry | None, Mapping[str, Any]]]:
    """Each feature's place, kind, geometry (None if null) and properties."""
    raw = package.bytes_of(file, draft.findings)
    if raw is None:
        return
    try:
        document = json.loads(decode(raw).text, parse_constant=_refuse_constant)
        features = document["features"]
        if document.get("type") != "FeatureCollection" or not isinstance(features, list):
            raise TypeError
    except (Undecodable, json.JSONDecodeError, Unexpected) as error:
        draft.findings.error("geojson", Where(file), f"The file cannot be read as GeoJSON "
                             f"({error}); was it cut off?")
        return
    except (TypeError, KeyError, AttributeError, RecursionError, ValueError):
        draft.findings.error("geojson", Where(file), "The file is no GeoJSON FeatureCollection.",
                             "", "a FeatureCollection")
        return
    if len(features) > MOST_FEATURES:
        draft.findings.error("too large", Where(file), f"The file has {len(features):,} features; "
                             f"at most {MOST_FEATURES:,} are read.")
        return
    for i, feature in enumerate(features, 1):
        where = Where(file, i)
        try:
            properties = feature.get("properties") or {}
            geometry = feature.get("geometry")
            kind = str(properties.get("kind", "")).strip()
            _misspelt(draft, where, properties)
        except AttributeError:
            draft.findings.error("geojson", where, "It is no GeoJSON feature.", "", "a Feature")
            continue
        try:
            shape = _shape(geometry)
        except Unexpected as error:
            draft.findings.unexpected(where.at("geometry"), geometry, error.expected)
            continue
        yield where, kind, shape, properties


def _misspelt(draft: Draft, where: Where, properties: Mapping[str, Any]) -> None:
    known = ("kind", "side", "corridor", "direction", "factor", "way_ids", "source", "time", "id",
             "name", "override_role", "override_reason")
    for name in properties:
        hint = nearest(str(name), known)
        if name not in known and hint and hint not in properties:
            draft.findings.error("geojson", where.at(str(name)), f"The property {shown(name)!r} is "
                                 f"not known. Did you mean {hint!r}?", name, hint)


def _refuse_constant(name: str) -> float:
    raise Unexpected(f"{name} is not a number that GeoJSON knows")


def _shape(geometry: Any) -> BaseGeometry | None:
    """A geometry in degrees; raises Unexpected where it is damaged or lies off the earth."""
    if geometry is None:
        return None
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
        corners = shapely.get_coordinates(shape)
    except (shapely.errors.ShapelyError, ValueError, TypeError, RecursionError) as error:
        raise Unexpected("a GeoJSON geometry that is whole") from error
    if shape is None or shape.is_empty or not len(corners):
        raise Unexpected("a geometry with coordinates")
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in corners):
        raise Unexpected("coordinates that are numbers")
    if (abs(corners[:, 0]) > 180).any() or (abs(corners[:, 1]) > 90).any():
        raise Unexpected("coordinates in degrees, longitude first, then latitude")
    return shape

