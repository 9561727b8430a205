"""What is said to have happened, what each observer found, and the evidence with its custody."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from lull.domain.records.common import SHA256, Credibility, Place, Record, Reliability
from lull.domain.refusal import require, require_whole


class IncidentKind(StrEnum):
    """What happened."""

    FIRE_ON_CORRIDOR = "fire_on_corridor"
    SHELLING = "shelling"
    AIR_STRIKE = "air_strike"
    SNIPER = "sniper"
    MINE_OR_IED = "mine_or_ied"
    BLOCKING = "blocking_by_armed_group"
    OBSTRUCTION = "obstruction_at_checkpoint"
    CARGO_REMOVED = "removal_of_cargo"
    CONSENT_REFUSED = "refusal_of_consent"
    COERCION_TO_LEAVE = "coercion_to_leave"
    COERCION_TO_STAY = "coercion_to_stay"
    SCREENING_BREACH = "detention_or_screening_breach"
    FAMILY_SEPARATED = "separation_of_family"
    LOOTING = "looting"
    MILITARY_USE = "use_of_pause_for_military_gain"
    ATTACK_ON_NOTIFIED = "attack_on_notified_site_or_movement"
    FALSE_CLAIM = "false_claim"
    OTHER = "other"


class Degree(StrEnum):
    """How far an attribution is borne out (words of the Board of Inquiry, S/2020/278)."""

    PLAUSIBLE = "plausible"
    PROBABLE = "probable"
    HIGHLY_PROBABLE = "highly_probable"
    ESTABLISHED = "established"
    INSUFFICIENT = "insufficient"


@frozen(kw_only=True)
class Attribution:
    """To whom one observer attributes it, how far, and as alleged by whom. Never to a person."""

    party: str
    degree: Degree
    alleged_by: str = ""


@frozen(kw_only=True)
class Effect:
    """What it did: counts, minutes, people turned back."""

    killed_civilians: int | None = None
    killed_aid_staff: int | None = None
    killed_of_parties: int | None = None
    injured_civilians: int | None = None
    injured_aid_staff: int | None = None
    injured_of_parties: int | None = None
    damage: str = ""
    delay_minutes: int | None = None
    people_turned_back: int | None = None
    victims_list_reference: str = ""

    def __attrs_post_init__(self) -> None:
        for what in ("killed_civilians", "killed_aid_staff", "killed_of_parties",
                     "injured_civilians", "injured_aid_staff", "injured_of_parties",
                     "delay_minutes", "people_turned_back"):
            if getattr(self, what) is not None:
                require_whole(getattr(self, what), f"{what!r}")


@frozen(kw_only=True)
class CustodyStep:
    """One hand through which evidence went."""

    at: datetime
    by_function: str
    what: str


@frozen(kw_only=True)
class Evidence:
    """A file that is kept elsewhere: its hash, how it was acquired, through whose hands it went."""

    sha256: str
    acquired_at: datetime
    acquired_by_function: str
    type: str
    consent: str
    custody: tuple[CustodyStep, ...]

    def __attrs_post_init__(self) -> None:
        require(bool(SHA256.fullmatch(self.sha256)), "A SHA-256 has 64 hexadecimal digits.")


@frozen(kw_only=True)
class Incident(Record):
    """An incident as alleged. `notification_hash` freezes the version that was in force."""

    occurred_from: datetime
    occurred_to: datetime
    reported_at: datetime
    reporter_organisation: str
    reporter_function: str
    place: Place
    kind: IncidentKind
    corridor: str = ""
    corridor_km: Decimal | None = None
    clause: str = ""
    weapon: str = ""
    direction: str = ""
    count: int | None = None
    heard_or_seen: str = ""
    effect: Effect | None = None
    notification: str = ""
    notification_version: int | None = None
    notification_hash: str = ""
    immediate_action: str = ""
    hotline_called_at: datetime | None = None
    hotline_answered_at: datetime | None = None
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    public_wording: str = ""

    def check(self) -> None:
        """Times run forward, and a notified movement is named in its version."""
        require(self.occurred_to >= self.occurred_from, "It ended before it began.")
        require(self.reported_at >= self.occurred_from, "It was reported before it happened.")
        require(not self.notification or bool(SHA256.fullmatch(self.notification_hash)),
                "Give the hash of the notification's entry, so that its version stays as it was.")


@frozen(kw_only=True)
class Inquiry(Record):
    """What was found of an incident since it was alleged: it stands beside the allegation.

    Evidence, casualties, the grade of the source, what was done about it, words for the public.
    """

    found_at: datetime
    by_function: str
    found: str = ""
    effect: Effect | None = None
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    public_wording: str = ""
    immediate_action: str = ""


class Attributed(StrEnum):
    """To how many an assessment attributes an incident."""

    NOBODY = "nobody"
    ONE = "one"
    SEVERAL = "several"


@frozen(kw_only=True)
class Assessment(Record):
    """What one observer says of one incident.

    `attributed` is blank where it says nothing of that, which is not the same as to nobody; those
    to whom it is attributed stand in `attribution`, each with its degree.
    """

    incident: str
    observer: str
    assessed_at: datetime
    basis: str
    attributed: Attributed | None = None
    attribution: tuple[Attribution, ...] = ()

    def check(self) -> None:
        """Those named are as many as it says."""
        number = len(self.attribution)
        right = {
            None: True, Attributed.NOBODY: number == 0, Attributed.ONE: number == 1,
            Attributed.SEVERAL: number > 1,
        }[self.attributed]  # fmt: skip
        require(right, "Name those to whom it is attributed: nobody for nobody, one for one, two "
                "or more for several.")

    @property
    def says(self) -> Attributed | None:
        """To how many it is attributed; None where nothing is said of that."""
        if self.attributed is not None or not self.attribution:
            return self.attributed
        return Attributed.ONE if len(self.attribution) == 1 else Attributed.SEVERAL
