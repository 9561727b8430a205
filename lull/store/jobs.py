"""Work for a process of its own: rows that are leased, and leased again when a worker is gone.

A row is taken by a conditional update and counted, so that of any number of workers one has it. A
worker renews its lease while it works; when it dies the lease runs out and the next one begins
anew. What is given and what comes of it are sealed to the data key.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from attrs import field, frozen
from django.db.models import F, Q

from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action, Relation
from lull.exchange.finding import Finding, Findings, Level
from lull.exchange.seal import is_sealed, open_bytes, pack, seal_bytes
from lull.exchange.upload import open_upload
from lull.store import models
from lull.store.kept import Store
from lull.store.once import done_once
from lull.store.principal import NotThere, Scope, Seated

PLAN = "plan"
LEASE_SECONDS = 60
MOST_TRIES = 3
"""After so many workers have gone down with a job, it is given up."""
MOST_WAITING = 20
WAITING, LEASED, DONE, FAILED, ENDED = "waiting", "leased", "done", "failed", "ended"


@frozen
class Taken:
    """A job that a worker has, with what it was given, still sealed."""

    id: UUID
    kind: str
    given: bytes = field(repr=False)
    tries: int


class BadUpload(Refusal):
    """A file that is no pause folder, or that means harm; `findings` has all that is wrong."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = tuple(f for f in findings if f.level is Level.ERROR)
        super().__init__("The folder cannot be used: " + " ".join(
            f.sentence for f in self.findings[:3]))


def ask(store: Store, seat: Seated, kind: str, given: bytes, once: str = "") -> models.Job:
    """Hand in a folder to be planned, in one file. Raises BadUpload, Refusal.

    It is opened in memory before it is kept: nothing in it may lead out of it, and it must be of a
    size that is read. What did not come sealed is sealed to the data key before it is kept. `once`
    is an idempotency key.
    """
    who = seat.member
    who.require(Scope.WRITE)
    seat.require(Action.MAKE, "job")
    asked = {"pause": str(seat.pause), kind: sha256(given).hexdigest()}
    findings = Findings()
    files = open_upload(given, "folder", findings, secrets=(store.secrets.data.secret,))
    if files is None:
        raise BadUpload(findings.in_order())
    if not is_sealed(given):
        given = seal_bytes(pack(files), recipients=[store.secrets.data.public])

    def hand_in() -> dict[str, str]:
        there = models.Job.objects.filter(pause_id=seat.pause, state__in=(WAITING, LEASED)).count()
        require(there < MOST_WAITING, f"{there} jobs wait already; end one, or wait.")
        return {"job": str(models.Job.objects.create(
            pause_id=seat.pause, by=who.member, kind=kind, given=given, asked=store.now()).id)}

    done = done_once(store, who, once, asked, hand_in)
    made: models.Job = models.Job.objects.get(pk=done["job"])
    return made


def take(store: Store, worker: str) -> Taken | None:
    """Lease the job that has waited longest, or whose worker has gone; None where there is none."""
    now = store.now()
    free = Q(state=WAITING) | Q(state=LEASED, lease_until__lt=now)
    models.Job.objects.filter(free, tries__gte=MOST_TRIES).update(
        state=FAILED, done=now, worker="", given=b"",
        answer=_sealed(store, b"Every worker that began it went down."))
    for job in models.Job.objects.filter(free).order_by("asked", "id")[:10]:
        got = models.Job.objects.filter(free, pk=job.pk).update(
            state=LEASED, worker=worker, tries=F("tries") + 1,
            lease_until=now + timedelta(seconds=LEASE_SECONDS))
        if got:
            return Taken(job.id, job.kind, bytes(job.given), job.tries + 1)
    return None


def still_ours(store: Store, job: UUID, worker: str) -> bool:
    """Renew a lease; false where the job was ended or another worker has it."""
    until = store.now() + timedelta(seconds=LEASE_SECONDS)
    return bool(models.Job.objects.filter(pk=job, worker=worker, state=LEASED).update(
        lease_until=until))


def finish(store: Store, job: UUID, worker: str, answer: bytes, *, failed: bool = False) -> bool:
    """Keep what came of a job; false where it is no longer this worker's, and nothing is kept.

    What it was given is dropped, as whoever asked has it.
    """
    return bool(models.Job.objects.filter(pk=job, worker=worker, state=LEASED).update(
        state=FAILED if failed else DONE, answer=_sealed(store, answer), done=store.now(),
        given=b"", lease_until=None))


def _sealed(store: Store, answer: bytes) -> bytes:
    return seal_bytes(answer, recipients=[store.secrets.data.public])


def job_of(store: Store, seat: Seated, job: UUID, action: Action) -> models.Job:
    """A job that one may see or end; raises NotThere."""
    found = models.Job.objects.filter(pk=job, pause_id=seat.pause).first()
    if found is None or not seat.may(action, "job", _relation(store, seat, found)):
        raise NotThere("There is no such job.")
    return found


def jobs_of(store: Store, seat: Seated) -> list[models.Job]:
    """The jobs of a pause that one may see, the newest first."""
    seat.member.require(Scope.READ)
    there = models.Job.objects.filter(pause_id=seat.pause).defer("given", "answer")
    return [job for job in there.order_by("-asked", "id")
            if seat.may(Action.READ, "job", _relation(store, seat, job))]


def _relation(store: Store, seat: Seated, job: models.Job) -> Relation:
    side = models.Member.objects.filter(pk=job.by).values_list("side_id", flat=True).first()
    return seat.relation(by=job.by, side=store.side_name(side) if side else "")


def answer_of(store: Store, job: models.Job) -> bytes:
    """What came of a job, opened; empty while there is nothing."""
    if not job.answer:
        return b""
    return open_bytes(bytes(job.answer), secrets=[store.secrets.data.secret])


def end(store: Store, seat: Seated, job: UUID) -> None:
    """End a job, or drop what came of it; raises NotThere."""
    seat.member.require(Scope.WRITE)
    found = job_of(store, seat, job, Action.END)
    models.Job.objects.filter(pk=found.pk).update(state=ENDED, given=b"", answer=None, worker="",
                                                  lease_until=None, done=store.now())
