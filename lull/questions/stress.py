"""`stress`: a plan under uncertainty: its figures, who may be caught, why, and what would help.

Only delays are modelled; every chance says so (`Stress.said`).
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import require
from lull.questions.days import NAMED, NamedPolicy
from lull.questions.fan import Fan, fan
from lull.questions.on_corridor import OnCorridor, by_corridor
from lull.questions.runs import Ran, Told, Tried, silent
from lull.simulate import (
    MEASURES,
    NOT_MODELLED,
    Band,
    Cause,
    Executor,
    Likelihood,
    Outcome,
    Uncertainty,
    Until,
    causes,
    simulate,
)
from lull.simulate.margins import DEFAULT_LIMIT, needed
from lull.simulate.split import MOST_DAYS
from lull.simulate.tiers import LOWEST, by_day

REPLICATIONS = 10_000
"""Replications unless told otherwise: with so many, four late days still show 1 in 1,000."""


def days_for(limit: float) -> int:
    """Replications unless told otherwise, for a limit: no fewer than can show a chance under it.

    No more than `split.MOST_DAYS`; where these are too few, the answer says how many it takes.
    """
    return max(REPLICATIONS, min(needed(limit), MOST_DAYS))


MOST_FOR_CAUSES = 2000
MOST_FOR_POLICIES = 5000
"""Replications of what is compared with common numbers, where fewer are enough."""

PLANNED = {"arrived": "persons", "patients arrived": "patients", "aid delivered": "tonnes"}
"""Measures of which the plan says a figure, by the name of the outcome's field."""


@frozen
class Figure:
    """A figure of the day: what the plan says (None: it says none), and what the days gave."""

    name: str
    unit: str
    planned: float | None
    band: Band


@frozen(eq=False)
class Stress:
    """What the days gave.

    `precise`: whether the half-width that was asked for was reached (None: none was asked for).
    `inside`, `unsheltered` and `caught` (either) are chances that it is anyone at all, crews
    included. `tried` are other policies, where this one leaves the chance above the limit.
    """

    day: NamedPolicy
    limit: float
    replications: int
    seed: int
    precise: bool | None
    figures: tuple[Figure, ...]
    inside: Likelihood
    unsheltered: Likelihood
    caught: Likelihood
    corridors: tuple[OnCorridor, ...]
    causes: tuple[Cause, ...]
    tried: tuple[Tried, ...]
    fan: Fan
    outcome: Outcome
    stopped: bool = False
    said: str = NOT_MODELLED
    rests_on: str = (
        "Simulated. The times (low, likely, high) are the folder's; how they spread, breakdowns, "
        "halts, closures and who does not come are assumed (docs/mathematics/simulation.md)."
    )

    def figure(self, name: str) -> Figure:
        """One of the figures by its name."""
        return next(figure for figure in self.figures if figure.name == name)


def stress(
    case: Case,
    plan: Plan,
    uncertainty: Uncertainty = Uncertainty(),  # noqa: B008 - frozen
    day: NamedPolicy = NAMED["day"],
    *,
    replications: int = REPLICATIONS,
    half_width: float | None = None,
    seed: int = 0,
    limit: float = DEFAULT_LIMIT,
    executor: Executor | None = None,
    progress: Told = silent,
    stop: Callable[[], bool] | None = None,
) -> Stress:
    """Simulate a plan many times: bands of every figure, chances, causes, margins.

    `half_width` (persons) ends earlier, once the 95 % interval of the mean of those who arrive is
    so narrow. `limit` is the chance per corridor under which a margin is to bring it. When `stop()`
    turns true, the days finished by then are taken, and what has not been begun is left out. The
    same arguments give the same answer, whatever the executor. Raises Refusal for numbers that make
    no sense and for a plan that moves nobody.
    """
    require(0 < limit < 1, f"The limit {limit:g} must lie between 0 and 1, such as 1/1000.")
    ran = Ran(case, plan, uncertainty, seed, executor, progress)
    until = None if half_width is None else Until("arrived", half_width)
    outcome = simulate(case, plan, uncertainty, day.policy, replications=replications, seed=seed,
                       executor=executor, until=until, progress=ran.tells("the plan's days"),
                       stop=stop)
    many = outcome.replications
    few = min(many, MOST_FOR_CAUSES)
    halted = stop or _never
    found, split = ((), ()) if halted() else ran.split(day, many, limit)
    why = () if halted() else causes(
        case, plan, uncertainty, day.policy, replications=few, seed=seed, executor=executor,
        progress=ran.tells("what each source costs"))
    caught = outcome.anyone_caught()
    others = NAMED.values() if caught.upper > limit else ()
    tried = tuple(ran.tried(other, min(many, MOST_FOR_POLICIES), limit) for other in others
                  if other.policy != day.policy and not halted())
    return Stress(
        day, limit, many, seed, outcome.precise,
        (*figures_of(outcome), *aims_of(case, plan, outcome)), outcome.anyone_inside(),
        outcome.anyone_unsheltered(), caught,
        by_corridor(ran, day, outcome, found, split, limit, tried), why, tried,
        fan(case, plan, uncertainty, day.policy, replications=few, seed=seed, executor=executor),
        outcome, stopped=halted(),
    )


def _never() -> bool:
    return False


def aims_of(case: Case, plan: Plan, outcome: Outcome) -> tuple[Figure, ...]:
    """The value of each aim of the pause day by day, and the lowest share of a neighbourhood."""
    return tuple(
        Figure(f"aim: {one.name}" if one.name != LOWEST else one.name, one.unit, one.planned,
               Band.of(one.values))
        for one in by_day(case, plan, tuple(outcome.cells), outcome.delivered, outcome.totals,
                          tuple(outcome.cells.values())))


def figures_of(outcome: Outcome) -> tuple[Figure, ...]:
    """Every measure's band beside what the plan says."""
    return tuple(
        Figure(measure.name, measure.unit,
               float(getattr(outcome, PLANNED[measure.name])) if measure.name in PLANNED else None,
               outcome.band(measure.name))
        for measure in MEASURES)
