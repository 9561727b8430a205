"""Plans made anew on bad days drawn by chance: how many are left with a broken rule, and which.

python -m bench.replans                 sixteen towns, fifteen days each
python -m bench.replans --towns 4 --days 5

A day has one to three reports of delays, breakdowns and closures. What was broken by then is told
apart from what is still ahead.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence

from attrs import frozen

from lull.cli.console import console, table
from lull.domain.rules import judge
from lull.plan import make_plan
from lull.questions.replan import NewPlan, replan
from lull.questions.reports import Happened
from tests.questions.bad_days import bad_day
from tests.questions.towns import small_town

TOWNS, DAYS, WORK = 16, 15, 5


@frozen
class Left:
    """A day: whether a corridor closed on it, and the rules that its new plan leaves broken."""

    closure: bool
    ahead: tuple[str, ...]
    past: tuple[str, ...]


def left_by(made: NewPlan, *, closure: bool) -> Left:
    """What a new plan leaves broken."""
    past = {v.rule for v in made.stands if v.when_minute is not None and v.when_minute < made.now}
    return Left(closure, tuple(sorted({v.rule for v in made.stands if v.when_minute is None
                                       or v.when_minute >= made.now})), tuple(sorted(past)))


def days(towns: int, many: int) -> list[Left]:
    """Every town's days."""
    found = []
    for town in range(towns):
        case = small_town(town, corridors=1 + town % 3, minutes=240)
        plan = make_plan(case, work=3, stop_bound=lambda: True).plan
        if judge(case, plan) or not plan.convoys:
            continue
        for day in range(many):
            now, reports = bad_day(case, plan, random.Random(1000 * town + day))
            found.append(left_by(replan(case, plan, now, reports, work=WORK),
                                 closure=any(r.what is Happened.CLOSED for r in reports)))
    return found


def main(words: Sequence[str]) -> int:
    """Draw the days and say what is left."""
    parser = argparse.ArgumentParser(prog="python -m bench.replans")
    parser.add_argument("--towns", type=int, default=TOWNS)
    parser.add_argument("--days", type=int, default=DAYS)
    options = parser.parse_args(words)
    found = days(options.towns, options.days)
    rows = []
    for name, some in (("without a closure", [d for d in found if not d.closure]),
                       ("with a closure", [d for d in found if d.closure])):
        rules = Counter(rule for d in some for rule in d.ahead)
        rows.append((name, len(some), sum(bool(d.ahead or d.past) for d in some),
                     sum(bool(d.ahead) for d in some),
                     ", ".join(f"{rule} {n}" for rule, n in rules.most_common())))
    names = ("days", "", "break a rule", "one still ahead", "which are ahead")
    console().print(table(names, rows, right=names[1:4]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
