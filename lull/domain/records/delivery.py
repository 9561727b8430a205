"""A delivery, line by line, and whether its totals reconcile."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from lull.domain.records.common import PeopleCount, Place, Record
from lull.domain.refusal import require, require_whole
from lull.domain.saying import Said, say


class DistributionMode(StrEnum):
    """How it is given out."""

    HOT_MEAL = "hot_meal"
    PARCEL = "parcel"
    BULK = "bulk"
    MEDICAL_KIT = "medical_kit"


@frozen(kw_only=True)
class Removal:
    """Units of one item that one check removed: where or by whom, and the reason given, if any.

    Nought says that a check removed nothing.
    """

    units: int
    by: str
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.units, "Units removed at a check")


@frozen(kw_only=True)
class WaybillLine:
    """One item of a waybill in whole units; None where nobody has counted yet.

    `removals` has what each check on the way removed. What was `damaged` was loaded and is of no
    use to anybody.
    """

    item: str
    unit: str
    unit_kg: Decimal
    planned: int
    loaded: int | None = None
    removals: tuple[Removal, ...] = ()
    delivered: int | None = None
    returned: int | None = None
    lost: int | None = None
    damaged: int | None = None
    unit_m3: Decimal | None = None
    expiry: str = ""
    cold_chain: bool = False

    def __attrs_post_init__(self) -> None:
        for what in ("planned", "loaded", "delivered", "returned", "lost", "damaged"):
            if getattr(self, what) is not None:
                require_whole(getattr(self, what), f"{self.item}: {what}")
        require(self.unit_kg >= 0, f"{self.item}: a unit weighs less than nothing.")

    @property
    def removed_at_check(self) -> int | None:
        """Units that all checks removed together; None where nobody has spoken of any."""
        return sum(one.units for one in self.removals) if self.removals else None

    @property
    def delivered_kg(self) -> Decimal:
        """Kilograms delivered; nothing where nobody has counted."""
        return self.unit_kg * (self.delivered or 0)


class SealFound(StrEnum):
    """How a check found a seal."""

    INTACT = "intact"
    BROKEN = "broken"
    MISSING = "missing"
    ANOTHER = "another_number"


@frozen(kw_only=True)
class SealCheck:
    """One look at a seal: where, how it was found, by whom, when."""

    place: str
    found: SealFound
    by: str
    at: datetime | None = None


@frozen(kw_only=True)
class Seal:
    """A seal, and how each check on the way found it."""

    number: str
    applied_by: str
    checks: tuple[SealCheck, ...] = ()

    @property
    def intact(self) -> bool | None:
        """Whether every check found it whole; None where none has looked."""
        return all(c.found is SealFound.INTACT for c in self.checks) if self.checks else None


@frozen(kw_only=True)
class Delivery(Record):
    """One version of a waybill and what became of it. It may lie outside any pause.

    `observed_by` is who else is said to have seen it; until one of them has said so themselves, a
    party's own delivery is a claim. `explanation` says why totals do not agree, where they do not.
    """

    carrier: str
    consignor: str
    consignee: str
    waybill: str
    place: Place
    lines: tuple[WaybillLine, ...]
    pause: str = ""
    corridor: str = ""
    movement: str = ""
    donor: str = ""
    seals: tuple[Seal, ...] = ()
    loaded_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    unloaded_at: datetime | None = None
    place_class: str = ""
    recipients_planned: PeopleCount | None = None
    recipients_reached: PeopleCount | None = None
    days_covered: Decimal | None = None
    kcal: int | None = None
    water_litres: int | None = None
    mode: DistributionMode | None = None
    received_by_function: str = ""
    receipt_sha256: str = ""
    counted_by: str = ""
    weighed_by: str = ""
    observed_by: tuple[str, ...] = ()
    feedback: str = ""
    explanation: str = ""


def unreconciled(delivery: Delivery) -> tuple[Said, ...]:
    """Where the totals do not add up, a sentence a line; empty if all of them do."""
    found = []
    for line in delivery.lines:
        if line.loaded is None:
            found.append(say("{item}: nobody has said how many {unit} were loaded (planned "
                             "{planned}).", item=line.item, unit=line.unit, planned=line.planned))
            continue
        parts = _parts(line)
        ends = (line.removed_at_check, line.delivered, line.returned, line.lost, line.damaged)
        away = line.loaded - sum(n or 0 for n in ends)
        if away > 0:
            found.append(say(
                "{item}: {loaded} {unit} loaded; {parts} accounted for; {away} unaccounted for.",
                item=line.item, loaded=line.loaded, unit=line.unit, parts=parts, away=away))
        elif away < 0:
            found.append(say(
                "{item}: {loaded} {unit} loaded; {parts} accounted for; {away} more than were "
                "loaded.",
                item=line.item, loaded=line.loaded, unit=line.unit, parts=parts, away=-away))
    return tuple(found)


def _parts(line: WaybillLine) -> tuple[Said, ...]:
    """What became of what was loaded, as far as somebody has counted it."""
    found = []
    if line.removed_at_check is not None:
        found.append(say("{number} removed at the check", number=line.removed_at_check))
    if line.delivered is not None:
        found.append(say("{number} delivered", number=line.delivered))
    if line.returned is not None:
        found.append(say("{number} returned", number=line.returned))
    if line.lost is not None:
        found.append(say("{number} lost", number=line.lost))
    return tuple(found) or (say("nothing"),)


def reconcile(delivery: Delivery) -> tuple[str, ...]:
    """As `unreconciled`, in English."""
    return tuple(map(str, unreconciled(delivery)))


def unexplained(delivery: Delivery) -> str:
    """Why a delivery is not accounted for: its totals do not agree and nobody says why; or nothing.
    """
    found = reconcile(delivery)
    if not found or delivery.explanation:
        return ""
    return f"The totals do not agree. {' '.join(found)} Say why, or mend the lines."
