"""The list of any table or record that has no page of its own."""

from __future__ import annotations

from django.http import HttpResponse

from lull.domain.protocol import TABLES
from lull.domain.records import WITHOUT_STATES
from lull.store.principal import NotThere
from lull.web.pages.listing import list_records, list_things
from lull.web.pages.visit import Visit, in_pause_or_public


@in_pause_or_public
def list_of(visit: Visit, table: str) -> HttpResponse:
    """Things or records of one kind."""
    if table in TABLES:
        return list_things(visit, table)
    if table in WITHOUT_STATES:
        return list_records(visit, table)
    raise NotThere("There is no such list.")
