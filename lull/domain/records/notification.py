"""Notifications of movements and of sites: one version of what those who might fire are told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from attrs import frozen

from lull.domain.records.common import Contact, Document, PeopleCount, Place, Position, Record, Span
from lull.domain.records.lines import Rung, require_rising
from lull.domain.refusal import require, require_whole


class MovementType(StrEnum):
    """What moves."""

    STAFF = "staff"
    CARGO = "cargo"
    MEDEVAC = "medevac"
    EVACUATION = "evacuation"
    MIXED = "mixed"
    AIR = "air"
    SEA = "sea"


class Outcome(StrEnum):
    """How a movement ended."""

    COMPLETED = "completed"
    PARTLY = "partly"
    IMPEDED = "impeded"
    DENIED = "denied"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


class SiteFunction(StrEnum):
    """What a site is for."""

    OFFICE = "office"
    WAREHOUSE = "warehouse"
    GUEST_HOUSE = "guest_house"
    DISTRIBUTION_POINT = "distribution_point"
    FEEDING_CENTRE = "feeding_centre"
    HEALTH_FACILITY = "health_facility"
    SHELTER = "shelter"
    SCHOOL = "school"
    WATER = "water"
    POWER = "power"
    COLLECTION_POINT = "collection_point"
    CROSSING = "crossing"


class SiteStatus(StrEnum):
    """Whether a notified site is still what it was."""

    ACTIVE = "active"
    UNVERIFIED = "unverified"
    REMOVED = "removed"


@frozen(kw_only=True)
class Stop:
    """A place on the way with its times; `actual` once they are known."""

    place: Place
    arrives: datetime
    leaves: datetime
    overnight: bool = False
    actually_arrived: datetime | None = None
    actually_left: datetime | None = None
    delay_cause: str = ""


@frozen(kw_only=True)
class NotifiedVehicle:
    """Vehicles of one kind, as they are seen from afar."""

    type: str
    number: int
    make: str = ""
    colour: str = ""
    plates: tuple[str, ...] = ()
    markings: str = ""
    roof_marking: str = ""
    transponder: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.number, "The number of vehicles", least=1)


@frozen(kw_only=True)
class Crew:
    """Drivers and staff of one organisation: how many, and where the list is kept."""

    organisation: str
    number: int
    nationalities: int | None = None
    list_reference: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.number, "The number of crew")


@frozen(kw_only=True)
class Run:
    """One convoy, or those who go by themselves, in a notification of several: its own way.

    `people` are all whom it carries through the gate, its crew not counted.
    """

    reference: str
    vehicles: int
    people: int
    stops: tuple[Stop, ...]

    def __attrs_post_init__(self) -> None:
        require_whole(self.vehicles, "The number of vehicles of a run")
        require_whole(self.people, "The number of people of a run")
        require(bool(self.stops), "Say by which places a run goes, in their order.")


@frozen(kw_only=True)
class CargoLine:
    """One line of cargo."""

    item: str
    unit: str
    quantity: int
    weight_kg: Decimal | None = None
    volume_m3: Decimal | None = None
    seal: str = ""
    manifest_sha256: str = ""
    hazardous_or_dual_use: str = ""


@frozen(kw_only=True)
class Recipient:
    """To whom a notification goes, by which channel, with its owner's consent to it."""

    party: str
    channel: str
    consent_by_function: str
    consent_at: datetime


def route_hash(waypoints: Iterable[str]) -> str:
    """SHA-256 of the names of the points in their order, one a line: the route as it is named."""
    return sha256("\n".join(waypoints).encode()).hexdigest()


