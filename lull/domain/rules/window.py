"""Rules about the end of a window: nobody is caught inside, and nothing moves in between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from lull.domain.corridor import Direction
from lull.domain.place import INSIDE
from lull.domain.plan import By, Crossing, Party, Stop, Task, left_at
from lull.domain.rules.facts import Day, Facts, minutes, persons, profile_of
from lull.domain.rules.rule import Breach, rule
from lull.domain.rules.waits import exchanges, matched
from lull.domain.travel import OWN_CAR

DOUMA = (
    "A convoy that needed more than its five hours left with 14 lorries not or half unloaded: "
    "Douma, 5 March 2018, https://knews.kathimerini.com.cy/en/news/un-urges-syria-to-ensure-"
    "truce-for-ghouta-aid-convoy"
)


@frozen
class Inside:
    """A spell of one vehicle on the enclosed side: step numbers of entry and exit.

    `since` is when it enters the check of its way in (or leaves its base inside), `until` when
    it leaves the far gate of its way out; None where it never does.
    """

    day: Day
    entry: int
    exit: int | None
    since: int
    until: int | None


def spells_inside(facts: Facts) -> Iterator[Inside]:
    """Every spell on the enclosed side of vehicles that do not live there."""
    for day in facts.days:
        if day.lives_inside or not day.steps:
            continue
        entry: int | None = None
        if facts.case.sides_of(facts.comes_to(day.steps[0])) == (INSIDE,):
            entry = 0
        for index, step in enumerate(day.steps):
            if not isinstance(step, Crossing):
                continue
            left, reached = facts.case.corridors[step.corridor].sides(step.direction)
            if left == INSIDE and entry is not None:
                yield Inside(day, entry, index, _since(day, entry), step.leaves)
                entry = None
            if reached == INSIDE:
                entry = index
        if entry is not None:
            yield Inside(day, entry, None, _since(day, entry), None)


def _since(day: Day, entry: int) -> int:
    step = day.steps[entry]
    return step.enters if isinstance(step, Crossing) else left_at(step)


@rule(
    "Everyone and everything that came in is out, with the margin, before each window closes: "
    "vehicles, staff, walkers, private cars, and people at exchange points inside.",
    "Nobody is caught inside: the hardest rule of a plan.",
)
def nobody_inside_at_end(facts: Facts) -> Iterator[Breach]:
    """Out means having left the far gate, `margin` minutes before the close.

    A vehicle whose type may drive only on the enclosed side lives there and stays; it has
    nobody on board when a window closes. All others end their day outside, those too whose base
    is inside. The window is the one in which a vehicle enters, or the next to open. A party
    counts from setting out. People set down at an exchange point inside have been taken on by
    the close.
    """
    margin = facts.case.pause.rules.margin
    for spell in spells_inside(facts):
        window = facts.window_after(spell.since)
        if spell.until is None:
            yield _never_out(facts, spell)
        elif window is not None and spell.until > window.closes - margin:
            step = spell.day.steps[spell.exit or 0]
            late = spell.until - (window.closes - margin)
            where = facts.name(facts.goes_from(step))
            aboard = persons(spell.day.loads[spell.exit or 0].persons)
            yield Breach(
                spell.day.vehicle, where, spell.until, minutes(late),
                f"{spell.day.vehicle} with {aboard} is out at {facts.at(spell.until)}, "
                f"{minutes(late)} later than {minutes(margin)} before the window closes at "
                f"{facts.at(window.closes)}; let it turn back earlier or not enter.",
            )
    for party in facts.plan.parties:
        window = facts.window_after(party.departs)
        if window is not None and party.leaves > window.closes - margin:
            late = party.leaves - (window.closes - margin)
            yield Breach(
                party.id, facts.corridor_name(party.corridor), party.leaves, minutes(late),
                f"{party.id} with {persons(party.persons)} is out at {facts.at(party.leaves)}, "
                f"{minutes(late)} later than {minutes(margin)} before the window closes at "
                f"{facts.at(window.closes)}; let it leave earlier or stay.",
            )
    yield from _on_board_inside(facts)
    yield from _at_exchange_inside(facts)


def _never_out(facts: Facts, spell: Inside) -> Breach:
    last = spell.day.steps[-1]
    where = facts.name(facts.goes_from(last))
    return Breach(
        spell.day.vehicle, where, left_at(last), "1 vehicle",
        f"{spell.day.vehicle} goes in at {facts.at(spell.since)} and ends at {where}, on the "
        "enclosed side; plan its way out.",
    )


def _on_board_inside(facts: Facts) -> Iterator[Breach]:
    for day in facts.days:
        if not day.lives_inside:
            continue
        for window in facts.windows:
            load = None
            for index, step in enumerate(day.steps):
                moment = step.starts if isinstance(step, Stop) else step.enters
                if moment < window.closes:
                    load = day.loads[index]
            if load is not None and load.people:
                yield Breach(
                    day.vehicle, "on the enclosed side", window.closes, persons(load.persons),
                    f"{day.vehicle} has {persons(load.persons)} on board when the window closes "
                    f"at {facts.at(window.closes)}; bring them to an exchange in time or leave "
                    "them under shelter.",
                )


def _at_exchange_inside(facts: Facts) -> Iterator[Breach]:
    for (site, group, _), (come, go) in exchanges(facts).items():
        if INSIDE not in facts.case.sites[site].sides:
            continue
        where = facts.name(site)
        for came, went, many, _who in matched(come, go):
            window = facts.window_after(came) if came is not None else None
            if came is None or went is None or window is None or went <= window.closes:
                continue
            yield Breach(
                where, where, window.closes, persons(many),
                f"{persons(many)} of {group} are still at {where} when the window closes at "
                f"{facts.at(window.closes)}; take them on before.",
            )


@rule(
    "A vehicle leaves its last stop inside, enters its check, and goes in at all, only while "
    "even at the high times it is out with the margin before the window closes.",
    DOUMA,
)
def last_safe_departure(facts: Facts) -> Iterator[Breach]:
    """close − margin − Σ high times of what remains, at three moments.

    Going in: the high check and way in, the high ways and services of all stops inside, the
    high check and way out. Leaving the last stop inside: the high way to the gate, the queue,
    the own high check, the high way through. Entering the check: the queue, the own high check,
    the high way through. The queue is ⌊Σ high checks of the others / lanes⌋ over all vehicles
    (private cars included) that use the same lanes, enter no later than the last of the own
    convoy, and are not cleared at the moment in question: a bound on when a lane is free,
    whatever the order. A party has the last two moments, setting out and entering, with the
    time that the plan gives it at the gate if on foot and its cars' high checks if not. The
    window is the one in which the moment lies. What is late already at the planned times is
    judged by `nobody_inside_at_end` alone.
    """
    margin = facts.case.pause.rules.margin
    queues = _queues(facts)
    for spell in spells_inside(facts):
        if spell.exit is None:
            continue
        for place, moment, high in _moments(facts, spell, queues):
            window = facts.case.pause.window_at(moment)
            late_anyway = window is None or (spell.until or 0) > window.closes - margin
            if window is None or late_anyway:
                continue
            over = moment + high - (window.closes - margin)
            if over > 0:
                yield _unsafe(facts, spell.day.vehicle, place, moment, high, over)
    for party in facts.plan.parties:
        window = facts.case.pause.window_at(party.departs)
        if window is None or party.leaves > window.closes - margin:
            continue
        for place, moment, needs in _party_moments(facts, party, queues):
            over = moment + needs - (window.closes - margin)
            if over > 0:
                yield _unsafe(facts, party.id, place, moment, needs, over)


def _unsafe(facts: Facts, who: str, place: str, moment: int, high: int, over: int) -> Breach:
    return Breach(
        who, place.partition(" ")[2], moment, minutes(over),
        f"{who} {place} at {facts.at(moment)}, {minutes(over)} after the last safe departure "
        f"({facts.at(moment - over)}): at the high times it needs {minutes(high)} to be out with "
        "the margin; let it go earlier or not at all.",
    )


@frozen(eq=False)
class Queue:
    """Who uses the lanes of one pool: when each enters and is cleared, its high minutes."""

    enters: NDArray[np.int64]
    cleared: NDArray[np.int64]
    high: NDArray[np.int64]
    lanes: int

    def minutes(self, moment: int, until: int, own: int) -> int:
        """Queue and own check, at the high times.

        `until` is the entry of the last of the own convoy, `own` the own high minutes, which
        are taken off the others' sum: one's own check stands in the queue's list too.
        """
        ahead = (self.cleared > moment) & (self.enters <= until)
        others = int(self.high[ahead].sum()) - own
        return max(0, others) // self.lanes + own


def _queues(facts: Facts) -> Mapping[tuple[str, Direction], Queue]:
    rows: dict[tuple[str, Direction], list[tuple[int, int, int]]] = defaultdict(list)
    for passing in facts.passings:
        step = passing.step
        check = passing.corridor.check(step.direction).minutes_of(passing.day.kind.id)
        pool = (step.corridor, passing.corridor.lane_pool(step.direction))
        rows[pool].append((step.enters, step.cleared, check.high))
    for party in facts.plan.parties:
        if party.by is By.OWN_CAR:
            corridor = facts.case.corridors[party.corridor]
            high = corridor.check(Direction.OUT).minutes_of(OWN_CAR).high * party.cars
            pool = (party.corridor, corridor.lane_pool(Direction.OUT))
            rows[pool].append((party.enters, party.cleared, high))
    queues = {}
    for (name, direction), found in rows.items():
        enters, cleared, highs = np.array(found, dtype=np.int64).T
        lanes = facts.case.corridors[name].lanes(direction)
        queues[name, direction] = Queue(enters, cleared, highs, lanes)
    return queues


def _moments(
    facts: Facts, spell: Inside, queues: Mapping[tuple[str, Direction], Queue]
) -> Iterator[tuple[str, int, int]]:
    """(what happens, minute, high minutes from then until out) for one spell inside."""
    day, exit_at = spell.day, spell.exit or 0
    out = day.steps[exit_at]
    if not isinstance(out, Crossing):
        return
    kind = day.kind.id
    corridor = facts.case.corridors[out.corridor]
    own = corridor.check(out.direction).minutes_of(kind).high
    transit = facts.transit(kind, corridor, out.direction)
    through = transit.high if transit else 0
    queue = queues[out.corridor, corridor.lane_pool(out.direction)]
    mates = facts.passings_of.get(out.convoy, ())
    last = max((mate.step.enters for mate in mates), default=out.enters)
    where = facts.corridor_name(corridor.id)
    yield f"enters {where}", out.enters, queue.minutes(out.enters, last, own) + through
    before = day.steps[exit_at - 1]
    if isinstance(before, Stop):
        to_gate = facts.leg(kind, before.site, facts.comes_to(out))
        high = (to_gate.high if to_gate else 0) + queue.minutes(before.departs, last, own)
        yield f"leaves {facts.name(before.site)}", before.departs, high + through
    entry = day.steps[spell.entry]
    if isinstance(entry, Crossing):
        high = _round_high(facts, spell, entry) + own + through
        yield f"enters {facts.corridor_name(entry.corridor)}", entry.enters, high


def _round_high(facts: Facts, spell: Inside, entry: Crossing) -> int:
    """High minutes from entering the check of the way in to reaching the gate of the way out."""
    day, kind = spell.day, spell.day.kind.id
    corridor = facts.case.corridors[entry.corridor]
    transit = facts.transit(kind, corridor, entry.direction)
    total = corridor.check(entry.direction).minutes_of(kind).high
    total += transit.high if transit else 0
    for index in range(spell.entry + 1, (spell.exit or 0) + 1):
        step = day.steps[index]
        way = facts.leg(kind, facts.goes_from(day.steps[index - 1]), facts.comes_to(step))
        total += way.high if way else 0
        if isinstance(step, Stop) and step.task in (Task.LOAD, Task.UNLOAD):
            total += facts.case.sites[step.site].service_of(kind).high
    return total


def _party_moments(
    facts: Facts, party: Party, queues: Mapping[tuple[str, Direction], Queue]
) -> Iterator[tuple[str, int, int]]:
    """(what happens, minute, high minutes from then until out) for a party."""
    profile = profile_of(party)
    corridor = facts.case.corridors[party.corridor]
    site = facts.case.groups[party.group].site
    to_gate = facts.leg(profile, site, corridor.gates(Direction.OUT)[0])
    transit = facts.transit(profile, corridor, Direction.OUT)
    through = transit.high if transit else 0
    setting_out = entering = party.cleared - party.enters
    if party.by is By.OWN_CAR:
        queue = queues[party.corridor, corridor.lane_pool(Direction.OUT)]
        own = corridor.check(Direction.OUT).minutes_of(OWN_CAR).high
        setting_out = queue.minutes(party.departs, party.enters, own)
        entering = queue.minutes(party.enters, party.enters, own)
    high = (to_gate.high if to_gate else 0) + setting_out + through
    yield f"leaves {facts.name(site)}", party.departs, high
    yield f"enters {facts.corridor_name(corridor.id)}", party.enters, entering + through


@rule(
    "Several windows carry over: vehicles stay where they are, and nothing moves inside or "
    "through a gate between them.",
)
def windows_carry_over(facts: Facts) -> Iterator[Breach]:
    """Passing a corridor, driving or being served on the enclosed side begins in a window.

    So do parties setting out. What begins in a window and ends after it is judged by
    `nobody_inside_at_end`; for vehicles that live inside, which may stay, it is judged here.
    People served, stock, places and crews are counted over all windows by their own rules, and a
    vehicle has one day over all windows, so that it goes on from where it stopped.
    """
    for who, what, start, end in _inside_doings(facts):
        window = facts.case.pause.window_at(start)
        if window is not None and (end is None or end <= window.closes):
            continue
        after = facts.window_after(start)
        if window is not None:
            off = (end or start) - window.closes
        else:
            off = after.opens - start if after else start - facts.windows[-1].closes
        yield Breach(
            who, what.partition(" ")[2], start, minutes(off),
            f"{who} {what} at {facts.at(start)}, {minutes(off)} outside any window; wait for the "
            "next window or stay put.",
        )


def _inside_doings(facts: Facts) -> Iterator[tuple[str, str, int, int | None]]:
    """(who, does what, from, to where the end matters) on the enclosed side and at gates."""
    for passing in facts.passings:
        what = f"passes {facts.corridor_name(passing.corridor.id)}"
        yield passing.vehicle, what, passing.step.enters, None
    for halt in facts.halts:
        if halt.site.inside and halt.stop.task in (Task.LOAD, Task.UNLOAD):
            what = f"{halt.stop.task.value}s at {facts.name(halt.site.id)}"
            end = halt.done if halt.day.lives_inside else None
            yield halt.vehicle, what, halt.stop.starts, end
    parties = {party.id for party in facts.plan.parties}
    for move in facts.moves:
        if move.passes is not None or move.who in parties or move.start == move.end:
            continue
        if any(facts.case.sides_of(place) == (INSIDE,) for place in (move.start, move.end)):
            what = f"drives to {facts.name(move.end)}"
            yield move.who, what, move.leaves, move.arrives if move.lives_inside else None
    for party in facts.plan.parties:
        site = facts.name(facts.case.groups[party.group].site)
        yield party.id, f"leaves {site}", party.departs, None
