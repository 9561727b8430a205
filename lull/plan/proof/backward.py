"""Until when people may be driven out where seats back must be kept for those who are refused.

A convoy with people needs seats on a convoy that starts inwards once it has left, in the same
window, with vehicles that reach a site inside before people there are sent home and are out
themselves with the margin (rules `return_seats`, `nobody_inside_at_end`, `last_safe_departure`).
After the last such start nobody is driven out any more. Any type with seats counts, whoever was
refused: convoys may be mixed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lull.domain.fleet import Use, VehicleType
from lull.domain.place import INSIDE
from lull.plan.ground import Ground
from lull.plan.packing import seats_planned
from lull.plan.pools import NEVER
from lull.plan.proof.grid import Grid
from lull.plan.reach import Gate, Reach


def load_by(ground: Ground, reach: Reach, grid: Grid) -> NDArray[np.int64]:
    """For each index the last one at which a loaded vehicle may leave the far gate."""
    found = np.full(grid.length + 1, grid.length, dtype=np.int64)
    if ground.case.pause.rules.return_share <= 0:
        return found
    for number, window in enumerate(ground.case.pause.windows):
        latest = -1
        for kind in ground.case.fleet.values():
            if kind.number and Use.AID not in kind.uses and seats_planned(ground.case, kind):
                latest = max(latest, _latest(ground, reach, grid, kind, number))
        found[window.opens - grid.start : window.closes - grid.start] = latest
    return found


def _latest(
    ground: Ground, reach: Reach, grid: Grid, kind: VehicleType, number: int
) -> int:
    """The last slot in a window at which a vehicle could still start in with empty seats."""
    window = ground.case.pause.windows[number]
    closes, limit = window.closes, window.closes - ground.case.pause.rules.margin
    gates = [g for g in reach.gates() if reach.may_pass(kind, g.corridor, g.way)]
    exits = [g for g in gates if not g.inward]
    latest = -1
    for gate in (g for g in gates if g.inward):
        likely, high = _passing(ground, kind, gate, high=False), _passing(
            ground, kind, gate, high=True)
        for site in ground.case.sites.values():
            if INSIDE not in site.sides or not set(site.sides) & set(kind.sides):
                continue
            home = closes - site.walk_to_shelter - site.call
            by = home - likely - reach.minutes(kind.id, gate.far, site.id)
            there = high + reach.minutes(kind.id, gate.far, site.id, high=True)
            back = min((reach.minutes(kind.id, site.id, g.first, high=True)
                        + _passing(ground, kind, g, high=True) for g in exits), default=NEVER)
            start = min(by, limit - there - back) - grid.start
            start = min(start, window.closes - grid.start - 1)
            slots = np.flatnonzero(grid.slot[: max(0, start + 1)])
            if len(slots) and slots[-1] >= window.opens - grid.start:
                latest = max(latest, int(slots[-1]))
    return latest


def _passing(ground: Ground, kind: VehicleType, gate: Gate, *, high: bool) -> int:
    check = gate.corridor.check(gate.way).minutes_of(kind.id)
    through = (ground.high if high else ground.minutes)(kind.id, gate.first, gate.far)
    return (check.high if high else check.likely) + through
