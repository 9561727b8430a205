"""Why a plan does not move more: what is used up, or why what is idle cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

from lull.domain.case import Case
from lull.domain.fleet import VehicleType
from lull.domain.matching import SERVES, USER_OF
from lull.domain.plan import Plan
from lull.domain.worth import arrived


def limited_by(case: Case, plan: Plan, full: Sequence[str], refused: str = "") -> tuple[str, ...]:
    """What keeps people who wish to leave from leaving in a plan; () where nobody is left.

    `full` is what the planner found used up. Where nothing is, for each kind of vehicle that could
    carry who is left: whether all of it drives and has no time for a round more, or stands idle.
    """
    gone = arrived(plan).persons
    left = [g for g in case.groups.values() if g.wishing > gone.get(g.id, 0)]
    if refused:
        return (refused,)
    if not left or full:
        return tuple(full) if left else ()
    users = {USER_OF[g.category] for g in left}
    moving = {d.vehicle for d in plan.vehicles if len(d.steps) > 2}
    serving = [k for k in case.fleet.values() if k.number and {SERVES[u] for u in k.uses} & users]
    if not serving:
        return ("no vehicle may carry those who are left",)
    return tuple(_time(kind, sum(kind.vehicle(n) in moving for n in range(1, kind.number + 1)))
                 for kind in serving)


def _time(kind: VehicleType, used: int) -> str:
    name = kind.name or kind.id
    if used == kind.number:
        return f"fleet {name}: all {used} drive, and none has time for a round more"
    return (f"time: {kind.number - used} of {kind.number} vehicles of the type {name} stand idle, "
            "as no round more fits into the hours of the window, of gates and of sites")
