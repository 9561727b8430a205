"""Where the recipients of a pause's notifications are reached: by whom, over what, at what address.

A coordinator says it. An address on a network of one's own is used only where they allowed it.
"""

from __future__ import annotations

import json
import re
from uuid import UUID

from attrs import asdict, field, frozen

from lull.domain.records.form import FieldError
from lull.domain.records.receipt import Channel
from lull.domain.rights import Action
from lull.store import models
from lull.store.bad_fields import BadFields
from lull.store.kept import Store
from lull.store.principal import NotThere, Scope, Seated
from lull.store.sending.email import MAILBOX
from lull.store.sending.language import LANGUAGES, languages_of
from lull.store.sending.urls import BadUrl, read_url
from lull.store.veil import new_token

SENT_OVER = (Channel.EMAIL, Channel.WEBHOOK, Channel.FILE, Channel.RADIO, Channel.TELEPHONE)
"""Channels for which there is a transport."""
FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
LONGEST_LINE = 200


@frozen
class Addressee:
    """One recipient on one channel. `secret` signs what goes to a webhook.

    `language` is that in which the office there is written to, or "" where it is not known.
    """

    recipient: str
    channel: str
    address: str = field(repr=False)
    private_ok: bool = False
    secret: str = field(default="", repr=False)
    language: str = ""


def set_addressee(store: Store, seat: Seated, wanted: Addressee) -> Addressee:
    """Say where a recipient is reached, instead of what was said before; raises BadFields.

    A webhook gets a new secret, which its owner needs to check signatures.
    """
    seat.member.require(Scope.WRITE)
    seat.require(Action.MAKE, "addressee")
    errors = list(_wrong_with(wanted))
    if errors:
        raise BadFields(errors)
    secret = new_token() if wanted.channel == Channel.WEBHOOK else ""
    made = Addressee(wanted.recipient, wanted.channel, wanted.address, wanted.private_ok, secret,
                     wanted.language)
    tag = _tag(store, seat.pause, made.recipient, made.channel)
    kept = store.secrets.veil.close(json.dumps(asdict(made), ensure_ascii=False),
                                    f"addressee {tag}")

    def act() -> None:
        models.Addressee.objects.update_or_create(
            tag=tag, defaults={"pause_id": seat.pause, "kept": kept})

    store.appender.do(act)
    return made


def _wrong_with(wanted: Addressee) -> list[FieldError]:
    found = []
    if not wanted.recipient.strip() or len(wanted.recipient) > 100 or not _one_line(
            wanted.recipient):
        found.append(FieldError("recipient", "It is the recipient's name as in the notification, "
                                "at most 100 characters on one line."))
    if wanted.language not in ("", *LANGUAGES):
        found.append(FieldError("language", "It is en (English) or ar (Arabic); or nothing where "
                                "it is not known, and letters are in both."))
    channel, address = wanted.channel, wanted.address
    if channel not in SENT_OVER:
        found.append(FieldError("channel", f"Nothing is sent over {channel!r}; it must be one of: "
                                f"{', '.join(SENT_OVER)}."))
    elif channel == Channel.EMAIL and not MAILBOX.fullmatch(address):
        found.append(FieldError("address", "This is no e-mail address, such as room@example.org."))
    elif channel == Channel.FILE and not FOLDER.fullmatch(address):
        found.append(FieldError("address", "It is the name of a folder for this recipient: small "
                                "letters, digits and hyphens, such as box-3; no real name, as who "
                                "finds the stick reads it."))
    elif channel == Channel.WEBHOOK:
        try:
            read_url(address)
        except BadUrl as wrong:
            found.append(FieldError("address", str(wrong)))
    elif len(address) > LONGEST_LINE or not _one_line(address):
        found.append(FieldError("address", f"It is a call sign, frequency or number, at most "
                                f"{LONGEST_LINE} characters on one line."))
    return found


def _one_line(text: str) -> bool:
    return all(ord(mark) >= 32 for mark in text)


def addressee(store: Store, pause: UUID, recipient: str, channel: str) -> Addressee | None:
    """Where a recipient is reached over a channel; None where nobody has said it."""
    tag = _tag(store, pause, recipient, channel)
    row = models.Addressee.objects.filter(tag=tag).first()
    return _opened(store, row) if row else None


def languages(store: Store, pause: UUID, recipient: str, channel: str) -> tuple[str, ...]:
    """In which languages a recipient is written to: theirs, or all where nobody has said it."""
    known = addressee(store, pause, recipient, channel)
    return languages_of(known.language if known else "")


def addressees(store: Store, seat: Seated) -> list[Addressee]:
    """All that was said of where recipients are reached."""
    seat.member.require(Scope.READ)
    seat.require(Action.READ, "addressee")
    rows = models.Addressee.objects.filter(pause_id=seat.pause)
    return sorted((_opened(store, row) for row in rows), key=lambda a: (a.recipient, a.channel))


def drop_addressee(store: Store, seat: Seated, recipient: str, channel: str) -> None:
    """Forget where a recipient is reached over a channel; raises NotThere."""
    seat.member.require(Scope.WRITE)
    seat.require(Action.END, "addressee")
    tag = _tag(store, seat.pause, recipient, channel)
    gone = store.appender.do(lambda: models.Addressee.objects.filter(tag=tag).delete()[0])
    if not gone:
        raise NotThere("There is no such recipient on that channel.")


def _tag(store: Store, pause: UUID, recipient: str, channel: str) -> str:
    return store.secrets.veil.tag(f"{pause}\n{recipient.strip().casefold()}\n{channel}",
                                  "addressee")


def _opened(store: Store, row: models.Addressee) -> Addressee:
    return Addressee(**json.loads(store.secrets.veil.open(row.kept, f"addressee {row.tag}")))
