"""Writing into a pause's ledger for a member: looked at, sealed, judged, chained, acknowledged."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from attrs import frozen

from lull.domain.protocol import TOLD_APART
from lull.domain.records import BadRecord, payload, read_payload
from lull.domain.records.account import Disclosure, DisclosureKind
from lull.domain.records.form import FieldError, is_instant, utc_text
from lull.domain.records.lines import NEVER_PUBLIC
from lull.domain.refusal import Refusal, require
from lull.domain.rights import WRITTEN_BY_THE_SERVER, Action, part_named, thing_written
from lull.domain.time import FIRST_YEAR, LAST_YEAR
from lull.exchange.ledger.sealing import SealedContent, seal_content
from lull.ledger.canonical import NotCanonical, canonical
from lull.ledger.content import SALT_BYTES, Content, Wall, Writer
from lull.ledger.entry import HEX64, Act, Control, Entry, Said
from lull.ledger.ledger import Clear
from lull.ledger.protection import BEGIN, word_fault
from lull.ledger.versions import cited_wrong
from lull.ledger.write import entry_after, with_what_it_rests_on
from lull.store import models, plain
from lull.store.apart import Apart, apart_for, sealed_as_whole
from lull.store.bad_fields import BadFields
from lull.store.calling_off import CANCEL, LINK_HOURS, as_called_off, tell_all
from lull.store.freezing import frozen_version
from lull.store.kept import Store, renew, scrub
from lull.store.once import USED, UsedKey, once_tags
from lull.store.principal import NotAllowed, NotThere, Principal, Scope, Seated
from lull.store.recipients import keys_of
from lull.store.rows import (
    drop_payload,
    follow,
    heads_of,
    put_entry,
    put_first_wraps,
    put_said,
)
from lull.store.view import View


@frozen
class Wish:
    """What a member wants written. `to` are sides; `said` is when the source says it was so."""

    kind: str
    object: str
    payload: dict[str, Any]
    wall: str
    part: str = ""
    to: tuple[UUID, ...] = ()
    said: str = ""

    @property
    def as_json(self) -> dict[str, Any]:
        """As it is compared with an earlier wish of the same key."""
        return {"kind": self.kind, "object": self.object, "part": self.part, "wall": self.wall,
                "to": sorted(map(str, self.to)), "said": self.said, "payload": self.payload}


@frozen
class Written:
    """An entry that is committed; `again` if it had been acknowledged before."""

    hash: str
    seq: int
    number: int
    again: bool = False


Also = Callable[[models.Entry], None]
"""Something done in the transaction of an entry, such as putting letters into the outbox."""


def write(store: Store, seat: Seated, wish: Wish, once: str = "", *,
          also: Also | None = None, link_hours: int = LINK_HOURS) -> Written:
    """Write an entry for a member and return once it is committed.

    `once` is an idempotency key: with the same one, the same wish is written once and acknowledged
    each time. Raises BadFields, NotAllowed, IllegalStep (which names the side at fault), UsedKey,
    Busy.
    """
    who = seat.member
    who.require(Scope.WRITE)
    content = compose(store, seat, wish)
    apart = apart_for(store, seat, content, wish.to)
    content = sealed_as_whole(content, apart)
    tags = once_tags(store, who, once, {"pause": str(seat.pause), **wish.as_json})
    content = as_called_off(store, seat.pause, content)
    if content.kind == BEGIN:
        before = again(tags)
        if before is not None:
            return before
        content = _resting(store, seat, content)
    if who.reader is not None and content.wall is Wall.SEALED:
        who.reader.view(seat.pause)  # what can be opened now, is not opened in the lock
    readable = content.wall is not Wall.SEALED or who.reader is not None

    def look() -> View:
        view = who.reading_with(store).view_to_judge(seat.pause)
        require_may_write(seat, content, view)
        _require_cited(seat, content, view)
        return view

    return enter(store, seat, content, tags, look, also=also, readable=readable, apart=apart,
                 link_hours=link_hours)


def _resting(store: Store, seat: Seated, content: Content) -> Content:
    """A beginning of a pause with what it rests on; raises BadFields, NotAllowed."""
    view = seat.member.reading_with(store).view(seat.pause)
    require_may_write(seat, content, view)
    filled, found = with_what_it_rests_on(
        content, view.words, lambda word: seat.may_read(view.known[word.entry]))
    if found:
        raise BadFields(FieldError("payload.rests_on", one.sentence) for one in found)
    return filled


def enter(
    store: Store, seat: Seated, content: Content, tags: tuple[str, str] | None,
    look: Callable[[], View], *, also: Also | None = None, readable: bool = True,
    apart: Apart | None = None, link_hours: int = LINK_HOURS,
) -> Written:
    """Chain a legal content, once for its tags; returns once it is committed.

    `look` gives, in the lock, the view by which it is judged, which then has the entry too, with
    what it says if that is `readable` there. Whom `apart` names is told in entries of their own,
    within the same act; of a cancellation everyone who was sent a version is told. Raises
    IllegalStep, UsedKey, Busy, and what `look` raises.
    """
    prepared = prepare(content)

    def act() -> Written:
        before = again(tags)
        if before is not None:
            return before
        view = look()
        view.require_legal(content)
        row, entry = chain(store, seat, prepared)
        remember(store, tags, row)
        if content.kind == CANCEL:
            tell_all(store, row, content, link_hours)
        if also:
            also(row)
        if entry.number > 2:  # the opening of its log is read before it
            view.take(row.seq, entry, content if readable else None, row.by)
            store.own.keep(entry, content, row.by)
        for own in apart.steps(content, view) if apart else ():
            part, its = chain(store, seat, prepare(own))
            view.take(part.seq, its, own if readable else None, part.by)
        return Written(row.hash, row.seq, row.number)

    return store.appender.do(act)


def compose(store: Store, seat: Seated, wish: Wish) -> Content:
    """The content that a wish amounts to; raises BadFields with all that is wrong with it."""
    who = seat.member
    given, errors = frozen_version(store, seat, wish.kind, wish.payload)
    node = given
    if wish.kind in WRITTEN_BY_THE_SERVER:
        errors.append(FieldError("kind", f"{wish.kind!r} is written by the server itself, of what "
                                 "it saw."))
    try:
        node = payload(read_payload(wish.kind, given))
        canonical(node)
    except BadRecord as wrong:
        errors += [FieldError(".".join(filter(None, ("payload", e.field))), e.sentence)
                   for e in wrong.errors]
    except NotCanonical as wrong:
        errors.append(FieldError("payload", str(wrong)))
    if wish.kind in NEVER_PUBLIC and wish.wall == Wall.PUBLIC:
        errors.append(FieldError("wall", f"{wish.kind!r} is never public: restricted, or sealed as "
                                 "its notification is."))
    if wish.part and thing_written(wish.kind) in TOLD_APART:
        errors.append(FieldError("part", "It has no parts: name the sides to whom it is sealed, "
                                 "and each is told apart."))
    _, part = part_named(thing_written(wish.kind), node, who.side_name)
    if part and wish.part != part and not errors:
        errors.append(FieldError("part", f"By its record this is {part!r}; the part must say the "
                                 "same, so that nobody answers in another's place."))
    recipients: tuple[str, ...] = ()
    try:
        recipients = recipients_of(store, who, seat.pause, wish)
    except Refusal as wrong:
        errors.append(FieldError("to", str(wrong)))
    for name in ("object", "part"):
        if len(getattr(wish, name)) > 200 or any(ord(m) < 32 for m in getattr(wish, name)):
            errors.append(FieldError(name, "It is at most 200 characters on one line."))
    assert seat.role is not None
    function = "; ".join(filter(None, (who.function, "recorded by the server")))
    try:
        made = Content(
            kind=wish.kind, object=wish.object, part=wish.part, payload=node,
            writer=Writer(seat.role, who.side_name, function), wall=Wall(wish.wall),
            received=utc_text(store.now()), said=_checked_time(wish.said), recipients=recipients,
        )  # fmt: skip
        _ = made.raw  # it has canonical bytes
        fault = None if errors else word_fault(made)
        errors += [FieldError("payload.waived_by", fault.sentence)] if fault else []
    except (Refusal, ValueError) as wrong:
        if not errors:
            errors.append(FieldError(_field_of(str(wrong)), str(wrong)))
    if errors:
        raise BadFields(errors)
    return made


def _checked_time(said: str) -> str:
    require(not said or is_instant(said), f"The time said {said[:40]!r} must be like "
            f"2016-10-20T09:15:00Z, in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return said


FIELD_WORDS = {"kind": "kind", "object": "object", "time said": "said", "recipients": "to",
               "class": "wall", "Wall": "wall"}


def _field_of(sentence: str) -> str:
    return next((name for word, name in FIELD_WORDS.items() if word in sentence), "")


def recipients_of(store: Store, who: Principal, pause: UUID, wish: Wish) -> tuple[str, ...]:
    """The public keys to which a wish is sealed; raises Refusal.

    What is sealed goes to the keys of all members of the sides named, and to its writer.
    """
    if wish.wall == Wall.RESTRICTED:
        if wish.to:
            raise Refusal("What is restricted stays with the own side; to reach others, seal it.")
        return (store.secrets.data.public,)
    if wish.wall != Wall.SEALED:
        if wish.to:
            raise Refusal("What is public has no recipients; leave them out.")
        return ()
    if not wish.to:
        raise Refusal("Name at least one side to which it is sealed.")
    return keys_of(wish.to, pause, and_member=who.member)


@frozen
class Prepared:
    """A content with what its entry will say of it, made before the lock is taken."""

    content: Content
    said: Said
    clear: Clear | None
    sealed: SealedContent | None


def prepare(content: Content) -> Prepared:
    """Salt a content, and seal it where it is not public."""
    salt = secrets.token_bytes(SALT_BYTES)
    if content.wall is Wall.PUBLIC:
        return Prepared(content, Said(content.salted(salt)), Clear(content, salt), None)
    sealed = seal_content(content, salt)
    return Prepared(content, sealed.said, None, sealed)


def again(tags: tuple[str, str] | None) -> Written | None:
    """What was acknowledged before for a key; raises UsedKey where another thing was asked."""
    if tags is None or not plain.texts(models.Once, "id", tag=tags[0]):
        return None
    kept = models.Once.objects.select_related("entry").get(tag=tags[0])
    if kept.asked != tags[1] or kept.entry is None:
        raise UsedKey(USED)
    return Written(kept.entry.hash, kept.entry.seq, kept.entry.number, again=True)


def remember(store: Store, tags: tuple[str, str] | None, row: models.Entry) -> None:
    """Keep which entry came of an idempotency key; only within an act of the appender."""
    if tags:
        plain.put(models.Once, tag=tags[0], asked=tags[1], entry_id=row.seq,
                  on=store.now().date())


def require_may_write(seat: Seated, content: Content, view: View) -> None:
    """Raise NotAllowed where the table of rights does not let this one write that.

    Whose an object is, is told by who began it; a new one is its writer's own.
    """
    thing = thing_written(content.kind)
    who = seat.member
    owners = view.owners_of(content) or frozenset({who.side_name})
    owner = who.side_name if who.side_name in owners else min(owners)
    named = part_named(thing, content.payload, who.side_name)[0] == who.side_name
    seat.require(Action.WRITE, thing, seat.relation(side=owner, named=named))


def _require_cited(seat: Seated, content: Content, view: View) -> None:
    """Raise BadFields where an incident names as a version what is none, or is not here."""
    def look(entry: str) -> Content | None:
        known = view.known.get(entry)
        readable = known is not None and known.fault is None and seat.may_read(known)
        return known.content if known is not None and readable else None

    if wrong := cited_wrong(content, view.known.__contains__, look):
        raise BadFields([FieldError("payload.notification_hash", wrong)])


def append(store: Store, seat: Seated, prepared: Prepared) -> models.Entry:
    """Chain, sign and write an entry; only within an act of the appender."""
    return chain(store, seat, prepared)[0]


def chain(store: Store, seat: Seated, prepared: Prepared) -> tuple[models.Entry, Entry]:
    """As `append`, with the entry itself."""
    assert seat.role is not None
    post = store.post_for(seat.pause, seat.member.side, seat.role)
    entry = chained(store, post, said=prepared.said)
    row = put_entry(entry, seat.pause, by=seat.member.member)
    put_said(row, clear=prepared.clear, sealed=prepared.sealed.sealed if prepared.sealed else None)
    if prepared.sealed:
        put_first_wraps(row, prepared.sealed.keys)
        store.pasts.address(entry.hash, dict(zip(
            prepared.content.recipients, prepared.sealed.keys, strict=True)))
    return row, entry


def chained(store: Store, post: models.Post, *, said: Said | None = None,
            control: Control | None = None) -> Entry:
    """The next entry of a post's log, and the marks moved on to it."""
    if post.forked:
        raise Refusal("The log of this post has forked; nothing more is written to it before its "
                      "next epoch is opened.")
    key = store.signing_key(post)
    heads = heads_of(post.pause_id)
    entry = entry_after(store.last_entry(post), heads, key=key.public, hour=store.hour,
                        sign=key.sign, said=said, control=control)
    follow(post.pause_id, heads, entry.hash)
    store.remember(post, entry)
    plain.change(models.Post, {"id": post.id}, tip=entry.hash)
    return entry


