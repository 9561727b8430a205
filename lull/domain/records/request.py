"""A request to extend a pause, and what each party decides on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from attrs import frozen

from lull.domain.records.common import Document, Record, Span
from lull.domain.refusal import require, require_whole


@frozen(kw_only=True)
class Proposal:
    """One thing that is asked for: new, or by which earlier request it was asked for already."""

    text: str
    is_new: bool = False
    repeats: str = ""

    def __attrs_post_init__(self) -> None:
        require(not (self.is_new and self.repeats), "What an earlier request asked for already is "
                "not new.")


@frozen(kw_only=True)
class StillWaiting:
    """What is left to do, from figures: who waits, tonnes, and the hours needed."""

    persons: int
    patients: int
    aid_t: Decimal
    hours_p50: Decimal | None = None
    hours_p90: Decimal | None = None
    hours_on_paper: Decimal | None = None
    persons_an_hour: int | None = None
    rests_on: str = ""

    def __attrs_post_init__(self) -> None:
        require_whole(self.persons, "Persons who still wait")
        require_whole(self.patients, "Patients who still wait")
        p50, p90 = self.hours_p50, self.hours_p90
        require((p50 is None) == (p90 is None), "Give the hours needed at P50 and at P90, or "
                "neither.")
        require(p50 is None or p90 is None or 0 <= p50 <= p90, "The hours needed at P90 are no "
                "fewer than at P50.")


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
    """What one party decided, with its reason, or that it gave none.

    `request_version` is the version that it decided on; blank for the first.
    """

    request: str
    party: str
    decided_at: datetime
    decided_by_function: str
    reason_given: str = ""
    conditions: tuple[str, ...] = ()
    granted_windows: tuple[Span, ...] = ()
    conditions_for_next_pause: tuple[str, ...] = ()
    document: Document | None = None
    request_version: int | None = None

    def check(self) -> None:
        """Versions count from 1."""
        if self.request_version is not None:
            require_whole(self.request_version, "The version decided on", least=1)


def chain_of(earlier: Iterable[str], requests: Iterable[ExtensionRequest]
             ) -> tuple[ExtensionRequest, ...]:
    """The requests to which references lead, theirs too, the earliest of the chain first.

    Of a request in several versions all count. What is not known is left out.
    """
    known: dict[str, list[ExtensionRequest]] = {}
    for request in requests:
        known.setdefault(request.reference, []).append(request)
    found: list[ExtensionRequest] = []
    seen: set[str] = set()

    waiting = list(dict.fromkeys(earlier))
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        found += known.get(name, ())
        waiting += [before for r in known.get(name, ()) for before in r.earlier_requests]
    return tuple(reversed(found))


def marked(texts: Iterable[str], chain: Iterable[ExtensionRequest]) -> tuple[Proposal, ...]:
    """Proposals marked as new, or with the earliest request of a chain that had them.

    Two are the same if their letters and figures are, whatever stands between.
    """
    asked: dict[str, str] = {}
    for request in chain:
        for one in request.proposals:
            asked.setdefault(_plain(one.text), request.reference)
    return tuple(
        Proposal(text=text, is_new=_plain(text) not in asked, repeats=asked.get(_plain(text), ""))
        for text in texts)


def _plain(text: str) -> str:
    return " ".join("".join(m if m.isalnum() else " " for m in text.casefold()).split())
