"""The worker of the outbox: takes letters that are due, hands them over, notes what came of it.

Any number may run. A letter that a worker had when it went down is sent again by another, under the
same idempotency key. One that is given up is an entry, in the transaction in which it is given up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Event

from attrs import field, frozen
from django.db import DatabaseError, close_old_connections, connections

from lull.domain.protocol import IllegalStep
from lull.domain.records.receipt import Channel, NotDelivered, Receipt
from lull.domain.refusal import Refusal
from lull.domain.rights import part_named
from lull.store import models, outbox
from lull.store.addressees import addressee
from lull.store.appender import Busy
from lull.store.kept import Store
from lull.store.notify import payload_of
from lull.store.sending.language import read_languages
from lull.store.sending.links import PATH, token_for
from lull.store.sending.transport import NotSent, Parcel, Transport
from lull.store.witness import Saw, bear_witness, seat_behind

log = logging.getLogger("lull.send")
LOOK_EVERY_SECONDS = 2.0
NO_ADDRESS = "no address is known"


@frozen
class Sending:
    """What a worker sends with. `site` is where the pages of confirmation are served, or ""."""

    transports: tuple[Transport, ...]
    site: str = field(default="")

    @property
    def channels(self) -> tuple[str, ...]:
        """All channels that are served."""
        return tuple(channel for one in self.transports for channel in one.channels)

    def over(self, channel: str) -> Transport:
        """The transport of a channel."""
        return next(one for one in self.transports if channel in one.channels)


def send_due(store: Store, worker: str, how: Sending, *,
             stop: Callable[[], bool] = lambda: False) -> int:
    """Send all letters that are due; how many left. Each is leased when its turn comes."""
    left = 0
    while not stop():
        taken = outbox.take(store, worker, channels=how.channels, most=1)
        if not taken:
            break
        left += sum(send_one(store, letter, worker, how) for letter in taken)
    return left


def run(store: Store, worker: str, how: Sending, stop: Event) -> None:
    """Send what is due, look again, until told to stop; a database that fails is waited for."""
    while not stop.is_set():
        try:
            close_old_connections()
            send_due(store, worker, how, stop=stop.is_set)
        except (DatabaseError, Busy) as wrong:
            log.error("The outbox could not be read: %s", type(wrong).__name__)
        stop.wait(LOOK_EVERY_SECONDS)
    connections.close_all()


def send_one(store: Store, letter: outbox.Letter, worker: str, how: Sending) -> bool:
    """Send a letter and note what came of it; whether it left."""
    row = models.Outgoing.objects.select_related("entry").get(pk=letter.id)
    try:
        parcel = _parcel(store, row, letter, how.site)
        arrived = how.over(letter.channel).send(parcel)
    except NotSent as wrong:
        _failed(store, row, letter, worker, wrong)
        return False
    except Exception as wrong:  # noqa: BLE001 - one letter must not stop all others
        log.error("A fault of lull in sending: %s", type(wrong).__name__)
        _failed(store, row, letter, worker, NotSent(f"a fault: {type(wrong).__name__}"))
        return False
    if arrived:
        _delivered(store, row, letter)
    outbox.sent(store, letter, worker)
    return True


def _parcel(store: Store, row: models.Outgoing, letter: outbox.Letter, site: str) -> Parcel:
    to = addressee(store, row.pause_id, outbox.recipient_of(store, row), row.channel)
    if to is None:
        raise NotSent(NO_ADDRESS)
    body = letter.body
    expires = _instant(body["expires"])
    link = f"{site}{PATH}{token_for(store, row, expires)}" if site else ""
    return Parcel(letter.once, row.channel, row.version, to.address, payload_of(body),
                  bool(body.get("sealed")), link, expires, to.private_ok, to.secret,
                  read_languages(body.get("language")))


def _instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _delivered(store: Store, row: models.Outgoing, letter: outbox.Letter) -> None:
    """Write down that the recipient's own system has it, unless they have answered already."""
    recipient, about = outbox.recipient_of(store, row), letter.body["about"]
    record = Receipt(
        reference=f"{about} v{row.version} delivered", version=1, notification=about,
        notification_version=row.version, recipient=recipient, channel=Channel(row.channel),
        answered_at=store.now(), answered_by_function="the recipient's system")
    saw = Saw("receipt.deliver", about, record, _part(record))
    with suppress(IllegalStep):  # where a person has answered, which says more
        bear_witness(store, seat_behind(store, row), saw, f"delivered {row.once}")


def _part(record: Receipt) -> str:
    return part_named("receipt", {"recipient": record.recipient,
                                  "notification_version": record.notification_version})[1]


def _failed(store: Store, row: models.Outgoing, letter: outbox.Letter, worker: str,
            why: NotSent) -> None:
    """Note why a letter did not leave, and write an entry if it is given up with that."""
    over = why.for_good or outbox.is_last(letter)
    if not over:
        outbox.not_sent(store, letter, worker, why.kind)
        return
    record = NotDelivered(
        reference=f"{letter.body['about']} v{row.version} not delivered", version=1,
        notification=letter.body["about"], notification_version=row.version,
        recipient=outbox.recipient_of(store, row), channel=Channel(row.channel),
        given_up_at=store.now(), tries=letter.tries, trouble=why.kind)

    def also(_: models.Entry) -> None:
        if not outbox.not_sent(store, letter, worker, why.kind, for_good=True):
            raise Refusal("Another worker has this letter now.")

    try:
        bear_witness(store, seat_behind(store, row),
                     Saw("not_delivered", letter.body["about"], record), f"given up {row.once}",
                     also=also)
    except Busy:
        raise
    except Refusal:
        log.info("A letter that was given up had passed to another worker.")


