"""What the server was asked to work out: handed in, followed, read, turned into drafts, ended."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from lull.domain.rights import Action
from lull.exchange.upload import LARGEST_UPLOAD_BYTES
from lull.ledger.content import Wall
from lull.store import drafts, jobs, models
from lull.store.kept import Store
from lull.store.principal import Scope
from lull.store.told import accepted_of
from lull.web.api.auth import member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem, problem
from lull.web.api.once import Done, MaybeOnce
from lull.web.api.once import once as done_once
from lull.web.api.records import Given, WrittenOut
from lull.web.report_page import report_page

router = Router(tags=["jobs"])
AGE_FILE: dict[str, Any] = {"required": True, "content": {"application/octet-stream": {
    "schema": {"type": "string", "format": "binary"}}}}
PAGE: dict[str, Any] = {"responses": {200: {"description": "The page", "content": {
    "text/html": {"schema": {"type": "string"}}}}}}
Each = Literal["convoy", "corridor-day"]


class TierOut(Schema):
    """What an aim is worth by now, and what no plan exceeds where that is known."""

    name: str
    unit: str
    value: float
    bound: float | None
    gap: float | None


class ProgressOut(Schema):
    """How far a job has come; a `total` of 0 is not known."""

    what: str
    done: float
    total: float
    seconds: float
    tiers: list[TierOut]


class JobOut(Schema):
    """A job and, once it is done, what came of it (as its verb prints it with --json).

    `told` is when its worker last told how far it has come.
    """

    id: UUID
    kind: str
    state: str
    tries: int
    asked: datetime
    done: datetime | None
    folder: UUID | None = None
    options: dict[str, Any]
    progress: ProgressOut | None = None
    told: datetime | None = None
    has_report: bool = False
    has_drafts: bool = False
    answer: dict[str, Any] | None = None
    trouble: str = ""


class KeyOut(Schema):
    """The public key to which a folder is sealed before it is sent: lull seal FOLDER --to KEY."""

    key: str


class ContactIn(Given):
    """How a function is reached; no person is named."""

    organisation: str = Field(min_length=1, max_length=200)
    function: str = Field(min_length=1, max_length=200)
    channel: str = Field(min_length=1, max_length=100)
    number: str = Field(min_length=1, max_length=200)
    languages: str = Field("", max_length=200)
    hours: str = Field("", max_length=200)
    backup: str = Field("", max_length=200)


class RecipientIn(Given):
    """Whom a notification tells, over what, and who consents to it when."""

    party: str = Field(min_length=1, max_length=200)
    channel: str = Field(min_length=1, max_length=20)
    consent_by_function: str = Field(min_length=1, max_length=200)
    consent_at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")


class CrewIn(Given):
    """How many drivers and staff of an organisation go with the vehicles."""

    organisation: str = Field(min_length=1, max_length=200)
    number: int = Field(ge=0, le=100_000)
    nationalities: int | None = Field(None, ge=0, le=300)
    list_reference: str = Field("", max_length=200)


class DraftsIn(Given):
    """Which drafts are written, to be read by whom, and what no plan says of them."""

    by: Each = "convoy"
    only: list[str] = Field([], max_length=drafts.MOST_AT_ONCE,
                            description="their references; none named: all")
    wall: Wall = Field(description="who may read them: everyone, the own side, those named")
    to: list[UUID] = Field([], max_length=50, description="sides to which they are sealed")
    recipients: list[RecipientIn] = Field(min_length=1, max_length=50)
    organisation: str = Field("", max_length=200, description="your side's name if not given")
    contact: ContactIn | None = None
    deputy: ContactIn | None = None
    crews: list[CrewIn] = Field([], max_length=50)
    call_sign: str = Field("", max_length=200)
    radio: str = Field("", max_length=200)
    satellite_phone: str = Field("", max_length=200)
    accuracy_m: int | None = Field(None, ge=1, le=100_000, description="how far the folder's "
                                   "points may lie from the true ones; else none is given")
    check_in_minutes: int | None = Field(None, ge=1, le=1_440)


class DraftedOut(WrittenOut):
    """A draft in the ledger. `again`: it was there already, and stays as it was."""

    reference: str
    to_fill: list[str] = Field(description="fields to be filled before it can leave")


class NoticeOut(Schema):
    """A draft that a plan amounts to, not yet written."""

    reference: str
    record: dict[str, Any]
    convoys: list[str]
    parties: list[str]
    to_fill: list[str]
    counts_fighters: bool


class DraftsOut(Schema):
    """All drafts of a plan, and of the pause notice (as lull notices --json prints them)."""

    plan_hash: str
    by: str
    notices: list[NoticeOut]
    not_in_any: list[str]
    pause_notice: dict[str, Any]


@router.get("key", auth=member, response={200: KeyOut, NOT_DONE: Problem}, operation_id="key")
def key(request: HttpRequest) -> KeyOut:
    """The server's public key, for folders that it is to plan."""
    return KeyOut(key=store_of(request).secrets.data.public)


@router.post("pauses/{uuid:pause}/jobs", auth=member, response={201: JobOut, NOT_DONE: Problem},
             operation_id="ask_plan", openapi_extra={"requestBody": AGE_FILE})
