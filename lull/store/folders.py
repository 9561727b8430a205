"""Pause folders that were imported, and are kept for the jobs that rest on them.

A folder is unpacked in memory, sealed to the data key and looked at by a worker, which tells all
that is wrong with it; only one in which there is no error is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.db import transaction

from lull.domain.rights import Action
from lull.store import jobs, models
from lull.store.job_kinds import CHECK
from lull.store.kept import Store
from lull.store.principal import NotThere, Scope, Seated

WAITING, READY, WRONG, ENDED = "waiting", "ready", "wrong", "ended"
GONE = (WRONG, ENDED)
LONGEST_NAME = 100
MOST_FINDINGS = 2_000
"""Of these all are kept; what is wrong beyond is counted."""


@frozen
class Imported:
    """A folder as its reader sees it; `findings` have file, row, column, level and sentence."""

    id: UUID
    state: str
    by: UUID
    at: Any
    name: str = ""
    title: str = ""
    content_hash: str = ""
    errors: int = 0
    warnings: int = 0
    findings: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    job: UUID | None = None
    """The job that checks it."""


def import_folder(store: Store, seat: Seated, raw: bytes, name: str = "") -> models.Folder:
    """Take in a folder in one file, and have it checked; as `exchange.upload` opens it.

    Raises NotAllowed, BadUpload with all that is wrong with the file. Nothing of it rests on a disk
    in clear.
    """
    seat.member.require(Scope.WRITE)
    seat.require(Action.MAKE, "folder")
    called = _name(name)
    sealed = jobs.sealed_files(store, jobs.opened(store, raw, called))
    made = models.Folder(pause_id=seat.pause, by=seat.member.member, at=store.now())
    made.about = _about(store, made.id, {"name": called})
    with transaction.atomic():
        made.save(force_insert=True)
        jobs.put(store, seat, CHECK, sealed, {}, made)
    return made


def _name(name: str) -> str:
    """What a folder is called: the last part of what its file was called."""
    last = name.replace("\\", "/").rpartition("/")[2]
    for ending in (".age", ".zip", ".tar", ".xlsx"):
        last = last.removesuffix(ending)
    return "".join(mark for mark in last if mark.isprintable())[:LONGEST_NAME] or "pause folder"


def _about(store: Store, folder: UUID, node: Mapping[str, Any]) -> bytes:
    return store.secrets.veil.close(json.dumps(dict(node), ensure_ascii=False), f"folder {folder}")


def settle(store: Store, job: UUID, worker: str, folder: UUID, *, files: Mapping[str, bytes],
           title: str, content_hash: str, findings: Sequence[Mapping[str, Any]],
           streets: bytes = b"", places: bytes = b"") -> bool:
    """Keep a folder that was read, if nothing in it is wrong, and what was found in any case.

    `streets` are its streets as tiles of a map and `places` what else it puts there, empty where it
    has none. False where the job is no longer this worker's.
    """
    wrong = sum(one["level"] == "error" for one in findings)
    ready = not wrong and bool(files)
    kept = jobs.sealed_files(store, files) if ready else b""
    drawn = {jobs.STREETS: streets, jobs.PLACES: places}
    with transaction.atomic():
        row = models.Folder.objects.filter(pk=folder, state=WAITING).first()
        if row is None or not jobs.finish(
                store, job, worker, json.dumps({"folder": str(folder), "ready": ready}).encode(),
                products={name: made for name, made in drawn.items() if ready and made}):
            return False
        about = {**_opened(store, row), "title": title, "hash": content_hash, "errors": wrong,
                 "warnings": len(findings) - wrong, "findings": list(findings[:MOST_FINDINGS])}
        models.Folder.objects.filter(pk=folder).update(
            state=READY if ready else WRONG, kept=kept, about=_about(store, folder, about))
    return True


def _opened(store: Store, row: models.Folder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(store.secrets.veil.open(row.about, f"folder {row.pk}"))
    return found


def folder_of(store: Store, seat: Seated, folder: UUID, action: Action) -> models.Folder:
    """A folder that one may see or end; raises NotThere."""
    found = models.Folder.objects.filter(pk=folder, pause_id=seat.pause).first()
    if found is None or not seat.may(action, "folder", jobs.relation(store, seat, found.by)):
        raise NotThere("There is no such folder.")
    return found


def folders_of(store: Store, seat: Seated) -> list[Imported]:
    """The folders of a pause that one may see, the newest first, without their findings."""
    seat.member.require(Scope.READ)
    there = models.Folder.objects.filter(pause_id=seat.pause).defer("kept")
    return [shown(store, row, findings=False) for row in there.order_by("-at", "id")
            if seat.may(Action.READ, "folder", jobs.relation(store, seat, row.by))]


def shown(store: Store, row: models.Folder, *, findings: bool = True) -> Imported:
    """A folder as its reader sees it."""
    about = _opened(store, row)
    check = models.Job.objects.filter(folder=row, kind=CHECK).values_list("pk", flat=True).first()
    return Imported(
        row.pk, row.state, row.by, row.at, about.get("name", ""), about.get("title", ""),
        about.get("hash", ""), about.get("errors", 0), about.get("warnings", 0),
        tuple(about.get("findings", ())) if findings else (), check)


def end(store: Store, seat: Seated, folder: UUID) -> None:
    """Destroy what a folder holds, and end the jobs that wait for it; answers stay.

    Raises NotThere.
    """
    seat.member.require(Scope.WRITE)
    row = folder_of(store, seat, folder, Action.END)
    with transaction.atomic():
        models.Folder.objects.filter(pk=row.pk).update(
            state=ENDED, kept=b"", about=_about(store, row.pk, {}))
        models.Product.objects.filter(job__folder=row, name__in=jobs.OF_FOLDER).delete()
        open_ = models.Job.objects.filter(folder=row, state__in=(jobs.WAITING, jobs.LEASED))
        jobs.drop(store, list(open_.values_list("pk", flat=True)))
    store.grounds.clear()
