"""What `lull plan` does, without its words: one plan a reading of the consents, each judged."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import evolve, frozen

from lull.cli.answers import Planned
from lull.cli.deadline import UNLIMITED_WORK, Clock, Deadline, Effort
from lull.cli.folder import Opened
from lull.cli.progress import Steps
from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.domain.rules import RULES, judge
from lull.plan import make_plan
from lull.plan.progress import Standing
from lull.plan.result import Result
from lull.questions.sweep import same_ways
from lull.report.model import Column

READING_OF = {
    "recorded": Consents.RECORDED,
    "declared": Consents.DECLARED,
    "all-met": Consents.ALL_MET,
}
"""The readings of the consents, by the word that the command line takes for each."""

READINGS = tuple(READING_OF.values())
EMPTY = Result(plan=Plan())
STOPPED = Result(plan=Plan(), refused=("stopped before it was planned",))


def plan_all(
    opened: Opened,
    main: Consents,
    effort: Effort,
    *,
    progress: Steps | None,
    asked: Callable[[], bool],
    clock: Clock = time.monotonic,
) -> Planned:
    """Plan the main reading first, then the other two, and judge each plan.

    Readings that open the same corridors to the same users share one plan. The effort's seconds
    are those of the main reading; the others get the work that it took, so that work alone gives
    all three again. Once the user has asked for an end, what has not been planned is left out and
    says so.
    """

    began = clock()
    deadline = Deadline(effort, asked, clock)
    found = {main: _column(opened.case.on(main), main, [], deadline, progress)}
    spent = _spent(found[main].result, deadline)
    if progress:
        progress.no_limit()
    for consents in (r for r in READINGS if r is not main):
        found[consents] = _column(
            opened.case.on(consents),
            consents,
            list(found.values()),
            Deadline(spent, asked, clock),
            progress,
        )
    if progress:
        progress("checking the plan against every rule")
    return judged(
        opened,
        found[main],
        tuple(found[reading] for reading in READINGS),
        work=spent.most_work,
        seed=effort.seed,
        bound_work=spent.bound_work,
        seconds=clock() - began,
    )


def _spent(result: Result, deadline: Deadline) -> Effort:
    """The effort, in work alone, that gives a result again."""
    effort = deadline.effort
    ran = result is not EMPTY and not result.refused
    work = result.plan.work if ran else effort.work
    cut = ran and deadline.bound_cut
    return Effort(work, effort.seed, None, deadline.bound_steps if cut else effort.bound_work)


def word_of(reading: Consents) -> str:
    """The word that the command line takes for a reading."""
    return next(word for word, of in READING_OF.items() if of is reading)


def judged(
    opened: Opened,
    main: Column,
    columns: tuple[Column, ...],
    *,
    work: int,
    seed: int,
    bound_work: int | None,
    seconds: float,
) -> Planned:
    """What was planned, each plan checked against every rule.

    Breaches of the main plan are listed. The plan of another reading that breaks a rule is set
    aside, so that no figure of it is shown.
    """
    violations = tuple(judge(main.case, main.result.plan))
    return Planned(
        case=opened.case,
        main=main,
        columns=tuple(c if c.result is main.result else _sound(c) for c in columns),
        violations=violations,
        rules=RULES,
        warnings=opened.warnings,
        work=work,
        seed=seed,
        bound_work=bound_work,
        seconds=seconds,
        folder_hash=opened.reading.content_hash,
    )


def _sound(column: Column) -> Column:
    """The column, or one without a plan if its plan breaks a rule of its own case.

    Where no corridor may be used nothing moves, and there is no plan to judge.
    """
    if not column.case.corridors:
        return column
    broken = sorted({breach.rule for breach in judge(column.case, column.result.plan)})
    if not broken:
        return column
    why = f"the plan found breaks a rule ({', '.join(broken)}), so it is set aside"
    return evolve(column, result=Result(plan=Plan(), refused=(why,)))


def _column(
    case: Case,
    consents: Consents,
    before: list[Column],
    deadline: Deadline,
    progress: Steps | None,
) -> Column:
    for earlier in before:
        if same_ways(earlier.case, case):
            return Column(consents, case, earlier.result)
    if not case.corridors:
        return Column(consents, case, EMPTY)
    if before and deadline.asked():
        return Column(consents, case, STOPPED)
    if progress:
        progress.another_plan()
    result = make_plan(
        case,
        work=deadline.effort.most_work,
        seed=deadline.effort.seed,
        progress=_Reading(consents.value, deadline, progress),
        stop=deadline.stop_search,
        stop_bound=deadline.stop_bound,
    )
    early = result.interrupted and deadline.asked()  # an end by the clock is what was asked for
    return Column(consents, case, evolve(result, interrupted=early))


@frozen
class _Reading:
    """Passes on how the plan of one reading stands; the deadline hears of the first whole plan."""

    name: str
    deadline: Deadline
    to: Steps | None

    def step(self, what: str, done: int, total: int) -> None:
        if self.to:
            known = total < UNLIMITED_WORK // 1000
            self.to.step(f"{self.name}: {what}", done, total if known else 0)

    def standing(self, standing: Standing) -> None:
        self.deadline.first_plan_is_whole()
        if self.to:
            self.to.standing(standing)
