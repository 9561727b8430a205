"""Rows of supplies, safeguards and claims into their objects."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor
from typing import Any

from lull.domain.claim import Claim, Safeguard
from lull.domain.refusal import Refusal, require
from lull.domain.supplies import Demand, Item, Stock
from lull.exchange.build.draft import Draft
from lull.exchange.finding import Where
from lull.exchange.rows import Row

ITEM_COLUMNS = {
    "item_name": "name",
    "kg_per_unit": "kg",
    "unit": "unit",
    "persons_per_unit": "persons_per_unit",
    "days": "days",
}
"""Columns that describe the item, with the fields of Item; they may stand in any of its rows."""


def build_supplies(draft: Draft) -> None:
    """Fill in the draft's items, stocks and demands."""
    rows = [row for row in draft.rows.get("supplies", []) if row.good]
    _items(draft, rows)
    for row in rows:
        item = draft.items.get(row["item"])
        if item is None:
            continue
        try:
            _line(draft, row, item)
        except Refusal as refusal:
            draft.findings.error("refused", row.where, str(refusal))


def _items(draft: Draft, rows: list[Row]) -> None:
    said: dict[str, dict[str, tuple[Any, Where]]] = {}
    for row in rows:
        about = said.setdefault(row["item"], {})
        for column, name in (*ITEM_COLUMNS.items(), ("assumed", "assumed"), ("source", "source")):
            if column not in row:
                continue
            before = about.setdefault(name, (row[column], row.where))
            if column in ITEM_COLUMNS and before[0] != row[column]:
                draft.findings.error(
                    "item", row.where.at(column),
                    f"{column} of the item {row['item']!r} is {row[column]!r} here but "
                    f"{before[0]!r} in row {before[1].row}.",
                    row[column], f"{before[0]!r}, or another item",
                )
    for name, about in said.items():
        where = next(row.where for row in rows if row["item"] == name)
        values = {key: value for key, (value, _) in about.items()}
        if "kg" not in values:
            draft.findings.error("missing", where.at("kg_per_unit"), f"No row of the item "
                                 f"{name!r} says what a unit weighs.", "", "kilograms")
            continue
        draft.where["items", name] = where
        try:
            draft.items[name] = Item(id=name, **{"name": name, **values})
        except Refusal as refusal:
            draft.findings.error("refused", where, str(refusal))


def _units(row: Row, item: Item) -> int:
    units, tonnes = row.get("units"), row.get("tonnes")
    require(units is not None or tonnes is not None, "Neither units nor tonnes are given.")
    if tonnes is None:
        return int(units)
    exact = Fraction(str(tonnes)) * 1000 / Fraction(str(item.kg))
    by_weight = ceil(exact) if row["line"] == "need" else floor(exact)
    require(
        units is None or abs(units - by_weight) <= 1,
        f"{units} units of {item.kg:g} kg are {(units or 0) * item.kg / 1000:g} t, not {tonnes:g} "
        "t; give one of them.",
    )
    return by_weight if units is None else int(units)


def _line(draft: Draft, row: Row, item: Item) -> None:
    units = _units(row, item)
    if row["line"] == "stock":
        for column in ("minimum_units", "priority"):
            require(column not in row, f"{column} is for a need; this row is a stock.")
        draft.stocks.append(Stock(item.id, row["site"], units, row.get("ready_minutes", 0)))
        draft.where["stocks", f"{item.id} {row['site']}"] = row.where
        return
    require("ready_minutes" not in row, "ready_minutes is for a stock; this row is a need.")
    draft.demands.append(
        Demand(
            item.id, row["site"], units, row.get("minimum_units", 0), row.get("priority", 1),
            row.get("neighbourhood", ""), row.get("source", ""),
        )
    )
    draft.where["demands", f"{item.id} {row['site']}"] = row.where


def build_records(draft: Draft) -> None:
    """Fill in the draft's safeguards and claims."""
    for row, safeguard in draft.make("safeguards", draft.rows.get("safeguards", []), _safeguard):
        draft.where["safeguards", row["id"]] = row.where
        draft.safeguards.append(safeguard)
    for _, claim in draft.make("claims", draft.rows.get("claims", []), _claim):
        draft.claims.append(claim)


def _safeguard(row: Row) -> Safeguard:
    return Safeguard(
        row["id"], row["what"], row["binds"], row.get("observed_by", ""), row.get("state", ""),
        row.get("source", ""),
    )


def _claim(row: Row) -> Claim:
    return Claim(
        row["id"], row["about"], row["figure"], row["unit"], row["claimed_by"], row["source"],
        row.get("at", ""), row.get("note", ""),
    )
