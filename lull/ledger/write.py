"""The next entry of a log: numbered, linked and signed, or refused with the side at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import evolve

from lull.domain.protocol import Fault, IllegalStep, split_kind
from lull.domain.records.form import as_json
from lull.domain.refusal import Refusal, require
from lull.ledger.check_in import check_in_fault
from lull.ledger.content import Content, Writer
from lull.ledger.entry import Act, Control, Entry, Log, Said, Why, post_of
from lull.ledger.fold import fold, judge, payload_fault, thing_of
from lull.ledger.ledger import Ledger
from lull.ledger.protection import (
    BEGIN,
    Open,
    Word,
    begin_fault,
    is_public,
    not_settled,
    rests_on,
)
from lull.ledger.right import key_after
from lull.ledger.verify import keys_that_may_reopen, recovery_keys
from lull.ledger.versions import answer_fault, cited_wrong, numbers_of, version_fault

Sign = Callable[[bytes], str]
"""Makes the signature (hexadecimal) of a message with a key that stays where it is."""


def require_legal(of: Ledger, content: Content, opened: Mapping[str, Content] | None = None, *,
                  admitted: Mapping[str, Writer] | None = None) -> None:
    """Raise IllegalStep where a content may not be written on all that is held here."""
    fault = payload_fault(content)
    if fault is not None:
        raise IllegalStep(fault)
    if content.kind != "check_in" and split_kind(content.kind) is None:
        return
    state = fold(of, opened, admitted=admitted)
    fault = check_in_fault(content, (said for _, said in state.acts))
    if fault is None and content.kind == BEGIN:
        fault = begin_fault(content, state.words, nothing_unread)
    if fault is not None:
        raise IllegalStep(fault)
    if split_kind(content.kind) is None:
        return
    judged = judge(content, list(state.states(thing_of(content))))
    if isinstance(judged, Fault):
        raise IllegalStep(judged)
    numbers = numbers_of(content.object, (said for _, said in state.acts))
    fault = version_fault(content, numbers) or answer_fault(
        content, numbers, lambda: bool(state.unread) or not of.is_whole)
    if fault is not None:
        raise IllegalStep(fault)
    said_in = {entry.hash: said for entry, said in state.acts}
    if wrong := cited_wrong(content, of.entries.__contains__, said_in.get):
        raise Refusal(wrong)


def nothing_unread(_entry: str) -> bool:
    """Who writes names what can be read where it is written."""
    return False


def with_what_it_rests_on(content: Content, standing: Iterable[Word],
                          may_tell: Callable[[Word], bool] = is_public
                          ) -> tuple[Content, tuple[Open, ...]]:
    """A beginning with the words on which it rests, where it names none, and what is not settled.

    `may_tell` says of which words its writer is told what they say. Any other content as it is.
    """
    if content.kind != BEGIN:
        return content, ()
    standing = tuple(standing)
    found = rests_on(standing, content)
    if found and not content.payload.get("rests_on"):
        settled = [as_json(one) for one in found]
        content = evolve(content, payload={**content.payload, "rests_on": settled})
    return content, not_settled(content, standing, nothing_unread, may_tell)


def open_log(of: Ledger, *, key: str, recovery: str, hour: str, sign: Sign) -> Entry:
    """The first entry of a new post, which is named after its key."""
    log = Log(post_of(key), 1)
    require(log not in of.logs, f"The log {log} is open already.")
    control = Control(Act.OPEN, Why.ROUTINE, key=key, recovery=recovery)
    return _signed(Entry(log, 1, "", _seen(of, ""), hour, key, None, control), sign)


def next_entry(of: Ledger, log: Log, *, key: str, hour: str, sign: Sign, said: Said | None = None,
               control: Control | None = None) -> Entry:
    """The next entry of a log that is held whole at its end; raises Refusal where there is none."""
    last = last_of(of, log)
    if control is not None and control.act is Act.DESTROY:
        target = of.entries.get(control.of)
        require(target is not None and target.log.post == log.post,
                "A post destroys the payloads of its own entries only.")
    return entry_after(last, of.heads, key=key, hour=hour, sign=sign, said=said, control=control)


def entry_after(last: Entry, heads: Iterable[str], *, key: str, hour: str, sign: Sign,
                said: Said | None = None, control: Control | None = None) -> Entry:
    """The entry behind the last of a log, for who keeps the ends of a ledger and not all of it.

    `heads` are the hashes of the entries on which nothing follows, of every log. Raises Refusal
    where another key than `key` signs behind `last`.
    """
    right = key_after(last)
    require(bool(right), f"The key of the log {last.log} was retired; open a new epoch with the "
            "recovery key.")
    require(right == key, f"The key of the log {last.log} is {right[:12]}; this is {key[:12]}. If "
            "the key was lost, open a new epoch with the recovery key.")
    seen = tuple(sorted(set(heads) - {last.hash}))
    return _signed(Entry(last.log, last.number + 1, last.hash, seen, hour, key, said, control),
                   sign)


def new_epoch(of: Ledger, post: str, *, signer: str, key: str, recovery: str, why: Why, hour: str,
              sign: Sign, trusted_until: int | None = None) -> Entry:
    """The first entry of a post's next epoch, after a restore, a loss or a theft of its key.

    `signer` is the recovery key, or after a restore the key itself; `key` signs from then on.
    `trusted_until` is the last entry of the epoch before that the post stands by.
    """
    log = require_may_reopen(of, post, signer, trusted_until)
    before = of.rightful_logs[Log(post, log.epoch - 1)]
    continued = before.get(trusted_until) if trusted_until else before[max(before)]
    of_hash = continued[0].hash if continued and len(continued) == 1 else ""
    control = Control(Act.OPEN, why, key=key, recovery=recovery, of=of_hash,
                      trusted_until=trusted_until)
    return _signed(Entry(log, 1, "", _seen(of, ""), hour, signer, None, control), sign)


def require_may_reopen(of: Ledger, post: str, signer: str, trusted_until: int | None) -> Log:
    """The log of a post's next epoch; raises Refusal where this key may not open it so."""
    epochs = [log.epoch for log in of.rightful_logs if log.post == post]
    require(bool(epochs), f"No log of the post {post[:12]} is here.")
    last, log = Log(post, max(epochs)), Log(post, max(epochs) + 1)
    require(signer in keys_that_may_reopen(log, of), "This is neither the recovery key nor the "
            f"last key of the log {last}; only they open a new epoch.")
    require(trusted_until is None or signer in recovery_keys(log, of), "Only the recovery key can "
            "say that entries are no longer stood by.")
    require(trusted_until in (None, 0) or trusted_until in of.rightful_logs[last],
            f"There is no entry {trusted_until} in the log {last}.")
    return log


def last_of(of: Ledger, log: Log) -> Entry:
    """The last entry of a log; raises Refusal where it is not open here or has forked."""
    numbers = of.rightful_logs.get(log)
    if not numbers:
        raise Refusal(f"The log {log} is not open here.")
    forked = [n for n, there in numbers.items() if len(there) > 1]
    require(not forked, f"The log {log} has forked at entry {forked[0] if forked else 0}; open a "
            "new epoch before anything more is written.")
    return numbers[max(numbers)][0]


def _seen(of: Ledger, own: str) -> tuple[str, ...]:
    return tuple(sorted(of.heads - {own}))


def _signed(entry: Entry, sign: Sign) -> Entry:
    return evolve(entry, signature=sign(entry.message))
