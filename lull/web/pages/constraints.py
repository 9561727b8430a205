"""What keeps people from aid, and aid from people."""

from __future__ import annotations

from django.http import HttpResponse

from lull.web.pages.listing import list_records
from lull.web.pages.visit import Visit, in_pause


@in_pause
def constraints(visit: Visit) -> HttpResponse:
    """The list of them."""
    return list_records(visit, "access_constraint")
