"""Links by which a recipient without an account confirms receipt: signed, and good for a time.

A link names a letter and when it expires; HMAC-SHA256 under a key derived from the data key holds
the two together. It opens what that one letter said and nothing else.
"""

from __future__ import annotations

import hmac
from datetime import UTC, datetime

from attrs import frozen

from lull.domain.refusal import Refusal
from lull.store import models, outbox
from lull.store.kept import Store

LONGEST_TOKEN = 120
PATH = "/confirm/"


class NoLink(Refusal):
    """This is no link of ours, or what it led to is gone; the two are not told apart."""


class Expired(Refusal):
    """A link whose time is over."""


@frozen
class Opened:
    """A letter behind a link. `newer` is the version by which it was overtaken, or 0."""

    row: models.Outgoing
    recipient: str
    about: str
    version: int
    text: str
    sealed: bool
    newer: int = 0


def token_for(store: Store, letter: int, expires: datetime) -> str:
    """The token that opens a letter until a time."""
    named = f"{letter}.{int(expires.timestamp())}"
    return f"{named}.{store.secrets.veil.tag(named, 'link')}"


def open_link(store: Store, token: str) -> Opened:
    """What a token leads to; raises NoLink, Expired."""
    named, _, sign = token.rpartition(".")
    right = store.secrets.veil.tag(named, "link")
    if len(token) > LONGEST_TOKEN or not hmac.compare_digest(sign.encode(), right.encode()):
        raise NoLink("This link leads nowhere.")
    letter, _, until = named.partition(".")
    if datetime.fromtimestamp(int(until), UTC) <= store.now():
        raise Expired("The time of this link is over; ask whoever sent it for another.")
    row = models.Outgoing.objects.select_related("entry").filter(pk=int(letter)).first()
    body = outbox.body_of(store, row) if row else None
    if row is None or body is None:
        raise NoLink("This link leads nowhere.")
    recipient = outbox.recipient_of(store, row)
    return Opened(row, recipient, body["about"], row.version, body["text"],
                  bool(body.get("sealed")), newer_than(store, row, recipient))


def newer_than(store: Store, row: models.Outgoing, recipient: str) -> int:
    """The newest version ordered for the same recipient after this one; 0 where there is none."""
    later = models.Outgoing.objects.filter(pause_id=row.pause_id, about=row.about,
                                           version__gt=row.version).order_by("-version")
    return next((one.version for one in later if outbox.recipient_of(store, one) == recipient), 0)
