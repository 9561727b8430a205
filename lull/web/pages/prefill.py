"""What stands in a form before anything is filled in, because the page that led to it knows it.

Addresses hold tags, never names: a block of the preparations, or a party, is found again by its
tag among those that the reader can see.
"""

from __future__ import annotations

from typing import Any

from lull.domain.protocol import TABLES
from lull.domain.records.form import utc_text
from lull.domain.records.readiness import Question
from lull.ledger.content import VERSIONS, Wall
from lull.web.pages.preparations import block_of, parties_of
from lull.web.pages.room import Room
from lull.web.pages.visit import Visit

FIRST: dict[str, tuple[str, ...]] = {
    "pause_terms": ("corridors", "corridors_for_fighters", "buses", "ambulances", "feeding_points",
                    "security_measures", "who_may_leave", "safeguards", "source"),
    "extension_request": ("waiting", "latest_useful_decision", "earlier_requests"),
    "movement_notification": ("vehicles", "crews", "people", "route_waypoints"),
    "incident": ("corridor", "clause", "effect", "notification", "notification_version",
                 "notification_hash"),
    "inquiry": ("found", "evidence", "effect", "reliability", "credibility", "remedy",
                "public_wording"),
    "assessment": ("attributed", "attribution"),
    "after_action": ("consents",),
    "decision": ("reason_given", "conditions"),
    "consent": ("condition",),
    "protection_answer": ("answer", "open_because", "waived_by", "waiver_reason"),
    "corridor": ("status_reason", "status_by", "status_at"),
}
"""Fields that may be left out, and are asked for with those that must be filled."""


def prefilled(visit: Visit, kind: str, about: str) -> dict[str, Any]:
    """Fields of a form, by name, that are known from where it was opened."""
    query, room = visit.request.GET, visit.room
    now = utc_text(visit.store.now())
    if kind in ("request.send", "request.receive"):
        return {"at": now}
    if kind == "request.draft":
        notices = room.standing("pause")
        return {"pause": notices[-1].thing.object} if notices else {}
    if kind == "incident.allege" and query.get("notification"):
        return _in_force(room, query["notification"])
    if kind == "after_action":
        return _account(room)
    if kind == "preparation_observed" and query.get("block"):
        block = block_of(room, about, query["block"])
        return {"block": block.name, "announced": block.announced} if block else {}
    if kind == "protection_answer" and query.get("question") in set(Question):
        return {"question": query["question"]}
    found: dict[str, Any] = _decided_on(room, about) if kind.startswith("decision.") else {}
    if kind.partition(".")[0] in ("decision", "consent") and query.get("for"):
        asked = [p for p in parties_of(room, about) if room.tag("party", p) == query["for"]]
        found |= {"party": asked[0]} if asked else {}
    return found


def _in_force(room: Room, tag: str) -> dict[str, Any]:
    """The last version of a notification, as an incident names the one that was in force."""
    about = room.object_of("notification", tag)
    versions = [k for k in room.told(*VERSIONS, about=about) if k.fault is None and k.content]
    if not versions:
        return {"notification": about}
    last = max(versions, key=lambda k: (k.content.payload["version"] if k.content else 0, k.seq))
    assert last.content is not None
    payload = last.content.payload
    found = {"notification": about, "notification_version": int(payload["version"]),
             "notification_hash": last.entry.hash}
    corridors = payload.get("corridors", ())
    return found | ({"corridor": corridors[0]} if len(corridors) == 1 else {})


def _account(room: Room) -> dict[str, Any]:
    """The pause that was spoken of last, and what each party has said to it in public, by time.

    What was said to some is not repeated in an account that may go to all.
    """
    notices = room.standing("pause")
    if not notices:
        return {}
    about = max(notices, key=lambda s: s.said[-1].seq).thing.object
    consents = []
    for known in room.told("consent", about=about):
        content = known.content
        if content is None or known.fault is not None or content.wall is not Wall.PUBLIC:
            continue
        step = TABLES["consent"].step(content.kind.partition(".")[2])
        assert step is not None
        word = {"party": content.part, "said_at": content.payload["said_at"],
                "stance": step.after, "said_by_function": content.payload["said_by_function"],
                "condition": content.payload.get("condition", "")}
        consents.append({name: said for name, said in word.items() if said})
    consents.sort(key=lambda one: one["said_at"])
    return {"pause": about} | ({"consents": consents} if consents else {})


def _decided_on(room: Room, about: str) -> dict[str, Any]:
    """The request, in its last version, on which somebody decides."""
    versions = [int(k.content.payload.get("version", 1)) for k in room.told("request", about=about)
                if k.content and not k.fault
                and k.content.payload.get("record") == "extension_request"]
    return {"request": about} | ({"request_version": max(versions)} if versions else {})
