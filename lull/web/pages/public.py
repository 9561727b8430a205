"""What is public of every pause, for whoever comes without an account: hours and corridors."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from attrs import frozen
from django.http import HttpResponse

from lull.store import models
from lull.store.kept import Store
from lull.store.principal import Seated
from lull.store.rows import Damaged
from lull.web.pages.corridors import Way, ways_of
from lull.web.pages.report import Terms, pauses_of
from lull.web.pages.room import OVER, Room
from lull.web.pages.visit import Visit, anyones
from lull.web.pages.zones import Clock, zone_of

MOST_SHOWN = 20
"""Pauses on one page, those that were spoken of last."""


@frozen
class Known:
    """What is public of the notices and corridors of one pause."""

    pause: UUID
    terms: tuple[Terms, ...]
    ways: tuple[Way, ...]
    zone: str
    last: int

    @property
    def over(self) -> bool:
        """Whether every notice of it that is public is over."""
        return all(set(one.stood.states) <= OVER for one in self.terms)


@frozen
class Open:
    """One pause as the page shows it, with the clock of its own zone."""

    of: Known
    clock: Clock


@anyones
def public(visit: Visit) -> HttpResponse:
    """The pauses of which anything is public; those that are over stand last."""
    return visit.show("public.html", opened=open_pauses(visit))


def open_pauses(visit: Visit) -> list[Open]:
    """The pauses of which a notice is public, as the public reads them, whoever asks."""
    known = []
    for pause in models.Pause.objects.values_list("pk", flat=True):
        with suppress(Damaged):  # a pause that cannot be read must keep nobody from signing in
            known.append(_known(visit.store, pause))
    known = [one for one in known if one.terms]
    known.sort(key=lambda one: (one.over, -one.last))
    return [Open(one, Clock(zone_of(visit.request, one.zone))) for one in known[:MOST_SHOWN]]


def _known(store: Store, pause: UUID) -> Known:
    """What is public of a pause, worked out anew when something was written there."""
    room = Room(store, Seated(pause, None, None))
    view, marks, memo = room.view, store.own.marks, ("public", pause)
    state = (view.generation, view.seq)
    found = marks.get(memo)
    if found is None or found[0] != state:
        terms = tuple(pauses_of(room))
        last = max((one.stood.said[-1].seq for one in terms), default=0)
        marks[memo] = found = (state, Known(pause, terms, tuple(ways_of(room)), room.zone, last))
    known: Known = found[1]
    return known
