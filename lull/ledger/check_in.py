"""Whether a check-in names a point of the route that was notified, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable

from lull.domain.protocol import Fault
from lull.domain.records import read_payload
from lull.domain.records.notification import MovementNotification
from lull.ledger.content import VERSIONS, Content, Wall


def movements_of(about: str, record: MovementNotification) -> tuple[str, ...]:
    """The objects of the movements that a notification tells of."""
    return record.movements or (about,)


def check_in_fault(content: Content, known: Iterable[Content]) -> Fault | None:
    """What is wrong with a check-in beside the notifications that its writer knows; or None.

    Anything that is no check-in is right. It must speak of the movement under whose name it stands,
    name a point of a notified route of it, and be sealed where its notification is.
    """
    if content.kind != "check_in":
        return None
    side, about = content.writer.side, content.object
    versions = list(_versions(about, known))
    points = {name.casefold() for _, record in versions for name in record.points}
    if content.payload["movement"] != about:
        said = f"it speaks of {content.payload['movement']!r}"
    elif not versions:
        said = "no notification of this movement is known to its writer"
    elif content.payload["point"].casefold() not in points:
        said = ("the point is none of the notified route; give the name of one, as it stands in "
                "the notification")
    elif content.wall is not Wall.SEALED and any(v.wall is Wall.SEALED for v, _ in versions):
        said = "its notification is sealed; seal it too"
    else:
        return None
    return Fault(side, (), f"{side} wrote 'check_in' for {about}: {said}. The fault lies with "
                 f"{side}.")


def _versions(about: str, known: Iterable[Content]
              ) -> Iterable[tuple[Content, MovementNotification]]:
    for version in known:
        if version.kind in VERSIONS:
            record = read_payload(version.kind, version.payload)
            if isinstance(record, MovementNotification) and about in movements_of(
                    version.object, record):
                yield version, record
