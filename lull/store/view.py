"""What a ledger amounts to for one reader, kept in memory and brought up to date as it grows.

Only entries stand in the database, sealed; what they say is opened here, for as long as its reader
is there. Entries that this store writes have seen all before them, so each of their steps is judged
by what stands now and takes its place. When entries are merged in, or one is destroyed, the pause's
generation goes up and everything is folded anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from threading import RLock
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from attrs import define, field, frozen
from django.db import connection

from lull.domain.protocol import Fault, IllegalStep, NotJudged, split_kind
from lull.domain.records import Record
from lull.domain.rights import is_passed_on
from lull.exchange.ledger.sealing import open_contents, public_keys
from lull.ledger.apart import told_apart
from lull.ledger.check_in import check_in_fault
from lull.ledger.content import VERSIONS, Content, Wall, Writer
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
from lull.store.past import Pasts, Run, Taken, generation_of, taken

MOST_RECENT = 1_000
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


@frozen
class Recent:
    """An entry as it was written, with what it says to the own side."""

    entry: Entry
    content: Content
    by: UUID | None


@define(eq=False)
class Reader:
    """Secret keys, what they have opened, and a view of each pause.

    `pasts` are what all readers read, `tried` how many keys to an entry were tried on it.
    `behind` is another reader whose keys are at hand too. `views` are for answers; `judging`
    are for the appender alone, which looks at what is not committed yet. `shown` are the sealed
    entries of which it is written down that this reader saw them. `recent` are entries just written
    that no member's key is needed for, by hash: of fifty who write, each comes to what all others
    wrote. `shelf` and what follows it is what pages keep with a reader, so that it is gone with
    them.
    """

    secrets: tuple[str, ...] = field(repr=False)
    admitted: Admitted = field(repr=False)
    pasts: Pasts = field(repr=False)
    behind: Reader | None = None
    opened: dict[str, Content] = field(factory=dict, repr=False)
    tried: dict[str, int] = field(factory=dict, repr=False)
    views: dict[UUID, View] = field(factory=dict, repr=False)
    judging: dict[UUID, View] = field(factory=dict, repr=False)
    shown: set[str] = field(factory=set, repr=False)
    recent: dict[str, Recent] = field(factory=dict, repr=False)
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

    def open(self, rows: Iterable[Taken]) -> dict[str, Content]:
        """What this reader can read of some entries, by hash; each key is tried once."""
        sealed = [row for row in rows if row.sealed is not None]
        if not sealed:
            return {}
        with self._lock:
            found = self.behind.open(sealed) if self.behind else {}
            # What the own side can read has one key, until somebody else is given one.
            fresh = [r for r in sealed if r.hash not in self.opened and r.wraps > self.tried.get(
                r.hash, 0) and (r.hash not in found or r.wraps > 1)]
            if fresh and self.secrets:
                self.opened |= self._opened_of(fresh)
            self.tried |= {row.hash: row.wraps for row in fresh}
            return found | {r.hash: self.opened[r.hash] for r in sealed if r.hash in self.opened}

    def _opened_of(self, rows: list[Taken]) -> dict[str, Content]:
        wraps = self.pasts.wraps_for(rows, public_keys(self.secrets))
        part = Ledger({r.hash: r.entry for r in rows}, {},
                      {r.hash: r.sealed for r in rows if r.sealed is not None}, wraps)
        return open_contents(part, self.secrets)

    def keep(self, entry: Entry, content: Content, by: UUID | None) -> None:
        """Have an entry at hand that was just written; only within an act of the appender.

        Entries are destroyed by acts, too, so that none that was destroyed comes in again here.
        """
        if content.wall is Wall.SEALED:
            return
        whose = self.behind or self
        with whose._lock:
            whose.recent[entry.hash] = Recent(entry, content, by)
            if len(whose.recent) > MOST_RECENT:
                del whose.recent[next(iter(whose.recent))]

    def forget(self, gone: set[str]) -> None:
        """Drop entries that were destroyed, and every page: what they are made of has changed."""
        with self._lock:
            self.recent.clear()
            self.shelf.clear()
            self.marks.clear()
            for one in gone:
                self.tried.pop(one, None)
                self.opened.pop(one, None)

    def fold_anew(self, gone: set[str]) -> None:
        """Drop entries that were destroyed, with every view in which they stand."""
        with self._lock:
            self.forget(gone)
            self.views.clear()
            self.judging.clear()

    def judge_anew(self) -> None:
        """Drop everything but the keys: some of it may stem from what was never committed."""
        with self._lock:
            self.fold_anew(set())
            self.opened.clear()
            self.tried.clear()

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
            self.recent.clear()
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
            if locked and (held := self._just_written()) is not None:
                for seq, one in held:
                    self.take(seq, one.entry, one.content, one.by)
                return self
            run = self._run(locked)
            if run.generation != self.generation:
                self._fold_anew(run)
                return self
            rows = run.behind(self.seq)
            opened = self.reader.open(rows)
            for row in rows:
                self.take(row.seq, row.entry,
                          row.clear.content if row.clear else opened.get(row.hash), row.by)
            return self

    def _just_written(self) -> list[tuple[int, Recent]] | None:
        """What was written since, if all of it is at hand; within an act of the appender."""
        if generation_of(self.pause) != self.generation:
            return None
        recent = (self.reader.behind or self.reader).recent
        found = [(seq, recent.get(name)) for seq, name in plain.newer(
            models.Entry, "hash", self.seq, pause_id=self.pause)]
        held = [(seq, one) for seq, one in found if one is not None]
        return held if len(held) == len(found) else None

    def told(self) -> tuple[int, list[Known]]:
        """The generation, with everything known of it, in the order in which it was taken."""
        with self._lock:
            return self.generation, list(self.known.values())

    def _run(self, locked: bool) -> Run:
        """The entries to be taken in; within a transaction those that it sees."""
        if not locked and not connection.in_atomic_block:
            return self.reader.pasts.of(self.pause).up_to_date()
        now = generation_of(self.pause)
        return Run(now, taken(self.pause, self.seq if now == self.generation else 0))

    def _fold_anew(self, run: Run) -> None:
        rows, of = run.whole()
        # Also what somebody was opening while it was destroyed.
        dropped = (self.known.keys() | of.entries.keys()) - of.sealed.keys()
        self.reader.forget(dropped)
        if self.reader.behind:
            self.reader.behind.forget(dropped)
        opened = self.reader.open(rows)
        state = fold(of, opened, admitted=self.reader.admitted(self.pause))
        faults: dict[str, Fault | NotJudged] = {
            wrong.entry.hash: wrong.fault for wrong in state.out_of_protocol}
        faults |= {one.entry.hash: one.verdict for one in state.unjudged}
        self.things, self.known, self.owners = dict(state.things), {}, dict(state.owners)
        self.memo = {}  # another one: what was destroyed is not read into it by who is at it now
        self.words, self.blind = state.words, state.unread > 0
        self.numbers, self._sent = {}, set()
        for row in rows:
            content, fault = content_of(of, row.entry, opened), faults.get(row.hash)
            self._keep(Known(row.seq, row.entry, content, row.by, fault,
                             self._passed_on_of(content)))
        self.seq = rows[-1].seq if rows else 0
        self.generation = run.generation

    def take(self, seq: int, entry: Entry, content: Content | None, by: UUID | None) -> None:
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
        self._keep(Known(seq, entry, content, by, fault, self._passed_on_of(content)))
        self.seq = seq

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

    def _keep(self, known: Known) -> None:
        self.known[known.entry.hash] = known
        content = known.content
        if content is not None and known.fault is None and (
                number := told_number(content)) is not None:
            self.numbers.setdefault(content.object, set()).add(number)

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
