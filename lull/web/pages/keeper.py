"""How the server does, for whoever keeps it: what it answered, what waits, the last backup."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.store.principal import NotAllowed
from lull.web.pages.visit import Visit, members
from lull.web.server_figures import REQUESTS, figures, last_backup

BACKUP_EVERY = timedelta(days=1)
"""An older backup is marked. Assumed: what a day of a pause holds cannot be asked for again."""


@members
def keeper(visit: Visit) -> HttpResponse:
    """Figures without a word of any pause."""
    assert visit.who is not None
    if not visit.who.keeper:
        raise NotAllowed(_("This page is for those who keep the server."))
    requests, when = visit.request.META.get(REQUESTS), last_backup()
    return visit.show(
        "keeper.html", figures=[one for one in figures(visit.store) if one.says],
        requests=requests, backed_up=when,
        age=visit.store.now() - when if when else None,
        old=when is None or visit.store.now() - when > BACKUP_EVERY)
