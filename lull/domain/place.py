"""The places of a pause and what each can take."""

from __future__ import annotations

from enum import StrEnum

from attrs import field, frozen

from lull.domain.refusal import require, require_one_of, require_whole
from lull.domain.time import Estimate, Window

INSIDE = "inside"
"""The side that is enclosed: who is there when the window ends is caught."""

OUTSIDE = "outside"


class SiteKind(StrEnum):
    """What a site is for, in the field's terms."""

    ASSEMBLY = "assembly_point"
    EXCHANGE = "exchange_point"
    HOLDING = "holding_area"
    SHELTER = "shelter"
    BASE = "base"
    HOSPITAL = "hospital"
    RECEPTION = "reception_centre"
    FEEDING = "feeding_centre"
    WAREHOUSE = "warehouse"
    DISTRIBUTION = "distribution_point"


PEOPLE_END_HERE = frozenset({SiteKind.RECEPTION, SiteKind.HOSPITAL})
"""Kinds at which a person's journey may end. Shelters receive those who go back."""


@frozen
class Site:
    """A place with what it can take.

    `sides` are the sides of the line from which it is reached; an exchange point may lie on
    two. `capacity_*` are persons who may stay at the end of each window (None: no limit known);
    `crowd_limit` is persons waiting at one minute and `waiting_limit` minutes that a person may
    wait; `bays` is vehicles served at once (None: as many as come) and `service` minutes in a
    bay by vehicle type id, with `""` for all others. `open_hours` empty means always.
    `walk_to_shelter` and `call` are minutes: to reach shelter, and to call people forward or
    send them home. `assumed` is why the place is an assumption; empty where it is documented.
    """

    id: str
    name: str
    kind: SiteKind
    lat: float | None = None
    lon: float | None = None
    name_ar: str = ""
    neighbourhood: str = ""
    sides: tuple[str, ...] = (OUTSIDE,)
    capacity_seated: int | None = None
    capacity_stretcher: int | None = None
    capacity_critical: int | None = None
    hospital_level: int = 0
    crowd_limit: int | None = None
    waiting_limit: int | None = None
    bays: int | None = None
    service: dict[str, Estimate] = field(factory=lambda: {"": Estimate.of(0)})
    open_hours: tuple[Window, ...] = ()
    walk_to_shelter: int = 0
    call: int = 0
    receives_unaccompanied: bool = False
    receiving_organisation: str = ""
    assumed: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"Site {self.id!r}"
        require(bool(self.id), "A site has no id.")
        require_one_of(self.kind, SiteKind, f"{where}: kind")
        require(len(self.sides) >= 1, f"{where} lies on no side of the line.")
        if self.lat is not None and self.lon is not None:
            require(
                -90 <= self.lat <= 90 and -180 <= self.lon <= 180,
                f"{where}: {self.lat}, {self.lon} is not a latitude and a longitude in degrees.",
            )
        for what, value in (
            ("places for seated people", self.capacity_seated),
            ("places for stretchers", self.capacity_stretcher),
            ("places for critical patients", self.capacity_critical),
            ("crowd limit", self.crowd_limit),
            ("waiting limit", self.waiting_limit),
        ):
            if value is not None:
                require_whole(value, f"{where}: {what}")
        if self.bays is not None:
            require_whole(self.bays, f"{where}: bays", least=1)
        require(
            not self.receives_unaccompanied or bool(self.receiving_organisation),
            f"{where} receives unaccompanied children but names no receiving organisation.",
        )

    def service_of(self, vehicle_type: str) -> Estimate:
        """Minutes in a bay for one vehicle of a type."""
        return self.service.get(vehicle_type) or self.service.get("") or Estimate.of(0)

    @property
    def inside(self) -> bool:
        """Whether the site lies only on the enclosed side."""
        return self.sides == (INSIDE,)

    def is_open(self, start: int, end: int) -> bool:
        """Whether it is open through the minutes [start, end]."""
        return not self.open_hours or any(w.holds(start, end) for w in self.open_hours)
