"""Rules about aid: stock, lead times, need, inspection, and that every unit is accounted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from lull.domain.corridor import Direction, User
from lull.domain.place import INSIDE, SiteKind
from lull.domain.plan import Crossing, Goods, Task
from lull.domain.rules.facts import Facts, Halt, Key, minutes
from lull.domain.rules.rule import Breach, rule

MONITORS = (
    "Monitors compare cargo with its manifest at loading: resolution 2165 (2014), "
    "https://reliefweb.int/report/syrian-arab-republic/syrian-arab-republic-united-nations-"
    "cross-border-operations-under-38"
)


def from_stock(facts: Facts) -> Iterator[tuple[Halt, Goods]]:
    """Every line of goods taken on that no exchange point hands over."""
    stocked = {(line.item, line.site) for line in facts.case.stocks}
    for halt in facts.halts:
        if halt.stop.task is not Task.LOAD:
            continue
        for part in halt.stop.goods:
            handed = halt.site.kind is SiteKind.EXCHANGE
            if not handed or (part.item, halt.site.id) in stocked:
                yield halt, part


@rule("No more of an item is loaded at a warehouse than stands there.")
def aid_stock(facts: Facts) -> Iterator[Breach]:
    """Units of all windows together, by item and site; what is returned does not go back in."""
    stock: dict[Key, int] = defaultdict(int)
    for line in facts.case.stocks:
        stock[line.item, line.site] += line.units
    taken: dict[Key, int] = defaultdict(int)
    for halt, part in from_stock(facts):
        key = (part.item, halt.site.id)
        before, taken[key] = taken[key], taken[key] + part.units
        over = taken[key] - max(stock[key], before)
        if over > 0:
            where = facts.name(halt.site.id)
            yield Breach(
                halt.vehicle, where, halt.stop.starts, f"{over} units",
                f"{halt.vehicle} loads {part.units} units of {part.item} at {where} at "
                f"{facts.at(halt.stop.starts)}, {over} more than are left of {stock[key]}.",
            )


@rule("Nothing is loaded before it is ready: loaded, sealed and released.")
def aid_lead_times(facts: Facts) -> Iterator[Breach]:
    """Units loaded by a minute are no more than the stock lines ready by then.

    `ready` counts minutes from the notice; where no notice is stated, all was ready before. What
    exceeds the whole stock is judged by `aid_stock` alone.
    """
    notice = facts.case.pause.notice
    if notice is None:
        return
    ready: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for line in facts.case.stocks:
        ready[line.item, line.site].append((notice + line.ready, line.units))
    loads = sorted(
        ((halt.stop.starts, halt.vehicle, halt, part) for halt, part in from_stock(facts)),
        key=lambda found: found[:2],
    )
    taken: dict[Key, int] = defaultdict(int)
    for when, vehicle, halt, part in loads:
        key = (part.item, halt.site.id)
        taken[key] += part.units
        whole = sum(units for _, units in ready[key])
        by_now = sum(units for since, units in ready[key] if since <= when)
        over = min(taken[key], whole) - by_now
        if over > 0:
            where = facts.name(halt.site.id)
            later = sorted(since for since, _ in ready[key] if since > when)
            early = later[0] - when
            yield Breach(
                vehicle, where, when, minutes(early),
                f"{vehicle} loads {part.units} units of {part.item} at {where} at "
                f"{facts.at(when)}, but {over} of them are not ready; wait {minutes(early)}, "
                f"until {facts.at(later[0])}.",
            )


@rule("No more of an item is delivered to a place than is needed there.")
def aid_need(facts: Facts) -> Iterator[Breach]:
    """Units set down at their destination less removed and returned, all windows together."""
    need: dict[Key, int] = defaultdict(int)
    for line in facts.case.demands:
        need[line.item, line.site] += line.units
    got: dict[Key, int] = defaultdict(int)
    for halt in facts.halts:
        if halt.stop.task is not Task.UNLOAD:
            continue
        for part in halt.stop.goods:
            if part.destination != halt.site.id:
                continue
            key = (part.item, halt.site.id)
            arrives = part.units - part.removed - part.returned
            before, got[key] = got[key], got[key] + arrives
            over = got[key] - max(need[key], before)
            if over > 0:
                where = facts.name(halt.site.id)
                yield Breach(
                    halt.vehicle, where, halt.stop.starts, f"{over} units",
                    f"{halt.vehicle} delivers {arrives} units of {part.item} at {where} at "
                    f"{facts.at(halt.stop.starts)}, {over} more than are needed there "
                    f"({need[key]}); take them where they are needed.",
                )


@rule(
    "Aid enters only through the checkpoint of a corridor that is open to aid; what is removed "
    "is removed there.",
    MONITORS,
)
def aid_inspected(facts: Facts) -> Iterator[Breach]:
    """Every loaded passing is through a corridor with the user `aid`.

    What is delivered on the enclosed side stood there in stock or has passed such a checkpoint
    inwards, in the same vehicle or before it was handed over at an exchange point. Units may be
    stated as removed only by a vehicle that has passed a checkpoint inwards with goods on board.
    """
    for passing in facts.passings:
        if passing.load.goods and User.AID not in passing.corridor.users:
            where = facts.corridor_name(passing.corridor.id)
            units = sum(passing.load.goods.values())
            yield Breach(
                passing.vehicle, where, passing.step.enters, f"{units} units",
                f"{passing.vehicle} takes {units} units of aid through {where} at "
                f"{facts.at(passing.step.enters)}, which is not open to aid; take a corridor "
                "where aid is inspected.",
            )
    unchecked = _unchecked_exchanges(facts)
    for halt, part, checked in _goods(facts, unchecked):
        where = facts.name(halt.site.id)
        said = (
            f"{halt.vehicle} at {where} at {facts.at(halt.stop.starts)} with {part.units} units "
            f"of {part.item}"
        )
        if part.removed and not _passed_in(halt):
            yield Breach(
                halt.vehicle, where, halt.stop.starts, f"{part.removed} units",
                f"{said}: {part.removed} are stated as removed, but no checkpoint has been "
                "passed with them.",
            )
        elif not checked and part.destination == halt.site.id and INSIDE in halt.site.sides:
            yield Breach(
                halt.vehicle, where, halt.stop.starts, f"{part.units} units",
                f"{said}: they come from outside and have passed no checkpoint; lead them "
                "through a corridor open to aid.",
            )


def _passed_in(halt: Halt) -> bool:
    """Whether the vehicle has passed a checkpoint inwards with goods, earlier in its day."""
    return any(
        isinstance(step, Crossing) and step.direction is Direction.IN and load.goods
        for step, load in zip(
            halt.day.steps[: halt.index], halt.day.loads[: halt.index], strict=True
        )
    )


Handed = set[tuple[str, str]]
"""(exchange point, item) at which goods from outside are set down that passed no checkpoint."""


def _goods(facts: Facts, unchecked: Handed) -> Iterator[tuple[Halt, Goods, bool]]:
    """Goods set down, with whether they stood inside or have passed a checkpoint inwards."""
    stocked = {(line.item, line.site) for line in facts.case.stocks}
    for day in facts.days:
        bad: set[str] = set()
        for index, step in enumerate(day.steps):
            if isinstance(step, Crossing):
                if step.direction is Direction.IN:
                    bad = set()
                continue
            site = facts.case.sites[step.site]
            for part in step.goods:
                if step.task is Task.UNLOAD:
                    yield Halt(day, index, step, site, 0), part, part.item not in bad
                elif (part.item, site.id) in stocked:
                    bad |= set() if INSIDE in site.sides else {part.item}
                elif (site.id, part.item) in unchecked:
                    bad |= {part.item}


def _unchecked_exchanges(facts: Facts) -> Handed:
    found: Handed = set()
    while True:
        more = {
            (halt.site.id, part.item)
            for halt, part, checked in _goods(facts, found)
            if not checked and halt.site.kind is SiteKind.EXCHANGE
        }
        if more <= found:
            return found
        found |= more


@rule(
    "Every unit loaded is delivered, removed at a check or returned, item by item.",
    "Goods removed at loading and lorries sent back unloaded: Douma, March 2018, "
    "http://www.myvuenews.com/aid-convoy-arrives-in-eastern-ghouta-missing-badly-needed-medical-"
    "supplies/",
)
def aid_accounted(facts: Facts) -> Iterator[Breach]:
    """A vehicle sets down what it loaded, no more and no less, by item and destination.

    At the destination, at an exchange point (where another vehicle takes all of it on, not
    earlier than it is set down), or, stated in full as returned or removed, at the warehouse it
    was taken from. Removed and returned units are part of the units set down, and are stated
    only there.
    """
    for halt in facts.halts:
        for part in halt.stop.goods:
            yield from _stated_rightly(facts, halt, part)
        if halt.stop.task is Task.UNLOAD:
            yield from _not_on_board(facts, halt)
    for day in facts.days:
        if day.loads and day.loads[-1].goods:
            last = day.steps[-1]
            where = facts.name(facts.comes_to(last))
            units = sum(day.loads[-1].goods.values())
            yield Breach(
                day.vehicle, where, last.arrives, f"{units} units",
                f"{day.vehicle} ends at {where} at {facts.at(last.arrives)} with {units} units "
                "still on board; deliver them or state them as returned.",
            )
    yield from _exchanged(facts)


def _stated_rightly(facts: Facts, halt: Halt, part: Goods) -> Iterator[Breach]:
    where = facts.name(halt.site.id)
    said = (
        f"{halt.vehicle} at {where} at {facts.at(halt.stop.starts)} states {part.units} units of "
        f"{part.item}"
    )
    gone = part.removed + part.returned
    if halt.stop.task not in (Task.LOAD, Task.UNLOAD):
        yield Breach(
            halt.vehicle, where, halt.stop.starts, f"{part.units} units",
            f"{said} where it neither loads nor unloads.",
        )
    elif gone > (part.units if halt.stop.task is Task.UNLOAD else 0):
        over = gone - (part.units if halt.stop.task is Task.UNLOAD else 0)
        yield Breach(
            halt.vehicle, where, halt.stop.starts, f"{over} units",
            f"{said}, of which {part.removed} removed and {part.returned} returned; that is "
            f"{over} too many.",
        )
    elif (
        halt.stop.task is Task.UNLOAD
        and part.units
        and halt.site.id != part.destination
        and halt.site.kind is not SiteKind.EXCHANGE
        and not (halt.site.id == part.taken_from and gone == part.units)
    ):
        yield Breach(
            halt.vehicle, where, halt.stop.starts, f"{part.units} units",
            f"{said} set down, but they are bound for {facts.name(part.destination)}.",
        )


def _not_on_board(facts: Facts, halt: Halt) -> Iterator[Breach]:
    aboard = halt.day.before(halt.index).goods
    off: dict[Key, int] = defaultdict(int)
    for part in halt.stop.goods:
        off[part.item, part.destination] += part.units
    for (item, goal), units in off.items():
        over = units - aboard.get((item, goal), 0)
        if over > 0:
            where = facts.name(halt.site.id)
            yield Breach(
                halt.vehicle, where, halt.stop.starts, f"{over} units",
                f"{halt.vehicle} sets down {units} units of {item} for {facts.name(goal)} at "
                f"{where} at {facts.at(halt.stop.starts)}, {over} more than it carries.",
            )


def _exchanged(facts: Facts) -> Iterator[Breach]:
    changes: dict[tuple[str, str, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    stocked = {(line.item, line.site) for line in facts.case.stocks}
    for halt in facts.halts:
        if halt.site.kind is not SiteKind.EXCHANGE:
            continue
        for part in halt.stop.goods:
            key = (halt.site.id, part.item, part.destination)
            if halt.stop.task is Task.UNLOAD and part.destination != halt.site.id:
                changes[key][halt.done] += part.units - part.removed - part.returned
            elif halt.stop.task is Task.LOAD and (part.item, halt.site.id) not in stocked:
                changes[key][halt.stop.starts] -= part.units
    for (site, item, goal), by_minute in changes.items():
        yield from _left_over(facts, site, f"units of {item} for {facts.name(goal)}", by_minute)


def _left_over(
    facts: Facts, site: str, what: str, by_minute: Mapping[int, int]
) -> Iterator[Breach]:
    where = facts.name(site)
    here, least, when = 0, 0, 0
    for minute in sorted(by_minute):
        here += by_minute[minute]
        if here < least:
            least, when = here, minute
    if least < 0:
        yield Breach(
            where, where, when, f"{-least} units",
            f"At {where} {-least} {what} are taken on by {facts.at(when)} before anyone has set "
            "them down.",
        )
    elif here > 0:
        last = max(by_minute)
        yield Breach(
            where, where, last, f"{here} units",
            f"At {where} {here} {what} are set down, the last at {facts.at(last)}, and never taken "
            "on; send a vehicle.",
        )
