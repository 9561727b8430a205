"""The counting rules once more, minute by minute and person by person, as slowly as one likes.

Shares nothing with `lull.domain.rules`: each function walks through every minute of a plan and
answers with what is wrong, as a set that is easy to compare.
"""

from __future__ import annotations

import re
from collections import defaultdict

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Crossing, Plan, Stop, Task

START, END = -600, 4000
"""The minutes walked through."""


def lanes_full(case: Case, plan: Plan) -> dict[str, set[int]]:
    """Corridor to the minutes in which more vehicles stand in a pool of lanes than it has."""
    found: dict[str, set[int]] = defaultdict(set)
    for minute in range(START, END):
        inside: dict[tuple[str, str], int] = defaultdict(int)
        for _, crossing in plan.crossings():
            if crossing.enters <= minute < crossing.cleared:
                shared = case.corridors[crossing.corridor].shared_lanes
                pool = "both" if shared else crossing.direction.value
                inside[crossing.corridor, pool] += 1
        for (name, pool), many in inside.items():
            corridor = case.corridors[name]
            way = Direction.OUT if pool == "both" else Direction(pool)
            if many > corridor.checkpoint[way].lanes:
                found[name].add(minute)
    return found


def too_many_an_hour(case: Case, plan: Plan) -> set[tuple[str, str]]:
    """(corridor, direction) in which some 60 consecutive minutes see too many vehicles enter."""
    found = set()
    for name, corridor in case.corridors.items():
        for way in Direction:
            limit = corridor.checkpoint[way].vehicles_per_hour
            entries = [
                c.enters for _, c in plan.crossings()
                if c.corridor == name and c.direction is way
            ]
            if limit is not None and any(
                sum(m <= e < m + 60 for e in entries) > limit for m in range(START, END)
            ):
                found.add((name, way.value))
    return found


def bays_full(case: Case, plan: Plan) -> dict[str, set[int]]:
    """Site to the minutes in which more vehicles are served than it has bays."""
    found: dict[str, set[int]] = defaultdict(set)
    for minute in range(START, END):
        held: dict[str, int] = defaultdict(int)
        for vehicle, stop in plan.stops():
            if stop.task not in (Task.LOAD, Task.UNLOAD):
                continue
            kind = vehicle.split("#")[0]
            service = case.sites[stop.site].service
            likely = (service.get(kind) or service[""]).likely
            if stop.starts <= minute < stop.starts + likely:
                held[stop.site] += 1
        for name, many in held.items():
            bays = case.sites[name].bays
            if bays is not None and many > bays:
                found[name].add(minute)
    return found


def queues(plan: Plan) -> dict[str, list[tuple[int, int]]]:
    """Site to (called, boards) of each single person who boards there, first come, first served.

    Only for plans in which each call covers its convoy's boardings exactly.
    """
    convoy_of: dict[tuple[str, int], str] = {}
    for day in plan.vehicles:
        ahead = ""
        for index in range(len(day.steps) - 1, -1, -1):
            step = day.steps[index]
            if isinstance(step, Crossing):
                ahead = step.convoy
            convoy_of[day.vehicle, index] = ahead
    called: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    boards: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for call in plan.calls:
        called[call.site, call.group, call.serves] += [call.at] * call.persons
    for day in plan.vehicles:
        for index, step in enumerate(day.steps):
            if isinstance(step, Stop) and step.task is Task.LOAD:
                for line in step.people:
                    key = (step.site, line.group, convoy_of[day.vehicle, index])
                    boards[key] += [step.starts] * line.persons
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for key, minutes in called.items():
        found[key[0]] += list(zip(sorted(minutes), sorted(boards[key]), strict=True))
    return found


def crowds(case: Case, plan: Plan) -> set[str]:
    """Sites at which more persons wait in some minute than may."""
    found = set()
    for name, waiting in queues(plan).items():
        limit = case.sites[name].crowd_limit
        if limit is not None and any(
            sum(a <= m < b for a, b in waiting) > limit for m in range(START, END, 1)
        ):
            found.add(name)
    return found


