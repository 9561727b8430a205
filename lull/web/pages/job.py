"""One job: how far it has come, what came of it, its report, and the drafts that a plan makes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.http import HttpResponse
from django.utils.translation import gettext as _

from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action
from lull.ledger.content import Wall
from lull.store import drafts, jobs, models
from lull.store.addressees import SENT_OVER
from lull.store.told import accepted_of
from lull.store.write import BadFields
from lull.web.forms.filled import FIGURES
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.zones import instant_of
from lull.web.report_page import report_page

RECIPIENTS = 6
"""Lines for recipients of drafts."""
WAYS = ("convoy", "corridor-day")


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


@in_pause
def job_drafts(visit: Visit, job: UUID) -> HttpResponse:
    """Drafts of notifications out of a plan: which, to whom, read by whom."""
    room, query = visit.room, visit.request.GET
    by = query.get("by", "")
    by = by if by in WAYS else WAYS[0]
    made = drafts.drafts_of(visit.store, room.seat, job, by)
    if not room.may_write(drafts.DRAFT):
        raise Refusal(_("Your role does not draft notifications."))
    wrong: list[str] = []
    done: list[drafts.Drafted] = []
    if visit.posted:
        try:
            done = _write(visit, job, by)
        except BadFields as met:
            wrong = [e.sentence for e in met.errors]
        except Refusal as met:
            wrong = [str(met)]
    return visit.show("drafts.html", status=422 if wrong else 200, job=job, by=by, ways=WAYS,
                      made=made, wrong=wrong, done=done, sides=room.sides, walls=list(Wall),
                      lines=range(1, RECIPIENTS + 1), channels=SENT_OVER, post=visit.request.POST,
                      tags=[(one, room.tag("notification", one.reference)) for one in done])


def _write(visit: Visit, job: UUID, by: str) -> list[drafts.Drafted]:
    post = visit.request.POST
    only = post.getlist("only")
    require(bool(only), _("Tick at least one draft."))
    recipients = tuple(_recipients(visit))
    require(bool(recipients), _("Name at least one recipient."))
    wall = str(post.get("wall", ""))
    require(wall in list(Wall), _("Say who may read it."))
    accuracy = str(post.get("accuracy_m", "")).translate(FIGURES).strip()
    check_in = str(post.get("check_in_minutes", "")).translate(FIGURES).strip()
    require(all(not text or (text.isdecimal() and len(text) < 7 and int(text) > 0)
                for text in (accuracy, check_in)), _("Accuracy and minutes are whole numbers."))
    filling = drafts.Filling(
        recipients=recipients, contact=_contact(visit, "contact"), deputy=_contact(visit, "deputy"),
        accuracy_m=int(accuracy) if accuracy else None,
        check_in_minutes=int(check_in) if check_in else None)
    to = tuple(_sides(visit)) if wall == Wall.SEALED else ()
    return drafts.write_drafts(visit.store, visit.room.seat, job, by, filling, wall=wall, to=to,
                               only=only)


def _recipients(visit: Visit) -> list[dict[str, str]]:
    post, found = visit.request.POST, []
    assert visit.who is not None
    when = str(post.get("consent_at", ""))
    try:
        at = instant_of(when, visit.clock.zone) if when else ""
    except ValueError:
        at = when
    for line in range(1, RECIPIENTS + 1):
        party = str(post.get(f"recipient.{line}", "")).strip()
        if party:
            found.append({"party": party, "channel": str(post.get(f"channel.{line}", "")),
                          "consent_by_function": str(post.get("consent_by", "")).strip()
                          or visit.who.function, "consent_at": at})
    return found


def _contact(visit: Visit, which: str) -> dict[str, str] | None:
    post = visit.request.POST
    names = ("organisation", "function", "channel", "number")
    given = {name: str(post.get(f"{which}.{name}", "")).strip() for name in names}
    return {name: text for name, text in given.items() if text} if any(given.values()) else None


def _sides(visit: Visit) -> list[UUID]:
    known = {str(side): side for side in visit.room.sides}
    return [known[one] for one in visit.request.POST.getlist("to") if one in known]
