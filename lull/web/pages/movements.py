"""Movements on the day: how each stands, and the next step by one tap. No positions."""

from __future__ import annotations

from datetime import date
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import NONE, TABLES
from lull.store.principal import NotThere
from lull.web.pages.listing import found, words_about, words_in
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.tap import Readers, readers_before, readers_sent, tapped
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.zones import Clock, utc_instant

OVER = frozenset(TABLES["movement"].ends)


@frozen
class Moving:
    """One movement, with what its notification says of times and kind, if that is readable."""

    stood: Stood
    tag: str
    last: Told
    notified: Told | None
    day: date

    @property
    def about(self) -> str:
        """What it is called."""
        return self.stood.thing.object

    @property
    def is_over(self) -> bool:
        """Whether nothing follows."""
        return set(self.stood.states) <= OVER


@in_pause
def movements(visit: Visit) -> HttpResponse:
    """Those of today first; a step is taken by one tap."""
    room = visit.room
    if visit.posted and visit.request.POST.get("tap"):
        return _tap(visit)
    return _shown(visit, readers_before(room, "movement"))


def _tap(visit: Visit) -> HttpResponse:
    room = visit.room
    event, _sep, tag = visit.request.POST["tap"].partition(":")
    about = room.object_of("movement", tag)
    if TABLES["movement"].step(event) is None:
        raise NotThere("There is no such step.")
    stood = room.standing("movement", about)
    version = int(stood[0].payload.get("version", 1)) + 1 if stood else 1
    wrong = tapped(visit, f"movement.{event}", about, {
        "record": "step", "reference": about, "version": version})
    if wrong:
        return _shown(visit, readers_sent(visit), wrong)
    return visit.go("movements", at=f"movement-{tag}")


def _shown(visit: Visit, readers: Readers, wrong: list[str] | None = None) -> HttpResponse:
    room, today = visit.room, visit.clock.local(visit.store.now()).date()
    rows = [_moving(room, s, visit.clock) for s in room.standing("movement")]
    rows.sort(key=lambda m: (m.is_over, -m.last.seq))
    part = found(visit, [m for m in rows if not m.is_over or m.day == today],
                 lambda m: _words(room, m), lambda m: m.stood.states)
    context: dict[str, Any] = {"found": part, "begin": room.steps("movement", [NONE])}
    if visit.partly:
        return visit.show("movements_now.html", **context)
    return visit.show("movements.html", status=409 if wrong else 200, wrong=wrong or [],
                      readers=readers, taps=any(m.stood.next for m in rows),
                      earlier=[m for m in rows if m.is_over and m.day != today], **context)


def _words(room: Room, moving: Moving) -> str:
    """What is searched: all that was said of it, and its notification."""
    notified = words_in(moving.notified) if moving.notified else ""
    return f"{words_about(room, 'movement', moving.about)}\n{notified}"


def _moving(room: Room, stood: Stood, clock: Clock) -> Moving:
    notified = [told(k) for k in room.told("notification", about=stood.thing.object)
                if k.content and k.content.payload.get("record") == "movement_notification"]
    last = told(stood.said[-1])
    return Moving(stood, stood.tag, last, notified[-1] if notified else None,
                  clock.local(utc_instant(last.received)).date())
