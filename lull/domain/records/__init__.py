"""Every kind of record, by name, and which of them an entry of each kind may carry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from lull.domain.protocol import TABLES
from lull.domain.records.account import AccessConstraint, AfterAction, Disclosure
from lull.domain.records.claim import ClaimedFigure, VerifiedFigure
from lull.domain.records.common import Record, StepNote
from lull.domain.records.delivery import Delivery, unexplained
from lull.domain.records.form import BadRecord, FieldError, as_json, read
from lull.domain.records.incident import Assessment, Incident, Inquiry
from lull.domain.records.lines import CheckIn, LineTest
from lull.domain.records.notification import (
    MovementNotification,
    NotificationOutcome,
    SiteNotification,
)
from lull.domain.records.passage import CorridorRecord
from lull.domain.records.readiness import PauseBegun, ProtectionAnswer, ReadinessCell
from lull.domain.records.receipt import (
    RECEIPT_SENTENCE,
    Facilitation,
    Fetch,
    KnownAtCheckpoint,
    NotDelivered,
    Receipt,
    Transmission,
)
from lull.domain.records.request import ExtensionRequest, PartyDecision, RequestSent
from lull.domain.records.terms import ConsentWord, PauseTerms, PreparationObserved, Statement

RECORDS: dict[str, type[Record]] = {
    "pause_terms": PauseTerms,
    "pause_begun": PauseBegun,
    "consent": ConsentWord,
    "preparation_observed": PreparationObserved,
    "statement": Statement,
    "corridor": CorridorRecord,
    "readiness_cell": ReadinessCell,
    "protection_answer": ProtectionAnswer,
    "movement_notification": MovementNotification,
    "site_notification": SiteNotification,
    "notification_outcome": NotificationOutcome,
    "transmission": Transmission,
    "receipt": Receipt,
    "known_at_checkpoint": KnownAtCheckpoint,
    "fetch": Fetch,
    "not_delivered": NotDelivered,
    "line_test": LineTest,
    "check_in": CheckIn,
    "facilitation": Facilitation,
    "extension_request": ExtensionRequest,
    "request_sent": RequestSent,
    "decision": PartyDecision,
    "delivery": Delivery,
    "incident": Incident,
    "inquiry": Inquiry,
    "assessment": Assessment,
    "claimed_figure": ClaimedFigure,
    "verified_figure": VerifiedFigure,
    "access_constraint": AccessConstraint,
    "after_action": AfterAction,
    "disclosure": Disclosure,
    "step": StepNote,
}
"""A payload names its record in the field `record`, by one of these names."""

_OF_TABLES: dict[str, tuple[str, ...]] = {
    "pause": ("pause_terms", "step"),
    "consent": ("consent",),
    "readiness": ("readiness_cell",),
    "notification": ("step",),
    "receipt": ("receipt",),
    "request": ("step",),
    "decision": ("decision",),
    "movement": ("step",),
    "incident": ("step",),
    "assessment": ("assessment",),
    "delivery": ("delivery",),
}
_OF_STEPS: dict[str, tuple[str, ...]] = {
    "pause.request": ("pause_terms",),
    "pause.declare": ("pause_terms",),
    "pause.begin": ("pause_begun",),
    "pause.extend": ("pause_terms",),
    "notification.draft": ("movement_notification", "site_notification"),
    "notification.revise": ("movement_notification", "site_notification"),
    "notification.amend": ("movement_notification", "site_notification"),
    "notification.transmit": ("transmission",),
    "notification.complete": ("notification_outcome",),
    "request.draft": ("extension_request",),
    "request.revise": ("extension_request",),
    "request.amend": ("extension_request",),
    "request.send": ("request_sent",),
    "request.receive": ("request_sent",),
    "incident.allege": ("incident",),
    "incident.inquire": ("inquiry", "step"),
    "incident.visit": ("inquiry", "step"),
    "incident.report": ("inquiry", "step"),
    "delivery.cancel": ("step",),
    "delivery.lose": ("delivery", "step"),
}
WITHOUT_STATES = tuple(
    name for name in RECORDS
    if name not in {"step", *(n for names in (*_OF_TABLES.values(), *_OF_STEPS.values())
                              for n in names)}
)
"""Records that simply stand: an entry of that kind may always follow."""


@cache
def kinds() -> dict[str, tuple[str, ...]]:
    """Every kind of entry with the records that it may carry."""
    steps = {
        f"{table.name}.{step.event}": _OF_STEPS.get(f"{table.name}.{step.event}",
                                                    _OF_TABLES[table.name])
        for table in TABLES.values() for step in table.steps
    }
    return {**steps, **{name: (name,) for name in WITHOUT_STATES}}


def payload(record: Record) -> dict[str, Any]:
    """A record as the payload of an entry."""
    name = next(name for name, known in RECORDS.items() if known is type(record))
    return {"record": name, **as_json(record)}


def read_payload(kind: str, node: Mapping[str, Any]) -> Record:
    """The record that an entry of a kind carries; raises BadRecord, every error at its field."""
    fits = kinds().get(kind)
    if fits is None:
        raise BadRecord((FieldError("", f"There is no kind of entry {kind!r}."),))
    name = node.get("record")
    if name not in fits:
        raise BadRecord((FieldError("record", f"{name!r} cannot be carried by {kind!r}; it must "
                                    f"be: {', '.join(fits)}."),))
    made = read(RECORDS[name], {key: node[key] for key in node if key != "record"})
    if kind == "delivery.account" and isinstance(made, Delivery) and (wrong := unexplained(made)):
        raise BadRecord((FieldError("explanation", wrong),))
    return made


__all__ = [
    "RECEIPT_SENTENCE",
    "RECORDS",
    "WITHOUT_STATES",
    "BadRecord",
    "FieldError",
    "Record",
    "kinds",
    "payload",
    "read_payload",
]
