"""Entries of what the server itself saw: a link opened, a receipt given over it, a letter given up.

They are written into the log of the coordinator's post from which the letter went out, with the
words «recorded by the server», and stay with that side until it discloses them.
"""

from __future__ import annotations

from attrs import frozen

from lull.domain.protocol import Role
from lull.domain.records import Record, payload
from lull.domain.records.form import utc_text
from lull.ledger.content import Content, Wall, Writer
from lull.store import models
from lull.store.kept import Store
from lull.store.once import once_tags
from lull.store.principal import Principal, Seated
from lull.store.write import Also, Written, enter


@frozen
class Saw:
    """What the server saw: a kind of entry, the object it is about, its part and record."""

    kind: str
    object: str
    record: Record
    part: str = ""


def seat_behind(store: Store, row: models.Outgoing) -> Seated:
    """The coordinator's seat from which a letter was sent, for the server to write in.

    Its owner's word that it is called off goes to whom a coordinator sent it: then it is theirs.
    """
    first = models.Outgoing.objects.filter(pause_id=row.pause_id, about=row.about).select_related(
        "entry").order_by("id").first() if row.about else None
    by = (first or row).entry.by
    assert by is not None  # versions are sent with entries of this store's members
    member = models.Member.objects.get(pk=by)
    side = store.side_name(member.side_id)
    who = Principal(member.id, member.side_id, side, "", keeper=False, scopes=frozenset())
    return Seated(row.pause_id, who, Role.COORDINATOR)


def bear_witness(store: Store, seat: Seated, saw: Saw, once: str, *,
                 also: Also | None = None) -> Written:
    """Write down what was seen, once for each `once`. Raises IllegalStep, Busy."""
    who = seat.member
    assert seat.role is not None
    content = Content(
        kind=saw.kind, object=saw.object, part=saw.part, payload=payload(saw.record),
        writer=Writer(seat.role, who.side_name, "recorded by the server"), wall=Wall.RESTRICTED,
        received=utc_text(store.now()), recipients=(store.secrets.data.public,),
    )  # fmt: skip
    tags = once_tags(store, who, once, {"kind": saw.kind, "object": saw.object, "part": saw.part})
    return enter(store, seat, content, tags, lambda: store.own.view_to_judge(seat.pause), also=also)
