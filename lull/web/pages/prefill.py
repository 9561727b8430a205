"""What stands in a form before anything is filled in, because the page that led to it knows it.

Addresses hold tags, never names: a block of the preparations, or a party, is found again by its
tag among those that the reader can see.
"""

from __future__ import annotations

from typing import Any

from lull.domain.records.form import utc_text
from lull.domain.records.readiness import Question
from lull.web.pages.preparations import block_of, parties_of
from lull.web.pages.visit import Visit

FIRST: dict[str, tuple[str, ...]] = {
    "pause_terms": ("corridors", "corridors_for_fighters", "buses", "ambulances", "feeding_points",
                    "security_measures", "who_may_leave", "safeguards", "source"),
    "extension_request": ("waiting", "latest_useful_decision", "earlier_requests"),
    "movement_notification": ("vehicles", "crews", "people"),
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
    if kind == "line_test":
        return {"movement": about, "tested_at": now}
    if kind == "check_in":
        return {"movement": about, "at": now}
    if kind == "request.draft":
        notices = room.standing("pause")
        return {"pause": notices[-1].thing.object} if notices else {}
    if kind == "preparation_observed" and query.get("block"):
        block = block_of(room, about, query["block"])
        return {"block": block.name, "announced": block.announced} if block else {}
    if kind == "protection_answer" and query.get("question") in set(Question):
        return {"question": query["question"]}
    found: dict[str, Any] = {"request": about} if kind.startswith("decision.") else {}
    if kind.partition(".")[0] in ("decision", "consent") and query.get("for"):
        asked = [p for p in parties_of(room, about) if room.tag("party", p) == query["for"]]
        found |= {"party": asked[0]} if asked else {}
    return found
