"""What is said of a pause: written, read, followed, disclosed, destroyed."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import ConfigDict, Field

from lull.domain.protocol import Fault, NotJudged
from lull.domain.records import RECEIPT_SENTENCE
from lull.ledger.content import Wall
from lull.store import reading
from lull.store.ledgers import disclose
from lull.store.principal import Scope
from lull.store.view import Known
from lull.store.write import Wish, Written, destroy, write
from lull.web.api.auth import anyone, member, seat_of, store_of
from lull.web.api.errors import NOT_DONE, Problem
from lull.web.api.once import MaybeOnce, Once

router = Router(tags=["records"])

HASH = r"^[0-9a-f]{64}$"
Cursor = Annotated[int, Query(ge=0, le=2**62, description="go on behind this")]
Limit = Annotated[int, Query(ge=1, le=reading.MOST_AT_ONCE)]


class Given(Schema):
    """Something sent to the server; fields that are not known are refused."""

    model_config = ConfigDict(extra="forbid")


class WishIn(Given):
    """What is to be written. Whose it is and when it arrived, the server adds."""

    kind: str = Field(max_length=80, description="table.event, or a record without states")
    object: str = Field(min_length=1, max_length=200, description="what it is about")
    part: str = Field("", max_length=200, description="recipient, party, cell or observer in it")
    payload: dict[str, Any] = Field(description="the record; see docs/reference/records.md")
    wall: Wall = Field(description="who may read it: everyone, the own side, those named")
    to: list[UUID] = Field([], max_length=50, description="sides to which it is sealed")
    said: str = Field("", max_length=20, description="when the source says that it was so")


class WrittenOut(Schema):
    """An entry that is kept. `again`: it had been acknowledged before."""

    hash: str
    seq: int
    number: int
    again: bool


class FaultOut(Schema):
    """Why an entry has no effect, and whose fault it is."""

    side: str
    sentence: str


class EntryOut(Schema):
    """An entry, and what it says where that may be read.

    `entry` is what is chained and signed; `content` is null where it is not yours to read, or your
    session is not unlocked. `beside` stands beside every receipt. An entry with a `fault` has no
    effect. One that is `unjudged` has none for you, as what it follows on may be sealed to others:
    the sentence says so, and nobody is at fault by this alone.
    """

    seq: int
    hash: str
    entry: dict[str, Any]
    content: dict[str, Any] | None
    fault: FaultOut | None
    unjudged: str = ""
    beside: str = ""


class PageOut(Schema):
    """Entries, and the cursor with which to go on. `more`: there is more already."""

    items: list[EntryOut]
    cursor: int
    more: bool


class ThingOut(Schema):
    """How a thing stands. More than one state: posts that were apart said different things."""

    table: str
    object: str
    part: str
    states: list[str]
    entries: list[str]
    next: list[str] = Field(description="the steps that your role may take on it now")


class FindIn(Given):
    """What is looked for; in the body, as addresses are kept in logs."""

    kind: str = Field("", max_length=80)
    object: str = Field("", max_length=200)
    part: str = Field("", max_length=200)
    after: int = Field(0, ge=0, le=2**62)
    limit: int = Field(100, ge=1, le=reading.MOST_AT_ONCE)


class DiscloseIn(Given):
    """Who is to read what from now on. It cannot be taken back."""

    entries: list[Annotated[str, Field(pattern=HASH)]] = Field(min_length=1, max_length=100)
    to: UUID = Field(description="the side whose members are to read it")
    reason: str = Field("", max_length=1_000)


def written(done: Written) -> Status[WrittenOut]:
    """The answer to a write: 201, or 200 where it had been acknowledged before."""
    return Status(200 if done.again else 201, WrittenOut(hash=done.hash, seq=done.seq,
                                                         number=done.number, again=done.again))


def shown(known: Known, content: bool) -> EntryOut:
    """An entry as it is shown, with what it says if that may be read."""
    fault = known.fault
    blamed = fault if isinstance(fault, Fault) else None
    said = known.content if content else None
    return EntryOut(
        seq=known.seq, hash=known.entry.hash, entry=known.entry.as_json(),
        content=said.as_json() if said else None,
        fault=FaultOut(side=blamed.side, sentence=blamed.sentence) if blamed and said else None,
        unjudged=fault.sentence if isinstance(fault, NotJudged) and said else "",
        beside=RECEIPT_SENTENCE if said and said.kind.startswith("receipt.") else "",
    )  # fmt: skip


WRITE = {200: WrittenOut, 201: WrittenOut, NOT_DONE: Problem}


@router.post("pauses/{uuid:pause}/entries", auth=member, response=WRITE, operation_id="write")
def write_entry(request: HttpRequest, pause: UUID, given: WishIn, once: Once) -> Any:
    """Write an entry. It is acknowledged once it is on the disk.

    An illegal step is refused with the side at fault and the roles whose step is awaited; a record
    that is not right, with every error at its field.
    """
    wish = Wish(given.kind, given.object, given.payload, given.wall.value, given.part,
                tuple(given.to), given.said)
    return written(write(store_of(request), seat_of(request, pause, Scope.WRITE), wish, once))


def _page(request: HttpRequest, pause: UUID, page: reading.Page) -> PageOut:
    seat = seat_of(request, pause)
    return PageOut(items=[shown(k, seat.may_read(k)) for k in page.items], cursor=page.cursor,
                   more=page.more)


@router.get("pauses/{uuid:pause}/changes", auth=anyone, response={200: PageOut, NOT_DONE: Problem},
            operation_id="changes")
def changes(request: HttpRequest, pause: UUID, after: Cursor = 0, limit: Limit = 100) -> PageOut:
    """What was written behind a cursor, in the order in which this server took it.

    Ask again with the cursor of the answer: nothing is left out, and nothing comes twice.
    """
    page = reading.changes(store_of(request), seat_of(request, pause), after, limit)
    return _page(request, pause, page)


@router.post("pauses/{uuid:pause}/find", auth=anyone, response={200: PageOut, NOT_DONE: Problem},
             operation_id="find")
def find(request: HttpRequest, pause: UUID, given: FindIn) -> PageOut:
    """What you may read, of a kind (a table, a step, a record), about an object, of a part."""
    page = reading.find(store_of(request), seat_of(request, pause), kind=given.kind,
                        about=given.object, part=given.part, after=given.after, limit=given.limit)
    return _page(request, pause, page)


@router.get("pauses/{uuid:pause}/entries/{entry}", auth=anyone,
            response={200: EntryOut, NOT_DONE: Problem}, operation_id="entry")
def one_entry(request: HttpRequest, pause: UUID, entry: str) -> EntryOut:
    """One entry by its hash. Asking for one that is not yours to see is written down."""
    seat = seat_of(request, pause)
    known = reading.entry(store_of(request), seat, entry[:64])
    return shown(known, seat.may_read(known))


@router.get("pauses/{uuid:pause}/things", auth=anyone,
            response={200: list[ThingOut], NOT_DONE: Problem}, operation_id="things")
def things(request: HttpRequest, pause: UUID) -> list[ThingOut]:
    """How everything stands that you may read. Where posts differ, all they said is here."""
    found = reading.standings(store_of(request), seat_of(request, pause))
    return [
        ThingOut(table=s.thing.table, object=s.thing.object, part=s.thing.part,
                 states=list(s.states), entries=list(s.entries), next=list(s.next))
        for s in found
    ]


@router.post("pauses/{uuid:pause}/disclosures", auth=member, response=WRITE,
             operation_id="disclose")
def disclose_entries(request: HttpRequest, pause: UUID, given: DiscloseIn,
                     once: MaybeOnce = "") -> Any:
    """Let a side read what was sealed without it. It is an entry, and cannot be taken back."""
    seat = seat_of(request, pause, Scope.WRITE)
    return written(disclose(store_of(request), seat, given.entries, given.to, given.reason, once))


@router.post("pauses/{uuid:pause}/entries/{entry}/destroy", auth=member, response=WRITE,
             operation_id="destroy")
def destroy_entry(request: HttpRequest, pause: UUID, entry: str, once: MaybeOnce = "") -> Any:
    """Destroy what an entry of your own side says, with every key to it.

    That it was written stays in the chain. Copies in backups and in other hands are not reached.
    """
    seat = seat_of(request, pause, Scope.WRITE)
    return written(destroy(store_of(request), seat, entry[:64], once))
