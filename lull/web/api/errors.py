"""How an answer says no: one shape, a sentence, and each error at its field."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from lull.domain.protocol import IllegalStep
from lull.domain.refusal import Refusal
from lull.exchange.finding import Where
from lull.store.accounts import Taken
from lull.store.appender import Busy
from lull.store.bad_fields import BadFields
from lull.store.jobs import BadUpload
from lull.store.ledgers import DamagedFile
from lull.store.once import UsedKey
from lull.store.principal import NotAllowed, NotThere, Principal
from lull.store.refusals import note_refused
from lull.store.rows import Damaged
from lull.store.signin import CodeNeeded, NotSignedIn
from lull.store.throttle import TooMany
from lull.web.api.auth import store_of

log = logging.getLogger("lull.web")


class FieldProblem(Schema):
    """What is wrong at one field."""

    field: str = Field(description="such as payload.vehicles.2.number; empty: the whole")
    sentence: str


class Problem(Schema):
    """Why something was not done. Nothing was written, unless it says otherwise."""

    error: str = Field(description="one word, for programs")
    sentence: str = Field(description="what to do, for people")
    errors: list[FieldProblem] = Field(default=[], description="each error at its field")
    side: str = Field(default="", description="the side at fault, where a step was illegal")
    awaited: list[str] = Field(default=[], description="the roles whose step is awaited")
    wait_seconds: int = Field(default=0, description="how long to wait before asking again")


NOT_DONE = frozenset({400, 401, 403, 404, 409, 413, 422, 429, 503})
"""Codes with which any operation may say no."""

WORDS: dict[type[Exception], tuple[int, str]] = {
    CodeNeeded: (401, "code_needed"),
    NotSignedIn: (401, "not_signed_in"),
    NotAllowed: (403, "not_allowed"),
    NotThere: (404, "not_there"),
    IllegalStep: (409, "illegal_step"),
    UsedKey: (409, "used_key"),
    Taken: (409, "taken"),
    BadFields: (422, "bad_fields"),
    DamagedFile: (422, "damaged_file"),
    BadUpload: (422, "bad_upload"),
    TooMany: (429, "too_many"),
    Busy: (503, "busy"),
    Damaged: (503, "store_damaged"),
    Refusal: (422, "refused"),
}


def problem(code: int, error: str, sentence: str, **more: Any) -> JsonResponse:
    """An answer that says no."""
    said = Problem(error=error, sentence=sentence, **more)
    answer = JsonResponse(said.model_dump(), status=code, json_dumps_params={"ensure_ascii": False})
    if said.wait_seconds:
        answer.headers["Retry-After"] = str(said.wait_seconds)
    if code == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def told(wrong: Exception) -> JsonResponse:
    """The answer to something that was refused."""
    code, error = next(words for kind, words in WORDS.items() if isinstance(wrong, kind))
    more: dict[str, Any] = {}
    if isinstance(wrong, BadFields):
        more["errors"] = [FieldProblem(field=e.field, sentence=e.sentence) for e in wrong.errors]
    if isinstance(wrong, DamagedFile):
        more["errors"] = [FieldProblem(field=f"line {f.line}", sentence=f.sentence)
                          for f in wrong.findings[:100]]
    if isinstance(wrong, BadUpload):
        more["errors"] = [FieldProblem(field=str(Where(f.file, f.row, f.column)),
                                       sentence=f.sentence) for f in wrong.findings[:100]]
    if isinstance(wrong, IllegalStep):
        more |= {"side": wrong.fault.side, "awaited": [r.value for r in wrong.fault.turn]}
    if isinstance(wrong, TooMany):
        more["wait_seconds"] = wrong.seconds
    if isinstance(wrong, Busy):
        more["wait_seconds"] = 1
    return problem(code, error, str(wrong), **more)


def _refused(request: HttpRequest, wrong: Any) -> HttpResponse:
    """The answer to a refusal, once it is written down where that is due."""
    at, who = request.resolver_match, getattr(request, "auth", None)
    if at is not None and isinstance(who, Principal):
        note_refused(store_of(request), who, at.kwargs.get("pause"), str(at.url_name), wrong)
    return told(wrong)


def _fields(wrong: ValidationError) -> JsonResponse:
    """Each error of pydantic at its field; what was found is not repeated, it may be a secret."""
    errors = [
        FieldProblem(field=".".join(str(p) for p in one["loc"][1:] if p not in ("body", "given")),
                     sentence=str(one["msg"]))
        for one in wrong.errors
    ]
    return problem(422, "bad_fields", "Some fields are not right.", errors=errors)


def install(api: NinjaAPI) -> None:
    """Have every refusal told so."""

    def on(kind: type[Exception], answer: Callable[[Any], HttpResponse]) -> None:
        api.add_exception_handler(kind, lambda request, wrong: answer(wrong))

    api.add_exception_handler(Refusal, _refused)
    on(ValidationError, _fields)
    on(HttpError, lambda wrong: problem(
        wrong.status_code, "unreadable" if wrong.status_code == 400 else "refused",
        "What was sent cannot be read; send JSON in UTF-8, no key in it twice."))
    on(RequestDataTooBig, lambda wrong: problem(413, "too_large", "What was sent is too large."))
    for kind in (SuspiciousOperation, BadRequest, UnicodeError, UnreadablePostError):
        on(kind, lambda wrong: problem(400, "unreadable", "What was sent cannot be read."))
    on(DatabaseError, _no_database)
    on(Exception, _fault)


def _no_database(wrong: Exception) -> HttpResponse:
    log.error("The database failed: %s", type(wrong).__name__)
    return problem(503, "busy", "The database cannot be reached just now; ask again.",
                   wait_seconds=2)


def _fault(wrong: Exception) -> HttpResponse:
    """A fault of lull's own. The log says where, and nothing of what was sent."""
    at = wrong.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at else "?"
    log.error("A fault of lull: %s at %s", type(wrong).__name__, where)
    return problem(500, "fault", "This is a fault of lull, not of your input; please report it.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is nothing at this address."""
    return problem(404, "not_there", "There is nothing at this address.")


def server_fault(request: HttpRequest) -> HttpResponse:
    """A fault outside the API itself."""
    return problem(500, "fault", "This is a fault of lull, not of your input; please report it.")
