"""Ledger files out of a store and into it, disclosures, and the next epoch of a post."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from attrs import frozen

from lull.domain.records import payload
from lull.domain.records.account import Disclosure, DisclosureKind
from lull.domain.records.form import utc_text
from lull.domain.refusal import Refusal, require
from lull.domain.rights import Action
from lull.exchange.ledger import Line, read_ledger, write_ledger
from lull.exchange.ledger.ed25519 import SigningKey, check_signature
from lull.exchange.ledger.sealing import payload_key, seal_content, wrap_for
from lull.exchange.seal import require_public_key, seal_bytes
from lull.ledger.content import SALT_BYTES, Content, Wall, Writer
from lull.ledger.entry import Entry, Why
from lull.ledger.ledger import Ledger, ledger, merge
from lull.ledger.order import causal_order
from lull.ledger.write import last_of, new_epoch
from lull.store import models
from lull.store.accounts import side_in
from lull.store.calling_off import tell_of_merged
from lull.store.kept import Store, renew, scrub
from lull.store.once import done_once, once_tags
from lull.store.principal import NotAllowed, NotThere, Scope, Seated
from lull.store.reading import sight_of, view_of
from lull.store.recipients import keys_of
from lull.store.rows import (
    drop_payload,
    ledger_of,
    put_entry,
    put_said,
    put_wraps,
    set_heads,
    whole,
)
from lull.store.write import Prepared, Written, again, append, note, note_attempt, remember

LARGEST_FILE_BYTES = 64_000_000
"""Of a ledger file that is taken in over the network."""
MOST_EPOCHS = 2**31 - 1
"""What a column of PostgreSQL holds: a larger one fails there, and the writes of others with it."""


class DamagedFile(Refusal):
    """A ledger file that is not as it was written, or signed by who may not."""

    def __init__(self, findings: Iterable[Line]) -> None:
        self.findings = tuple(findings)
        super().__init__("The file is damaged, or was signed by who may not; nothing was taken "
                         "from it.")


@frozen
class TakenIn:
    """What came of a file: how many entries were new, and what is not as it should be."""

    entries: int
    new: int
    findings: tuple[Line, ...]


def part_for(store: Store, seat: Seated) -> Ledger:
    """What of a pause's ledger one may hold: what they can read, and the openings of every log."""
    view, sight = view_of(store, seat), sight_of(seat)
    of = ledger_of(whole(seat.pause))
    seen = {h for h, known in view.known.items() if sight.has(known)}
    return ledger((e for h, e in of.entries.items() if h in seen), clear=of.clear,
                  sealed=of.sealed, wraps=(w for w in of.wraps if w.of in seen))


def heads(store: Store, seat: Seated) -> tuple[Entry, ...]:
    """The entries on which nothing follows, of those that one may hold: an anchor for them all.

    They are those of the file that one would export, in order of log and number.
    """
    seat.member.require(Scope.READ)
    seat.require(Action.READ, "ledger")
    view, sight = view_of(store, seat), sight_of(seat)
    seen = {h: known.entry for h, known in list(view.known.items()) if sight.has(known)}
    followed = {ref for entry in seen.values() for ref in (entry.previous, *entry.after)}
    return tuple(sorted((e for h, e in seen.items() if h not in followed), key=lambda e: (
        e.log.post, e.log.epoch, e.number, e.hash)))


def export(store: Store, seat: Seated, to: str = "") -> bytes:
    """A ledger file of what one may hold; that it was taken is written down first.

    `to` is a public key (age1...) to which the file is sealed: then nobody on its way learns even
    hours and numbers from it. Raises SealError before anything is written down.
    """
    if seat.who is not None:
        seat.who.require(Scope.LEDGER)
    seat.require(Action.READ, "ledger")
    if to:
        require_public_key(to)
    if seat.who is not None:
        note(store, seat, DisclosureKind.EXPORTED, ["ledger"],
             reason=f"Sealed to {to}." if to else "")
    raw = write_ledger(part_for(store, seat))
    return seal_bytes(raw, recipients=[to]) if to else raw