def note(store: Store, seat: Seated, kind: DisclosureKind, entries: Iterable[str], *,
         to: str = "", reason: str = "", tags: tuple[str, str] | None = None) -> Written:
    """Write down that something was read, exported, or asked for in vain: for the own side.

    With `tags` of an idempotency key it is written once.
    """
    who = seat.member
    assert seat.role is not None
    record = Disclosure(
        reference=f"{kind.value} {utc_text(store.now())}", version=1, kind=kind,
        entries=tuple(entries), to=to or who.side_name,
        by_function=who.function or seat.role.value, at=store.now(), reason=reason,
    )  # fmt: skip
    function = "; ".join(filter(None, (who.function, "recorded by the server")))
    content = Content("disclosure", kind.value, Writer(seat.role, who.side_name, function),
                      payload(record), Wall.RESTRICTED, utc_text(store.now()),
                      recipients=(store.secrets.data.public,))
    prepared = prepare(content)

    def act() -> Written:
        before = again(tags)
        if before is not None:
            return before
        row = append(store, seat, prepared)
        remember(store, tags, row)
        return Written(row.hash, row.seq, row.number)

    return store.appender.do(act)


def note_attempt(store: Store, seat: Seated, name: str, reason: str = (
        "Asked for by its hash, without a right to it.")) -> None:
    """Write down that somebody tried in vain to read an entry or to act on it; once each."""
    member = seat.member
    mark = (member.member, name)
    if mark not in store.attempts:
        store.attempts.add(mark)
        note(store, seat, DisclosureKind.FAILED_ATTEMPT, [name], reason=reason)


