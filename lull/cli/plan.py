"""`lull plan`: from a folder to a timetable, what it is worth, and how far from the best it is."""

from __future__ import annotations

from pathlib import Path

import click
from attrs import evolve

from lull.cli import schemas
from lull.cli.answers import Planned, plan_answer
from lull.cli.console import console, print_json
from lull.cli.exits import BROKEN_RULE, CANNOT_PLAN, DONE
from lull.cli.folder import FOLDER, cache_option, json_option, open_folder
from lull.cli.headline import show_findings, show_plan, show_violations
from lull.cli.interrupt import interruptible
from lull.cli.planning import plan_all
from lull.cli.progress import Steps, steps
from lull.cli.report import write_report
from lull.cli.writing import files_in, whole
from lull.domain.pause import Consents
from lull.exchange import write_plan
from lull.plan import DEFAULT_WORK

READING = {
    "recorded": Consents.RECORDED,
    "declared": Consents.DECLARED,
    "all-met": Consents.ALL_MET,
}
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
    type=click.Choice(list(READING)),
    default="all-met",
    show_default=True,
    help="On which reading of the consents the plan rests; the headline always shows all three.",
)
@click.option(
    "--work",
    type=click.IntRange(min=1),
    default=None,
    help="How much to search, in steps and not in seconds: same work, same plan.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Where the search starts.",
)
@cache_option
@json_option("plan")
def command(
    folder: Path,
    out: Path,
    consents: str,
    work: int | None,
    seed: int,
    cache: Path | None,
    as_json: bool,
) -> int:
    """Plan the pause in FOLDER (or one .xlsx) and write plan, timetables and report to --out.

    Ctrl-C stops the search and writes the best plan so far. What is written is RESTRICTED: routes,
    sites and times. See lull report --for public, and lull seal.

    \b
    Examples:
      lull plan my-pause --out out/my-pause
      lull plan my-pause --out out/declared --consents declared
      lull plan my-pause --out out/my-pause --json | jq .totals

    \b
    Exit codes: 0 planned; 1 the plan found breaks a rule, so it is set aside; 2 bad input;
    3 there is a kind of rule that cannot be planned for yet; 130 interrupted with nothing to show.
    """

    opened = open_folder(folder, cache=cache, as_json=as_json)
    with interruptible(STOPPING) as stop, steps(quiet=as_json) as progress:
        planned = plan_all(
            opened,
            READING[consents],
            work=work or DEFAULT_WORK,
            seed=seed,
            progress=progress,
            stop=stop,
        )
        if stop() and not planned.main.result.plan.vehicles and not planned.main.result.refused:
            raise KeyboardInterrupt
        if planned.main.result.refused:
            written: tuple[str, ...] = ()
        elif planned.violations:
            written = _set_aside(planned, out)
        else:
            written = _write(planned, out, progress)
    answer = plan_answer(evolve(planned, files=written))
    return _say(answer, out, as_json=as_json)


def _set_aside(planned: Planned, out: Path) -> tuple[str, ...]:
    """Keep a plan that breaks a rule, under a name that nobody takes for a plan."""

    with whole(out) as part:
        write_plan(planned.main.result.plan, planned.case, part / "rejected-plan.json")
        return tuple(files_in(part))


def _write(planned: Planned, out: Path, progress: Steps | None) -> tuple[str, ...]:
    """Write the plan, the timetables and the operator's report, whole or not at all."""

    if progress:
        progress("writing the report")
    with whole(out) as part:
        write_plan(planned.main.result.plan, planned.case, part / "plan.json")
        write_report(planned, part, audience="operator")
        return tuple(files_in(part))


def _say(answer: schemas.PlanAnswer, out: Path, *, as_json: bool) -> int:
    if as_json:
        print_json(answer)
    else:
        page = console()
        if answer.warnings:
            show_findings(console(err=True), answer.warnings)
        if answer.violations:
            show_violations(page, [(v.rule, v.when, v.sentence) for v in answer.violations])
            page.print(f"The plan found breaks a rule, so it is no plan; it is set aside in {out}.")
        else:
            show_plan(page, answer)
            if answer.files:
                page.print()
                page.print(f"Report: {out / 'report.html'}", soft_wrap=True)
    if answer.refused:
        return CANNOT_PLAN
    return BROKEN_RULE if answer.violations else DONE
