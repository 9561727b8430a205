"""Figures that were claimed, side by side with their spread, beside figures that were verified."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from attrs import frozen

from lull.domain.records import read_payload
from lull.domain.records.claim import ClaimedFigure, VerifiedFigure
from lull.ledger.content import Content


@frozen
class Claim:
    """A figure as its source gave it, by whose entry it stands here."""

    record: ClaimedFigure
    side: str
    entry: str


@frozen
class Verified:
    """A figure that was established; `by_claimant` if by one of those who claim it themselves."""

    record: VerifiedFigure
    side: str
    entry: str
    by_claimant: bool


@frozen
class Spread:
    """The claims about one thing in one unit, from least to most, and what was verified."""

    about: str
    unit: str
    claims: tuple[Claim, ...]
    verified: tuple[Verified, ...]

    @property
    def least(self) -> Decimal | None:
        """The least figure claimed; None where there is none."""
        return self.claims[0].record.value if self.claims else None

    @property
    def most(self) -> Decimal | None:
        """The most claimed."""
        return self.claims[-1].record.value if self.claims else None


def spreads(said: Iterable[tuple[str, Content]]) -> tuple[Spread, ...]:
    """Claims by what they are about and in which unit, from contents in effect, each with its
    entry; none is left out, none comes first, and none takes the place of another.
    """
    claims: dict[tuple[str, str], list[Claim]] = {}
    facts: dict[tuple[str, str], list[tuple[VerifiedFigure, str, str]]] = {}
    for entry, content in said:
        if content.kind not in ("claimed_figure", "verified_figure"):
            continue
        record = read_payload(content.kind, content.payload)
        assert isinstance(record, ClaimedFigure | VerifiedFigure)
        at = (record.about, record.unit)
        if isinstance(record, ClaimedFigure):
            claims.setdefault(at, []).append(Claim(record, content.writer.side, entry))
        else:
            facts.setdefault(at, []).append((record, content.writer.side, entry))
    return tuple(_spread(at, claims.get(at, []), facts.get(at, []))
                 for at in sorted(claims.keys() | facts.keys()))


def _spread(at: tuple[str, str], claims: list[Claim],
            facts: list[tuple[VerifiedFigure, str, str]]) -> Spread:
    claimants = {c.record.claimed_by for c in claims}
    return Spread(
        *at, tuple(sorted(claims, key=lambda c: (c.record.value, c.record.claimed_by, c.entry))),
        tuple(Verified(record, side, entry, record.verified_by in claimants)
              for record, side, entry in sorted(facts, key=lambda f: f[2])))
