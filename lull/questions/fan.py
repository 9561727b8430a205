"""People at their destination over the day: the plan's line, and the band of the days' lines."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.simulate import Executor, Policy, Uncertainty, curves
from lull.simulate.columns import BIN_MINUTES

BANDS = (10, 50, 90)


@frozen
class Fan:
    """Persons who are at their destination by each of `minutes` (ends of bars since the origin).

    `planned` is the plan's line; `p10`, `p50` and `p90` are taken minute by minute, so that none of
    them need be any one day's.
    """

    minutes: tuple[int, ...]
    planned: tuple[int, ...]
    p10: tuple[int, ...]
    p50: tuple[int, ...]
    p90: tuple[int, ...]


def fan(
    case: Case, plan: Plan, uncertainty: Uncertainty, policy: Policy, *, replications: int,
    seed: int, executor: Executor | None = None,
) -> Fan:
    """The fan of a plan under uncertainty; raises Refusal where the plan moves nobody."""
    days, first = curves(case, plan, uncertainty, policy, replications=replications, seed=seed,
                         executor=executor)
    alone, _ = curves(case, plan, Uncertainty.none(), policy, replications=1, seed=seed)
    by_then = days.cumsum(axis=1)
    planned = alone[0].cumsum()
    moves = np.flatnonzero((days.sum(axis=0) > 0) | (alone[0] > 0))
    last = int(moves[-1]) + 2 if len(moves) else 1
    low, middle, high = np.percentile(by_then, BANDS, axis=0, method="inverted_cdf")
    bars = range(min(last, days.shape[1]))
    return Fan(
        tuple(first + BIN_MINUTES * (n + 1) for n in bars),
        *(tuple(int(line[n]) for n in bars) for line in (planned, low, middle, high)),
    )