def take_in(store: Store, seat: Seated, raw: bytes, once: str = "") -> TakenIn:
    """Merge a ledger file into a pause. Raises DamagedFile, NotAllowed, Refusal.

    Nothing is resolved: what is out of protocol, forked or missing is kept and told.
    """
    who = seat.member
    who.require(Scope.LEDGER)
    require(len(raw) <= LARGEST_FILE_BYTES, f"The file is larger than "
            f"{LARGEST_FILE_BYTES / 1e6:,.0f} MB; merge it where the store is: lull ledger merge")
    held = read_ledger(raw, check_signature)
    if held.damaged:
        raise DamagedFile(held.findings)
    require(all(e.log.epoch <= MOST_EPOCHS for e in held.ledger.entries.values()),
            f"No log has more than {MOST_EPOCHS} epochs; nothing was taken from this file.")
    asked = {"pause": str(seat.pause), "take in": sha256(raw).hexdigest()}
    done = done_once(store, who, once, asked, lambda: {"new": store.appender.do(
        lambda: _merge(store, seat, held.ledger), seconds=120)}, seconds=120)
    scrub()
    tell_of_merged(store, view_of(store, seat))
    return TakenIn(len(held.ledger.entries), done["new"], held.findings)


def _merge(store: Store, seat: Seated, other: Ledger) -> int:
    """Write what is new of another ledger; the number of new entries."""
    names = models.Post.objects.filter(pause_id=seat.pause)
    owners = {post.name: store.side_name(post.side_id) for post in names}

    def theirs(of: str) -> bool:
        post = other.entries[of].log.post
        return seat.may(Action.WRITE, "ledger", seat.relation(side=owners.get(post, "")))

    before = ledger_of(whole(seat.pause))
    for of in other.entries.keys() - before.entries.keys():
        if not theirs(of):
            raise NotAllowed("The file has entries of posts that are not of your side, or not "
                             "admitted yet; a coordinator takes those in.")
    # Keys to what others wrote could be anything: nobody signs them.
    mine = Ledger(other.entries, other.clear, other.sealed,
                  frozenset(w for w in other.wraps if theirs(w.of)))
    after = merge(before, mine)
    fresh = [e for e in causal_order(after.entries) if e.hash not in before.entries]
    for entry in fresh:
        put_entry(entry, seat.pause, merged=True)
    rows = {row.hash: row for row in models.Entry.objects.filter(pause_id=seat.pause)}
    _write_contents(before, after, rows)
    drop_payload(seat.pause, after.destroyed - before.destroyed)
    set_heads(seat.pause, after.heads)
    _move_tips(seat.pause, after)
    renew(seat.pause)
    return len(fresh)


def _write_contents(before: Ledger, after: Ledger, rows: dict[str, models.Entry]) -> None:
    for of, clear in after.clear.items():
        if of not in before.clear:
            put_said(rows[of], clear=clear)
    for of, sealed in after.sealed.items():
        if of not in before.sealed:
            put_said(rows[of], sealed=sealed)
    for wrap in after.wraps - before.wraps:
        put_wraps(rows[wrap.of], [wrap.sealed_key])


def _move_tips(pause: UUID, of: Ledger) -> None:
    """Find the ends of the logs that this server writes; a forked one is not written on."""
    for post in models.Post.objects.filter(pause_id=pause, key__isnull=False):
        epochs = [log for log in of.rightful_logs if log.post == post.name]
        last = max(epochs, key=lambda log: log.epoch)
        try:
            post.tip, post.forked = last_of(of, last).hash, False
        except Refusal:
            post.forked = True
        post.save(update_fields=["tip", "forked"])


def disclose(store: Store, seat: Seated, entries: Iterable[str], to: UUID,
             reason: str = "", once: str = "") -> Written:
    """Let the members of a side read what was sealed without them; that is an entry of its own.

    `once` is an idempotency key. Raises NotAllowed, NotThere, UsedKey, Refusal. It cannot be taken
    back.
    """
    who = seat.member
    who.require(Scope.WRITE)
    names = tuple(dict.fromkeys(entries))
    require(0 < len(names) <= 100, "Name 1 to 100 entries.")
    tags = once_tags(store, who, once, {"pause": str(seat.pause), "disclose": sorted(names),
                                        "to": str(to), "reason": reason})
    done = again(tags)
    if done is not None:
        return done
    _require_may_disclose(store, seat, names)
    readers = keys_of([to], seat.pause, and_member=who.member)
    of = ledger_of(whole(seat.pause, hash__in=names))
    keys = {name: _wraps(store, seat, of, name, readers) for name in names}
    prepared = _told(store, seat, names, to, readers, reason)

    def act() -> Written:
        before = again(tags)
        if before is not None:
            return before
        row = append(store, seat, prepared)
        for target in models.Entry.objects.filter(pause_id=seat.pause, hash__in=names):
            if not models.Said.objects.filter(entry=target).exists():
                raise NotThere("What it said has been destroyed meanwhile.")
            put_wraps(target, keys[target.hash])
        remember(store, tags, row)
        renew(seat.pause)
        return Written(row.hash, row.seq, row.number)

    return store.appender.do(act)


