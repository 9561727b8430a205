"""Jobs that plan: the plan, its report, and drafts of the notifications that it amounts to."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from lull.cli.answers import Planned, plan_answer
from lull.cli.deadline import Effort
from lull.cli.folder import Opened
from lull.cli.notices import answer as notices
from lull.cli.planning import READING_OF, plan_all
from lull.cli.report import report_input
from lull.cli.working.doing import NAME, Doing, Outcome
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.exchange.plan_write import plan_file
from lull.report.movements import Each
from lull.report.notices import Sender
from lull.report.page import page
from lull.store.jobs import DRAFTS, REPORT

NOT_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""When drafts were submitted that nobody has submitted."""


def plan(doing: Doing) -> Outcome:
    """Plan the pause; a plan that breaks a rule is no plan, and none is kept."""
    opened = doing.opened()
    # Nothing but seconds, or but work: with both, what came of work could not be had again.
    seconds = doing.options.get("seconds") or (doing.seconds if doing.work is None else None)
    planned = plan_all(opened, READING_OF[doing.consents],
                       Effort(doing.work, doing.seed, seconds), progress=doing.steps,
                       asked=doing.stop)
    result = planned.main.result
    sound = not planned.violations and not result.refused
    made = plan_file(result.plan, planned.case, result=result, folder_hash=planned.folder_hash,
                     consents=planned.main.reading.value)
    answer = {"answer": plan_answer(planned).model_dump(mode="json", by_alias=True),
              "plan": made.model_dump(mode="json") if sound else None}
    if not sound:
        return Outcome.of(answer)
    doing.steps("writing the report")
    return Outcome.of(answer, **{
        REPORT: report_of(planned, opened), DRAFTS: drafts(planned.main.case, result.plan)})


def report_of(planned: Planned, opened: Opened) -> bytes:
    """The operator's report as one page."""
    return page(report_input(planned, opened, Path(NAME))).encode()


def drafts(case: Case, plan: Plan) -> bytes:
    """The drafts of both kinds as JSON, one after the other: by convoy, by corridor and day.

    Their points have an accuracy of 1 m until somebody says how accurate the folder's are.
    """
    made = [notices(case, plan, each, Sender(accuracy_m=1), NOT_YET) for each in Each]
    return ("[" + ",".join(one.model_dump_json() for one in made) + "]").encode()
