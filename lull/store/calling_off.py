"""When a notification is called off, everyone who was sent a version is told, and nobody else.

Whoever may cancel it, and wherever they do: a letter for each goes with the entry, in its
transaction, and letters that have not left are given up. A cancellation that comes in with a ledger
file is told in the same way, once it stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from attrs import evolve

from lull.domain.records.form import utc_text
from lull.ledger.apart import told_apart
from lull.ledger.content import Content, Wall
from lull.store import models, outbox
from lull.store.kept import Store
from lull.store.sending import words
from lull.store.view import View

CANCEL = "notification.cancel"
LINK_HOURS = 168
"""For how long receipt can be confirmed by link: a week."""


def as_called_off(store: Store, pause: UUID, content: Content) -> Content:
    """A cancellation, as of the version behind the last that was sent; other contents as they are.

    So who confirms that they know of it confirms no version that they had before.
    """
    if content.kind != CANCEL:
        return content
    last = max((row.version for row in _letters(store, pause, content.object)), default=0)
    if not last or int(content.payload["version"]) > last:
        return content
    return evolve(content, payload={**content.payload, "version": last + 1})


def tell_all(store: Store, row: models.Entry, content: Content, link_hours: int = LINK_HOURS
             ) -> None:
    """Put in a letter for everyone who was sent a version; only within an act of the appender."""
    letters = _letters(store, row.pause_id, content.object)
    outbox.make_void(letters, store, "it was cancelled")  # first, so that none is taken now
    version = int(content.payload["version"])
    hidden = content.wall is Wall.SEALED or any(_is_sealed(store, one) for one in letters)
    text = words.sealed_text(version) if hidden else words.cancelled_text(
        content.object, version, str(content.payload.get("reason", "")))
    expires = utc_text(store.now() + timedelta(hours=link_hours))
    reached = {(outbox.recipient_of(store, one), one.channel): None for one in letters
               if one.sent is not None or one.tries > 0}
    for recipient, channel in reached:
        outbox.put(store, row, channel=channel, recipient=recipient, version=version,
                   body={"about": content.object, "text": text, "expires": expires},
                   about=content.object, of=row)


def _letters(store: Store, pause: UUID, about: str) -> list[models.Outgoing]:
    tag = outbox.about_tag(store, pause, about)
    return list(models.Outgoing.objects.filter(pause_id=pause, about=tag).order_by("id"))


def _is_sealed(store: Store, letter: models.Outgoing) -> bool:
    """Whether what a letter tells of may not stand in clear, or is not known any more."""
    body = outbox.body_of(store, letter)
    return body is None or "sealed" in body


def tell_of_merged(store: Store, view: View) -> int:
    """Tell of cancellations that came in with a file and stand here; how many there were.

    Of each once, however often the file comes.
    """
    wanted = list(_merged(store, view))

    def act() -> None:
        for row, content in wanted:
            tell_all(store, row, content)

    if wanted:
        store.appender.do(act)
    return len(wanted)


def _merged(store: Store, view: View) -> Iterator[tuple[models.Entry, Content]]:
    for known in list(view.known.values()):
        content = known.content
        if (known.by is not None or known.fault is not None or content is None
                or content.kind != CANCEL or told_apart(content)):
            continue
        row = models.Entry.objects.get(pause_id=view.pause, hash=known.entry.hash)
        if not models.Outgoing.objects.filter(entry=row).exists():
            yield row, as_called_off(store, view.pause, content)
