"""Lists: of things with their states, and of records that simply stand. Searched, filtered.

What is searched for is sent in the body: addresses are kept in histories.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import TABLES, Step
from lull.store.view import Known
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.visit import Visit

T = TypeVar("T")
ON_A_PAGE = 50


@frozen
class Row:
    """One thing in a list."""

    stood: Stood
    last: Told
    version: int


@frozen
class Found:
    """A part of a list: what fits the search and the filter, page by page."""

    rows: tuple[Any, ...]
    all: int
    page: int
    pages: int
    q: str
    state: str
    states: tuple[str, ...]

    @property
    def before(self) -> int:
        """The page before, or 0."""
        return self.page - 1

    @property
    def after(self) -> int:
        """The page after, or 0."""
        return self.page + 1 if self.page < self.pages else 0


def things(room: Room, table: str) -> list[Row]:
    """The things of a table, what changed last first."""
    rows = [Row(s, told(s.said[-1]), int(s.payload.get("version", 1)))
            for s in room.standing(table)]
    return sorted(rows, key=lambda row: -row.last.seq)


def records(room: Room, kind: str) -> list[Told]:
    """The records of a kind, the last first."""
    return [told(k) for k in reversed(room.told(kind))]


def words_in(known: Told) -> str:
    """All that an entry says, to be searched."""
    return "\n".join((known.about, known.part, known.side, known.function, *_texts(known.payload))
                     ).casefold()


def words_about(room: Room, table: str, about: str) -> str:
    """All that was ever said of a thing, to be searched: what it holds stands in an early step."""
    return "\n".join(words_in(told(k)) for k in room.told(table, about=about))


def _texts(node: Any) -> Iterable[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _texts(value)
    else:
        yield str(node)


def found(visit: Visit, rows: list[T], text: Callable[[T], str],
          states: Callable[[T], Iterable[str]]) -> Found:
    """What of a list fits what was asked for."""
    request = visit.request
    q = str(request.POST.get("q", "")).strip()[:200]
    known = tuple(dict.fromkeys(s for row in rows for s in states(row)))
    state = str(request.POST.get("state") or request.GET.get("state", ""))
    state = state if state in known else ""
    words = q.casefold().split()
    fits = [row for row in rows if (not state or state in states(row))
            and all(word in text(row) for word in words)] if words or state else rows
    pages = max(1, -(-len(fits) // ON_A_PAGE))
    asked = str(request.POST.get("page") or request.GET.get("page", "1"))
    page = min(max(1, int(asked) if asked.isdecimal() and len(asked) < 8 else 1), pages)
    return Found(tuple(fits[(page - 1) * ON_A_PAGE:page * ON_A_PAGE]), len(fits), page, pages, q,
                 state, known)


def list_things(visit: Visit, table: str, template: str = "list.html", **more: Any
                ) -> HttpResponse:
    """The page of a list of things."""
    room = visit.room
    part = found(visit, things(room, table),
                 lambda row: words_about(room, table, row.stood.thing.object),
                 lambda row: row.stood.states)
    begin: list[tuple[str, Step]] = [(table, step) for step in room.steps(table, ["none"])
                                     ] if not TABLES[table].part else []
    return visit.show(template, found=part, table=table, begin=begin, **more)


def list_records(visit: Visit, kind: str, template: str = "records.html", **more: Any
                 ) -> HttpResponse:
    """The page of a list of records."""
    part = found(visit, records(visit.room, kind), words_in, lambda row: (row.side,))
    return visit.show(template, found=part, kind=kind, may_write=visit.room.may_write(kind), **more)


def newest(known: Iterable[Known]) -> Known | None:
    """The last of some entries."""
    return max(known, key=lambda k: k.seq, default=None)
