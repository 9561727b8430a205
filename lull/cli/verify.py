"""`lull verify`: does a plan keep every rule?"""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.answers import violation
from lull.cli.console import console, print_json
from lull.cli.exits import BROKEN_RULE, DONE
from lull.cli.folder import FOLDER, PLAN, How, json_option, open_folder, open_plan, reading_options
from lull.cli.headline import show_violations
from lull.domain.rules import RULES, judge


@click.command("verify")
@FOLDER
@PLAN
@reading_options
@json_option("verify")
def command(folder: Path, plan: Path, how: How, as_json: bool) -> int:
    """Check PLAN (a plan.json, or the folder that holds one) against every rule of FOLDER.

    The rules share nothing with the planner, so a plan may come from anywhere.

    \b
    Examples:
      lull verify my-pause out/my-pause/plan.json
      lull verify my-pause changed-by-hand.json --json

    \b
    Exit codes: 0 every rule is kept; 1 a rule is broken; 2 the folder or the plan cannot be read.
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
    )
    if as_json:
        print_json(answer)
    else:
        _show(answer)
    return BROKEN_RULE if breaches else DONE


def _show(answer: schemas.VerifyAnswer) -> None:
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
