"""A ledger's state as an answer, and as tables in which the three walls stand."""

from __future__ import annotations

from pathlib import Path

from lull.cli import schemas
from lull.cli.console import console, figure, heading, table
from lull.domain.records import RECEIPT_SENTENCE
from lull.ledger.content import Content
from lull.ledger.entry import Entry
from lull.ledger.fold import State, Thing
from lull.ledger.protection import accepted_open

ROLES_ARE = "as said by the posts themselves"
APART = {
    "facilitation": "Permissions and clearances (no receipt is one)",
    "claimed_figure": "Claims (nobody vouches for them but their source)",
    "verified_figure": "Verified figures",
}
"""Records that have a table of their own, so that they are never read as something else."""


def state_answer(file: Path, state: State, about: str,
                 found: list[schemas.LedgerFindingAnswer]) -> schemas.LedgerShowAnswer:
    """What `lull ledger show` prints; `about` narrows it to one object."""
    contested = state.conflicts
    return schemas.LedgerShowAnswer(
        file=str(file),
        roles_are=ROLES_ARE,
        things=[_thing(thing, state, contested=thing in contested) for thing in state.things
                if about in ("", thing.object)],
        records=[_record(entry, content) for entry, content in state.records
                 if about in ("", content.object)],
        accepted_as_open=[
            schemas.AcceptedOpenAnswer(pause=one.pause, question=one.question.value,
                                       reason=one.reason, accepted_by=one.by, entry=one.entry)
            for one in accepted_open(state.words, (c for _, c in state.acts), about)
        ],
        out_of_protocol=[
            schemas.OutOfProtocolAnswer(
                entry=one.entry.hash, kind=one.content.kind, object=one.content.object,
                side_at_fault=one.fault.side, sentence=one.fault.sentence,
            )
            for one in state.out_of_protocol if about in ("", one.content.object)
        ],
        unjudged=[
            schemas.UnjudgedAnswer(entry=one.entry.hash, kind=one.content.kind,
                                   object=one.content.object, sentence=one.verdict.sentence)
            for one in state.unjudged if about in ("", one.content.object)
        ],
        unread=state.unread,
        findings=found,
    )  # fmt: skip


def _thing(thing: Thing, state: State, *, contested: bool) -> schemas.ThingAnswer:
    return schemas.ThingAnswer(
        table=thing.table,
        object=thing.object,
        part=thing.part,
        contested=contested,
        sentence=RECEIPT_SENTENCE if thing.table == "receipt" else "",
        stands=[
            schemas.StandAnswer(
                state=s.state, kind=s.content.kind, side=s.content.writer.side,
                role=s.content.writer.role.value, said=s.content.said,
                received=s.content.received, entry=s.entry.hash, record=s.content.payload,
            )
            for s in state.things[thing]
        ],
    )  # fmt: skip


def _record(entry: Entry, content: Content) -> schemas.RecordAnswer:
    return schemas.RecordAnswer(
        kind=content.kind, object=content.object, side=content.writer.side,
        role=content.writer.role.value, received=content.received, entry=entry.hash,
        record=content.payload,
    )  # fmt: skip


def show_state(answer: schemas.LedgerShowAnswer) -> None:
    """Print a state as tables."""
    out = console()
    others = [t for t in answer.things if t.table != "receipt"]
    receipts = [t for t in answer.things if t.table == "receipt"]
    _show_things("What stands", others)
    _show_things("Receipts", receipts)
    if receipts:
        out.print(RECEIPT_SENTENCE)
    _show_contested(answer)
    _show_records(answer)
    if answer.accepted_as_open:
        heading(out, "Protection questions accepted as open")
        out.print(table(("pause", "question", "reason", "accepted by", "entry"), [
            (o.pause, o.question, o.reason, o.accepted_by, o.entry[:12])
            for o in answer.accepted_as_open]))
    if answer.out_of_protocol:
        heading(out, "Out of protocol: kept, without effect")
        out.print(table(("side at fault", "why", "entry"),
                        [(o.side_at_fault, o.sentence, o.entry[:12])
                         for o in answer.out_of_protocol]))
    if answer.unjudged:
        heading(out, "Without effect here: it cannot be judged from here, and nobody is at fault "
                     "by this alone")
        out.print(table(("what", "why", "entry"), [
            (f"{o.kind} {o.object}", o.sentence, o.entry[:12]) for o in answer.unjudged]))
    out.print()
    out.print(f"Roles are {answer.roles_are}. {answer.unread} entries are not held or not opened "
              "here. Times are UTC, as said and as received; they are no order.")


def _show_things(title: str, things: list[schemas.ThingAnswer]) -> None:
    if not things:
        return
    out = console()
    heading(out, title)
    rows = [
        (f"{t.table} {t.object}", t.part,
         f"CONTESTED: {s.state}" if t.contested else s.state, s.side, s.said, s.received)
        for t in things for s in t.stands
    ]
    out.print(table(("what", "of", "state", "by", "said", "received"), rows))


def _show_contested(answer: schemas.LedgerShowAnswer) -> None:
    contested = [t for t in answer.things if t.contested]
    if not contested:
        return
    out = console()
    heading(out, "Contested: posts that were apart said different things, and all of it stands")
    for t in contested:
        sides = "; ".join(f"{s.side} ({s.role}): {s.kind} (entry {s.entry[:12]})" for s in t.stands)
        what = " ".join(filter(None, (t.table, t.object, t.part)))
        out.print(figure(f"{what}: {sides}. It is settled when somebody who has seen all of them "
                         "takes the next step."))


def _show_records(answer: schemas.LedgerShowAnswer) -> None:
    out = console()
    for kind, title in {**APART, "": "Other records"}.items():
        rows = [(r.kind, r.object, r.side, _words(r), r.entry[:12]) for r in answer.records
                if (r.kind == kind if kind else r.kind not in APART)]
        if rows:
            heading(out, title)
            out.print(table(("kind", "about", "by", "what", "entry"), rows))


def _words(record: schemas.RecordAnswer) -> str:
    """The plain values of a record, for a line of a table."""
    return "; ".join(f"{name.replace('_', ' ')}: {value}" for name, value in record.record.items()
                     if name not in ("record", "version") and isinstance(value, str | int))
