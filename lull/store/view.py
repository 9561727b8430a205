"""What a ledger amounts to for one reader, kept in memory and brought up to date as it grows.

Only entries stand in the database, sealed; what they say is opened here, for as long as its reader
is there. Entries that this store writes have seen all before them, so each of their steps is judged
by what stands now and takes its place. When entries are merged in, or one is destroyed, the pause's
generation goes up and everything is folded anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from attrs import define, field, frozen

from lull.domain.protocol import Fault, IllegalStep, NotJudged, split_kind
from lull.domain.records import Record
from lull.domain.rights import is_passed_on
from lull.exchange.ledger.sealing import open_contents
from lull.ledger.apart import told_apart
from lull.ledger.check_in import check_in_fault
from lull.ledger.content import VERSIONS, Content, Writer
from lull.ledger.entry import Entry
from lull.ledger.fold import (
    Stand,
    Thing,
    about,
    content_of,
    fold,
    judge,
    of_another_side,
    owners_of,
    thing_of,
)
from lull.ledger.ledger import Ledger
from lull.ledger.protection import BEGIN, Word, after, begin_fault, word_fault, word_of
from lull.ledger.versions import answer_fault, told_number, version_fault
from lull.ledger.write import nothing_unread
from lull.store import models, plain
from lull.store.rows import ledger_of, whole

Admitted = Callable[[UUID], Mapping[str, Writer]]


@frozen
class Known:
    """One entry as a reader has it: what it says if it is theirs to read, and why it has no effect.

    `by` is the member who wrote it here, if it was written here. A `fault` may be that a step
    cannot be judged by what this reader can read. `owners` are the sides whose notification it is,
    where it tells what became of one.
    """

    seq: int
    entry: Entry
    content: Content | None
    by: UUID | None
    fault: Fault | NotJudged | None = None
    owners: frozenset[str] = frozenset()


@define(eq=False)
class Reader:
    """Secret keys, what they have opened, and a view of each pause.

    `behind` is another reader whose keys are at hand too. `views` are for answers; `judging` are
    for the appender alone, which looks at what is not committed yet. `shown` are the sealed entries
    of which it is written down that this reader saw them. `shelf` and what follows it is what pages
    keep with a reader, so that it is gone with them.
    """

    secrets: tuple[str, ...] = field(repr=False)
    admitted: Admitted = field(repr=False)
    behind: Reader | None = None
    opened: dict[str, Content] = field(factory=dict, repr=False)
    tried: set[str] = field(factory=set, repr=False)
    views: dict[UUID, View] = field(factory=dict, repr=False)
    judging: dict[UUID, View] = field(factory=dict, repr=False)
    shown: set[str] = field(factory=set, repr=False)
    shelf: dict[Any, Any] = field(factory=dict, repr=False)
    marks: dict[Any, Any] = field(factory=dict, repr=False)
    shared: WeakValueDictionary[Any, Any] = field(factory=WeakValueDictionary, repr=False)
    done: dict[Any, int] = field(factory=dict, repr=False)
    _lock: RLock = field(factory=RLock, repr=False)

    def view(self, pause: UUID) -> View:
        """The view of a pause, up to date."""
        with self._lock:
            view = self.views.setdefault(pause, View(pause, self))
        return view.catch_up()

    def view_to_judge(self, pause: UUID) -> View:
        """The appender's own view of a pause, up to date within its transaction."""
        return self.judging.setdefault(pause, View(pause, self)).catch_up(locked=True)

    def open(self, of: Ledger) -> dict[str, Content]:
        """What this reader can read of a ledger, by hash of the entry; each is opened once."""
        if not of.sealed:
            return {}
        with self._lock:
            found = self.behind.open(of) if self.behind else {}
            # What the own side can read has one key, until somebody else is given one.
            keys = Counter(w.of for w in of.wraps)
            fresh = {h for h in of.sealed.keys() - self.tried if h not in found or keys[h] > 1}
            if fresh and self.secrets:
                part = Ledger(of.entries, {}, {h: of.sealed[h] for h in fresh},
                              frozenset(w for w in of.wraps if w.of in fresh))
                self.opened |= open_contents(part, self.secrets)
            self.tried |= fresh
            return found | {h: self.opened[h] for h in of.sealed.keys() & self.opened.keys()}

    def forget(self, gone: set[str]) -> None:
        """Try again or drop entries that were disclosed or destroyed, and pages made of them."""
        with self._lock:
            self.shelf.clear()
            self.marks.clear()
            self.tried -= gone
            for one in gone:
                self.opened.pop(one, None)

    def fold_anew(self, gone: set[str]) -> None:
        """Drop entries that were destroyed, with every view in which they stand."""
        with self._lock:
            self.forget(gone)
            self.views.clear()
            self.judging.clear()

    def put_on_shelf(self, view: View, slot: Any, page: Any) -> bool:
        """Keep a page that was made of a view, unless something of it was destroyed meanwhile."""
        with self._lock:
            stands = self.views.get(view.pause) is view
            if stands:
                self.shelf[slot] = page
            return stands

    def close(self) -> None:
        """Drop everything that was opened."""
        with self._lock:
            self.secrets = ()
            self.opened.clear()
            self.views.clear()
            self.judging.clear()
            self.shelf.clear()
            self.marks.clear()


