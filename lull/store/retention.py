"""Rules of retention carried out on a store: payload keys destroyed, each by an entry of its own.

It may run beside a server: views are folded anew when next asked, and drop what is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from attrs import frozen

from lull.ledger.content import Content, Wall
from lull.ledger.entry import Act, Control, Entry, Why
from lull.ledger.retention import Due, Kept, Rule, due, ended_at, governing
from lull.store import models
from lull.store.kept import Store, renew, scrub
from lull.store.rows import drop_payload, put_entry
from lull.store.view import View
from lull.store.write import chained

AT_ONCE = 100
"""Entries destroyed in one act, so that others can write in between."""


@frozen
class Looked:
    """What rules say of one pause at a time.

    `due` can be destroyed here; `elsewhere` is due too, and was written by posts with keys of their
    own, or whose log has forked. `unread` are sealed entries whose kind cannot be read here and
    that no rule for every kind governs.
    """

    pause: UUID
    ended: datetime | None
    due: tuple[Due, ...]
    elsewhere: tuple[Due, ...]
    unread: int
    staying: int


def look(store: Store, pause: UUID, rules: Iterable[Rule], now: datetime) -> Looked:
    """What the rules make due in a pause; nothing is changed."""
    rules = tuple(rules)
    view = store.own.view(pause)
    payloads = set(models.Said.objects.filter(entry__pause_id=pause).values_list("entry__hash",
                                                                                 flat=True))
    there = list(_there(view, payloads, pause))
    ended = _ended(view)
    ours = set(models.Post.objects.filter(pause_id=pause, key__isnull=False, forked=False)
               .values_list("name", flat=True))
    found = due(rules, there, ended=ended, now=now)
    mine = tuple(d for d in found if view.known[d.kept.entry].entry.log.post in ours)
    unread = sum(not kept.kind and governing(rules, kept) is None for kept in there)
    return Looked(pause, ended, mine, tuple(d for d in found if d not in mine), unread,
                  len(there) - len(found))


def _there(view: View, payloads: set[str], pause: UUID) -> Iterator[Kept]:
    roles = dict(models.Post.objects.filter(pause_id=pause).values_list("name", "role"))
    keys = Counter(models.Wrap.objects.filter(entry__pause_id=pause).values_list("entry__hash",
                                                                                 flat=True))
    for known in sorted(view.known.values(), key=lambda k: k.seq):
        if known.entry.hash not in payloads:
            continue
        content = known.content
        wall = content.wall if content else Wall.SEALED
        yield Kept(known.entry.hash, content.kind if content else "", wall,
                   _written(known.entry, content), roles.get(known.entry.log.post, ""),
                   keys[known.entry.hash])


def _written(entry: Entry, content: Content | None) -> datetime:
    """When an entry was written: as it says, and not before the hour that it bears."""
    hour = datetime.strptime(entry.hour, "%Y-%m-%dT%HZ").replace(tzinfo=UTC)
    if content is None:
        return hour
    return max(hour, datetime.strptime(content.received, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC))


def _ended(view: View) -> datetime | None:
    """When all pauses of a ledger were over; no step counts as before what was written ahead."""
    latest: dict[str, datetime] = {}
    so_far = datetime.min.replace(tzinfo=UTC)
    for known in sorted(view.known.values(), key=lambda k: k.seq):
        so_far = max(so_far, _written(known.entry, known.content))
        latest[known.entry.hash] = so_far
    stands: dict[str, list[tuple[str, datetime]]] = {}
    for thing, steps in view.things.items():
        if thing.table == "pause":
            stands.setdefault(thing.object, []).extend(
                (s.state, latest[s.entry.hash]) for s in steps)
    return ended_at(stands)


def carry_out(store: Store, looked: Looked) -> int:
    """Destroy what is due, each by an entry that says that it was for retention; how many.

    What was destroyed meanwhile is left out.
    """
    done = 0
    names = [d.kept.entry for d in looked.due]
    for at in range(0, len(names), AT_ONCE):
        batch = names[at:at + AT_ONCE]
        done += store.appender.do(partial(_destroy, store, looked.pause, batch))
    scrub()
    return done


def _destroy(store: Store, pause: UUID, names: list[str]) -> int:
    rows = models.Entry.objects.filter(pause_id=pause, hash__in=names, said__isnull=False)
    gone = []
    for row in rows.order_by("seq"):
        post = models.Post.objects.get(pause_id=pause, name=row.post)
        entry = chained(store, post, control=Control(Act.DESTROY, Why.RETENTION, of=row.hash))
        put_entry(entry, pause)
        gone.append(row.hash)
    drop_payload(pause, gone)
    renew(pause)
    store.forget(set(gone))
    return len(gone)
