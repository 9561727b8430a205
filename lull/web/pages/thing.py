"""One thing: how it stands, what may follow, what was said of it by whom; and one entry alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import TABLES, Step
from lull.domain.records import WITHOUT_STATES
from lull.domain.rights import WRITTEN_BY_THE_SERVER
from lull.store.principal import NotThere
from lull.web.pages.inquiry import of_incident
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.sections import OF_TABLE, OWN_PAGES
from lull.web.pages.visit import Visit, in_pause_or_public
from lull.web.pages.waybill import of_delivery

RELATED: dict[str, tuple[str, ...]] = {
    "notification": ("receipt", "fetch", "known_at_checkpoint", "not_delivered", "facilitation"),
    "pause": ("consent", "preparation_observed", "protection_answer"),
    "request": ("decision",),
    "incident": ("assessment",),
    "movement": ("line_test", "check_in"),
    "delivery": (),
}
"""What is said of the same object elsewhere, and belongs on its page."""


OWN: dict[str, tuple[str, Callable[[Room, dict[str, Any]], dict[str, Any]]]] = {
    "delivery": ("delivery.html", of_delivery),
    "incident": ("incident.html", of_incident),
}
"""Tables whose things have a template of their own, and what it shows besides."""


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
    section = OF_TABLE.get(table)
    visit.page_name = section.name if section else visit.page_name
    shown = picture(room, table, about)
    template, more = OWN.get(table, ("thing.html", _nothing_more))
    return visit.show(template, **shown, **more(room, shown), about=about, table=table, tag=tag,
                      section=section)


def _nothing_more(room: Room, shown: dict[str, Any]) -> dict[str, Any]:
    return {}


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
