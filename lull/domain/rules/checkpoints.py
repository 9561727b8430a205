"""Rules about the checkpoint at a corridor's first gate: lanes, minutes, rates."""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping

from lull.domain.corridor import Corridor, Direction
from lull.domain.plan import By, Party
from lull.domain.rules.facts import Facts, minutes, persons
from lull.domain.rules.rule import Breach, rule
from lull.domain.travel import OWN_CAR

HOUR = 60

Pool = tuple[str, Direction]
"""The lanes of (corridor, direction); shared lanes stand under `out`."""


@rule("A checkpoint takes no more at any minute, and no more an hour, than it can.")
def checkpoint_throughput(facts: Facts) -> Iterator[Breach]:
    """Every vehicle holds one lane from entering to being cleared, at least the likely minutes.

    At no minute are more vehicles in the check than lanes, both directions together where
    lanes are shared; in no 60 consecutive minutes do more vehicles enter in a direction than
    `vehicles_per_hour`, nor more persons on foot than `persons_per_hour` (none given: nobody
    walks through). Vehicles of the fleet hold the lanes as planned. The private cars of a party
    enter one by one, from the party's entry on, each as soon as a lane and the hourly rate allow,
    parties in order of entry; the last is cleared no later than the party says. Walkers enter
    evenly between the party's entry and clearance.
    """
    yield from _too_short(facts)
    held = _lanes_held(facts)
    for pool, spells in held.items():
        yield from _lanes_full(facts, pool, spells)
    entries: dict[Pool, list[int]] = defaultdict(list)
    for passing in facts.passings:
        insort(entries[passing.step.corridor, passing.step.direction], passing.step.enters)
    yield from _rates(facts, entries)
    yield from _cars(facts, held, entries)
    yield from _walkers(facts)


def _too_short(facts: Facts) -> Iterator[Breach]:
    for passing in facts.passings:
        step = passing.step
        check = passing.corridor.check(step.direction).minutes_of(passing.day.kind.id)
        short = check.likely - (step.cleared - step.enters)
        if short > 0 and step.cleared >= step.enters:
            where = facts.corridor_name(step.corridor)
            yield Breach(
                passing.vehicle, where, step.enters, minutes(short),
                f"{passing.vehicle} is checked at {where} from {facts.at(step.enters)} to "
                f"{facts.at(step.cleared)}; the check likely takes {minutes(check.likely)}, so "
                f"the plan is {minutes(short)} short.",
            )


def _lanes_held(facts: Facts) -> dict[Pool, list[tuple[int, int]]]:
    held: dict[Pool, list[tuple[int, int]]] = defaultdict(list)
    for passing in facts.passings:
        step = passing.step
        if step.cleared > step.enters:
            pool = (step.corridor, passing.corridor.lane_pool(step.direction))
            held[pool].append((step.enters, step.cleared))
    return held


def _lanes_full(facts: Facts, pool: Pool, spells: list[tuple[int, int]]) -> Iterator[Breach]:
    corridor = facts.case.corridors[pool[0]]
    lanes = corridor.lanes(pool[1])
    where = facts.corridor_name(corridor.id)
    for start, end, most in overfull(spells, lanes):
        yield Breach(
            where, where, start, f"{most - lanes} too many for {minutes(end - start)}",
            f"At {where} {most} vehicles are in the check {_way(corridor, pool[1])} from "
            f"{facts.at(start)} to {facts.at(end)} where {lanes} can be; let "
            f"{most - lanes} enter later.",
        )


def overfull(spells: list[tuple[int, int]], room: int) -> list[tuple[int, int, int]]:
    """Where half-open spells overlap more than `room` times: (from, to, most at once)."""
    changes: dict[int, int] = defaultdict(int)
    for start, end in spells:
        changes[start] += 1
        changes[end] -= 1
    found: list[tuple[int, int, int]] = []
    now, since, most = 0, 0, 0
    for minute in sorted(changes):
        before, now = now, now + changes[minute]
        if now > room >= before:
            since, most = minute, now
        elif now > room:
            most = max(most, now)
        elif before > room:
            found.append((since, minute, most))
    return found


def _way(corridor: Corridor, direction: Direction) -> str:
    return "in both directions" if corridor.shared_lanes else direction.value


