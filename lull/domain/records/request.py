"""A request to extend a pause, and what each party decides on it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from lull.domain.records.common import Document, Record, Span
from lull.domain.refusal import require, require_whole


@frozen(kw_only=True)
class Proposal:
    """One thing that is asked for, and whether it is new beside the terms in force."""

    text: str
    is_new: bool = False


@frozen(kw_only=True)
class StillWaiting:
    """What is left to do, from figures: who waits, tonnes, and the hours needed."""

    persons: int
    patients: int
    aid_t: Decimal
    hours_p50: Decimal
    hours_p90: Decimal
    persons_an_hour: int | None = None
    rests_on: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.persons, "Persons who still wait")
        require_whole(self.patients, "Patients who still wait")
        require(0 <= self.hours_p50 <= self.hours_p90, "The hours needed at P90 are no fewer than "
                "at P50.")


@frozen(kw_only=True)
class ExtensionRequest(Record):
    """One version of a request: what is asked, what is new in it, and the figures behind it."""

    pause: str
    organisation: str
    function: str
    addressees: tuple[str, ...]
    windows: tuple[Span, ...]
    proposals: tuple[Proposal, ...]
    waiting: StillWaiting | None = None
    area: str = ""
    corridors: tuple[str, ...] = ()
    conditions_offered: tuple[str, ...] = ()
    conditions_asked: tuple[str, ...] = ()
    consents_obtained: tuple[str, ...] = ()
    guarantees_outstanding: tuple[str, ...] = ()
    latest_useful_decision: datetime | None = None
    unused_so_far: str = ""
    public_statement: str = ""
    earlier_requests: tuple[str, ...] = ()


@frozen(kw_only=True)
class RequestSent(Record):
    """That a request left or arrived: when, by which channel, in whose hands."""

    at: datetime
    channel: str
    by_function: str


@frozen(kw_only=True)
class PartyDecision(Record):
    """What one party decided, with its reason, or that it gave none."""

    request: str
    party: str
    decided_at: datetime
    decided_by_function: str
    reason_given: str = ""
    conditions: tuple[str, ...] = ()
    granted_windows: tuple[Span, ...] = ()
    conditions_for_next_pause: tuple[str, ...] = ()
    document: Document | None = None