def ask(request: HttpRequest, pause: UUID, once: MaybeOnce = "") -> Any:
    """Have a pause folder planned once: a .zip, .tar or .xlsx, or sealed to the server's key.

    It is opened in memory and all that is wrong with the file is told at once. What does not come
    sealed is sealed before it is kept. It is planned by a process of its own. To ask more about a
    folder, import it.
    """
    seat = seat_of(request, pause, Scope.WRITE)
    most = LARGEST_UPLOAD_BYTES
    said = int(request.META.get("CONTENT_LENGTH") or 0)
    given = b"" if said > most else request.read(most + 1)
    if max(said, len(given)) > most:
        return problem(413, "too_large", f"The folder is larger than {most / 1e6:,.0f} MB.")
    store = store_of(request)
    return Status(201, shown_job(store, jobs.ask(store, seat, jobs.PLAN, given, once)))


@router.get("pauses/{uuid:pause}/jobs", auth=member,
            response={200: list[JobOut], NOT_DONE: Problem}, operation_id="jobs")
def all_jobs(request: HttpRequest, pause: UUID) -> list[JobOut]:
    """The jobs that you may see, the newest first, without their answers."""
    store = store_of(request)
    found = jobs.jobs_of(store, seat_of(request, pause))
    files = jobs.products_of(found)
    return [shown_job(store, one, files[one.pk]) for one in found]


@router.get("pauses/{uuid:pause}/jobs/{uuid:job}", auth=member,
            response={200: JobOut, NOT_DONE: Problem}, operation_id="job")
def one_job(request: HttpRequest, pause: UUID, job: UUID) -> JobOut:
    """One job, with how far it has come, and its answer once there is one."""
    store, seat = store_of(request), seat_of(request, pause, Scope.READ)
    found = jobs.job_of(store, seat, job, Action.READ)
    raw = jobs.answer_of(store, found)
    made = shown_job(store, found, jobs.products_of([found])[found.pk])
    if found.state == jobs.DONE:
        made.answer = json.loads(raw)
    made.trouble = raw.decode() if found.state == jobs.FAILED else ""
    return made


@router.get("pauses/{uuid:pause}/jobs/{uuid:job}/report", auth=member,
            response={NOT_DONE: Problem}, operation_id="report", openapi_extra=PAGE)
def report(request: HttpRequest, pause: UUID, job: UUID) -> Any:
    """The page of a job's answer; for coordinators and the side that asked. It is RESTRICTED."""
    store, seat = store_of(request), seat_of(request, pause, Scope.READ)
    found = jobs.job_of(store, seat, job, Action.READ)
    return report_page(jobs.product_of(store, found, jobs.REPORT), accepted_of(store, seat))


@router.get("pauses/{uuid:pause}/jobs/{uuid:job}/notifications", auth=member,
            response={200: DraftsOut, NOT_DONE: Problem}, operation_id="drafts")
def show_drafts(request: HttpRequest, pause: UUID, job: UUID,
                by: Each = "convoy") -> Any:
    """What a plan amounts to as movement notifications, and the pause notice; nothing is written.

    Points stand here as the folder gives them; their accuracy is said when drafts are written.
    """
    seat = seat_of(request, pause, Scope.READ)
    made = drafts.drafts_of(store_of(request), seat, job, by)
    return DraftsOut(**{name: made[name] for name in DraftsOut.model_fields})


@router.post("pauses/{uuid:pause}/jobs/{uuid:job}/notifications", auth=member,
             response={201: list[DraftedOut], NOT_DONE: Problem}, operation_id="write_drafts")
def write_drafts(request: HttpRequest, pause: UUID, job: UUID, given: DraftsIn) -> Any:
    """Write drafts of a plan's notifications into the ledger, each in a commit of its own.

    A draft that is there already stays as it is, so that asking again does it once.
    """
    said = given.dict(exclude_defaults=True)
    filling = drafts.Filling(
        recipients=tuple(said["recipients"]), organisation=given.organisation,
        contact=said.get("contact"), deputy=said.get("deputy"),
        crews=tuple(said.get("crews", ())), accuracy_m=given.accuracy_m,
        called={name: text for name in drafts.CALLED if (text := getattr(given, name))},
        check_in_minutes=given.check_in_minutes)
    done = drafts.write_drafts(
        store_of(request), seat_of(request, pause, Scope.WRITE), job, given.by, filling,
        wall=given.wall.value, to=tuple(given.to), only=given.only)
    return Status(201, [
        DraftedOut(reference=one.reference, to_fill=list(one.to_fill), hash=one.written.hash,
                   seq=one.written.seq, number=one.written.number, again=one.written.again)
        for one in done])


@router.delete("pauses/{uuid:pause}/jobs/{uuid:job}", auth=member,
               response={204: None, NOT_DONE: Problem}, operation_id="end_job")
def end(request: HttpRequest, pause: UUID, job: UUID, once: MaybeOnce = "") -> Any:
    """End a job, or drop what came of it."""
    seat = seat_of(request, pause, Scope.WRITE)

    def act() -> Done:
        jobs.end(store_of(request), seat, job)
        return Done()

    done_once(request, once, {}, act, Done)
    return Status(204, None)


def shown_job(store: Store, row: models.Job, files: set[str] | None = None) -> JobOut:
    """A job as it is shown, without its answer; `files` are the names of what came of it."""
    progress = jobs.progress_of(store, row)
    there = files or set()
    return JobOut(
        id=row.id, kind=row.kind, state=row.state, tries=row.tries, asked=row.asked,
        done=row.done, folder=row.folder_id, options=jobs.options_of(store, row),
        progress=ProgressOut(**progress) if progress else None,
        told=row.told, has_report=jobs.REPORT in there, has_drafts=jobs.DRAFTS in there)
