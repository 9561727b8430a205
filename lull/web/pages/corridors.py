"""Corridors as they are said to be, by whom and when: several sources side by side."""

from __future__ import annotations

from attrs import frozen
from django.http import HttpResponse

from lull.web.pages.preparations import terms_of
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause_or_public


@frozen
class Way:
    """One corridor with the last word of each side on it, the latest first."""

    about: str
    name: str
    name_local: str
    tag: str
    said: tuple[Told, ...]
    earlier: int

    @property
    def differ(self) -> bool:
        """Whether its sources do not say the same of its state."""
        return len({one.payload["status"] for one in self.said}) > 1

    @property
    def mines_differ(self) -> bool:
        """Whether its sources do not say the same of mines."""
        return len({one.payload["mine_status"] for one in self.said}) > 1


@in_pause_or_public
def corridors(visit: Visit) -> HttpResponse:
    """All of them, and those that a notice names of which nobody has spoken."""
    room = visit.room
    ways = ways_of(room)
    spoken = {name for way in ways for name in (way.about, way.name)}
    terms = terms_of(room)
    named = terms[-1].payload.get("corridors", ()) if terms else ()
    return visit.show("corridors.html", ways=ways, unspoken=[n for n in named if n not in spoken],
                      may_write=room.may_write("corridor"))


def ways_of(room: Room) -> list[Way]:
    """All corridors of which the reader of a room may read anything, by name."""
    by_name: dict[str, list[Told]] = {}
    for known in room.told("corridor"):
        if known.fault:  # no source says what is not right
            continue
        one = told(known)
        by_name.setdefault(one.about, []).append(one)
    return [_way(room, about, by_name[about]) for about in sorted(by_name)]


def _way(room: Room, about: str, all_of: list[Told]) -> Way:
    last = {one.side: one for one in all_of}
    said = tuple(sorted(last.values(), key=lambda one: -one.seq))
    return Way(about, said[0].payload["name"], said[0].payload.get("name_local", ""),
               room.tag("corridor", about), said, len(all_of) - len(said))
