"""Sending a version to its recipients, and calling it off: acts that also send letters."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.protocol import IllegalStep
from lull.domain.refusal import Refusal, require
from lull.ledger.content import Wall
from lull.store import notify
from lull.store.addressees import SENT_OVER, addressees
from lull.store.principal import NotAllowed
from lull.store.write import BadFields
from lull.web.pages.glance import warnings
from lull.web.pages.receipts import letters_for, receipts_of
from lull.web.pages.visit import Visit, in_pause

NEW_RECIPIENTS = 3
"""Lines for recipients that the notification does not name."""


@in_pause
def transmit(visit: Visit, tag: str) -> HttpResponse:
    """Send the last version: to whom it goes is seen before, and ticked."""
    room = visit.room
    about = room.object_of("notification", tag)
    if not room.may_write("notification.transmit"):
        raise NotAllowed(_("A coordinator sends what was submitted."))
    wrong: list[tuple[str, str]] = []
    if visit.posted:
        post = visit.request.POST
        to = [pair for one in post.getlist("to") if (pair := pair_of(one))[0]]
        for at in range(1, NEW_RECIPIENTS + 1):
            name = post.get(f"new.{at}.recipient", "").strip()
            if name:
                to.append((name, post.get(f"new.{at}.channel", "")))
        try:
            require(bool(to), _("Tick at least one recipient."))
            require(len(post.get("once", "")) >= 8, _("Open the form again and send it once more."))
            notify.transmit(visit.store, room.seat, about, post["once"][:64], to=to)
            return visit.go("thing", "notification", tag)
        except BadFields as met:
            wrong = [(f"f.{e.field}", e.sentence) for e in met.errors]
        except (Refusal, IllegalStep) as met:
            wrong = [("", str(met))]
    found = notify.outlook(visit.store, room.seat, about)
    known = {(a.recipient, a.channel) for a in addressees(visit.store, room.seat)}
    return visit.show("transmit.html", status=422 if wrong else 200, wrong=wrong, about=about,
                      tag=tag, outlook=found, known=known, channels=SENT_OVER,
                      ready=_ready(visit, about), new=range(1, NEW_RECIPIENTS + 1),
                      warnings=warnings(room, found.payload))


def pair_of(text: str) -> tuple[str, str]:
    """Recipient and channel from a value of a form, whose lines browsers end with two marks."""
    recipient, _x, channel = text.rpartition("\n")
    return recipient.rstrip("\r"), channel


@in_pause
def call_off(visit: Visit, tag: str) -> HttpResponse:
    """Cancel a notification: all who were sent a version are told, and nobody else."""
    room = visit.room
    about = room.object_of("notification", tag)
    if not room.may_write("notification.cancel"):
        raise NotAllowed(_("Who notified calls it off."))
    found = receipts_of(room, about, letters_for(room, [about]))
    wrong: list[str] = []
    if visit.posted:
        post = visit.request.POST
        reason = post.get("reason", "").strip()[:10_000]
        try:
            require(len(post.get("once", "")) >= 8, _("Open the form again and send it once more."))
            notify.cancel(visit.store, room.seat, about, post["once"][:64], reason=reason)
            return visit.go("thing", "notification", tag)
        except BadFields as met:
            wrong = [e.sentence for e in met.errors]
        except (Refusal, IllegalStep) as met:
            wrong = [str(met)]
    told = [(group.recipient, channel, group.newest.version) for group in found.groups
            for channel in group.channels]
    last = found.versions[-1].content if found.versions else None
    return visit.show("call_off.html", status=422 if wrong else 200, wrong=wrong, about=about,
                      tag=tag, told=told, given=visit.request.POST,
                      sealed=last is not None and last.wall is Wall.SEALED)


def _ready(visit: Visit, about: str) -> bool:
    """Whether it stands so that a version may leave."""
    return any(step.event == "transmit" for stood in visit.room.standing("notification", about)
               for step in stood.next)