def long_waits(case: Case, plan: Plan) -> set[str]:
    """Sites at which some person waits longer than allowed."""
    return {
        name
        for name, waiting in queues(plan).items()
        if case.sites[name].waiting_limit is not None
        and any(b - a > (case.sites[name].waiting_limit or 0) for a, b in waiting)
    }


def ahead(case: Case, plan: Plan) -> set[int]:
    """Minutes at which a linked corridor is further ahead than agreed, counted from the start."""
    found = set()
    aboard: dict[tuple[str, str], int] = {}
    for day in plan.vehicles:
        persons = 0
        for step in day.steps:
            if isinstance(step, Stop):
                sign = {Task.LOAD: 1, Task.UNLOAD: -1}.get(step.task, 0)
                persons += sign * sum(line.persons for line in step.people)
            else:
                aboard[day.vehicle, step.convoy] = persons
    for name, corridor in case.corridors.items():
        link = corridor.link
        if link is None:
            continue
        for minute in range(START, END):
            out = {name: 0, link.other: 0}
            for vehicle, c in plan.crossings():
                if c.direction is Direction.OUT and c.corridor in out and c.enters <= minute:
                    out[c.corridor] += aboard[vehicle, c.convoy]
            if (
                out[name] > link.ratio * out[link.other] + link.lead
                or out[link.other] > out[name] / link.ratio + link.other_lead
            ):
                found.add(minute)
    return found


def inside_at(case: Case, plan: Plan, minute: int) -> set[str]:
    """Vehicles on the enclosed side, or in a corridor to or from it, at a minute."""
    found = set()
    for day in plan.vehicles:
        here = False
        for step in day.steps:
            if isinstance(step, Crossing):
                goes_in = case.corridors[step.corridor].sides(step.direction)[1] == "inside"
                if goes_in and step.enters <= minute:
                    here = True
                if not goes_in and step.leaves <= minute:
                    here = False
        if here:
            found.add(day.vehicle)
    return found


def longest_duty(plan: Plan, vehicle: str, rest: int) -> int:
    """Most minutes on duty in any 1,440, ticking every minute; rest is a wait that long."""
    day = next(d for d in plan.vehicles if d.vehicle == vehicle)
    steps = day.steps
    assert isinstance(steps[0], Stop)
    on = set(range(steps[0].departs, steps[-1].arrives))
    for step in steps:
        waits = isinstance(step, Stop) and step.task is Task.WAIT
        if waits and step.departs - step.arrives >= rest:  # type: ignore[union-attr]
            for minute in range(step.arrives, step.departs):  # type: ignore[union-attr]
                on.discard(minute)
    minutes = sorted(on)
    return max((sum(m <= x < m + 1440 for x in minutes) for m in minutes), default=0)


def rounds_amiss(acts: str, numbers: list[int]) -> bool:
    """Whether a bus of the outer side, whose day is `acts`, is numbered otherwise than it drives.

    One letter an act: i goes in, o comes out, L takes on, U sets all down, W waits inside. Each
    round is spelt as a word, after the side where it begins, and looked up among the wrong ones.
    """
    if numbers != sorted(numbers):
        return True
    words = ["".join(a for a, n in zip(acts, numbers, strict=True) if n == number)
             for number in sorted(set(numbers))]
    before, wrong = "", False
    for word in words:
        inside = before.count("i") > before.count("o")
        on_board = "L" in before and before.rindex("L") > before.rfind("U")
        spells = word.count("i") + (inside and "o" in word)
        wrong = wrong or bool(re.search("U.*L", word)) or spells > 1
        wrong = wrong or (len(words) > 1 and bool(re.fullmatch("[io](..)*", word))
                          and not set(word) & set("LUW"))
        if before:
            wrong = wrong or on_board or bool(re.match("[ioW]*U", word))
        if before and inside:
            wrong = wrong or not re.search("UW*$", before) or bool(re.match("W*[io]", word))
        before += word
    return wrong
