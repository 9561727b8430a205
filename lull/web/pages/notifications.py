"""Notifications: drafted, submitted, sent; who has confirmed receipt, and who is silent."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import Role
from lull.ledger.content import VERSIONS
from lull.web.pages.glance import begins, is_movement
from lull.web.pages.listing import Found, found, words_in
from lull.web.pages.receipts import Letters, Receipts, letters_for, receipts_of
from lull.web.pages.record import told
from lull.web.pages.room import Stood
from lull.web.pages.visit import Visit, in_pause

SENT = "notification.transmit"
SILENT, TO_TELL, TO_ANSWER, IN_PART = (
    "silent", "to_be_told_again", "awaits_your_answer", "known_in_part")


@frozen
class Listed:
    """One notification in the list; `words` are what is searched.

    `stood` is None for an owner with whom the last step was not shared, and for a recipient behind
    whose own transmission there is another's.
    """

    about: str
    tag: str
    stood: Stood | None
    receipts: Receipts
    leaves: datetime | None
    is_movement: bool
    version: int
    wall: str
    words: str
    changed: int


@in_pause
def notifications(visit: Visit) -> HttpResponse:
    """The list of them, what changed last first."""
    room = visit.room
    stood = {one.thing.object: one for one in room.standing("notification")}
    abouts = dict.fromkeys([*stood, *(k.content.object for k in room.told(*VERSIONS, SENT)
                                      if k.content and k.fault is None)])
    letters = letters_for(room, abouts)
    listed = [_listed(visit, about, stood.get(about), letters) for about in abouts]
    listed.sort(key=lambda one: -one.changed)
    part: Found = found(visit, listed, lambda one: one.words,
                        lambda one: _marks(one, room.role is not Role.PARTY))
    begin = room.steps("notification", ["none"])
    return visit.show("notifications.html", found=part, table="notification", begin=begin,
                      sees_outbox=room.role is Role.COORDINATOR, is_party=room.role is Role.PARTY)


def _listed(visit: Visit, about: str, stood: Stood | None, letters: Letters) -> Listed:
    room = visit.room
    receipts = receipts_of(room, about, letters)
    last = told((receipts.versions or (stood.said if stood else room.told(SENT, about=about)))[-1])
    return Listed(
        about, room.tag("notification", about), stood, receipts, begins(last.payload),
        is_movement(last.payload), receipts.version or last.version, last.wall, words_in(last),
        max(last.seq, stood.said[-1].seq if stood else 0))


def _marks(one: Listed, is_owner: bool) -> list[str]:
    """By what the list is filtered: the state, and what is still to be done."""
    marks = list(one.stood.states) if one.stood else [IN_PART]
    if one.receipts.silent:
        marks.append(SILENT)
    if one.receipts.again and is_owner:
        marks.append(TO_TELL)
    if any(line.own and not line.answered for line in one.receipts.newest):
        marks.append(TO_ANSWER)
    return marks
