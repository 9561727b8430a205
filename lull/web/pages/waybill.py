"""One waybill as a table: item by stage in units and kilograms, and where it does not add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import frozen

from lull.domain.records import read_payload
from lull.domain.records.delivery import Delivery, WaybillLine
from lull.store.view import Known
from lull.web.pages.room import Room, Stood

STAGES = ("planned", "loaded", "removed_at_check", "delivered", "returned", "lost", "damaged")
"""What is counted of an item, in the order of its way."""
LEAVES = STAGES[2:]
"""What becomes of what was loaded."""
ON_THE_WAY = frozenset({"loaded", "checked"})
"""States in which what is not accounted for may still be on the vehicle."""
NOT_BEGUN = frozenset({"planned", "cancelled"})
"""States in which nothing need have been loaded."""


class Sum(StrEnum):
    """How a line, or a whole waybill, adds up."""

    EVEN = "reconciles"
    """All that was loaded is accounted for."""
    SHORT = "unaccounted_for"
    """Less is accounted for than was loaded."""
    OVER = "more_than_was_loaded"
    """More is accounted for than was loaded."""
    NOT_COUNTED = "not_counted"
    """Nobody has said how much was loaded."""
    UNDER_WAY = "under_way"
    """What is missing may still be on the vehicle."""
    NOT_BEGUN = "not_begun"
    """Nothing was loaded, nor need have been."""


WRONG = (Sum.OVER, Sum.SHORT, Sum.NOT_COUNTED)
"""What does not reconcile, the worst first."""


@frozen
class Before:
    """What was said earlier of the same figure, and by whom."""

    units: int
    side: str
    version: int


@frozen
class Cell:
    """One item at one stage; None where nobody has counted."""

    stage: str
    units: int | None
    kg: Decimal | None
    before: tuple[Before, ...] = ()


@frozen
class Row:
    """One item of a waybill. `away` are the units by which it does not add up."""

    line: WaybillLine
    cells: tuple[Cell, ...]
    sum: Sum
    away: int

    @property
    def away_kg(self) -> Decimal:
        """The kilograms by which it does not add up."""
        return self.line.unit_kg * self.away


@frozen
class Total:
    """The kilograms of a stage; `whole` if every item was counted, None where none was."""

    stage: str
    kg: Decimal | None
    whole: bool


@frozen
class Waybill:
    """What one side's word on a delivery amounts to."""

    delivery: Delivery
    side: str
    state: str
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    sum: Sum
    said_by: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether it does not reconcile."""
        return self.sum in WRONG


@frozen
class Observers:
    """Who else saw it: sides named in the record, and sides that wrote of it themselves."""

    named: tuple[str, ...]
    wrote: tuple[str, ...]

    @property
    def is_claim(self) -> bool:
        """Whether nobody but who brought it vouches for it."""
        return not self.named and not self.wrote


def waybills(room: Room, stood: Stood) -> list[Waybill]:
    """The waybill that stands; several where posts that were apart differ."""
    said = [k for k in room.told("delivery", about=stood.thing.object) if _delivery(k) is not None]
    found = []
    for known in stood.said:
        upto = [k for k in said if k.seq <= known.seq]
        last = known if _delivery(known) else (upto[-1] if upto else None)
        if last is not None:
            found.append(waybill(last, [k for k in upto if k.seq < last.seq],
                                 stood.led[known.entry.hash]))
    return found


def _delivery(known: Known) -> Delivery | None:
    """The waybill that an entry carries, if it carries one and has effect."""
    content = known.content
    if content is None or known.fault or content.payload.get("record") != "delivery":
        return None
    found = read_payload(content.kind, content.payload)
    return found if isinstance(found, Delivery) else None


def waybill(last: Known, before: Sequence[Known], state: str) -> Waybill:
    """A waybill from the entry that stands and those of it before."""
    delivery = _delivery(last)
    assert delivery is not None
    assert last.content is not None
    past = [(d, k.content.writer.side) for k in before
            if (d := _delivery(k)) is not None and k.content]
    keys = _keys(delivery)
    rows = tuple(_row(line, state, _earlier(key, past))
                 for key, line in zip(keys, delivery.lines, strict=True))
    return Waybill(delivery, last.content.writer.side, state, rows, _totals(rows),
                   _whole(row.sum for row in rows), tuple(dict.fromkeys(s for _, s in past)))


def _keys(delivery: Delivery) -> list[tuple[str, str, int]]:
    """What each line is found again by: item, unit, and the how manieth of these."""
    found: list[tuple[str, str, int]] = []
    for line in delivery.lines:
        again = sum((item, unit) == (line.item, line.unit) for item, unit, _ in found)
        found.append((line.item, line.unit, again))
    return found


def _earlier(key: tuple[str, str, int], past: Iterable[tuple[Delivery, str]]
             ) -> list[tuple[WaybillLine, str, int]]:
    return [(line, side, delivery.version) for delivery, side in past
            for known, line in zip(_keys(delivery), delivery.lines, strict=True) if known == key]


def _row(line: WaybillLine, state: str, earlier: Sequence[tuple[WaybillLine, str, int]]) -> Row:
    cells = []
    for stage in STAGES:
        units = getattr(line, stage)
        before: dict[tuple[int, str], Before] = {}
        for one, side, version in earlier:
            if (was := getattr(one, stage)) not in (None, units):
                before.setdefault((was, side), Before(was, side, version))
        cells.append(Cell(stage, units, None if units is None else line.unit_kg * units,
                          tuple(before.values())))
    out = sum(getattr(line, stage) or 0 for stage in LEAVES)
    if line.loaded is None:
        bare = state in NOT_BEGUN and out == 0
        return Row(line, tuple(cells), Sum.NOT_BEGUN if bare else Sum.NOT_COUNTED, out)
    away = line.loaded - out
    if away == 0:
        return Row(line, tuple(cells), Sum.EVEN, 0)
    short = Sum.UNDER_WAY if state in ON_THE_WAY else Sum.SHORT
    return Row(line, tuple(cells), short if away > 0 else Sum.OVER, abs(away))


def _totals(rows: Sequence[Row]) -> tuple[Total, ...]:
    found = []
    for at, stage in enumerate(STAGES):
        counted = [kg for row in rows if (kg := row.cells[at].kg) is not None]
        together = sum(counted, Decimal(0)) if counted else None
        found.append(Total(stage, together, len(counted) == len(rows)))
    return tuple(found)


def _whole(sums: Iterable[Sum]) -> Sum:
    met = set(sums)
    order = (*WRONG, Sum.UNDER_WAY, Sum.NOT_BEGUN, Sum.EVEN)
    return next(one for one in order if one in met)


def observers(room: Room, stood: Stood, bills: Sequence[Waybill]) -> Observers:
    """Who else saw a delivery. Who brings, sends or writes it is no observer of it."""
    own = {name for bill in bills for name in (
        bill.delivery.carrier, bill.delivery.consignor, bill.side, *bill.said_by)}
    said = room.told("delivery", about=stood.thing.object)
    begun = {k.content.writer.side for k in said[:1] if k.content}
    wrote = {k.content.writer.side for k in said
             if k.content and not k.fault and k.content.writer.role.value == "observer"}
    named = {name for bill in bills for name in bill.delivery.observed_by}
    return Observers(tuple(sorted(named - own - begun)), tuple(sorted(wrote - begun)))


def of_delivery(room: Room, picture: dict[str, Any]) -> dict[str, Any]:
    """What the page of one delivery shows beside what every page of a thing does."""
    stood = picture["stood"]
    if stood is None:
        return {}
    bills = waybills(room, stood)
    return {"bills": bills, "stages": STAGES, "observers": observers(room, stood, bills)}
