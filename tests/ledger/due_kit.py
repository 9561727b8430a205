"""A room that writes what can become due, at times that a test chooses, and asks what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve

from lull.domain.protocol import Role
from lull.domain.records import RECORDS, kinds, payload
from lull.domain.records.common import Contact, Place, Span
from lull.domain.records.form import utc_text
from lull.domain.records.lines import Rung
from lull.domain.records.notification import MovementNotification, Recipient, Stop
from lull.domain.records.terms import PauseTerms
from lull.ledger.content import Content, Wall, Writer
from lull.ledger.due import Due, DueKind, due
from lull.ledger.entry import Said
from lull.ledger.fold import State, fold
from lull.ledger.ledger import Ledger
from lull.ledger.write import next_entry
from tests.ledger.kit import HOUR, RECEIVED, Post, filled, signer

GO = datetime(2016, 10, 20, 9, tzinfo=UTC)
"""When the movement departs, and the window opens."""
RUNGS = (
    Rung(after_minutes=0, organisation="OCHA", function="duty officer", channel="radio",
         does="calls the convoy on every line"),
    Rung(after_minutes=15, organisation="Red Crescent", function="deputy", channel="telephone",
         does="asks the gates"),
    Rung(after_minutes=30, organisation="Party A", function="liaison", channel="telephone",
         does="is asked where fire was seen"),
)


OPENED: dict[str, Content] = {}
"""What the tests' reader could open of what was sealed, by hash of the entry."""


def at(**after: float) -> datetime:
    """A time after (or before) the departure."""
    return GO + timedelta(**after)


def place(name: str) -> Place:
    """A place by its name."""
    return Place(name=name)


def movement(version: int = 1, **changes: Any) -> MovementNotification:
    """The notification of a movement at GO, with two recipients and no lines but its contacts."""
    made = filled(RECORDS["movement_notification"], only_required=True)
    recipient = Recipient(party="Party A", channel="file", consent_by_function="owner",
                          consent_at=at(days=-5))
    contact = Contact(organisation="Red Crescent", function="duty", channel="telephone", number="1")
    values = {
        "version": version, "pause": "P02", "contact": contact, "deputy": contact,
        "departure": Stop(place=place("Ramouseh gate"), arrives=at(hours=-1), leaves=GO),
        "arrival": Stop(place=place("Atareb"), arrives=at(hours=2), leaves=at(hours=4)),
        "route_waypoints": (place("Khan Touman"),),
        "recipients": (recipient, evolve(recipient, party="Party B")),
        "valid": Span(start=GO, end=at(hours=10)), "submitted_at": at(days=-4),
    }  # fmt: skip
    return evolve(made, **{**values, **changes})


def terms(**changes: Any) -> PauseTerms:
    """The terms of a pause that opens at GO."""
    made = filled(RECORDS["pause_terms"], only_required=True)
    windows = (Span(start=GO, end=at(hours=10)),)
    return evolve(made, **{"reference": "P02", "version": 1, "windows": windows, **changes})


def put(post: Post, kind: str, record: Any = None, about: str = "N1", part: str = "", *,
        said: datetime | None = None, role: Role | None = None, side: str = "",
        **changes: Any) -> Content:
    """Write a record (or one filled in) of a kind, sealed to the tests' reader, said at a time."""
    if record is None:
        record = filled(RECORDS[kinds()[kind][0]], only_required=True)
    content = Content(
        kind=kind, object=about, part=part, writer=Writer(role or post.role, side or post.name),
        payload=payload(evolve(record, **changes)), wall=Wall.RESTRICTED, received=RECEIVED,
        said=utc_text(said) if said else "", recipients=("age1",))
    entry = next_entry(post.held, post.log, key=post.key, hour=HOUR, sign=signer(post.key),
                       said=Said(content.salted(b"s" * 32), "0a" * 32))
    post.held = post.held.plus(entry)
    OPENED[entry.hash] = content
    return content


def transmit(post: Post, recipient: str, version: int = 1, *, sent: datetime,
             about: str = "N1") -> None:
    """A version leaves for a recipient."""
    put(post, "notification.transmit", about=about, recipient=recipient, notification=about,
        notification_version=version, sent_at=sent)


def receipt(post: Post, recipient: str, version: int = 1, *, step: str = "confirm",
            about: str = "N1") -> None:
    """A recipient answers to a version."""
    put(post, f"receipt.{step}", about=about, part=f"{recipient} {version}", recipient=recipient,
        notification=about, notification_version=version, said=at(days=-1))


def notified(post: Post, *recipients: str, record: MovementNotification | None = None) -> None:
    """A movement that is drafted, submitted and transmitted in time."""
    put(post, "notification.draft", record or movement(), said=at(days=-4))
    put(post, "notification.submit", said=at(days=-4))
    for recipient in recipients:
        transmit(post, recipient, sent=at(days=-3))


def under_way(post: Post, *, gone: datetime = GO, about: str = "N1") -> None:
    """The movement goes."""
    put(post, "movement.plan", about=about, said=at(days=-1))
    put(post, "movement.make_ready", about=about, said=at(hours=-1))
    put(post, "movement.go", about=about, said=gone)


def checked_in(post: Post, when: datetime, point: str = "Khan Touman", **how: Any) -> None:
    """The movement checks in."""
    put(post, "check_in", movement="N1", at=when, point=point, **how)


def stand(held: Ledger) -> State:
    """What stands; everything that was written must have had effect."""
    made = fold(held, OPENED)
    assert not made.out_of_protocol, made.out_of_protocol[0].fault.sentence
    return made


def now_due(post: Post, now: datetime, *only: DueKind, role: Role | None = None,
            side: str = "") -> tuple[Due, ...]:
    """What is due, of some kinds or of all."""
    stands = stand(post.held)
    found = due(stands.things, stands.acts, now, role=role, side=side, words=stands.words)
    return tuple(item for item in found if not only or item.kind in only)


def parts(found: tuple[Due, ...]) -> list[tuple[str, str]]:
    """Object and part of each."""
    return [(item.object, item.part) for item in found]
