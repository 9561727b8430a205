"""Deliveries item by item: what each side says was planned, loaded, removed, delivered, lost.

Nothing is averaged and nobody's figure is taken for another's. Of each side the last word on each
figure counts; where sides differ all of them stand, and sums are given from least to most. What
those say who sent or carried it is a claim; what anybody else says is an observation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import frozen

from lull.domain.protocol import NONE
from lull.domain.records import read_payload
from lull.domain.records.delivery import Delivery, Removal, WaybillLine
from lull.domain.records.form import decimal_text
from lull.ledger.content import Content
from lull.ledger.fold import Stand, Thing

COLUMNS = ("planned", "loaded", "removed_at_check", "delivered", "returned", "lost", "damaged")
LEFT = COLUMNS[2:]
"""What becomes of what was loaded."""
NOT_BROUGHT = "cancelled"

Range = tuple[int, int]
Weights = tuple[Decimal, Decimal]


@frozen
class Figure:
    """One side's last word on one figure of one line; `removals` are those of each check."""

    units: int
    unit_kg: Decimal
    side: str
    observed: bool
    entry: str
    removals: tuple[Removal, ...] = ()

    @property
    def kg(self) -> Decimal:
        """The same in kilograms."""
        return self.units * self.unit_kg


@frozen
class Line:
    """One item of one waybill, in one unit; `said` has the figures of each column."""

    item: str
    unit: str
    said: Mapping[str, tuple[Figure, ...]]

    def units(self, column: str) -> Range | None:
        """The least and the most that sides say; None where nobody has said anything."""
        found = [f.units for f in self.said.get(column, ())]
        return (min(found), max(found)) if found else None

    def kg(self, column: str) -> Weights | None:
        """As `units`, in kilograms."""
        found = [f.kg for f in self.said.get(column, ())]
        return (min(found), max(found)) if found else None

    @property
    def away(self) -> Range | None:
        """Units that were loaded and are not accounted for, least and most; below 0: too many."""
        loaded = self.units("loaded")
        if loaded is None:
            return None
        ends = [self.units(column) or (0, 0) for column in LEFT]
        return (loaded[0] - sum(most for _, most in ends),
                loaded[1] - sum(least for least, _ in ends))

    @property
    def away_kg(self) -> Weights | None:
        """As `away`, in kilograms."""
        loaded = self.kg("loaded")
        if loaded is None:
            return None
        nothing = (Decimal(0), Decimal(0))
        ends = [self.kg(column) or nothing for column in LEFT]
        return (loaded[0] - sum((most for _, most in ends), Decimal(0)),
                loaded[1] - sum((least for least, _ in ends), Decimal(0)))

    @property
    def faults(self) -> tuple[str, ...]:
        """Where it does not agree, in sentences."""
        found = [self._differing(column) for column in COLUMNS
                 if (ends := self.units(column)) and ends[0] < ends[1]]
        weights = {f.unit_kg for figures in self.said.values() for f in figures}
        if len(weights) > 1:
            said = " and ".join(decimal_text(kg) for kg in sorted(weights))
            found.append(f"{self.item}: a unit ({self.unit}) is said to weigh {said} kg.")
        return (*found, *self._not_reconciled())

    def _differing(self, column: str) -> str:
        figures = sorted(self.said[column], key=lambda f: (f.units, f.side))
        said = ", ".join(f"{f.units:,} by {f.side}" for f in figures)
        least, most = figures[0], figures[-1]
        return (f"{self.item}: sides differ on {self.unit} {column.replace('_', ' ')}: {said}; "
                f"{most.units - least.units:,} apart ({decimal_text(most.kg - least.kg)} kg).")

    def _not_reconciled(self) -> list[str]:
        away, kg = self.away, self.away_kg
        if away is None or kg is None:
            planned = self.units("planned")
            return [f"{self.item}: nobody has said how many {self.unit} were loaded (planned "
                    f"{planned[1] if planned else 0:,})."]
        if away == (0, 0):
            return []
        silent = [c.replace("_", " ") for c in LEFT if self.units(c) is None]
        unsaid = f" Nobody has said how many were {', '.join(silent)}." if silent else ""
        if away[0] < 0 < away[1] or 0 in away:
            return [f"{self.item}: by what sides say, {away[0]:,} to {away[1]:,} {self.unit} are "
                    f"unaccounted for ({decimal_text(kg[0])} to {decimal_text(kg[1])} kg).{unsaid}"]
        word = "unaccounted for" if away[0] > 0 else "more than were loaded"
        few, many = sorted(map(abs, away))
        light, heavy = (decimal_text(one) for one in sorted(map(abs, kg)))
        units = f"{few:,}" if few == many else f"{few:,} to {many:,}"
        weight = light if light == heavy else f"{light} to {heavy}"
        return [f"{self.item}: {units} {self.unit} {word} ({weight} kg).{unsaid}"]


