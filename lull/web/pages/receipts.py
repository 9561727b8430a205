"""Who was sent which version of a notification, and what each answered: made anew for its reader.

A receipt, a link that was opened, and a permission are three things, and stand in three places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from attrs import evolve, field, frozen

from lull.domain.protocol import NONE, TABLES, Role, Step
from lull.domain.rights import Action, part_named
from lull.ledger.content import VERSIONS
from lull.store import models, outbox
from lull.store.view import Known
from lull.web.pages.room import Room, Stood
from lull.web.pages.zones import utc_instant

ANSWERED = frozenset({"confirmed", "queried", "objected"})
ENDS = ("notification.complete", "notification.cancel", "notification.expire",
        "notification.supersede")
SPOKEN = ("radio", "telephone")


@frozen
class Sent:
    """One letter of a version over one channel.

    `left` is when it left, for those who see the outbox; `ordered` when it was ordered. `letter` is
    its number there, or 0.
    """

    channel: str
    ordered: datetime
    left: datetime | None = None
    waits: bool = False
    given_up: bool = False
    trouble: str = ""
    letter: int = 0

    @property
    def spoken(self) -> bool:
        """Whether somebody reads it out."""
        return self.channel in SPOKEN


@frozen
class Line:
    """One version for one recipient: how it was sent, whether it was opened, what they answered.

    `states` are those of its receipt; `silent` is how long nothing was answered, None where
    something was or nothing has left yet.
    """

    recipient: str
    version: int
    part: str
    part_tag: str
    newest: bool
    own: bool
    sent: tuple[Sent, ...] = ()
    opened: tuple[datetime, ...] = ()
    receipt: Stood | None = None
    silent: timedelta | None = None
    steps: tuple[Step, ...] = ()
    cancels: bool = False
    named_over: str = ""
    """The channel by which the notification names them, where nothing was sent."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the receipt; several where posts that were apart differ."""
        return self.receipt.states if self.receipt else ()

    @property
    def answered(self) -> bool:
        """Whether the recipient said anything to it."""
        return bool(ANSWERED.intersection(self.states))

    @property
    def answers(self) -> list[Mapping[str, Any]]:
        """What stands of the recipient's answer."""
        return [k.content.payload for k in self.receipt.said if k.content] if self.receipt else []

    @property
    def channel(self) -> str:
        """The channel over which it went last, or is to go."""
        return self.sent[-1].channel if self.sent else self.named_over

    @property
    def held(self) -> bool:
        """Whether no letter of it has left: all wait or were given up."""
        return bool(self.sent) and all(s.waits or s.given_up for s in self.sent)


@frozen
class Group:
    """One recipient with the versions sent to them, the newest first, and what they permitted."""

    recipient: str
    channels: tuple[str, ...]
    lines: tuple[Line, ...]
    permissions: tuple[Mapping[str, Any], ...] = ()

    @property
    def newest(self) -> Line:
        """The newest version that was sent to them."""
        return self.lines[0]


@frozen
class Receipts:
    """How a notification stands with its recipients.

    `again` are those who have another version than the last, and must be told; `unsent` are named
    in the last version and have been sent nothing. `twins` are the entries of the last version
    where it was written more than once.
    """

    version: int
    groups: tuple[Group, ...]
    again: tuple[Group, ...]
    unsent: tuple[Line, ...]
    versions: tuple[Known, ...]
    other_permissions: tuple[Mapping[str, Any], ...] = ()
    checkpoints: tuple[Mapping[str, Any], ...] = ()
    ends: tuple[Known, ...] = field(default=())
    twins: tuple[Known, ...] = ()

    @property
    def next_version(self) -> int:
        """The number of the version that would follow."""
        return self.version + 1

    @property
    def newest(self) -> tuple[Line, ...]:
        """For each recipient the newest version that was sent to them."""
        return tuple(group.newest for group in self.groups)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many recipients' receipts of their newest version stand how."""
        found = Counter(state for line in self.newest for state in line.states)
        return [(state, found[state]) for state in TABLES["receipt"].states if found[state]]

    @property
    def silent(self) -> tuple[Line, ...]:
        """Recipients of whom nothing was heard since, the longest silent first."""
        found = [line for line in self.newest if line.silent is not None]
        return tuple(sorted(found, key=lambda line: -(line.silent or timedelta())))

    @property
    def waiting(self) -> int:
        """Recipients to whom nothing of their newest version has left."""
        return sum(line.held for line in self.newest)


Letters = Mapping[str, list[models.Outgoing]]
"""Rows of the outbox by the hash of the entry that ordered them."""


def letters_for(room: Room, abouts: Iterable[str]) -> Letters:
    """The rows of the outbox about some notifications, for those who may see it; else none."""
    found: dict[str, list[models.Outgoing]] = {}
    if room.role is not None and room.seat.may(Action.READ, "outbox"):
        for row in outbox.letters_about(room.store, room.seat, *abouts):
            found.setdefault(row.entry.hash, []).append(row)
    return found


