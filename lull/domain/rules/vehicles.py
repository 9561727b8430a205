"""Rules about single vehicles: where they are, what they carry, when they may be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from lull.domain.fleet import Use
from lull.domain.people import Category
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Step, Stop, Task, left_at
from lull.domain.rules.facts import Day, Facts, Load, minutes, persons
from lull.domain.rules.rule import Breach, rule


@rule("A vehicle is at one place at a time, from its start to its end.")
def vehicle_in_one_place(facts: Facts) -> Iterator[Breach]:
    """Times never run backwards, within a step or from one step to the next.

    A vehicle has one day in the plan, which begins with START, ends with END and holds neither
    in between. How long a way takes is judged by `leg_takes_its_time`.
    """
    for vehicle, times in Counter(d.vehicle for d in facts.days).items():
        if times > 1:
            yield Breach(
                vehicle, "", None, f"{times - 1} too many",
                f"{vehicle} has {times} days in the plan and would be in {times} places; "
                "give it one.",
            )
    for day in facts.days:
        yield from _ends_of_day(day)
        for index, step in enumerate(day.steps):
            where = facts.name(facts.comes_to(step))
            late = _backwards(step)
            if late:
                yield Breach(
                    day.vehicle, where, step.arrives, minutes(late),
                    f"{day.vehicle} at {where} at {facts.at(step.arrives)}: its times run "
                    f"backwards by {minutes(late)}; put arrival, start and departure in order.",
                )
            gap = step.arrives - left_at(day.steps[index - 1]) if index else 0
            if gap < 0:
                before = facts.name(facts.goes_from(day.steps[index - 1]))
                yield Breach(
                    day.vehicle, where, step.arrives, minutes(-gap),
                    f"{day.vehicle} is at {where} at {facts.at(step.arrives)}, "
                    f"{minutes(-gap)} before it has left {before}; it can be at one place only.",
                )


def _backwards(step: Step) -> int:
    times = (
        (step.arrives, step.starts, step.departs)
        if isinstance(step, Stop)
        else (step.arrives, step.enters, step.cleared, step.leaves)
    )
    return max(0, *(a - b for a, b in pairwise(times)))


def _ends_of_day(day: Day) -> Iterator[Breach]:
    tasks = [step.task if isinstance(step, Stop) else None for step in day.steps]
    wrong = ""
    if not tasks or tasks[0] is not Task.START:
        wrong = "does not begin with a start"
    elif tasks[-1] is not Task.END or len(tasks) == 1:
        wrong = "does not close with an end"
    elif Task.START in tasks[1:] or Task.END in tasks[:-1]:
        wrong = "starts or ends in the middle"
    if wrong:
        yield Breach(
            day.vehicle, "", None, "1 step",
            f"The day of {day.vehicle} {wrong}; say where it starts and where it ends, once.",
        )


@rule("A way takes at least its likely travel time.")
def leg_takes_its_time(facts: Facts) -> Iterator[Breach]:
    """From leaving one place to arriving at the next, for vehicles, walkers and private cars.

    The way through a corridor counts from being cleared to leaving the far gate. A way that the
    travel table does not hold is a violation, unless its two ends lie on no common side (then
    `crossed_at_gates_only` speaks). Times that run backwards are left to
    `vehicle_in_one_place`, for parties to this rule.
    """
    drivers = {day.vehicle for day in facts.days}
    for move in facts.moves:
        took = move.arrives - move.leaves
        if (took < 0 and move.who in drivers) or (move.leg is None and not move.within):
            continue
        way = f"from {facts.name(move.start)} to {facts.name(move.end)}"
        if move.leg is None:
            yield Breach(
                move.who, way, move.leaves, "no way at all",
                f"{move.who} is to go {way} at {facts.at(move.leaves)}, but the travel table "
                f"holds no such way for {move.profile}; choose another.",
            )
        elif took < move.leg.likely:
            short = move.leg.likely - took
            yield Breach(
                move.who, way, move.leaves, minutes(short),
                f"{move.who} goes {way} at {facts.at(move.leaves)} in {minutes(took)}; it likely "
                f"takes {move.leg.likely}, so the plan is {minutes(short)} short.",
            )
    for party in facts.plan.parties:
        times = (party.departs, party.arrives, party.enters, party.cleared, party.leaves)
        late = max(0, party.arrives - party.enters, party.enters - party.cleared)
        if late:
            where = facts.corridor_name(party.corridor)
            yield Breach(
                party.id, where, min(times), minutes(late),
                f"{party.id} at {where} at {facts.at(party.enters)}: its times at the gate run "
                f"backwards by {minutes(late)}; put arrival, entry and clearance in order.",
            )


@rule("A load fits the seats, stretchers and tonnes of its vehicle.")
def load_fits(facts: Facts) -> Iterator[Breach]:
    """At every moment: sitting persons ≤ ⌊seats × fill⌋, lying ones ≤ stretchers, tonnes ≤ payload.

    `fill` is the planning rule. Companions of patients sit. A kilogram over is over.
    """
    fill = facts.case.pause.rules.fill
    for day in facts.days:
        seats = int(day.kind.seats * fill + 1e-9)
        for index, step in enumerate(day.steps):
            load = day.loads[index]
            if load.is_empty or (index and load is day.loads[index - 1]):
                continue
            for many, room, what in (
                (load.persons - load.lying, seats, "seats"),
                (load.lying, day.kind.stretchers, "stretchers"),
            ):
                if many > room:
                    yield _overfull(facts, day, step, persons(many - room),
                                    f"{persons(many)} for {room} {what}")
            tonnes = _tonnes(facts, load)
            if tonnes > day.kind.payload_t + 1e-6:
                yield _overfull(
                    facts, day, step, f"{tonnes - day.kind.payload_t:.3f} tonnes",
                    f"{tonnes:.3f} tonnes for a payload of {day.kind.payload_t:.3f}",
                )


def _tonnes(facts: Facts, load: Load) -> float:
    items = facts.case.items
    return sum(units * items[item].kg for (item, _), units in load.goods.items()) / 1000


def _overfull(facts: Facts, day: Day, step: Step, by: str, what: str) -> Breach:
    where = facts.name(facts.comes_to(step))
    return Breach(
        day.vehicle, where, left_at(step), by,
        f"{day.vehicle} leaves {where} at {facts.at(left_at(step))} with {what}; "
        f"give {by} to another vehicle.",
    )


@rule(
    "A vehicle carries only what it is for: an aid truck no passengers, an ambulance patients, "
    "fighters and civilians never together.",
    "Humanitarian cargo only in aid convoys: South Sudan convoy procedure, "
    "https://reliefweb.int/report/south-sudan/logistics-cluster-south-sudan-convoy-procedure-snapshot",
)
def use_matches(facts: Facts) -> Iterator[Breach]:
    """Civilians need a type for passengers, fighters one for fighters, goods one for aid.

    Who lies needs a type for wounded, of whatever status. Companions who sit may also ride in a
    vehicle for passengers.
    """
    for halt in facts.halts:
        if halt.stop.task is not Task.LOAD:
            continue
        uses = halt.day.kind.uses
        wrong = []
        for line in halt.stop.people:
            group = facts.case.groups[line.group]
            sitting = line.persons - line.stretchers
            if line.stretchers and Use.WOUNDED not in uses:
                wrong.append((persons(line.stretchers) + " lying", Use.WOUNDED))
            if sitting and not uses & _uses_for(group.category):
                wrong.append((f"{persons(sitting)} of {group.id}", min(_uses_for(group.category))))
        if halt.stop.goods and Use.AID not in uses:
            wrong.append((f"{sum(g.units for g in halt.stop.goods)} units of aid", Use.AID))
        for what, use in wrong:
            yield Breach(
                halt.vehicle, facts.name(halt.stop.site), halt.stop.starts, what,
                f"{halt.vehicle} takes on {what} at {facts.name(halt.stop.site)} at "
                f"{facts.at(halt.stop.starts)}; its type is for "
                f"{', '.join(sorted(uses))}, so use one that is for {use.value}.",
            )


def _uses_for(category: Category) -> frozenset[Use]:
    if category is Category.PATIENTS:
        return frozenset({Use.WOUNDED, Use.PASSENGERS})
    return frozenset({Use.FIGHTERS if category is Category.FIGHTERS else Use.PASSENGERS})


@rule("Only vehicles that exist are used, from their base, when and where they are available.")
def fleet_available(facts: Facts) -> Iterator[Breach]:
    """Number, base, time to mobilise after the notice, hours of availability, sides.

    `bus#7` needs at least seven buses. The first step is at the base of the type; leaving it is
    no earlier than notice + time to mobilise (no notice stated: mobilised in time) and than
    `available_from`; the last arrival is no later than `available_to`. Every place that is
    visited, and both sides of every corridor passed, are sides on which the type may drive.
    """
    for day in facts.days:
        kind = day.kind
        number = int(day.vehicle.partition("#")[2])
        if not 1 <= number <= kind.number:
            yield Breach(
                day.vehicle, facts.name(kind.base), None, f"number {number} of {kind.number}",
                f"{day.vehicle} does not exist: there are {kind.number} of {kind.id}; "
                "use another or ask for more.",
            )
        if not day.steps:
            continue
        yield from _in_time(facts, day)
        yield from _on_its_sides(facts, day)


def _in_time(facts: Facts, day: Day) -> Iterator[Breach]:
    kind, first, last = day.kind, day.steps[0], day.steps[-1]
    begins = facts.comes_to(first)
    base = facts.name(kind.base)
    if begins != kind.base:
        yield Breach(
            day.vehicle, facts.name(begins), first.arrives, "1 wrong place",
            f"{day.vehicle} starts at {facts.name(begins)} at {facts.at(first.arrives)}; its base "
            f"is {base}, so let it start there.",
        )
    notice = facts.case.pause.notice
    if notice is not None and left_at(first) < notice + kind.mobilise:
        early = notice + kind.mobilise - left_at(first)
        yield Breach(
            day.vehicle, base, left_at(first), minutes(early),
            f"{day.vehicle} leaves {base} at {facts.at(left_at(first))}, {minutes(early)} before "
            f"it can be mobilised ({minutes(kind.mobilise)} after the notice).",
        )
    if kind.available_from is not None and left_at(first) < kind.available_from:
        early = kind.available_from - left_at(first)
        yield Breach(
            day.vehicle, base, left_at(first), minutes(early),
            f"{day.vehicle} leaves {base} at {facts.at(left_at(first))}, {minutes(early)} before "
            f"it is available ({facts.at(kind.available_from)}).",
        )
    if kind.available_to is not None and last.arrives > kind.available_to:
        late = last.arrives - kind.available_to
        yield Breach(
            day.vehicle, facts.name(facts.comes_to(last)), last.arrives, minutes(late),
            f"{day.vehicle} ends at {facts.at(last.arrives)}, {minutes(late)} after it must be "
            f"given back ({facts.at(kind.available_to)}).",
        )


def _on_its_sides(facts: Facts, day: Day) -> Iterator[Breach]:
    allowed = set(day.kind.sides)
    for step in day.steps:
        if isinstance(step, Crossing):
            passed = facts.case.corridors[step.corridor].sides(step.direction)
            wrong = [side for side in passed if side not in allowed]
        else:
            sides = facts.case.sites[step.site].sides
            wrong = [] if allowed & set(sides) else list(sides)
        for side in wrong:
            where = facts.name(facts.comes_to(step))
            here = "the enclosed side" if side == INSIDE else f"the side {side!r}"
            yield Breach(
                day.vehicle, where, step.arrives, f"1 side ({side})",
                f"{day.vehicle} is at {where} at {facts.at(step.arrives)}, but {day.kind.id} may "
                f"not drive on {here}; change vehicles or ask for leave.",
            )
