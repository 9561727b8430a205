"""A corridor as it is notified and watched."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from lull.domain.corridor import MineStatus, User
from lull.domain.records.common import Place, Record
from lull.domain.refusal import require, require_whole


class Flow(StrEnum):
    """The ways in which a corridor is passed."""

    OUT = "out"
    IN = "in"
    BOTH = "both"


class CorridorStatus(StrEnum):
    """Whether a corridor can be used."""

    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting_approval"
    OPEN = "open"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class WaypointKind(StrEnum):
    """What happens at a point of the way."""

    ASSEMBLY = "assembly"
    BOARDING = "boarding"
    CHECKPOINT = "checkpoint"
    EXCHANGE = "exchange"
    TRIAGE = "triage"
    RECEPTION = "reception"
    REFUELLING = "refuelling"
    HOLDING_AREA = "holding_area"
    MEDICAL_POST = "medical_post"
    FEEDING_POINT = "feeding_point"
    WATER = "water"
    HEATING = "heating"
    TOILETS = "toilets"


@frozen(kw_only=True)
class Waypoint:
    """A point of the way, and how far along it lies.

    Of a feeding point: the meals that it gives out in an hour, and those in stock.
    """

    place: Place
    kind: WaypointKind
    along_km: Decimal | None = None
    meals_an_hour: int | None = None
    meals_in_stock: int | None = None

    def __attrs_post_init__(self) -> None:
        for what in ("meals_an_hour", "meals_in_stock"):
            if getattr(self, what) is not None:
                require_whole(getattr(self, what), f"{what!r}")
                require(self.kind is WaypointKind.FEEDING_POINT,
                        "Meals are given out at a feeding point; say that it is one.")


@frozen(kw_only=True)
class CheckpointTerm:
    """A check on the way: who holds it, by whose authority, what may be checked, minutes a vehicle.
    """

    place: Place
    operator: str
    checks_allowed: str
    minutes_low: int
    minutes_likely: int
    minutes_high: int
    authority: str = ""

    def __attrs_post_init__(self) -> None:
        require(0 <= self.minutes_low <= self.minutes_likely <= self.minutes_high,
                "Minutes at a checkpoint rise from low to high.")


@frozen(kw_only=True)
class CorridorRecord(Record):
    """A corridor in one version; its status with the reason and by whom."""

    name: str
    users: tuple[User, ...]
    direction: Flow
    waypoints: tuple[Waypoint, ...]
    status: CorridorStatus
    mine_status: MineStatus
    name_local: str = ""
    status_reason: str = ""
    status_by: str = ""
    status_at: datetime | None = None
    mines_cleared_by: str = ""
    mines_cleared_at: datetime | None = None
    length_km: Decimal | None = None
    hours: str = ""
    road_condition: str = ""
    heaviest_vehicle_t: Decimal | None = None
    highest_vehicle_m: Decimal | None = None
    checkpoints: tuple[CheckpointTerm, ...] = ()
    persons_an_hour: int | None = None
    trucks_an_hour: int | None = None
    buses: int | None = None
    seats: int | None = None
    ambulances: int | None = None
    stretcher_places: int | None = None
    trucks: int | None = None
    escort: str = ""
    monitors: str = ""
    cameras: str = ""
    alternates: tuple[str, ...] = ()
    largest_convoy: int | None = None
    holding_limit_minutes: int | None = None
    destination: str = ""
    receiving_capacity_persons: int | None = None

    def check(self) -> None:
        """A corridor that is not simply planned or open says by whom, and the reason given."""
        if self.status in (CorridorStatus.PLANNED, CorridorStatus.OPEN):
            pass
        elif self.status is CorridorStatus.AWAITING_APPROVAL:
            require(bool(self.status_by), "Say whose approval it awaits.")
        else:
            require(bool(self.status_by and self.status_reason), "Say by whom it is "
                    f"{self.status.value}, and the reason that was given, or «none given».")
        for what in ("largest_convoy", "holding_limit_minutes", "persons_an_hour"):
            if getattr(self, what) is not None:
                require_whole(getattr(self, what), f"{what!r}")
