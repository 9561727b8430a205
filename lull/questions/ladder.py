"""`stress --plan-for P90`: the plan that is best on nearly all days, not on paper.

Plans are made as if ways, boarding and checks took longer than likely (a share of the way to the
high times) and with margins, and each is simulated on the same days. What counts is the figure that
is reached on so many days of a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from attrs import frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal, require
from lull.domain.rules import judge
from lull.plan import make_plan
from lull.questions.days import NamedPolicy
from lull.questions.margined import earlier
from lull.questions.moved_times import moved_times
from lull.questions.runs import Told, silent
from lull.simulate import Executor, Likelihood, Outcome, Uncertainty, simulate

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How far times are moved from likely towards high."""
MARGINS = (0, 20)
"""Minutes by which every corridor closes earlier in the plan."""
FINALISTS = 2
"""Candidates that are planned with the whole work, after all were judged on a first plan."""
ALIKE = 0.005
"""Part of a figure below which two plans are alike in it, and the next figure decides."""
ORDER = ("patients arrived", "arrived", "aid delivered")
"""What decides, in the order of the aims: lives, people, supplies."""


@frozen
class Rung:
    """A candidate: how far towards the high times, and with which margin, it was planned."""

    towards_high: float
    margin: int
    given: bool = False

    @property
    def words(self) -> str:
        """The candidate in words."""
        if self.given:
            return "the plan given"
        later = f", corridors {self.margin} minutes earlier" if self.margin else ""
        return f"times {100 * self.towards_high:.0f} % of the way to high{later}"


@frozen(eq=False)
class Judged:
    """A candidate's plan on the days: what is reached on so many of a hundred, by measure."""

    rung: Rung
    work: int
    plan: Plan
    reached: dict[str, float]
    caught: Likelihood


@frozen(eq=False)
class PlanFor:
    """The best plan for `percent` days of a hundred, and all that it was chosen from."""

    percent: int
    best: Judged
    judged: tuple[Judged, ...]
    left_out: tuple[str, ...]


def percent_of(word: str) -> int:
    """The days of a hundred in a word such as P90; Refusal where it is none from P50 to P99."""
    number = word[1:] if word[:1] in {"P", "p"} else ""
    if not number.isdecimal() or not 50 <= int(number) <= 99:
        raise Refusal(f"{word!r} is no aim for a plan; give P90, or another from P50 to P99.")
    return int(number)


def plan_for(
    case: Case, plan: Plan, uncertainty: Uncertainty, day: NamedPolicy, percent: int, *,
    replications: int, work: int, seed: int, plan_seed: int = 0, executor: Executor | None = None,
    progress: Told = silent, stop: Callable[[], bool] | None = None,
) -> PlanFor:
    """Search the plan whose figures are best on `percent` days of a hundred.

    The plan given is one of the candidates, so that the answer is never worse than it on these
    days. All are judged by the rules on the case as it is; one that breaks a rule is left out.
    """
    require(50 <= percent <= 99, f"{percent} days of a hundred is not from 50 to 99.")
    halted = stop or (lambda: False)

    def judged(rung: Rung, of: Plan, spent: int) -> Judged:
        outcome = simulate(case, of, uncertainty, day.policy, replications=replications, seed=seed,
                           executor=executor)
        return Judged(rung, spent, of, _reached(outcome, percent), outcome.anyone_caught())

    def made(rung: Rung, effort: int) -> Judged | None:
        result = make_plan(earlier(moved_times(case, rung.towards_high),
                                   dict.fromkeys(case.corridors, rung.margin)),
                           work=effort, seed=plan_seed, stop=stop, stop_bound=lambda: True)
        moves = result.plan.vehicles or result.plan.parties
        if result.refused or not moves or judge(case, result.plan):
            return None
        return judged(rung, result.plan, effort)

    found, left = [judged(Rung(0.0, 0, given=True), plan, plan.work)], []
    rungs = [Rung(share, margin) for margin in MARGINS for share in SHARES]
    for n, rung in enumerate(rungs):
        progress(f"a plan for {rung.words}", n, len(rungs) + FINALISTS)
        if halted():
            break
        one = made(rung, 0)
        if one is None:
            left.append(f"{rung.words}: the plan found breaks a rule of the case as it is.")
        else:
            found.append(one)
    for n, rung in enumerate(_finalists(found) if work else ()):
        progress(f"the whole search for {rung.words}", len(rungs) + n, len(rungs) + FINALISTS)
        if not halted() and (whole := made(rung, work)) is not None:
            found.append(whole)
    return PlanFor(percent, best_of(found), tuple(found), tuple(left))


def _finalists(found: Sequence[Judged]) -> Iterator[Rung]:
    rest = [one for one in found if not one.rung.given]
    for _ in range(min(FINALISTS, len(rest))):
        first = best_of(rest)
        yield first.rung
        rest.remove(first)


def _reached(outcome: Outcome, percent: int) -> dict[str, float]:
    """What is reached or exceeded on so many days of a hundred."""
    return {name: float(np.percentile(outcome.values(name), 100 - percent, method="inverted_cdf"))
            for name in ORDER}


def best_of(found: Sequence[Judged]) -> Judged:
    """The best by the first figure; among those alike in it by the next; then the least caught."""
    left = list(found)
    for name in ORDER:
        most = max(one.reached[name] for one in left)
        left = [one for one in left if one.reached[name] >= most * (1 - ALIKE) - 1e-9]
    return min(left, key=lambda one: (one.caught.count, -one.reached["arrived"]))
