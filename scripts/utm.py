"""Universal Transverse Mercator to longitude and latitude (WGS 84)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
SCALE = 0.9996
FALSE_EASTING_M = 500_000.0


def utm_to_geographic(
    easting_m: NDArray[np.float64], northing_m: NDArray[np.float64], zone: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude in degrees of points of a northern UTM zone.

    Krüger's series in the third flattening n to order 4, with the coefficients of Karney,
    Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85 (2011),
    equation 36, https://doi.org/10.1007/s00190-011-0445-3. The conformal latitude is inverted
    by Newton's method on its tangent (equations 7 to 9 and 19 to 21 there).
    """
    n = FLATTENING / (2 - FLATTENING)
    rectifying = SEMI_MAJOR_M / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (
        n / 2 - 2 / 3 * n**2 + 37 / 96 * n**3 - n**4 / 360,
        n**2 / 48 + n**3 / 15 - 437 / 1440 * n**4,
        17 / 480 * n**3 - 37 / 840 * n**4,
        4397 / 161280 * n**4,
    )
    xi = np.asarray(northing_m, dtype=float) / (SCALE * rectifying)
    eta = (np.asarray(easting_m, dtype=float) - FALSE_EASTING_M) / (SCALE * rectifying)
    xi_sphere, eta_sphere = xi.copy(), eta.copy()
    for j, b in enumerate(beta, start=1):
        xi_sphere -= b * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
        eta_sphere -= b * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
    tau_conformal = np.sin(xi_sphere) / np.hypot(np.sinh(eta_sphere), np.cos(xi_sphere))
    lon = np.degrees(np.arctan2(np.sinh(eta_sphere), np.cos(xi_sphere))) + (6 * zone - 183)
    return lon, np.degrees(np.arctan(_geographic_tangent(tau_conformal)))


def _geographic_tangent(tau_conformal: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tangent of the latitude from the tangent of the conformal latitude (Newton)."""
    squared = FLATTENING * (2 - FLATTENING)
    eccentricity = np.sqrt(squared)
    tau = tau_conformal / (1 - squared)
    for _ in range(6):
        secant = np.hypot(1, tau)
        sigma = np.sinh(eccentricity * np.arctanh(eccentricity * tau / secant))
        guess = tau * np.hypot(1, sigma) - sigma * secant
        tau = tau + (tau_conformal - guess) / np.hypot(1, guess) * (1 + (1 - squared) * tau**2) / (
            (1 - squared) * secant
        )
    return tau
