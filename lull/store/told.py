"""What a pause amounts to for one reader: how ready it is, what was delivered, what is claimed.

All of it from what this one may read, and no more; the first sight of what is sealed is written
down, as everywhere.
"""

from __future__ import annotations

from attrs import frozen

from lull.domain.records import read_payload
from lull.domain.records.request import ExtensionRequest
from lull.ledger.claims import Spread, spreads
from lull.ledger.content import Content
from lull.ledger.deliveries import Waybill, waybills
from lull.ledger.fold import Stand, Thing
from lull.ledger.protection import AcceptedOpen, Word, accepted_open
from lull.ledger.readiness import Readiness, readiness
from lull.store.kept import Store
from lull.store.principal import Seated
from lull.store.reading import note_seen, view_of
from lull.store.view import Known


@frozen
class Mine:
    """What of a pause one may read, and has effect. `said` are contents in causal order."""

    things: dict[Thing, tuple[Stand, ...]]
    words: tuple[Word, ...]
    said: tuple[Known, ...]

    @property
    def entries(self) -> list[tuple[str, Content]]:
        """What is said, each with the hash of its entry."""
        return [(k.entry.hash, k.content) for k in self.said if k.content is not None]


def mine(store: Store, seat: Seated, tables: tuple[str, ...]) -> Mine:
    """What of some tables and records one may read; raises NotAllowed."""
    view = view_of(store, seat)

    def about(content: Content | None) -> bool:
        return content is not None and content.kind.partition(".")[0] in tables

    read = {h: k for h, k in list(view.known.items()) if about(k.content) and seat.may_read(k)}
    things = {}
    for thing, stands in list(view.things.items()):
        kept = tuple(s for s in stands if s.entry.hash in read)
        if kept and thing.table in tables:
            things[thing] = kept
    words = tuple(w for w in view.words if w.entry in read)
    said = sorted((k for k in read.values() if k.fault is None), key=lambda k: k.seq)
    note_seen(store, seat, said)
    return Mine(things, words, tuple(said))


def readiness_of(store: Store, seat: Seated) -> tuple[Readiness, ...]:
    """How the pauses of a ledger stand before they begin, for one reader."""
    own = mine(store, seat, ("pause", "consent", "readiness", "protection_answer"))
    return readiness(own.things, own.words, (content for _, content in own.entries))


def accepted_of(store: Store, seat: Seated) -> tuple[AcceptedOpen, ...]:
    """The protection questions that are accepted as open, with the reasons, for one reader."""
    own = mine(store, seat, ("pause", "protection_answer"))
    return accepted_open(own.words, (content for _, content in own.entries))


def waybills_of(store: Store, seat: Seated) -> tuple[Waybill, ...]:
    """The deliveries of a ledger, item by item, for one reader."""
    own = mine(store, seat, ("delivery",))
    return waybills(own.things, own.entries)


def claims_of(store: Store, seat: Seated) -> tuple[Spread, ...]:
    """What is claimed beside what is verified, for one reader."""
    return spreads(mine(store, seat, ("claimed_figure", "verified_figure")).entries)


def requests_of(store: Store, seat: Seated) -> tuple[ExtensionRequest, ...]:
    """The requests for an extension that one may read, in the order in which they were written."""
    found = [read_payload(content.kind, content.payload)
             for _, content in mine(store, seat, ("request",)).entries]
    return tuple(one for one in found if isinstance(one, ExtensionRequest))
