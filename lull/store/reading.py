"""What a member, or the public, may see of a pause: a feed of changes, records, states.

What is sealed is seen by those whose session is unlocked and whose key opens it. The first time
that a session sees one that its member did not write, that is written down before it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from attrs import frozen

from lull.domain.protocol import Step, split_kind
from lull.domain.records.account import DisclosureKind
from lull.domain.rights import Action, Reach, reach
from lull.ledger.apart import told_apart
from lull.ledger.content import Content, Wall
from lull.ledger.fold import Thing
from lull.store import models
from lull.store.kept import Store
from lull.store.principal import NotThere, Scope, Seated
from lull.store.view import Known, View
from lull.store.write import note, note_attempt

MOST_AT_ONCE = 500
MOST_NOTED = 200
"""Entries named in one record of what was seen."""


@frozen
class Page:
    """Some entries in the order in which this store took them, and where to go on."""

    items: tuple[Known, ...]
    cursor: int
    more: bool


@frozen
class Standing:
    """How one thing stands for a reader: more than one stand where posts that were apart differ.

    `next` are the steps that this reader's role may take now, if nothing else stands against it.
    """

    thing: Thing
    states: tuple[str, ...]
    entries: tuple[str, ...]
    next: tuple[str, ...]


@frozen
class Sight:
    """Of which entries one may see that they are there: numbers, hashes, hours, not what they say.

    Openings and changes of keys are for everyone, as signatures are checked with them.
    """

    seat: Seated
    all: bool
    own_posts: frozenset[str]

    def has(self, known: Known) -> bool:
        """Whether an entry is in sight."""
        entry = known.entry
        return (self.all or entry.control is not None or entry.log.post in self.own_posts
                or self.seat.may_read(known))


def sight_of(seat: Seated) -> Sight:
    """What one may see of the chain."""
    own = models.Post.objects.filter(pause_id=seat.pause, side_id=seat.who.side) if (
        seat.who) else models.Post.objects.none()
    return Sight(seat, reach(seat.role, Action.READ, Wall.RESTRICTED.value) is Reach.ANY,
                 frozenset(own.values_list("name", flat=True)))


def view_of(store: Store, seat: Seated) -> View:
    """The view from which one's answers are made; raises NotAllowed."""
    if seat.who is None:
        return store.own.view(seat.pause)
    seat.who.require(Scope.READ)
    return seat.who.reading_with(store).view(seat.pause)


def changes(store: Store, seat: Seated, after: int = 0, limit: int = 100) -> Page:
    """Entries behind a cursor of which one may see anything; the cursor only grows.

    Nothing that is committed later comes before a cursor that was given out.
    """
    view = view_of(store, seat)
    sight = sight_of(seat)
    found: list[Known] = []
    cursor, more = after, False
    for known in _behind(view, after):
        if not sight.has(known):
            continue
        if len(found) == min(limit, MOST_AT_ONCE):
            more = True
            break
        found.append(known)
        cursor = known.seq  # never of one out of sight: that would tell when others write
    note_seen(store, seat, found)
    return Page(tuple(found), cursor, more)


def _behind(view: View, after: int) -> list[Known]:
    return sorted((k for k in list(view.known.values()) if k.seq > after), key=lambda k: k.seq)


def find(store: Store, seat: Seated, *, kind: str = "", about: str = "", part: str = "",
         after: int = 0, limit: int = 100) -> Page:
    """What one may read, of a kind (a table, a step or a record), an object, a part."""
    view = view_of(store, seat)
    found: list[Known] = []
    cursor, more = after, False
    for known in _behind(view, after):
        content = known.content
        if content is None or not seat.may_read(known) or not _fits(content, kind, about, part):
            continue
        if len(found) == min(limit, MOST_AT_ONCE):
            more = True
            break
        found.append(known)
        cursor = known.seq
    note_seen(store, seat, found)
    return Page(tuple(found), cursor, more)


def _fits(content: Content, kind: str, about: str, part: str) -> bool:
    of_kind = not kind or content.kind == kind or content.kind.partition(".")[0] == kind
    return of_kind and about in ("", content.object) and part in ("", content.part)


def entry(store: Store, seat: Seated, name: str) -> Known:
    """One entry by its hash; raises NotThere where there is none that one may see.

    Asking for one that is there and not for them is written down.
    """
    view = view_of(store, seat)
    known = view.known.get(name)
    if known is not None and sight_of(seat).has(known):
        note_seen(store, seat, [known])
        return known
    if known is not None and seat.who is not None:
        note_attempt(store, seat, name)
    raise NotThere("There is no such entry.")


_COLLECTED: ContextVar[list[Known] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[list[Known]]:
    """Within this, all that is sealed and shown in this thread is put into the list, too.

    Whoever keeps an answer, to show it to others who may read the same, notes it for them by it.
    """
    found: list[Known] = []
    before = _COLLECTED.set(found)
    try:
        yield found
    finally:
        _COLLECTED.reset(before)


def note_seen(store: Store, seat: Seated, shown: Iterable[Known]) -> None:
    """Write down what of the sealed is about to be shown for the first time in this session."""
    who = seat.who
    if who is None or who.reader is None:
        return
    sealed = [k for k in shown if k.content is not None and k.content.wall is Wall.SEALED]
    collected = _COLLECTED.get()
    if collected is not None:
        collected += sealed
    fresh = [k.entry.hash for k in sealed
             if k.by != who.member and k.entry.hash not in who.reader.shown]
    for at in range(0, len(fresh), MOST_NOTED):
        note(store, seat, DisclosureKind.VIEWED, fresh[at:at + MOST_NOTED])
    who.reader.shown.update(fresh)


def standings(store: Store, seat: Seated) -> tuple[Standing, ...]:
    """How everything stands that one may read, and what may follow."""
    view = view_of(store, seat)
    readable = {}
    for thing, stands in list(view.things.items()):
        mine = [s for s in stands if seat.may_read(view.known[s.entry.hash])]
        if mine:
            readable[thing] = mine
    note_seen(store, seat, [view.known[s.entry.hash] for mine in readable.values() for s in mine])
    return tuple(
        Standing(thing, states := tuple(sorted({s.state for s in mine})),
                 tuple(s.entry.hash for s in mine),
                 tuple(step.event for step in _next(seat, mine[0].content, states)))
        for thing, mine in sorted(readable.items())
    )


def _next(seat: Seated, content: Content, states: tuple[str, ...]) -> list[Step]:
    known = split_kind(content.kind)
    if known is None or seat.role is None or told_apart(content):
        return []
    table = known[0]
    steps = {step.event: step for state in states for step in table.following(state)}
    if reach(seat.role, Action.WRITE, table.name) is Reach.NOBODY:
        return []
    return [step for step in steps.values() if seat.role in step.by]
