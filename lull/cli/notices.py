"""`lull notices`: from a plan to drafts of movement notifications, and of the pause notice."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.console import console, print_json, table
from lull.cli.exits import DONE
from lull.cli.folder import FOLDER, PLAN, How, json_option, open_folder, open_plan, reading_options
from lull.cli.writing import PRIVATE, require_writable
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.records import payload
from lull.domain.records.form import TO_FILL
from lull.exchange.atomic import write_whole
from lull.exchange.plan_write import plan_hash
from lull.report.movements import Each
from lull.report.notices import Notice, Sender, notifications_of
from lull.report.pause_notice import pause_notice_of
from lull.report.words import count_of


@click.command("notices")
@FOLDER
@PLAN
@click.option("--by", type=click.Choice([each.value for each in Each]),
              default=Each.CONVOY.value, show_default=True,
              help="One draft for each convoy, or for each corridor, direction and day.")
@click.option("--organisation", default="", help="Who submits them, by the name it uses.")
@click.option("--accuracy", "accuracy_m", type=click.IntRange(min=1), metavar="METRES",
              help="How far the folder's points may lie from the true ones. Without it no point "
              "is given.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True,
              help="The JSON file for the drafts; lull ledger add --record reads it.")
@reading_options
@json_option("notices")
def command(folder: Path, plan: Path, by: str, organisation: str, accuracy_m: int | None,
            out: Path, how: How, as_json: bool) -> int:
    """Draft movement notifications from PLAN (a plan.json, or the folder that holds one) for
    FOLDER, and the notice of the pause.

    What the plan says is filled in: times, route, vehicles, counts of people by need, cargo,
    corridor, validity, where to turn back to and the nearest shelter. What it does not say is
    listed, and left to be filled. The same plan gives the same references. What is written is
    RESTRICTED.

    \b
    Examples:
      lull notices my-pause out/my-pause --out out/notices.json
      lull notices my-pause out/my-pause --by corridor-day --organisation OCHA --accuracy 50 \\
          --out out/notices.json
      lull ledger add aleppo.ledger --key room.key --kind notification.draft \\
          --object N001-3fa9c2d1 --record out/notices.json --role coordinator --side OCHA \\
          --class restricted --to age1...

    \b
    Exit codes: 0 written; 2 the folder or the plan cannot be read, or do not belong together.
    """  # fmt: skip
    require_writable(out.parent)
    case = open_folder(folder, how, as_json=as_json).case
    sender = Sender(organisation=organisation or TO_FILL, accuracy_m=accuracy_m)
    made = answer(case, open_plan(plan, case, how), Each(by), sender,
                  datetime.now(UTC).replace(microsecond=0))
    write_whole(out, made.model_dump_json(indent=1) + "\n", PRIVATE)
    if as_json:
        print_json(made)
    else:
        _say(made, out)
    return DONE


def answer(case: Case, plan: Plan, each: Each, sender: Sender, at: datetime
           ) -> schemas.NoticesAnswer:
    """All drafts of a plan, and of the pause notice, as JSON."""
    found = notifications_of(plan, case, plan_hash=plan_hash(plan, case), at=at, by=each,
                             sender=sender)
    notice = pause_notice_of(case)
    return schemas.NoticesAnswer(
        title=case.pause.title, plan_hash=found.plan_hash, by=each.value,
        notices=[_one(notice) for notice in found.notices], not_in_any=list(found.not_in_any),
        pause_notice=schemas.PauseNoticeAnswer(record=payload(notice.record),
                                               to_fill=list(notice.to_fill)),
    )  # fmt: skip


def _one(notice: Notice) -> schemas.NoticeAnswer:
    return schemas.NoticeAnswer(
        reference=notice.record.reference, record=payload(notice.record),
        convoys=list(notice.convoys), parties=list(notice.parties), to_fill=list(notice.to_fill),
        counts_fighters=notice.counts_fighters)


def _say(made: schemas.NoticesAnswer, out: Path) -> None:
    page = console()
    rows = [(one.reference, one.record["corridors"][0], one.record["departure"]["leaves"],
             one.record["arrival"]["arrives"], one.record["purpose"]) for one in made.notices]
    page.print(table(("draft", "corridor", "leaves, UTC", "arrives, UTC", "what"), rows))
    left = list(dict.fromkeys(line for one in made.notices for line in one.to_fill))
    page.print()
    for title, lines in (("To be filled or confirmed before they leave:", left),
                         ("In the pause notice:", made.pause_notice.to_fill)):
        if lines:
            page.print(title)
            for line in lines:
                page.print(f"  {line}", soft_wrap=True)
    for line in made.not_in_any:
        page.print(line, soft_wrap=True)
    page.print(f"{count_of(len(made.notices), 'draft')} written to {out}.", soft_wrap=True)
