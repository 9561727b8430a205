"""The map of a pause: a picture and a table of what its reader may see."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.listing import list_records
from lull.web.pages.visit import Visit, in_pause_or_public


@in_pause_or_public
def chart(visit: Visit) -> HttpResponse:
    """Where things are."""
    return list_records(visit, "corridor")
