"""What is known already and need not be typed: names of sides and things, the version."""

from __future__ import annotations

from collections.abc import Iterable

from lull.web.forms.filled import Filled
from lull.web.forms.helps import ZONES, Names
from lull.web.pages.room import Room

MOST_NAMES = 200
"""Names that one list offers."""
LONGEST_NAME = 300
"""Characters of a safeguard that is offered by its code and its words."""


def names_of(room: Room, table: str) -> tuple[str, ...]:
    """The things of a table or the records of a kind that the reader may see, by name."""
    return tuple(dict.fromkeys(k.content.object for k in room.told(table) if k.content))


def names_for(room: Room) -> tuple[Names, ...]:
    """The names that a form offers."""
    corridors, clauses = dict.fromkeys(names_of(room, "corridor")), dict[str, None]()
    for known in room.told("pause"):
        if known.content is not None and known.fault is None:
            corridors |= dict.fromkeys(map(str, known.content.payload.get("corridors", ())))
            clauses |= dict.fromkeys(f"{one['id']}: {one['text']}"[:LONGEST_NAME]
                                     for one in known.content.payload.get("safeguards", ()))
    return tuple(Names(f"known-{name}", tuple(names)[:MOST_NAMES]) for name, names in (
        ("sides", tuple(room.sides.values())), ("pauses", names_of(room, "pause")),
        ("corridors", tuple(corridors)), ("notifications", names_of(room, "notification")),
        ("movements", names_of(room, "movement")), ("safeguards", tuple(clauses)),
        ("zones", ZONES)))


def version_in(kept: Iterable[Filled]) -> int:
    """The version that is about to be written."""
    found = [str(one.value) for one in kept if one.field.name == "version"]
    return int(found[0]) if found and found[0].isdecimal() and len(found[0]) < 6 else 1
