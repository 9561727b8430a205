"""Whether there is room for more: a fresh vehicle that could still drive a round."""

from __future__ import annotations

from enum import StrEnum

from lull.domain.fleet import VehicleType
from lull.plan.schedule import Schedule
from lull.plan.templates import Round
from lull.plan.walk import Pools, Walker


class Lack(StrEnum):
    """What keeps a fresh vehicle from driving a round."""

    DUTY = "hours of crews or vehicles"
    BAYS = "bays"
    GATES = "checkpoints"
    BOTH = "checkpoints and bays together"
    TIME = "time in the window"


Rounds = list[tuple[VehicleType, Round]]


def any_round(
    schedule: Schedule, pools: Pools, rounds: Rounds, *, on_duty: bool = False
) -> bool:
    """Whether one fresh vehicle could still drive one of the rounds in some window.

    `on_duty`: within its crew's hours and its own.
    """
    for number, window in enumerate(schedule.ground.case.pause.windows):
        walker, dispatcher = Walker(schedule.ground, pools, window), schedule.dispatcher(number)
        for kind, round_ in rounds:
            fresh = schedule.team((kind.vehicle(1),))
            walk = walker.place(fresh, round_)
            if walk is not None and (
                    not on_duty or dispatcher.within_duty(fresh, walk.departs, walk)):
                return True
    return False


def lacking(schedule: Schedule, rounds: Rounds) -> Lack:
    """What would have to be free so that one of the rounds, which now has no room, could be driven.

    Found by trying with nothing booked, then with the bays free, then with the gates free.
    """
    ground, booked = schedule.ground, schedule.pools
    fits = any_round(schedule, Pools.of(ground), rounds)
    if fits and not any_round(schedule, Pools.of(ground), rounds, on_duty=True):
        return Lack.DUTY
    if any_round(schedule, Pools(booked.gates, ground.bay_pools()), rounds):
        return Lack.BAYS
    if any_round(schedule, Pools(ground.gate_pools(), booked.bays), rounds):
        return Lack.GATES
    return Lack.BOTH if fits else Lack.TIME


def idle(schedule: Schedule, kinds: list[VehicleType]) -> bool:
    """Whether a vehicle of one of the types has no day in some window."""
    for window in range(len(schedule.ground.case.pause.windows)):
        busy = {v for d in schedule.days if d.window == window for v in d.team.vehicles}
        if any(set(schedule.vehicles_of(k.id)) - busy for k in kinds):
            return True
    return False
