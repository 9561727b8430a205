"""Pages as they were made, kept for those who watch while nothing that they show has changed.

Most who watch a pause load the same few pages again and again. What such a page says depends on the
pause, the role and side of its reader, the entries that they may read, the language and zone, and
the minute: where all that is the same, so is the page. It is kept by the sessions of those who may
see it, in the memory that holds what their keys have opened, and is gone with the last of them.
What else a page may show, such as letters on their way, is at most a minute old; whoever does
something in a pause is shown it at once. Seals and tokens of forms are put in anew each time.
"""

from __future__ import annotations

import secrets
from collections.abc import Hashable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from attrs import define

from lull.store.reading import note_seen
from lull.store.view import Known, Reader, View
from lull.web.pages.zones import ZONE

if TYPE_CHECKING:
    from lull.web.pages.visit import Visit

WATCHED = frozenset({
    "due", "notice", "corridors", "readiness", "notifications", "movements", "requests",
    "deliveries", "incidents", "constraints", "figures", "statements",
})
"""Pages by name of their view. None of them may depend on whose session it is."""
MOST_KEPT = 40
"""Pages that one session keeps."""
LONGEST_QUERY = 80
NOTED = "disclosure"
"""The record that something was seen: no watched page shows it, and showing a page writes it."""
SEAL, ONCE = secrets.token_hex(24), secrets.token_hex(24)
"""Stand in a kept page for what is put in anew; nobody can guess them."""


@define(eq=False)
class Kept:
    """A page as it was made, and what of the ledger it shows."""

    key: Hashable
    html: str
    shown: tuple[Known, ...]

    def filled(self, seal: str, once: str) -> str:
        """The page for one request."""
        return self.html.replace(SEAL, seal).replace(ONCE, once)


@define(eq=False)
class Place:
    """Where the page of a request is kept."""

    holder: Reader
    view: View
    shared: WeakValueDictionary[Hashable, Kept]
    slot: Hashable
    key: Hashable

    def keep(self, html: str, shown: tuple[Known, ...]) -> Kept:
        """Keep a page that was just made."""
        return self._put(Kept(self.key, html, shown))

    def _put(self, made: Kept) -> Kept:
        mine = self.holder.shelf
        if len(mine) >= MOST_KEPT and self.slot not in mine:
            mine.clear()
        if self.holder.put_on_shelf(self.view, self.slot, made):
            self.shared[self.key] = made
        return made

    def find(self, visit: Visit) -> Kept | None:
        """The page, if it is still as it would be made; that it is shown is written down."""
        mine = self.holder.shelf.get(self.slot)
        if mine is not None and mine.key == self.key:
            return mine  # what it shows was noted when it was shown first
        other = self.shared.get(self.key)
        if other is None:
            return None
        note_seen(visit.store, visit.room.seat, other.shown)
        return self._put(other)


def place_for(visit: Visit, args: dict[str, Any]) -> Place | None:
    """Where the page of a request is kept; None where it is to be made anew each time."""
    request, seat = visit.request, visit.seat
    query = request.META.get("QUERY_STRING", "")
    if (visit.page_name not in WATCHED or seat is None or request.method != "GET" or args
            or len(query) > LONGEST_QUERY):
        return None
    holder = visit.store.own if seat.who is None else seat.who.reader
    if holder is None:
        return None
    slot = (seat.pause, visit.page_name, query, visit.partly, visit.language.code,
            request.COOKIES.get(ZONE, ""))
    now = visit.store.now()
    key = (*slot, seat.role, visit.room.side, _readable(visit, holder),
           _done_in(visit).get(seat.pause, 0), f"{now:%Y-%m-%dT%H:%M}")
    return Place(holder, visit.room.view, visit.store.own.shared, slot, key)


def _done_in(visit: Visit) -> dict[Any, int]:
    return visit.store.own.done


def something_done(visit: Visit) -> None:
    """Have everything of a pause made anew: somebody has just done something in it."""
    if visit.seat is not None:
        done = _done_in(visit)
        done[visit.seat.pause] = done.get(visit.seat.pause, 0) + 1


def _readable(visit: Visit, holder: Reader) -> bytes:
    """What stands for all that is known here, and for what of it the reader may read."""
    room = visit.room
    view, memo = room.view, ("readable", room.seat.pause, room.role)
    state = (view.generation, view.seq, len(holder.opened))
    found = holder.marks.get(memo)
    if found is None or found[0] != state:
        mine = {known.entry.hash for known in room.readable}
        whole = blake2b(str(view.generation).encode(), digest_size=16)
        for name, known in list(view.known.items()):
            if known.content is not None and known.content.kind != NOTED:
                whole.update((name + " r"[name in mine]).encode())
        holder.marks[memo] = found = (state, whole.digest())
    return bytes(found[1])
