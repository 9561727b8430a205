"""`sensitivity`: which assumed inputs the headline turns on, so that these are found out first.

Each input is set to a low and to a high value, the others as they are, and the same days are
simulated again; where the plan rests on the input, it is made again too.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal, require_one_of
from lull.domain.rules import judge
from lull.plan import make_plan
from lull.questions.days import NAMED, NamedPolicy
from lull.questions.inputs import Input, inputs
from lull.questions.runs import Told, silent
from lull.simulate import Band, Executor, Likelihood, Outcome, Uncertainty, simulate

REPLICATIONS = 2000
HEADLINES = {"people": "arrived", "patients": "patients arrived", "tonnes": "aid delivered"}
"""The measure of each headline."""


@frozen
class Side:
    """An input at one of its ends: the mean headline, its change from the base, and the chance that
    anyone is inside or unsheltered at the end. `planned` is what the new plan says (None: the plan
    is the same); `words` says why there is nothing."""

    mean: float
    change: float
    half_width: float
    caught: Likelihood | None
    planned: float | None = None
    words: str = ""


@frozen
class Turn:
    """One input and what the headline is at its low and at its high."""

    input: Input
    low: Side
    high: Side

    @property
    def swing(self) -> float:
        """How far apart the headline gets between low, base and high."""
        ends = (0.0, self.low.change, self.high.change)
        return max(ends) - min(ends)

    @property
    def sure(self) -> bool:
        """Whether the larger change is more than its own error."""
        side = max((self.low, self.high), key=lambda one: abs(one.change))
        return abs(side.change) > side.half_width


@frozen(eq=False)
class Sensitivity:
    """The inputs, the one on which the headline turns most first."""

    headline: str
    day: NamedPolicy
    base: Band
    planned: float
    caught: Likelihood
    turns: tuple[Turn, ...]
    replications: int
    work: int
    seed: int
    stopped: bool


def sensitivity(
    case: Case,
    plan: Plan | None = None,
    uncertainty: Uncertainty = Uncertainty(),  # noqa: B008 - frozen
    day: NamedPolicy = NAMED["day"],
    *,
    headline: str = "people",
    replications: int = REPLICATIONS,
    work: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Told = silent,
    stop: Callable[[], bool] | None = None,
) -> Sensitivity:
    """Rank the assumed inputs by how far the mean headline moves between their low and their high.

    All runs draw the same numbers. Where a plan is made again, with `work`, its days are compared
    with those of a plan made in the same way from the case as it is, so that a better or worse
    search is not taken for the input's doing; and where that plan keeps the rules with the input
    changed, the better of the two counts, as nobody would go over to a worse one. When `stop()`
    turns true the inputs looked at until then are ranked. Raises Refusal for a headline that there
    is not and for a plan that moves nobody.
    """
    require_one_of(headline, HEADLINES, "The headline")
    looked = _Looked(case, uncertainty, day, HEADLINES[headline], replications, work, seed,
                     executor)
    halted = stop or (lambda: False)
    made = looked.make(case)
    base = looked.days(case, plan or made, uncertainty)
    again = base if plan is None else looked.days(case, made, uncertainty)
    moved = inputs(case)
    turns = []
    for n, one in enumerate(moved):
        progress(one.name, n, len(moved))
        if halted():
            break
        start = again if one.replans else base
        sides = (looked.side(one, change, made if one.replans else plan or made, base, start)
                 for change in (one.low, one.high))
        turns.append(Turn(one, *sides))
    return Sensitivity(
        headline, day, base.band(looked.measure), looked.planned(base), base.anyone_caught(),
        tuple(sorted(turns, key=lambda turn: -turn.swing)), replications, work, seed, halted())


@frozen(eq=False)
class _Looked:
    """What stays the same in all runs."""

    case: Case
    uncertainty: Uncertainty
    day: NamedPolicy
    measure: str
    replications: int
    work: int
    seed: int
    executor: Executor | None

    def make(self, case: Case) -> Plan:
        """A plan of a case; the bound is not needed here."""
        result = make_plan(case, work=self.work, seed=self.seed, stop_bound=lambda: True)
        if result.refused:
            raise Refusal(" ".join(result.refused))
        return result.plan

    def days(self, case: Case, plan: Plan, doubt: Uncertainty) -> Outcome:
        """The same days for a plan."""
        return simulate(case, plan, doubt, self.day.policy, replications=self.replications,
                        seed=self.seed, executor=self.executor)

    def planned(self, of: Outcome) -> float:
        """What a plan says of the headline."""
        of_plan = {"arrived": of.persons, "patients arrived": of.patients,
                   "aid delivered": of.tonnes}
        return float(of_plan[self.measure])

    def best(self, case: Case, plan: Plan, doubt: Uncertainty) -> Outcome:
        """The better of a plan made for a case and of one that is there, if that keeps its rules.
        """
        found = [self.days(case, self.make(case), doubt)]
        if not judge(case, plan):
            found.append(self.days(case, plan, doubt))
        return max(found, key=lambda one: float(one.values(self.measure).mean()))

    def side(
        self, one: Input, change: Callable[[Case, Uncertainty], tuple[Case, Uncertainty]],
        plan: Plan, base: Outcome, start: Outcome,
    ) -> Side:
        """The days with an input at one end, beside those of `start`; the change is added to
        `base`."""
        case, doubt = change(self.case, self.uncertainty)
        mean = float(base.values(self.measure).mean())
        try:
            there = self.best(case, plan, doubt) if one.replans else self.days(case, plan, doubt)
        except Refusal as refusal:
            lost = -float(start.values(self.measure).mean())
            return Side(mean + lost, lost, 0.0, None, words=str(refusal))
        difference: NDArray[np.float64] = there.values(self.measure) - start.values(self.measure)
        band = Band.of(difference)
        return Side(mean + band.mean, band.mean, band.half_width, there.anyone_caught(),
                    self.planned(there) if one.replans else None)
