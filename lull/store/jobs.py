"""Work for a process of its own: rows that are leased, and leased again when a worker is gone.

A row is taken by a conditional update and counted, so that of any number of workers one has it. A
worker renews its lease while it works; when it dies the lease runs out and the next one begins
anew. What is given, how far it has come and what comes of it are sealed to the data key or veiled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.db import transaction
from django.db.models import Case, F, Q, When

from lull.domain.records.form import FieldError
from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action, Relation
from lull.exchange.finding import Finding, Findings, Level
from lull.exchange.seal import open_bytes, pack, seal_bytes
from lull.exchange.upload import open_upload
from lull.store import models
from lull.store.bad_fields import BadFields
from lull.store.job_kinds import CHECK, PLAN, PLAN_OPTIONS, REPLAN, checked
from lull.store.kept import Store
from lull.store.once import done_once
from lull.store.principal import NotThere, Scope, Seated

LEASE_SECONDS = 60
MOST_TRIES = 3
"""After so many workers have gone down with a job, it is given up."""
MOST_WAITING = 20
WAITING, LEASED, DONE, FAILED, ENDED = "waiting", "leased", "done", "failed", "ended"
REPORT = "report.html"
DRAFTS = "drafts.json"
STREETS = "streets.pmtiles"
"""The streets of a folder as tiles of a map; they come of its being checked."""
PLACES = "places.json"
"""Where the sites, corridors and closures of a folder are; it comes of its being checked."""
OF_FOLDER = (STREETS, PLACES)
"""What comes of checking a folder, and ends with it."""
WITH_PLAN = (PLAN, REPLAN)
"""Kinds whose answer holds a plan."""


@frozen
class Taken:
    """A job that a worker has, with what it was given, still sealed, and its options."""

    id: UUID
    kind: str
    given: bytes = field(repr=False)
    tries: int
    options: Mapping[str, Any] = field(factory=dict, repr=False)
    folder: UUID | None = None
    plan: bytes = field(default=b"", repr=False)
    """The plan.json of the job that `options` names, in clear; only in memory."""
    beside: bytes = field(default=b"", repr=False)
    """That of the other job, where two plans are compared."""


class BadUpload(Refusal):
    """A file that is no pause folder, or that means harm; `findings` has all that is wrong.

    Its sentence names the file, row and column of each of the first.
    """

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = tuple(f for f in findings if f.level is Level.ERROR)
        super().__init__("The folder cannot be used: " + " ".join(map(str, self.findings[:3])))


def ask(store: Store, seat: Seated, kind: str, given: bytes, once: str = "") -> models.Job:
    """Hand in a folder to be planned, in one file. Raises BadUpload, Refusal.

    It is opened in memory before it is kept: nothing in it may lead out of it, and it must be of a
    size that is read. However it came, it is kept sealed to the data key. `once` is an idempotency
    key.
    """
    _require_may_ask(seat)
    files = opened(store, given)
    asked = {"pause": str(seat.pause), kind: sha256(given).hexdigest()}

    def hand_in() -> dict[str, str]:
        return {"job": str(put(store, seat, kind, sealed_files(store, files), {}).id)}

    done = done_once(store, seat.member, once, asked, hand_in)
    made: models.Job = models.Job.objects.get(pk=done["job"])
    return made


def opened(store: Store, raw: bytes, label: str = "folder") -> dict[str, bytes]:
    """The files of a folder that was handed in, in memory; raises BadUpload with all that is
    wrong."""
    findings = Findings()
    files = open_upload(raw, label, findings, secrets=(store.secrets.data.secret,))
    if files is None:
        raise BadUpload(findings.in_order())
    return files


def sealed_files(store: Store, files: Mapping[str, bytes]) -> bytes:
    """Files sealed to the data key, as one."""
    return _sealed(store, pack(dict(files)))


def ask_on(store: Store, seat: Seated, folder: UUID, kind: str,
           options: Mapping[str, Any]) -> models.Job:
    """Have something worked out on a folder that was imported.

    Raises NotThere, NotAllowed, BadFields with each error at its field, Refusal where too many
    wait.
    """
    _require_may_ask(seat)
    from lull.store.folders import GONE, folder_of  # noqa: PLC0415 - folders know jobs

    found = folder_of(store, seat, folder, Action.READ)
    require(found.state not in GONE, "This folder cannot be used: it was ended, or has errors.")
    given = checked(kind, options)
    wrong = [FieldError(f"options.{name}", "There is no such job of this folder that has made a "
                        "plan.") for name in PLAN_OPTIONS
             if given.get(name) and not _has_plan(store, seat, UUID(given[name]), found)]
    if wrong:
        raise BadFields(wrong)
    return put(store, seat, kind, b"", given, found)


def _require_may_ask(seat: Seated) -> None:
    seat.member.require(Scope.WRITE)
    seat.require(Action.MAKE, "job")


def _has_plan(store: Store, seat: Seated, plan: UUID, folder: models.Folder) -> bool:
    try:
        job = job_of(store, seat, plan, Action.READ)
    except NotThere:
        return False
    return job.folder_id == folder.pk and bool(plan_of(store, job))


def put(store: Store, seat: Seated, kind: str, given: bytes, options: Mapping[str, Any],
        folder: models.Folder | None = None) -> models.Job:
    """Put a job in the queue; raises Refusal where too many wait."""
    waiting = models.Job.objects.filter(pause_id=seat.pause, state__in=(WAITING, LEASED)).count()
    require(waiting < MOST_WAITING, f"{waiting} jobs wait already; end one, or wait.")
    made = models.Job(pause_id=seat.pause, by=seat.member.member, kind=kind, given=given,
                      folder=folder, asked=store.now())
    made.options = _veiled(store, made.id, "options", dict(options))
    made.save(force_insert=True)
    return made


def take(store: Store, worker: str) -> Taken | None:
    """Lease the job that has waited longest, or whose worker has gone; None where there is none.

    Folders are checked before anything is planned: somebody waits to hear what is wrong with one.
    The condition of the update is of the row's own columns alone: PostgreSQL looks at those again
    once another worker has let go of the row, but not at a joined table's, which made two take one.
    """
    now = store.now()
    idle = Q(state=WAITING) | Q(state=LEASED, lease_until__lt=now)
    free = idle & (~Q(folder__state="waiting") | Q(kind=CHECK))  # first it is looked at
    models.Job.objects.filter(idle, tries__gte=MOST_TRIES).update(
        state=FAILED, done=now, worker="", given=b"", progress=None,
        answer=_sealed(store, b"Every worker that began it went down."))
    models.Folder.objects.filter(state="waiting", jobs__in=models.Job.objects.filter(
        kind=CHECK, state=FAILED)).update(state="wrong")
    for job in models.Job.objects.filter(free).order_by(
            Case(When(kind=CHECK, then=0), default=1), "asked", "id")[:10]:
        as_seen = models.Job.objects.filter(
            pk=job.pk, state=job.state, worker=job.worker, tries=job.tries,
            lease_until=job.lease_until)
        got = as_seen.update(state=LEASED, worker=worker, tries=F("tries") + 1, progress=None,
                             lease_until=now + timedelta(seconds=LEASE_SECONDS))
        if got:
            return _taken(store, job)
    return None


def _taken(store: Store, job: models.Job) -> Taken:
    options = options_of(store, job)
    given = bytes(job.given)
    if not given and job.folder is not None:
        given = bytes(job.folder.kept)
    plans = {}
    for name in PLAN_OPTIONS:
        before = models.Job.objects.filter(
            pk=options[name], pause_id=job.pause_id).first() if options.get(name) else None
        plans[name] = plan_of(store, before) if before else b""
    return Taken(job.id, job.kind, given, job.tries + 1, options, job.folder_id, **plans)


def still_ours(store: Store, job: UUID, worker: str) -> bool:
    """Renew a lease; false where the job was ended or another worker has it."""
    until = store.now() + timedelta(seconds=LEASE_SECONDS)
    return bool(models.Job.objects.filter(pk=job, worker=worker, state=LEASED).update(
        lease_until=until))


def tell(store: Store, job: UUID, worker: str, progress: Mapping[str, Any]) -> bool:
    """Keep how far a job has come; false where it was ended or another worker has it."""
    return bool(models.Job.objects.filter(pk=job, worker=worker, state=LEASED).update(
        progress=_veiled(store, job, "progress", dict(progress)), told=store.now()))


def finish(store: Store, job: UUID, worker: str, answer: bytes, *, failed: bool = False,
           products: Mapping[str, bytes] | None = None) -> bool:
    """Keep what came of a job; false where it is no longer this worker's, and nothing is kept.

    What it was given is dropped, as whoever asked has it.
    """
    sealed = {name: _sealed(store, content) for name, content in (products or {}).items()}
    with transaction.atomic():
        kept = models.Job.objects.filter(pk=job, worker=worker, state=LEASED).update(
            state=FAILED if failed else DONE, answer=_sealed(store, answer), done=store.now(),
            given=b"", lease_until=None, progress=None)
        if kept and failed:
            models.Folder.objects.filter(state="waiting", jobs=job).update(state="wrong")
        if kept:
            models.Product.objects.filter(job_id=job).delete()
            models.Product.objects.bulk_create(
                models.Product(job_id=job, name=name, content=content)
                for name, content in sealed.items())
    return bool(kept)


def leave(job: UUID, worker: str) -> None:
    """Give a job back at once, where its worker is told to end; that counts as no try."""
    models.Job.objects.filter(pk=job, worker=worker, state=LEASED).update(
        state=WAITING, worker="", lease_until=None, progress=None, tries=F("tries") - 1)


def _sealed(store: Store, answer: bytes) -> bytes:
    return seal_bytes(answer, recipients=[store.secrets.data.public])


def _veiled(store: Store, job: UUID, what: str, node: dict[str, Any]) -> bytes:
    return store.secrets.veil.close(json.dumps(node, ensure_ascii=False), f"job {job} {what}")


def _unveiled(store: Store, job: UUID, what: str,
              raw: bytes | memoryview | None) -> dict[str, Any]:
    if not raw:
        return {}
    found: dict[str, Any] = json.loads(store.secrets.veil.open(raw, f"job {job} {what}"))
    return found


def options_of(store: Store, job: models.Job) -> dict[str, Any]:
    """The options of a job; none where a folder was handed in by itself."""
    return _unveiled(store, job.id, "options", job.options)


def progress_of(store: Store, job: models.Job) -> dict[str, Any]:
    """How far a job has come, as its worker last told; empty where nothing was told."""
    return _unveiled(store, job.id, "progress", job.progress)


def job_of(store: Store, seat: Seated, job: UUID, action: Action) -> models.Job:
    """A job that one may see or end; raises NotThere."""
    found = models.Job.objects.filter(pk=job, pause_id=seat.pause).first()
    if found is None or not seat.may(action, "job", relation(store, seat, found.by)):
        raise NotThere("There is no such job.")
    return found


def jobs_of(store: Store, seat: Seated) -> list[models.Job]:
    """The jobs of a pause that one may see, the newest first."""
    seat.member.require(Scope.READ)
    there = models.Job.objects.filter(pause_id=seat.pause).defer("given", "answer")
    return [job for job in there.order_by("-asked", "id")
            if seat.may(Action.READ, "job", relation(store, seat, job.by))]


def relation(store: Store, seat: Seated, by: UUID) -> Relation:
    """How somebody stands to what a member handed in."""
    side = models.Member.objects.filter(pk=by).values_list("side_id", flat=True).first()
    return seat.relation(by=by, side=store.side_name(side) if side else "")


def answer_of(store: Store, job: models.Job) -> bytes:
    """What came of a job, opened; empty while there is nothing."""
    if not job.answer:
        return b""
    return open_bytes(bytes(job.answer), secrets=[store.secrets.data.secret])


def plan_of(store: Store, job: models.Job) -> bytes:
    """The plan.json that came of a job; empty where it made none."""
    if job.state != DONE or job.kind not in WITH_PLAN:
        return b""
    answer = json.loads(answer_of(store, job))
    plan = answer["plan"] if job.kind == PLAN else answer["answer"]["plan"]
    return json.dumps(plan).encode() if plan else b""


def product_of(store: Store, job: models.Job, name: str) -> bytes:
    """A file that came of a job, opened; raises NotThere."""
    found = models.Product.objects.filter(job=job, name=name).first()
    if found is None:
        raise NotThere("Nothing of this kind came of the job.")
    return open_bytes(bytes(found.content), secrets=[store.secrets.data.secret])


def products_of(jobs: list[models.Job]) -> dict[UUID, set[str]]:
    """The names of the files that came of jobs."""
    found: dict[UUID, set[str]] = {job.pk: set() for job in jobs}
    for job, name in models.Product.objects.filter(job__in=list(found)).values_list("job", "name"):
        found[job].add(name)
    return found


def end(store: Store, seat: Seated, job: UUID) -> None:
    """End a job, or drop what came of it; raises NotThere."""
    seat.member.require(Scope.WRITE)
    drop(store, [job_of(store, seat, job, Action.END).pk])


def drop(store: Store, jobs: list[UUID]) -> None:
    """End jobs with all that came of them."""
    with transaction.atomic():
        models.Product.objects.filter(job__in=jobs).delete()
        models.Job.objects.filter(pk__in=jobs).update(
            state=ENDED, given=b"", answer=None, worker="", lease_until=None, progress=None,
            options=None, done=store.now())
