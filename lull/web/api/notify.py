"""Where recipients are reached, a version that leaves for them, and what became of each letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status

from lull.domain.lead_times import LeadRule
from lull.domain.records import RECEIPT_SENTENCE
from lull.store import addressees, notify, outbox
from lull.store.principal import Scope
from lull.web.api.auth import member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem
from lull.web.api.once import Done, MaybeOnce, Once
from lull.web.api.once import once as done_once
from lull.web.api.records import WRITE, Given, written

router = Router(tags=["notifications"])


class AddresseeIn(Given):
    """Where a recipient is reached over a channel.

    `address` is an e-mail address, an https address, the name of a folder, a call sign or a number.
    """

    recipient: str = Field(min_length=1, max_length=100,
                           description="by the name that stands in the notification")
    channel: str = Field(max_length=20, description="email, webhook, file, radio or telephone")
    address: str = Field(max_length=2_000)
    private_ok: bool = Field(False, description="webhook: it may be on a network of one's own, or "
                             "on this machine")
    language: str = Field("", max_length=2, description="en or ar: in which the office there is "
                          "written to; nothing where it is not known, and letters are in both")


class AddresseeOut(Schema):
    """Where a recipient is reached over a channel."""

    recipient: str
    channel: str
    address: str
    private_ok: bool
    language: str


class SecretOut(AddresseeOut):
    """The same, with the secret that signs what goes to a webhook. It is shown once."""

    secret: str


class WhichIn(Given):
    """One recipient on one channel."""

    recipient: str = Field(min_length=1, max_length=100)
    channel: str = Field(max_length=20)


class TransmitIn(Given):
    """Which notification leaves, and for whom: for nobody named, everyone who had it before, or
    all whom a first version names."""

    object: str = Field(min_length=1, max_length=200)
    to: list[WhichIn] = Field([], max_length=50)
    link_hours: int = Field(notify.LINK_HOURS, ge=1, le=notify.MOST_LINK_HOURS,
                            description="for how long receipt can be confirmed by link")


class WarningOut(Schema):
    """That a version left later than its lead time allows. Nothing was refused for it."""

    rule: LeadRule
    late_minutes: int
    sentence: str


class OrderedOut(Schema):
    """A letter that was ordered, with the entry of it. `changes_only`: they have the rest.

    `warnings`: by how much it leaves too late, and by which rule.
    """

    recipient: str
    channel: str
    version: int
    changes_only: bool
    entry: str
    again: bool
    warnings: list[WarningOut]


class CancelIn(Given):
    """Which notification is called off, and why, if it is said."""

    object: str = Field(min_length=1, max_length=200)
    reason: str = Field("", max_length=1_000)


class LetterOut(Schema):
    """What became of a letter. That it was sent is no receipt; `beside` says what a receipt is."""

    entry: str
    recipient: str
    channel: str
    version: int
    tries: int
    sent: datetime | None
    given_up: datetime | None
    trouble: str
    beside: str = RECEIPT_SENTENCE


ADDRESSEES = "pauses/{uuid:pause}/addressees"


@router.get(ADDRESSEES, auth=member, response={200: list[AddresseeOut], NOT_DONE: Problem},
            operation_id="addressees")
def list_addressees(request: HttpRequest, pause: UUID) -> Any:
    """Where recipients are reached; for coordinators."""
    found = addressees.addressees(store_of(request), seat_of(request, pause))
    return [_shown(one) for one in found]


@router.post(ADDRESSEES, auth=member, response={201: SecretOut, NOT_DONE: Problem},
             operation_id="set_addressee")
def set_addressee(request: HttpRequest, pause: UUID, given: AddresseeIn,
                  once: MaybeOnce = "") -> Any:
    """Say where a recipient is reached, instead of what was said before."""
    wanted = addressees.Addressee(given.recipient, given.channel, given.address, given.private_ok,
                                  language=given.language)
    seat = seat_of(request, pause, Scope.WRITE)

    def act() -> SecretOut:
        made = addressees.set_addressee(store_of(request), seat, wanted)
        return SecretOut(**_shown(made).dict(), secret=made.secret)

    return Status(201, done_once(request, once, given.dict(), act, SecretOut, ("secret",)))


@router.post(ADDRESSEES + "/drop", auth=member, response={204: None, NOT_DONE: Problem},
             operation_id="drop_addressee")
def drop_addressee(request: HttpRequest, pause: UUID, given: WhichIn,
                   once: MaybeOnce = "") -> Any:
    """Forget where a recipient is reached over a channel."""
    seat = seat_of(request, pause, Scope.WRITE)

    def act() -> Done:
        addressees.drop_addressee(store_of(request), seat, given.recipient, given.channel)
        return Done()

    done_once(request, once, given.dict(), act, Done)
    return Status(204, None)


@router.post("pauses/{uuid:pause}/transmissions", auth=member,
             response={201: list[OrderedOut], NOT_DONE: Problem}, operation_id="transmit")
def transmit(request: HttpRequest, pause: UUID, given: TransmitIn, once: Once) -> Any:
    """Send the last version of a notification: a step and a letter for each recipient.

    Who had an earlier version is told what has changed; somebody new has to be named. What leaves
    later than its lead time allows leaves all the same, with a warning.
    """
    done = notify.transmit(
        store_of(request), seat_of(request, pause, Scope.WRITE), given.object, once,
        to=[(one.recipient, one.channel) for one in given.to], link_hours=given.link_hours)
    return Status(201, [
        OrderedOut(recipient=one.recipient, channel=one.channel, version=one.version,
                   changes_only=one.changes_only, entry=one.written.hash, again=one.written.again,
                   warnings=[WarningOut(rule=w.rule, late_minutes=w.late_minutes,
                                        sentence=w.sentence) for w in one.warnings])
        for one in done])


@router.post("pauses/{uuid:pause}/cancellations", auth=member, response=WRITE,
             operation_id="cancel_notification")
def cancel(request: HttpRequest, pause: UUID, given: CancelIn, once: Once) -> Any:
    """Call off what was notified, and tell all who were sent a version."""
    return written(notify.cancel(store_of(request), seat_of(request, pause, Scope.WRITE),
                                 given.object, once, reason=given.reason))


@router.get("pauses/{uuid:pause}/outbox", auth=member,
            response={200: list[LetterOut], NOT_DONE: Problem}, operation_id="outbox")
def letters(request: HttpRequest, pause: UUID) -> Any:
    """What became of the last 500 letters, the newest first; for coordinators."""
    store, seat = store_of(request), seat_of(request, pause, Scope.READ)
    return [
        LetterOut(entry=row.entry.hash, recipient=outbox.recipient_of(store, row),
                  channel=row.channel, version=row.version, tries=row.tries, sent=row.sent,
                  given_up=row.given_up, trouble=row.trouble)
        for row in outbox.letters_of(seat)]


def _shown(one: addressees.Addressee) -> AddresseeOut:
    return AddresseeOut(recipient=one.recipient, channel=one.channel, address=one.address,
                        private_ok=one.private_ok, language=one.language)
