"""The outbox: letters that are written with the entry that orders them, and sent by any worker.

A letter is put here in the transaction of its entry (`also` of `write`), so that there is never one
without the other. A worker takes rows by a conditional update: of any number of workers one has it.
It is sent at least once; `once` goes with it over the transport, which drops what it has had. Who
sends, and over what, is not known here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from attrs import field, frozen
from django.db.models import F, Q

from lull.domain.rights import Action
from lull.store import models
from lull.store.kept import Store
from lull.store.principal import Scope, Seated

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
        body: dict[str, Any], about: str = "", of: models.Entry | None = None,
        before: models.Entry | None = None) -> bool:
    """Put a letter in, in the transaction of its entry; false where it is there already.

    There is one for each entry, recipient, channel and version. `about` is the object it speaks of;
    `of` and `before` are the entries whose words are in it, and with which it is destroyed.
    """
    veil = store.secrets.veil
    once = veil.tag(f"{entry.hash}\n{channel}\n{recipient}\n{version}", "letter")
    letter = veil.close(json.dumps(body, ensure_ascii=False), f"letter {once}")
    _, made = models.Outgoing.objects.get_or_create(once=once, defaults={
        "pause_id": entry.pause_id, "entry": entry, "channel": channel, "letter": letter,
        "due": store.now(), "version": version, "of": of, "before": before,
        "recipient": veil.close(recipient, f"recipient {once}"),
        "about": about_tag(store, entry.pause_id, about) if about else ""})
    return bool(made)


def about_tag(store: Store, pause: UUID, about: str) -> str:
    """By what the letters about an object are found."""
    return store.secrets.veil.tag(f"{pause}\n{about}", "about")


def recipient_of(store: Store, row: models.Outgoing) -> str:
    """To whom a letter goes."""
    if row.recipient is None:
        return ""
    return store.secrets.veil.open(row.recipient, f"recipient {row.once}")


def body_of(store: Store, row: models.Outgoing) -> dict[str, Any] | None:
    """What was put in; None where it was destroyed since."""
    if not row.letter:
        return None
    body: dict[str, Any] = json.loads(store.secrets.veil.open(row.letter, f"letter {row.once}"))
    return body


def letters_of(seat: Seated, most: int = 500) -> list[models.Outgoing]:
    """The last letters of a pause, the newest first; raises NotAllowed."""
    seat.member.require(Scope.READ)
    seat.require(Action.READ, "outbox")
    rows = models.Outgoing.objects.filter(pause_id=seat.pause).select_related("entry")
    return list(rows.defer("letter").order_by("-id")[:most])


def letters_about(store: Store, seat: Seated, *abouts: str) -> list[models.Outgoing]:
    """All letters about some objects, the oldest first; raises NotAllowed."""
    seat.member.require(Scope.READ)
    seat.require(Action.READ, "outbox")
    rows = models.Outgoing.objects.filter(
        pause_id=seat.pause, about__in=[about_tag(store, seat.pause, one) for one in abouts])
    return list(rows.select_related("entry", "of", "before").defer("letter").order_by("id"))


def make_void(rows: Iterable[models.Outgoing], store: Store, why: str) -> None:
    """Give up letters that were not sent, as others have taken their place."""
    waiting = models.Outgoing.objects.filter(pk__in=[row.pk for row in rows], sent=None,
                                             given_up=None)
    waiting.update(given_up=store.now(), trouble=why[:40])


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
            body = body_of(store, row)
            if body is not None:
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
    over = for_good or is_last(letter)
    wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** min(letter.tries - 1, 20))
    return bool(models.Outgoing.objects.filter(pk=letter.id, worker=worker, sent=None).update(
        lease_until=None, trouble=trouble[:40], due=now + timedelta(seconds=wait),
        given_up=now if over else None))


def is_last(letter: Letter) -> bool:
    """Whether a letter that fails this time is given up."""
    return letter.tries >= MOST_TRIES
