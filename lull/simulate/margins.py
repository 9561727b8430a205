"""How much earlier each corridor must be cleared for the chance of being late to be small.

The day is run without an end: stops and rounds that are too late are skipped as ever, but who is
inside comes out, however late, and the minute at which a corridor's last is out is compared with
the close. An extra margin of m minutes is taken to move all of these minutes m earlier; a plan made
anew with it may do better or worse. Who never comes out (a vehicle lost with nobody to take its
people, a corridor closed with no other) is helped by no margin.

The margin is an order statistic, so its own error is known: it is the least with which the
one-sided upper 95 % limit of the chance (Clopper and Pearson) is under the limit asked for. Plain
replications are enough for 1 in 1,000: with 2,995 of them none may be late, with 10,000 four may.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import require
from lull.simulate import columns as c
from lull.simulate.columns import Ints
from lull.simulate.ensemble import Executor, Outcome, Progress, run
from lull.simulate.measures import Likelihood, upper_limit
from lull.simulate.policy import Policy
from lull.simulate.scenario import Scenario, scenario
from lull.simulate.uncertainty import Uncertainty

DEFAULT_LIMIT = 0.001
"""One in a thousand: assumed; a pause may ask for less."""


@frozen
class Margin:
    """A corridor: how often its last was late or never out, and what would make that rare.

    `extra` is minutes more than the plan's own margin (negative: to spare); None where no margin
    helps (`never_out` alone exceeds the limit) or the replications are too few (`needed` says how
    many). `p50` and `p90` are minutes from the close to the last one out, negative before it, over
    the days on which anyone came out (None: there was no such day).
    """

    corridor: str
    late: Likelihood
    never_out: Likelihood
    p50: int | None
    p90: int | None
    extra: int | None
    needed: int
    of_those_out: int | None = None


def margins(
    case: Case,
    plan: Plan,
    uncertainty: Uncertainty,
    policy: Policy,
    *,
    replications: int,
    seed: int,
    limit: float = DEFAULT_LIMIT,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> tuple[Margin, ...]:
    """The margin of each corridor that the plan leaves by; Refusal for a limit not in 0..1."""
    require(0 < limit < 1, f"The chance {limit} must lie between 0 and 1.")
    made = without_end(scenario(case, plan, uncertainty, policy))
    outcome = run(made, replications=replications, seed=seed, executor=executor,
                  progress=progress)
    return tuple(margin_of(corridor, clear, stuck, limit)
                 for corridor, clear, stuck in cleared(outcome))


def cleared(outcome: Outcome) -> Iterator[tuple[str, Ints, NDArray[np.bool_]]]:
    """Each corridor by which anybody leaves, with, for each day, minutes from the close to its last
    one out, and whether any never is."""
    for n, corridor in enumerate(outcome.corridors):
        rows = outcome.by_corridor[:, n]
        clear, stuck = rows[:, c.C_CLEAR], rows[:, [c.C_INSIDE, c.C_VEHICLES]].sum(axis=1) > 0
        if (clear > c.NEVER_CLEARED).any() or stuck.any():
            yield corridor, clear, stuck


def without_end(made: Scenario) -> Scenario:
    """The same day, but nobody who is inside turns back and no window ends."""
    steps, whole = made.world.steps.copy(), made.world.whole.copy()
    there = made.world.elsewhere.copy()
    out = (steps[:, c.KIND] == c.CROSSES) & (steps[:, c.DIRECTION] == c.OUT)
    steps[out, c.LATEST] = c.NEVER
    there[:, :, c.LATEST_THERE] = c.NEVER
    whole[c.OVERRUN], whole[c.TURN_BACK] = 1, 0
    return evolve(made, world=made.world._replace(steps=steps, whole=whole, elsewhere=there))


def margin_of(
    corridor: str, clear: Ints, stuck: Sequence[bool] | NDArray[np.bool_], limit: float
) -> Margin:
    """The margin from the minutes at which the last is out after the close, day by day."""
    many = len(clear)
    minutes = np.where(stuck, c.NEVER, clear)
    latest_first = np.sort(minutes)[::-1]
    may_be_late = allowed(many, limit)
    extra: int | None = None
    if may_be_late >= 0 and c.NEVER_CLEARED < latest_first[may_be_late] < c.NEVER:
        extra = int(latest_first[may_be_late])
    out = minutes[(minutes < c.NEVER) & (minutes > c.NEVER_CLEARED)]
    of_those_out = None
    if 0 <= may_be_late < len(out):
        of_those_out = int(np.sort(out)[::-1][may_be_late])
    p50 = p90 = None
    if len(out):
        p50, p90 = (int(m) for m in np.percentile(out, (50, 90), method="inverted_cdf"))
    return Margin(
        corridor, Likelihood(int((minutes > 0).sum()), many),
        Likelihood(int((minutes >= c.NEVER).sum()), many), p50, p90, extra, needed(limit),
        of_those_out,
    )


def allowed(replications: int, limit: float) -> int:
    """How many may be late for the upper limit to be under the limit; -1: too few replications."""
    late = -1
    while late + 1 < replications and upper_limit(late + 1, replications) <= limit:
        late += 1
    return late


def needed(limit: float) -> int:
    """The least replications with which a chance can be shown to be under a limit at all."""
    many = max(1, int(np.floor(np.log(0.05) / np.log1p(-limit))) - 1)
    while upper_limit(0, many) > limit:
        many += 1
    return many
