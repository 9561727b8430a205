"""What is due now, for who asks: their own turn first, what is late before what is not."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen
from django.http import HttpResponse
from django.utils.safestring import SafeString

from lull.domain.rights import Action
from lull.ledger.due import Due
from lull.store import jobs
from lull.store.due import due_now
from lull.web.pages.hours import windows
from lull.web.pages.job import JobShown, shown_jobs
from lull.web.pages.preparations import terms_of
from lull.web.pages.room import OVER, Stood
from lull.web.pages.saying import in_words
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
    "outcome": ("pause",),
    "preparation": ("pause",),
    "reconcile": ("delivery",),
    "observe": ("delivery",),
    "site_review": ("notification",),
    "contradiction": ("pause", "readiness", "notification", "request", "movement", "incident",
                      "delivery"),
}
"""On the page of which thing something that is due is done."""
MOST = 200
MOST_PAUSES = 5


@frozen
class Turn:
    """One thing that is due, as it stands on the page: with the page on which it is done."""

    due: Due
    said: SafeString
    table: str
    tag: str
    waiting: str
    late: str
    call: SafeString
    next_call: SafeString


@frozen
class Hours:
    """A pause with its next hours: `when` they open or close, or have closed."""

    stood: Stood
    what: str
    when: datetime | None


@in_pause
def due(visit: Visit) -> HttpResponse:
    """The page on which one lands."""
    found = due_now(visit.store, visit.room.seat)
    known = {(t.table, t.object) for t in visit.room.view.things.copy()}
    turns = [_turn(visit, one, known) for one in found[:MOST]]
    return visit.show(
        "due_now.html" if visit.partly else "due.html", pauses=_pauses(visit), plans=_plans(visit),
        yours=[t for t in turns if t.due.yours], others=[t for t in turns if not t.due.yours],
        more=max(0, len(found) - MOST))


def _pauses(visit: Visit) -> list[Hours]:
    """The pauses that the reader knows of and that are not over, the last spoken of first."""
    room = visit.room
    stood = [one for one in room.standing("pause") if not set(one.states) <= OVER]
    stood.sort(key=lambda one: -one.said[-1].seq)
    return [_hours(visit, one) for one in stood[:MOST_PAUSES]]


def _hours(visit: Visit, stood: Stood) -> Hours:
    terms = terms_of(visit.room, stood.thing.object)
    now = visit.store.now()
    spans = windows(terms[-1].payload["windows"]) if terms else ()
    here = next((one for one in spans if one.end > now), spans[-1] if spans else None)
    if here is None:
        return Hours(stood, "", None)
    if here.end <= now:
        return Hours(stood, "closed", here.end)
    return Hours(stood, "open", here.end) if here.start <= now else Hours(
        stood, "to_open", here.start)


def _plans(visit: Visit) -> list[JobShown]:
    """Plans that are being made, and those of which nobody has made a notification yet."""
    room = visit.room
    if not room.seat.may(Action.MAKE, "job"):
        return []
    rows = [row for row in jobs.jobs_of(visit.store, room.seat) if row.kind == jobs.PLAN]
    notified = any(k.content is not None and k.content.kind.startswith("notification.")
                   for k in room.readable)
    return [one for one in shown_jobs(visit, rows[:MOST_PAUSES])
            if one.busy or (one.has_drafts and not notified)]


def _turn(visit: Visit, one: Due, known: set[tuple[str, str]]) -> Turn:
    table = next((t for t in TABLES_OF_KIND[one.kind.value] if (t, one.object) in known), "")
    ladder, clock = one.ladder, visit.clock
    called = [filter(None, (said,)) for said in (
        (ladder.called, ladder.next_called) if ladder else (None, None))]
    return Turn(one, in_words(one.said, clock), table,
                visit.room.tag(table, one.object) if table else "",
                spell(one.waiting_minutes), spell(one.late_minutes),
                *(in_words(said, clock) for said in called))


def spell(minutes: int) -> str:
    """Minutes as figures that read alike everywhere: 0:45, 3:20, 2 d 4:05."""
    if minutes <= 0:
        return ""
    days, rest = divmod(minutes, 1_440)
    clock = f"{rest // 60}:{rest % 60:02d}"
    return f"{days} d {clock}" if days else clock
