"""The outbox: what waits, what left, what was given up; and sheets to be read out by voice."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.rights import Action
from lull.store import models, outbox
from lull.store.addressees import addressee
from lull.store.notify import SPOKEN
from lull.store.principal import NotThere
from lull.store.sending import words
from lull.store.sending.language import read_languages
from lull.store.sending.read_out import sheets
from lull.store.view import Known
from lull.web.pages.languages import BY_CODE
from lull.web.pages.listing import found
from lull.web.pages.receipts import receipts_of
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause

GIVEN_UP, WAITS, LEFT = "given_up", "waits", "left"
ORDER = (GIVEN_UP, WAITS, LEFT)


@frozen
class LetterShown:
    """One letter and what became of it. `tag` leads to its notification, if it can be read."""

    id: int
    about: str
    tag: str
    recipient: str
    channel: str
    version: int
    state: str
    ordered: str
    sent: datetime | None
    due: datetime
    given_up: datetime | None
    tries: int
    trouble: str
    spoken: bool
    replaced: bool


@in_pause
def letters(visit: Visit) -> HttpResponse:
    """The last letters: those given up first, then those that wait, then those that left."""
    room = visit.room
    rows = [_shown(room, row) for row in outbox.letters_of(room.seat)]
    rows.sort(key=lambda row: (ORDER.index(row.state) if not row.replaced else len(ORDER), -row.id))
    part = found(visit, rows, lambda row: f"{row.about} {row.recipient}".casefold(),
                 lambda row: (row.state,))
    return visit.show("outbox.html", found=part)


def _shown(room: Room, row: models.Outgoing) -> LetterShown:
    known = _readable(room, row.entry.hash)
    about = known.content.object if known and known.content else ""
    state = LEFT if row.sent else GIVEN_UP if row.given_up else WAITS
    return LetterShown(
        row.pk, about, room.tag("notification", about) if about else "",
        outbox.recipient_of(room.store, row), row.channel, row.version, state,
        known.content.received if known and known.content else "", row.sent, row.due, row.given_up,
        row.tries, row.trouble, row.channel in SPOKEN, state == GIVEN_UP and row.tries == 0)


def _readable(room: Room, hash_: str) -> Known | None:
    known = room.view.known.get(hash_)
    return known if known and room.seat.may_read(known) else None


@in_pause
def read_out(visit: Visit, letter: int) -> HttpResponse:
    """The sheet of one letter, to be read out over radio or telephone, and printed."""
    room = visit.room
    room.seat.require(Action.READ, "outbox")
    row = models.Outgoing.objects.select_related("of", "before").filter(
        pause_id=room.seat.pause, pk=letter, channel__in=SPOKEN).first()
    of = _readable(room, row.of.hash) if row and row.of else None
    if row is None or of is None or of.content is None:
        raise NotThere(_("There is no such sheet that you can read."))
    about = of.content.object
    room.told("notification", about=about)  # what is shown of the sealed is written down
    before = _readable(room, row.before.hash) if row.before else None
    recipient = outbox.recipient_of(room.store, row)
    reached = addressee(room.store, room.seat.pause, recipient, row.channel)
    texts = [(one, _text(about, row.version, of, before, one))
             for one in _languages(room, row)]
    lines = [line for group in receipts_of(room, about, {}).groups for line in group.lines
             if line.recipient == recipient and line.version == row.version]
    return visit.show("read_out.html", about=about, tag=room.tag("notification", about),
                      recipient=recipient, channel=row.channel, version=row.version,
                      sheets=sheets(texts, reached.address if reached else recipient, row.version),
                      written_in=[BY_CODE[one].name for one, _x in texts],
                      line=lines[0] if lines else None, reached=reached, wall=of.content.wall.value)


def _languages(room: Room, row: models.Outgoing) -> tuple[str, ...]:
    """In which languages the letter was written."""
    body = outbox.body_of(room.store, row)
    return read_languages(body.get("language") if body else "")


def _text(about: str, version: int, of: Known, before: Known | None, language: str) -> str:
    """What the letter says in one of its languages, made again from the record."""
    assert of.content is not None
    if of.content.kind == "notification.cancel":
        return words.cancelled_text(about, version, str(of.content.payload.get("reason", "")),
                                    language)
    if before and before.content:
        return words.changed_text(
            about, version, of.content.payload, int(before.content.payload["version"]),
            before.content.payload, language)
    return words.whole_text(about, version, of.content.payload, language)
