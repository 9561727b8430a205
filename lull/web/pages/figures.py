"""Figures that were claimed, side by side, with how far apart they lie; verified ones stand apart.

Nothing is worked out of claims but the least and the most: no figure takes another's place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.records.claim import ClaimedFigure, VerifiedFigure
from lull.ledger.claims import Spread, spreads
from lull.report.sheets import csv_bytes
from lull.report.timetables import Table
from lull.store.view import Known
from lull.web.pages.listing import found
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room
from lull.web.pages.spread import Picture, drawn
from lull.web.pages.taken import taken_out
from lull.web.pages.visit import Visit, in_pause_or_public


@frozen
class Claim:
    """A figure as its source gave it, with the entry in which it stands."""

    figure: ClaimedFigure
    told: Told


@frozen
class Verified:
    """A figure that somebody established, with the entry in which it stands."""

    figure: VerifiedFigure
    told: Told


@frozen
class Subject:
    """All that was said of one thing in one unit: claims from least to most, verified apart."""

    spread: Spread
    claims: tuple[Claim, ...]
    verified: tuple[Verified, ...]
    picture: Picture | None

    @property
    def about(self) -> str:
        """What it is about."""
        return self.spread.about

    @property
    def unit(self) -> str:
        """In which unit."""
        return self.spread.unit

    @property
    def least(self) -> Decimal | None:
        """The least figure claimed."""
        return self.spread.least

    @property
    def most(self) -> Decimal | None:
        """The most claimed."""
        return self.spread.most

    @property
    def differ(self) -> bool:
        """Whether the claims are not all the same."""
        return self.least != self.most

    @property
    def latest(self) -> int:
        """The number of what was said last."""
        return max([c.told.seq for c in self.claims] + [v.told.seq for v in self.verified])

    @property
    def words(self) -> str:
        """What is searched."""
        said = [f"{self.about} {self.unit}"]
        said += [f"{c.figure.claimed_by} {c.figure.source} {c.figure.value}" for c in self.claims]
        said += [f"{v.figure.verified_by} {v.figure.method} {v.figure.value}"
                 for v in self.verified]
        return "\n".join(said).casefold()


def subjects(room: Room) -> list[Subject]:
    """What figures there are that the reader may see, what was said last first."""
    known = {k.entry.hash: k for k in room.told("claimed_figure", "verified_figure")
             if not k.fault}
    said = ((name, k.content) for name, k in known.items() if k.content is not None)
    made = [_subject(spread, known) for spread in spreads(said)]
    return sorted(made, key=lambda one: -one.latest)


def _subject(spread: Spread, known: Mapping[str, Known]) -> Subject:
    claims = tuple(Claim(c.record, told(known[c.entry])) for c in spread.claims)
    verified = sorted((Verified(v.record, told(known[v.entry])) for v in spread.verified),
                      key=lambda v: v.told.seq)
    picture = drawn([c.figure.value for c in claims], [v.figure.value for v in verified])
    return Subject(spread, claims, tuple(verified), picture)


@in_pause_or_public
def figures(visit: Visit) -> HttpResponse:
    """Every subject, with its claims and what was verified."""
    room = visit.room
    made = subjects(room)
    if visit.posted and visit.request.POST.get("act") == "csv":
        return taken_out(visit, "figures", csv_bytes(_table(made)))
    part = found(visit, made, lambda one: one.words,
                 lambda one: ("claims_differ",) if one.differ else ())
    return visit.show("figures.html", found=part, kind="claimed_figure",
                      may_claim=room.may_write("claimed_figure"),
                      may_verify=room.may_write("verified_figure"))


HXL = ("#indicator+name", "#indicator+unit", "#indicator+claimed+num", "#indicator+verified+num",
       "#org+reporting", "#date+reported", "#meta+source", "#meta+method")
"""The hashtags of the columns (HXL 1.1, hxlstandard.org)."""


def _table(some: Sequence[Subject]) -> Table:
    header = ("about", "unit", "claimed", "verified", "by", "at", "source", "method")
    rows: list[tuple[Any, ...]] = []
    for one in some:
        rows += [(one.about, one.unit, f"{c.figure.value:f}", None, c.figure.claimed_by,
                  c.told.payload.get("claimed_at"), c.figure.source, None) for c in one.claims]
        rows += [(one.about, one.unit, None, f"{v.figure.value:f}", v.figure.verified_by,
                  v.told.payload.get("verified_at"), v.figure.source, v.figure.method)
                 for v in one.verified]
    return Table("figures", "Figures", header, (HXL, *rows))
