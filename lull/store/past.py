"""What the database holds of a pause, read once for all who read it in this process.

Here are entries as they were committed, what is public of what they say, and the rest as it is
sealed; nothing that a key has opened. What each reader makes of it is the reader's own (see
`lull.store.view`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any
from uuid import UUID

from attrs import define, field, frozen
from django.db import connection

from lull.ledger.entry import Entry
from lull.ledger.ledger import Clear, Ledger, Wrap
from lull.store import models, plain
from lull.store.rows import clear_of, entry_from

MOST_ADDRESSED = 256
"""Of so many sealed entries that this process wrote last it is known to whose keys each went."""
AT_ONCE = 500


@frozen
class Taken:
    """One entry as this store took it. `wraps` says how many have a key to what is sealed."""

    seq: int
    by: UUID | None
    entry: Entry
    clear: Clear | None
    sealed: bytes | None = field(repr=False)
    wraps: int

    @property
    def hash(self) -> str:
        """The hash of the entry."""
        return self.entry.hash


@define(eq=False)
class Run:
    """The entries of one generation of a pause, in the order in which they were taken.

    `rows` only grows, so that who reads it needs no lock.
    """

    generation: int
    rows: list[Taken]
    _made: tuple[list[Taken], Ledger] | None = None

    def behind(self, seq: int) -> list[Taken]:
        """What was taken after a number."""
        rows = self.rows
        return rows[bisect_right(rows, seq, key=_seq):]

    def whole(self) -> tuple[list[Taken], Ledger]:
        """All of it, with its ledger, in which no keys are."""
        made = self._made
        if made is None or len(made[0]) != len(self.rows):
            rows = list(self.rows)
            made = self._made = rows, Ledger(
                {r.hash: r.entry for r in rows},
                {r.hash: r.clear for r in rows if r.clear is not None},
                {r.hash: r.sealed for r in rows if r.sealed is not None})
        return made


@define(eq=False)
class Past:
    """What is committed of one pause."""

    pause: UUID
    _run: Run = field(factory=lambda: Run(-1, []))
    _lock: Lock = field(factory=Lock, repr=False)

    def up_to_date(self) -> Run:
        """What is there now; not within a transaction, which sees what may never be."""
        run = self._run
        if self._is_now(run):
            return run
        with self._lock:
            run = self._run
            while not self._is_now(run):
                generation = generation_of(self.pause)
                if generation != run.generation:
                    run = Run(generation, taken(self.pause))
                    continue  # something may have been merged in between the two
                rows = taken(self.pause, behind=run.rows[-1].seq if run.rows else 0)
                if generation_of(self.pause) == generation:
                    run.rows += rows
            self._run = run
            return run

    def _is_now(self, run: Run) -> bool:
        return _state_of(self.pause) == (run.generation, run.rows[-1].seq if run.rows else 0)


@define(eq=False)
class Pasts:
    """The pasts of all pauses, and to whose keys the last sealed entries went.

    The latter spares each reader to try every key on every entry that was written while they were
    there: whose a key is does not show.
    """

    _of: dict[UUID, Past] = field(factory=dict, repr=False)
    _addressed: OrderedDict[str, Mapping[str, bytes]] = field(factory=OrderedDict, repr=False)
    _lock: Lock = field(factory=Lock, repr=False)

    def of(self, pause: UUID) -> Past:
        """The past of a pause."""
        return self._of.setdefault(pause, Past(pause))

    def address(self, entry: str, keys: Mapping[str, bytes]) -> None:
        """Note the keys to a sealed entry that was just written, by the public key of each."""
        with self._lock:
            self._addressed[entry] = keys
            while len(self._addressed) > MOST_ADDRESSED:
                self._addressed.popitem(last=False)

    def forget(self, gone: Iterable[str] = ()) -> None:
        """Read everything anew: entries were destroyed."""
        with self._lock:
            for one in gone:
                self._addressed.pop(one, None)
        self._of.clear()

    def wraps_for(self, rows: Iterable[Taken], publics: Iterable[str]) -> frozenset[Wrap]:
        """The keys to sealed entries that may be for one of some public keys."""
        found: list[Wrap] = []
        unknown = []
        for row in rows:
            keys = self._addressed.get(row.hash)  # as many: nobody has been given one since
            if keys is None or len(keys) != row.wraps:
                unknown.append(row)
            else:
                found += [Wrap(row.hash, keys[one]) for one in publics if one in keys]
        return frozenset(found + wraps_of(unknown))


def _seq(row: Taken) -> int:
    return row.seq


def generation_of(pause: UUID) -> int:
    """The generation of a pause: it goes up when its past has changed."""
    return int(plain.texts(models.Pause, "generation", id=pause)[0])


ENTRY, SAID, WRAP, PAUSE = (
    model._meta.db_table for model in (models.Entry, models.Said, models.Wrap, models.Pause))
STATE = (f'SELECT generation, (SELECT MAX(seq) FROM "{ENTRY}" '  # noqa: S608 - names alone
         f'WHERE pause_id = "{PAUSE}".id) FROM "{PAUSE}" WHERE id = %s')
TAKEN = (f'SELECT e.seq, e.hash, e.raw, e."by", s.clear, s.salt, s.sealed, '  # noqa: S608
         f'CASE WHEN s.sealed IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM "{WRAP}" w '
         f'WHERE w.entry_id = e.seq) END FROM "{ENTRY}" e LEFT JOIN "{SAID}" s '
         f'ON s.entry_id = e.seq WHERE e.pause_id = %s AND e.seq > %s ORDER BY e.seq')
WRAPS = f'SELECT entry_id, sealed_key FROM "{WRAP}" WHERE entry_id IN '  # noqa: S608


def _state_of(pause: UUID) -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(STATE, [_id(pause)])
        generation, last = cursor.fetchone()
    return generation, last or 0


def taken(pause: UUID, behind: int = 0) -> list[Taken]:
    """The entries of a pause behind a number; raises Damaged."""
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [_id(pause), behind])
        return [_taken(*row) for row in cursor.fetchall()]


def _taken(seq: int, name: str, raw: Any, by: Any, clear: Any, salt: Any, sealed: Any,
           wraps: int) -> Taken:
    entry = entry_from(bytes(raw), name)
    return Taken(
        seq, by if by is None or isinstance(by, UUID) else UUID(by), entry,
        None if clear is None else clear_of(entry, bytes(clear), bytes(salt)),
        None if sealed is None else bytes(sealed), wraps)


def wraps_of(rows: Iterable[Taken]) -> list[Wrap]:
    """Every key to some sealed entries."""
    names = {row.seq: row.hash for row in rows}
    found, numbers = [], list(names)
    for at in range(0, len(numbers), AT_ONCE):
        some = numbers[at:at + AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(f"{WRAPS}({', '.join(['%s'] * len(some))})", some)
            found += [Wrap(names[seq], bytes(key)) for seq, key in cursor.fetchall()]
    return found


def _id(pause: UUID) -> Any:
    return models.Pause._meta.pk.get_db_prep_value(pause, connection)
