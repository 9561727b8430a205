"""The pause notice: its versions, what each party says to it, what was seen of the preparations."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.listing import list_things
from lull.web.pages.visit import Visit, in_pause_or_public


@in_pause_or_public
def notice(visit: Visit) -> HttpResponse:
    """The list of them."""
    return list_things(visit, "pause")
