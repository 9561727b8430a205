"""That something arrived, and who answered what. To permit is another record: `Facilitation`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from lull.domain.records.common import SHA256, Document, Record
from lull.domain.refusal import require, require_whole

RECEIPT_SENTENCE = (
    "Confirms receipt; not permission, no guarantee, changes no obligation under the law of war."
)
"""Stands beside every receipt, wherever it is shown."""


class Channel(StrEnum):
    """How something reached its recipient."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    FILE = "file"
    RADIO = "radio"
    TELEPHONE = "telephone"
    PAPER = "paper"
    LINK = "link"


@frozen(kw_only=True)
class Transmission(Record):
    """That one version left for one recipient, and the hash of exactly what was sent.

    `version_hash` is the hash of the entry in which the version stands: of two versions that bear
    the same number it says which was sent.
    """

    notification: str
    notification_version: int
    recipient: str
    channel: Channel
    sent_at: datetime
    payload_sha256: str
    version_hash: str = ""

    def check(self) -> None:
        """The hashes are some, the version counts."""
        require(bool(SHA256.fullmatch(self.payload_sha256)), "A SHA-256 has 64 hexadecimal digits.")
        require(not self.version_hash or bool(SHA256.fullmatch(self.version_hash)),
                "An entry is named by the 64 hexadecimal digits of its hash.")
        require_whole(self.notification_version, "The version sent", least=1)


@frozen(kw_only=True)
class Receipt(Record):
    """What one recipient answered to one version. It has no field in which permission could stand.

    `text` is a query or an objection in the recipient's words.
    """

    notification: str
    notification_version: int
    recipient: str
    channel: Channel
    answered_at: datetime
    answered_by_function: str
    by_voice_taken_by: str = ""
    read_version: int | None = None
    text: str = ""

    def check(self) -> None:
        """Who confirms that a version was read names that version."""
        require_whole(self.notification_version, "The version", least=1)
        require(self.read_version is None or self.read_version == self.notification_version,
                f"They say that they read version {self.read_version}; this is the receipt of "
                f"version {self.notification_version}.")
        spoken = self.channel in (Channel.RADIO, Channel.TELEPHONE)
        require(not spoken or bool(self.by_voice_taken_by),
                "A receipt by voice says by which function it was taken.")


@frozen(kw_only=True)
class KnownAtCheckpoint(Record):
    """That a checkpoint knows of a notification: said there, by whom, when. No receipt is it."""

    notification: str
    notification_version: int
    checkpoint: str
    said_by_function: str
    said_at: datetime
    heard_by: str


@frozen(kw_only=True)
class Fetch(Record):
    """That a link was opened, by a person or a mail scanner. It confirms nothing."""

    notification: str
    notification_version: int
    recipient: str
    fetched_at: datetime


@frozen(kw_only=True)
class NotDelivered(Record):
    """That the server gave up sending one version to one recipient, and why, in a word."""

    notification: str
    notification_version: int
    recipient: str
    channel: Channel
    given_up_at: datetime
    tries: int
    trouble: str

    def check(self) -> None:
        """It was tried."""
        require_whole(self.notification_version, "The version", least=1)
        require_whole(self.tries, "How often it was tried", least=1)


class FacilitationKind(StrEnum):
    """What an authority gave."""

    LETTER = "letter"
    CROSSING_CLEARANCE = "crossing_clearance"
    ESCORT_PROMISE = "escort_promise"
    OTHER = "other"


@frozen(kw_only=True)
class Facilitation(Record):
    """A permission or a clearance, kept apart from every receipt."""

    kind: FacilitationKind
    authority: str
    number: str
    valid_from: datetime
    valid_to: datetime
    for_what: str
    conditions: str = ""
    revoked_at: datetime | None = None
    document: Document | None = None

    def check(self) -> None:
        """Validity runs forward."""
        require(self.valid_to > self.valid_from, "It ends before it is valid.")