@frozen
class Waybill:
    """One delivery as it stands. `latest` is the record that was written last."""

    delivery: str
    states: tuple[str, ...]
    latest: Delivery
    lines: tuple[Line, ...]
    explanations: tuple[str, ...]

    @property
    def observed(self) -> bool:
        """Whether somebody who neither sent nor carried it has said what was delivered."""
        return any(f.observed for line in self.lines for f in line.said.get("delivered", ()))

    @property
    def faults(self) -> tuple[str, ...]:
        """Where its lines do not agree, in sentences."""
        return tuple(sentence for line in self.lines for sentence in line.faults)

    @property
    def counts(self) -> bool:
        """Whether it is part of the totals: it was not called off."""
        return set(self.states) != {NOT_BROUGHT}


@frozen
class Totals:
    """Kilograms of one column over all waybills, least and most, and of it what is observed.

    `silent` are the waybills of which nobody has given the figure for every line.
    """

    column: str
    kg: Weights
    observed_kg: Weights
    silent: tuple[str, ...]


def waybills(things: Mapping[Thing, tuple[Stand, ...]], said: Iterable[tuple[str, Content]]
             ) -> tuple[Waybill, ...]:
    """Every delivery, from the contents in effect, each with its entry, in causal order."""
    told: dict[str, list[tuple[str, Content, Delivery]]] = {}
    for entry, content in said:
        if content.kind.partition(".")[0] == "delivery":
            record = read_payload(content.kind, content.payload)
            if isinstance(record, Delivery):
                told.setdefault(content.object, []).append((entry, content, record))
    return tuple(_waybill(name, things.get(Thing("delivery", name), ()), of)
                 for name, of in sorted(told.items()))


def _waybill(name: str, stands: tuple[Stand, ...], told: list[tuple[str, Content, Delivery]]
             ) -> Waybill:
    own = {told[0][1].writer.side}
    own |= {who for _, _, record in told for who in (record.carrier, record.consignor)}
    lines: dict[tuple[str, str], dict[str, dict[str, Figure]]] = {}
    for entry, content, record in told:
        side = content.writer.side
        for line in _summed(record.lines):
            columns = lines.setdefault((line.item, line.unit), {})
            for column in COLUMNS:
                units = getattr(line, column)
                if units is None:
                    continue
                columns.setdefault(column, {})[side] = Figure(
                    units, line.unit_kg, side, side not in own, entry,
                    line.removals if column == "removed_at_check" else ())
    return Waybill(
        name, tuple(sorted({s.state for s in stands})) or (NONE,), told[-1][2],
        tuple(Line(item, unit, {c: tuple(by.values()) for c, by in columns.items()})
              for (item, unit), columns in lines.items()),
        tuple(dict.fromkeys(f"{content.writer.side}: {record.explanation}"
                            for _, content, record in told if record.explanation)),
    )  # fmt: skip


def _summed(lines: Iterable[WaybillLine]) -> list[WaybillLine]:
    """Lines of one record, those of one item, unit and weight put together."""
    found: dict[tuple[str, str, Decimal], WaybillLine] = {}
    for line in lines:
        at = (line.item, line.unit, line.unit_kg)
        found[at] = _plus(found[at], line) if at in found else line
    return list(found.values())


def _plus(one: WaybillLine, other: WaybillLine) -> WaybillLine:
    def put(column: str) -> int | None:
        both = [n for n in (getattr(one, column), getattr(other, column)) if n is not None]
        return sum(both) if both else None

    return WaybillLine(
        item=one.item, unit=one.unit, unit_kg=one.unit_kg, planned=one.planned + other.planned,
        removals=(*one.removals, *other.removals), loaded=put("loaded"),
        delivered=put("delivered"), returned=put("returned"), lost=put("lost"),
        damaged=put("damaged"))


def totals(of: Iterable[Waybill]) -> tuple[Totals, ...]:
    """Kilograms by column over the waybills that were not called off."""
    counted = [w for w in of if w.counts]
    return tuple(_total(counted, column) for column in COLUMNS)


def _total(of: list[Waybill], column: str) -> Totals:
    zero = Decimal(0)
    least = most = seen_least = seen_most = zero
    silent = []
    for waybill in of:
        for line in waybill.lines:
            ends = line.kg(column)
            if ends is not None:
                least, most = least + ends[0], most + ends[1]
            seen = [f.kg for f in line.said.get(column, ()) if f.observed]
            if seen:
                seen_least, seen_most = seen_least + min(seen), seen_most + max(seen)
        if any(line.units(column) is None for line in waybill.lines):
            silent.append(waybill.delivery)
    return Totals(column, (least, most), (seen_least, seen_most), tuple(silent))
