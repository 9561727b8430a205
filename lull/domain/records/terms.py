"""What a pause is and what was agreed for it: notice, terms, and what each party says to them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from attrs import frozen

from lull.domain.lead_times import AgreedTime
from lull.domain.records.common import Contact, Document, Place, Record, Span
from lull.domain.records.lines import Rung, require_rising
from lull.domain.records.readiness import WantedCell
from lull.domain.refusal import require, require_whole


class PauseKind(StrEnum):
    """What a pause is called by those who make it."""

    HUMANITARIAN_PAUSE = "humanitarian_pause"
    UNILATERAL_PAUSE = "unilateral_pause"
    LOCAL_TRUCE = "local_truce"
    DAYS_OF_TRANQUILLITY = "days_of_tranquillity"
    CESSATION_OF_HOSTILITIES = "cessation_of_hostilities"
    EVACUATION_ARRANGEMENT = "evacuation_arrangement"


class Basis(StrEnum):
    """What it rests on."""

    DECLARED = "declared"
    AGREED_IN_WRITING = "agreed_in_writing"
    AGREED_VERBALLY = "agreed_verbally"


class Purpose(StrEnum):
    """What it is for."""

    CIVILIAN_EXIT = "civilian_exit"
    WOUNDED = "wounded"
    MEDEVAC = "medevac"
    FIGHTERS_EXIT = "fighters_exit"
    AID_IN = "aid_in"
    REPAIR = "repair"
    VACCINATION = "vaccination"
    REMAINS = "remains"
    EXCHANGE = "exchange"


class Screening(StrEnum):
    """What those who leave are checked for."""

    NONE = "none"
    WEAPONS_ONLY = "weapons_only"
    IDENTITY = "identity"


class ThirdRole(StrEnum):
    """What a third party does for a pause."""

    MEDIATOR = "mediator"
    GUARANTOR = "guarantor"
    OBSERVER = "observer"
    FACILITATOR = "facilitator"


@frozen(kw_only=True)
class PartyTerm:
    """One party in the terms, by the name it uses, and in what function it signed."""

    party: str
    signs_as: str = ""
    must_agree: bool = False


@frozen(kw_only=True)
class ThirdParty:
    """A third party and what it does."""

    name: str
    role: ThirdRole


@frozen(kw_only=True)
class StandOff:
    """How far weapons of a class stay away."""

    weapon_class: str
    distance_m: int

    def __attrs_post_init__(self) -> None:
        require_whole(self.distance_m, "The stand-off distance in metres")


@frozen(kw_only=True)
class Safeguard:
    """A clause agreed for the pause, the same for all parties; an incident can cite it by `id`."""

    id: str
    text: str
    binds: str
    observed_by: str = ""


@frozen(kw_only=True)
class PauseTerms(Record):
    """A pause notice, declaration or agreement, in one version.

    `lead_times` were agreed instead of those in the table; `escalation` holds for movements whose
    notification has none.
    """

    title: str
    kind: PauseKind
    basis: Basis
    parties: tuple[PartyTerm, ...]
    area: Place
    windows: tuple[Span, ...]
    prohibited_acts: tuple[str, ...]
    permitted_acts: tuple[str, ...]
    purposes: tuple[Purpose, ...] = ()
    excluded_groups: tuple[str, ...] = ()
    third_parties: tuple[ThirdParty, ...] = ()
    area_polygon_reference: str = ""
    notice_minutes: int | None = None
    commencement_rule: str = ""
    stand_off: tuple[StandOff, ...] = ()
    overflight_rule: str = ""
    corridors: tuple[str, ...] = ()
    corridors_for_fighters: tuple[str, ...] = ()
    who_may_leave: str = ""
    clause_men_of_fighting_age: str = ""
    clause_fighters: str = ""
    clause_voluntariness: str = ""
    choice_of_destination: str = ""
    screening: Screening | None = None
    screening_present: str = ""
    cargo_sealed_by: str = ""
    cargo_inspection: str = ""
    markings: str = ""
    humanitarian_access: str = ""
    monitors_and_posts: tuple[str, ...] = ()
    operations_room: str = ""
    hotlines: tuple[Contact, ...] = ()
    publicity: tuple[str, ...] = ()
    complaint_procedure: str = ""
    who_may_suspend: str = ""
    suspension_is_told_by: str = ""
    extension_procedure: str = ""
    linked_operations: tuple[str, ...] = ()
    safeguards: tuple[Safeguard, ...] = ()
    buses: int | None = None
    ambulances: int | None = None
    feeding_points: int | None = None
    security_measures: tuple[str, ...] = ()
    readiness_wanted: tuple[WantedCell, ...] = ()
    documents: tuple[Document, ...] = ()
    lead_times: tuple[AgreedTime, ...] = ()
    escalation: tuple[Rung, ...] = ()

    def check(self) -> None:
        """Windows do not overlap; a ladder rises; a time is agreed once; corridors are known."""
        for before, after in zip(self.windows, self.windows[1:], strict=False):
            require(before.end <= after.start, "A window opens before the one before it closes.")
        others = [c for c in self.corridors_for_fighters if c not in self.corridors]
        require(not others, f"Corridors for fighters are named among the corridors, too; missing "
                f"there: {', '.join(others)}.")
        require_rising(self.escalation)
        rules = [agreed.rule for agreed in self.lead_times]
        require(len(set(rules)) == len(rules), "A lead time is agreed once for each rule.")

    @property
    def announced(self) -> tuple[tuple[str, str], ...]:
        """What was announced and can be observed, block by block: its name, and what was said."""
        said = {
            "hours": "; ".join(f"{w.start:%Y-%m-%d %H:%M} to {w.end:%Y-%m-%d %H:%M} UTC"
                               for w in self.windows),
            "corridors": ", ".join(self.corridors),
            "buses": _figure(self.buses),
            "ambulances": _figure(self.ambulances),
            "feeding_points": _figure(self.feeding_points),
            "security_measures": "; ".join(self.security_measures),
        }  # fmt: skip
        return tuple((block, words) for block, words in said.items() if words)


def _figure(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


@frozen(kw_only=True)
class ConsentWord(Record):
    """What one party said, by whom in what function, when, and in which document."""

    party: str
    said_at: datetime
    said_by_function: str
    about: str = ""
    condition: str = ""
    document: Document | None = None


@frozen(kw_only=True)
class PreparationObserved(Record):
    """What was announced for a pause and what an observer saw of it."""

    block: str
    announced: str
    observer: str
    observed_at: datetime
    seen: str


@frozen(kw_only=True)
class Statement(Record):
    """Words that a side published, as it published them."""

    by: str
    published_at: datetime
    text: str
    document: Document | None = None
