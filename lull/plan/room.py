"""Whether there is room for more: a fresh vehicle that could still drive a round."""

from __future__ import annotations

from lull.domain.fleet import VehicleType
from lull.plan.schedule import Schedule
from lull.plan.templates import Round
from lull.plan.walk import Pools, Walker

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


def idle(schedule: Schedule, kinds: list[VehicleType]) -> bool:
    """Whether a vehicle of one of the types has no day in some window."""
    for window in range(len(schedule.ground.case.pause.windows)):
        busy = {v for d in schedule.days if d.window == window for v in d.team.vehicles}
        if any(set(schedule.vehicles_of(k.id)) - busy for k in kinds):
            return True
    return False
