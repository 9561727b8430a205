"""What sides have published, in their words."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.listing import list_records
from lull.web.pages.visit import Visit, in_pause_or_public


@in_pause_or_public
def statements(visit: Visit) -> HttpResponse:
    """The list of them."""
    return list_records(visit, "statement")
