"""Low, likely and high as a spread over whole minutes, cut on the scale of what is drawn.

A spread is a least figure and rising cuts: a draw takes the least figure plus the number of cuts
below it. So a draw costs a search among at most (high - low) figures, and correlated draws are
standard normals compared with cuts on the normal scale: a Gaussian copula (Nelsen, An Introduction
to Copulas, 2006, doi 10.1007/0-387-28678-0). PERT is a beta of low, likely and high (Malcolm et
al. 1959, doi 10.1287/opre.7.5.646).
"""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray
from scipy.special import betainc, ndtri

from lull.domain.time import Estimate
from lull.simulate.columns import Floats, Ints
from lull.simulate.uncertainty import Shape


def cumulative(shape: Shape, low: float, likely: float, high: float, at: Floats) -> Floats:
    """The chance that a time spread over [low, high] is at most `at` minutes."""
    if high <= low:
        return np.where(at >= low, 1.0, 0.0)
    x = np.clip((at - low) / (high - low), 0.0, 1.0)
    mode = (likely - low) / (high - low)
    if shape is Shape.PERT:
        return np.asarray(betainc(1 + 4 * mode, 1 + 4 * (1 - mode), x), dtype=np.float64)
    rising = x * x / mode if mode > 0 else np.zeros_like(x)
    falling = 1 - (1 - x) ** 2 / (1 - mode) if mode < 1 else np.ones_like(x)
    return np.where(x < mode, rising, falling)


@define(eq=False)
class SpreadTable:
    """All spreads of a simulation, each once, as the arrays of `World`."""

    shape: Shape
    rows: list[tuple[int, int, int]] = field(factory=list)
    cuts: list[float] = field(factory=list)
    known: dict[tuple[int, int, float, bool], int] = field(factory=dict)

    def fixed(self, minutes: int) -> int:
        """The index of a spread that is one figure."""
        return self.of(Estimate.of(minutes), 1.0)

    def of(self, estimate: Estimate, beyond_high: float, *, uniform: bool = False) -> int:
        """The index of the spread of an estimate; `uniform` cuts it on the scale from 0 to 1."""
        low, likely = estimate.low, estimate.likely
        high = likely + (estimate.high - likely) * beyond_high
        key = (low, likely, high, uniform)
        if key not in self.known:
            most = int(np.floor(high + 0.5))
            at = np.arange(low, most, dtype=np.float64) + 0.5
            self.known[key] = self.add(low, cumulative(self.shape, low, likely, high, at), uniform)
        return self.known[key]

    def add(self, least: int, chances: NDArray[np.float64], uniform: bool = False) -> int:
        """A spread by its least figure and the chances of being at most each that follows.

        `chances[k]` is the chance of at most `least + k`; above the last stands one more figure.
        """
        cuts = chances if uniform else ndtri(chances)
        first = len(self.cuts)
        self.cuts.extend(float(cut) for cut in cuts)
        self.rows.append((least, first, len(self.cuts)))
        return len(self.rows) - 1

    def arrays(self) -> tuple[Ints, Floats]:
        """`World.spreads` and `World.cuts`."""
        rows = np.array(self.rows or [(0, 0, 0)], dtype=np.int64).reshape(-1, 3)
        return rows, np.array(self.cuts or [0.0], dtype=np.float64)
