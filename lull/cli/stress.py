"""`lull stress`: a plan under uncertainty: what nearly all days reach, who may be caught, and why.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lull.cli.exits import BadInput
from lull.cli.folder import PLAN_FILE, How, open_plan
from lull.cli.planning import READING_OF
from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.questions.stress import (
    MarginedAnswer,
    PlanForAnswer,
    StressAnswer,
    answer,
    margined_answer,
    plan_for_answer,
)
from lull.cli.spread.options import Where, cluster_options
from lull.cli.spread.spread import Spread
from lull.cli.writing import require_writable, whole
from lull.domain.plan import Plan
from lull.domain.rules import judge
from lull.exchange import write_plan
from lull.plan import DEFAULT_WORK, make_plan
from lull.questions import named, plan_for, stress, with_margins
from lull.questions.ladder import percent_of
from lull.questions.stress import REPLICATIONS, days_for
from lull.simulate import ASSUMED, Uncertainty
from lull.simulate.split import MOST_DAYS

if TYPE_CHECKING:
    from lull.questions.days import NamedPolicy
    from lull.questions.stress import Stress

MOST_REPLICATIONS = 100_000
"""Where a half-width is asked for: as many as are made at most."""

FOR_CANDIDATES = 2000
"""Replications on which plans are compared; the days are the same for all."""


class Share(click.ParamType):
    """A chance, as a fraction (1/1000) or a number (0.001)."""

    name = "chance"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """A number between 0 and 1."""
        try:
            share = float(Fraction(str(value)))
        except (ValueError, ZeroDivisionError):
            self.fail(f"{value} is no chance; give one such as 1/1000.", param, ctx)
        if not 0 < share < 1:
            self.fail(f"{value} does not lie between 0 and 1; give a chance such as 1/1000.",
                      param, ctx)
        return share


PLAN_OPTION = click.option(
    "--plan", "plan_path", type=click.Path(path_type=Path), metavar="FILE",
    help="The plan.json to simulate, or the folder that holds it; without it one is made, with "
    "--work.")
POLICY_OPTION = click.option(
    "--policy", multiple=True, metavar="NAME|SETTING=VALUE",
    help="What is done on the day: day (the default), take-up, teams; and single settings such as "
    "wait_for_mates=30. May be given several times.")


@click.command("stress")
@PLAN_OPTION
@click.option(
    "--replications", type=click.IntRange(min=1),
    help=f"How many days are simulated.  [default: {REPLICATIONS}, or as many as a smaller --limit "
    f"takes to be shown, up to {MOST_DAYS}]")
@click.option(
    "--half-width", type=click.FloatRange(min=0, min_open=True), metavar="PERSONS",
    help="Simulate until the mean of those who arrive is known to within so many persons.")
@POLICY_OPTION
@click.option(
    "--limit", type=Share(), default="1/1000", show_default=True,
    help="The chance, in each corridor, under which a margin is to bring being late.")
@click.option(
    "--plan-with-margins", "margins_out", type=click.Path(path_type=Path, file_okay=False),
    metavar="OUT", help="Plan again with the margins, simulate that on the same days, and write "
    "its plan.json into this folder.")
@click.option(
    "--plan-for", "aim", metavar="P90",
    help="Search the plan whose figures are best on 90 days of a hundred (P50 to P99); with --out "
    "it is written there as plan-for-P90.json.")
@cluster_options
@question_options("stress")
def command(
    frame: Frame, plan_path: Path | None, replications: int | None, half_width: float | None,
    policy: tuple[str, ...], limit: float, margins_out: Path | None, aim: str | None,
    where: Where,
) -> int:
    """Simulate a plan for FOLDER on many days on which times, vehicles and corridors do not keep
    to it.

    Of every figure it prints what is reached on 10, 50 and 90 of a hundred days; how often anyone
    is inside or without shelter at the end, by corridor, with its upper limit; what each source of
    delay costs; and the margin that makes being late rare, or why none does. Every chance is of
    the modelled delays only: attack, breach and refusal are not in it.

    \b
    Examples:
      lull stress my-pause --plan out/my-pause
      lull stress my-pause --plan out/my-pause --policy teams --limit 1/500
      lull stress my-pause --plan out/my-pause --plan-with-margins out/safer
      lull stress my-pause --plan-for P90 --out out/my-pause
      lull stress my-pause --plan out/my-pause --half-width 20 --json | jq .caught.upper

    \b
    Exit codes: 0 answered; 2 the folder or the plan cannot be read, or the plan breaks a rule.
    """
    if replications and half_width:
        raise click.UsageError("Give --replications or --half-width, not both.")
    day, percent = named(policy), percent_of(aim) if aim else None
    many = replications or (MOST_REPLICATIONS if half_width else days_for(limit))
    if margins_out:
        require_writable(margins_out)
    own = {
        "plan": plan_path, "replications": replications,
        "half-width": half_width, "policy": list(policy), "limit": limit,
        "plan-with-margins": margins_out, "plan-for": aim,
    }

    def find(run: Run) -> StressAnswer:
        plan, work = the_plan(run, frame, plan_path)
        with run.spread() as pool:
            found = stress(
                run.case, plan, day=day, replications=many, half_width=half_width, seed=frame.seed,
                limit=limit, executor=pool, progress=run.progress, stop=run.stop)
            margined = None if margins_out is None or run.stop() else _margined(
                run, frame, found, margins_out, pool)
            best = None if percent is None or run.stop() else _plan_for(
                run, frame, plan, day, percent, many, pool)
        named_plan = "made here" if plan_path is None else plan_path.name
        return answer(found, named_plan, work, dict(ASSUMED), margined, best)

    return ask("stress", frame, own, find, beside=hash_of(plan_path),
               keep=not (margins_out or (percent and frame.out)), where=where, given=(plan_path,))


def hash_of(plan_path: Path | None) -> str:
    """A hash of a plan's file; empty without one, as what is missing is said when it is read."""
    if plan_path is None:
        return ""
    file = plan_path / PLAN_FILE if plan_path.is_dir() else plan_path
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def the_plan(run: Run, frame: Frame, path: Path | None) -> tuple[Plan, int]:
    """The plan that is asked about, read or made, and the work that makes it.

    Raises BadInput where there is none, or one that breaks a rule.
    """
    if path is not None:
        plan = open_plan(path, run.case, How(frame.how.cache, frame.how.secrets))
        broken = sorted({breach.rule for breach in judge(run.case, plan)})
        if broken:
            raise BadInput(
                f"The plan {path} breaks rules of {frame.folder} ({', '.join(broken)}), so it is "
                "no plan to simulate; lull verify says where.")
        return plan, plan.work
    effort = DEFAULT_WORK if frame.work is None else frame.work
    result = make_plan(run.case, work=effort, seed=frame.seed, stop=run.stop,
                       progress=run.progress, stop_bound=lambda: True)
    if result.refused:
        raise BadInput(" ".join(result.refused))
    return result.plan, result.plan.work


