"""The pause notice: its versions, what each party says to it, what was seen of the preparations."""

from __future__ import annotations

from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.protocol import NONE, Role
from lull.web.pages.gate import accepted
from lull.web.pages.hours import Window, in_all, windows
from lull.web.pages.preparations import Block, blocks, terms_of
from lull.web.pages.record import Line, Told, lines_of, told
from lull.web.pages.room import Room, Stood
from lull.web.pages.visit import Visit, in_pause_or_public

SHOWN_APART = frozenset({
    "windows", "corridors", "corridors_for_fighters", "buses", "ambulances", "feeding_points",
    "security_measures", "who_may_leave", "clause_men_of_fighting_age", "clause_fighters",
    "clause_voluntariness", "choice_of_destination", "safeguards", "title",
})
"""Fields of the terms with a place of their own on the page."""
WHO_MAY_LEAVE = ("who_may_leave", "clause_voluntariness", "choice_of_destination",
                 "clause_men_of_fighting_age", "clause_fighters")


@frozen
class Change:
    """One field of the terms that is not as it was in the version before."""

    before: Line
    now: Line


@frozen
class Edition:
    """One version of the notice, as a page shows it."""

    told: Told
    windows: tuple[Window, ...]
    hours: str
    leave: tuple[Line, ...]
    rest: tuple[Line, ...]
    changes: tuple[Change, ...]
    hours_before: str

    @property
    def issued(self) -> bool:
        """Whether a party wrote it itself; else it was received, and written down here."""
        return self.told.role == Role.PARTY.value


@frozen
class Voice:
    """What one party says to the pause: nothing, or its own words as they stand."""

    party: str
    must_agree: bool
    tag: str
    stood: Stood | None
    said: tuple[Told, ...]
    own: bool


@in_pause_or_public
def notice(visit: Visit) -> HttpResponse:
    """The notice that was spoken of last."""
    found = _notices(visit.room)
    return _shown(visit, found[-1] if found else None, found)


@in_pause_or_public
def notice_of(visit: Visit, tag: str) -> HttpResponse:
    """One notice, in the version asked for (`entry`), or the latest."""
    about = visit.room.object_of("pause", tag)
    found = _notices(visit.room)
    return _shown(visit, next((s for s in found if s.thing.object == about), None), found)


def _notices(room: Room) -> list[Stood]:
    """The pauses of which anything is told, what was said last at the end."""
    return sorted(room.standing("pause"), key=lambda s: s.said[-1].seq)


def _shown(visit: Visit, stood: Stood | None, all_of: list[Stood]) -> HttpResponse:
    room = visit.room
    begin = room.steps("pause", [NONE])
    if stood is None:
        return visit.show("notice.html", stood=None, begin=begin)
    about = stood.thing.object
    editions = terms_of(room, about)
    asked = visit.request.GET.get("entry", "")
    at = next((i for i, e in enumerate(editions) if str(e.seq) == asked), len(editions) - 1)
    terms = editions[-1].payload if editions else {}
    edition = _edition(editions, at) if editions else None
    said = [told(k) for k in reversed(room.told("pause", "consent", "preparation_observed",
                                                "protection_answer", about=about))]
    return visit.show(
        "notice.html", stood=stood, about=about, tag=stood.tag, begin=begin, past=said,
        others=[s for s in reversed(all_of) if s.thing.object != about], edition=edition,
        editions=list(reversed(editions)), latest=at == len(editions) - 1,
        for_all=_corridors(edition, fighters=False), for_fighters=_corridors(edition,
                                                                             fighters=True),
        voices=_voices(room, about, terms), **_own_words(room, about),
        may_note=room.may_write("consent.note_no_answer"),
        blocks=(prepared := blocks(room, about, terms)), unseen=_unseen(prepared),
        may_observe=room.may_write("preparation_observed"), accepted=accepted(room, about))


def _edition(editions: list[Told], at: int) -> Edition:
    one = editions[at]
    before = editions[at - 1] if at else None
    lines = lines_of(one.payload, before.payload if before else None)
    spans = windows(one.payload.get("windows", ()))
    was = in_all(windows(before.payload.get("windows", ()))) if before else ""
    return Edition(
        one, spans, in_all(spans), tuple(n for n in lines if n.name in WHO_MAY_LEAVE),
        tuple(n for n in lines if n.name not in SHOWN_APART),
        _changes(lines, lines_of(before.payload, one.payload)) if before else (), was)


def _changes(now: tuple[Line, ...], before: tuple[Line, ...]) -> tuple[Change, ...]:
    was = {line.name: line for line in before}
    return tuple(Change(was.get(line.name, Line(line.name, "line")), line)
                 for line in now if line.changed)


def _corridors(edition: Edition | None, *, fighters: bool) -> list[str]:
    if edition is None:
        return []
    theirs = edition.told.payload.get("corridors_for_fighters", ())
    return [c for c in edition.told.payload.get("corridors", ()) if (c in theirs) == fighters]


def _voices(room: Room, about: str, terms: Any) -> list[Voice]:
    must = {p["party"]: p.get("must_agree", False) for p in terms.get("parties", ())}
    stands = {s.thing.part: s for s in room.standing("consent", about)}
    return [Voice(p, must.get(p, False), room.tag("party", p), s := stands.get(p),
                  tuple(told(k) for k in s.said) if s else (), p == room.side)
            for p in dict.fromkeys([*must, *stands])]


def _own_words(room: Room, about: str) -> dict[str, Any]:
    """What a reader of a party may say next, in its own name."""
    if room.role is not Role.PARTY:
        return {"may_speak": False}
    mine = [s for s in room.standing("consent", about) if s.thing.part == room.side]
    steps = mine[0].next if mine else room.steps("consent", [NONE])
    return {"may_speak": True, "own_part": mine[0].part_tag if mine else "",
            "consent_events": [step.event for step in steps]}


def _unseen(of: tuple[Block, ...]) -> int:
    return sum(not block.seen for block in of)
