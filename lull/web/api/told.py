"""What a pause amounts to: whether it is ready, what was delivered, what is claimed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from lull.store import told
from lull.web.answers import (
    DeliveriesOut,
    ReadinessOut,
    SpreadOut,
    deliveries_out,
    readiness_out,
    spreads_out,
)
from lull.web.api.auth import anyone, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem

router = Router(tags=["accounts"])


@router.get("pauses/{uuid:pause}/readiness", auth=anyone,
            response={200: list[ReadinessOut], NOT_DONE: Problem}, operation_id="readiness")
def readiness(request: HttpRequest, pause: UUID) -> Any:
    """Who has said yes at which level, which protection questions are open, and go or no-go.

    From what you may read. Nothing may begin the pause while a question is open.
    """
    return readiness_out(told.readiness_of(store_of(request), seat_of(request, pause)))


@router.get("pauses/{uuid:pause}/deliveries", auth=anyone,
            response={200: DeliveriesOut, NOT_DONE: Problem}, operation_id="deliveries")
def deliveries(request: HttpRequest, pause: UUID) -> Any:
    """Deliveries item by item, in units and kilograms, and where their totals do not agree.

    From what you may read. What those say who sent or carried it is a claim until somebody else
    has observed it.
    """
    return deliveries_out(told.waybills_of(store_of(request), seat_of(request, pause)))


@router.get("pauses/{uuid:pause}/claims", auth=anyone,
            response={200: list[SpreadOut], NOT_DONE: Problem}, operation_id="claims")
def claims(request: HttpRequest, pause: UUID) -> Any:
    """Figures claimed about one thing side by side, with their spread, beside verified ones."""
    return spreads_out(told.claims_of(store_of(request), seat_of(request, pause)))
