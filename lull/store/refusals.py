"""That a member was refused something is an entry: once for a member, a kind of page and an hour.

What they asked for is not in it, as that may be the name of something that is sealed to others, or
of nothing; only the kind of page is. It stands with the member's own side and the coordinators.
"""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.db import DatabaseError

from lull.domain.protocol import Role
from lull.domain.records.account import DisclosureKind
from lull.domain.refusal import Refusal
from lull.store import models
from lull.store.appender import Busy
from lull.store.kept import Store
from lull.store.once import once_tags
from lull.store.principal import NotAllowed, NotThere, Principal, Seated
from lull.store.write import note

MOST_REMEMBERED = 10_000
"""Refusals that a process knows to be written; then it asks the database again."""
REASONS = {
    NotAllowed: "Refused: not theirs to do or to see.",
    NotThere: "Refused: nothing at this address is theirs to see, or there is nothing.",
}
WITHOUT_SEAT = "Refused: {side} has no seat in this pause for who asked."


def note_refused(store: Store, who: Principal | None, pause: UUID | None, page: str,
                 wrong: Exception) -> None:
    """Write down that a member was refused a kind of page of a pause; nothing for other refusals.

    A refusal is told whether this can be written or not: what goes wrong here is passed over.
    """
    reason = next((said for kind, said in REASONS.items() if isinstance(wrong, kind)), "")
    if who is None or pause is None or not reason:
        return
    mark = (who.member, f"{pause} {page} {store.hour}")
    if mark in store.refusals:
        return
    with suppress(Refusal, Busy, DatabaseError):
        _write(store, who, pause, page, reason)
        if len(store.refusals) >= MOST_REMEMBERED:
            store.refusals.clear()
        store.refusals.add(mark)


def _write(store: Store, who: Principal, pause: UUID, page: str, reason: str) -> None:
    once = f"refused {pause} {page} {store.hour}"
    tags = once_tags(store, who, once, {"refused": page})
    seat = models.Seat.objects.filter(pause_id=pause, member_id=who.member).first()
    if seat is not None:
        note(store, Seated(pause, who, Role(seat.role)), DisclosureKind.FAILED_ATTEMPT, [page],
             reason=reason, tags=tags)
        return
    keeper = _coordinator_of(store, pause)
    if keeper is not None:
        note(store, keeper, DisclosureKind.FAILED_ATTEMPT, [page], to=who.side_name,
             reason=WITHOUT_SEAT.format(side=who.side_name), tags=tags)


def _coordinator_of(store: Store, pause: UUID) -> Seated | None:
    """A coordinator's seat for the server to write in, where who asked has none in the pause."""
    seat = models.Seat.objects.filter(pause_id=pause, role=Role.COORDINATOR.value).select_related(
        "member").order_by("id").first()
    if seat is None:
        return None
    side = seat.member.side_id
    return Seated(pause, Principal(seat.member_id, side, store.side_name(side), "", keeper=False,
                                   scopes=frozenset()), Role.COORDINATOR)