def receipts_of(room: Room, about: str, letters: Letters) -> Receipts:
    """How a notification stands with its recipients, as far as its reader may know."""
    said = [k for k in room.told("notification", about=about) if k.fault is None]
    versions = tuple(sorted((k for k in said if _kind(k) in VERSIONS), key=_version))
    ends = tuple(k for k in said if _kind(k) in ENDS)
    last = _version(versions[-1]) if versions else 0
    sent = _sent(room, said, letters)
    parts = {stood.thing.part: stood for stood in room.standing("receipt", about)}
    opened = _opened(room, about)
    keys = {*sent, *((str(s.payload.get("recipient", "")), int(s.payload.get(
        "notification_version", 0))) for s in parts.values())}
    called_off = [k for k in ends if _kind(k) == "notification.cancel"]
    cancelled = {_version(k) for k in called_off}
    groups = []
    permissions = [k.content.payload for k in room.told("facilitation", about=about) if k.content]
    for recipient in sorted({r for r, _ in keys}, key=lambda r: (not _own(room, r), r.casefold())):
        if room.role is Role.PARTY and not _own(room, recipient):
            continue
        mine = sorted((v for r, v in keys if r == recipient), reverse=True)
        lines = tuple(_line(room, about, recipient, v, v == mine[0], sent.get((recipient, v), ()),
                            opened.get((recipient, v), ()), parts, v in cancelled) for v in mine)
        channels = dict.fromkeys(s.channel for line in lines for s in line.sent)
        groups.append(Group(recipient, tuple(channels), lines, tuple(
            p for p in permissions if _same(p.get("authority", ""), recipient))))
    named = versions[-1].content.payload.get("recipients", ()) if versions and versions[
        -1].content else ()
    known = {group.recipient for group in groups}
    ends_with = [k for k in versions if _version(k) == last]
    has = _has(said, versions)
    unsent = () if room.role is Role.PARTY else tuple(
        evolve(_line(room, about, str(r["party"]), last, True, (), (), parts, False),
               named_over=str(r["channel"])) for r in named if r["party"] not in known)
    return Receipts(
        last, tuple(groups), tuple(g for g in groups if _behind(g, last, ends_with, has)),
        unsent, versions, tuple(p for p in permissions if not any(
            _same(p.get("authority", ""), g.recipient) for g in groups)),
        tuple(k.content.payload for k in room.told("known_at_checkpoint", about=about)
              if k.content), ends, tuple(ends_with) if len(ends_with) > 1 else ())


def _has(said: Iterable[Known], versions: Iterable[Known]) -> dict[tuple[str, int], str]:
    """The entry of the version that was sent last to a recipient under a number; "" if unknown."""
    found: dict[tuple[str, int], str] = {}
    for known in said:
        if known.content is not None and known.content.kind == "notification.transmit":
            of = known.content.payload
            number = int(of["notification_version"])
            same = [v.entry.hash for v in versions if _version(v) == number]
            named = str(of.get("version_hash", ""))
            found[str(of["recipient"]), number] = named or (same[0] if len(same) == 1 else "")
    return found


def _behind(group: Group, last: int, ends_with: list[Known], has: Mapping[tuple[str, int], str]
            ) -> bool:
    """Whether a recipient has another version than the last, by its entry and not its number."""
    number = group.newest.version
    if number != last:
        return 0 < number < last
    held = has.get((group.recipient, number))
    return held is not None and [k.entry.hash for k in ends_with] != [held]


def _line(room: Room, about: str, recipient: str, version: int, newest: bool,
          sent: Iterable[Sent], opened: Iterable[datetime], parts: Mapping[str, Stood],
          cancels: bool) -> Line:
    part = part_named("receipt", {"recipient": recipient, "notification_version": version})[1]
    stood = parts.get(part)
    states = stood.states if stood else (NONE,)
    sent = tuple(sent)
    left = [s.left or s.ordered for s in sent if not s.waits and not s.given_up]
    steps = sorted(room.steps("receipt", states), key=lambda step: step.event == "deliver")
    if room.role is Role.PARTY and not _own(room, recipient):
        steps = []
    heard = ANSWERED.intersection(states)
    silent = room.store.now() - min(left) if left and not heard else None
    return Line(recipient, version, part, room.part_tag("receipt", about, part), newest,
                _own(room, recipient), sent, tuple(opened), stood, silent, tuple(steps), cancels)


def _sent(room: Room, said: Iterable[Known], letters: Letters
          ) -> dict[tuple[str, int], list[Sent]]:
    """What was sent to whom, by recipient and version; that it was called off is a version too."""
    found: dict[tuple[str, int], list[Sent]] = {}
    reached: dict[tuple[str, str], None] = {}
    for known in said:
        content = known.content
        assert content is not None
        rows = letters.get(known.entry.hash, [])
        if content.kind == "notification.transmit":
            of = content.payload
            key = str(of["recipient"]), int(of["notification_version"])
            reached[(key[0], str(of["channel"]))] = None
            found.setdefault(key, []).append(_one(
                str(of["channel"]), utc_instant(str(of["sent_at"])), rows[0] if rows else None))
        elif content.kind == "notification.cancel":
            at, version = utc_instant(content.received), _version(known)
            told = {(outbox.recipient_of(room.store, row), row.channel): row for row in rows}
            for recipient, channel in told if letters else reached:
                found.setdefault((recipient, version), []).append(
                    _one(channel, at, told.get((recipient, channel))))
    return found


def _one(channel: str, ordered: datetime, row: models.Outgoing | None) -> Sent:
    if row is None:
        return Sent(channel, ordered)
    return Sent(channel, ordered, row.sent, row.sent is None and row.given_up is None,
                row.given_up is not None, row.trouble, row.pk)


def _opened(room: Room, about: str) -> dict[tuple[str, int], list[datetime]]:
    found: dict[tuple[str, int], list[datetime]] = {}
    for known in room.told("fetch", about=about):
        if known.content is None or known.fault is not None:
            continue
        of = known.content.payload
        key = str(of["recipient"]), int(of["notification_version"])
        found.setdefault(key, []).append(utc_instant(str(of["fetched_at"])))
    return found


def _kind(known: Known) -> str:
    return known.content.kind if known.content else ""


def _version(known: Known) -> int:
    return int(known.content.payload.get("version", 0)) if known.content else 0


def _own(room: Room, recipient: str) -> bool:
    return bool(room.side) and _same(room.side, recipient)


def _same(one: object, other: object) -> bool:
    return str(one).strip().casefold() == str(other).strip().casefold()
