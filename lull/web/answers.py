"""What is told of a pause's state, as models: the API answers with them, and so do verbs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from lull.domain.records.form import decimal_text, utc_text
from lull.ledger.claims import Claim, Spread, Verified
from lull.ledger.deliveries import COLUMNS, Figure, Line, Waybill, totals
from lull.ledger.protection import Word
from lull.ledger.readiness import Asked, Cell, Readiness

NOT_PERMISSION = ("Go means that nothing is missing here. It is no permission, and says nothing "
                  "about safety.")
"""Stands beside every go."""


class Told(BaseModel):
    """Part of an answer; its fields are all there are."""

    model_config = ConfigDict(extra="forbid")


class CellSaidOut(Told):
    """What one entry says of a cell: who, when, by which document."""

    state: str
    side: str
    function: str
    at: str = Field(description="UTC")
    document_sha256: str
    entry: str


class CellOut(Told):
    """One corridor, condition, actor and level. A green above never turns a red below."""

    corridor: str
    condition: str
    actor: str
    level: str
    states: list[str] = Field(description="several where sides differ")
    wanted: bool
    missing: str = Field(description="why it stands in the way of go; empty if it does not")
    said: list[CellSaidOut]


class WordOut(Told):
    """One word on a protection question."""

    says: str = Field(description="answers, accepts (it stays open), or opens")
    side: str
    role: str
    function: str
    at: str = Field(description="UTC")
    text: str = Field(description="the answer, the reason that is printed, or why it is open")
    entry: str


class QuestionOut(Told):
    """One protection question and the words that stand on it."""

    question: str
    open: str = Field(description="why it keeps the pause from beginning; empty if it does not")
    accepted: bool = Field(description="it stays open, and a role accepts that with a reason")
    words: list[WordOut]


class ReadinessOut(Told):
    """How a pause stands before it begins, as far as its reader may read."""

    pause: str
    states: list[str]
    go: bool
    reasons: list[str] = Field(description="all that speaks against go")
    questions: list[QuestionOut]
    cells: list[CellOut]
    beside: str = NOT_PERMISSION


def readiness_out(found: Iterable[Readiness]) -> list[ReadinessOut]:
    """How pauses stand, as it is told."""
    return [
        ReadinessOut(pause=one.pause, states=list(one.states), go=one.go,
                     reasons=list(one.reasons), questions=[_question(q) for q in one.questions],
                     cells=[_cell(c) for c in one.cells])
        for one in found
    ]


def _question(of: Asked) -> QuestionOut:
    return QuestionOut(question=of.question.value, open=of.open,
                       accepted=bool(of.accepted) and not of.open,
                       words=[_word(w) for w in of.words])


def _word(of: Word) -> WordOut:
    record, writer = of.record, of.content.writer
    return WordOut(says=of.says.value, side=writer.side, role=writer.role.value,
                   function=record.answered_by_function, at=utc_text(record.answered_at),
                   text=record.answer or record.waiver_reason or record.open_because,
                   entry=of.entry)


def _cell(of: Cell) -> CellOut:
    return CellOut(
        corridor=of.corridor, condition=of.condition, actor=of.actor, level=of.level.value,
        states=list(of.states), wanted=of.wanted, missing=of.missing,
        said=[CellSaidOut(state=s.state, side=s.side, function=s.record.said_by_function,
                          at=utc_text(s.record.said_at), entry=s.entry,
                          document_sha256=s.record.document_sha256) for s in of.said])


class RemovalOut(Told):
    """Units that one check removed."""

    units: int
    by: str = Field(description="who removed it")
    reason: str = Field(description="the reason given for removing it")


class FigureOut(Told):
    """One side's last word on one figure; a claim unless `observed`."""

    units: int
    kg: str
    side: str
    observed: bool = Field(description="by somebody who neither sent nor carried it")
    entry: str
    removals: list[RemovalOut] = Field(description="of what was removed: check by check")


class RangeOut(Told):
    """From least to most, where sides differ; twice the same where they do not."""

    units: tuple[int, int]
    kg: tuple[str, str]


class LineOut(Told):
    """One item of a waybill. `said` and `ranges` are by column; what nobody has said is not in it.
    """

    item: str
    unit: str
    said: dict[str, list[FigureOut]]
    ranges: dict[str, RangeOut]
    unaccounted: RangeOut | None = Field(description="loaded, less all that became of it; null "
                                         "while nobody has said what was loaded")
    faults: list[str]


class SealCheckOut(Told):
    """How one check found a seal."""

    place: str
    found: str = Field(description="intact, broken, missing, or another_number")
    by: str
    at: str = Field(description="UTC; empty: nobody has said")


class SealOut(Told):
    """A seal, and how each check found it."""

    number: str
    applied_by: str
    checks: list[SealCheckOut]


