"""The chance of being late in two parts: what a margin can buy, and what none can.

Delays (ways, boarding, checks, late starts, breakdowns that are mended on the spot) pass with time:
for them there is a margin with which being late is as rare as is asked for. A halt, a closure or a
vehicle that is lost may outlast any margin: how often it does is counted on the same days, beyond
that margin. Each count has its exact upper limit (Clopper and Pearson), which is never 0.

The days of the first part have the numbers of chance of the whole day (common random numbers), with
halts and closures switched off and no vehicle lost.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.simulate import columns as c
from lull.simulate.ensemble import Executor, Progress, run
from lull.simulate.margins import Margin, cleared, margin_of, needed, without_end
from lull.simulate.measures import Likelihood
from lull.simulate.policy import Policy
from lull.simulate.scenario import scenario
from lull.simulate.uncertainty import Source, Uncertainty

MOST_DAYS = 50_000
"""Days that are simulated at the most to show a margin for delays alone."""


@frozen
class Split:
    """A corridor: the margin for delays alone, and how often it would not be enough.

    `delays.extra` is minutes more than the plan's own margin, None where the days are too few to
    show any. `outlasts` counts, of all days, those on which the last is out later still or never:
    halts, closures and lost vehicles (None where there is no margin to count beyond).
    """

    corridor: str
    delays: Margin
    outlasts: Likelihood | None


def delays_alone(uncertainty: Uncertainty) -> Uncertainty:
    """The same delays without halts and closures, and with every broken vehicle mended."""
    return evolve(uncertainty.without(Source.HALTS).without(Source.CLOSURES), lost_share=0.0)


def margins_split(
    case: Case,
    plan: Plan,
    uncertainty: Uncertainty,
    policy: Policy,
    *,
    replications: int,
    seed: int,
    limit: float,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[tuple[Margin, ...], tuple[Split, ...]]:
    """The margins of all corridors with everything in, and split; as `margins` takes them.

    Delays alone are simulated on at least as many days as the limit needs to be shown, up to
    `MOST_DAYS`. A corridor by which nobody leaves unless another one is closed is not split.
    """
    everything = run(without_end(scenario(case, plan, uncertainty, policy)),
                     replications=replications, seed=seed, executor=executor, progress=progress)
    days = max(replications, min(needed(limit), MOST_DAYS))
    alone = run(without_end(scenario(case, plan, delays_alone(uncertainty), policy)),
                replications=days, seed=seed, executor=executor, progress=progress)
    on_delays = {corridor: (clear, stuck) for corridor, clear, stuck in cleared(alone)}
    found, split = [], []
    for name, clear, stuck in cleared(everything):
        found.append(margin_of(name, clear, stuck, limit))
        if name not in on_delays:
            continue  # nobody leaves here unless another corridor is closed
        delays = margin_of(name, *on_delays[name], limit)
        outlasts = None
        if delays.extra is not None:
            minutes = np.where(stuck, c.NEVER, clear)
            beyond = int((minutes > max(0, delays.extra)).sum())
            outlasts = Likelihood(beyond, everything.replications)
        split.append(Split(name, delays, outlasts))
    return tuple(found), tuple(split)
