"""Ledger files over HTTP, and the posts that may write."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from lull.domain.protocol import Role
from lull.domain.rights import Action
from lull.store import ledgers, models
from lull.store.principal import Scope
from lull.web.api.auth import anyone, member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, FieldProblem, Problem, problem
from lull.web.api.once import MaybeOnce
from lull.web.api.once import once as done_once
from lull.web.api.records import HASH, Given

router = Router(tags=["ledger"])
AGE_KEY = "^age1[02-9ac-hj-np-z]{58}$"
FILE_TYPE = "application/octet-stream"
FILE: dict[str, Any] = {"content": {FILE_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


class SealedTo(Given):
    """The public key to which a file is sealed; the secret one never comes here."""

    key: str = Field(pattern=AGE_KEY, description="a public key of age")


class HeadOut(Schema):
    """An entry on which nothing follows. Its hash covers all that its writer had seen: written
    down elsewhere, it is an anchor for the ledger up to here."""

    post: str
    epoch: int
    number: int
    hour: str
    hash: str


class TakenInOut(Schema):
    """What came of a ledger file. Findings are forks and gaps; they are kept, not mended."""

    entries: int
    new: int
    findings: list[FieldProblem]


class PostOut(Schema):
    """A post; all 64 digits of its name are compared by voice. `here`: the server signs for it."""

    id: UUID
    name: str
    side: str
    role: Role
    here: bool
    forked: bool


class PostIn(Given):
    """A post with a key of its own, and as whom it may write."""

    name: str = Field(pattern=HASH)
    side: UUID
    role: Role


@router.get("pauses/{uuid:pause}/ledger", auth=anyone, response={200: str, NOT_DONE: Problem},
            operation_id="export", openapi_extra={"responses": {200: FILE}})
def export(request: HttpRequest, pause: UUID) -> HttpResponse:
    """A ledger file of what you may hold. Check it without any server: lull ledger verify."""
    raw = ledgers.export(store_of(request), seat_of(request, pause))
    answer = HttpResponse(raw, content_type=FILE_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="pause.ledger"'
    return answer


@router.post("pauses/{uuid:pause}/ledger/sealed", auth=member,
             response={200: str, NOT_DONE: Problem}, operation_id="export_sealed",
             openapi_extra={"responses": {200: FILE}})
def export_sealed(request: HttpRequest, pause: UUID, given: SealedTo) -> HttpResponse:
    """The same file, sealed with age to a public key that you give: open it with age --decrypt."""
    raw = ledgers.export(store_of(request), seat_of(request, pause), given.key)
    answer = HttpResponse(raw, content_type=FILE_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="pause.ledger.age"'
    return answer


@router.get("pauses/{uuid:pause}/ledger/heads", auth=member,
            response={200: list[HeadOut], NOT_DONE: Problem}, operation_id="heads")
def heads(request: HttpRequest, pause: UUID) -> list[HeadOut]:
    """The hashes that stand for all that you may hold, to be read out and written down elsewhere.

    Whether a file still leads to them: lull ledger heads FILE --has HASH.
    """
    found = ledgers.heads(store_of(request), seat_of(request, pause))
    return [HeadOut(post=e.log.post, epoch=e.log.epoch, number=e.number, hour=e.hour, hash=e.hash)
            for e in found]


@router.post("pauses/{uuid:pause}/ledger", auth=member,
             response={200: TakenInOut, NOT_DONE: Problem}, operation_id="take_in",
             openapi_extra={"requestBody": {**FILE, "required": True}})
def take_in(request: HttpRequest, pause: UUID, once: MaybeOnce = "") -> Any:
    """Merge a ledger file into the pause. A damaged file is refused, each line with its fault."""
    seat = seat_of(request, pause, Scope.LEDGER)
    most = ledgers.LARGEST_FILE_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most:
        return problem(413, "too_large", f"The file is larger than {most / 1e6:,.0f} MB.")
    done = ledgers.take_in(store_of(request), seat, request.read(most + 1), once)
    return TakenInOut(entries=done.entries, new=done.new, findings=[
        FieldProblem(field=f"line {f.line}", sentence=f.sentence) for f in done.findings])


@router.get("pauses/{uuid:pause}/posts", auth=member,
            response={200: list[PostOut], NOT_DONE: Problem}, operation_id="posts")
def posts(request: HttpRequest, pause: UUID) -> list[PostOut]:
    """The posts that may write into this pause, and as whom."""
    seat = seat_of(request, pause, Scope.READ)
    seat.require(Action.READ, "post")
    return [_post(request, post) for post in
            models.Post.objects.filter(pause_id=pause).order_by("name")]


@router.post("pauses/{uuid:pause}/posts", auth=member, response={201: PostOut, NOT_DONE: Problem},
             operation_id="admit")
def admit(request: HttpRequest, pause: UUID, given: PostIn, once: MaybeOnce = "") -> Any:
    """Admit a post that has its own key, after comparing its name by voice."""
    seat = seat_of(request, pause, Scope.ACCOUNT)

    def act() -> PostOut:
        return _post(request, ledgers.admit(store_of(request), seat, given.name, given.side,
                                            given.role.value))

    return Status(201, done_once(request, once, given.model_dump(mode="json"), act, PostOut))


def _post(request: HttpRequest, post: models.Post) -> PostOut:
    return PostOut(id=post.id, name=post.name, side=store_of(request).side_name(post.side_id),
                   role=Role(post.role), here=post.key is not None, forked=post.forked)
