"""What is due now, for who asks: what their own role is awaited for, the longest silent first."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.visit import Visit, in_pause


@in_pause
def due(visit: Visit) -> HttpResponse:
    """The page on which one lands."""
    return visit.show("due.html")
