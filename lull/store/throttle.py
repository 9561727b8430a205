"""Guesses slowed down: by who is guessed at and from where, so that nobody is locked out by others.

A guess is counted before it is looked at, so that many at once do not count as one. Who is guessed
at from one address waits longer and longer from that address; the same login from elsewhere goes on
until the guesses at it come from everywhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import frozen
from django.db import transaction
from django.db.models import F, Q

from lull.domain.refusal import Refusal
from lull.store import models
from lull.store.kept import Store

LONGEST_WAIT_SECONDS = 900
FORGOTTEN_MINUTES = 60
"""After so long without a failure the count begins anew."""


@frozen
class Limit:
    """How many failures are free; each further one doubles the wait."""

    what: str
    free: int


BOTH, ADDRESS, LOGIN = Limit("both", 5), Limit("address", 40), Limit("login", 200)


class TooMany(Refusal):
    """Too many failures; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"There were too many failed attempts; wait {seconds} seconds.")
        self.seconds = seconds


@frozen
class Guess:
    """One attempt that has been counted; `tripped` if it was the last free one."""

    tags: tuple[str, ...]
    tripped: bool

    def succeeded(self) -> None:
        """The one who guessed knew: what is counted against them here is forgotten."""
        models.Throttle.objects.filter(tag=self.tags[0]).delete()
        self._take_back(self.tags[1:])

    def not_over(self) -> None:
        """Take back this attempt alone: it was right so far, and more has to be said."""
        self._take_back(self.tags)

    def _take_back(self, tags: tuple[str, ...]) -> None:
        models.Throttle.objects.filter(tag__in=tags, failures__gt=0).update(
            failures=F("failures") - 1)


def count_guess(store: Store, login: str, address: str) -> Guess:
    """Count an attempt before it is looked at; raises TooMany."""
    veil, now = store.secrets.veil, store.now()
    tags = {
        limit: veil.tag(f"{limit.what}\n{text}", "throttle")
        for limit, text in ((BOTH, f"{login}\n{address}"), (ADDRESS, address), (LOGIN, login))
    }
    with transaction.atomic():
        old = now - timedelta(minutes=FORGOTTEN_MINUTES)
        ahead = now + timedelta(minutes=FORGOTTEN_MINUTES)  # the clock has been put back since
        models.Throttle.objects.filter(Q(last__lt=old) | Q(last__gt=ahead)).delete()
        counts = {}
        for limit, tag in tags.items():
            row, _ = models.Throttle.objects.select_for_update().get_or_create(
                tag=tag, defaults={"last": now})
            wait = _wait(row.failures - limit.free, row.last, now)
            if wait > 0:
                raise TooMany(wait)
            counts[limit] = row.failures + 1
        for limit, tag in tags.items():
            models.Throttle.objects.filter(tag=tag).update(failures=counts[limit], last=now)
    return Guess(tuple(tags.values()), counts[BOTH] == BOTH.free)


def _wait(beyond: int, last: datetime, now: datetime) -> int:
    """Seconds still to wait after so many failures beyond the free ones."""
    if beyond < 0:
        return 0
    asked = min(LONGEST_WAIT_SECONDS, 2 ** min(beyond + 1, 20))
    return min(asked, asked - int((now - last).total_seconds()))
