"""What a page shows, taken away as a table: that it was taken is written down."""

from __future__ import annotations

from django.http import HttpResponse

from lull.domain.records.account import DisclosureKind
from lull.store.write import note
from lull.web.pages.policy import with_policy
from lull.web.pages.visit import Visit


def taken_out(visit: Visit, name: str, raw: bytes) -> HttpResponse:
    """A CSV to take away, once it is written down who took it. The public takes what is public."""
    visit.room.note_shown()
    if visit.who is not None:
        note(visit.store, visit.room.seat, DisclosureKind.EXPORTED, [name])
    answer = HttpResponse(raw, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return with_policy(answer)
