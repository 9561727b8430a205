"""Deliveries: what was planned, loaded, removed, handed over, brought back, lost; in kilograms."""

from __future__ import annotations

from attrs import frozen
from django.http import HttpResponse

from lull.report.sheets import csv_bytes
from lull.report.timetables import Table
from lull.web.pages.listing import Row, found, things, words_about
from lull.web.pages.taken import taken_out
from lull.web.pages.visit import Visit, in_pause
from lull.web.pages.waybill import STAGES, Observers, Waybill, observers, waybills


@frozen
class Line:
    """One delivery in the list; several waybills where posts that were apart differ."""

    row: Row
    bills: tuple[Waybill, ...]
    observers: Observers

    @property
    def sums(self) -> tuple[str, ...]:
        """How what is said of it adds up."""
        return tuple(dict.fromkeys(bill.sum.value for bill in self.bills))


def lines(visit: Visit) -> list[Line]:
    """All deliveries that the reader may see, what changed last first."""
    room, made = visit.room, []
    for row in things(room, "delivery"):
        bills = tuple(waybills(room, row.stood))
        made.append(Line(row, bills, observers(room, row.stood, bills)))
    return made


@in_pause
def deliveries(visit: Visit) -> HttpResponse:
    """The list of them, or all that is in it as a table to take away."""
    room, all_of_them = visit.room, lines(visit)
    if visit.posted and visit.request.POST.get("act") == "csv":
        return taken_out(visit, "deliveries", csv_bytes(_table(all_of_them)))
    part = found(visit, all_of_them,
                 lambda one: words_about(room, "delivery", one.row.stood.thing.object),
                 lambda one: (*one.row.stood.states, *one.sums))
    return visit.show("deliveries.html", found=part, table="delivery", stages=STAGES,
                      begin=[("delivery", step) for step in room.steps("delivery", ["none"])])


HXL = ("#item+name", "#item+unit", "#item+weight+kg+unit", "#org+impl+name", "#org+dest+name",
       "#loc+name", *(f"#item+num+{stage}" for stage in STAGES), "#status", "#org+reporting",
       "#meta+observed")
"""The hashtags of the columns (HXL 1.1, hxlstandard.org)."""


def _table(all_of_them: list[Line]) -> Table:
    header = ("item", "unit", "unit_kg", "carrier", "consignee", "place", *STAGES, "sum",
              "said_by", "observed_by")
    rows = [
        (row.line.item, row.line.unit, f"{row.line.unit_kg:f}", bill.delivery.carrier,
         bill.delivery.consignee, bill.delivery.place.name,
         *(cell.units for cell in row.cells), row.sum.value, bill.side,
         "; ".join((*one.observers.wrote, *one.observers.named)))
        for one in all_of_them for bill in one.bills for row in bill.rows
    ]
    return Table("deliveries", "Deliveries", header, (HXL, *rows))
