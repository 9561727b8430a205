"""Plans made by the server: a sealed folder in, an answer out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status

from lull.domain.rights import Action
from lull.exchange.upload import LARGEST_UPLOAD_BYTES
from lull.store import jobs, models
from lull.store.principal import Scope
from lull.web.api.auth import member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem, problem
from lull.web.api.once import Done, MaybeOnce
from lull.web.api.once import once as done_once

router = Router(tags=["jobs"])
AGE_FILE: dict[str, Any] = {"required": True, "content": {"application/octet-stream": {
    "schema": {"type": "string", "format": "binary"}}}}


class JobOut(Schema):
    """A job and, once it is done, what came of it (as `lull plan --json` prints it)."""

    id: UUID
    kind: str
    state: str
    tries: int
    asked: datetime
    done: datetime | None
    answer: dict[str, Any] | None = None
    trouble: str = ""


class KeyOut(Schema):
    """The public key to which a folder is sealed before it is sent: lull seal FOLDER --to KEY."""

    key: str


@router.get("key", auth=member, response={200: KeyOut, NOT_DONE: Problem}, operation_id="key")
def key(request: HttpRequest) -> KeyOut:
    """The server's public key, for folders that it is to plan."""
    return KeyOut(key=store_of(request).secrets.data.public)


@router.post("pauses/{uuid:pause}/jobs", auth=member, response={201: JobOut, NOT_DONE: Problem},
             operation_id="ask_plan", openapi_extra={"requestBody": AGE_FILE})
def ask(request: HttpRequest, pause: UUID, once: MaybeOnce = "") -> Any:
    """Have a pause folder planned: a .zip, .tar or .xlsx, or sealed to the server's key.

    It is opened in memory and all that is wrong with the file is told at once. What does not come
    sealed is sealed before it is kept. It is planned by a process of its own.
    """
    seat = seat_of(request, pause, Scope.WRITE)
    most = LARGEST_UPLOAD_BYTES
    said = int(request.META.get("CONTENT_LENGTH") or 0)
    given = b"" if said > most else request.read(most + 1)
    if max(said, len(given)) > most:
        return problem(413, "too_large", f"The folder is larger than {most / 1e6:,.0f} MB.")
    made = jobs.ask(store_of(request), seat, jobs.PLAN, given, once)
    return Status(201, _job(made))


@router.get("pauses/{uuid:pause}/jobs", auth=member,
            response={200: list[JobOut], NOT_DONE: Problem}, operation_id="jobs")
def all_jobs(request: HttpRequest, pause: UUID) -> list[JobOut]:
    """The jobs that you may see, the newest first, without their answers."""
    return [_job(one) for one in jobs.jobs_of(store_of(request), seat_of(request, pause))]


@router.get("pauses/{uuid:pause}/jobs/{uuid:job}", auth=member,
            response={200: JobOut, NOT_DONE: Problem}, operation_id="job")
def one_job(request: HttpRequest, pause: UUID, job: UUID) -> JobOut:
    """One job, with its answer once there is one."""
    store, seat = store_of(request), seat_of(request, pause, Scope.READ)
    found = jobs.job_of(store, seat, job, Action.READ)
    raw = jobs.answer_of(store, found)
    made = _job(found)
    if found.state == jobs.DONE:
        made.answer = json.loads(raw)
    made.trouble = raw.decode() if found.state == jobs.FAILED else ""
    return made


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


def _job(row: models.Job) -> JobOut:
    return JobOut(id=row.id, kind=row.kind, state=row.state, tries=row.tries, asked=row.asked,
                  done=row.done)
