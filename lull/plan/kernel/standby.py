"""The last empty drive in and out, kept free for people who are refused and must return.

Most seats for returns are those of vehicles that drive in for their next load. After the last of
these somebody must still drive in and out empty; here that drive is placed first, as late as a
window allows, and the teams that are to make it plan the rest of their day around it.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

from lull.domain.corridor import Direction
from lull.domain.fleet import Use, VehicleType
from lull.plan.kernel.columns import CHECK, GATE_OUT, MINUTES, ROUND_FROM, ROUND_TO, TRANSIT
from lull.plan.kernel.tables import NO, Names, Tables
from lull.plan.packing import seats_planned
from lull.plan.schedule import Schedule
from lull.plan.templates import Round
from lull.plan.walk import AtGate, Team, Walk, Walker

STEP = 5
"""Minutes by which an earlier start is tried."""

WAYS = 12
"""Ways in and out that are tried for a drive, the quickest first."""


@frozen(eq=False)
class Standby:
    """One vehicle's empty drive at the end of a window."""

    kind: int
    vehicle: str
    window: int
    walk: Walk

    @property
    def enters(self) -> int:
        """When it starts into the check of its way in."""
        first = self.walk.steps[0]
        assert isinstance(first, AtGate)
        return first.starts


def keep_standbys(schedule: Schedule, tables: Tables, names: Names) -> list[Standby]:
    """Place the drives that a pause's share of returns asks for and hold their lanes."""
    case = schedule.ground.case
    share = case.pause.rules.return_share
    found: list[Standby] = []
    if share <= 0:
        return found
    for use in (Use.PASSENGERS, Use.FIGHTERS):
        kinds = [(i, case.fleet[k]) for i, k in enumerate(names.kinds)
                 if use in case.fleet[k].uses and schedule.catalogue.standby[k]
                 and tables.kind[i, ROUND_TO] > tables.kind[i, ROUND_FROM]
                 and seats_planned(case, case.fleet[k])]
        if not kinds:
            continue
        k, kind = max(kinds, key=lambda x: (seats_planned(case, x[1]), x[1].number))
        for window in range(len(case.pause.windows)):
            number = min(_needed(tables, k, kind, seats_planned(case, kind), share), kind.number)
            for n in range(number):
                vehicle = kind.vehicle(kind.number - n)
                walk = _latest(schedule, window, schedule.team((vehicle,), window), kind)
                if walk is None:
                    break
                schedule.pools.book(walk.steps, 1)
                found.append(Standby(k, vehicle, window, walk))
    return found


def _needed(tables: Tables, k: int, kind: VehicleType, seats: int, share: float) -> int:
    """How many vehicles, for as many convoys as the gates let out after the last others went in."""
    table = tables.round[tables.kind[k, ROUND_FROM] : tables.kind[k, ROUND_TO], MINUTES]
    tail = float(np.median(table)) / 2
    convoys = sum(
        tail * int(tables.lanes[g[0]]) / max(1, int(tables.gate_kind[CHECK, i, k]))
        for i, g in enumerate(tables.gate)
        if g[GATE_OUT] and tables.gate_kind[TRANSIT, i, k] < NO
    )
    convoys = min(convoys, float(kind.number))
    return max(1, math.ceil(convoys * math.ceil(share * seats) / seats - 1e-9))


def _latest(schedule: Schedule, window: int, team: Team, kind: VehicleType) -> Walk | None:
    """The drive of a team that starts in latest and can still be made."""
    spell = schedule.ground.case.pause.windows[window]
    walker = Walker(schedule.ground, schedule.pools, spell)
    best: Walk | None = None
    ways: list[Round] = sorted(schedule.catalogue.standby[kind.id], key=lambda r: r.minutes)
    for round_ in ways[:WAYS]:
        corridor = schedule.ground.case.corridors[round_.entry]
        leg = schedule.ground.minutes(kind.id, team.place, corridor.gates(Direction.IN)[0])
        for enters in range(spell.closes, spell.opens, -STEP):
            if best is not None and enters < best.steps[0].starts:
                break
            late = Team(team.kind, team.vehicles, team.place, max(team.free_at, enters - leg))
            walk = walker.place(late, round_)
            if walk is None:
                continue
            back = walk.free_at + schedule.home(kind.id, walk.place)
            if kind.available_to is not None and back > kind.available_to:
                continue
            home = schedule.ground.send_home(schedule.ground.site(round_.pick_up), spell)
            later = best is None or walk.steps[0].starts > best.steps[0].starts
            if later and walk.steps[1].starts <= home:
                best = walk
            break
    return best
