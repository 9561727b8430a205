"""Rules about convoys: their size, leader, distance, slots, and that they keep together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from lull.domain.corridor import Direction
from lull.domain.plan import Convoy, Crossing
from lull.domain.rules.facts import Day, Facts, Passing, counted, minutes
from lull.domain.rules.rounds import rounds_of
from lull.domain.rules.rule import Breach, rule


@rule("A convoy is no larger than its corridor allows.")
def convoy_size(facts: Facts) -> Iterator[Breach]:
    """Counted in vehicles, as the convoy lists them."""
    for convoy in facts.plan.convoys:
        largest = facts.case.corridors[convoy.corridor].convoy.largest
        if largest is not None and len(convoy.vehicles) > largest:
            over = counted(len(convoy.vehicles) - largest, "vehicle")
            where = facts.corridor_name(convoy.corridor)
            yield Breach(
                convoy.id, where, convoy.starts, over,
                f"Convoy {convoy.id} through {where} at {facts.at(convoy.starts)} has "
                f"{len(convoy.vehicles)} vehicles where {largest} may go together; move {over} "
                "to another convoy.",
            )


@rule(
    "A convoy of more than five vehicles, or of as many as the corridor says, has a leader who "
    "drives first.",
    "Logistics Cluster convoy rules: a leader where more than five vehicles go, "
    "https://log.logcluster.org/pages/diffpagesbyversion.action?pageId=72320277&"
    "selectedPageVersions=96&selectedPageVersions=97",
)
def convoy_leader(facts: Facts) -> Iterator[Breach]:
    """From `leader_from` vehicles on, `leader` is named and is the first vehicle listed.

    A smaller convoy may name a leader; it too is then the first.
    """
    for convoy in facts.plan.convoys:
        needed_from = facts.case.corridors[convoy.corridor].convoy.leader_from
        needed = needed_from is not None and len(convoy.vehicles) >= needed_from
        where = facts.corridor_name(convoy.corridor)
        said = f"Convoy {convoy.id} through {where} at {facts.at(convoy.starts)}"
        if needed and not convoy.leader:
            yield Breach(
                convoy.id, where, convoy.starts, "1 leader",
                f"{said} has {len(convoy.vehicles)} vehicles and no leader; name its first.",
            )
        elif convoy.leader and (not convoy.vehicles or convoy.leader != convoy.vehicles[0]):
            yield Breach(
                convoy.id, where, convoy.starts, "1 leader",
                f"{said} has the leader {convoy.leader}, who does not drive first; put the "
                "leader at the head.",
            )


@rule("Convoys through one corridor in one direction keep the headway.")
def convoy_headway(facts: Facts) -> Iterator[Breach]:
    """Between the starts of consecutive convoys."""
    by_way: dict[tuple[str, Direction], list[Convoy]] = defaultdict(list)
    for convoy in facts.plan.convoys:
        by_way[convoy.corridor, convoy.direction].append(convoy)
    for (name, direction), convoys in by_way.items():
        headway = facts.case.corridors[name].convoy.headway
        convoys.sort(key=lambda c: (c.starts, c.id))
        for before, after in pairwise(convoys):
            short = headway - (after.starts - before.starts)
            if short > 0:
                where = facts.corridor_name(name)
                yield Breach(
                    after.id, where, after.starts, minutes(short),
                    f"Convoy {after.id} starts {direction.value} through {where} at "
                    f"{facts.at(after.starts)}, {minutes(short)} too close behind {before.id}; "
                    f"keep {minutes(headway)} between starts.",
                )


@rule(
    "Convoys start at gates on whole slots of the local clock.",
)
def whole_slots(facts: Facts) -> Iterator[Breach]:
    """The local minute of the day is a multiple of the planning rule `slot` (5 by default).

    An order read over the radio must be heard right: "at 10:35", not "at 10:33".
    """
    slot = facts.case.pause.rules.slot
    for convoy in facts.plan.convoys:
        local = facts.case.pause.clock.local(convoy.starts)
        off = (local.hour * 60 + local.minute) % slot
        if off or local.second:
            where = facts.corridor_name(convoy.corridor)
            yield Breach(
                convoy.id, where, convoy.starts, minutes(off),
                f"Convoy {convoy.id} starts through {where} at {facts.at(convoy.starts)}, "
                f"{minutes(off)} after a whole {slot} minutes; let it start on a slot.",
            )


@rule(
    "A convoy keeps its vehicles, leader and route for a round: all pass the same gate together "
    "and make the same stops.",
    "Roll call and one leader for a mini-convoy: "
    "https://websitesrcg.com/disastermanage/btb-sec/BTB-sec-coor-man-35.html",
)
def convoy_keeps_together(facts: Facts) -> Iterator[Breach]:
    """Each vehicle that a convoy lists passes its gate once, and no other does.

    A convoy is assembled before it starts: every vehicle has arrived at the gate by then. The
    first to enter does so at the convoy's start, none before; all leave the far gate at one
    minute, after the last is cleared. In a round, all vehicles of a convoy pass the same
    corridors in the same convoys and load, unload and wait inside at the same sites in the same
    order; where both convoys of a round name a leader, it is the same one. A round is the
    steps of a vehicle with one round number, one journey by `round_is_one_journey`.
    """
    routes = {
        (day.vehicle, turn): route
        for day in facts.days
        for turn, route in _rounds(facts, day).items()
    }
    for convoy in facts.plan.convoys:
        passings = facts.passings_of.get(convoy.id, ())
        yield from _same_vehicles(facts, convoy, passings)
        if passings:
            yield from _same_times(facts, convoy, passings)
            yield from _same_route(facts, convoy, passings, routes)


Route = tuple[tuple[str, str], ...]


def _rounds(facts: Facts, day: Day) -> dict[int, Route]:
    """For each round: its crossings (by convoy) and served stops, in order."""
    return {
        turn: tuple(
            ("convoy", s.convoy) if isinstance(s, Crossing) else (s.task.value, s.site)
            for s in steps
        )
        for turn, steps in rounds_of(facts.case, day).items()
    }


def _same_vehicles(
    facts: Facts, convoy: Convoy, passings: tuple[Passing, ...]
) -> Iterator[Breach]:
    where = facts.corridor_name(convoy.corridor)
    crossed = sorted(p.vehicle for p in passings)
    if crossed != sorted(convoy.vehicles):
        absent = sorted(set(convoy.vehicles) - set(crossed))
        extra = sorted(set(crossed) - set(convoy.vehicles))
        said = "; ".join(
            part
            for part in (
                f"{', '.join(absent)} listed but not passing" if absent else "",
                f"{', '.join(extra)} passing but not listed" if extra else "",
                "" if absent or extra else "a vehicle listed or passing twice",
            )
            if part
        )
        yield Breach(
            convoy.id, where, convoy.starts,
            counted(max(1, len(absent) + len(extra)), "vehicle"),
            f"Convoy {convoy.id} through {where} at {facts.at(convoy.starts)}: {said}; list "
            "those who pass, once.",
        )
    for passing in passings:
        step = passing.step
        if (step.corridor, step.direction) != (convoy.corridor, convoy.direction):
            yield Breach(
                passing.vehicle, facts.corridor_name(step.corridor), step.enters, "1 wrong gate",
                f"{passing.vehicle} passes {facts.corridor_name(step.corridor)} "
                f"{step.direction.value} at {facts.at(step.enters)} as part of convoy "
                f"{convoy.id}, which goes {convoy.direction.value} through {where}.",
            )


def _same_times(facts: Facts, convoy: Convoy, passings: tuple[Passing, ...]) -> Iterator[Breach]:
    where = facts.corridor_name(convoy.corridor)
    first = passings[0].step.enters
    if first != convoy.starts:
        yield Breach(
            passings[0].vehicle, where, first, minutes(abs(first - convoy.starts)),
            f"Convoy {convoy.id} is to start through {where} at {facts.at(convoy.starts)}, but "
            f"{passings[0].vehicle} enters first at {facts.at(first)}; enter at the start.",
        )
    for passing in passings:
        late = passing.step.arrives - convoy.starts
        if late > 0 and passing.step.arrives <= passing.step.enters:
            yield Breach(
                passing.vehicle, where, passing.step.arrives, minutes(late),
                f"{passing.vehicle} arrives at {where} at {facts.at(passing.step.arrives)}, "
                f"{minutes(late)} after convoy {convoy.id} has started "
                f"({facts.at(convoy.starts)}); let the convoy start once all have come.",
            )
    together = max(p.step.leaves for p in passings)
    cleared = max(p.step.cleared for p in passings)
    for passing in passings:
        apart = max(together - passing.step.leaves, cleared - passing.step.leaves)
        if apart > 0:
            yield Breach(
                passing.vehicle, where, passing.step.leaves, minutes(apart),
                f"{passing.vehicle} leaves {where} at {facts.at(passing.step.leaves)}, "
                f"{minutes(apart)} before the rest of convoy {convoy.id}; let all leave together "
                "once the last is cleared.",
            )


def _same_route(
    facts: Facts,
    convoy: Convoy,
    passings: tuple[Passing, ...],
    routes: dict[tuple[str, int], Route],
) -> Iterator[Breach]:
    where = facts.corridor_name(convoy.corridor)
    model = routes[passings[0].vehicle, passings[0].step.round]
    for passing in passings[1:]:
        route = routes[passing.vehicle, passing.step.round]
        if route != model:
            yield Breach(
                passing.vehicle, where, passing.step.enters,
                counted(_differing(model, route), "step"),
                f"{passing.vehicle} makes other stops or passes in other convoys than "
                f"{passings[0].vehicle} in the round in which both pass {where} in convoy "
                f"{convoy.id} at {facts.at(passing.step.enters)}; keep a convoy together for "
                "the round.",
            )
    for kind, other in model:
        mate = facts.convoys.get(other) if kind == "convoy" else None
        if (
            mate is not None
            and convoy.leader
            and mate.leader
            and convoy.leader != mate.leader
            and convoy.starts > mate.starts
        ):
            yield Breach(
                convoy.id, where, convoy.starts, "1 leader",
                f"Convoy {convoy.id} is led by {convoy.leader} at {facts.at(convoy.starts)}, but "
                f"in the same round {mate.id} by {mate.leader}; keep one leader for the round.",
            )


def _differing(one: Route, other: Route) -> int:
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))

