"""What has happened by a minute: reports from the field, and what has been notified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from attrs import field, frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Plan
from lull.domain.refusal import require, require_one_of, require_whole

EVERYBODY = "*"


class Happened(StrEnum):
    """What a report says."""

    AS_PLANNED = "as_planned"
    DEPARTED = "departed"
    ARRIVED = "arrived"
    ENTERED = "entered"
    LEFT = "left"
    DELAYED = "delayed"
    BROKEN_DOWN = "broken_down"
    TAKEN_OVER = "taken_over"
    CLOSED = "closed"
    OPENED = "opened"


ABOUT_CORRIDORS = frozenset({Happened.CLOSED, Happened.OPENED})
AT_A_PLACE = frozenset({Happened.DEPARTED, Happened.ARRIVED, Happened.ENTERED, Happened.LEFT})
WITH_WHERE = AT_A_PLACE | {Happened.TAKEN_OVER}


def _happened(value: str) -> Happened:
    require_one_of(value, Happened, "A report: what happened")
    return Happened(value)


@frozen
class Report:
    """One report. `who` is a vehicle, a convoy or `*` for all of both, or a corridor.

    `where` is a site or a corridor (DEPARTED, ARRIVED, ENTERED, LEFT), or the vehicle that took the
    people of a broken one on (TAKEN_OVER); `minutes` how late (DELAYED). `line` says in which list
    it stands, and where.
    """

    at: int
    what: Happened = field(converter=_happened)
    who: str
    where: str = ""
    minutes: int = 0
    line: str = field(default="", eq=False)

    def __attrs_post_init__(self) -> None:
        require(bool(self.who), f"A report of {self.what.value!r} says nothing of whom.")
        require_whole(self.minutes, f"The report on {self.who!r}: minutes")
        require(self.what is not Happened.DELAYED or self.minutes > 0,
                f"The report on {self.who!r} says delayed; say by how many minutes.")
        require(self.what is Happened.DELAYED or not self.minutes,
                f"The report on {self.who!r}: minutes go with delayed alone; {self.what.value!r} "
                "says by its own time how late it was.")
        what = "the vehicle that took its people on" if self.what is Happened.TAKEN_OVER else (
            "a place")
        require((self.what in WITH_WHERE) == bool(self.where),
                f"The report on {self.who!r}: {self.what.value!r} goes "
                f"{'with' if self.what in WITH_WHERE else 'without'} {what}.")


@frozen
class Notified:
    """A corridor and direction in hours that the parties were told of; `largest` convoy if said.

    It counts once its receipt has come (`receipted`).
    """

    corridor: str
    direction: Direction
    opens: int
    closes: int
    largest: int | None = None
    receipted: bool = True
    line: str = field(default="", eq=False)

    def __attrs_post_init__(self) -> None:
        require(self.opens < self.closes,
                f"What was notified of {self.corridor!r} ends before it begins.")


def wrong_notified(case: Case, notified: Sequence[Notified]) -> Iterator[str]:
    """A sentence for each line of what was notified that names no corridor of the case."""
    return (f"{n.line or 'Notified'}: there is no corridor {n.corridor!r}." for n in notified
            if n.corridor not in case.corridors)


def wrong_names(
    case: Case, plan: Plan, now: int, reports: Sequence[Report], *, alone: bool = False
) -> Iterator[str]:
    """A sentence for each thing in reports that the plan or the case does not hold, or not yet.

    With `alone` what one report says of another is not looked for.
    """
    moving = {d.vehicle for d in plan.vehicles} | {c.id for c in plan.convoys} | {EVERYBODY}
    fleet = {k.vehicle(n) for k in case.fleet.values() for n in range(1, k.number + 1)}
    places = set(case.sites) | set(case.corridors)
    clock = case.pause.clock
    for n, report in enumerate(reports, start=1):
        known, kind = moving, "vehicle or convoy of the plan"
        where = report.line or f"Report {n}"
        if report.what in ABOUT_CORRIDORS:
            known, kind = set(case.corridors), "corridor"
        elif report.what in (Happened.BROKEN_DOWN, Happened.TAKEN_OVER):
            known, kind = fleet, "vehicle (a line for each that has broken down)"
        if report.who not in known:
            yield f"{where}: there is no {kind} {report.who!r}."
        if report.what is Happened.TAKEN_OVER:
            if report.where not in fleet:
                yield f"{where}: there is no vehicle {report.where!r}."
            if not alone and not any(r.what is Happened.BROKEN_DOWN and r.who == report.who
                                     for r in reports):
                yield (f"{where}: the people of {report.who!r} were taken over, but no report says "
                       "that it has broken down; add one.")
        elif report.where and report.where not in places:
            yield f"{where}: there is no site or corridor {report.where!r}."
        if report.at > now:
            yield (f"{where}: {clock.hhmm(report.at)} is after now ({clock.hhmm(now)}); a report "
                   "is of what has happened.")
