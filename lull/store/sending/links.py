"""Links by which a recipient without an account confirms receipt: signed, and good for a time.

A link names a letter and when it expires; HMAC-SHA256 under a key derived from the data key holds
the two together. It opens what that one letter said and nothing else.
"""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime

from attrs import frozen

from lull.domain.refusal import Refusal
from lull.store import models, outbox
from lull.store.kept import Store
from lull.store.sending.language import ENGLISH, by_language, read_languages

TOKEN = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,11})\.([0-9a-f]{64})", re.ASCII)
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
    newer: int = 0
    languages: tuple[str, ...] = (ENGLISH,)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What it said, by language."""
        return by_language(self.text, self.languages)


def token_for(store: Store, row: models.Outgoing, expires: datetime) -> str:
    """The token that opens a letter until a time."""
    named = f"{row.pk}.{int(expires.timestamp())}"
    return f"{named}.{_sign(store, named, row.once)}"


def _sign(store: Store, named: str, once: str) -> str:
    """What makes a token ours. The letter's own key is in it: after a restore its number may be
    another letter's.
    """
    return store.secrets.veil.tag(f"{named}.{once}", "link")


def open_link(store: Store, token: str) -> Opened:
    """What a token leads to; raises NoLink, Expired."""
    found = TOKEN.fullmatch(token)
    if found is None:
        raise NoLink("This link leads nowhere.")
    letter, until, sign = found.groups()
    row = models.Outgoing.objects.select_related("entry").filter(pk=int(letter)).first()
    right = _sign(store, f"{letter}.{until}", row.once if row else "")
    if not hmac.compare_digest(sign, right) or row is None:
        raise NoLink("This link leads nowhere.")
    if datetime.fromtimestamp(int(until), UTC) <= store.now():
        raise Expired("The time of this link is over; ask whoever sent it for another.")
    body = outbox.body_of(store, row)
    if body is None:
        raise NoLink("This link leads nowhere.")
    recipient = outbox.recipient_of(store, row)
    return Opened(row, recipient, body["about"], row.version, body["text"],
                  newer_than(store, row, recipient), read_languages(body.get("language")))


def newer_than(store: Store, row: models.Outgoing, recipient: str) -> int:
    """The newest version ordered for the same recipient after this one; 0 where there is none."""
    later = models.Outgoing.objects.filter(pause_id=row.pause_id, about=row.about,
                                           version__gt=row.version).order_by("-version")
    return next((one.version for one in later if outbox.recipient_of(store, one) == recipient), 0)
