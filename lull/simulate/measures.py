"""What is measured in each replication, by name and unit, and how sure a chance is.

A chance is of the modelled delays only; `NOT_MODELLED` says so and belongs beside every figure.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import NDArray
from scipy.special import betaincinv

from lull.domain.refusal import require
from lull.simulate import columns as c

NOT_MODELLED = (
    "Of the modelled delays only: attack, breach and refusal are not in it, and it says nothing "
    "about safety."
)


@frozen
class Measure:
    """One figure of a replication; `scale` turns what is counted into the unit."""

    name: str
    unit: str
    column: int
    scale: float = 1.0


MEASURES: tuple[Measure, ...] = (
    Measure("arrived", "persons", c.ARRIVED),
    Measure("patients arrived", "patients", c.PATIENTS),
    Measure("aid delivered", "tonnes", c.GRAMS_ARRIVED, 1e-6),
    Measure("inside at the end", "persons", c.PERSONS_INSIDE),
    Measure("unsheltered at the end", "persons", c.UNSHELTERED),
    Measure("vehicles inside at the end", "vehicles", c.VEHICLES_INSIDE),
    Measure("left on the way outside", "persons", c.LEFT_ON_WAY),
    Measure("waited in the open", "person-minutes", c.WAITED_OPEN),
    Measure("waited at gates", "person-minutes", c.WAITED_GATE),
    Measure("held longer than the limit", "persons", c.OVER_HOLDING),
    Measure("late out of gates, all together", "vehicle-minutes", c.LATE_OUT),
    Measure("latest behind plan", "minutes", c.LATEST_OUT),
    Measure("breakdowns", "vehicles", c.BREAKDOWNS),
    Measure("vehicles lost", "vehicles", c.VEHICLES_LOST),
    Measure("turned back at a gate", "vehicles", c.TURNED_BACK),
    Measure("rounds given up", "rounds", c.ROUNDS_SKIPPED),
    Measure("stops passed by", "stops", c.STOPS_SKIPPED),
    Measure("moved to another gate", "vehicles", c.REROUTED),
    Measure("did not come", "persons", c.ABSENTEES),
    Measure("followed alone", "vehicles", c.FOLLOWED_ALONE),
)
BY_NAME = {measure.name: measure for measure in MEASURES}


@frozen
class Band:
    """P10, P50 and P90 of a measure, its mean, and the half-width of the mean's 95 % interval."""

    p10: float
    p50: float
    p90: float
    mean: float
    half_width: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Band:
        """The band of a sample; percentiles are values that occurred (no interpolation)."""
        p10, p50, p90 = np.percentile(values, (10, 50, 90), method="inverted_cdf")
        many = len(values)
        spread = float(np.std(values, ddof=1)) / math.sqrt(many) if many > 1 else math.inf
        return cls(float(p10), float(p50), float(p90), float(np.mean(values)), 1.96 * spread)


def upper_limit(count: int, of: int, confidence: float = 0.95) -> float:
    """The one-sided upper confidence limit of a chance seen `count` times; never 0.

    Clopper and Pearson 1934, doi 10.1093/biomet/26.4.404.
    """
    if count >= of:
        return 1.0
    return float(betaincinv(count + 1, of - count, confidence))


@frozen
class Likelihood:
    """How often something happened, with its exact 95 % interval and one-sided upper limit."""

    count: int
    of: int

    def __attrs_post_init__(self) -> None:
        require(
            0 <= self.count <= self.of and self.of > 0,
            f"{self.count} of {self.of} replications is no share.",
        )

    @property
    def share(self) -> float:
        """The share of replications."""
        return self.count / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """The two-sided 95 % interval of Clopper and Pearson."""
        least = 0.0 if self.count == 0 else 1 - upper_limit(self.of - self.count, self.of, 0.975)
        return least, upper_limit(self.count, self.of, 0.975)

    @property
    def upper(self) -> float:
        """The one-sided upper 95 % limit: what is to be printed, as it is never 0."""
        return upper_limit(self.count, self.of)
