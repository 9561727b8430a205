"""A driver's orders in words: short sentences in order, local time and UTC, fit for the radio."""

from __future__ import annotations

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Convoy, Crossing, Goods, People, Plan, Step, Stop, Task, VehicleDay
from lull.report.words import corridor_name, count_of, local, site_name, utc, vehicle_words


@frozen
class Order:
    """One line of a driver's orders: the minute at which to act, and what to do."""

    minute: int
    local: str
    utc: str
    words: str
    round: int


@frozen
class Orders:
    """All lines of one vehicle, with the name by which it is called."""

    vehicle: str
    name: str
    kind: str
    base: str
    lines: tuple[Order, ...]


def orders(case: Case, plan: Plan) -> tuple[Orders, ...]:
    """The orders of every vehicle that leaves its base, in the plan's order."""
    convoys = {convoy.id: convoy for convoy in plan.convoys}
    return tuple(_orders(case, convoys, day) for day in plan.vehicles if day.steps)


def _orders(case: Case, convoys: dict[str, Convoy], day: VehicleDay) -> Orders:
    kind = case.vehicle_type(day.vehicle)
    lines = []
    for i, step in enumerate(day.steps):
        after = day.steps[i + 1] if i + 1 < len(day.steps) else None
        minute, words = _say(case, convoys, day.vehicle, step, after)
        clock = case.pause.clock
        lines.append(Order(minute, local(clock, minute), utc(clock, minute), words, step.round))
    return Orders(
        day.vehicle,
        vehicle_words(case, day.vehicle),
        kind.name or kind.id,
        site_name(case, kind.base),
        tuple(lines),
    )


def _say(
    case: Case, convoys: dict[str, Convoy], vehicle: str, step: Step, after: Step | None
) -> tuple[int, str]:
    if isinstance(step, Crossing):
        return step.arrives, _crossing(case, convoys, vehicle, step)
    where = site_name(case, step.site)
    if step.task is Task.START:
        return step.departs, f"Leave {where} for {_towards(case, after)}."
    if step.task is Task.END:
        return step.arrives, f"Arrive at {where}. End."
    leave = f"Leave at {local(case.pause.clock, step.departs)}"
    leave += f" for {_towards(case, after)}." if after else "."
    if step.task is Task.WAIT:
        return step.arrives, f"Wait at {where}. {leave}"
    verb = "Load" if step.task is Task.LOAD else "Set down"
    what = load_words(case, step)
    begin = ""
    if step.starts > step.arrives:
        begin = f" from {local(case.pause.clock, step.starts)}"
    return step.arrives, f"At {where}{begin}: {verb.lower()} {what}. {leave}"


def _crossing(case: Case, convoys: dict[str, Convoy], vehicle: str, step: Crossing) -> str:
    clock = case.pause.clock
    way = "out" if step.direction is Direction.OUT else "in"
    words = f"Gate of {corridor_name(case, step.corridor)}, {way}. Convoy {step.convoy}"
    convoy = convoys.get(step.convoy)
    if convoy and vehicle in convoy.vehicles:
        place = convoy.vehicles.index(vehicle) + 1
        words += f", place {place} of {len(convoy.vehicles)}"
        if convoy.leader == vehicle:
            words += ", you lead"
        elif convoy.leader:
            words += f", leader {vehicle_words(case, convoy.leader)}"
    return (
        f"{words}. Enter the check at {local(clock, step.enters)}; "
        f"past the far gate at {local(clock, step.leaves)}."
    )


def _towards(case: Case, after: Step | None) -> str:
    if after is None:
        return "base"
    if isinstance(after, Crossing):
        return f"the gate of {corridor_name(case, after.corridor)}"
    return site_name(case, after.site)


def load_words(case: Case, stop: Stop) -> str:
    """What is taken on or set down at a stop: `38 people (4 on stretchers) for Jibrin`."""
    parts = [_people_words(case, stop, people) for people in _joined(stop.people)]
    parts += [_goods_words(case, stop, goods) for goods in stop.goods]
    return "; ".join(parts) or "nothing"


def _joined(people: tuple[People, ...]) -> list[People]:
    by_destination: dict[str, People] = {}
    for some in people:
        before = by_destination.get(some.destination, People("", some.destination, 0))
        by_destination[some.destination] = People(
            "",
            some.destination,
            before.persons + some.persons,
            before.stretchers + some.stretchers,
        )
    return list(by_destination.values())


def _people_words(case: Case, stop: Stop, people: People) -> str:
    words = count_of(people.persons, "person", "people")
    if people.stretchers:
        words += f" ({people.stretchers} on stretchers)"
    if people.destination != stop.site:
        words += f" for {site_name(case, people.destination)}"
    return words


def _goods_words(case: Case, stop: Stop, goods: Goods) -> str:
    item = case.items[goods.item]
    words = f"{count_of(goods.units, item.unit)} of {item.name or item.id}"
    if goods.destination != stop.site:
        words += f" for {site_name(case, goods.destination)}"
    if goods.removed or goods.returned:
        words += f" ({goods.removed} removed at a check, {goods.returned} returned)"
    return words
