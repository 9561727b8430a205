"""One entry alone: what it says, how it stands in the chain, who was shown it; and two acts on it.

What it says can be disclosed to a side, and it can be destroyed. Neither can be taken back.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action
from lull.ledger.content import Wall
from lull.store import models, reading
from lull.store.ledgers import disclose
from lull.store.principal import NotAllowed, NotThere
from lull.store.view import Known
from lull.store.write import destroy
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause_or_public

MOST_SEEN = 50
"""Disclosures told on the page of an entry."""


@in_pause_or_public
def entry(visit: Visit, hash: str) -> HttpResponse:  # noqa: A002 - the name in the address
    """One entry, with its hash, its post and its number."""
    known = reading.entry(visit.store, visit.room.seat, hash[:64])
    if not visit.posted:
        return _shown(visit, known)
    act = visit.request.POST.get("act", "")
    try:
        require(act in ("disclose", "destroy"), _("Choose what is to be done."))
        _disclose(visit, known) if act == "disclose" else _destroy(visit, known)
    except NotAllowed as wrong:
        return _shown(visit, known, 403, act=act, wrong=str(wrong))
    except NotThere as wrong:
        return _shown(visit, known, 404, act=act, wrong=str(wrong))
    except Refusal as wrong:
        return _shown(visit, known, 422, act=act, wrong=str(wrong))
    return visit.go("entry", known.entry.hash)


def _sure(visit: Visit) -> None:
    require(visit.request.POST.get("sure") == "yes", _("Tick that you mean it; it cannot be taken "
                                                       "back."))


def _disclose(visit: Visit, known: Known) -> None:
    post = visit.request.POST
    seat = visit.room.seat
    seat.member  # noqa: B018 - raises NotAllowed for the public
    try:
        to = UUID(post.get("to", ""))
    except ValueError:
        raise Refusal(_("Choose a side.")) from None
    _sure(visit)
    disclose(visit.store, seat, [known.entry.hash], to, post.get("reason", "").strip()[:10_000])


def _destroy(visit: Visit, known: Known) -> None:
    seat = visit.room.seat
    seat.member  # noqa: B018 - raises NotAllowed for the public
    require(_held(known), _("What it said has been destroyed already."))
    _sure(visit)
    destroy(visit.store, seat, known.entry.hash)


def _shown(visit: Visit, known: Known, status: int = 200, **more: Any) -> HttpResponse:
    room = visit.room
    readable = room.seat.may_read(known)
    if readable:
        room.showing([known])
    return visit.show(
        "entry.html", status=status, entry=known.entry, seq=known.seq,
        told=told(known) if readable else None, gone=not _held(known),
        sides={side: name for side, name in room.sides.items() if name != room.side},
        may_disclose=may_disclose(room, known), may_destroy=may_destroy(room, known),
        shown_to=shown_to(room, known), sent=visit.request.POST, **more)


def _held(known: Known) -> bool:
    """Whether what an entry said is still here, or it said nothing from the beginning."""
    return known.entry.said is None or models.Said.objects.filter(
        entry__hash=known.entry.hash).exists()


def may_disclose(room: Room, known: Known) -> bool:
    """Whether the reader may let another side read an entry."""
    content = known.content
    if content is None or content.wall is Wall.PUBLIC or not room.seat.may_read(known):
        return False
    return room.seat.may(Action.DISCLOSE, content.wall.value, room.seat.relation(
        by=known.by, side=content.writer.side))


def may_destroy(room: Room, known: Known) -> bool:
    """Whether the reader may destroy what an entry says; only this server's own entries."""
    if known.entry.said is None or not _held(known):
        return False
    post = models.Post.objects.filter(pause_id=room.seat.pause, name=known.entry.log.post,
                                      key__isnull=False).first()
    return post is not None and room.seat.may(Action.DESTROY, "payload", room.seat.relation(
        by=known.by, side=room.store.side_name(post.side_id)))


def shown_to(room: Room, known: Known) -> list[Told]:
    """What the reader may know of who was shown an entry, the last first."""
    found = [k for k in room.readable if k.content is not None and k.content.kind == "disclosure"
             and known.entry.hash in k.content.payload.get("entries", ())][-MOST_SEEN:]
    room.showing(found)
    return [told(k) for k in reversed(found)]
