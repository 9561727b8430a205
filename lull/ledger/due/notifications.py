"""What is due of notifications: to be sent, receipted, answered, reviewed, completed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import frozen

from lull.domain.lead_times import LeadRule
from lull.domain.protocol import NONE, Role
from lull.domain.records.lateness import lead_time_of, transmit_by
from lull.domain.records.notification import MovementNotification, SiteNotification, SiteStatus
from lull.domain.time import lasting, minutes_between, shifted
from lull.ledger.content import VERSIONS
from lull.ledger.due.facts import ENDED, OWNERS, Facts, Latest, ago, at_text, instant, when
from lull.ledger.due.item import Due, DueKind, Turn

NOT_HANDED_IN = frozenset({"draft", "returned"})
Found = Iterator[Due]


@frozen
class Sent:
    """The newest version that was sent to a recipient, since when, and by which entries.

    `of` is the entry in which the version stands, where those who sent it said so.
    """

    version: int
    since: datetime | None
    entries: tuple[str, ...]
    of: str = ""

    def has(self, latest: Latest) -> bool:
        """Whether that is the latest version, or one behind it, such as that it is called off."""
        return self.version > latest.record.version or (
            self.version == latest.record.version and self.of in ("", latest.entry))


def due_of_notifications(facts: Facts) -> Found:
    """Everything that is due of each notification that has not ended."""
    for about, latest in facts.notifications.items():
        standing = set(facts.states("notification", about)) - ENDED
        if not standing or standing == {NONE}:
            continue  # ended, or how it stands is not this reader's to know
        if isinstance(latest.record, SiteNotification):
            yield from _review(facts, latest, latest.record, standing)
        elif _over(facts, latest):
            yield _complete(facts, latest, standing)
            continue
        sent = _sent(facts, about)
        yield from _transmissions(facts, latest, standing, sent)
        for recipient, newest in sorted(sent.items()):
            yield from _receipt(facts, latest, recipient, newest)


def _over(facts: Facts, latest: Latest) -> bool:
    record = latest.record
    return isinstance(record, MovementNotification) and facts.now > record.valid.end


def _sent(facts: Facts, about: str) -> dict[str, Sent]:
    """What each recipient was sent last, by any channel, and since when: the first is counted."""
    found: dict[str, Sent] = {}
    for entry, content in facts.acts("notification.transmit", about=about):
        recipient, version = content.payload["recipient"], content.payload["notification_version"]
        at, of = instant(content.payload["sent_at"]), content.payload.get("version_hash", "")
        before = found.get(recipient)
        if before is not None and before.version == version:
            times = [time for time in (before.since, at) if time]
            found[recipient] = Sent(version, min(times, default=None),
                                    (*before.entries, entry.hash),
                                    of if of == before.of else "")
        elif before is None or before.version < version:
            found[recipient] = Sent(version, at, (entry.hash,), of)
    return found


def _transmissions(facts: Facts, latest: Latest, standing: set[str], sent: dict[str, Sent]
                   ) -> Found:
    """Recipients who have not been sent the newest version, once its time runs out."""
    record = latest.record
    assert isinstance(record, MovementNotification | SiteNotification)
    by, rule = _leaves_by(facts, record)
    measured = (facts.terms_entries(record.pause) if isinstance(record, MovementNotification)
                else ())
    notice = facts.minutes(LeadRule.LEAD_NOTICE)
    twins = [entry.hash for entry, content in facts.acts(*VERSIONS, about=latest.object)
             if content.payload["version"] == record.version and not content.part]
    if len(twins) > 1:
        yield facts.due(
            DueKind.TRANSMIT, latest.object, "", Turn("notification", OWNERS, latest.owner),
            f"Version {record.version} was written {len(twins)} times, by posts that were apart. "
            f"Write version {record.version + 1} that says what holds; none is sent before.",
            since=latest.since, by=by, entries=(*twins, *measured))
        return
    for recipient in sorted({to.party for to in record.recipients} | sent.keys()):
        had = sent.get(recipient)
        if had is not None and had.has(latest):
            continue
        if had is None and facts.now < shifted(by, -notice):
            continue
        turn = Turn("notification", OWNERS, latest.owner)
        if not standing <= NOT_HANDED_IN:
            turn = Turn("notification", (Role.COORDINATOR,), "")
        older = f"; they have version {had.version}" if had else ""
        late = facts.late(by)
        time = (f"It is {lasting(late)} late" if late
                else f"It is in time for another {lasting(minutes_between(facts.now, by))}")
        yield facts.due(
            DueKind.TRANSMIT, latest.object, recipient, turn,
            f"Version {record.version} has not left for {recipient}{older}. {time} ({rule}).",
            since=latest.since, by=by,
            entries=(latest.entry, *measured, *(had.entries if had else ())))


def _leaves_by(facts: Facts, record: MovementNotification | SiteNotification
               ) -> tuple[datetime, str]:
    """By when a version leaves, and by which rule."""
    if isinstance(record, SiteNotification):
        return record.valid_from, "it is valid from then on"
    times = facts.times_for(record.pause)
    return transmit_by(record, times), lead_time_of(record, times).cited


def _receipt(facts: Facts, latest: Latest, recipient: str, sent: Sent) -> Found:
    """A receipt that is outstanding, or a query or an objection that nobody has answered."""
    part = f"{recipient} {sent.version}"
    states = set(facts.states("receipt", latest.object, part))
    if states <= {NONE, "delivered"}:
        record = latest.record
        by = record.departure.leaves if isinstance(record, MovementNotification) else None
        silent = ago(int((facts.now - sent.since).total_seconds() // 60)) if sent.since else ""
        arrived = " It was delivered, which is no receipt." if "delivered" in states else ""
        yield facts.due(
            DueKind.RECEIPT, latest.object, part, Turn("receipt", (Role.COORDINATOR, Role.PARTY),
                                                       recipient),
            f"{recipient} has not confirmed receipt of version {sent.version} "
            f"{silent}.".replace(" .", ".") + arrived,
            since=sent.since, by=by, entries=(latest.entry, *sent.entries))
    elif "confirmed" not in states:
        stands = [stand for thing, stands in facts.things.items()
                  if (thing.table, thing.object, thing.part) == ("receipt", latest.object, part)
                  for stand in stands]
        word = "objects to" if "objected" in states else "asks about"
        yield facts.due(
            DueKind.QUERY, latest.object, part, Turn("notification", OWNERS, latest.owner),
            f"{recipient} {word} version {sent.version}; nothing has followed on that.",
            since=min(filter(None, (when(s.content) for s in stands)), default=None),
            entries=(latest.entry, *(s.entry.hash for s in stands)))


def _complete(facts: Facts, latest: Latest, standing: set[str]) -> Due:
    """A notification whose validity has run out: what became of it is to be said."""
    record = latest.record
    assert isinstance(record, MovementNotification)
    end = record.valid.end
    never = standing <= {*NOT_HANDED_IN, "submitted"}
    what = "It was never transmitted: cancel it" if never else (
        "Say how it ended: complete, cancel or expire it")
    return facts.due(
        DueKind.COMPLETE, latest.object, "", Turn("notification", OWNERS, latest.owner),
        f"Its validity ran out at {at_text(end)}, {lasting(facts.late(end))} ago. {what}.",
        since=end, by=end, entries=(latest.entry,))


def _review(facts: Facts, latest: Latest, record: SiteNotification, standing: set[str]) -> Found:
    """A site that is to be reviewed soon, or should have been."""
    notice = facts.minutes(LeadRule.SITE_REVIEW_NOTICE)
    if (record.status is SiteStatus.REMOVED or standing <= NOT_HANDED_IN
            or facts.now < shifted(record.review_by, -notice)):
        return
    late = facts.late(record.review_by)
    day = f"{record.review_by:%Y-%m-%d}"
    said = (f"It was to be reviewed by {day}, {lasting(late)} ago; until that is done it is "
            "unverified." if late else f"It is to be reviewed by {day}.")
    yield facts.due(DueKind.SITE_REVIEW, latest.object, "",
                    Turn("notification", OWNERS, latest.owner), said,
                    since=record.function_confirmed_at, by=record.review_by,
                    entries=(latest.entry,))
