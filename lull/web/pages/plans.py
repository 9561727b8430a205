"""The page of plans."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.visit import Visit, in_pause


@in_pause
def plans(visit: Visit) -> HttpResponse:
    """What there is."""
    return visit.show("due.html")
