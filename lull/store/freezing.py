"""An incident that names a notification names the version that was in force, by its entry.

Where its writer gives none, it is filled in from what they may read; where they give one that they
can read, it must be a version of that notification.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lull.domain.records.form import FieldError, instant
from lull.ledger.apart import is_of_others
from lull.ledger.content import Content
from lull.ledger.in_force import version_in_force, wrong_version
from lull.store.kept import Store
from lull.store.principal import Seated

KIND = "incident.allege"


def frozen_version(store: Store, seat: Seated, kind: str, node: Mapping[str, Any]
                   ) -> tuple[dict[str, Any], list[FieldError]]:
    """The record of an incident with the version that was in force, and what is wrong with it."""
    made, about = dict(node), node.get("notification")
    if kind != KIND or not isinstance(about, str) or not about:
        return made, []
    said = _readable(store, seat, about)
    named, version = node.get("notification_hash"), node.get("notification_version")
    if named:
        number = version if isinstance(version, int) else None
        wrong = wrong_version(said, about, str(named), number)
        return made, [FieldError("payload.notification_hash", wrong)] if wrong else []
    at = instant(node.get("occurred_from"))
    found = version_in_force(said, about, at) if at else None
    if found is None:
        return made, []
    if version not in (None, int(found[1].payload["version"])):
        said_of_it = f"The version in force then was {found[1].payload['version']}, not {version}; "
        return made, [FieldError("payload.notification_version", said_of_it + "leave it out, or "
                                 "give the hash of the entry that is meant.")]
    return {**made, "notification_hash": found[0],
            "notification_version": int(found[1].payload["version"])}, []


def _readable(store: Store, seat: Seated, about: str) -> list[tuple[str, Content]]:
    view = seat.member.reading_with(store).view(seat.pause)
    return [(k.entry.hash, k.content) for k in list(view.known.values())
            if k.content is not None and k.fault is None and k.content.object == about
            and seat.may_read(k) and not is_of_others(k.content, seat.member.side_name)]
