"""Rules about orders that can be driven: few routes, half a page, and crews that rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Stop, Task, left_at
from lull.domain.rules.facts import Day, Facts, counted, minutes
from lull.domain.rules.rounds import rounds_of
from lull.domain.rules.rule import Breach, rule

DAY = 24 * 60
LINES_A_ROUTE = 5
LINES_A_ROUND = 1

Route = tuple[tuple[str, ...], ...]
"""Corridors with their directions, stops inside, stops elsewhere, each in order."""


def routes_by_day(facts: Facts, day: Day) -> Mapping[str, list[Route]]:
    """Local date to the route of each round that begins on it.

    A round is the steps with one round number that load, unload, pass a corridor or wait on the
    enclosed side; it begins with the first of these. That the numbers are those of what is driven
    is judged by `round_is_one_journey`.
    """
    found: dict[str, list[Route]] = defaultdict(list)
    for steps in rounds_of(facts.case, day).values():
        gates = tuple(
            f"{s.corridor} {s.direction.value}" for s in steps if isinstance(s, Crossing)
        )
        sites = [s.site for s in steps if isinstance(s, Stop)]
        inside = tuple(s for s in sites if facts.case.sites[s].sides == (INSIDE,))
        others = tuple(s for s in sites if facts.case.sites[s].sides != (INSIDE,))
        date = facts.case.pause.clock.local(steps[0].arrives).date().isoformat()
        found[date].append((gates, inside, others))
    return found


@rule("A driver learns at most two routes a day, or as many as the pause says.")
def routes_per_driver(facts: Facts) -> Iterator[Breach]:
    """Distinct routes of a vehicle on one local date: corridors in and out, stops inside, stops
    elsewhere, each in order. One crew to a vehicle. Planning rule `routes_per_driver`."""
    most = facts.case.pause.rules.routes_per_driver
    for day in facts.days:
        for date, routes in routes_by_day(facts, day).items():
            distinct = len(set(routes))
            if distinct > most:
                by = counted(distinct - most, "route")
                yield Breach(
                    day.vehicle, "", _first_minute(facts, day, date), by,
                    f"{day.vehicle} drives {distinct} different routes on {date} where a driver "
                    f"can keep {most} apart; give {by} to other vehicles.",
                )


@rule("A driver's orders for a day fit half a page and can be read out by radio.")
def orders_fit_half_page(facts: Facts) -> Iterator[Breach]:
    """Five lines for each distinct route and one for each round, on one local date.

    No more than the planning rule `max_order_lines`.
    """
    most = facts.case.pause.rules.max_order_lines
    for day in facts.days:
        for date, routes in routes_by_day(facts, day).items():
            lines = LINES_A_ROUTE * len(set(routes)) + LINES_A_ROUND * len(routes)
            if lines > most:
                by = counted(lines - most, "line")
                yield Breach(
                    day.vehicle, "", _first_minute(facts, day, date), by,
                    f"The orders of {day.vehicle} for {date} take {lines} lines "
                    f"({counted(len(set(routes)), 'route')}, {counted(len(routes), 'round')}) "
                    f"where {most} fit; give it fewer rounds or routes.",
                )


def _first_minute(facts: Facts, day: Day, date: str) -> int | None:
    local = facts.case.pause.clock.local
    return next(
        (s.arrives for s in day.steps if local(s.arrives).date().isoformat() == date), None
    )


@rule("No crew is on duty for longer in any 24 hours than its type allows.")
def crew_duty(facts: Facts) -> Iterator[Breach]:
    """Duty runs from leaving the start to arriving at the end, one crew to a vehicle.

    A stop to wait, or time between two steps beyond the likely way, of at least the planning
    rule `rest` minutes is rest and splits it. All else is duty, waiting included. Types without
    `crew_duty` have no limit.
    """
    for day in facts.days:
        limit = day.kind.crew_duty
        if limit is None or not day.steps:
            continue
        spells = duty_spells(facts, day)
        worst, since = 0, 0
        for moment in {m for start, end in spells for m in (start, end - DAY)}:
            on_duty = sum(
                max(0, min(end, moment + DAY) - max(start, moment)) for start, end in spells
            )
            if (on_duty, -moment) > (worst, -since):
                worst, since = on_duty, moment
        if worst > limit:
            yield Breach(
                day.vehicle, facts.name(day.kind.base), since, minutes(worst - limit),
                f"The crew of {day.vehicle} is on duty for {minutes(worst)} in the 24 hours from "
                f"{facts.at(since)}, {minutes(worst - limit)} more than the {minutes(limit)} "
                "allowed; let it end earlier or rest in between.",
            )


def duty_spells(facts: Facts, day: Day) -> list[tuple[int, int]]:
    """Spells of duty as (from, to) minutes."""
    rest = facts.case.pause.rules.rest
    spells = []
    begun = left_at(day.steps[0])
    for before, step in pairwise(day.steps):
        way = facts.leg(day.kind.id, facts.goes_from(before), facts.comes_to(step))
        likely = way.likely if way else 0
        if step.arrives - left_at(before) - likely >= rest:
            spells.append((begun, left_at(before)))
            begun = step.arrives - likely
        if (
            isinstance(step, Stop)
            and step.task is Task.WAIT
            and step.departs - step.arrives >= rest
        ):
            spells.append((begun, step.arrives))
            begun = step.departs
    spells.append((begun, day.steps[-1].arrives))
    return [(start, end) for start, end in spells if end > start]
