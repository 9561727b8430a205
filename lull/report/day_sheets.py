"""A driver's day on half a page: each route once, then one line a round.

This is the form that the rule on orders counts: five lines a route, one line a round, a sheet for
each vehicle and local date.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.plan import Convoy, Crossing, Plan, Step, Stop, Task, VehicleDay
from lull.report.orders import load_words
from lull.report.words import (
    DIRECTION_WORDS,
    corridor_name,
    day,
    site_name,
    vehicle_words,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@frozen
class Route:
    """A way that is driven in one or several rounds: its letter and its places, a line each."""

    letter: str
    lines: tuple[str, ...]


@frozen
class Round:
    """One line: which route, and the local time of each place on it."""

    route: str
    words: str


@frozen
class DaySheet:
    """The orders of one vehicle for one local date.

    `shift` says how UTC follows from local time; `leaves` and `returns` are sentences ("" where
    the vehicle does neither on that date).
    """

    vehicle: str
    name: str
    date: str
    shift: str
    leaves: str
    returns: str
    routes: tuple[Route, ...]
    rounds: tuple[Round, ...]


def day_sheets(case: Case, plan: Plan) -> tuple[DaySheet, ...]:
    """The sheets of all vehicles that leave their base, by vehicle and date."""
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    return tuple(sheet for vehicle in plan.vehicles for sheet in _sheets_of(case, convoys, vehicle))


def _sheets_of(case: Case, convoys: dict[str, Convoy], vehicle: VehicleDay) -> list[DaySheet]:
    rounds: dict[date, dict[int, list[Step]]] = defaultdict(dict)
    starts: dict[date, Stop] = {}
    ends: dict[date, Stop] = {}
    on: dict[int, date] = {}
    start: Stop | None = None
    last: date | None = None
    for step in vehicle.steps:
        if isinstance(step, Stop) and step.task is Task.START:
            start = step
        elif isinstance(step, Stop) and step.task is Task.END:
            # A vehicle that is back after midnight reads so on the sheet of its last round.
            ends[last or _date(case, step.arrives)] = step
        elif not (isinstance(step, Stop) and step.task is Task.WAIT):
            last = on.setdefault(step.round, _date(case, step.arrives))
            rounds[last].setdefault(step.round, []).append(step)
            if start:
                starts.setdefault(last, start)
                start = None
    return [
        _sheet(
            case,
            convoys,
            vehicle.vehicle,
            when,
            list(rounds[when].values()),
            (starts.get(when), ends.get(when)),
        )
        for when in sorted(rounds)
    ]


def _date(case: Case, minute: int) -> date:
    return case.pause.clock.local(minute).date()


def _sheet(
    case: Case,
    convoys: dict[str, Convoy],
    vehicle: str,
    on: date,
    rounds: list[list[Step]],
    ends: tuple[Stop | None, Stop | None],
) -> DaySheet:
    routes: dict[tuple[str, ...], str] = {}
    lines = []
    for steps in rounds:
        way = tuple(_place(case, step) for step in steps)
        letter = routes.setdefault(way, LETTERS[len(routes) % len(LETTERS)])
        ends_at = {s.site for s in steps if isinstance(s, Stop) and s.task is Task.UNLOAD}
        times = [
            _stop(case, on, step, ends_at)
            if isinstance(step, Stop)
            else _gate(case, convoys, vehicle, on, step)
            for step in steps
        ]
        lines.append(Round(letter, " · ".join(times)))
    start, end = ends
    begun = rounds[0][0].arrives
    return DaySheet(
        vehicle,
        vehicle_words(case, vehicle),
        day(case.pause.clock, begun),
        _shift(case, begun),
        f"Leave {site_name(case, start.site)} at {_at(case, start.departs, on)}." if start else "",
        f"Be back at {site_name(case, end.site)} at {_at(case, end.arrives, on)}." if end else "",
        tuple(Route(letter, way) for way, letter in routes.items()),
        tuple(lines),
    )


def _place(case: Case, step: Step) -> str:
    if isinstance(step, Crossing):
        return f"Gate of {corridor_name(case, step.corridor)}, {DIRECTION_WORDS[step.direction]}."
    where = site_name(case, step.site)
    return f"Load at {where}." if step.task is Task.LOAD else f"Set down at {where}."


def _stop(case: Case, on: date, stop: Stop, ends_at: set[str]) -> str:
    """Time and load of a stop; where all is for the one place of setting down, that is not said."""
    bound = {p.destination for p in stop.people} | {g.destination for g in stop.goods}
    if stop.task is Task.UNLOAD:
        what = "" if len(ends_at) == 1 else f": {load_words(case, stop)}"
        return f"set down {_at(case, stop.starts, on)}{what}"
    if len(ends_at) == 1 and bound == ends_at:
        stop = evolve(stop, site=next(iter(ends_at)))
    return f"load {_at(case, stop.starts, on)}: {load_words(case, stop)}"


def _gate(case: Case, convoys: dict[str, Convoy], vehicle: str, on: date, step: Crossing) -> str:
    convoy = convoys.get(step.convoy)
    words = f"{DIRECTION_WORDS[step.direction]} {_at(case, step.enters, on)} {step.convoy}"
    if convoy and vehicle in convoy.vehicles and len(convoy.vehicles) > 1:
        words += f" ({convoy.vehicles.index(vehicle) + 1} of {len(convoy.vehicles)}"
        words += ", lead)" if convoy.leader == vehicle else ")"
    return words


def _at(case: Case, minute: int, on: date) -> str:
    at = case.pause.clock.local(minute)
    days = (at.date() - on).days
    return f"{at:%H:%M}" + (f"{days:+d}" if days else "")


def _shift(case: Case, minute: int) -> str:
    offset = case.pause.clock.local(minute).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    if not minutes:
        return "UTC is the same"
    hours, rest = divmod(abs(minutes), 60)
    amount = f"{hours} h" + (f" {rest} min" if rest else "")
    return f"UTC is {amount} {'less' if minutes > 0 else 'more'}"
