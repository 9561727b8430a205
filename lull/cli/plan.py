"""`lull plan`: from a folder to a timetable, what it is worth, and how far from the best it is."""

from __future__ import annotations

import math
from functools import partial
from pathlib import Path

import click
from attrs import evolve

from lull.cli.answers import Planned, finding, plan_answer
from lull.cli.console import console, print_json
from lull.cli.deadline import Effort
from lull.cli.exits import BROKEN_RULE, CANNOT_PLAN, DONE
from lull.cli.folder import FOLDER, How, json_option, open_folder, reading_options
from lull.cli.headline import show_findings, show_plan, show_violations
from lull.cli.interrupt import interruptible
from lull.cli.planning import READING_OF, plan_all
from lull.cli.progress import Steps, steps
from lull.cli.questions.saved import answers
from lull.cli.report import report_input
from lull.cli.saved import save
from lull.cli.writing import files_in, require_writable, whole
from lull.exchange import write_plan
from lull.plan import DEFAULT_WORK
from lull.plan.compiling import COMPILING, told_of_compiling
from lull.report.model import ReportInput
from lull.report.outputs import outputs, write

OF_AN_EARLIER_RUN = (
    "plan*.json", "rejected-plan.json", "result.json", "bound*.json", "report.html", "orders.html",
    "timetables.xlsx", "timetables/by-*.csv", "movements.geojson",
)  # fmt: skip
"""What an earlier run may have left and this one may not write again."""


def _finite(
    _context: click.Context, _option: click.Parameter, seconds: float | None
) -> float | None:
    if seconds is not None and not math.isfinite(seconds):
        raise click.BadParameter(f"{seconds} is no number of seconds.")
    return seconds


STOPPING = "Stopping: the best plan so far will be written. Ctrl-C again gives up."


@click.command("plan")
@FOLDER
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder for the plan, its timetables and the report.",
)
@click.option(
    "--consents",
    type=click.Choice(list(READING_OF)),
    default="all-met",
    show_default=True,
    help="On which reading of the consents the plan rests; the headline always shows all three.",
)
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0),
    callback=_finite,
    metavar="SECONDS",
    help="Search for so long, bound included; the first plan is always finished. The work that was "
    "done in it is printed.",
)
@click.option(
    "--work",
    type=click.IntRange(min=0),
    help=f"How much to search, in steps and not in seconds: same work, same plan. Without --time "
    f"{DEFAULT_WORK}; with it as many as there is time for. 0 is the first plan.",
)
@click.option(
    "--bound-work",
    type=click.IntRange(min=0),
    help="How many steps the bound may take, where an earlier run printed it; else as many as it "
    "needs.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Where the search starts.",
)
@click.option("--quiet", "-q", is_flag=True, help="Show nothing while it works.")
@reading_options
@json_option("plan")
def command(
    folder: Path,
    out: Path,
    consents: str,
    seconds: float | None,
    work: int | None,
    bound_work: int | None,
    seed: int,
    quiet: bool,
    how: How,
    as_json: bool,
) -> int:
    """Plan the pause in FOLDER (or one .xlsx) and write plan, timetables and report to --out.

    While it works it shows what the plan is worth, what no plan can exceed, and the gap. Ctrl-C
    stops the search and writes the best plan so far. What is written is RESTRICTED: routes, sites
    and times. See lull report --for public, and lull seal.

    \b
    Examples:
      lull plan my-pause --out out/my-pause
      lull plan my-pause --out out/my-pause --time 120
      lull plan my-pause --out out/declared --consents declared
      lull plan my-pause --out out/my-pause --json | jq .totals

    \b
    Exit codes: 0 planned; 1 the plan found breaks a rule, so it is set aside; 2 bad input;
    3 there is a kind of rule that cannot be planned for yet; 130 interrupted with nothing to show.
    """
    require_writable(out)
    silent = as_json or quiet
    opened = open_folder(folder, how, as_json=as_json, quiet=silent)
    effort = Effort(work, seed, seconds, bound_work)
    with interruptible(STOPPING) as asked, steps(quiet=silent, limit=seconds) as progress:
        with told_of_compiling(partial(_say_it_compiles, progress)):
            planned = plan_all(opened, READING_OF[consents], effort, progress=progress, asked=asked)
        result = planned.main.result
        if asked() and not (result.plan.vehicles or result.plan.parties or result.refused):
            raise KeyboardInterrupt
        if progress:
            progress("writing the report")
        report = report_input(planned, opened, folder, answers(out, opened, how))
        planned = evolve(planned, files=write_planned(planned, report, out))
    if as_json:
        print_json(plan_answer(planned))
    else:
        _say(planned, report, out)
    if planned.main.result.refused:
        return CANNOT_PLAN
    return BROKEN_RULE if planned.violations else DONE


def _say_it_compiles(progress: Steps | None) -> None:
    if progress:
        progress.at_once(COMPILING)


def write_planned(planned: Planned, report: ReportInput, out: Path) -> tuple[str, ...]:
    """Write the plan, what is known of it, and the operator's report, whole or not at all.

    A plan that breaks a rule is kept under a name that nobody takes for a plan's.
    """
    if planned.main.result.refused:
        return ()
    if planned.violations:
        with whole(out) as part:
            write_plan(planned.main.result.plan, planned.case, part / "rejected-plan.json")
            return tuple(files_in(part))
    with whole(out, instead_of=OF_AN_EARLIER_RUN) as part:
        save(planned, part)
        saved = files_in(part)
    with whole(out) as part:  # the plan is safe before anything is drawn
        write(outputs(report), part)
        return tuple(sorted([*saved, *files_in(part)]))


def _say(planned: Planned, report: ReportInput, out: Path) -> None:
    if planned.warnings:
        show_findings(console(err=True), [finding(f) for f in planned.warnings])
    page = console()
    if planned.violations:
        clock = planned.case.pause.clock
        show_violations(page, [
            (v.rule, "" if v.when is None else clock.hhmm(v.when), v.sentence)
            for v in planned.violations
        ])  # fmt: skip
        page.print(f"The plan found breaks a rule, so it is no plan; it is set aside in {out}.")
        return
    show_plan(page, planned, report)
    if planned.files:
        page.print()
        page.print(f"Report: {out / 'report.html'}", soft_wrap=True)