def _margined(
    run: Run, frame: Frame, found: Stress, out: Path, pool: Spread
) -> MarginedAnswer:
    made = with_margins(
        run.case, Uncertainty(), found.day,
        [one.margin for one in found.corridors if one.margin is not None], found.outcome,
        limit=found.limit, work=DEFAULT_WORK if frame.work is None else frame.work,
        seed=frame.seed, plan_seed=frame.seed, executor=pool, progress=run.progress, stop=run.stop)
    if made.plan is not None:
        _write(run, frame, made.plan, out, PLAN_FILE)
    return margined_answer(made, "" if made.plan is None else str(out / PLAN_FILE))


def _plan_for(
    run: Run, frame: Frame, plan: Plan, day: NamedPolicy, percent: int, many: int,
    pool: Spread,
) -> PlanForAnswer:
    best = plan_for(
        run.case, plan, Uncertainty(), day, percent, replications=min(many, FOR_CANDIDATES),
        work=DEFAULT_WORK if frame.work is None else frame.work, seed=frame.seed,
        plan_seed=frame.seed, executor=pool, progress=run.progress, stop=run.stop)
    name = f"plan-for-P{percent}.json"
    if frame.out:
        _write(run, frame, best.best.plan, frame.out, name)
    return plan_for_answer(best, str(frame.out / name) if frame.out else "")


def _write(run: Run, frame: Frame, plan: Plan, out: Path, name: str) -> None:
    with whole(out) as part:
        write_plan(plan, run.case, part / name, folder_hash=run.opened.reading.content_hash,
                   consents=READING_OF[frame.consents].value)
