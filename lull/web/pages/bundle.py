"""Ledger files: taken away with what one may hold, and taken in from another post."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action, Reach, reach
from lull.store import ledgers
from lull.store.ledgers import DamagedFile
from lull.store.principal import NotAllowed
from lull.web.pages.policy import with_policy
from lull.web.pages.visit import Visit, in_pause, in_pause_with_file

MOST_OF_A_KEY = 200
"""Characters of a public key that are looked at."""
MOST_TOLD = 200
"""Findings that a page tells one by one."""


@in_pause
def export(visit: Visit) -> HttpResponse:
    """A ledger file of what one may hold; a form, so that nobody takes one by following a link."""
    if not visit.posted:
        return visit.go("take_in")
    key = visit.request.POST.get("key", "").strip()[:MOST_OF_A_KEY]
    sealed = visit.request.POST.get("how") == "sealed"
    try:
        require(bool(key) or not sealed, _("Give the public key to which the file is sealed."))
        raw = ledgers.export(visit.store, visit.room.seat, key if sealed else "")
    except NotAllowed:
        raise
    except Refusal as wrong:
        may = reach(visit.room.seat.role, Action.WRITE, "ledger") is not Reach.NOBODY
        return _shown(visit, may, 422, bad_key=str(wrong),
                      key=key if key.startswith("age1") else "")
    answer = HttpResponse(raw, content_type="application/octet-stream")
    name = "pause.ledger.age" if sealed else "pause.ledger"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return with_policy(answer)


@in_pause_with_file(ledgers.LARGEST_FILE_BYTES)
def take_in(visit: Visit) -> HttpResponse:
    """Merge a file into the pause; what is wrong with it is told at its lines."""
    seat = visit.room.seat
    may = reach(seat.role, Action.WRITE, "ledger") is not Reach.NOBODY
    if not visit.posted:
        return _shown(visit, may)
    if not may:
        raise NotAllowed(_("Your role takes no files in."))
    try:
        given = visit.request.FILES.get("file")
        require(given is not None, _("Choose a file."))
        assert given is not None
        done = ledgers.take_in(visit.store, seat, given.read())
    except DamagedFile as wrong:
        return _shown(visit, may, 422, wrong=str(wrong), findings=wrong.findings[:MOST_TOLD],
                      more=len(wrong.findings) - MOST_TOLD)
    except NotAllowed as wrong:
        return _shown(visit, may, 403, wrong=str(wrong))
    except Refusal as wrong:
        return _shown(visit, may, 422, wrong=str(wrong))
    return _shown(visit, may, done=done, findings=done.findings[:MOST_TOLD],
                  more=len(done.findings) - MOST_TOLD)


def _shown(visit: Visit, may: bool, status: int = 200, **told: Any) -> HttpResponse:
    return visit.show("take_in.html", status=status, may_take_in=may,
                      most_mb=ledgers.LARGEST_FILE_BYTES // 1_000_000, **told)
