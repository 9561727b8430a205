"""A figure that somebody gave, and a figure that somebody verified: two records, never one."""

from __future__ import annotations

from collections.abc import Iterable
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


@frozen
class Spread:
    """The claims about one thing side by side, from least to most, with what was verified."""

    about: str
    unit: str
    claims: tuple[ClaimedFigure, ...]
    verified: tuple[VerifiedFigure, ...]

    @property
    def least(self) -> Decimal:
        """The least figure claimed."""
        return self.claims[0].value

    @property
    def most(self) -> Decimal:
        """The most claimed."""
        return self.claims[-1].value


def spreads(claims: Iterable[ClaimedFigure],
            verified: Iterable[VerifiedFigure] = ()) -> tuple[Spread, ...]:
    """Claims by what they are about and in which unit; none is left out and none comes first."""
    found: dict[tuple[str, str], list[ClaimedFigure]] = {}
    for claim in claims:
        found.setdefault((claim.about, claim.unit), []).append(claim)
    facts = list(verified)
    return tuple(
        Spread(about, unit, tuple(sorted(some, key=lambda c: (c.value, c.claimed_by))),
               tuple(f for f in facts if (f.about, f.unit) == (about, unit)))
        for (about, unit), some in sorted(found.items())
    )