def _require_may_disclose(store: Store, seat: Seated, names: Iterable[str]) -> None:
    """Raise NotThere or NotAllowed where one of the entries is not this one's to disclose."""
    view = view_of(store, seat)
    for name in names:
        known = view.known.get(name)
        if known is None or known.content is None or not seat.may_read(known):
            if known is not None:
                note_attempt(store, seat, name, "To be disclosed, by who cannot read it.")
            raise NotThere("There is no such entry that you can read.")
        content = known.content
        if content.wall is Wall.PUBLIC:
            raise NotAllowed("What is public is read by everyone already.")
        relation = seat.relation(by=known.by, side=content.writer.side)
        if not seat.may(Action.DISCLOSE, content.wall.value, relation):
            note_attempt(store, seat, name, "To be disclosed, without a right to it.")
        seat.require(Action.DISCLOSE, content.wall.value, relation)


def _wraps(store: Store, seat: Seated, of: Ledger, name: str,
           readers: Iterable[str]) -> list[bytes]:
    reader = seat.member.reading_with(store)
    own = (*reader.secrets, *(reader.behind.secrets if reader.behind else ()))
    secret = payload_key(of, name, own)
    if secret is None:
        raise NotThere("There is no such entry that you can read.")
    return [wrap_for(secret, one) for one in readers]


def _told(store: Store, seat: Seated, names: tuple[str, ...], to: UUID,
          readers: tuple[str, ...], reason: str) -> Prepared:
    """The record of a disclosure, sealed to who discloses and to whom."""
    who = seat.member
    assert seat.role is not None
    called = store.side_name(to)
    record = Disclosure(
        reference=f"disclosure {names[0][:12]}", version=1, kind=DisclosureKind.DISCLOSED,
        entries=names, to=called, by_function=who.function or seat.role.value, at=store.now(),
        reason=reason,
    )  # fmt: skip
    function = "; ".join(filter(None, (who.function, "recorded by the server")))
    content = Content("disclosure", called, Writer(seat.role, who.side_name, function),
                      payload(record), Wall.SEALED, utc_text(store.now()), recipients=readers)
    sealed = seal_content(content, secrets.token_bytes(SALT_BYTES))
    return Prepared(content, sealed.said, None, sealed)


def next_epochs(store: Store, pause: UUID, why: Why = Why.RESTORED,
                recovery: SigningKey | None = None) -> int:
    """Open the next epoch of every post that this server writes for, with a fresh key each.

    For a store that was restored from a copy: what was written after the copy was made may come
    back from others, and must not meet other entries of the same number. With the posts' recovery
    key also where their keys were read by others, or a log has forked. Returns how many.
    """
    def act() -> int:
        of = ledger_of(whole(pause))
        posts = list(models.Post.objects.filter(pause_id=pause, key__isnull=False))
        for post in posts:
            signer, key = recovery or store.signing_key(post), SigningKey.new()
            entry = new_epoch(of, post.name, signer=signer.public, key=key.public,
                              recovery=store.secrets.recovery, why=why, hour=store.hour,
                              sign=signer.sign)
            of = of.plus(entry)
            put_entry(entry, pause)
            set_heads(pause, of.heads)
            post.tip, post.key, post.forked = entry.hash, store.seal_key(key), False
            post.save(update_fields=["tip", "key", "forked"])
        renew(pause)
        return len(posts)

    return store.appender.do(act)


def admit(store: Store, seat: Seated, name: str, side: UUID, role: str) -> models.Post:
    """Say as whom a post with a key of its own may write. Raises NotAllowed, NotThere, Refusal."""
    seat.member.require(Scope.ACCOUNT)
    seat.require(Action.MAKE, "post")
    side_in(seat.pause, side)

    def act() -> models.Post:
        taken = models.Post.objects.filter(pause_id=seat.pause, name=name).exists()
        require(not taken, "This post is admitted already.")
        made: models.Post = models.Post.objects.create(pause_id=seat.pause, side_id=side,
                                                       role=role, name=name)
        renew(seat.pause)
        return made

    return store.appender.do(act)
