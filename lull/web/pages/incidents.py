"""Incidents, with what each observer found; no line says who is right."""

from __future__ import annotations

from attrs import frozen
from django.http import HttpResponse

from lull.web.pages.inquiry import Assessed, assessed
from lull.web.pages.listing import Row, found, things, words_in
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause


@frozen
class Line:
    """One incident in the list."""

    row: Row
    alleged: Told | None
    assessed: tuple[Assessed, ...]


def lines(room: Room) -> list[Line]:
    """All incidents that the reader may see, what changed last first."""
    made = []
    for row in things(room, "incident"):
        about = row.stood.thing.object
        said = [told(k) for k in room.told("incident.allege", about=about) if not k.fault]
        made.append(Line(row, said[-1] if said else None, tuple(assessed(room, about))))
    return made


@in_pause
def incidents(visit: Visit) -> HttpResponse:
    """The list of them."""
    room = visit.room
    part = found(visit, lines(room), _text, lambda one: one.row.stood.states)
    return visit.show("incidents.html", found=part, table="incident",
                      begin=[("incident", step) for step in room.steps("incident", ["none"])])


def _text(one: Line) -> str:
    said = (words_in(one.alleged) if one.alleged else "", words_in(one.row.last),
            *(words_in(a.told) for a in one.assessed))
    return "\n".join(said)
