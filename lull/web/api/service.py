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
from lull.web.server_figures import REQUESTS, metrics_text

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
    """Figures in the text form of Prometheus, for a coordinator or a token for metrics.

    Requests by kind of address, class of answer and time; writes, jobs, letters; the last backup.
    """
    asks, store = who(request), store_of(request)
    asks.require(Scope.METRICS)
    seats = models.Seat.objects.filter(member_id=asks.member).values_list("pause_id", flat=True)
    if not any(seated(pause, asks).may(Action.READ, "metrics") for pause in seats
               if asks.only_pause in (None, pause)):
        raise NotAllowed("Metrics are for coordinators.")
    return HttpResponse(metrics_text(store, request.META.get(REQUESTS)),
                        content_type="text/plain; version=0.0.4")
