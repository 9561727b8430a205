"""Metres on the WGS 84 ellipsoid, and a plane in which near things keep their shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

SEMI_MAJOR_M = 6_378_137.0
"""WGS 84, EPSG:7030."""

ECCENTRICITY_SQUARED = 0.006_694_379_990_141_33
"""f (2 - f) with f = 1 / 298.257223563 (WGS 84, EPSG:7030)."""

_ECCENTRICITY = float(np.sqrt(ECCENTRICITY_SQUARED))

Floats = NDArray[np.float64]


def distance_m(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Metres between points given in degrees, by the radii of curvature at their mid-latitude.

    Within 0.01 % of the geodesic up to 50 km away from the poles: streets, not oceans.
    Rapp, Geometric Geodesy Part I (1991), section 3.5, hdl.handle.net/1811/24333.
    """
    lon_a, lat_a = np.asarray(lon_a, float), np.asarray(lat_a, float)
    lon_b, lat_b = np.asarray(lon_b, float), np.asarray(lat_b, float)
    middle = np.radians((lat_a + lat_b) / 2)
    root = 1 - ECCENTRICITY_SQUARED * np.sin(middle) ** 2
    east = np.radians(lon_b - lon_a) * np.cos(middle) * SEMI_MAJOR_M / np.sqrt(root)
    north = np.radians(lat_b - lat_a) * SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / root**1.5
    return np.asarray(np.hypot(east, north), dtype=np.float64)


def to_plane(lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Ellipsoidal Mercator coordinates [..., 2] of points in degrees.

    The projection is conformal, so that near a point the nearest is the nearest; lengths
    there are metres once multiplied by `plane_scale`. Snyder, Map Projections: A Working
    Manual (1987), equations 7-6 and 7-7, doi.org/10.3133/pp1395.
    """
    phi = np.radians(np.asarray(lat, float))
    y = np.arcsinh(np.tan(phi)) - _ECCENTRICITY * np.arctanh(_ECCENTRICITY * np.sin(phi))
    x = np.radians(np.asarray(lon, float))
    return np.asarray(np.stack([x, y], axis=-1) * SEMI_MAJOR_M, dtype=np.float64)


def plane_scale(lat: ArrayLike) -> Floats:
    """Metres on the ground per unit of the plane at a latitude in degrees."""
    phi = np.radians(np.asarray(lat, float))
    scale = np.cos(phi) / np.sqrt(1 - ECCENTRICITY_SQUARED * np.sin(phi) ** 2)
    return np.asarray(scale, dtype=np.float64)
