"""`lull replan`: a new plan for the rest of a day, from a plan and what has happened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from lull.cli.exits import BadInput
from lull.cli.folder import PLAN_FILE, open_plan
from lull.cli.questions.frame import Frame, Run, ask, question_options
from lull.cli.questions.replan import ReplanAnswer, answer
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal
from lull.domain.time import Clock
from lull.exchange.plan_write import plan_file
from lull.exchange.reports import Read, minute_of, notified_in, reports_in
from lull.questions.faults import faults
from lull.questions.replan import NOTICE, RELEASE, REPLAN_WORK, new_breaches, replan
from lull.questions.reports import Notified, Report
from lull.report.words import stamp

T = TypeVar("T")

NEW_PLAN = "new-plan.json"
A_DAY = 24 * 60


@click.command("replan")
@click.option(
    "--plan", "plan", type=click.Path(path_type=Path), required=True,
    help="The plan in force: a plan.json, or the folder that lull plan wrote.")
@click.option("--at", required=True, metavar="TIME", help="Now, local time: 10:40, 10:40+1 on the "
              "second day, or 2016-10-20T10:40.")
@click.option(
    "--reports", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What has happened, as CSV or JSON: at, what, who, where, minutes, note.")
@click.option(
    "--notified", type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What has been notified, as CSV or JSON: corridor, direction, from, to, largest_convoy, "
    "receipted. Without it no limit is kept.")
@click.option(
    "--release", type=click.IntRange(min=0), default=RELEASE, show_default=True, metavar="MINUTES",
    help="How long a new order takes to reach its driver.")
@click.option(
    "--notice", type=click.FloatRange(min=0), default=NOTICE / 60, show_default=True,
    metavar="HOURS", help="How long before its start something new has to be notified.")
@question_options("replan")
def command(
    frame: Frame, plan: Path, at: str, reports: Path | None, notified: Path | None, release: int,
    notice: float,
) -> int:
    """Plan the rest of the pause in FOLDER anew, from the plan in force and what has happened.

    Who has set out keeps the round, with the delays that were reported, and comes out by another
    corridor where the planned one has closed. Vehicles that are under way without a report count as
    inside and loaded. The rest is planned within what was notified and receipted; what lies outside
    is used only where it moves more, not before its notice can have run, and is marked. With --out
    the new plan is written as new-plan.json.

    \b
    Examples:
      lull replan my-pause --plan out/my-pause --at 10:40 --reports reports.csv
      lull replan my-pause --plan out/my-pause --at 10:40 --reports reports.csv \\
          --notified notified.csv --notice 6 --out out/at-10-40

    \b
    Exit codes: 0 answered; 2 the folder, the plan or a list cannot be read or do not belong
    together.
    """  # fmt: skip
    own = {"plan": plan, "at": at, "reports": reports, "notified": notified, "release": release,
           "notice": notice}
    work = REPLAN_WORK if frame.work is None else frame.work
    file = plan / PLAN_FILE if plan.is_dir() else plan
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() if path and path.is_file() else ""
              for path in (file, reports, notified)]

    def find(run: Run) -> ReplanAnswer:
        case, clock = run.case, run.case.pause.clock
        old = open_plan(plan, case, frame.how)
        now = _now(at, run)
        broken = new_breaches(case, old, now)
        if broken:
            raise BadInput(f"{plan} breaks {len(broken)} rules of {frame.folder}; see lull verify. "
                           f"The first: {broken[0].sentence}")
        happened, told = _lists(case, old, now, reports, notified)
        made = replan(
            case, old, now, happened, notified=told if notified else None,
            release=release, notice=round(60 * notice), work=work, seed=frame.seed,
            progress=run.progress, stop=run.stop)
        said = answer(made, clock)
        written = plan_file(made.plan, case, folder_hash=run.opened.reading.content_hash,
                            consents=frame.consents)
        return said.model_copy(update={"plan": written.model_dump(mode="json")})

    return ask("replan", frame, own, find, beside=" ".join(hashes), more=_new_plan)


def _new_plan(made: ReplanAnswer) -> dict[str, bytes]:
    """The new plan as a file of its own."""
    body = json.dumps(made.plan, ensure_ascii=False, indent=1) + "\n"
    return {NEW_PLAN: body.encode()}


def _lists(
    case: Case, plan: Plan, now: int, reports: Path | None, notified: Path | None
) -> tuple[tuple[Report, ...], tuple[Notified, ...]]:
    """Both lists, or a refusal with all that is wrong with either, line by line."""
    clock = case.pause.clock
    happened: Read[Report] = _read(reports_in, reports, clock)
    told: Read[Notified] = _read(notified_in, notified, clock)
    wrong = faults(
        case, plan, now, happened.rows, (*told.rows, *told.doubtful),
        formal=(*happened.wrong, *told.wrong), doubtful=happened.doubtful)
    if wrong:
        raise BadInput("\n".join(wrong))
    return happened.rows, told.rows


def _read(read: Callable[[Path, Clock], Read[T]], path: Path | None, clock: Clock) -> Read[T]:
    """A list with all that is wrong with it; one that cannot be read at all is one fault."""
    if path is None:
        return Read()
    try:
        return read(path, clock)
    except Refusal as why:
        return Read(wrong=(str(why),))


def _now(at: str, run: Run) -> int:
    pause = run.case.pause
    try:
        now = minute_of(at, pause.clock)
    except Refusal as wrong:
        raise BadInput(f"--at: {wrong}") from None
    last = pause.windows[-1].closes
    if now > last + A_DAY:
        raise BadInput(f"--at {at} is more than a day after the last window closes, on "
                       f"{stamp(pause.clock, last)}; is the date right?")
    return now
