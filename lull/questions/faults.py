"""All that is wrong with lists of reports and of what was notified, said at once and in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal
from lull.questions.reports import Notified, Report, wrong_names, wrong_notified
from lull.questions.underway import Reading

PLACE = re.compile(r"^(?P<file>.*?), (?:line|entry) (?P<number>\d+):")


def faults(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], notified: Sequence[Notified] = (),
    *, formal: Iterable[str] = (), doubtful: Sequence[Report] = (),
) -> tuple[str, ...]:
    """Every fault: what cannot be read, does not exist, is not past or fits no round of the plan.

    `formal` are faults that were found when the lists were read, `doubtful` reports of which only
    the names could be read. What stands in one line of a list is said together.
    """
    found = [*formal, *wrong_names(case, plan, now, (*reports, *doubtful)),
             *wrong_notified(case, notified)]
    sound = [r for r in reports if not list(wrong_names(case, plan, now, (r,), alone=True))]
    reading = Reading(case, plan, now, sound)
    reading.read_all()
    found += reading.unfit()
    return tuple(sorted(dict.fromkeys(found), key=_place))


def refuse_faults(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], notified: Sequence[Notified]
) -> None:
    """Raise Refusal with all that does not belong to the plan, to the case, or to the past."""
    if wrong := faults(case, plan, now, reports, notified):
        raise Refusal("\n".join(wrong))


def _place(fault: str) -> tuple[str, int]:
    where = PLACE.match(fault)
    return (where["file"], int(where["number"])) if where else ("", 0)
