"""`lull sweep`: all pause folders below a folder, checked and planned: a country at once."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path

import click
from attrs import evolve

from lull import __version__
from lull.cli.console import console, print_json
from lull.cli.exits import BAD_INPUT, BROKEN_RULE, DONE, BadInput
from lull.cli.folder import How, json_option
from lull.cli.interrupt import interruptible
from lull.cli.planning import READING_OF
from lull.cli.progress import Steps, steps
from lull.cli.questions.terminal import say
from lull.cli.schemas import SweepAnswer
from lull.cli.spread.options import Where, cluster_options
from lull.cli.spread.parts import Parts
from lull.cli.sweeping.find import find
from lull.cli.sweeping.run import Sweeping
from lull.cli.sweeping.told import every_figure, every_finding, told
from lull.cli.writing import require_writable, whole
from lull.plan import DEFAULT_WORK
from lull.plan.compiling import COMPILING, told_of_compiling
from lull.report.sheets import csv_bytes
from lull.report.sweep_page import sweep_page

STOPPING = ("Stopping: what is planned by now will be written; the same command goes on from it. "
            "Ctrl-C again gives up.")
PARTS = ".parts"
"""Below --out: plans that are made and not written down yet."""

FILES = ("sweep.csv", "sweep-findings.csv", "sweep.html", "sweep.json")


@click.command("sweep")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="Folder for the answer (sweep.html, sweep.csv, sweep-findings.csv, sweep.json) and, below "
    "it, for the plan and the report of each pause. A later run goes on from what is there.")
@click.option(
    "--consents", type=click.Choice(list(READING_OF)), default="all-met", show_default=True,
    help="On which reading of the consents the figures rest.")
@click.option(
    "--work", type=click.IntRange(min=0), default=DEFAULT_WORK, show_default=True,
    help="How much to search for each plan, in steps and not in seconds: same work, same plans.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True,
    help="Where the searches start.")
@click.option(
    "--processes", type=click.IntRange(min=1), default=1, show_default=True, metavar="N",
    help="How many pauses are planned at a time; the answer is the same.")
@cluster_options
@click.option("--quiet", "-q", is_flag=True, help="Show nothing while it works.")
@click.option(
    "--cache", type=click.Path(path_type=Path, file_okay=False), envvar="LULL_CACHE",
    show_envvar=True, help="A folder that keeps travel times made from the streets. It tells where "
    "the pauses are: keep it as closely as the pause folders.")
@json_option("sweep")
def command(
    folder: Path, out: Path, consents: str, work: int, seed: int, where: Where, quiet: bool,
    cache: Path | None, as_json: bool,
) -> int:
    """Check and plan every pause folder (or workbook) below DIR, and put them side by side.

    Each is planned as lull plan does it with the same --work. A folder with errors is refused with
    all that is wrong with it, and does not hold up the others. Sums are given where nothing is
    counted twice. When it is run again, only folders that have changed are planned, and what was
    broken off goes on. What is sealed is left shut. What is written is RESTRICTED.

    \b
    Examples:
      lull sweep pauses --out out/country
      lull sweep pauses --out out/country --processes 2 --work 500
      lull sweep pauses --out out/country --cluster tls://10.0.0.5
      lull sweep pauses --out out/country --json | jq '.places[] | select(.totals == null).name'

    \b
    Exit codes: 0 all planned; 1 a plan found breaks a rule, so it is set aside; 2 a folder was
    refused or cannot be planned, or there is none; 130 interrupted.
    """
    require_writable(out)
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder; give one that holds pause folders.")
    found = find(folder, out)
    if not found:
        raise BadInput(f"There is no pause folder in {folder}, and none below it; each has a "
                       "pause.yaml. Make one: lull new.")
    silent = as_json or quiet
    with (
        interruptible(STOPPING) as asked,
        steps(quiet=silent) as shown,
        told_of_compiling(partial(_say_it_compiles, shown)),
    ):
        def tell(what: str, done: float = 0, total: float = 0) -> None:
            if shown:
                shown(what, done, total)

        run = Sweeping(found, out, How(cache), READING_OF[consents], consents, work, seed, tell)
        parts = Parts(out / PARTS)
        with where.spread(parts, tell) as executor:
            run.run(executor, asked)
        answer = run.answer(
            folder, _again(folder.resolve().name, f"out/{folder.resolve().name}", consents, work,
                           seed), stopped=asked())
    answer = _write(answer, out)
    if not answer.stopped:
        parts.clear(everything=True)
    if as_json:
        print_json(answer)
    else:
        page = console()
        say(page, evolve(told(answer, brief=True), again=_again(
            str(folder), str(out), consents, work, seed)))
        page.print(f"Page: {out / 'sweep.html'}", soft_wrap=True)
    return _code(answer)


def _say_it_compiles(shown: Steps | None) -> None:
    if shown:
        shown.at_once(COMPILING)


def _again(folder: str, out: str, consents: str, work: int, seed: int) -> str:
    return shlex.join(["lull", "sweep", folder, "--out", out, "--consents", consents,
                       "--work", str(work), "--seed", str(seed)])


def _write(answer: SweepAnswer, out: Path) -> SweepAnswer:
    answer = answer.model_copy(update={"files": list(FILES)})
    reports = {p.name: f"{p.out}/report.html" for p in answer.places if p.out}
    with whole(out) as part:
        (part / "sweep.csv").write_bytes(csv_bytes(every_figure(answer)))
        (part / "sweep-findings.csv").write_bytes(csv_bytes(every_finding(answer)))
        page = sweep_page(told(answer), reports, version=__version__)
        (part / "sweep.html").write_text(page, encoding="utf-8")
        (part / "sweep.json").write_text(answer.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return answer


def _code(answer: SweepAnswer) -> int:
    if any(p.state == "breaks a rule" for p in answer.places):
        return BROKEN_RULE
    return BAD_INPUT if answer.refused else DONE
