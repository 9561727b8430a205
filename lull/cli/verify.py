"""`lull verify`: does a plan keep every rule?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.answers import violation
from lull.cli.console import console, print_json
from lull.cli.exits import BROKEN_RULE, DONE
from lull.cli.folder import FOLDER, PLAN, How, json_option, open_folder, open_plan, reading_options
from lull.cli.headline import show_violations
from lull.cli.saved import bounds_again
from lull.domain.rules import RULES, judge


@click.command("verify")
@FOLDER
@PLAN
@reading_options
@click.option(
    "--bound", is_flag=True,
    help="Work every printed bound out again from bound.json, without any solver; PLAN is then "
    "the folder that lull plan wrote.",
)
@json_option("verify")
def command(folder: Path, plan: Path, how: How, bound: bool, as_json: bool) -> int:
    """Check PLAN (a plan.json, or the folder that holds one) against every rule of FOLDER.

    The rules share nothing with the planner, so a plan may come from anywhere.

    \b
    Examples:
      lull verify my-pause out/my-pause/plan.json
      lull verify my-pause out/my-pause --bound
      lull verify my-pause changed-by-hand.json --json

    \b
    Exit codes: 0 every rule is kept (and every bound holds); 1 a rule is broken or a bound does
    not hold; 2 the folder, the plan or its bounds cannot be read or do not belong together.
    """

    opened = open_folder(folder, how, as_json=as_json)
    case = opened.case
    breaches = judge(case, open_plan(plan, case, how))
    answer = schemas.VerifyAnswer(
        folder=str(folder),
        plan=str(plan),
        keeps_every_rule=not breaches,
        rules=[rule.name for rule in RULES],
        violations=[violation(v, case.pause) for v in breaches],
        bounds=bounds_again(plan, opened, how) if bound else None,
    )
    if as_json:
        print_json(answer)
    else:
        _show(answer)
    wrong = [b for b in answer.bounds or () if not b.holds]
    return BROKEN_RULE if breaches or wrong else DONE


def _show(answer: schemas.VerifyAnswer) -> None:
    _show_rules(answer)
    if answer.bounds is not None:
        _show_bounds(answer.bounds)


def _show_bounds(bounds: Sequence[schemas.BoundAnswer]) -> None:
    out = console()
    for one in bounds:
        if one.again is None:
            out.print(f"{one.what} ({one.consents}): {one.stated:,.3f} is stated, and nothing is "
                      "saved from which it would follow.")
        elif not one.holds:
            out.print(f"{one.what} ({one.consents}): {one.stated:,.3f} is stated, but from the "
                      f"prices saved it follows only that no plan exceeds {one.again:,.3f}.")
    held = sum(one.holds for one in bounds)
    out.print(f"{held} of {len(bounds)} bounds follow again from the prices in bound.json, worked "
              "out without a solver.")


def _show_rules(answer: schemas.VerifyAnswer) -> None:
    out = console()
    if answer.keeps_every_rule:
        out.print(f"{answer.plan} keeps all {len(answer.rules)} rules of {answer.folder}.")
        return
    show_violations(out, [(v.rule, v.when, v.sentence) for v in answer.violations])
    broken = {v.rule for v in answer.violations}
    out.print()
    out.print(
        f"{answer.plan} is no plan for {answer.folder}: {len(answer.violations)} "
        f"breach{'es' if len(answer.violations) > 1 else ''} of {len(broken)} of "
        f"{len(answer.rules)} rules."
    )
