"""The plan under uncertainty: draws, event loop, measures, ensembles."""

from __future__ import annotations

from lull.simulate.causes import Cause, causes
from lull.simulate.ensemble import Executor, Outcome, Progress, Until, curves, simulate
from lull.simulate.margins import Margin, margins
from lull.simulate.measures import MEASURES, NOT_MODELLED, Band, Likelihood, Measure
from lull.simulate.policy import DAY_POLICY, Policy
from lull.simulate.split import Split, margins_split
from lull.simulate.uncertainty import ASSUMED, Shape, Source, Uncertainty

__all__ = [
    "ASSUMED", "DAY_POLICY", "MEASURES", "NOT_MODELLED", "Band", "Cause", "Executor", "Likelihood",
    "Margin", "Measure", "Outcome", "Policy", "Progress", "Shape", "Source", "Split", "Uncertainty",
    "Until", "causes", "curves", "margins", "margins_split", "simulate",
]
