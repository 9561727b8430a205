"""Which versions of a notification there are, as far as a writer had seen.

Each version has the number behind the last one. Posts that were apart may both write the same
number; then which of them holds is nobody's to guess, and the next version says it. Nobody answers
to a version that was never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lull.domain.protocol import Fault
from lull.ledger.content import VERSIONS, Content

TOLD = (*VERSIONS, "notification.cancel")
"""Steps of a notification that are told to its recipients, each under a number."""


def told_number(content: Content) -> int | None:
    """The number under which recipients are told of a step; None where it is none of that kind."""
    return int(content.payload.get("version", 0)) if content.kind in TOLD else None


def numbers_of(about: str, said: Iterable[Content]) -> set[int]:
    """The numbers under which a notification has been told, among contents in effect."""
    return {number for content in said if content.object == about
            and (number := told_number(content)) is not None}


def version_fault(content: Content, numbers: Iterable[int]) -> Fault | None:
    """Why a version does not follow on those that its writer can read; or None.

    Asked when it is written; posts that were apart may give a number twice. Where no earlier
    version can be read, a change to one is taken as it is.
    """
    if content.kind not in VERSIONS:
        return None
    last, number = max(numbers, default=0), int(content.payload["version"])
    if number == last + 1 or (not last and content.kind != VERSIONS[0]):
        return None
    side = content.writer.side
    return Fault(side, (), f"{side} wrote {content.kind!r} for {content.object} as version "
                 f"{number}; the next version is {last + 1}, so that everyone who had an earlier "
                 f"one is told of it. The fault lies with {side}.")


def answer_fault(content: Content, numbers: Iterable[int], unread: Callable[[], bool]
                 ) -> Fault | None:
    """Why an answer is to no version that its writer had seen; or None.

    `unread` says whether something in the writer's past cannot be read here: that may be it.
    """
    if not content.kind.startswith("receipt."):
        return None
    number = int(content.payload["notification_version"])
    if number in set(numbers) or unread():
        return None
    side = content.writer.side
    return Fault(side, (), f"{side} wrote {content.kind!r} for version {number} of "
                 f"{content.object}, and no such version was written. The fault lies with {side}.")


def last_of(versions: Mapping[str, int]) -> tuple[str, ...]:
    """The entries of the highest number, by hash: several where it was written more than once."""
    last = max(versions.values(), default=0)
    return tuple(sorted(entry for entry, number in versions.items() if number == last))


def cited_wrong(content: Content, here: Callable[[str], bool],
                look: Callable[[str], Content | None]) -> str:
    """What is wrong with the version of a notification that an incident says was in force; or "".

    `here` says whether there is an entry of a hash: who may not read the notification gives the
    hash that they were told. `look` gives what it says, where the writer may read it.
    """
    named = str(content.payload.get("notification_hash", ""))
    if content.kind != "incident.allege" or not named:
        return ""
    found = look(named)
    said = str(content.payload.get("notification", ""))
    if not here(named) or (found and (found.kind not in VERSIONS or found.object != said)):
        return (f"No version of the notification {said!r} stands in an entry of this hash. Report "
                "the incident from the page of the notification, or take the hash from its entry.")
    if found is None:
        return ""
    number, version = content.payload.get("notification_version"), found.payload["version"]
    if number is not None and number != version:
        return f"The entry of this hash is version {version}, not {number}."
    return ""
