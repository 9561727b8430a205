"""How busy a plan keeps the checkpoints: the share of lane minutes in which somebody is checked.

Headways and hourly limits that keep a lane empty do not count as busy here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.domain.plan import Crossing, Plan
from lull.domain.travel import OWN_CAR

Lane = tuple[str, Direction]
"""A corridor and the direction under whose name its lanes are counted."""


def busy_halves(case: Case, plan: Plan) -> dict[Lane, float]:
    """Share of each checkpoint's lane minutes in use in the busiest stretch of half a window."""
    windows = case.pause.windows
    start = windows[0].opens
    length = windows[-1].closes - start
    used: dict[Lane, NDArray[np.float64]] = {
        (c.id, c.lane_pool(way)): np.zeros(length)
        for c in case.corridors.values()
        for way in c.directions
    }

    def hold(corridor: str, way: Direction, enters: int, cleared: int, lanes: float) -> None:
        lane = (corridor, case.corridors[corridor].lane_pool(way))
        used[lane][max(0, enters - start) : max(0, cleared - start)] += lanes

    for day in plan.vehicles:
        for step in day.steps:
            if isinstance(step, Crossing):
                hold(step.corridor, step.direction, step.enters, step.cleared, 1.0)
    for party in plan.parties:
        spell = party.cleared - party.enters
        if party.cars and spell > 0:
            check = case.corridors[party.corridor].check(Direction.OUT).minutes_of(OWN_CAR)
            lanes = party.cars * check.likely / spell
            hold(party.corridor, Direction.OUT, party.enters, party.cleared, lanes)
    shares = {}
    for (name, way), minutes in used.items():
        best = 0.0
        for window in windows:
            spell = minutes[window.opens - start : window.closes - start]
            half = max(1, len(spell) // 2)
            sums = np.concatenate([[0.0], np.cumsum(spell)])
            best = max(best, float((sums[half:] - sums[:-half]).max()) / half)
        shares[name, way] = best / case.corridors[name].lanes(way)
    return shares
