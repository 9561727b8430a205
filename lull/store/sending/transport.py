"""The interface of a transport: it takes a parcel, or says in a word why it could not."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from attrs import field, frozen

from lull.store.sending.language import ENGLISH, by_language
from lull.store.sending.words import sealed_text


class NotSent(Exception):
    """A parcel did not leave. `kind` has no address in it and may be kept; `for_good`: no more."""

    def __init__(self, kind: str, *, for_good: bool = False) -> None:
        super().__init__(kind)
        self.kind, self.for_good = kind, for_good


@frozen
class Parcel:
    """What one recipient is sent over one channel.

    `once` is the idempotency key: the same parcel may come again after a crash, and has the same.
    `payload` is the text, or where `sealed` a file of age that the recipient's members open. `link`
    is where receipt is confirmed, or "" where no page is served. `languages` are those in which the
    text stands, one after the other.
    """

    once: str
    channel: str
    version: int
    address: str = field(repr=False)
    payload: bytes = field(repr=False)
    sealed: bool = False
    link: str = field(default="", repr=False)
    expires: datetime | None = None
    private_ok: bool = False
    secret: str = field(default="", repr=False)
    languages: tuple[str, ...] = (ENGLISH,)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What may be said in clear, by language: of what is sealed, that it awaits."""
        if self.sealed:
            return [(one, sealed_text(self.version, one)) for one in self.languages]
        return by_language(self.payload.decode(), self.languages)


class Transport(Protocol):
    """One way out. `channels` are those of the notification that it serves."""

    channels: tuple[str, ...]

    def send(self, parcel: Parcel) -> bool:
        """Hand a parcel over; true where the recipient's own system says that it has it.

        Raises NotSent.
        """
