"""`lull ledger due`: what is due now, from a file and without a server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from lull.cli import schemas
from lull.cli.console import console, figure, heading, print_json, table
from lull.cli.exits import BROKEN_RULE, DONE, BadInput
from lull.cli.folder import json_option
from lull.cli.ledger_file import FILE, READER_KEY, findings, load, now, opened
from lull.cli.ledger_read import show_findings
from lull.domain.protocol import Role
from lull.domain.records import RECEIPT_SENTENCE
from lull.domain.records.form import utc_text
from lull.domain.time import lasting
from lull.ledger.due import Due, DueKind, due
from lull.ledger.fold import fold
from lull.ledger.verify import UNSOUND
from lull.report.words import count_of

OF_RECEIPTS = (DueKind.RECEIPT.value, DueKind.QUERY.value)


@click.command("due")
@FILE
@READER_KEY
@click.option("--now", "moment", default="", metavar="TIME",
              help="The moment that is asked for, such as 2016-10-20T09:15:00Z or "
              "2016-10-20T12:15+03:00; without it, the clock of this machine.")
@click.option("--role", type=click.Choice([r.value for r in Role]),
              help="Mark what somebody of this role may do.")
@click.option("--side", default="", help="The organisation or party of that role, by the name it "
              "uses.")
@click.option("--yours", is_flag=True, help="Only what --role and --side may do.")
@json_option("ledger-due")
def due_now(file: Path, reader_file: Path | None, moment: str, role: str | None, side: str,
            yours: bool, as_json: bool) -> int:
    """Print what is due in a ledger FILE: what is late first, then by kind and time.

    Receipts outstanding, lead times that run out, check-ins missed and whom to call, lines not
    tried, questions open, requests without an answer, sites to be reviewed, deliveries that do not
    add up, contradictions. What is sealed and not opened with --open looks undone. The times by
    which it is measured stand in docs/reference/due.md.

    \b
    Examples:
      lull ledger due aleppo.ledger --open my.key
      lull ledger due aleppo.ledger --now 2016-10-20T09:15:00Z --role party --side "Party A" --yours

    \b
    Exit codes: 0 shown; 1 shown without the lines that are damaged; 2 this is no ledger.
    """
    if yours and role is None:
        raise BadInput("Say whose: --yours needs --role, and --side.")
    when = _moment(moment) if moment else now()
    held = load(file)
    state = fold(held.ledger, opened(held, reader_file))
    found = due(state.things, state.acts, when, role=Role(role) if role else None, side=side,
                words=state.words)
    answer = schemas.LedgerDueAnswer(
        file=str(file), at=utc_text(when), role=role or "", side=side,
        items=[_item(one) for one in found if one.yours or not yours],
        unread=state.unread, findings=findings(held),
    )  # fmt: skip
    if as_json:
        print_json(answer)
    else:
        _show(answer)
        show_findings((f for f in answer.findings if f.level in UNSOUND), err=True)
    return BROKEN_RULE if held.damaged else DONE


def _moment(text: str) -> datetime:
    """A moment with a time zone; raises BadInput."""
    try:
        found = datetime.fromisoformat(text)
        found = found.astimezone(UTC) if found.tzinfo else found
    except (ValueError, OverflowError):
        raise BadInput(f"--now {figure(text)!r} is no time; give one such as "
                       "2016-10-20T09:15:00Z.") from None
    if found.tzinfo is None:
        raise BadInput(f"--now {text} has no time zone; end it with Z for UTC, or with an offset "
                       "such as +03:00.")
    return found.replace(microsecond=0)


def _item(one: Due) -> schemas.DueAnswer:
    ladder = one.ladder
    return schemas.DueAnswer(
        kind=one.kind.value, object=one.object, part=one.part, since=_text(one.since),
        by=_text(one.by), waiting_minutes=one.waiting_minutes, late_minutes=one.late_minutes,
        roles=[role.value for role in one.roles], side=one.side, yours=one.yours,
        sentence=one.sentence, entries=list(one.entries),
        beside=RECEIPT_SENTENCE if one.kind.value in OF_RECEIPTS else "",
        ladder=None if ladder is None else schemas.LadderAnswer(
            step=ladder.step, steps=ladder.steps, call=ladder.call, does=ladder.does,
            next_call=ladder.next_call, next_does=ladder.next_does,
            next_at=_text(ladder.next_at)),
    )  # fmt: skip


def _text(time: datetime | None) -> str:
    """A time to the second, for an answer; empty where there is none."""
    return utc_text(time.replace(microsecond=0)) if time else ""


def _show(answer: schemas.LedgerDueAnswer) -> None:
    out = console()
    late = [one for one in answer.items if one.late_minutes]
    due_yet = [one for one in answer.items if not one.late_minutes]
    for title, span, items in (("Late", "late", late), ("Due", "waits", due_yet)):
        if items:
            heading(out, title)
            out.print(table(("about", "what", "by", span, "turn", ""),
                            [_row(one, marked=bool(answer.role)) for one in items]))
    if any(one.beside for one in answer.items):
        out.print()
        out.print(RECEIPT_SENTENCE)
    out.print()
    out.print(f"{count_of(len(answer.items), 'thing is', 'things are')} due at {answer.at}. "
              f"{count_of(answer.unread, 'entry is', 'entries are')} not held or not opened here: "
              "what they say may look undone.")


def _row(one: schemas.DueAnswer, *, marked: bool) -> tuple[str, ...]:
    """A line: the thing, until when, for how long, whose turn, and what is to be known."""
    by = one.by[5:16].replace("T", " ") if one.by else "–"
    turn = one.side or ", ".join(role.replace("field_", "") for role in one.roles)
    span = lasting(one.late_minutes or one.waiting_minutes)
    mark = "* " if marked and one.yours else ""
    return (f"{mark}{one.object}", one.kind.replace("_", " "), by, span, turn, one.sentence)
