"""Bad days drawn by chance: delays, breakdowns and closures that fit a plan at a minute."""

from __future__ import annotations

import random

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.questions.reports import EVERYBODY, Report
from lull.questions.underway import Group, groups_of, home


def bad_day(case: Case, plan: Plan, rng: random.Random) -> tuple[int, list[Report]]:
    """A minute of the day, and one to three reports by then beside «all else as planned»."""
    groups = groups_of(plan)
    first, last = groups[0].begins, max(g.begins for g in groups)
    now = rng.randrange(first + 10, last + 40)
    under_way = [g for g in groups if g.begins < now - 2 and any(
        home(case, v, steps) > now for v, steps in g.steps.items())]
    reports = [Report(now, "as_planned", EVERYBODY)]
    for _ in range(rng.choice([1, 1, 2, 3])):
        what = rng.choice(["delayed", "delayed", "delayed", "broken_down", "closed"])
        if what == "closed":
            reports.append(Report(now - 1, "closed", rng.choice(sorted(case.corridors))))
        elif under_way:
            group: Group = rng.choice(under_way)
            vehicle = rng.choice(sorted(group.steps))
            if what == "delayed":
                reports.append(Report(now - 1, what, vehicle, minutes=rng.choice(
                    [3, 7, 12, 20, 35])))
            else:
                reports.append(Report(rng.randrange(group.begins + 1, now), what, vehicle))
    return now, reports