@define(eq=False)
class View:
    """One pause for one reader. `owners` has the sides whose each object is (see `fold`).

    `memo` has the records that were read of it, by hash of the entry. `words` are those on the
    protection questions that stand. `numbers` are those under which each notification was told to
    its recipients. `blind`: something was said that this reader cannot read.
    """

    pause: UUID
    reader: Reader = field(repr=False)
    seq: int = 0
    generation: int = -1
    things: dict[Thing, tuple[Stand, ...]] = field(factory=dict)
    known: dict[str, Known] = field(factory=dict)
    owners: dict[tuple[str, str], frozenset[str]] = field(factory=dict)
    memo: dict[str, Record] = field(factory=dict, repr=False)
    words: tuple[Word, ...] = ()
    numbers: dict[str, set[int]] = field(factory=dict)
    blind: bool = False
    _sent: set[tuple[str, int]] = field(factory=set)
    _lock: RLock = field(factory=RLock, repr=False)

    def catch_up(self, *, locked: bool = False) -> View:
        """Take in what has been written since; `locked` if nobody else can write just now."""
        with self._lock:
            while (now := self._generation_now()) != self.generation:
                self._fold_anew(now)
            if not plain.newer(models.Entry, self.seq, pause_id=self.pause):
                return self
            rows = list(whole(self.pause, seq__gt=self.seq))
            if rows and not locked and self._generation_now() != now:
                return self.catch_up()  # something was merged in just then
            if rows:
                of = ledger_of(rows)
                opened = self.reader.open(of)
                for row in rows:
                    entry = of.entries[row.hash]
                    self.take(row, entry, content_of(of, entry, opened))
            return self

    def _generation_now(self) -> int:
        return int(plain.texts(models.Pause, "generation", id=self.pause)[0])

    def _fold_anew(self, generation: int) -> None:
        rows = list(whole(self.pause))
        of = ledger_of(rows)
        dropped = self.known.keys() - of.sealed.keys()
        self.reader.forget(dropped | (self.known.keys() - self.reader.opened.keys()))
        if self.reader.behind:
            self.reader.behind.forget(dropped)
        opened = self.reader.open(of)
        state = fold(of, opened, admitted=self.reader.admitted(self.pause))
        faults: dict[str, Fault | NotJudged] = {
            wrong.entry.hash: wrong.fault for wrong in state.out_of_protocol}
        faults |= {one.entry.hash: one.verdict for one in state.unjudged}
        self.things, self.known, self.owners = dict(state.things), {}, dict(state.owners)
        self.memo = {}  # another one: what was destroyed is not read into it by who is at it now
        self.numbers = {}
        self.words, self.blind = state.words, state.unread > 0
        self._sent = set()
        for row in rows:
            entry = of.entries[row.hash]
            content = content_of(of, entry, opened)
            fault = faults.get(row.hash)
            self._keep(row, entry, content, fault)
        self.seq = rows[-1].seq if rows else 0
        self.generation = generation

    def take(self, row: models.Entry, entry: Entry, content: Content | None) -> None:
        """Take in the next entry, which had seen all before it."""
        fault: Fault | NotJudged | None = None
        self.blind = self.blind or (content is None and entry.said is not None)
        if content is not None:
            fault = (word_fault(content) or self._begin_fault(content, self._unread)
                     or of_another_side(content, self.owners_of(content)))
            if fault is None and split_kind(content.kind) is not None:
                judged = judge(content, self.states(thing_of(content)), unread=self.blind)
                if isinstance(judged, str):
                    self.things[thing_of(content)] = (Stand(judged, entry, content),)
                else:
                    fault = judged
            if fault is None:
                self.owners.setdefault(about(content), frozenset({content.writer.side}))
                word = word_of(entry.hash, content)
                self.words = after(self.words, word) if word else self.words
        self._keep(row, entry, content, fault)
        self.seq = row.seq

    def _keep(self, row: models.Entry, entry: Entry, content: Content | None,
              fault: Fault | NotJudged | None) -> None:
        self.known[row.hash] = Known(row.seq, entry, content, row.by, fault,
                                     self._passed_on_of(content))
        if content is not None and fault is None and (number := told_number(content)) is not None:
            self.numbers.setdefault(content.object, set()).add(number)

    def _passed_on_of(self, content: Content | None) -> frozenset[str]:
        """The sides whose notification it is of which this tells what became.

        An answer counts only where that version was sent as far as is known here: another object
        of the same name, of which no more is known, is nobody's to ask about.
        """
        if content is None or not is_passed_on(content.kind):
            return frozenset()
        record = content.payload
        if content.kind in ("notification.transmit", "notification.cancel"):
            sent = record.get("notification_version", record.get("version", 0))
            self._sent.add((content.object, int(sent)))
        elif not content.kind.startswith("notification.") and (
                content.object, int(record.get("notification_version", 0))) not in self._sent:
            return frozenset()
        return self.owners.get(("notification", content.object), frozenset())

    def _unread(self, entry: str) -> bool:
        known = self.known.get(entry)
        return known is not None and known.content is None

    def _begin_fault(self, content: Content, unread: Callable[[str], bool]) -> Fault | None:
        return begin_fault(content, self.words, unread) if content.kind == BEGIN else None

    def owners_of(self, content: Content) -> frozenset[str]:
        """The sides whose object a content speaks of; none where nobody has begun it yet."""
        return owners_of(content, lambda what: self.owners.get(what, frozenset()))

    def _notified_by(self, side: str) -> list[Content]:
        """The versions of a side's own notifications: nobody learns another's route by asking."""
        return [k.content for k in self.known.values()
                if k.content is not None and k.fault is None and k.content.kind in VERSIONS
                and not told_apart(k.content)
                and side in self.owners.get(("notification", k.content.object), ())]

    def states(self, thing: Thing) -> list[str]:
        """The states in which a thing stands for this reader; none where nothing was said."""
        return [stand.state for stand in self.things.get(thing, ())]

    def require_legal(self, content: Content) -> None:
        """Raise IllegalStep where a step may not follow on what stands here, or a check-in names no
        point of a notified route.
        """
        if content.kind == "check_in":
            fault = check_in_fault(content, self._notified_by(content.writer.side))
            if fault is not None:
                raise IllegalStep(fault)
        if split_kind(content.kind) is None:
            return
        fault = self._begin_fault(content, nothing_unread)
        if fault is not None:
            raise IllegalStep(fault)
        judged = judge(content, self.states(thing_of(content)))
        if isinstance(judged, Fault):
            raise IllegalStep(judged)
        numbers = self.numbers.get(content.object, set())
        fault = version_fault(content, numbers) or answer_fault(content, numbers,
                                                                lambda: self.blind)
        if fault is not None:
            raise IllegalStep(fault)
