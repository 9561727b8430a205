"""Constraints on access, and the account given of a pause when it is over."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from lull.domain.records.common import Document, PeopleCount, Place, Record, Span
from lull.domain.refusal import require


class ConstraintType(StrEnum):
    """The nine constraints of OCHA's access monitoring and reporting framework."""

    DENIAL_OF_NEEDS = "denial_of_existence_of_needs"
    ACCESS_TO_SERVICES = "restriction_of_access_to_services"
    ENTRY_INTO_COUNTRY = "impediments_to_enter_the_country"
    MOVEMENT_WITHIN = "restriction_of_movement_within_country"
    INTERFERENCE = "interference_in_implementation"
    VIOLENCE = "violence_against_personnel_facilities_assets"
    HOSTILITIES = "ongoing_hostilities"
    MINES = "mines_ied_erw_uxo"
    ENVIRONMENT = "physical_environment"


class Severity(StrEnum):
    """From 0 to 3, or X where too little is known (ACAPS)."""

    NONE = "0"
    LOW = "1"
    MODERATE = "2"
    HIGH = "3"
    UNKNOWN = "X"


@frozen(kw_only=True)
class AccessConstraint(Record):
    """Something that kept people from aid or aid from people."""

    occurred: Span
    place: Place
    type: ConstraintType
    severity: Severity
    sub_type: str = ""
    authority: str = ""
    sectors: tuple[str, ...] = ()
    organisation_types: tuple[str, ...] = ()
    movement: str = ""
    people_not_reached: int | None = None
    not_delivered_t: Decimal | None = None
    days_lost: int | None = None
    staff_affected: int | None = None
    mitigation: str = ""
    follow_up_by: str = ""
    written_policy: str = ""
    resolved_at: datetime | None = None
    shareable: str = ""


@frozen(kw_only=True)
class WindowKept:
    """One window: as planned, and the minutes for which it was and was not kept."""

    planned: Span
    in_force_minutes: int
    suspended_minutes: int


@frozen(kw_only=True)
class CorridorAccount:
    """What went through one corridor."""

    corridor: str
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    people_out: PeopleCount | None = None
    people_in: PeopleCount | None = None
    fighters_out_by_own_side: int | None = None
    most_persons_an_hour: int | None = None


class Stance(StrEnum):
    """How a party stood to a pause, by its own word or because it gave none."""

    REQUESTED = "requested"
    DECLARED = "declared"
    AGREED = "agreed"
    CONDITIONAL = "conditional"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


@frozen(kw_only=True)
class ConsentTold:
    """One word of one party on the pause, as it came: what it said, when, in what function."""

    party: str
    said_at: datetime
    stance: Stance
    said_by_function: str = ""
    condition: str = ""


@frozen(kw_only=True)
class Tally:
    """How many of something, by kind: movements by outcome, incidents by kind, receipts."""

    what: str
    kind: str
    number: int


@frozen(kw_only=True)
class AfterAction(Record):
    """The account of a pause. Figures of several sources stand as claims, by reference.

    `consents` is what each party said to the pause, in the order of time.
    """

    pause: str
    windows: tuple[WindowKept, ...]
    consents: tuple[ConsentTold, ...] = ()
    corridors: tuple[CorridorAccount, ...] = ()
    vehicles_planned: int | None = None
    vehicles_used: int | None = None
    triaged: tuple[Tally, ...] = ()
    referred: int | None = None
    deaths_on_the_way: int | None = None
    meals: int | None = None
    kits: int | None = None
    water_litres: int | None = None
    aid_planned_t: Decimal | None = None
    aid_loaded_t: Decimal | None = None
    aid_removed_t: Decimal | None = None
    aid_delivered_t: Decimal | None = None
    aid_returned_t: Decimal | None = None
    notifications: tuple[Tally, ...] = ()
    median_lead_minutes: int | None = None
    movements: tuple[Tally, ...] = ()
    incidents: tuple[Tally, ...] = ()
    complaints: tuple[str, ...] = ()
    extension_requests: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    standards_met: tuple[str, ...] = ()
    wished_to_leave_and_not_moved: int | None = None
    chose_to_stay: int | None = None
    lessons: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()

    def check(self) -> None:
        """A pause that is accounted for had a window."""
        require(bool(self.windows), "Say which windows were planned and kept.")


class DisclosureKind(StrEnum):
    """What was done with something that is not public."""

    DISCLOSED = "disclosed"
    EXPORTED = "exported"
    VIEWED = "viewed"
    FAILED_ATTEMPT = "failed_attempt"
    FACTOR_ENDED = "second_factor_ended"
    """A reset was given out that takes away a member's second factor, too."""


@frozen(kw_only=True)
class Disclosure(Record):
    """That something sealed was passed on, exported, read, or that somebody tried to."""

    kind: DisclosureKind
    entries: tuple[str, ...]
    to: str
    by_function: str
    at: datetime
    reason: str = ""
