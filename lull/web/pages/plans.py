"""Plans: folders that were imported, what was asked of them, and how far that has come."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action
from lull.exchange.finding import Finding
from lull.exchange.upload import LARGEST_UPLOAD_BYTES
from lull.store import folders, jobs, models
from lull.store.job_kinds import KINDS
from lull.store.principal import NotAllowed
from lull.web.pages.job import shown_jobs
from lull.web.pages.visit import Visit, in_pause, in_pause_with_file

FINDINGS = 500
"""So many findings stand on one page."""


@in_pause_with_file(LARGEST_UPLOAD_BYTES)
def plans(visit: Visit) -> HttpResponse:
    """Import a folder; see those that are here, and what was asked of them."""
    room = visit.room
    if not room.seat.may(Action.MAKE, "job"):
        raise NotAllowed(_("Plans are made by coordinators and organisations."))
    wrong = ""
    bad: tuple[Finding, ...] = ()
    if visit.posted:
        try:
            given = visit.request.FILES.get("folder")
            require(given is not None, _("Choose a file first: a pause folder as .zip or .xlsx, or "
                                         "sealed as .age."))
            assert given is not None
            made = folders.import_folder(visit.store, room.seat, given.read(), given.name or "")
            return visit.go("folder", made.id)
        except jobs.BadUpload as met:
            wrong = _("The folder cannot be used. What is wrong stands here, file by file.")
            bad = met.findings
        except Refusal as met:
            wrong = str(met)
    found = jobs.jobs_of(visit.store, room.seat)
    return visit.show("plans.html", status=422 if wrong else 200, wrong=wrong, bad=bad[:FINDINGS],
                      folders=folders.folders_of(visit.store, room.seat),
                      jobs=shown_jobs(visit, found[:50]), busy=any(
                          one.state in (jobs.WAITING, jobs.LEASED) for one in found))


@in_pause
def folder(visit: Visit, folder: UUID) -> HttpResponse:
    """One folder: what is wrong with it, each at its place, and what can be asked of it."""
    row = folders.folder_of(visit.store, visit.room.seat, folder, Action.READ)
    if visit.posted:
        folders.end(visit.store, visit.room.seat, folder)
        return visit.go("plans")
    found = folders.shown(visit.store, row)
    mine = models.Job.objects.filter(folder=row).exclude(kind="check").defer("given", "answer")
    return visit.show(
        "folder.html", folder=found, findings=found.findings[:FINDINGS],
        more=max(0, len(found.findings) - FINDINGS),
        kinds=KINDS.values() if found.state == folders.READY else (),
        jobs=shown_jobs(visit, list(mine.order_by("-asked"))),
        may_end=visit.room.seat.may(Action.END, "folder", jobs.relation(
            visit.store, visit.room.seat, row.by)))
