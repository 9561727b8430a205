"""Pages for what is not to be: not signed in, not yours, not there, too often, a fault."""

from __future__ import annotations

import logging
from urllib.parse import quote

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.utils.translation import gettext as _

from lull.domain.protocol import IllegalStep
from lull.domain.refusal import Refusal
from lull.store.appender import Busy
from lull.store.principal import NotAllowed, NotThere
from lull.store.refusals import note_refused
from lull.store.rows import Damaged
from lull.store.signin import NotSignedIn
from lull.store.throttle import TooMany
from lull.store.write import UsedKey
from lull.web.pages.cookie import ForeignForm
from lull.web.pages.policy import with_policy
from lull.web.pages.visit import Visit

log = logging.getLogger("lull.web")


def refused(visit: Visit, wrong: Exception) -> HttpResponse:
    """The page that tells why something was not done."""
    if isinstance(wrong, NotSignedIn):
        return _to_sign_in(visit)
    note_refused(visit.store, visit.who, visit.pause, visit.page_name, wrong)
    visit.seat = None  # nothing of a pause is told here
    status, title, sentence = _said(wrong)
    if status == 500:
        _log(wrong)
    answer = visit.show("refused.html", status=status, title=title, sentence=sentence)
    if isinstance(wrong, TooMany):
        answer.headers["Retry-After"] = str(wrong.seconds)
    return answer


def _said(wrong: Exception) -> tuple[int, str, str]:
    """Status, title and sentence of a refusal."""
    for kinds, status, title, sentence in (
        ((NotThere,), 404, _("Nothing here is yours"),
         _("There is nothing at this address that you may see. Whoever keeps the pause can tell "
           "you what has been shared with you.")),
        ((NotAllowed,), 403, _("Not yours to do"), str(wrong)),
        ((ForeignForm,), 403, _("This form is too old"),
         _("The form did not come from a page of this session, and nothing was done. Open the page "
           "again and send it once more.")),
        ((TooMany,), 429, _("Wait a little"), str(wrong)),
        ((Busy, DatabaseError), 503, _("Nothing was written just now"),
         _("The store is busy or cannot be reached. Try again in a minute.")),
        ((Damaged,), 503, _("The store is damaged"), str(wrong)),
        ((RequestDataTooBig,), 413, _("Too large"),
         _("What was sent is larger than this page takes.")),
        ((BadRequest, MultiPartParserError, SuspiciousOperation, UnicodeError,
          UnreadablePostError), 400, _("Not readable"),
         _("What was sent cannot be read.")),
        ((IllegalStep, UsedKey), 409, _("Not possible now"), str(wrong)),
        ((Refusal,), 422, _("Not possible"), str(wrong)),
    ):
        if isinstance(wrong, kinds):
            return status, title, sentence
    return 500, _("A fault of lull"), _("This is a fault of lull, not of your input; please report "
                                        "it.")


def _to_sign_in(visit: Visit) -> HttpResponse:
    there = visit.request.path if visit.request.method == "GET" else ""
    address = reverse("sign_in") + (f"?next={quote(there)}" if there not in ("", "/") else "")
    answer: HttpResponse = HttpResponseRedirect(address)
    if visit.partly:  # a part of a page cannot hold the form to sign in
        answer = HttpResponse(status=204, headers={"HX-Redirect": address})
    return with_policy(answer)


def _log(wrong: Exception) -> None:
    """A fault of lull's own: where it was, and nothing of what was sent."""
    at = wrong.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else "?"
    log.error("A fault of lull: %s at %s", type(wrong).__name__, where)
