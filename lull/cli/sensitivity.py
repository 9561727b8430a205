"""`lull sensitivity`: which assumed input to find out first."""

from __future__ import annotations

from pathlib import Path

import click

from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.questions.sensitivity import SensitivityAnswer, answer
from lull.cli.spread.options import Where, cluster_options
from lull.cli.stress import PLAN_OPTION, POLICY_OPTION, hash_of, the_plan
from lull.questions import named, sensitivity
from lull.questions.sensitivity import HEADLINES, REPLICATIONS
from lull.simulate import NOT_MODELLED


@click.command("sensitivity")
@PLAN_OPTION
@click.option(
    "--headline", type=click.Choice(list(HEADLINES)), default="people", show_default=True,
    help="The figure that is watched.")
@click.option(
    "--replications", type=click.IntRange(min=2), default=REPLICATIONS, show_default=True,
    help="How many days are simulated for each end of each input.")
@POLICY_OPTION
@cluster_options
@question_options("sensitivity")
def command(
    frame: Frame, plan_path: Path | None, headline: str, replications: int,
    policy: tuple[str, ...], where: Where,
) -> int:
    """Rank what is assumed in FOLDER by how far the headline turns on it.

    Each input goes to a low and a high value, the others as they are, and the same days are
    simulated again; where the plan rests on it, it is made again, with --work (0 unless given: a
    first plan without search). What stands at the top is what to find out first.

    \b
    Examples:
      lull sensitivity my-pause --plan out/my-pause
      lull sensitivity my-pause --headline patients --out out/my-pause
      lull sensitivity my-pause --json | jq '.inputs[0]'

    \b
    Exit codes: 0 answered; 2 the folder or the plan cannot be read, or the plan breaks a rule.
    """
    day = named(policy)
    own = {"plan": plan_path, "headline": headline,
           "replications": replications, "policy": list(policy)}

    def find(run: Run) -> SensitivityAnswer:
        plan = None if plan_path is None else the_plan(run, frame, plan_path)[0]
        with run.spread() as pool:
            found = sensitivity(
                run.case, plan, day=day, headline=headline, replications=replications,
                work=frame.work or 0, seed=frame.seed, executor=pool, progress=run.progress,
                stop=run.stop)
        return answer(found, "made here" if plan_path is None else plan_path.name, NOT_MODELLED)

    return ask("sensitivity", frame, own, find, beside=hash_of(plan_path), where=where,
               given=(plan_path,))
