"""One incident as it is looked into: what is alleged, what each observer says, the evidence."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from lull.domain.records import read_payload
from lull.domain.records.common import Record
from lull.domain.records.incident import Assessment, Effect, Evidence, Incident, Inquiry
from lull.store.view import Known
from lull.web.pages.record import Told, told
from lull.web.pages.room import NO_PART, Room

EFFECTS = ("killed_civilians", "killed_aid_staff", "killed_of_parties", "injured_civilians",
           "injured_aid_staff", "injured_of_parties", "delay_minutes", "people_turned_back")


@frozen
class Alleged:
    """What one side alleges, as it said last; `effects` are the counts that it gives, by name.

    `notification` is the entry of the version that was in force, where the reader may see it.
    """

    told: Told
    incident: Incident
    effects: tuple[tuple[str, int], ...]
    notification: str


@frozen
class Found:
    """What one inquiry, visit or report found; `effects` are the counts that it gives, by name."""

    told: Told
    inquiry: Inquiry
    effects: tuple[tuple[str, int], ...]


@frozen
class Assessed:
    """What one observer says now, and how often they said something else before."""

    observer: str
    state: str
    told: Told
    assessment: Assessment
    before: int


def of_incident(room: Room, picture: dict[str, Any]) -> dict[str, Any]:
    """What the page of one incident shows beside what every page of a thing does."""
    past: list[Told] = picture["past"]
    about = past[0].about if past else ""
    found = [_alleged(room, k) for k in room.told("incident.allege", about=about) if not k.fault]
    alleged = list({one.told.side: one for one in found if one is not None}.values())
    inquiries = [one for k in room.told("incident", about=about) if (one := _found(k))]
    evidence: list[Evidence] = [e for one in alleged for e in one.incident.evidence]
    evidence += [e for one in inquiries for e in one.inquiry.evidence]
    own = _own(room, about)
    return {"alleged": alleged, "inquiries": inquiries, "evidence": evidence,
            "assessed": assessed(room, about), "own": own,
            "assess": [] if own else room.steps("assessment", ["none"])}


def _record(known: Known) -> Record | None:
    content = known.content
    return read_payload(content.kind, content.payload) if content and not known.fault else None


def _alleged(room: Room, known: Known) -> Alleged | None:
    incident = _record(known)
    if not isinstance(incident, Incident):
        return None
    of = room.view.known.get(incident.notification_hash)
    seen = of is not None and room.seat.may_read(of)
    return Alleged(told(known), incident, _counts(incident.effect),
                   incident.notification_hash if seen else "")


def _found(known: Known) -> Found | None:
    inquiry = _record(known)
    if not isinstance(inquiry, Inquiry):
        return None
    return Found(told(known), inquiry, _counts(inquiry.effect))


def _counts(effect: Effect | None) -> tuple[tuple[str, int], ...]:
    return tuple((name, n) for name in EFFECTS
                 if effect is not None and (n := getattr(effect, name)) is not None)


def assessed(room: Room, about: str) -> list[Assessed]:
    """What each observer says of an incident, by the observer's name; none is put first."""
    made = []
    for stood in room.standing("assessment", about):
        for known in stood.said:
            said = _record(known)
            if isinstance(said, Assessment):
                before = [k for k in room.told("assessment", about=about, part=stood.thing.part)
                          if k.seq < known.seq and not k.fault]
                made.append(Assessed(stood.thing.part, stood.led[known.entry.hash], told(known),
                                     said, len(before)))
    return sorted(made, key=lambda one: one.observer.casefold())


def _own(room: Room, about: str) -> Any:
    """The reader's own assessment as it stands, with the steps that may follow."""
    return next((s for s in room.standing("assessment", about)
                 if s.thing.part == room.side and s.part_tag != NO_PART), None)
