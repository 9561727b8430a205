"""What is due now for a member, or the public, from what they may read and nothing else."""

from __future__ import annotations

from lull.ledger.due import Due, DueKind, due
from lull.ledger.due.facts import Act
from lull.ledger.fold import Stand, Thing
from lull.store.kept import Store
from lull.store.principal import Seated
from lull.store.reading import note_seen, view_of
from lull.store.view import Known, View


def due_now(store: Store, seat: Seated) -> tuple[Due, ...]:
    """What is due at this moment, what is late first; raises NotAllowed.

    It is worked out from what this one may read. Of a receipt for a notification of their own side,
    which they may not read, they are told no more than that it is not outstanding: whether to go
    stays with who owns the movement. What is sealed and enters an item counts as seen.
    """
    view = view_of(store, seat)
    memo = view.memo  # before what is known: what is destroyed meanwhile goes with it
    known = [k for k in list(view.known.values()) if k.content is not None and k.fault is None]
    mine = {k.entry.hash: k for k in known if seat.may_read(k)}
    things: dict[Thing, tuple[Stand, ...]] = {}
    for thing, stands in list(view.things.items()):
        if readable := tuple(s for s in stands if s.entry.hash in mine):
            things[thing] = readable
    side = seat.who.side_name if seat.who else ""
    found = due(things, _acts(list(mine.values())), store.now(), role=seat.role, side=side,
                memo=memo, words=(w for w in view.words if w.entry in mine))
    found = tuple(one for one in found if not _known_to_be_done(view, one, side, things))
    note_seen(store, seat, [mine[h] for one in found for h in one.entries])
    return found


def _acts(known: list[Known]) -> list[Act]:
    return [(k.entry, k.content) for k in known if k.content is not None]


def _known_to_be_done(view: View, one: Due, side: str, things: dict[Thing, tuple[Stand, ...]]
                      ) -> bool:
    """Whether a receipt for a side's own notification is here, though not for it to read."""
    thing = Thing("receipt", one.object, one.part)
    return (one.kind is DueKind.RECEIPT and thing not in things
            and side in view.owners.get(("notification", one.object), ())
            and not set(view.states(thing)) <= {"delivered"})
