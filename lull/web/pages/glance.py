"""What a notification says at a glance: when, where, with what, how many, and what if it fails."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from attrs import frozen

from lull.domain.records import read_payload
from lull.domain.records.form import unfilled
from lull.domain.records.lateness import transmission_warnings
from lull.domain.records.notification import MovementNotification, SiteNotification
from lull.domain.refusal import Refusal
from lull.ledger.due import times_under
from lull.web.pages.room import Room
from lull.web.pages.zones import utc_instant


@frozen
class Halt:
    """A place on the way with its times; `role` says which it is."""

    role: str
    place: Mapping[str, Any]
    arrives: str
    leaves: str
    overnight: bool
    actually_arrived: str
    actually_left: str
    delay_cause: str


@frozen
class Glance:
    """The payload of a version with what is worked out of it.

    `leaves` is its first hour, `empty` the fields that are still to be filled before it leaves.
    """

    of: Mapping[str, Any]
    is_movement: bool
    leaves: datetime | None
    halts: tuple[Halt, ...]
    vehicles: int
    crew: int
    warnings: tuple[str, ...]
    empty: tuple[str, ...]


def glance(room: Room, payload: Mapping[str, Any], sent: datetime | None = None) -> Glance:
    """What a version of a notification says at a glance; `sent` is when it first left."""
    movement = is_movement(payload)
    return Glance(
        payload, movement, begins(payload), _halts(payload) if movement else (),
        _total(payload, "vehicles"), _total(payload, "crews"), warnings(room, payload, sent),
        tuple(f"f.{path}" for path in unfilled(payload)))


def is_movement(payload: Mapping[str, Any]) -> bool:
    """Whether it is of a movement, and not of a site."""
    return payload.get("record") == "movement_notification"


def begins(payload: Mapping[str, Any]) -> datetime | None:
    """When a movement leaves, or from when a site is notified."""
    name = payload.get("departure", {}).get("leaves") if is_movement(payload) else payload.get(
        "valid_from")
    return utc_instant(name) if name else None


def warnings(room: Room, payload: Mapping[str, Any], sent: datetime | None = None
             ) -> tuple[str, ...]:
    """By how much it left too late, or would if it left now, and by which rule."""
    try:
        record = read_payload("notification.draft", payload)
    except Refusal:
        return ()
    assert isinstance(record, MovementNotification | SiteNotification)
    now = room.store.now()
    acts = ((k.entry, k.content) for k in room.readable
            if k.content is not None and k.fault is None)
    times = times_under(acts, getattr(record, "pause", ""), now)
    return tuple(one.sentence for one in transmission_warnings(record, sent or now, times))


def _halts(payload: Mapping[str, Any]) -> tuple[Halt, ...]:
    stops = [("departure", payload["departure"]),
             *(("stop", one) for one in payload.get("stops", ())), ("arrival", payload["arrival"]),
             *(("return", one) for one in payload.get("return_stops", ()))]
    return tuple(Halt(
        role, one.get("place", {}), one.get("arrives", ""), one.get("leaves", ""),
        bool(one.get("overnight")), one.get("actually_arrived", ""), one.get("actually_left", ""),
        one.get("delay_cause", "")) for role, one in stops)


def _total(payload: Mapping[str, Any], name: str) -> int:
    return sum(int(one.get("number", 0)) for one in payload.get(name, ()))
