"""Which entries were signed by a key that had the right to, as far as what is held can show.

Anybody can make an entry that names another post's log, and hang it on an entry that nobody holds.
Such an entry is kept, as it may prove itself when the missing one arrives; until then it has no
effect, destroys nothing, and stands in nobody's way.
"""

from __future__ import annotations

from collections.abc import Mapping

from lull.ledger.entry import Act, Entry, Log, post_of

Logs = Mapping[Log, Mapping[int, tuple[Entry, ...]]]


def key_after(entry: Entry) -> str:
    """The key that signs behind an entry; empty where it was retired."""
    if entry.control is None or entry.control.act is Act.DESTROY:
        return entry.key
    return "" if entry.control.act is Act.RETIRE else entry.control.key


def rightful(entries: Mapping[str, Entry], logs: Logs, *, over_gaps: bool) -> frozenset[str]:
    """Hashes of the entries whose key had the right to sign; signatures themselves are not looked
    at. `logs` stand by post and epoch, their entries by number.

    A right comes from the opening of the post's first log, from entry to entry. With `over_gaps`
    an entry behind a missing one has it too, if it is signed with the key that signed last before.
    Without, what is rightful stays so whatever else arrives.
    """
    behind: dict[str, str] = {}
    for log, numbers in logs.items():
        last: set[str] = set()
        for there in numbers.values():
            found = {}
            for entry in there:
                if entry.number == 1:
                    right = _may_open(entry, logs, behind)
                elif entry.previous in entries:
                    before = entries[entry.previous]
                    right = (before.log, before.number) == (log, entry.number - 1) and (
                        behind.get(before.hash) == entry.key)
                else:
                    right = over_gaps and entry.key in last
                if right:
                    found[entry.hash] = key_after(entry)
            behind.update(found)
            last = set(found.values()) or last
    return frozenset(behind)


def _may_open(entry: Entry, logs: Logs, behind: Mapping[str, str]) -> bool:
    """Whether a key may open a log: the post's own, or one that the epoch before leads to."""
    control = entry.control
    assert control is not None
    if entry.log.epoch == 1:
        return entry.key == control.key and post_of(control.key) == entry.log.post
    before = logs.get(Log(entry.log.post, entry.log.epoch - 1), {})
    return any(
        entry.key in (behind[e.hash], e.control.recovery if e.number == 1 and e.control else "")
        for there in before.values() for e in there if e.hash in behind
    )
