"""What is due now, for whoever asks, from what they may read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from lull.domain.protocol import Role
from lull.domain.records import RECEIPT_SENTENCE
from lull.ledger.due import Due, DueKind
from lull.store.due import due_now
from lull.web.api.auth import anyone, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem

router = Router(tags=["due"])
MOST_DUE = 1_000


class LadderOut(Schema):
    """How far the escalation of a missed check-in has come; step 0 is none yet."""

    step: int
    steps: int
    call: str = Field(description="who is called now: organisation, function, channel")
    does: str
    next_call: str
    next_does: str
    next_at: datetime | None


class DueOut(Schema):
    """One thing that is due. `beside` stands beside what speaks of a receipt."""

    kind: DueKind
    object: str
    part: str = Field(description="recipient (and version), line, question, party or block")
    since: datetime | None
    by: datetime | None
    waiting_minutes: int
    late_minutes: int = Field(description="0 where it is in time")
    roles: list[Role] = Field(description="whose step it may be")
    side: str = Field(description="whose turn it is; blank: any with one of these roles")
    yours: bool = Field(description="your role and side may do it")
    sentence: str
    entries: list[str] = Field(description="the entries on which it rests")
    ladder: LadderOut | None
    beside: str = ""


class DueNowOut(Schema):
    """What is due at a moment, what is late first. `more`: the rest is left out."""

    at: datetime
    items: list[DueOut]
    more: bool


@router.get("pauses/{uuid:pause}/due", auth=anyone, response={200: DueNowOut, NOT_DONE: Problem},
            operation_id="due")
def due(request: HttpRequest, pause: UUID,
        yours: Annotated[bool, Query(description="only what your role and side may do")] = False,
        limit: Annotated[int, Query(ge=1, le=MOST_DUE)] = MOST_DUE) -> Any:
    """What is due now, from what you may read: what others keep from you may look undone.

    The times by which it is measured stand in docs/reference/due.md. To be late is told and never
    refused.
    """
    store = store_of(request)
    found = [one for one in due_now(store, seat_of(request, pause)) if one.yours or not yours]
    return DueNowOut(at=store.now(), items=[_shown(one) for one in found[:limit]],
                     more=len(found) > limit)


def _shown(one: Due) -> DueOut:
    ladder = one.ladder
    return DueOut(
        kind=one.kind, object=one.object, part=one.part, since=one.since, by=one.by,
        waiting_minutes=one.waiting_minutes, late_minutes=one.late_minutes, roles=list(one.roles),
        side=one.side, yours=one.yours, sentence=one.sentence, entries=list(one.entries),
        ladder=None if ladder is None else LadderOut(
            step=ladder.step, steps=ladder.steps, call=ladder.call, does=ladder.does,
            next_call=ladder.next_call, next_does=ladder.next_does, next_at=ladder.next_at),
        beside=RECEIPT_SENTENCE if one.kind in (DueKind.RECEIPT, DueKind.QUERY) else "",
    )  # fmt: skip
