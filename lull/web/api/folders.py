"""Pause folders: imported, checked with all that is wrong told at its place, kept, ended."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from lull.domain.rights import Action
from lull.exchange.upload import LARGEST_UPLOAD_BYTES
from lull.store import folders, job_kinds, jobs
from lull.store.principal import Scope
from lull.web.api.auth import member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem, problem
from lull.web.api.jobs import JobOut, shown_job
from lull.web.api.once import Done, MaybeOnce
from lull.web.api.once import once as done_once
from lull.web.api.records import Given

router = Router(tags=["folders"])
AT = "pauses/{uuid:pause}/folders"
UPLOAD: dict[str, Any] = {"required": True, "content": {
    "multipart/form-data": {"schema": {
        "type": "object", "required": ["folder"],
        "properties": {"folder": {"type": "string", "format": "binary"}}}},
    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
MARGIN_BYTES = 100_000
"""What an upload may have beside its file."""


class FindingOut(Schema):
    """One thing wrong or doubtful in a folder, and where."""

    level: str
    check: str = Field(description="the kind of finding, for programs")
    file: str
    row: int | None = Field(description="as a spreadsheet or an editor counts, from 1")
    column: str | None
    found: str
    expected: str
    sentence: str


class FolderOut(Schema):
    """A folder that was imported. `state`: waiting to be read, ready, wrong, or ended.

    `errors` and `warnings` count the findings; `job` is the job that checks it.
    """

    id: UUID
    state: str
    name: str
    title: str
    content_hash: str
    at: datetime
    errors: int
    warnings: int
    job: UUID | None


class FolderWithFindings(FolderOut):
    """The same, with all that was found."""

    findings: list[FindingOut]


class AskIn(Given):
    """What is to be worked out, with options; GET job-kinds says which there are."""

    kind: str = Field(max_length=40)
    options: dict[str, Any] = Field({}, description="by their names in job-kinds")


@router.post(AT, auth=member, response={201: FolderOut, NOT_DONE: Problem},
             operation_id="import_folder", openapi_extra={"requestBody": UPLOAD})
def import_folder(request: HttpRequest, pause: UUID, once: MaybeOnce = "") -> Any:
    """Import a pause folder: a .zip, .tar or .xlsx, or sealed to the server's key; in the field
    `folder` of a form, or as the body.

    A worker reads it; what is wrong with it is then among its findings.
    """
    seat = seat_of(request, pause, Scope.WRITE)
    most = LARGEST_UPLOAD_BYTES
    if int(request.META.get("CONTENT_LENGTH") or 0) > most + MARGIN_BYTES:
        return problem(413, "too_large", f"The folder is larger than {most / 1e6:,.0f} MB.")
    raw, name = _uploaded(request, most)
    store = store_of(request)

    def act() -> FolderOut:
        return _out(folders.shown(store, folders.import_folder(store, seat, raw, name)))

    return Status(201, done_once(request, once, {"sha256": sha256(raw).hexdigest()}, act,
                                 FolderOut))


def _uploaded(request: HttpRequest, most: int) -> tuple[bytes, str]:
    """What was sent, and what it was called; the name of a file stands in no address."""
    if not str(request.content_type).startswith("multipart/"):
        return request.read(most + 1), ""
    try:
        files = request.FILES.getlist("folder")
    except MultiPartParserError:
        files = []
    if len(files) != 1 or files[0].size is None:
        return b"", ""
    return files[0].read(most + 1), files[0].name or ""


@router.get(AT, auth=member, response={200: list[FolderOut], NOT_DONE: Problem},
            operation_id="folders")
def all_folders(request: HttpRequest, pause: UUID) -> list[FolderOut]:
    """The folders that you may see, the newest first, without their findings."""
    return [_out(one) for one in folders.folders_of(store_of(request), seat_of(request, pause))]


@router.get(AT + "/{uuid:folder}", auth=member,
            response={200: FolderWithFindings, NOT_DONE: Problem}, operation_id="folder")
def one_folder(request: HttpRequest, pause: UUID, folder: UUID) -> FolderWithFindings:
    """One folder, with all that was found in it: file, row, column and a sentence each."""
    store, seat = store_of(request), seat_of(request, pause, Scope.READ)
    found = folders.shown(store, folders.folder_of(store, seat, folder, Action.READ))
    return FolderWithFindings(**_out(found).dict(),
                              findings=[FindingOut(**one) for one in found.findings])


@router.delete(AT + "/{uuid:folder}", auth=member, response={204: None, NOT_DONE: Problem},
               operation_id="end_folder")
def end_folder(request: HttpRequest, pause: UUID, folder: UUID, once: MaybeOnce = "") -> Any:
    """Destroy what a folder holds and end the jobs that wait for it; answers stay until ended."""
    seat = seat_of(request, pause, Scope.WRITE)

    def act() -> Done:
        folders.end(store_of(request), seat, folder)
        return Done()

    done_once(request, once, {}, act, Done)
    return Status(204, None)


@router.post(AT + "/{uuid:folder}/jobs", auth=member,
             response={201: JobOut, NOT_DONE: Problem}, operation_id="ask_job")
def ask(request: HttpRequest, pause: UUID, folder: UUID, given: AskIn,
        once: MaybeOnce = "") -> Any:
    """Have something worked out on a folder, by a process of its own."""
    store, seat = store_of(request), seat_of(request, pause, Scope.WRITE)

    def act() -> JobOut:
        return shown_job(store, jobs.ask_on(store, seat, folder, given.kind, given.options))

    asked = {"given": json.dumps(given.dict(), sort_keys=True)}
    return Status(201, done_once(request, once, asked, act, JobOut))


class OptionOut(Schema):
    """An option of a kind of job. `columns`: it is a list of rows with these."""

    name: str
    type: str
    says: str
    default: Any
    least: float | None
    most: float | None
    choices: list[str]
    many: bool
    needed: bool
    columns: list[str]


class KindOut(Schema):
    """A kind of job, what it does, and its options."""

    name: str
    says: str
    options: list[OptionOut]


@router.get("job-kinds", auth=member, response={200: list[KindOut], NOT_DONE: Problem},
            operation_id="job_kinds")
def kinds(request: HttpRequest) -> list[KindOut]:
    """What can be worked out on a folder, with which options."""
    words = {int: "whole number", float: "number", str: "text", UUID: "job", dict: "rows"}
    return [
        KindOut(name=kind.name, says=kind.says, options=[
            OptionOut(name=o.name, type=words[o.type], says=o.says, default=o.default,
                      least=o.least, most=o.most, choices=list(o.choices), many=o.many,
                      needed=o.needed, columns=list(o.columns)) for o in kind.options])
        for kind in job_kinds.KINDS.values()]


def _out(one: folders.Imported) -> FolderOut:
    return FolderOut(id=one.id, state=one.state, name=one.name, title=one.title,
                     content_hash=one.content_hash, at=one.at, errors=one.errors,
                     warnings=one.warnings, job=one.job)
