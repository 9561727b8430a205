"""Figures of a server for whoever keeps it; none tells anything of what a ledger says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen
from django.utils.translation import gettext_noop as _

from lull.store import models
from lull.store.kept import Store
from lull.web.tally import Requests

REQUESTS = "lull.requests"
"""Under this name a request's environment has what this process has answered."""


@frozen
class Figure:
    """One figure: its name for programs, whether it only grows, its value, and what it is."""

    name: str
    grows: bool
    value: float
    says: str

    @property
    def text(self) -> str:
        """In the text form of Prometheus."""
        kind = "counter" if self.grows else "gauge"
        return f"# TYPE {self.name} {kind}\n{self.name} {self.value}"


def last_backup() -> datetime | None:
    """When the last backup of this store was written, by lull backup."""
    return models.BackedUp.objects.order_by("-at").values_list("at", flat=True).first()


def figures(store: Store) -> tuple[Figure, ...]:
    """The figures of a store and of its writer in this process."""
    return tuple(_figures(store))


def _figures(store: Store) -> Iterator[Figure]:
    tally, out, jobs = store.appender.tally, models.Outgoing.objects, models.Job.objects
    yield Figure("lull_entries", False, models.Entry.objects.count(), _("Entries in all ledgers"))
    yield Figure("lull_sessions", False, models.Session.objects.count(), _("Sessions"))
    yield Figure("lull_sessions_unlocked", False, store.keyring.unlocked,
                 _("Sessions whose keys are open"))
    yield Figure("lull_jobs_waiting", False, jobs.filter(state="waiting").count(),
                 _("Jobs that wait"))
    yield Figure("lull_jobs_failed", False, jobs.filter(state="failed").count(),
                 _("Jobs that failed"))
    yield Figure("lull_outbox_waiting", False, out.filter(sent=None, given_up=None).count(),
                 _("Letters that wait"))
    yield Figure("lull_outbox_given_up", False, out.exclude(given_up=None).count(),
                 _("Letters that were given up"))
    yield Figure("lull_writes_total", True, tally.acts, _("Writes since the start"))
    yield Figure("lull_writes_refused_total", True, tally.refused, _("Writes that were refused"))
    yield Figure("lull_writes_failed_total", True, tally.failed, _("Writes that failed"))
    yield Figure("lull_commits_total", True, tally.commits, _("Commits"))
    yield Figure("lull_commit_seconds_total", True, round(tally.seconds, 6),
                 _("Seconds spent in commits"))
    when = last_backup()
    if when is not None:
        yield Figure("lull_backup_last_timestamp_seconds", False, int(when.timestamp()), "")
        yield Figure("lull_backup_age_seconds", False,
                     max(0, int((store.now() - when).total_seconds())), "")


def metrics_text(store: Store, requests: Requests | None) -> str:
    """All figures in the text form of Prometheus."""
    lines = [figure.text for figure in figures(store)]
    return "\n".join([*lines, *(requests.lines() if requests else ())]) + "\n"
