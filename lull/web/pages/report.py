"""The report as far as its reader may read it.

Whoever may read a plan sees its whole report. Everybody else sees a report made of what was told to
them: hours, corridors, and those movements and sites of the plan of which they were notified. It is
made of entries that they may read and never of the plan, so that nothing else can reach this page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.rights import Action
from lull.ledger.content import VERSIONS
from lull.store import jobs
from lull.web.pages.corridors import ways_of
from lull.web.pages.glance import is_movement
from lull.web.pages.hours import Window, in_all, windows
from lull.web.pages.job import JobShown, shown_jobs
from lull.web.pages.preparations import terms_of
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.visit import Visit, in_pause_or_public

OF_PLAN = re.compile(r"plan ([0-9a-f]{8})\b")
"""How a draft that was made of a plan names it, in its source."""
CALLED_OFF = frozenset({"cancelled", "expired", "superseded"})
MOST_REPORTS = 20


@frozen
class Notified:
    """The newest version of a notification that the reader may read, and how it stands for them."""

    tag: str
    last: Told
    stood: Stood | None

    @property
    def stands(self) -> bool:
        """Whether it counts: it was not called off, nor taken the place of."""
        return self.stood is None or not CALLED_OFF.intersection(self.stood.states)

    @property
    def vehicles(self) -> int:
        """How many vehicles move."""
        return sum(int(one.get("number", 0)) for one in self.last.payload.get("vehicles", ()))

    @property
    def people(self) -> int | None:
        """How many people move; None where nobody has counted, or the version does not say."""
        count: Mapping[str, Any] = self.last.payload.get("people") or {}
        return count.get("total")


@frozen
class Part:
    """What the reader was told of one plan (`plan` is its hash; empty: of none that is named)."""

    plan: str
    movements: tuple[Notified, ...]

    @property
    def vehicles(self) -> int:
        """Vehicles of all that stands; one that moves twice is in it twice."""
        return sum(one.vehicles for one in self.movements if one.stands)

    @property
    def people(self) -> int:
        """People of all that stands, as far as they were counted."""
        return sum(one.people or 0 for one in self.movements if one.stands)


@frozen
class Terms:
    """The hours and corridors of one pause, by the newest terms that the reader may read."""

    stood: Stood
    terms: Told | None
    windows: tuple[Window, ...]
    hours: str


@in_pause_or_public
def report(visit: Visit) -> HttpResponse:
    """All that the reader may read of the plans of a pause; the public its hours and corridors."""
    room = visit.room
    notified = _notified(room) if room.role else []
    sites = [one for one in notified if not is_movement(one.last.payload)]
    return visit.show(
        "report.html", reports=_whole(visit), pauses=pauses_of(room), ways=ways_of(room),
        parts=parts_of(one for one in notified if is_movement(one.last.payload)), sites=sites)


def _whole(visit: Visit) -> list[JobShown]:
    """The plans whose whole report is the reader's to read, the newest first."""
    if not visit.room.role or not visit.room.seat.may(Action.MAKE, "job"):
        return []
    rows = [row for row in jobs.jobs_of(visit.store, visit.room.seat)
            if row.kind in jobs.WITH_PLAN and row.state == jobs.DONE]
    return [one for one in shown_jobs(visit, rows[:MOST_REPORTS]) if one.has_report]


def _notified(room: Room) -> list[Notified]:
    stood = {one.thing.object: one for one in room.standing("notification")}
    newest: dict[str, Told] = {}
    for known in room.told(*VERSIONS):
        if known.fault is None:
            one = told(known)
            before = newest.get(one.about)
            if before is None or (one.version, one.seq) >= (before.version, before.seq):
                newest[one.about] = one
    return [Notified(room.tag("notification", about), newest[about], stood.get(about))
            for about in sorted(newest)]


def parts_of(movements: Iterable[Notified]) -> list[Part]:
    """Movements by the plan that they come from, those of no plan last."""
    found: dict[str, list[Notified]] = {}
    for one in movements:
        named = OF_PLAN.match(str(one.last.payload.get("source", "")))
        found.setdefault(named[1] if named else "", []).append(one)
    return [Part(plan, tuple(found[plan])) for plan in sorted(found, key=lambda p: (not p, p))]


def pauses_of(room: Room) -> list[Terms]:
    """The pauses of which the reader may read anything, what was said last first."""
    found = []
    for stood in sorted(room.standing("pause"), key=lambda s: -s.said[-1].seq):
        terms = terms_of(room, stood.thing.object)
        spans = windows(terms[-1].payload.get("windows", ())) if terms else ()
        found.append(Terms(stood, terms[-1] if terms else None, spans, in_all(spans)))
    return found
