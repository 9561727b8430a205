"""One notification: what it says, who was sent it, who confirmed, who is silent, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import Role, Step
from lull.domain.records import RECEIPT_SENTENCE
from lull.store.view import Known
from lull.web.pages.act import ELSEWHERE
from lull.web.pages.changes import Change, changes
from lull.web.pages.glance import glance, is_movement
from lull.web.pages.receipts import Receipts, letters_for, receipts_of
from lull.web.pages.record import Told, lines_of, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.visit import Visit, in_pause_or_public

SENT = frozenset({"submitted", "transmitted", "amended"})
"""States in which a recipient may have answered, though nothing was sent from here."""
ON_THE_WAY = ("line_test", "check_in")
"""What is said of a movement's lines and of where it has come to, on its notification's page."""
OWNERS = (Role.COORDINATOR, Role.ORGANISATION)


@frozen
class Version:
    """One version as it was said, and what is otherwise in it than in the one before."""

    number: int
    told: Told
    changed: tuple[Change, ...]
    first: bool


@in_pause_or_public
def notification(visit: Visit, tag: str) -> HttpResponse:
    """One notification, or the part of its page on receipts, which is renewed by itself."""
    room = visit.room
    about = room.object_of("notification", tag)
    receipts = receipts_of(room, about, letters_for(room, [about]))
    mine = [line for line in receipts.newest if line.own] if room.role is Role.PARTY else []
    stood = next(iter(room.standing("notification", about)), None)
    shared: dict[str, Any] = {
        "about": about, "tag": tag, "receipts": receipts, "mine": mine, "table": "notification",
        "stood": stood, "is_sent": bool(stood and SENT.intersection(stood.states)),
        "may_permit": room.may_write("facilitation"),
        "may_send": room.may_write("notification.transmit"),
        "is_owner": room.role in OWNERS, "sees_outbox": room.role is Role.COORDINATOR,
        "shows_opened": any(line.opened for g in receipts.groups for line in g.lines)
        or room.role is Role.COORDINATOR,
    }
    if visit.partly:
        return visit.show("notification_receipts.html", **shared)
    return visit.show("notification.html", **shared, **_page(visit, about, stood, receipts))


def _page(visit: Visit, about: str, stood: Stood | None, receipts: Receipts) -> dict[str, Any]:
    room = visit.room
    last = receipts.versions[-1].content if receipts.versions else None
    elsewhere = {kind.partition(".")[2]: name for kind, name in ELSEWHERE.items()}
    payload = last.payload if last else {}
    return {
        "standing": [told(k) for k in (stood.said if stood else ())],
        "steps": [(step, elsewhere.get(step.event, "")) for step in _in_order(stood)],
        "glance": glance(room, payload, _first_sent(receipts)) if last else None,
        "wall": last.wall.value if last else "",
        "lines": lines_of(payload),
        "versions": _versions(receipts),
        "ends": [told(k) for k in receipts.ends],
        "past": _past(room, about),
        "beside": RECEIPT_SENTENCE,
        "may": {"known_at_checkpoint": room.may_write("known_at_checkpoint"),
                "incident": room.may_write("incident.allege"),
                **{kind: room.may_write(kind) and _is_its_owners(room, about)
                   for kind in ON_THE_WAY}},
        "plans_it": _plans_its_movement(room, about, payload),
        "on_the_way": [told(k) for k in reversed(room.told(*ON_THE_WAY, about=about))],
        "people": [(name, count) for name, count in payload.get("people", {}).items()
                   if name not in ("total", "list_reference")],
        "contacts": [payload[name] for name in ("contact", "deputy") if name in payload],
    }


def _is_its_owners(room: Room, about: str) -> bool:
    """Whether this reader is of the side whose notification it is."""
    return room.side in room.view.owners.get(("notification", about), ())


def _plans_its_movement(room: Room, about: str, payload: Mapping[str, Any]) -> bool:
    """Whether its movement on the day is still to be planned, and this reader may do it."""
    return (is_movement(payload) and not payload.get("movements")
            and not room.standing("movement", about) and room.may_write("movement.plan"))


def _first_sent(receipts: Receipts) -> datetime | None:
    """When the last version was first sent to anybody."""
    return min((sent.ordered for group in receipts.groups for line in group.lines
                if line.version == receipts.version for sent in line.sent), default=None)


def _in_order(stood: Stood | None) -> list[Step]:
    """The steps that may follow, the usual next one first and those that end it last."""
    order = ["submit", "transmit", "amend", "revise", "complete", "return", "supersede", "expire",
             "cancel"]
    if stood and "returned" in stood.states:  # it was given back to be mended
        order.insert(0, "revise")
    return sorted(stood.next, key=lambda step: order.index(step.event)) if stood else []


def _versions(receipts: Receipts) -> list[Version]:
    """The versions, the last first."""
    found: list[Version] = []
    before: Known | None = None
    for known in receipts.versions:
        assert known.content is not None
        payload = known.content.payload
        old = before.content.payload if before and before.content else None
        found.insert(0, Version(int(payload.get("version", 1)), told(known, old),
                                changes(old, payload) if old else (), old is None))
        before = known
    return found


def _past(room: Room, about: str) -> list[Told]:
    said = room.told("notification", "receipt", "fetch", "known_at_checkpoint", "not_delivered",
                     "facilitation", about=about)
    return [told(k) for k in reversed(said)]
