"""What each source of delay costs: the same day with the source switched off.

Every run draws the same numbers (`draws`), so that the difference of two replications is that of
the source alone. Sources work together: what each costs alone does not add up to what all cost.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.simulate.ensemble import Executor, Outcome, Progress, run
from lull.simulate.measures import BY_NAME
from lull.simulate.policy import Policy
from lull.simulate.scenario import scenario
from lull.simulate.uncertainty import Source, Uncertainty


@frozen
class Cost:
    """The mean of a measure with a source less the mean without it, and its 95 % half-width."""

    mean: float
    half_width: float


@frozen
class Cause:
    """One source of delay and what it changes, by measure.

    `caught_with` and `caught_without` are in how many replications anyone was inside or
    unsheltered at the end.
    """

    source: Source
    costs: dict[str, Cost]
    caught_with: int
    caught_without: int

    @property
    def persons_lost(self) -> float:
        """How many fewer arrive because of it, in the mean."""
        return -self.costs["arrived"].mean


def causes(
    case: Case,
    plan: Plan,
    uncertainty: Uncertainty,
    policy: Policy,
    *,
    replications: int,
    seed: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Cause, ...]:
    """Each source that is switched on, the one that costs most arrivals first.

    Ties go by how often someone is caught, then by the order of `Source`. `progress` counts
    replications over all runs.
    """
    switched_on = [source for source in Source if uncertainty.has(source)]
    steps = len(switched_on) + 1
    ran = 0

    def outcome(doubt: Uncertainty) -> Outcome:
        nonlocal ran
        before = ran * replications
        ran += 1
        tell = None if progress is None else (
            lambda done, most: progress(before + done, most * steps))
        return run(scenario(case, plan, doubt, policy), replications=replications, seed=seed,
                   executor=executor, progress=tell)

    everything = outcome(uncertainty)
    found = [_cause(source, everything, outcome(uncertainty.without(source)))
             for source in switched_on]
    return tuple(sorted(
        found, key=lambda cause: (-cause.persons_lost, cause.caught_without - cause.caught_with)))


def _cause(source: Source, with_it: Outcome, without: Outcome) -> Cause:
    costs = {}
    for name in BY_NAME:
        difference = with_it.values(name) - without.values(name)
        many = len(difference)
        spread = float(np.std(difference, ddof=1)) / math.sqrt(many) if many > 1 else math.inf
        costs[name] = Cost(float(np.mean(difference)), 1.96 * spread)
    return Cause(
        source, costs, with_it.anyone_caught().count, without.anyone_caught().count)
