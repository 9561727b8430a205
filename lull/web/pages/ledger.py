"""The page of ledger."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.visit import Visit, in_pause


@in_pause
def ledger(visit: Visit) -> HttpResponse:
    """What there is."""
    return visit.show("due.html")
