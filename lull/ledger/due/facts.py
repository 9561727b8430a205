"""What a reader knows, put so that what is due can be read off it, whatever order it came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property

from attrs import define, field, frozen

from lull.domain.lead_times import LEAD_TIMES, LeadRule, Times, with_agreed
from lull.domain.protocol import NONE, TABLES, Role
from lull.domain.records import Record, read_payload
from lull.domain.records.notification import MovementNotification
from lull.domain.records.terms import PauseTerms
from lull.domain.time import lasting, minutes_between
from lull.ledger.check_in import movements_of
from lull.ledger.content import VERSIONS, Content
from lull.ledger.due.item import Due, DueKind, Ladder, Turn
from lull.ledger.entry import Entry
from lull.ledger.fold import Stand, Thing
from lull.ledger.protection import Word

Act = tuple[Entry, Content]
ENDED = frozenset({"cancelled", "expired", "superseded", "completed"})
"""States of a notification after which nothing of it is due."""
TERMS = ("pause.request", "pause.declare", "pause.extend")


@frozen
class Latest:
    """The latest version of a notification or of terms: what it says, since when, by which entry.

    `owner` is the side whose object it is.
    """

    object: str
    record: Record
    since: datetime | None
    entry: str
    owner: str


@define(eq=False)
class Facts:
    """Everything that a reader may read, at a moment. Made once for each time that is asked."""

    things: Mapping[Thing, tuple[Stand, ...]]
    now: datetime
    times: Times = field(factory=lambda: LEAD_TIMES)
    role: Role | None = None
    side: str = ""
    by_kind: dict[str, dict[str, list[Act]]] = field(factory=dict)
    memo: dict[str, Record] = field(factory=dict, repr=False)
    words: tuple[Word, ...] = ()
    _terms_of: dict[str, Latest | None] = field(factory=dict)

    def take(self, acts: Iterable[Act]) -> None:
        """Take in entries that have effect, in any order."""
        for act in acts:
            of_kind = self.by_kind.setdefault(act[1].kind, {})
            of_kind.setdefault(act[1].object, []).append(act)

    def acts(self, *kinds: str, about: str | None = None) -> list[Act]:
        """The entries of some kinds, about one object or all, by hash."""
        found: list[Act] = []
        for kind in kinds:
            of_kind = self.by_kind.get(kind, {})
            for acts in of_kind.values() if about is None else (of_kind.get(about, ()),):
                found += acts
        return sorted(found, key=lambda act: act[0].hash)

    def of_table(self, table: str, about: str) -> list[Act]:
        """The steps of a table about one object, by hash."""
        return self.acts(*(f"{table}.{step.event}" for step in TABLES[table].steps), about=about)

    def read(self, act: Act) -> Record:
        """The record that an entry carries; each is read once."""
        entry, content = act
        if entry.hash not in self.memo:
            self.memo[entry.hash] = read_payload(content.kind, content.payload)
        return self.memo[entry.hash]

    def states(self, table: str, about: str, part: str = "") -> tuple[str, ...]:
        """The states in which a thing stands for this reader: more than one if posts differ."""
        stands = self.things.get(Thing(table, about, part), ())
        return tuple(sorted({stand.state for stand in stands})) or (NONE,)

    def owner(self, table: str, about: str) -> str:
        """The side that first spoke of an object; empty where this reader does not know it."""
        first = [f"{table}.{step.event}" for step in TABLES[table].steps if NONE in step.before]
        acts = self.acts(*first, about=about)
        return acts[0][1].writer.side if acts else ""

    def late(self, by: datetime | None) -> int:
        """Minutes, rounded up, by which a time has passed; 0 where it has not."""
        return max(0, minutes_between(by, self.now)) if by else 0

    def due(self, kind: DueKind, about: str, part: str, turn: Turn, sentence: str, *,
            since: datetime | None = None, by: datetime | None = None,
            entries: Iterable[str] = (), ladder: Ladder | None = None) -> Due:
        """Something due at this moment, and whether it is the reader's turn."""
        waiting = max(0, int((self.now - since).total_seconds() // 60)) if since else 0
        return Due(kind, about, part, since, by, waiting, self.late(by), turn.roles, turn.side,
                   sentence, tuple(sorted(set(entries))), ladder, turn.is_of(self.role, self.side))

    def latest(self, kinds: Iterable[str], table: str, record: type[Record] = Record
               ) -> dict[str, Latest]:
        """The latest version of each object among entries of some kinds."""
        best: dict[str, Act] = {}
        for act in self.acts(*kinds):
            before = best.get(act[1].object)
            if before is None or _version(act) >= _version(before):
                best[act[1].object] = act
        found = {}
        for about, (entry, content) in sorted(best.items()):
            read = self.read((entry, content))
            if isinstance(read, record):
                found[about] = Latest(about, read, when(content), entry.hash,
                                      self.owner(table, about) or content.writer.side)
        return found

    @cached_property
    def notifications(self) -> dict[str, Latest]:
        """The latest version of each notification."""
        return self.latest(VERSIONS, "notification")

    @cached_property
    def terms(self) -> dict[str, Latest]:
        """The latest terms of each pause."""
        return self.latest(TERMS, "pause", PauseTerms)

    @cached_property
    def notified(self) -> dict[str, Latest]:
        """The notification that tells of each movement, by the object of the movement; one that has
        not ended, where there is one.
        """
        found: dict[str, Latest] = {}
        for about, latest in sorted(self.notifications.items(), key=lambda at: (
                set(self.states("notification", at[0])) <= ENDED, at[0])):
            if isinstance(latest.record, MovementNotification):
                for movement in movements_of(about, latest.record):
                    found.setdefault(movement, latest)
        return found

    def terms_for(self, pause: str) -> PauseTerms | None:
        """The terms of the pause that a record names; those of the only one, if it names none."""
        if pause not in self._terms_of:
            named = [t for t in self.terms.values() if pause in (t.object, t.record.reference)]
            found = named or list(self.terms.values())
            self._terms_of[pause] = found[0] if len(found) == 1 else None
        known = self._terms_of[pause]
        return known.record if known and isinstance(known.record, PauseTerms) else None

    def terms_entries(self, pause: str) -> tuple[str, ...]:
        """The entry of the terms that hold for a pause, by hash; none where there are none."""
        known = self._terms_of.get(pause) if self.terms_for(pause) else None
        return (known.entry,) if known else ()

    def times_for(self, pause: str) -> Times:
        """The times that hold for a pause: as agreed, else as in the table."""
        terms = self.terms_for(pause)
        if terms is None or not terms.lead_times:
            return self.times
        return with_agreed(terms.lead_times, terms.reference, self.times)

    def minutes(self, rule: LeadRule) -> int:
        """The minutes of a rule of the table."""
        return self.times[rule].minutes


def times_under(acts: Iterable[Act], pause: str, now: datetime) -> Times:
    """The times that hold for a pause by the terms among some entries."""
    facts = Facts({}, now)
    facts.take(act for act in acts if act[1].kind in TERMS)
    return facts.times_for(pause)


def _version(act: Act) -> tuple[int, str]:
    return act[1].payload["version"], act[0].hash


def when(content: Content) -> datetime | None:
    """When something is said to have been so, else when it was written down; None if no time is."""
    return instant(content.said) or instant(content.received)


def instant(text: str) -> datetime | None:
    """An aware UTC instant from text; None where it is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None


def at_text(time: datetime | None) -> str:
    """A time for a sentence."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if time else "a time unknown"


def ago(minutes: int) -> str:
    """A span for a sentence that says how long something has waited."""
    return f"for {lasting(minutes)}"


OWNERS = (Role.COORDINATOR, Role.ORGANISATION)
"""Who writes notifications and requests."""
