"""What rules cost: buses alone, planned without a rule, beside the bound without it.

python -m bench.without                          m-free-1, 11 sets of rules, 60 s each: 11 minutes
python -m bench.without m-gate-1 --seconds 20
python -m bench.without --record                 keep the runs and make README.md anew

A rule that costs a plan much and the bound little is one that the bound knows too little of; a rule
without which neither gains stands in the shadow of another. Prints a table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from bench.one import case_of
from bench.without.page import HEAD, Run, record, rows
from bench.without.rules import SETS, buses_alone, without
from lull.cli.console import console, table
from lull.cli.deadline import Deadline, Effort
from lull.domain.rules import judge
from lull.plan import make_plan
from lull.plan.progress import Standing


class Watch:
    """Lets the clock run from the first whole plan on."""

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline

    def step(self, what: str, done: int, total: int) -> None:
        """Steps are not shown."""

    def standing(self, standing: Standing) -> None:
        """The first plan stands."""
        self.deadline.first_plan_is_whole()


def run(name: str, names: tuple[str, ...], seconds: float) -> Run:
    """Plan the buses of a case without some rules."""
    case = without(buses_alone(case_of(name)[0]), names)
    deadline = Deadline(Effort(None, 0, seconds), lambda: False, time.perf_counter)
    result = make_plan(case, work=deadline.effort.most_work, progress=Watch(deadline),
                       stop=deadline.stop_search, stop_bound=deadline.stop_bound)
    tier = max((t for t in result.tiers if t.bound is not None), key=lambda t: t.bound or 0.0)
    wishing = sum(group.wishing for group in case.groups.values())
    out = wishing - sum(x.number for x in result.left if x.unit == "persons")
    return Run(name, "+".join(names), seconds, tier.name, round(tier.value, 1),
               round(tier.bound or 0.0, 1), out, len(judge(case, result.plan)))


def main(words: Sequence[str]) -> int:
    """Run set after set and print the table; code 1 where a plan breaks a rule that is left."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.without", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", default=["m-free-1"])
    parser.add_argument("--seconds", type=float, default=60.0, help="for each run")
    parser.add_argument("--record", action="store_true", help="keep the runs, make README.md anew")
    asked = parser.parse_args(words)
    done: list[Run] = []
    for name in asked.cases:
        for names in SETS:
            done.append(run(name, names, asked.seconds))
            if asked.record:
                record(done[-1:])
            print(f"{name} without {', '.join(names) or 'nothing'}: {done[-1].value:,.0f} of "
                  f"{done[-1].bound:,.0f}", file=sys.stderr, flush=True)
    console().print(table(HEAD, rows(done), right=HEAD[3:]))
    return 1 if any(one.violations for one in done) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
