"""Steps taken by one tap: what is known stands in the page, and who may read it is set beside.

A page with taps is one form. Its buttons say which step is taken, of what; the choice of readers at
its head goes with each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import frozen
from django.utils.translation import gettext as _

from lull.domain.protocol import IllegalStep
from lull.domain.refusal import Refusal, require
from lull.ledger.content import Wall
from lull.store import models
from lull.store.bad_fields import BadFields
from lull.store.principal import NotAllowed
from lull.store.write import Wish, write
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit


@frozen
class Readers:
    """Who may read what is tapped: a wall, and sides where it is sealed."""

    wall: str = Wall.RESTRICTED.value
    to: tuple[UUID, ...] = ()


def readers_before(room: Room, *kinds: str) -> Readers:
    """Whom one's own side let read what it said last of kinds; at first only those it must."""
    mine = [k for k in room.told(*kinds) if k.content and k.content.writer.side == room.side]
    if not mine or mine[-1].content is None:
        return Readers()
    last = mine[-1].content
    if last.wall is not Wall.SEALED:
        return Readers(last.wall.value)
    keys = models.MemberKey.objects.filter(public__in=last.recipients)
    return Readers(last.wall.value, tuple(set(keys.values_list("member__side_id", flat=True))))


def readers_sent(visit: Visit) -> Readers:
    """Whom the form names; sides that are none are left out."""
    to = []
    for one in visit.request.POST.getlist("to"):
        try:
            to.append(UUID(one))
        except ValueError:
            continue
    return Readers(visit.request.POST.get("wall", ""), tuple(to))


def tapped(visit: Visit, kind: str, about: str, node: Mapping[str, Any], part: str = ""
           ) -> list[str]:
    """Write one step; returns what was wrong, in sentences, or nothing. Raises NotAllowed."""
    readers, once = readers_sent(visit), visit.request.POST.get("once", "")[:64]
    try:
        require(readers.wall in list(Wall), _("Say who may read it."))
        require(len(once) >= 8, _("Open the page again and send it once more."))
        wish = Wish(kind, about, dict(node), readers.wall, part,
                    readers.to if readers.wall == Wall.SEALED else ())
        write(visit.store, visit.room.seat, wish, once)
    except BadFields as met:
        return [e.sentence for e in met.errors]
    except NotAllowed:
        raise
    except (IllegalStep, Refusal) as met:
        return [str(met)]
    return []
