"""Teams sent by an outline: who drives where how often is shared out first, then put in time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lull.domain.fleet import Use, VehicleType
from lull.plan.kernel.columns import (
    AVAILABLE_TO,
    CLOSES,
    DUTY,
    GATES,
    MARGIN,
    OPENS,
    POOL,
    POOLS,
    ROUND_FROM,
    ROUND_TO,
)
from lull.plan.kernel.compose import PRICED_STEP, Composer
from lull.plan.kernel.outline import Fleet, Outline, Spell
from lull.plan.kernel.tables import Floats

Stop = Callable[[], bool]


def guided(kind: VehicleType) -> bool:
    """Whether a type is sent by an outline: those that drive the same few ways again and again.

    Ambulances are not: few patients wait at each of many points, and whole loads decide.
    """
    return bool(kind.uses & {Use.PASSENGERS, Use.FIGHTERS}) and Use.WOUNDED not in kind.uses


def spell_of(composer: Composer, window: int) -> Spell:
    """What a window offers: open minutes of each gate, less the margin."""
    t = composer.roster.tables
    opens, closes = int(t.windows[window, OPENS]), int(t.windows[window, CLOSES])
    closes = max(opens, closes - int(t.rules[MARGIN]))
    minutes = np.arange(opens, closes)
    gates = np.zeros(len(t.gate))
    for g in range(len(t.gate)):
        pool = t.clock[int(t.rules[POOLS]) + int(t.gate[g, POOL]), opens:closes]
        spell = t.clock[int(t.rules[GATES]) + g, opens:closes]
        gates[g] = float(((pool > minutes) & (spell >= minutes)).sum())
    windows = len(t.windows)
    return Spell(gates, float(closes - opens), 1.0 / (windows - window))


def fleet_of(composer: Composer, window: int, teams: dict[int, int]) -> list[Fleet]:
    """What each type still has in a window: vehicles without a day, and the minutes of each."""
    t, found = composer.roster.tables, []
    opens = int(t.windows[window, OPENS])
    closes = int(t.windows[window, CLOSES]) - int(t.rules[MARGIN])
    fleet = composer.schedule.ground.case.fleet
    for k, name in enumerate(composer.roster.names.kinds):
        if t.kind[k, ROUND_TO] <= t.kind[k, ROUND_FROM]:
            found.append(Fleet(0, 0.0, 1))
            continue
        until = min(closes, int(t.kind[k, AVAILABLE_TO]))
        minutes = min(until - opens, int(t.kind[k, DUTY]))
        idle = len(composer.idle(window, fleet[name]))
        found.append(Fleet(idle, float(max(0, minutes)), teams.get(k, 1)))
    return found


def quotas(composer: Composer, window: int, teams: dict[int, int], wait: float) -> Floats:
    """Vehicle-rounds of each round that an outline of what is left shares out."""
    roster = composer.roster
    outline = Outline(roster.tables, roster.state, fleet_of(composer, window, teams),
                      spell_of(composer, window), wait)
    return outline.quotas()


def send_guided(
    composer: Composer, window: int, size: int, wait: float, weights: Floats, stop: Stop
) -> None:
    """Send the types that are guided in teams of about a size, by the outline of what is left."""
    teams = {k: max(n for n in composer.sizes(k, kind) if n <= size)
             for k, kind in composer.kinds()}
    quota = quotas(composer, window, teams, wait)
    for k, kind in composer.kinds():
        if guided(kind):
            for _ in composer.send(window, k, kind, teams[k], weights, quota=quota):
                if stop():
                    return


def lane_prices(composer: Composer) -> Floats:
    """What a minute of each pool of lanes is worth, over what is planned and what is not.

    From the first window's outline of all vehicles; where there are several, they are alike.
    """
    t = composer.roster.tables
    fleet = composer.schedule.ground.case.fleet
    opens, closes = int(t.windows[0, OPENS]), int(t.windows[0, CLOSES]) - int(t.rules[MARGIN])
    every = [
        Fleet(fleet[name].number, float(max(0, closes - opens)), 1)
        if t.kind[k, ROUND_TO] > t.kind[k, ROUND_FROM] else Fleet(0, 0.0, 1)
        for k, name in enumerate(composer.roster.names.kinds)
    ]
    outline = Outline(t, composer.roster.state, every, spell_of(composer, 0), 5.0)
    return outline.lane_prices(composer.weights(step=PRICED_STEP))
