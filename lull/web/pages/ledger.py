"""What was written, newest first; what stands against each other; what is kept without effect."""

from __future__ import annotations

from attrs import frozen
from django.http import HttpResponse

from lull.ledger.entry import Entry
from lull.store.reading import sight_of
from lull.store.view import Known
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.visit import Visit, in_pause

ON_A_PAGE = 50


@frozen
class Written:
    """One entry in the feed; `told` is None where what it says is not the reader's to read."""

    seq: int
    entry: Entry
    told: Told | None


@frozen
class Apart:
    """A thing of which posts that were apart said different things, with all that they said."""

    stood: Stood
    said: tuple[tuple[str, Told], ...]


def in_sight(room: Room) -> list[Known]:
    """The entries of which the reader may see that they are there, newest first."""
    sight = sight_of(room.seat)
    return sorted((k for k in list(room.view.known.values()) if sight.has(k)),
                  key=lambda k: -k.seq)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _table(known: Known) -> str:
    return known.content.kind.partition(".")[0] if known.content else ""


@in_pause
def ledger(visit: Visit) -> HttpResponse:
    """The feed of changes, page by page; of one table where that is asked for."""
    room, query = visit.room, visit.request.GET
    there = in_sight(room)
    mine = {k.entry.hash for k in there if room.seat.may_read(k)}
    tables = sorted({_table(k) for k in there if k.entry.hash in mine})
    only = query.get("table", "")
    only = only if only in tables else ""
    before = _number(query.get("before", ""))
    fits = [k for k in there if (not before or k.seq < before)
            and (not only or (k.entry.hash in mine and _table(k) == only))]
    part = fits[:ON_A_PAGE]
    room.showing(k for k in part if k.entry.hash in mine)
    rows = [Written(k.seq, k.entry, told(k) if k.entry.hash in mine else None) for k in part]
    return visit.show("ledger.html", rows=rows, tables=tables, only=only, before=before,
                      older=part[-1].seq if len(fits) > len(part) else 0)


@in_pause
def apart(visit: Visit) -> HttpResponse:
    """What posts that were apart said differently, all in one list."""
    room = visit.room
    found = [Apart(s, tuple((s.led[k.entry.hash], told(k)) for k in s.said))
             for s in room.contested()]
    return visit.show("apart.html", found=found)


@in_pause
def without_effect(visit: Visit) -> HttpResponse:
    """Entries that are kept and have no effect, each with the fault and whose it is."""
    room = visit.room
    wrong = [k for k in room.readable if k.fault is not None]
    room.showing(wrong)
    return visit.show("without_effect.html", found=[(told(k), k.fault) for k in reversed(wrong)])
