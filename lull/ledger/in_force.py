"""Which version of a notification was in force at a time, as far as one reader knows.

That is the last that had left by then, for anybody; where none had, the last that was written by
then. An incident names it by the hash of its entry, so that it stays as it was whatever follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lull.domain.records.form import utc_text
from lull.ledger.content import VERSIONS, Content

Said = tuple[str, Content]
"""The hash of an entry, and what it says."""


def version_in_force(said: Iterable[Said], about: str, at: datetime) -> Said | None:
    """The entry of the version that was in force; None where no version is known by then."""
    moment = utc_text(at)
    here = [one for one in said if one[1].object == about]
    written = [one for one in here if one[1].kind in VERSIONS and one[1].received <= moment]
    left = {int(content.payload["notification_version"]) for _, content in here
            if content.kind == "notification.transmit" and content.payload["sent_at"] <= moment}
    sent = [one for one in written if _version(one) in left]
    return max(sent or written, key=lambda one: (_version(one), one[0]), default=None)


def wrong_version(said: Iterable[Said], about: str, named: str, version: int | None) -> str:
    """What is wrong with the entry that an incident names; nothing where it is not known here."""
    content = dict(said).get(named)
    if content is None:
        return ""
    if content.kind not in VERSIONS or content.object != about:
        return f"The entry {named[:12]} is no version of {about}."
    found = int(content.payload["version"])
    if version is not None and version != found:
        return f"The entry {named[:12]} is version {found} of {about}, not {version}."
    return ""


def _version(said: Said) -> int:
    return int(said[1].payload["version"])
