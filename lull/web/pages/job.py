"""One job: how far it has come, what came of it, and its report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.http import HttpResponse

from lull.domain.rights import Action
from lull.store import jobs, models
from lull.store.told import accepted_of
from lull.web.pages.visit import Visit, in_pause
from lull.web.report_page import report_page


@frozen
class JobShown:
    """A job as its page shows it."""

    row: models.Job
    progress: Mapping[str, Any]
    files: frozenset[str] = frozenset()
    answer: Mapping[str, Any] = field(factory=dict, repr=False)
    trouble: str = ""

    @property
    def busy(self) -> bool:
        """Whether it waits or is worked on."""
        return self.row.state in (jobs.WAITING, jobs.LEASED)

    @property
    def share(self) -> int:
        """How far it has come, of a hundred; 0 where nobody knows."""
        total = float(self.progress.get("total") or 0)
        return int(min(100, 100 * float(self.progress.get("done") or 0) / total)) if total else 0

    @property
    def has_report(self) -> bool:
        """Whether a page came of it."""
        return jobs.REPORT in self.files

    @property
    def has_drafts(self) -> bool:
        """Whether drafts of notifications came of it."""
        return jobs.DRAFTS in self.files


def shown_jobs(visit: Visit, rows: Sequence[models.Job]) -> list[JobShown]:
    """Jobs for a list, without their answers."""
    files = jobs.products_of(list(rows))
    return [JobShown(row, jobs.progress_of(visit.store, row), frozenset(files[row.pk]))
            for row in rows]


@in_pause
def job(visit: Visit, job: UUID) -> HttpResponse:
    """How far one job has come, or what came of it."""
    row = jobs.job_of(visit.store, visit.room.seat, job, Action.READ)
    if visit.posted:
        jobs.end(visit.store, visit.room.seat, job)
        return visit.go("plans")
    raw = jobs.answer_of(visit.store, row)
    answer = json.loads(raw) if row.state == jobs.DONE and raw else {}
    shown = JobShown(row, jobs.progress_of(visit.store, row),
                     frozenset(jobs.products_of([row])[row.pk]), answer,
                     raw.decode() if row.state == jobs.FAILED else "")
    return visit.show("job.html", job=shown, options=jobs.options_of(visit.store, row),
                      plan=_plan_of(answer))


def _plan_of(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The figures of a plan, where an answer has them."""
    found = answer.get("answer", answer)
    return found if isinstance(found, dict) and "tiers" in found else {}


@in_pause
def job_report(visit: Visit, job: UUID) -> HttpResponse:
    """The report of a job, shut in by headers of its own."""
    row = jobs.job_of(visit.store, visit.room.seat, job, Action.READ)
    return report_page(jobs.product_of(visit.store, row, jobs.REPORT),
                       accepted_of(visit.store, visit.room.seat))
