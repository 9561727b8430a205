"""What `lull plan` does, without its words: one plan a reading of the consents, each judged."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import evolve

from lull.cli.answers import Planned
from lull.cli.folder import Opened
from lull.cli.progress import Steps
from lull.domain.case import Case
from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.domain.rules import RULES, judge
from lull.plan import make_plan
from lull.plan.result import Result
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
    *,
    work: int,
    seed: int,
    progress: Steps | None,
    stop: Callable[[], bool],
) -> Planned:
    """Plan the main reading first, then the other two, and judge each plan.

    Readings that open the same corridors to the same users share one plan. Once `stop` says so,
    what has not been planned is left out and says so.
    """

    began = time.monotonic()
    found: dict[Consents, Column] = {}
    for consents in (main, *(r for r in READINGS if r is not main)):
        found[consents] = _column(
            opened.case.on(consents),
            consents,
            list(found.values()),
            work=work,
            seed=seed,
            progress=progress,
            stop=stop,
        )
    if progress:
        progress("checking the plan against every rule")
    return judged(
        opened,
        found[main],
        tuple(found[reading] for reading in READINGS),
        work=work,
        seed=seed,
        seconds=time.monotonic() - began,
    )


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
        work=main.result.plan.work or work,
        seed=seed,
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
    *,
    work: int,
    seed: int,
    progress: Steps | None,
    stop: Callable[[], bool],
) -> Column:
    def told(what: str, done: float, total: float) -> None:
        if progress:
            progress(f"{consents.value}: {what}", done, total)

    for earlier in before:
        if _same_ways(earlier.case, case):
            return Column(consents, case, earlier.result)
    if not case.corridors:
        return Column(consents, case, EMPTY)
    if before and stop():
        return Column(consents, case, STOPPED)
    result = make_plan(case, work=work, seed=seed, progress=told, stop=stop)
    return Column(consents, case, result)


def _same_ways(one: Case, other: Case) -> bool:
    return {k: c.users for k, c in one.corridors.items()} == {
        k: c.users for k, c in other.corridors.items()
    }
