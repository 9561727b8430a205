"""The outbox: letters that are written with the entry that orders them, and sent by any worker.

A letter is put here in the transaction of its entry (`also` of `write`), so that there is never one
without the other. A worker takes rows by a conditional update: of any number of workers one has it.
It is sent at least once; `once` goes with it over the transport, which drops what it has had. Who
sends, and over what, is not known here.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from attrs import field, frozen
from django.db.models import F, Q

from lull.store import models
from lull.store.kept import Store

LEASE_SECONDS = 120
FIRST_WAIT_SECONDS = 10
LONGEST_WAIT_SECONDS = 3_600
MOST_TRIES = 40


@frozen
class Letter:
    """One letter that a worker has. `body` is what was put in; only `once` may be shown in logs."""

    id: int
    once: str
    channel: str
    body: dict[str, Any] = field(repr=False)
    tries: int = 0


def put(store: Store, entry: models.Entry, *, channel: str, recipient: str, version: int,
        body: dict[str, Any]) -> bool:
    """Put a letter in, in the transaction of its entry; false where it is there already.

    There is one for each entry, recipient, channel and version.
    """
    once = store.secrets.veil.tag(
        f"{entry.hash}\n{channel}\n{recipient}\n{version}", "letter")
    letter = store.secrets.veil.close(json.dumps(body, ensure_ascii=False), f"letter {once}")
    _, made = models.Outgoing.objects.get_or_create(once=once, defaults={
        "pause_id": entry.pause_id, "entry": entry, "channel": channel, "letter": letter,
        "due": store.now()})
    return bool(made)


def take(store: Store, worker: str, *, channels: tuple[str, ...] = (),
         most: int = 20) -> list[Letter]:
    """Lease letters that are due, the longest due first; each is this worker's for a time."""
    now = store.now()
    free = Q(sent=None, given_up=None, due__lte=now) & (
        Q(lease_until=None) | Q(lease_until__lt=now))
    if channels:
        free &= Q(channel__in=channels)
    found = []
    for row in models.Outgoing.objects.filter(free).order_by("due", "id")[:most]:
        got = models.Outgoing.objects.filter(free, pk=row.pk).update(
            worker=worker, tries=F("tries") + 1,
            lease_until=now + timedelta(seconds=LEASE_SECONDS))
        if got:
            body = json.loads(store.secrets.veil.open(row.letter, f"letter {row.once}"))
            found.append(Letter(row.id, row.once, row.channel, body, row.tries + 1))
    return found


def sent(store: Store, letter: Letter, worker: str) -> bool:
    """Note that a letter was sent; false where its lease had run out and another has it."""
    return bool(models.Outgoing.objects.filter(pk=letter.id, worker=worker, sent=None).update(
        sent=store.now(), lease_until=None, trouble=""))


def not_sent(store: Store, letter: Letter, worker: str, trouble: str, *,
             for_good: bool = False) -> bool:
    """Note why a letter was not sent, and when to try again: later each time, then no more."""
    now = store.now()
    wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(letter.tries - 1, 20))
    over = for_good or letter.tries >= MOST_TRIES
    return bool(models.Outgoing.objects.filter(pk=letter.id, worker=worker, sent=None).update(
        lease_until=None, trouble=trouble[:40], due=now + timedelta(seconds=wait),
        given_up=now if over else None))
