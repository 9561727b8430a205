"""What of a folder could be read so far: enough to say all that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sized
from typing import TypeVar

from attrs import define, field

from lull.domain.claim import Claim, Safeguard
from lull.domain.corridor import Corridor
from lull.domain.fleet import VehicleType
from lull.domain.pause import Pause
from lull.domain.people import Group
from lull.domain.place import INSIDE, OUTSIDE, Site
from lull.domain.refusal import Refusal
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.travel import TravelTable
from lull.exchange.entries import Entry
from lull.exchange.finding import Findings, Where
from lull.exchange.note import Note
from lull.exchange.rows import Row

T = TypeVar("T")


@define
class Draft:
    """The parts of a case as far as they could be made, with the places they came from.

    `rows` are all rows by table, good or bad; `where` finds the row of an object by
    (table, id). `tables` are the names of the tables that the folder holds.
    """

    findings: Findings = field(factory=Findings)
    tables: dict[str, str] = field(factory=dict)
    rows: dict[str, list[Row]] = field(factory=dict)
    entry: Entry = field(factory=lambda: Entry(Where("pause.yaml")))
    pause: Pause | None = None
    sides: tuple[str, ...] = (INSIDE, OUTSIDE)
    sites: dict[str, Site] = field(factory=dict)
    corridors: dict[str, Corridor] = field(factory=dict)
    groups: dict[str, Group] = field(factory=dict)
    fleet: dict[str, VehicleType] = field(factory=dict)
    items: dict[str, Item] = field(factory=dict)
    stocks: list[Stock] = field(factory=list)
    demands: list[Demand] = field(factory=list)
    safeguards: list[Safeguard] = field(factory=list)
    claims: list[Claim] = field(factory=list)
    travel: TravelTable | None = None
    notes: tuple[Note, ...] = ()
    on_streets: tuple[TravelTable, tuple[Note, ...]] | None = None
    """What the streets alone gave, before a folder's own minutes were put in."""
    where: dict[tuple[str, str], Where] = field(factory=dict)

    def ids(self, table: str) -> Mapping[str, Where]:
        """Every id of a table with its row, also of rows that are bad otherwise."""
        return {
            row["id"]: row.where for row in reversed(self.rows.get(table, [])) if "id" in row
        }

    def whole(self, tables: Iterable[str]) -> bool:
        """Whether every row of these tables became an object (an absent table is whole)."""
        made: Mapping[str, Sized] = {
            "sites": self.sites,
            "corridors": self.corridors,
            "fleet": self.fleet,
            "people": self.groups,
            "supplies": (*self.stocks, *self.demands),
        }
        return all(
            len(made[table]) == len(self.rows.get(table, ()))
            and (table in self.rows or table not in self.tables)
            for table in tables
        )

    def place_of(self, table: str, name: str, column: str = "") -> Where:
        """Where an object stands, for a finding about it."""
        found = self.where.get((table, name))
        return found.at(column) if found else Where(self.tables.get(table, f"{table}.csv"))

    def make(
        self, table: str, rows: Iterable[Row], maker: Callable[[Row], T]
    ) -> Iterable[tuple[Row, T]]:
        """Make an object of each good row; a refusal becomes an error in that row."""
        for row in rows:
            if not row.good:
                continue
            if "id" in row:
                self.where.setdefault((table, row["id"]), row.where)
            try:
                yield row, maker(row)
            except Refusal as refusal:
                self.findings.error("refused", row.where, str(refusal))
