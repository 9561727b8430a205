"""Whether the server is well, and figures for whoever keeps it."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from lull import __version__
from lull.domain.rights import Action
from lull.store import models
from lull.store.principal import NotAllowed, Scope, seated
from lull.web.api.auth import member, store_of, who
from lull.web.api.errors import NOT_DONE, Problem, problem

router = Router(tags=["service"])


class Health(Schema):
    """That the server answers and its database does."""

    status: str
    version: str


@router.get("health", response={200: Health, NOT_DONE: Problem}, operation_id="health")
def health(request: HttpRequest) -> Health | HttpResponse:
    """Whether the server and its database answer. Needs no sign-in, and tells nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return problem(503, "busy", "The database cannot be reached just now.", wait_seconds=2)
    return Health(status="ok", version=__version__)


@router.get("metrics", auth=member, response={200: str, NOT_DONE: Problem}, operation_id="metrics",
            openapi_extra={"responses": {200: {"content": {"text/plain": {"schema": {
                "type": "string"}}}}}})
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in the text form of Prometheus, for a coordinator or a token for metrics."""
    asks, store = who(request), store_of(request)
    asks.require(Scope.METRICS)
    seats = models.Seat.objects.filter(member_id=asks.member).values_list("pause_id", flat=True)
    if not any(seated(pause, asks).may(Action.READ, "metrics") for pause in seats
               if asks.only_pause in (None, pause)):
        raise NotAllowed("Metrics are for coordinators.")
    tally = store.appender.tally
    out = models.Outgoing.objects
    figures = {
        "lull_entries": ("gauge", models.Entry.objects.count()),
        "lull_sessions": ("gauge", models.Session.objects.count()),
        "lull_sessions_unlocked": ("gauge", store.keyring.unlocked),
        "lull_jobs_waiting": ("gauge", models.Job.objects.filter(state="waiting").count()),
        "lull_jobs_failed": ("gauge", models.Job.objects.filter(state="failed").count()),
        "lull_outbox_waiting": ("gauge", out.filter(sent=None, given_up=None).count()),
        "lull_outbox_given_up": ("gauge", out.exclude(given_up=None).count()),
        "lull_writes_total": ("counter", tally.acts),
        "lull_writes_refused_total": ("counter", tally.refused),
        "lull_writes_failed_total": ("counter", tally.failed),
        "lull_commits_total": ("counter", tally.commits),
        "lull_commit_seconds_total": ("counter", round(tally.seconds, 6)),
    }
    lines = [f"# TYPE {name} {kind}\n{name} {value}" for name, (kind, value) in figures.items()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")