class WaybillOut(Told):
    """One delivery as it stands."""

    delivery: str
    states: list[str]
    waybill: str
    carrier: str
    consignor: str
    consignee: str
    place: str
    pause: str = Field(description="empty: it lies outside any pause")
    observed: bool = Field(description="what was delivered is more than a claim")
    reconciles: bool
    faults: list[str]
    explanations: list[str]
    seals: list[SealOut]
    people_planned: int | None
    people_reached: int | None
    lines: list[LineOut]


class TotalOut(Told):
    """Kilograms of one column over all waybills that were not called off."""

    column: str
    kg: tuple[str, str]
    observed_kg: tuple[str, str]
    silent: list[str] = Field(description="waybills of which the figure is not given in each line")


class DeliveriesOut(Told):
    """Every delivery that its reader may read, and the totals."""

    waybills: list[WaybillOut]
    totals: list[TotalOut]


def deliveries_out(found: tuple[Waybill, ...]) -> DeliveriesOut:
    """Deliveries and their totals, as they are told."""
    return DeliveriesOut(
        waybills=[_waybill(one) for one in found],
        totals=[TotalOut(column=t.column, kg=_pair(t.kg), observed_kg=_pair(t.observed_kg),
                         silent=list(t.silent)) for t in totals(found)])


def _waybill(of: Waybill) -> WaybillOut:
    record = of.latest
    planned, reached = record.recipients_planned, record.recipients_reached
    return WaybillOut(
        delivery=of.delivery, states=list(of.states), waybill=record.waybill,
        carrier=record.carrier, consignor=record.consignor, consignee=record.consignee,
        place=record.place.name, pause=record.pause, observed=of.observed,
        reconciles=not of.faults, faults=list(of.faults), explanations=list(of.explanations),
        people_planned=planned.total if planned else None,
        people_reached=reached.total if reached else None,
        seals=[SealOut(number=s.number, applied_by=s.applied_by, checks=[
            SealCheckOut(place=c.place, found=c.found.value, by=c.by,
                         at=utc_text(c.at) if c.at else "") for c in s.checks])
            for s in record.seals],
        lines=[_line(line) for line in of.lines])


def _line(of: Line) -> LineOut:
    away, away_kg = of.away, of.away_kg
    ranges = {}
    for column in COLUMNS:
        units, kg = of.units(column), of.kg(column)
        if units and kg:
            ranges[column] = RangeOut(units=units, kg=_pair(kg))
    return LineOut(
        item=of.item, unit=of.unit, ranges=ranges, faults=list(of.faults),
        said={c: [_figure(f) for f in of.said[c]] for c in COLUMNS if c in of.said},
        unaccounted=RangeOut(units=away, kg=_pair(away_kg)) if away and away_kg else None)


def _figure(of: Figure) -> FigureOut:
    return FigureOut(units=of.units, kg=decimal_text(of.kg), side=of.side, observed=of.observed,
                     entry=of.entry, removals=[
                         RemovalOut(units=one.units, by=one.by, reason=one.reason)
                         for one in of.removals])


def _pair(ends: tuple[Decimal, Decimal]) -> tuple[str, str]:
    return decimal_text(ends[0]), decimal_text(ends[1])


class ClaimOut(Told):
    """A figure as its source gave it; nobody vouches for it but its source."""

    value: str
    claimed_by: str
    claimed_at: str = Field(description="UTC")
    source: str
    occurred: str
    reliability: str = Field(description="of the source, A to F (Admiralty); empty: not graded")
    credibility: str = Field(description="1 to 6 (Admiralty); empty: not graded")
    side: str
    entry: str


class VerifiedOut(Told):
    """A figure that was established, and how."""

    value: str
    verified_by: str
    verified_at: str = Field(description="UTC")
    method: str
    by_claimant: bool = Field(description="by one of those who claim it themselves")
    side: str
    entry: str


class SpreadOut(Told):
    """All that is claimed about one thing in one unit, from least to most; none is chosen."""

    about: str
    unit: str
    least: str | None
    most: str | None
    claims: list[ClaimOut]
    verified: list[VerifiedOut]


def spreads_out(found: Iterable[Spread]) -> list[SpreadOut]:
    """Claims beside verified figures, as they are told."""
    return [
        SpreadOut(about=one.about, unit=one.unit,
                  least=None if one.least is None else decimal_text(one.least),
                  most=None if one.most is None else decimal_text(one.most),
                  claims=[_claim(c) for c in one.claims],
                  verified=[_verified(v) for v in one.verified])
        for one in found
    ]


def _claim(of: Claim) -> ClaimOut:
    record = of.record
    return ClaimOut(
        value=decimal_text(record.value), claimed_by=record.claimed_by,
        claimed_at=utc_text(record.claimed_at), source=record.source, occurred=record.occurred,
        reliability=record.reliability.value if record.reliability else "",
        credibility=record.credibility.value if record.credibility else "",
        side=of.side, entry=of.entry)


def _verified(of: Verified) -> VerifiedOut:
    record = of.record
    return VerifiedOut(
        value=decimal_text(record.value), verified_by=record.verified_by,
        verified_at=utc_text(record.verified_at), method=record.method,
        by_claimant=of.by_claimant, side=of.side, entry=of.entry)
