"""The keys to which something is sealed: those of the members of the sides named."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from lull.domain.refusal import Refusal
from lull.store import models

MOST_RECIPIENTS = 50


def keys_of(sides: Iterable[UUID], pause: UUID, *, and_member: UUID) -> tuple[str, ...]:
    """Public keys of the members of sides in a pause, and of one member; raises Refusal."""
    wanted = set(sides)
    if len(wanted) > MOST_RECIPIENTS:
        raise Refusal(f"At most {MOST_RECIPIENTS} sides can be named.")
    keys = models.MemberKey.objects.filter(current=True, member__active=True)
    here = models.SideIn.objects.filter(pause_id=pause, side_id__in=wanted).values("side_id")
    theirs = list(keys.filter(member__side_id__in=here).values_list("member__side_id", "public"))
    keyless = wanted - {side for side, _ in theirs}
    if keyless:
        raise Refusal(f"{len(keyless)} of the sides named have no member with a key, or are not "
                      "known here; what is sealed to them could be read by nobody. Invite them "
                      "first.")
    own = keys.filter(member_id=and_member).values_list("public", flat=True)
    return tuple(sorted({public for _, public in theirs} | set(own)))