def destroy(store: Store, seat: Seated, target: str, once: str = "") -> Written:
    """Destroy what one entry of the own side says, with every key to it; the entry stays.

    `once` is an idempotency key. Raises NotThere, NotAllowed, UsedKey.
    """
    who = seat.member
    who.require(Scope.WRITE)
    if not HEX64.fullmatch(target):
        raise NotThere("There is no such entry that this server wrote.")
    tags = once_tags(store, who, once, {"pause": str(seat.pause), "destroy": target})

    def act() -> Written:
        before = again(tags)
        if before is not None:
            return before
        row = models.Entry.objects.filter(pause_id=seat.pause, hash=target).first()
        post = models.Post.objects.filter(pause_id=seat.pause, name=row.post if row else "",
                                          key__isnull=False).first()
        if row is None or post is None:
            raise NotThere("There is no such entry that this server wrote.")
        seat.require(Action.DESTROY, "payload",
                     seat.relation(by=row.by, side=store.side_name(post.side_id)))
        entry = chained(store, post, control=Control(Act.DESTROY, of=target))
        made = put_entry(entry, seat.pause, by=who.member)
        drop_payload(seat.pause, [target])
        remember(store, tags, made)
        renew(seat.pause)
        store.forget({target})
        return Written(made.hash, made.seq, made.number)

    try:
        done = store.appender.do(act)
    except NotAllowed:
        note_attempt(store, seat, target, "To be destroyed, without a right to it.")
        raise
    store.pasts.forget()  # who read meanwhile has read it as it was before the commit
    scrub()
    return done
