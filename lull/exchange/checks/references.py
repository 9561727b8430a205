"""Every id that a table or `pause.yaml` names exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lull.domain.pause import ANY
from lull.domain.travel import FOOT, OWN_CAR
from lull.exchange.build.draft import Draft
from lull.exchange.build.travel import ALL, places_of
from lull.exchange.finding import Where, did_you_mean
from lull.exchange.rows import Row
from lull.exchange.schema.column import Column, Kind
from lull.exchange.schema.folder import TABLES

NOUNS = {
    "sites": "site",
    "corridors": "corridor",
    "fleet": "vehicle type",
    "sides": "side",
    "places": "site or gate",
    "profiles": "vehicle type, foot, own_car or all",
    "parties": "party",
}


def check_references(draft: Draft) -> None:
    """Say which ids stand in no table, with the nearest that does."""
    known = _known(draft)
    for table in TABLES:
        referring = [column for column in table.columns if column.refers]
        for row in draft.rows.get(table.name, []):
            for column in referring:
                for name in _named(row, column):
                    _look_up(draft, known[column.refers], name, row.where.at(column.name), column)
    for entry in draft.entry.entries("consents"):
        party, corridor = entry.get("party"), entry.get("corridor", ANY)
        if party is not None and party not in known["parties"]:
            _unknown(draft, known["parties"], party, entry.at("party"), "party")
        if corridor != ANY and corridor not in known["corridors"]:
            _unknown(draft, known["corridors"], corridor, entry.at("corridor"), "corridor")


def _known(draft: Draft) -> Mapping[str, tuple[str, ...]]:
    gates = [
        f"{row['id']}@{row.get(f'{which}_side', which)}"
        for row in draft.rows.get("corridors", [])
        if "id" in row
        for which in ("inside", "outside")
    ]
    fleet = tuple(draft.ids("fleet"))
    sites = tuple(draft.ids("sites"))
    parties = (e.get("id") for e in draft.entry.entries("parties"))
    return {
        "sites": sites,
        "corridors": tuple(draft.ids("corridors")),
        "fleet": fleet,
        "sides": draft.sides,
        "places": tuple(dict.fromkeys((*sites, *gates, *places_of(draft)))),
        "profiles": (*fleet, FOOT, OWN_CAR, ALL),
        "parties": tuple(p for p in parties if p),
    }


def _named(row: Row, column: Column) -> Iterator[str]:
    value = row.get(column.name)
    if value is None:
        return
    if column.kind is Kind.BY_TYPE:
        yield from (key.rpartition(":")[2] for key in value)
    elif column.kind is Kind.IDS:
        yield from value
    else:
        yield value


def _look_up(
    draft: Draft, known: tuple[str, ...], name: str, where: Where, column: Column
) -> None:
    if name in known or (column.kind is Kind.BY_TYPE and name == OWN_CAR):
        return
    _unknown(draft, known, name, where, NOUNS[column.refers])


def _unknown(
    draft: Draft, known: tuple[str, ...], name: str, where: Where, noun: str
) -> None:
    draft.findings.error(
        "unknown reference", where,
        f"No {noun} has the id {name!r}.{did_you_mean(name, known)}",
        name, f"the id of a {noun}",
    )