def _rates(facts: Facts, entries: Mapping[Pool, list[int]]) -> Iterator[Breach]:
    for (name, direction), times in entries.items():
        limit = facts.case.corridors[name].check(direction).vehicles_per_hour
        if limit is None:
            continue
        last = None
        for index, time in enumerate(times):
            many = bisect_left(times, time + HOUR) - index
            if many > limit and (last is None or time >= last + HOUR):
                last = time
                where = facts.corridor_name(name)
                yield Breach(
                    where, where, time, f"{many - limit} vehicles an hour",
                    f"At {where} {many} vehicles enter {direction.value} in the hour from "
                    f"{facts.at(time)}, where {limit} can; let {many - limit} enter later.",
                )


def _cars(
    facts: Facts, held: dict[Pool, list[tuple[int, int]]], entries: dict[Pool, list[int]]
) -> Iterator[Breach]:
    for party in sorted(facts.plan.parties, key=lambda p: (p.enters, p.id)):
        if party.by is not By.OWN_CAR:
            continue
        corridor = facts.case.corridors[party.corridor]
        pool = (corridor.id, corridor.lane_pool(Direction.OUT))
        done = _let_through(
            corridor, party, held.setdefault(pool, []),
            entries.setdefault((corridor.id, Direction.OUT), []),
        )
        if done > party.cleared:
            where = facts.corridor_name(corridor.id)
            yield Breach(
                party.id, where, party.enters, minutes(done - party.cleared),
                f"The {party.cars} cars of {party.id} enter {where} from "
                f"{facts.at(party.enters)}; the last is cleared at {facts.at(done)}, "
                f"{minutes(done - party.cleared)} later than planned; let them leave in smaller "
                "parties or with more time.",
            )


def _let_through(
    corridor: Corridor, party: Party, held: list[tuple[int, int]], entered: list[int]
) -> int:
    """When the last car is cleared if each enters as soon as it can; adds them to both lists."""
    check = corridor.check(Direction.OUT)
    each = check.minutes_of(OWN_CAR).likely
    lanes = corridor.lanes(Direction.OUT)
    busy: dict[int, int] = defaultdict(int)
    for start, end in held:
        for minute in range(max(start, party.enters), end):
            busy[minute] += 1
    minute, done = party.enters, party.enters
    for _ in range(party.cars):
        while True:
            full = next((m for m in range(minute, minute + each) if busy[m] >= lanes), None)
            if full is not None:
                minute = full + 1
            elif check.vehicles_per_hour is not None and not _rate_allows(
                entered, minute, check.vehicles_per_hour
            ):
                minute += 1
            else:
                break
        for m in range(minute, minute + each):
            busy[m] += 1
        insort(entered, minute)
        held.append((minute, minute + each))
        done = max(done, minute + each)
    return done


def _rate_allows(entered: list[int], minute: int, limit: int) -> bool:
    """Whether one more entry at a minute keeps every 60 minutes within the limit."""
    near = entered[bisect_left(entered, minute - HOUR + 1) : bisect_left(entered, minute + HOUR)]
    firsts = [time for time in near if time <= minute] + [minute]
    return all(
        bisect_left(near, first + HOUR) - bisect_left(near, first) + 1 <= limit for first in firsts
    )


def _walkers(facts: Facts) -> Iterator[Breach]:
    walkers: dict[str, list[Party]] = defaultdict(list)
    for party in facts.plan.parties:
        if party.by is By.FOOT:
            walkers[party.corridor].append(party)
    for name, parties in walkers.items():
        limit = facts.case.corridors[name].check(Direction.OUT).persons_per_hour or 0
        entered: dict[int, int] = defaultdict(int)
        for party in parties:
            for minute, many in _evenly(party):
                entered[minute] += many
        times = sorted(entered)
        until = [0]
        for time in times:
            until.append(until[-1] + entered[time])
        last = None
        for index, time in enumerate(times):
            many = until[bisect_left(times, time + HOUR)] - until[index]
            if many > limit and (last is None or time >= last + HOUR):
                last = time
                where = facts.corridor_name(name)
                yield Breach(
                    where, where, time, f"{persons(many - limit)} an hour",
                    f"At {where} {persons(many)} enter on foot in the hour from "
                    f"{facts.at(time)}, where {limit} can; let {many - limit} enter later.",
                )


def _evenly(party: Party) -> Iterator[tuple[int, int]]:
    """(minute, persons who enter in it), spread evenly from entry to clearance."""
    spell = max(1, party.cleared - party.enters)
    before = 0
    for offset in range(spell):
        now = math.floor(party.persons * (offset + 1) / spell)
        if now > before:
            yield party.enters + offset, now - before
        before = now
