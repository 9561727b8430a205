"""Requests for an extension, drafted from figures; a draft is written like any other record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from lull.domain.records import payload
from lull.questions.request import Particulars, drafted
from lull.store.principal import Scope
from lull.store.told import requests_of
from lull.web.api.auth import member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem
from lull.web.api.records import Given

router = Router(tags=["accounts"])
Line = Annotated[str, Field(min_length=1, max_length=1_000)]
Lines = Annotated[list[Line], Field(max_length=50)]


class DraftIn(Given):
    """An answer with figures, and what no figure can fill."""

    answer: dict[str, Any] = Field(description="as `lull extension --json` printed it, or of a "
                                   "planning job (its `answer.answer`)")
    reference: Line
    version: int = Field(1, ge=1, le=2**31)
    pause: Line
    organisation: Line
    function: Line
    addressees: Annotated[list[Line], Field(min_length=1, max_length=50)]
    proposals: Lines = Field([], description="what else is asked for")
    earlier: Lines = Field([], description="references of earlier requests that it follows on")
    until: datetime | None = Field(None, description="the end that is asked for, where the answer "
                                   "gives none, or another one")


class DraftOut(Schema):
    """The payload of a `request.draft`, to be looked at, completed and written."""

    payload: dict[str, Any]
    chain: list[str] = Field(description="earlier requests that could be read, the earliest first")


@router.post("pauses/{uuid:pause}/requests/draft", auth=member,
             response={200: DraftOut, NOT_DONE: Problem}, operation_id="draft_request")
def draft(request: HttpRequest, pause: UUID, given: DraftIn) -> DraftOut:
    """Fill a request for an extension from an answer's figures. Nothing is written.

    Each proposal is marked new, or with the earlier request that asked for it already, as far as
    you may read them.
    """
    seat = seat_of(request, pause, Scope.READ)
    known = requests_of(store_of(request), seat)
    made, chain = drafted(given.answer, Particulars(
        reference=given.reference, version=given.version, pause=given.pause,
        organisation=given.organisation, function=given.function,
        addressees=tuple(given.addressees), proposals=tuple(given.proposals),
        earlier=tuple(given.earlier), until=given.until), known)
    return DraftOut(payload=payload(made), chain=chain)
