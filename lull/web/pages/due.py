"""What is due now, for who asks: their own turn first, what is late before what is not."""

from __future__ import annotations

from attrs import frozen
from django.http import HttpResponse

from lull.ledger.due import MEANS, Due
from lull.store.due import due_now
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit, in_pause

TABLES_OF_KIND: dict[str, tuple[str, ...]] = {
    "check_in": ("movement", "notification"),
    "line_test": ("movement", "notification"),
    "transmit": ("notification",),
    "receipt": ("notification",),
    "query": ("notification",),
    "answer": ("request",),
    "question": ("pause",),
    "complete": ("notification",),
    "preparation": ("pause",),
    "reconcile": ("delivery",),
    "observe": ("delivery",),
    "site_review": ("notification",),
    "contradiction": ("pause", "readiness", "notification", "request", "movement", "incident",
                      "delivery"),
}
"""On the page of which thing something that is due is done."""
MOST = 200


@frozen
class Turn:
    """One thing that is due, as it stands on the page: with the page on which it is done."""

    due: Due
    table: str
    tag: str
    waiting: str
    late: str

    @property
    def means(self) -> str:
        """What its kind says."""
        return MEANS[self.due.kind]


@in_pause
def due(visit: Visit) -> HttpResponse:
    """The page on which one lands."""
    found = due_now(visit.store, visit.room.seat)
    known = {(t.table, t.object) for t in visit.room.view.things.copy()}
    turns = [_turn(visit.room, one, known) for one in found[:MOST]]
    return visit.show(
        "due_now.html" if visit.partly else "due.html", yours=[t for t in turns if t.due.yours],
        others=[t for t in turns if not t.due.yours], more=max(0, len(found) - MOST))


def _turn(room: Room, one: Due, known: set[tuple[str, str]]) -> Turn:
    table = next((t for t in TABLES_OF_KIND[one.kind.value] if (t, one.object) in known), "")
    return Turn(one, table, room.tag(table, one.object) if table else "",
                spell(one.waiting_minutes), spell(one.late_minutes))


def spell(minutes: int) -> str:
    """Minutes as figures that read alike everywhere: 0:45, 3:20, 2 d 4:05."""
    if minutes <= 0:
        return ""
    days, rest = divmod(minutes, 1_440)
    clock = f"{rest // 60}:{rest % 60:02d}"
    return f"{days} d {clock}" if days else clock
