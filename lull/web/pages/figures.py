"""Figures that were claimed, side by side, and what was verified."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.listing import list_records
from lull.web.pages.visit import Visit, in_pause_or_public


@in_pause_or_public
def figures(visit: Visit) -> HttpResponse:
    """The list of them."""
    return list_records(visit, "claimed_figure")
