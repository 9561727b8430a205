"""Whether logs are whole, signed by the keys that may sign them, and nowhere forked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum

from attrs import frozen

from lull.ledger.entry import Entry, Log, post_of
from lull.ledger.ledger import Ledger
from lull.ledger.right import key_after

Check = Callable[[str, bytes, str], bool]
"""Whether a signature (hexadecimal) by a public key (hexadecimal) is over a message."""


class Level(StrEnum):
    """How much a finding matters, from worst."""

    DAMAGE = "damage"
    """Bytes are not those that were signed."""
    WRONG = "wrong"
    """A key signed that may not."""
    FORK = "fork"
    """A log says two things at one number: it was cloned, or its key is in two hands."""
    DOUBT = "doubt"
    """Its own post no longer stands by it."""
    GAP = "gap"
    """Something that is named is not here; that is a fact and no fault."""


UNSOUND = frozenset({Level.DAMAGE, Level.WRONG, Level.FORK})


@frozen
class Finding:
    """One thing found: where, and in a sentence. `entry` is a hash, or empty."""

    level: Level
    log: Log
    number: int
    entry: str
    sentence: str


def verify(of: Ledger, check: Check, *, every_signature: bool = True) -> tuple[Finding, ...]:
    """All that is wrong, forked, doubtful or missing in a ledger, in order of log and number.

    With `every_signature` false, a signature is not checked where an entry behind it is rightly
    signed with the same key: the hash that is signed there covers the earlier signature too. Any
    change still shows, but a signature that its own post never made right is then taken as vouched
    for by the ones behind it.
    """
    found: list[Finding] = []
    for log, numbers in of.logs.items():
        limit = trusted(of, log)
        keys: dict[str, str | None] = {}
        unsigned = _unsigned(numbers, check, every=every_signature)
        for number, there in numbers.items():
            signed = of.rightful_logs.get(log, {}).get(number, ())
            if len(signed) > 1:
                found.append(_fork(log, number, signed, disowned=limit is not None
                                   and number > limit))
            for entry in there:
                before = keys.get(entry.previous)
                found += _linked(entry, numbers.get(number - 1), of)
                found += _rightful(entry, before, of)
                if entry.hash in unsigned:
                    found.append(_finding(Level.DAMAGE, entry, "its signature does not fit what "
                                          "stands there."))
                keys[entry.hash] = None if entry.hash in unsigned else _after(entry, before)
        found += _doubtful(log, limit, of)
    return tuple(found)


def _unsigned(numbers: dict[int, tuple[Entry, ...]], check: Check, *, every: bool) -> set[str]:
    """Hashes of the entries of a log whose signature does not fit, the last looked at first."""
    wrong: set[str] = set()
    vouched: set[tuple[str, str]] = set()
    for number in reversed(numbers):
        for entry in numbers[number]:
            looked_at = every or (entry.hash, entry.key) not in vouched
            if looked_at and not check(entry.key, entry.message, entry.signature):
                wrong.add(entry.hash)
            else:
                vouched.add((entry.previous, entry.key))
    return wrong


def _finding(level: Level, entry: Entry, sentence: str) -> Finding:
    return Finding(level, entry.log, entry.number, entry.hash,
                   f"Log {entry.log}, entry {entry.number}: {sentence}")


def _fork(log: Log, number: int, there: tuple[Entry, ...], *, disowned: bool) -> Finding:
    hashes = " and ".join(entry.hash[:12] for entry in there)
    level = Level.DOUBT if disowned else Level.FORK
    return Finding(level, log, number, there[0].hash, f"Log {log}, entry {number}: there are "
                   f"{len(there)} entries of this number ({hashes}). The log was cloned or "
                   "restored from a copy, or its key is in two hands. Its post opens a new epoch "
                   "with the recovery key and says which entries it stands by.")


def _linked(entry: Entry, before: tuple[Entry, ...] | None, of: Ledger) -> Iterator[Finding]:
    if entry.number > 1 and entry.previous not in of.entries:
        if before and entry.hash in of.rightful:
            yield _finding(Level.FORK, entry, "it does not follow on the entry "
                           f"{entry.number - 1} that is here ({before[0].hash[:12]}) but on "
                           f"another ({entry.previous[:12]}), which is not.")
        else:
            yield _finding(Level.GAP, entry, f"the entry before it ({entry.previous[:12]}) is not "
                           "here.")
    elif entry.number > 1:
        other = of.entries[entry.previous]
        if (other.log, other.number) != (entry.log, entry.number - 1):
            yield _finding(Level.WRONG, entry, f"it names entry {other.number} of log {other.log} "
                           "as the one before it.")
    away = [ref for ref in entry.after if ref not in of.entries]
    if away:
        yield _finding(Level.GAP, entry, f"{len(away)} of the entries of other logs that its "
                       f"writer had seen are not here (first: {away[0][:12]}).")


def _rightful(entry: Entry, key: str | None, of: Ledger) -> Iterator[Finding]:
    """Whether an entry is signed with the `key` that may; None where a gap hides which that is."""
    if entry.number == 1:
        yield from _opened(entry, of)
    elif key is None:
        if entry.hash not in of.rightful:
            yield _finding(Level.GAP, entry, f"whether the key {entry.key[:12]} may sign here "
                           "cannot be told: the entry that names it is not here. Until it is, "
                           "this one and what follows on it have no effect.")
    elif key == "":
        yield _finding(Level.WRONG, entry, "it was signed after the key of this log had been "
                       "retired.")
    elif key != entry.key:
        yield _finding(Level.WRONG, entry, f"it is signed with the key {entry.key[:12]}, but the "
                       f"key of this log is {key[:12]}.")


def _opened(entry: Entry, of: Ledger) -> Iterator[Finding]:
    """Whether the first entry of a log is signed by whom it must be."""
    assert entry.control is not None
    if entry.log.epoch == 1:
        if post_of(entry.control.key) != entry.log.post:
            yield _finding(Level.WRONG, entry, "the post is not named after the key that opens its "
                           "first log.")
        if entry.key != entry.control.key:
            yield _finding(Level.WRONG, entry, "the first log of a post must be opened with its "
                           "own key.")
        return
    allowed = keys_that_may_reopen(entry.log, of)
    if not allowed:
        yield _finding(Level.GAP, entry, "whether its key may open this epoch cannot be told: the "
                       "opening of the one before is not here. Until it is, this log has no "
                       "effect.")
    elif entry.key not in allowed:
        yield _finding(Level.WRONG, entry, f"this epoch was opened with the key {entry.key[:12]}, "
                       "which is neither the recovery key nor the last key of the epoch before.")
    continued = of.entries.get(entry.control.of)
    if continued is not None and (continued.log.post, continued.log.epoch) != (
        entry.log.post, entry.log.epoch - 1
    ):
        yield _finding(Level.WRONG, entry, "it says that it continues a log of another post or "
                       "epoch.")


def keys_that_may_reopen(log: Log, of: Ledger) -> set[str]:
    """The keys that may open an epoch: the recovery key of the one before, and its last keys."""
    before = of.rightful_logs.get(Log(log.post, log.epoch - 1), {})
    allowed = recovery_keys(log, of)
    if allowed:
        ends = [e for there in before.values() for e in there
                if not any(e.hash == x.previous for x in before.get(e.number + 1, ()))]
        allowed |= {key for e in ends if (key := key_after(e))}
    return allowed


def recovery_keys(log: Log, of: Ledger) -> set[str]:
    """The recovery keys named when the epoch before a log was opened; one, unless it forked."""
    before = of.rightful_logs.get(Log(log.post, log.epoch - 1), {})
    return {e.control.recovery for e in before.get(1, ()) if e.control is not None}


def _after(entry: Entry, key: str | None) -> str:
    """Who may sign next. An entry of a wrong key does not hand the log over to that key."""
    return key_after(entry) if entry.number == 1 or key in (None, entry.key) else str(key)


def trusted(of: Ledger, log: Log) -> int | None:
    """The last number of a log that its post stands by; None: all of it.

    Only the recovery key can disown: whoever has taken the key itself must not be able to.
    """
    after = Log(log.post, log.epoch + 1)
    may = recovery_keys(after, of)
    limits = [
        e.control.trusted_until
        for e in of.rightful_logs.get(after, {}).get(1, ())
        if e.control is not None and e.control.trusted_until is not None and e.key in may
    ]
    return min(limits, default=None)


def doubtful(of: Ledger) -> frozenset[str]:
    """Hashes of the entries by which their own post, in a later epoch, no longer stands."""
    return frozenset(
        entry.hash
        for log, numbers in of.logs.items()
        if (limit := trusted(of, log)) is not None
        for number, there in numbers.items() if number > limit
        for entry in there
    )


def _doubtful(log: Log, limit: int | None, of: Ledger) -> Iterator[Finding]:
    if limit is None:
        return
    for number, there in of.logs[log].items():
        if number > limit:
            yield _finding(Level.DOUBT, there[0], "its post does not stand by it; the last that it "
                           f"stands by is entry {limit}.")
