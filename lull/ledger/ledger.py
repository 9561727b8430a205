"""A ledger: a set of entries, with those of their contents that are held here; merge is union."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256

from attrs import field, frozen

from lull.ledger.canonical import canonical
from lull.ledger.content import Content, Wall
from lull.ledger.entry import Act, Entry, Log, Said
from lull.ledger.right import rightful


@frozen
class Clear:
    """A public content with its salt; it proves itself against the entry's salted hash."""

    content: Content
    salt: bytes

    def fits(self, entry: Entry) -> bool:
        """Whether this is what the entry says, and was said to everyone.

        What was sealed never stands in clear, even where somebody who could open it put it there.
        """
        public = self.content.wall is Wall.PUBLIC
        said = Said(self.content.salted(self.salt))
        return public and entry.said == said

    @property
    def order(self) -> bytes:
        """By which of two is kept where both stand for one entry, whoever comes first."""
        return self.salt + canonical(self.content.as_json())


@frozen(order=True)
class Wrap:
    """The key of one sealed payload, itself sealed to somebody; throwing all away destroys it."""

    of: str
    sealed_key: bytes


@frozen(slots=False)
class Ledger:
    """Entries by hash, and what is held of what they say, by the hash of the entry that says it.

    `clear` are public contents, `sealed` sealed ones, `wraps` the keys to them. All of them belong
    to entries that are held. A payload that its own post destroyed is in none of the three.
    """

    entries: Mapping[str, Entry] = field(factory=dict)
    clear: Mapping[str, Clear] = field(factory=dict)
    sealed: Mapping[str, bytes] = field(factory=dict)
    wraps: frozenset[Wrap] = frozenset()

    @cached_property
    def logs(self) -> dict[Log, dict[int, tuple[Entry, ...]]]:
        """The entries by log and number, in order; more than one at a number is a fork."""
        found: dict[Log, dict[int, list[Entry]]] = {}
        for entry in self.entries.values():
            found.setdefault(entry.log, {}).setdefault(entry.number, []).append(entry)
        return {
            log: {n: tuple(sorted(there, key=_hash)) for n, there in sorted(numbers.items())}
            for log, numbers in sorted(found.items(), key=lambda item: _log_order(item[0]))
        }

    @cached_property
    def heads(self) -> frozenset[str]:
        """Hashes of the entries that no held entry follows on or refers to."""
        seen = {ref for e in self.entries.values() for ref in (e.previous, *e.after)}
        return frozenset(self.entries.keys() - seen)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every entry that a held one refers to is held."""
        return all(ref in self.entries for e in self.entries.values()
                   for ref in (e.previous, *e.after) if ref)

    @cached_property
    def rightful(self) -> frozenset[str]:
        """Hashes of the entries whose key had the right to sign, as far as is known here."""
        return rightful(self.entries, self.logs, over_gaps=True)

    @cached_property
    def rightful_logs(self) -> dict[Log, dict[int, tuple[Entry, ...]]]:
        """As `logs`, of the rightful entries alone."""
        found = {
            log: {n: kept for n, there in numbers.items()
                  if (kept := tuple(e for e in there if e.hash in self.rightful))}
            for log, numbers in self.logs.items()
        }
        return {log: numbers for log, numbers in found.items() if numbers}

    @cached_property
    def destroyed(self) -> frozenset[str]:
        """Hashes of the entries whose payload their own post has destroyed.

        That cannot be taken back, so every entry from the post's first to the one that destroys
        must be here; then nothing that arrives later changes it, and merging keeps no order.
        """
        asked = [
            (entry.hash, entry.control.of)
            for entry in self.entries.values()
            if entry.control is not None and entry.control.act is Act.DESTROY
            and entry.control.of in self.entries
            and self.entries[entry.control.of].log.post == entry.log.post
        ]
        right = rightful(self.entries, self.logs, over_gaps=False) if asked else frozenset()
        return frozenset(of for by, of in asked if by in right)

    def plus(self, entry: Entry, *, clear: Clear | None = None, sealed: bytes | None = None,
             wraps: Iterable[Wrap] = ()) -> Ledger:
        """This ledger with one more entry and what it says."""
        return merge(self, ledger(
            [entry],
            clear={entry.hash: clear} if clear else {},
            sealed={entry.hash: sealed} if sealed is not None else {},
            wraps=wraps,
        ))

    def without(self, entries: Iterable[str]) -> Ledger:
        """This ledger without some entries and what they say."""
        gone = set(entries)
        return _holding({h: e for h, e in self.entries.items() if h not in gone},
                        self.clear, self.sealed, self.wraps)


def _hash(entry: Entry) -> str:
    return entry.hash


def _log_order(log: Log) -> tuple[str, int]:
    return (log.post, log.epoch)


def ledger(entries: Iterable[Entry], *, clear: Mapping[str, Clear] | None = None,
           sealed: Mapping[str, bytes] | None = None, wraps: Iterable[Wrap] = ()) -> Ledger:
    """A ledger of these entries; what does not belong to one of them is left out."""
    return _holding({entry.hash: entry for entry in entries}, clear or {}, sealed or {},
                    frozenset(wraps))


def merge(one: Ledger, other: Ledger) -> Ledger:
    """The union of two ledgers, in either order, any number of times; nothing is resolved.

    What a post destroyed of its own is dropped, whichever side still held it.
    """
    clear = dict(one.clear)
    for of, there in other.clear.items():
        clear[of] = min(clear.get(of, there), there, key=lambda c: c.order)
    sealed = dict(one.sealed)
    for of, raw in other.sealed.items():
        sealed[of] = min(sealed.get(of, raw), raw)
    return _holding({**one.entries, **other.entries}, clear, sealed, one.wraps | other.wraps)


def _holding(entries: Mapping[str, Entry], clear: Mapping[str, Clear],
             sealed: Mapping[str, bytes], wraps: frozenset[Wrap]) -> Ledger:
    bare = Ledger(entries)
    gone = bare.destroyed

    def held(of: str) -> bool:
        return of in entries and of not in gone

    return Ledger(
        entries,
        {of: there for of, there in clear.items() if held(of) and there.fits(entries[of])},
        {of: raw for of, raw in sealed.items() if held(of) and fits_sealed(entries[of], raw)},
        frozenset(wrap for wrap in wraps if held(wrap.of)),
    )


def fits_sealed(entry: Entry, raw: bytes) -> bool:
    """Whether these are the sealed bytes that an entry names."""
    return entry.said is not None and entry.said.sealed == sha256(raw).hexdigest()
