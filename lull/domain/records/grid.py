"""A point in two notations: WGS-84 decimal degrees, and the military grid (MGRS).

The grid is that of NGA.STND.0037 with its exceptions in Norway and Svalbard and the polar zones,
by the `mgrs` package, which wraps GeoTrans.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import cos, dist, radians, remainder, sin, sqrt

import mgrs
from mgrs.core import MGRSError

from lull.domain.refusal import Refusal

MGRS = re.compile(
    r"(?<![\w-])(\d{1,2}[C-HJ-NP-X]|[ABYZ]) ?([A-HJ-NP-Z]{2}) ?"
    r"(\d{5} ?\d{5}|\d{4} ?\d{4}|\d{3} ?\d{3})(?![\w-])", re.ASCII)
DIGITS = 5
PLACES = 6
"""Degrees are filled to a tenth of a metre."""
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563
"""WGS-84 (NGA.STND.0036)."""

Point = tuple[Decimal, Decimal]
_GRID = mgrs.MGRS()


def grid_of(latitude_deg: Decimal, longitude_deg: Decimal) -> str:
    """The square of one metre in which a point lies, such as 37S CA 32269 07977."""
    plain = _GRID.toMGRS(float(latitude_deg), float(longitude_deg), MGRSPrecision=DIGITS)
    found = MGRS.fullmatch(plain)
    if found is None:
        raise Refusal(f"{latitude_deg}, {longitude_deg} has no MGRS grid reference.")
    zone, square, digits = found.groups()
    return f"{zone} {square} {digits[:DIGITS]} {digits[DIGITS:]}"


def point_of(grid: str) -> Point:
    """Latitude and longitude, in degrees, of the middle of a square; raises Refusal.

    GeoTrans reads a square of a metre as its middle; the middle of a larger one is a corner that
    four of them share, and lies half-way between two of those.
    """
    found = MGRS.fullmatch(grid)
    if found is None:
        raise Refusal(f"{grid!r} is no MGRS grid reference, such as 37S CA 32269 07977.")
    zone, square, digits = found.groups()
    digits = digits.replace(" ", "")
    half = len(digits) // 2
    metres = [int((part + "50000")[:DIGITS]) for part in (digits[:half], digits[half:])]
    before = 1 if half < DIGITS else 0
    try:
        ends = [_GRID.toLatLon(zone + square + "".join(f"{m - less:0{DIGITS}d}" for m in metres))
                for less in (0, before)]
    except MGRSError:
        raise Refusal(f"{grid!r} is no MGRS grid reference: there is no such zone, or no such "
                      "square in it.") from None
    (latitude, longitude), (other_latitude, other_longitude) = ends
    half_way = remainder(other_longitude - longitude, 360) / 2  # over the 180th meridian, too
    return (_degrees((latitude + other_latitude) / 2),
            _degrees(remainder(longitude + half_way, 360)))


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.{PLACES}f}") + 0  # never a zero with a sign


def side_m(grid: str) -> int:
    """The side of a square that was given, in metres."""
    found = MGRS.fullmatch(grid)
    assert found is not None
    return int(10 ** (DIGITS - len(found.group(3).replace(" ", "")) // 2))


def apart_m(one: Point, other: Point) -> float:
    """How far apart two points on the ellipsoid are, in metres, straight through it."""
    return dist(_space(one), _space(other))


def _space(point: Point) -> tuple[float, float, float]:
    latitude, longitude = (radians(float(angle)) for angle in point)
    squared = FLATTENING * (2 - FLATTENING)
    normal = SEMI_MAJOR_M / sqrt(1 - squared * sin(latitude) ** 2)
    return (normal * cos(latitude) * cos(longitude), normal * cos(latitude) * sin(longitude),
            normal * (1 - squared) * sin(latitude))
