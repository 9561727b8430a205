"""A version leaves for its recipients: a step of the ledger for each, with its letter.

A first version goes whole to the recipients that it names. A later one goes, as what has changed,
to everyone who had an earlier one and to nobody else; somebody new is named, and gets it whole.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import UUID

from attrs import evolve, field, frozen

from lull.domain.records import payload, read_payload
from lull.domain.records.common import StepNote
from lull.domain.records.form import FieldError, unfilled, utc_text
from lull.domain.records.lateness import LateWarning, transmission_warnings
from lull.domain.records.notification import MovementNotification, SiteNotification
from lull.domain.records.receipt import Channel, Transmission
from lull.domain.refusal import require
from lull.domain.rights import Action
from lull.exchange.seal import seal_bytes
from lull.ledger.apart import told_apart
from lull.ledger.content import VERSIONS, Content, Wall
from lull.ledger.due import times_under
from lull.ledger.versions import last_of
from lull.store import models, outbox
from lull.store.addressees import SENT_OVER, languages
from lull.store.apart import all_sides, side_named, sides_of, sides_told
from lull.store.bad_fields import BadFields
from lull.store.calling_off import CANCEL, LINK_HOURS
from lull.store.kept import Store
from lull.store.once import USED, UsedKey, once_tags
from lull.store.principal import NotThere, Scope, Seated
from lull.store.reading import view_of
from lull.store.recipients import keys_of
from lull.store.sending import words
from lull.store.sending.language import by_language
from lull.store.sending.read_out import page
from lull.store.view import Known, View
from lull.store.write import Wish, Written, write

MOST_LINK_HOURS = 2_160
SPOKEN = (Channel.RADIO, Channel.TELEPHONE)


@frozen
class To:
    """One recipient on one channel, and the version that they have, if they have one."""

    recipient: str
    channel: str
    had: Known | None = None
    waiting: tuple[models.Outgoing, ...] = field(default=(), repr=False)
    """Letters to them that have not left; the next one takes their place."""
    newest: int = 0
    """The newest version that was sent to them, or is to be."""
    of: str = ""
    """The entry in which that version stands."""


@frozen
class Ordered:
    """A letter that was ordered."""

    recipient: str
    channel: str
    version: int
    changes_only: bool
    written: Written
    warnings: tuple[LateWarning, ...] = ()
    """By how much it left too late, and by which rule; that holds nothing up."""


def transmit(store: Store, seat: Seated, about: str, once: str, *,
             to: Iterable[tuple[str, str]] = (), link_hours: int = LINK_HOURS) -> list[Ordered]:
    """Send the last version of a notification; `to` names recipients and channels anew.

    Without `to`: all whom a first version names; for a later one everyone who had one before.
    With the same `once` it is done once. Raises NotThere, NotAllowed, IllegalStep, BadFields.
    """
    seat.member.require(Scope.WRITE)
    seat.require(Action.MAKE, "outbox")
    require(1 <= link_hours <= MOST_LINK_HOURS, "A link is good for 1 to 2,160 hours.")
    view = view_of(store, seat)
    last = _last_version(seat, view, about)
    assert last.content is not None
    if empty := list(unfilled(last.content.payload)):
        raise BadFields(FieldError(at, "This is still to be filled; change it, and send that.")
                        for at in empty)
    _require_one_last(seat, view, about)
    sides = all_sides(store, view, last.content)
    had = _had(store, seat, view, about)
    wanted = _wanted(had, last.content, tuple(to))
    found = []
    for key in wanted:
        one = had.get(key, To(*key))
        mark = f"{once} {one.channel} {one.recipient}" if once else ""
        before = _ordered_before(store, seat, mark, one, _version(last))
        if before is not None:
            found.append(before)
        elif _lacks(one, last) or to:
            letter = _letter(store, seat, last, one, sides, link_hours)
            found.append(_order(store, seat, last, letter, sides, mark))
    return _with_warnings(store, seat, last, found)


def _with_warnings(store: Store, seat: Seated, last: Known, ordered: list[Ordered]
                   ) -> list[Ordered]:
    """What was ordered, with by how much each left too late."""
    assert last.content is not None
    view = view_of(store, seat)
    record = read_payload(last.content.kind, last.content.payload)
    assert isinstance(record, MovementNotification | SiteNotification)
    pause = record.pause if isinstance(record, MovementNotification) else ""
    acts = ((k.entry, k.content) for k in view.known.values()
            if k.content is not None and k.fault is None and seat.may_read(k))
    times = times_under(acts, pause, store.now())

    def sent_at(one: Ordered) -> datetime:
        known = view.known.get(one.written.hash)
        said = known.content.payload["sent_at"] if known and known.content else ""
        return datetime.fromisoformat(said) if said else store.now()

    return [evolve(one, warnings=transmission_warnings(record, sent_at(one), times))
            for one in ordered]


class Carries(StrEnum):
    """What a letter holds. What is sealed leaves only sealed, or is not in the letter at all."""

    NOTHING = "nothing"
    WHOLE = "whole"
    CHANGES = "changes"
    SEALED = "sealed"
    SHEET = "sheet"
    SEALED_SHEET = "sealed_sheet"
    AWAITS = "awaits"


@frozen
class Prospect:
    """One recipient as a version stands before them: what they have, and whether it goes to them.

    `had` is the version that left for them last, 0 where none did; `waits` if one is on its way.
    `carries` is what a letter to them would hold.
    """

    recipient: str
    channel: str
    named: bool
    had: int
    waits: bool
    goes: bool
    carries: Carries


@frozen
class Outlook:
    """The last version of a notification, and to whom it would go.

    `sealed_to` are the sides whose members can open it, where it is sealed.
    """

    version: int
    payload: dict[str, Any]
    wall: Wall
    sealed_to: tuple[str, ...]
    recipients: tuple[Prospect, ...]


def outlook(store: Store, seat: Seated, about: str) -> Outlook:
    """To whom the last version goes if it is sent now; raises NotThere, NotAllowed."""
    seat.require(Action.MAKE, "outbox")
    view = view_of(store, seat)
    last = _last_version(seat, view, about)
    assert last.content is not None
    had = _had(store, seat, view, about)
    named = [(one["party"], one["channel"]) for one in last.content.payload["recipients"]]
    version = _version(last)
    goes = {key for key in (had or named) if _lacks(had.get(key, To(*key)), last)}
    sides = all_sides(store, view, last.content)
    found = [Prospect(*key, named=key in named, had=had[key].newest if key in had else 0,
                      waits=bool(key in had and had[key].waiting), goes=key in goes,
                      carries=_carries(store, had.get(key, To(*key)), last, sides))
             for key in dict.fromkeys((*had, *named))]
    return Outlook(version, dict(last.content.payload), last.content.wall,
                   tuple(sorted(store.side_name(side) for side in sides)), tuple(found))


def _carries(store: Store, to: To, last: Known, sides: tuple[UUID, ...]) -> Carries:
    """What a letter of the last version to somebody would hold."""
    assert last.content is not None
    if to.channel not in SENT_OVER:
        return Carries.NOTHING
    sealed = last.content.wall is Wall.SEALED
    if to.channel in SPOKEN:
        return Carries.SEALED_SHEET if sealed else Carries.SHEET
    if sealed:
        mail = to.channel == Channel.EMAIL
        return Carries.AWAITS if mail or _side_of(store, to, sides) is None else Carries.SEALED
    older = to.had and not to.waiting and _version(to.had) < _version(last)
    return Carries.CHANGES if older else Carries.WHOLE


def cancel(store: Store, seat: Seated, about: str, once: str, *, reason: str = "",
           link_hours: int = LINK_HOURS) -> Written:
    """Call off what was notified; all who were sent a version are told so, and nobody else.

    Whoever may cancel it does, as a coordinator or as its owner.

    Raises NotThere, NotAllowed, IllegalStep.
    """
    seat.member.require(Scope.WRITE)
    view = view_of(store, seat)
    last = _last_version(seat, view, about)
    assert last.content is not None
    content, version = last.content, _version(last) + 1
    hidden = content.wall is Wall.SEALED
    told = sides_told(store, view, about)
    note = StepNote(reference=f"{about} v{version}", version=version, reason=reason)
    wish = Wish(CANCEL, about, payload(note), content.wall.value,
                to=(*sides_of(content), *told) if hidden else ())
    return write(store, seat, wish, once, link_hours=link_hours)


def _versions(seat: Seated, view: View, about: str) -> list[Known]:
    return [known for known in view.known.values()
            if known.content and known.fault is None and known.content.object == about
            and known.content.kind in VERSIONS and not told_apart(known.content)
            and seat.may_read(known)]


def _require_one_last(seat: Seated, view: View, about: str) -> None:
    """Raise Refusal where the last version was written more than once: none of them is chosen."""
    numbers = {known.entry.hash: _version(known) for known in _versions(seat, view, about)}
    last = last_of(numbers)
    number = max(numbers.values(), default=0)
    require(len(last) <= 1, f"Version {number} was written {len(last)} times, by posts that were "
            f"apart; which of them holds cannot be told here. Write version {number + 1} that says "
            "what holds, and send that.")


def _lacks(one: To, last: Known) -> bool:
    """Whether somebody has not been sent the last version, whatever number theirs bears."""
    return one.of != last.entry.hash if one.of else one.newest < _version(last)


def _hash(row: models.Outgoing) -> str:
    return row.of.hash if row.of else ""


def _last_version(seat: Seated, view: View, about: str) -> Known:
    found = _versions(seat, view, about)
    if not found:
        raise NotThere("There is no such notification that you can read; if it is sealed to you, "
                       "sign in with your passphrase.")
    return max(found, key=lambda known: (known.content.payload["version"],  # type: ignore[union-attr]
                                         known.seq))


def _wanted(had: dict[tuple[str, str], To], content: Content,
            named: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """To whom a version goes, and over what; raises BadFields where a channel is none."""
    wanted = list(named) or list(had) or [
        (one["party"], one["channel"]) for one in content.payload["recipients"]]
    wrong = [FieldError(f"to.{i}.channel", f"Nothing is sent over {channel!r}; it must be one of: "
                        f"{', '.join(SENT_OVER)}.")
             for i, (_, channel) in enumerate(wanted, 1) if channel not in SENT_OVER]
    if wrong:
        raise BadFields(wrong)
    return list(dict.fromkeys(wanted))


def _had(store: Store, seat: Seated, view: View, about: str) -> dict[tuple[str, str], To]:
    """Who was sent, or is to be sent, a version, by recipient and channel."""
    rows = models.Outgoing.objects.select_related("of").filter(
        pause_id=seat.pause, about=outbox.about_tag(store, seat.pause, about))
    found: dict[tuple[str, str], To] = {}
    for row in rows.order_by("version", "id"):
        key = outbox.recipient_of(store, row), row.channel
        one = found.get(key, To(*key))
        if row.sent is None:
            found[key] = evolve(one, waiting=(*one.waiting, row),
                                newest=one.newest if row.given_up else row.version,
                                of=one.of if row.given_up else _hash(row))
        else:
            known = view.known.get(row.of.hash) if row.of else None
            found[key] = evolve(one, had=known if known and known.content else None, waiting=(),
                                newest=row.version, of=_hash(row))
    return found


def _ordered_before(store: Store, seat: Seated, mark: str, to: To,
                    version: int) -> Ordered | None:
    """What was ordered before with this idempotency key; raises UsedKey for something else."""
    tags = once_tags(store, seat.member, mark, "")
    kept = models.Once.objects.filter(tag=tags[0]).first() if tags else None
    if kept is None:
        return None
    row = models.Outgoing.objects.filter(entry=kept.entry, channel=to.channel,
                                         version=version).first() if kept.entry_id else None
    if row is None:
        raise UsedKey(USED)
    return Ordered(to.recipient, to.channel, version, row.before_id is not None,
                   Written(row.entry.hash, row.entry.seq, row.entry.number, again=True))


def _version(known: Known) -> int:
    assert known.content is not None
    return int(known.content.payload["version"])


@frozen
class _Letter:
    """A letter to be put in, and the record of it."""

    to: To
    body: dict[str, Any] = field(repr=False)
    record: Transmission
    before: Known | None


def _letter(store: Store, seat: Seated, last: Known, to: To, sides: tuple[UUID, ...],
            link_hours: int) -> _Letter:
    content = last.content
    assert content is not None
    version, about = _version(last), content.object
    since = to.had if to.had and not to.waiting and _version(to.had) < version else None
    inn = languages(store, seat.pause, to.recipient, to.channel)

    def text_in(language: str) -> str:
        if since and since.content:
            return words.changed_text(about, version, content.payload, _version(since),
                                      since.content.payload, language)
        return words.whole_text(about, version, content.payload, language)

    now = store.now()
    text = words.in_languages(inn, text_in)
    body: dict[str, Any] = {"about": about, "text": text, "language": " ".join(inn),
                            "expires": utc_text(now + timedelta(hours=link_hours))}
    if content.wall is Wall.SEALED:
        body["text"] = words.in_languages(inn, lambda one: words.sealed_text(version, one))
        body["sealed"] = _sealed(store, seat, to, text, version, sides, inn)
    record = Transmission(
        reference=f"{about} v{version}", version=version, notification=about,
        notification_version=version, recipient=to.recipient, channel=Channel(to.channel),
        sent_at=now, payload_sha256=sha256(payload_of(body)).hexdigest(),
        language=body["language"], version_hash=last.entry.hash)
    return _Letter(to, body, record, since)


def payload_of(body: dict[str, Any]) -> bytes:
    """What a letter carries: a sealed file where there is one, else its text."""
    return base64.b64decode(body["sealed"]) if body.get("sealed") else str(body["text"]).encode()


def _sealed(store: Store, seat: Seated, to: To, text: str, version: int,
            sides: tuple[UUID, ...], inn: tuple[str, ...]) -> str:
    """The text sealed to the recipient's members, or to the own side where it is read out.

    Empty for a mail, which carries nothing sealed, and where the recipient has no member with a
    key here or the version was not sealed to them: they are told that it awaits them.
    """
    if to.channel == Channel.EMAIL:
        return ""
    me = seat.member
    side: UUID | None = me.side
    if to.channel in SPOKEN:
        text = page(by_language(text, inn), to.recipient, version)
    else:
        side = _side_of(store, to, sides)
    if side is None:
        return ""
    keys = keys_of([side], seat.pause, and_member=me.member)
    return base64.b64encode(seal_bytes(text.encode(), recipients=list(keys))).decode()


def _side_of(store: Store, to: To, sides: tuple[UUID, ...]) -> UUID | None:
    """The side of a recipient by its name, if it is among those to whom a version is sealed."""
    named = side_named(store, to.recipient)
    return named if named in sides else None


def _told_of_it(store: Store, to: To, content: Content, sides: tuple[UUID, ...]
                ) -> tuple[UUID, ...]:
    """The sides that learn of a transmission: those who may know all, and its recipient."""
    own = _side_of(store, to, sides)
    return tuple(dict.fromkeys([*sides_of(content), *([own] if own else [])]))


def _order(store: Store, seat: Seated, last: Known, letter: _Letter, sides: tuple[UUID, ...],
           mark: str) -> Ordered:
    content, to, version = last.content, letter.to, letter.record.notification_version
    assert content is not None
    hashes = [known.entry.hash for known in (last, letter.before) if known]

    def also(row: models.Entry) -> None:
        there = {e.hash: e for e in models.Entry.objects.filter(pause_id=seat.pause,
                                                                hash__in=hashes)}
        outbox.put(store, row, channel=to.channel, recipient=to.recipient, version=version,
                   body=letter.body, about=content.object, of=there[hashes[0]],
                   before=there[hashes[1]] if letter.before else None)
        outbox.make_void(to.waiting, store, "a newer version took its place")

    wish = Wish("notification.transmit", content.object, payload(letter.record),
                content.wall.value, to=_told_of_it(store, to, content, sides))
    done = write(store, seat, wish, mark, also=also)
    return Ordered(to.recipient, to.channel, version, letter.before is not None, done)
