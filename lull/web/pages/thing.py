"""One thing: how it stands, what may follow, what was said of it by whom; and one entry alone."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import TABLES, Step
from lull.domain.records import WITHOUT_STATES
from lull.domain.rights import WRITTEN_BY_THE_SERVER
from lull.store import reading
from lull.store.principal import NotThere
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.sections import OF_TABLE, OWN_PAGES
from lull.web.pages.visit import Visit, in_pause_or_public

RELATED: dict[str, tuple[str, ...]] = {
    "notification": ("receipt", "fetch", "known_at_checkpoint", "not_delivered", "facilitation"),
    "pause": ("consent", "preparation_observed", "protection_answer"),
    "request": ("decision",),
    "incident": ("assessment",),
    "movement": (),
    "delivery": (),
}
"""What is said of the same object elsewhere, and belongs on its page."""


@frozen
class Part:
    """A part of a thing with what stands of it, and the steps that may follow."""

    stood: Stood
    said: tuple[Told, ...]


@in_pause_or_public
def thing(visit: Visit, table: str, tag: str) -> HttpResponse:
    """How one thing stands."""
    if table not in TABLES:
        raise NotThere("There is no such thing.")
    if table in OWN_PAGES:
        return visit.go(OWN_PAGES[table], tag)
    room = visit.room
    about = room.object_of(table, tag)
    return visit.show("thing.html", **picture(room, table, about), about=about, table=table,
                      tag=tag, section=OF_TABLE.get(table))


def picture(room: Room, table: str, about: str) -> dict[str, Any]:
    """Everything that a page about a thing shows: standing, parts, what may follow, the past."""
    standing = room.standing(table, about)
    whole = [s for s in standing if not s.thing.part]
    related = RELATED.get(table, ())
    parts = [s for s in standing if s.thing.part] + [
        s for other in related if other in TABLES for s in room.standing(other, about)]
    said = room.told(table, *related, about=about)
    return {
        "stood": whole[0] if whole else None,
        "standing": [told(k) for s in whole for k in s.said],
        "parts": [Part(s, tuple(told(k) for k in s.said)) for s in parts],
        "past": [told(k) for k in reversed(said)],
        "begin": begin_steps(room, related),
        "records": [kind for kind in related if kind in WITHOUT_STATES
                    and kind not in WRITTEN_BY_THE_SERVER and room.may_write(kind)],
    }


def begin_steps(room: Room, tables: tuple[str, ...]) -> list[tuple[str, Step]]:
    """The steps by which something new of these tables begins, with their tables."""
    return [(table, step) for table in tables if table in TABLES
            for step in room.steps(table, ["none"])]


@in_pause_or_public
def entry(visit: Visit, hash: str) -> HttpResponse:  # noqa: A002 - the name in the address
    """One entry, with its hash, its post and its number."""
    known = reading.entry(visit.store, visit.room.seat, hash[:64])
    readable = visit.room.seat.may_read(known)
    return visit.show("entry.html", entry=known.entry, told=told(known) if readable else None,
                      seq=known.seq, may_disclose=visit.room.role is not None and readable)