@frozen(kw_only=True)
class MovementNotification(Record):
    """One version of the notification of a movement.

    It tells and does not ask. The turning-back and nearest-shelter orders are given in advance.
    `movements` are the movements on the day by the objects under which they stand (none: the one of
    the notification's own name); `escalation` is who is called when one does not check in. Where
    it is of several convoys, `runs` has the way and times of each, and a stop's hours are those of
    the first who come and the last who leave.
    People who walk have neither vehicles nor crews.
    """

    organisation: str
    contact: Contact
    deputy: Contact
    purpose: str
    type: MovementType
    pause: str
    submitted_at: datetime
    departure: Stop
    arrival: Stop
    route_sha256: str
    recipients: tuple[Recipient, ...]
    valid: Span
    turning_back_order: str
    nearest_shelter_order: str
    vehicles: tuple[NotifiedVehicle, ...] = ()
    crews: tuple[Crew, ...] = ()
    corridors: tuple[str, ...] = ()
    emergency: bool = False
    emergency_reason: str = ""
    stops: tuple[Stop, ...] = ()
    return_stops: tuple[Stop, ...] = ()
    runs: tuple[Run, ...] = ()
    route_waypoints: tuple[Place, ...] = ()
    cargo: tuple[CargoLine, ...] = ()
    people: PeopleCount | None = None
    escort: str = ""
    call_sign: str = ""
    radio: str = ""
    satellite_phone: str = ""
    check_in_minutes: int | None = None
    facilitation_references: tuple[str, ...] = ()
    movements: tuple[str, ...] = ()
    escalation: tuple[Rung, ...] = ()

    def check(self) -> None:
        """An emergency says why; something moves, and vehicles have crews; times run forward."""
        require(bool(self.vehicles) or self.people is not None,
                "Say which vehicles move, or how many people by themselves.")
        require(bool(self.crews) or not self.vehicles,
                "Say how many drivers and staff go with the vehicles, by organisation.")
        require(not self.emergency or bool(self.emergency_reason),
                "An emergency notification says why it is one.")
        require(self.arrival.arrives > self.departure.leaves,
                "It arrives before it leaves.")
        if self.check_in_minutes is not None:
            require_whole(self.check_in_minutes, "Minutes between check-ins", least=1)
        require_rising(self.escalation)

    @property
    def points(self) -> tuple[str, ...]:
        """The named points of the route, in both scripts, as they are notified."""
        stops = (self.departure, *self.stops, self.arrival, *self.return_stops,
                 *(stop for run in self.runs for stop in run.stops))
        places = (*(stop.place for stop in stops), *self.route_waypoints)
        return tuple(dict.fromkeys(name for place in places
                                   for name in (place.name, place.name_local) if name))


@frozen(kw_only=True)
class SiteNotification(Record):
    """One version of the notification of a site; after `review_by` nobody vouches for it.

    `footprint` has the corners of its outline, in order round it.
    """

    organisation: str
    operator: str
    name: str
    function: SiteFunction
    function_confirmed_at: datetime
    function_confirmed_by: str
    position: Position
    footprint: tuple[Position, ...]
    recipients: tuple[Recipient, ...]
    operator_consents: bool
    valid_from: datetime
    review_by: datetime
    status: SiteStatus
    footprint_reference: str = ""
    address: str = ""
    code: str = ""
    picture_reference: str = ""
    entrance: str = ""
    markings: str = ""
    people_by_day: int | None = None
    people_by_night: int | None = None
    opening_hours: str = ""
    military_object_nearby: str = ""
    removal_reason: str = ""
    past_incidents: tuple[str, ...] = ()

    def check(self) -> None:
        """No site is notified against the will of those who run it."""
        require(self.operator_consents, "A site is notified only if its operator consents.")
        corners = {(c.latitude_deg, c.longitude_deg) for c in self.footprint}
        require(len(corners) >= 3, "The outline of a site has at least three corners, each at a "
                "place of its own.")
        require(self.review_by > self.valid_from, "It must be reviewed after it becomes valid.")
        require(self.status is not SiteStatus.REMOVED or bool(self.removal_reason),
                "Say why the site was removed.")


@frozen(kw_only=True)
class NotificationOutcome(Record):
    """How what was notified ended, with the reason given, or that none was."""

    outcome: Outcome
    reason_given: str
    by: str = ""
    stops: tuple[Stop, ...] = ()
    documents: tuple[Document, ...] = ()
