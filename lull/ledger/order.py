"""Who had seen what: causal order of entries, with a clock for each that costs little.

A log is one strand while it does not fork; each further branch is a strand of its own, and so is
what stands behind a gap. An entry's clock says how far it had seen every strand (vector clocks:
Fidge 1988; Mattern 1989). Claimed times play no part.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

from attrs import frozen

from lull.ledger.entry import Entry

Strand = tuple[str, int, str]
"""Post, epoch, and the hash of the entry with which the strand begins."""


@frozen
class Clock:
    """Where an entry stands on its strand, and how far it had seen the others."""

    strand: Strand
    number: int
    seen: Mapping[Strand, int]

    def knew(self, other: Clock) -> bool:
        """Whether the entry of the other clock is in the past of this one's."""
        if other.strand == self.strand:
            return other.number < self.number
        return self.seen.get(other.strand, 0) >= other.number


def causal_order(entries: Mapping[str, Entry]) -> list[Entry]:
    """Entries so that each stands behind all that it refers to; those that could stand in any
    order stand by hash. The same for the same set, however it was put together.
    """
    waits_for: dict[str, int] = {}
    children: dict[str, list[str]] = {}
    for key, entry in entries.items():
        parents = parents_of(entry, entries)
        waits_for[key] = len(parents)
        for parent in parents:
            children.setdefault(parent, []).append(key)
    ready = [key for key, n in waits_for.items() if not n]
    heapify(ready)
    ordered = []
    while ready:
        key = heappop(ready)
        ordered.append(entries[key])
        for child in children.get(key, ()):
            waits_for[child] -= 1
            if not waits_for[child]:
                heappush(ready, child)
    return ordered


def parents_of(entry: Entry, entries: Mapping[str, Entry]) -> set[str]:
    """The hashes of the held entries that an entry names as before it."""
    return {ref for ref in (entry.previous, *entry.after) if ref in entries}


def clocks(ordered: list[Entry]) -> dict[str, Clock]:
    """A clock for each entry, from entries in causal order."""
    found: dict[str, Clock] = {}
    followed: set[str] = set()
    for entry in ordered:
        before = found.get(entry.previous)
        if before is not None and entry.previous not in followed:
            followed.add(entry.previous)
            strand, seen = before.strand, dict(before.seen) if entry.after else before.seen
        else:
            strand = (entry.log.post, entry.log.epoch, entry.hash)
            seen = {}
            if before is not None:
                seen = _and_seen(dict(before.seen), before)
        for ref in entry.after:
            if ref in found:
                seen = _and_seen(dict(seen), found[ref])
        found[entry.hash] = Clock(strand, entry.number, seen)
    return found


def _and_seen(seen: dict[Strand, int], other: Clock) -> dict[Strand, int]:
    for strand, number in (*other.seen.items(), (other.strand, other.number)):
        if seen.get(strand, 0) < number:
            seen[strand] = number
    return seen
