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
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from attrs import define, field

from lull.store.reading import note_seen
from lull.store.view import Known, Reader, View
from lull.web.pages.packed import Packed
from lull.web.pages.zones import ZONE

if TYPE_CHECKING:
    from django.http import HttpResponse

    from lull.web.pages.visit import Visit

WATCHED = frozenset({
    "due", "notice", "corridors", "readiness", "notifications", "movements", "requests",
    "deliveries", "incidents", "constraints", "figures", "statements", "report",
})
"""Pages by name of their view. None of them may depend on whose session it is."""
MOST_KEPT = 40
"""Pages that one session keeps."""
LONGEST_QUERY = 80
LONGEST_WAIT_SECONDS = 2.0
"""So long is a page waited for that somebody else is making; then one makes it oneself."""
NOTED = "disclosure"
"""The record that something was seen: no watched page shows it, and showing a page writes it."""
SEAL, ONCE, VERSION = (secrets.token_hex(24) for _ in range(3))
"""Stand in a kept page for what is put in anew; nobody can guess them."""


@define(eq=False)
class _Flight:
    """One page that is being made."""

    lock: Lock = field(factory=Lock)


@define(eq=False)
class Flights:
    """Who is making which page now, so that it is made once when many ask for it at once."""

    _locks: WeakValueDictionary[Hashable, _Flight] = field(factory=WeakValueDictionary)
    _lock: Lock = field(factory=Lock)

    @contextmanager
    def alone(self, key: Hashable) -> Iterator[None]:
        """Within this nobody else makes the page, or has been at it for too long."""
        with self._lock:
            flight = self._locks.setdefault(key, _Flight())
        held = flight.lock.acquire(timeout=LONGEST_WAIT_SECONDS)
        try:
            yield
        finally:
            if held:
                flight.lock.release()


FLIGHTS = Flights()
"""Holds keys and locks alone, and each only while somebody is at it."""


@define(eq=False, slots=False)
class Kept:
    """A page as it was made, and what of the ledger it shows."""

    key: Hashable
    html: str
    shown: tuple[Known, ...]
    version: str = field(factory=lambda: secrets.token_hex(8))
    """Stands for the page in an ETag, and tells nothing of what it holds."""

    def filled(self, seal: str, once: str) -> str:
        """The page for one request."""
        return self.html.replace(SEAL, seal).replace(ONCE, once).replace(VERSION, self.version)

    @cached_property
    def _packed(self) -> Packed:
        return Packed.of(self.html, (SEAL, ONCE, VERSION))

    def gzip(self, seal: str, once: str) -> bytes:
        """The same, compressed."""
        return self._packed.gzip({SEAL: seal, ONCE: once, VERSION: self.version})

    @property
    def etag(self) -> str:
        """Weak: its forms' seals are put in anew each time."""
        return f'W/"{self.version}"'


@define(eq=False)
class Place:
    """Where the page of a request is kept."""

    holder: Reader
    view: View
    shared: WeakValueDictionary[Hashable, Kept]
    flights: Flights
    slot: Hashable
    key: Hashable

    def made_once(self, visit: Visit, make: Callable[[], HttpResponse]) -> HttpResponse:
        """The page as it was kept, or as it is made now by whoever asks for it first."""
        page = self.find(visit)
        if page is not None:
            return visit.kept(page)
        with self.flights.alone(self.key):
            page = self.find(visit)
            return visit.kept(page) if page is not None else make()

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
    return Place(holder, visit.room.view, visit.store.own.shared, FLIGHTS, slot, key)


def _done_in(visit: Visit) -> dict[Any, int]:
    return visit.store.own.done


def something_done(visit: Visit) -> None:
    """Have everything of a pause made anew: somebody has just done something in it."""
    if visit.seat is not None:
        done = _done_in(visit)
        done[visit.seat.pause] = done.get(visit.seat.pause, 0) + 1


@define(eq=False)
class _Mark:
    """What stands for the first so many entries of a generation."""

    view: View
    generation: int
    count: int
    whole: blake2b


def _readable(visit: Visit, holder: Reader) -> bytes:
    """What stands for all that is known here, and for what of it the reader may read.

    Within a generation it is carried on by what has come since: what an entry says, and who may
    read it, does not change but with the generation.
    """
    room = visit.room
    view, memo = room.view, ("readable", room.seat.pause, room.role)
    generation, known = view.told()
    mark = holder.marks.get(memo)
    if mark is None or (mark.view, mark.generation) != (view, generation) or (
            mark.count > len(known)):
        mark = _Mark(view, generation, 0, blake2b(str(generation).encode(), digest_size=16))
    if mark.count < len(known):
        whole = mark.whole.copy()
        for one in known[mark.count:]:
            if one.content is not None and one.content.kind != NOTED:
                whole.update((one.entry.hash + " r"[room.seat.may_read(one)]).encode())
        mark = holder.marks[memo] = _Mark(view, generation, len(known), whole)
    return bytes(mark.whole.digest())
