"""A figure that somebody gave, and a figure that somebody verified: two records, never one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from attrs import frozen

from lull.domain.records.common import Credibility, Document, Record, Reliability
from lull.domain.refusal import require


@frozen(kw_only=True)
class ClaimedFigure(Record):
    """A figure as its source gave it. It has no field that could call it verified."""

    about: str
    value: Decimal
    unit: str
    claimed_by: str
    claimed_at: datetime
    occurred: str = ""
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    document: Document | None = None

    def check(self) -> None:
        """A claim has a source."""
        require(bool(self.source), "A figure needs a source.")


@frozen(kw_only=True)
class VerifiedFigure(Record):
    """A figure that somebody other than who claimed it has established, and how."""

    about: str
    value: Decimal
    unit: str
    verified_by: str
    verified_at: datetime
    method: str
    claims_looked_at: tuple[str, ...]
    document: Document | None = None
