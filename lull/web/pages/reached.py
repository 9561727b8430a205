"""Where recipients are reached: said by coordinators, seen by them alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from lull.domain.refusal import Refusal
from lull.ledger.content import VERSIONS
from lull.store.addressees import (
    SENT_OVER,
    Addressee,
    addressees,
    drop_addressee,
    set_addressee,
)
from lull.store.principal import NotAllowed, NotThere
from lull.store.write import BadFields
from lull.web.pages.room import Room
from lull.web.pages.sending import pair_of
from lull.web.pages.visit import Visit, in_pause

FIELDS = ("recipient", "channel", "address")


@in_pause
def reached(visit: Visit) -> HttpResponse:
    """The list of them, and a form to say or to forget where one is reached."""
    room, post = visit.room, visit.request.POST
    known = addressees(visit.store, room.seat)  # raises NotAllowed before anything is done
    errors: dict[str, list[str]] = {}
    made: Addressee | None = None
    if visit.posted and post.get("act") == "drop":
        recipient, channel = pair_of(post.get("which", ""))
        try:
            drop_addressee(visit.store, room.seat, recipient, channel)
            return visit.go("addressees")
        except NotAllowed:
            raise
        except (Refusal, NotThere) as met:
            errors[""] = [str(met)]
    elif visit.posted:
        try:
            made = set_addressee(visit.store, room.seat, _given(post))
            if not made.secret:
                return visit.go("addressees")
            known = addressees(visit.store, room.seat)
        except BadFields as met:
            for error in met.errors:
                errors.setdefault(error.field, []).append(error.sentence)
    has = {(one.recipient.casefold(), one.channel) for one in known}
    missing = [one for one in _named(room) if (one[0].casefold(), one[1]) not in has]
    return visit.show(
        "addressees.html", status=422 if errors else 200, known=known, made=made, errors=errors,
        at_fields=[(name, s) for name in FIELDS for s in errors.get(name, ())],
        elsewhere=[s for name, said in errors.items() if name not in FIELDS for s in said],
        given=post if errors and post.get("act") != "drop" else {}, channels=SENT_OVER,
        missing=missing)


def _given(post: Mapping[str, Any]) -> Addressee:
    return Addressee(post.get("recipient", "").strip(), post.get("channel", ""),
                     post.get("address", "").strip(), bool(post.get("private_ok")))


def _named(room: Room) -> list[tuple[str, str]]:
    """Recipients whom notifications name, with channels over which something can be sent."""
    named: dict[tuple[str, str], None] = {}
    for known in room.told(*VERSIONS):
        for one in known.content.payload.get("recipients", ()) if known.content else ():
            if one["channel"] in SENT_OVER:
                named[(str(one["party"]), str(one["channel"]))] = None
    return sorted(named)
