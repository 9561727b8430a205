"""Why units of an item are not delivered, found by trying what stands in their way."""

from __future__ import annotations

from lull.domain.fleet import Use, VehicleType
from lull.domain.plan import Task
from lull.plan import orders
from lull.plan.deliveries import Deliveries
from lull.plan.goods import ready
from lull.plan.room import Lack, Rounds, any_round, idle, lacking
from lull.plan.schedule import Schedule
from lull.plan.templates import Round

NO_ROOM = {
    Lack.DUTY: "A round to it takes longer than crews may be on duty or trucks may be used.",
    Lack.BAYS: "The bays of its store or its place are full.",
    Lack.GATES: "The checkpoints of the corridors on the way are full.",
    Lack.BOTH: "The checkpoints and bays on the way are full.",
    Lack.TIME: "The window is too short for a truck to come and be out again.",
}
"""Why no truck drives a round to a place of need."""


def why_goods(schedule: Schedule, item: str, site: str) -> str:
    """The first reason that holds for what is left of a need."""
    case, remaining = schedule.ground.case, schedule.remaining
    stores = schedule.aims.stores.get(item, ())
    if not stores:
        return "No stock of it stands anywhere."
    if all(remaining.stock(item, s) <= 0 for s in stores):
        return "The stock of it is used up."
    trucks = [k for k in case.fleet.values() if k.number and Use.AID in k.uses]
    if not trucks:
        return "No vehicle type carries aid."
    strong = [k for k in trucks if k.payload_t * 1000 + 1e-9 >= case.items[item].kg]
    if not strong:
        return "No vehicle type can carry as much as one unit weighs."
    direct, handed = _rounds(schedule, strong, item, site)
    if not direct and not handed:
        return _no_way(schedule, item, site)
    held = [(k, r) for k, r in (*direct, *handed)
            if any(remaining.stock(item, s) > 0 for s in _loads(r))]
    if not held:
        return "The stock of it from which a truck can come is used up."
    closes = case.pause.windows[-1].closes
    if not any(ready(case, remaining, item, s, closes) > 0 for _, r in held for s in _loads(r)):
        return "What is left of it is not ready to be loaded before the last window closes."
    left = [row for row in direct if row in held]
    return _why_not_driven(schedule, left) if left else _why_not_handed_on(schedule, held)


def _loads(round_: Round) -> list[str]:
    return [act for act, task in round_.acts if task is Task.LOAD and isinstance(act, str)]


def _unloads(round_: Round) -> list[str]:
    return [act for act, task in round_.acts if task is Task.UNLOAD and isinstance(act, str)]


def _rounds(
    schedule: Schedule, trucks: list[VehicleType], item: str, site: str
) -> tuple[Rounds, Rounds]:
    """Rounds that bring an item to a site, and those that bring it to an exchange point for it."""
    direct: Rounds = []
    handed: Rounds = []
    deliveries: Deliveries = schedule.catalogue.deliveries
    holding = set(schedule.aims.stores[item])
    for kind in trucks:
        for round_ in schedule.catalogue.carrying(kind.id):
            if not holding & set(_loads(round_)):
                continue
            if site in _unloads(round_):
                direct.append((kind, round_))
            elif any(site in deliveries.beyond(kind, store, point)
                     for point in _unloads(round_) if point in deliveries.exchanges
                     for store in _loads(round_)):
                handed.append((kind, round_))
    return direct, handed


def _no_way(schedule: Schedule, item: str, site: str) -> str:
    sites = schedule.ground.case.sites
    here = set(sites[site].sides)
    if any(here & set(sites[s].sides) for s in schedule.aims.stores[item]):
        return "No truck may drive from a store of it to there and home again."
    return "No corridor open to aid leads to it."


def _why_not_driven(schedule: Schedule, rounds: Rounds) -> str:
    """Why nobody drives a round that brings what stands in stock."""
    ground = schedule.ground
    if any_round(schedule, schedule.pools, rounds, on_duty=True):
        if not any(orders.fit(ground.case.pause.rules, [r.route]) for _, r in rounds):
            return "A driver's orders are too short for even one round."
        if idle(schedule, [k for k, _ in rounds]):
            return ("A truck could still come, but what is left does not make a load for which "
                    "one is sent.")
        return "Every truck is in use, or too little room is left in one; one more could come."
    return NO_ROOM[lacking(schedule, rounds)]


def _why_not_handed_on(schedule: Schedule, rounds: Rounds) -> str:
    """Why cargo that would have to change fleets stays at its store."""
    if any_round(schedule, schedule.pools, rounds, on_duty=True):
        return "No truck beyond the exchange point can take more of it on in time."
    why = _why_not_driven(schedule, rounds)
    return f"It would have to change trucks at an exchange point. {why}"
