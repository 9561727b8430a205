"""What keeps people from aid or aid from people, by the nine types of the field."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from attrs import frozen
from django.http import HttpResponse

from lull.domain.records.account import ConstraintType
from lull.report.sheets import csv_bytes
from lull.report.timetables import Table
from lull.web.pages.listing import found, words_in
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room
from lull.web.pages.taken import taken_out
from lull.web.pages.visit import Visit, in_pause


@frozen
class Constraint:
    """One constraint as it was said last, and how often before."""

    last: Told
    tag: str
    said: int

    @property
    def type(self) -> str:
        """Which of the nine types."""
        return str(self.last.payload.get("type", ""))

    @property
    def is_over(self) -> bool:
        """Whether it is said to be resolved."""
        return bool(self.last.payload.get("resolved_at"))


@frozen
class Count:
    """How many constraints there are of one type, and how many of them are not resolved."""

    type: str
    all: int
    open: int


def all_of_them(room: Room) -> list[Constraint]:
    """The constraints that the reader may see, what was said last first."""
    by_name: dict[str, list[Any]] = {}
    for known in room.told("access_constraint"):
        if known.content is not None and not known.fault:
            by_name.setdefault(known.content.object, []).append(known)
    made = [Constraint(told(said[-1], said[-2].content.payload if len(said) > 1 else None),
                       room.tag("access_constraint", about), len(said))
            for about, said in by_name.items()]
    return sorted(made, key=lambda one: -one.last.seq)


def counts(some: list[Constraint]) -> list[Count]:
    """The nine types with how many there are of each; one with none stands there too."""
    every = Counter(one.type for one in some)
    still = Counter(one.type for one in some if not one.is_over)
    return [Count(kind.value, every[kind.value], still[kind.value]) for kind in ConstraintType]


@in_pause
def constraints(visit: Visit) -> HttpResponse:
    """The list of them, with a count for each type."""
    some = all_of_them(visit.room)
    if visit.posted and visit.request.POST.get("act") == "csv":
        return taken_out(visit, "access-constraints", csv_bytes(_table(some)))
    part = found(visit, some, lambda one: words_in(one.last), lambda one: (one.type,))
    return visit.show("constraints.html", found=part, kind="access_constraint",
                      counts=counts(some),
                      may_write=visit.room.may_write("access_constraint"))


@in_pause
def constraint(visit: Visit, tag: str) -> HttpResponse:
    """One constraint, with all that was said of it."""
    room = visit.room
    about = room.object_of("access_constraint", tag)
    said = room.told("access_constraint", about=about)
    past = [told(one, before.content.payload if before and before.content else None)
            for before, one in zip((None, *said), said, strict=False)]
    return visit.show("constraint.html", about=about, tag=tag, last=past[-1], past=past[::-1],
                      may_write=room.may_write("access_constraint"))


HXL = ("#access+name", "#access+type", "#severity+num", "#loc+name", "#adm+code", "#date+start",
       "#date+end", "#affected+ind", "#item+weight+t", "#date+resolved", "#org+reporting")
"""The hashtags of the columns (HXL 1.1, hxlstandard.org)."""


def _table(some: list[Constraint]) -> Table:
    header = ("name", "type", "severity", "place", "code", "from", "to", "people_not_reached",
              "not_delivered_t", "resolved_at", "said_by")
    rows = []
    for one in some:
        node = one.last.payload
        place, span = node.get("place", {}), node.get("occurred", {})
        weight = node.get("not_delivered_t")
        rows.append((one.last.about, one.type, node.get("severity"), place.get("name"),
                     place.get("code"), span.get("start"), span.get("end"),
                     node.get("people_not_reached"),
                     None if weight is None else f"{Decimal(str(weight)):f}",
                     node.get("resolved_at"), one.last.side))
    return Table("access-constraints", "Access constraints", header, (HXL, *rows))
