"""Readiness: a matrix of corridors and levels, and the questions that must be answered before."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.listing import list_things
from lull.web.pages.visit import Visit, in_pause


@in_pause
def readiness(visit: Visit) -> HttpResponse:
    """The list of them."""
    return list_things(visit, "readiness")
