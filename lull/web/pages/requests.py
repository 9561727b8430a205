"""Requests for an extension, with what each party has decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import NONE, Role, Step
from lull.store.principal import NotThere
from lull.web.pages.hours import Window, in_all, lasting, windows
from lull.web.pages.listing import found, words_in
from lull.web.pages.preparations import terms_of
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.zones import utc_instant

ENDED = ("withdrawn", "lapsed")
LISTS = ("conditions_offered", "conditions_asked", "consents_obtained", "guarantees_outstanding")


@frozen
class Decided:
    """What one party says to a request: nothing yet, or its decision with reason and conditions."""

    party: str
    tag: str
    stood: Stood | None
    said: tuple[Told, ...]
    granted: tuple[Window, ...]
    own: bool
    earlier: int = 0
    """The version that it decided on, where a later one has been written since; else 0."""

    @property
    def states(self) -> tuple[str, ...]:
        """How its decision stands."""
        return self.stood.states if self.stood else (NONE,)


@frozen
class Due:
    """When a decision is of use at the latest, and how far off that is."""

    at: str
    passed: bool
    hours: str


@frozen
class Proposed:
    """One proposal: whether it is said to be new, and the earlier requests that made it too.

    It is repeated where there are some; where neither is so, nobody has said.
    """

    text: str
    is_new: bool
    before: tuple[str, ...]


@frozen
class Asked:
    """A request with what was asked, as a list and its own page show it."""

    stood: Stood
    tag: str
    draft: Told
    windows: tuple[Window, ...]
    hours: str
    decided: tuple[Decided, ...]
    due: Due | None

    @property
    def about(self) -> str:
        """What it is called."""
        return self.stood.thing.object

    @property
    def payload(self) -> Mapping[str, Any]:
        """The request itself."""
        return self.draft.payload

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come of it."""
        return set(self.stood.states) <= set(ENDED)


@in_pause
def requests(visit: Visit) -> HttpResponse:
    """The list of them."""
    room = visit.room
    rows = [a for s in room.standing("request") if (a := _asked(visit, s))]
    rows.sort(key=lambda a: -a.draft.seq)
    part = found(visit, rows, lambda a: f"{words_in(a.draft)}\n{a.about.casefold()}",
                 lambda a: a.stood.states)
    return visit.show("requests.html", found=part, begin=room.steps("request", [NONE]))


@in_pause
def request_of(visit: Visit, tag: str) -> HttpResponse:
    """One request."""
    room = visit.room
    about = room.object_of("request", tag)
    asked = next((a for s in room.standing("request", about) if (a := _asked(visit, s))), None)
    if asked is None:
        raise NotThere("There is nothing here that is yours to see.")
    chain = _chain(visit, asked)
    terms = terms_of(room, str(asked.payload.get("pause", "")))
    now = windows(terms[-1].payload.get("windows", ())) if terms else ()
    sent = [told(k) for k in room.told("request", about=about)
            if k.content and k.content.payload.get("record") == "request_sent"]
    return visit.show(
        "request.html", asked=asked, about=about, tag=tag, chain=chain, sent=sent,
        standing=[told(k) for k in asked.stood.said],
        proposals=_proposals(asked, chain), in_force=now, in_force_hours=in_all(now),
        lists=[(n, asked.payload[n]) for n in LISTS if asked.payload.get(n)],
        own_steps=_decisions(room), may_note=room.may_write("decision.note_no_answer"),
        past=[told(k) for k in reversed(room.told("request", "decision", about=about))])


def _decisions(room: Room) -> list[Step]:
    """The decisions that a reader of a party may take."""
    return [s for s in room.steps("decision", [NONE]) if s.event != "note_no_answer"
            ] if room.role is Role.PARTY else []


def _asked(visit: Visit, stood: Stood) -> Asked | None:
    room, about = visit.room, stood.thing.object
    drafts = [told(k) for k in room.told("request", about=about)
              if k.content and not k.fault
              and k.content.payload.get("record") == "extension_request"]
    if not drafts:
        return None
    draft = drafts[-1]
    spans = windows(draft.payload.get("windows", ()))
    stands = {s.thing.part: s for s in room.standing("decision", about)}
    parties = dict.fromkeys([*draft.payload.get("addressees", ()), *stands])
    return Asked(stood, stood.tag, draft, spans, in_all(spans),
                 tuple(_decided(room, party, stands.get(party), draft.version)
                       for party in parties),
                 _due(visit, draft.payload.get("latest_useful_decision", "")))


def _decided(room: Room, party: str, stood: Stood | None, version: int) -> Decided:
    said = tuple(told(k) for k in stood.said) if stood else ()
    granted = windows(said[-1].payload.get("granted_windows", ())) if said else ()
    on = int(said[-1].payload.get("request_version", 1)) if said else version
    return Decided(party, room.tag("party", party), stood, said, granted, party == room.side,
                   on if on < version else 0)


def _due(visit: Visit, at: str) -> Due | None:
    if not at:
        return None
    left = utc_instant(at) - visit.store.now()
    return Due(at, left <= timedelta(), lasting(abs(left)))


def _chain(visit: Visit, of: Asked) -> list[tuple[str, Asked | None]]:
    """Earlier requests, each with what came before it; those that are not the reader's by name."""
    known = {s.thing.object: s for s in visit.room.standing("request")}
    chain: dict[str, Asked | None] = {}
    queue = list(of.payload.get("earlier_requests", ()))
    while queue:
        name = queue.pop(0)
        if name in chain or name == of.about:
            continue
        chain[name] = earlier = _asked(visit, known[name]) if name in known else None
        queue += earlier.payload.get("earlier_requests", ()) if earlier else ()
    return list(chain.items())


def _proposals(asked: Asked, chain: list[tuple[str, Asked | None]]) -> list[Proposed]:
    before: dict[str, list[str]] = {}
    for name, earlier in chain:
        for one in earlier.payload.get("proposals", ()) if earlier else ():
            before.setdefault(_same(one["text"]), []).append(name)
    return [Proposed(p["text"], p.get("is_new", False), tuple(dict.fromkeys(
                (*before.get(_same(p["text"]), ()), *filter(None, (p.get("repeats"),))))))
            for p in asked.payload.get("proposals", ())]


def _same(text: str) -> str:
    return " ".join(text.casefold().split())
