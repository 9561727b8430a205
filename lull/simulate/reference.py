"""The event loop: one replication of a plan on one set of draws, in plain Python.

An event is (minute, priority, number). At one minute what frees a lane or a bay comes before what
asks for one, and numbers follow the plan's own order, so that the order of events never depends on
chance. `lull.simulate.compiled` is the same function compiled.
"""

from __future__ import annotations

import numpy as np

from lull.compiling.jit import maker, part
from lull.simulate import columns as c
from lull.simulate.breakdowns import breaks_down, count_stranded, fetches
from lull.simulate.columns import Chance, State, World
from lull.simulate.driving import count_inside, count_vehicle_inside, go_on, push
from lull.simulate.gates import asks_lane, comes_to_gate, is_due, let_in, sets_off
from lull.simulate.leaving import closing, gate_of, goes_through, leaves_gate
from lull.simulate.queue import take, waiting
from lull.simulate.stops import arrives, asks_bay, done, take_on

NUMBERS = c.MOST_NUMBERS - 1
PRIORITIES = (1 << c.PRIORITY_BITS) - 1


def replicate(w: World, chance: Chance) -> State:
    """Run one replication to its end; what it changed is what is measured."""
    s = blank(w)
    queue: list[int] = []
    play(w, chance, s, queue)
    return s


@part
def play(w: World, chance: Chance, s: State, queue: list[int]) -> None:
    """Do one event after the other until nothing more happens."""
    begin(w, chance, s, queue)
    while waiting(queue) > 0:
        event = take(queue)
        minute = event >> c.MINUTE_SHIFT
        priority = (event >> c.NUMBER_BITS) & PRIORITIES
        happens(w, chance, s, queue, minute, priority, event & NUMBERS)
    finish(w, s)


@part
def happens(
    w: World, chance: Chance, s: State, queue: list[int], minute: int, priority: int, n: int
) -> None:
    """Do what an event says."""
    if priority == c.CLEARED:
        is_cleared(w, chance, s, queue, n, minute)
    elif priority == c.DONE:
        done(w, chance, s, queue, n, minute)
    elif priority == c.LEAVES:
        leaves_gate(w, chance, s, queue, n, minute)
    elif priority == c.BREAKS_DOWN:
        breaks_down(w, chance, s, queue, n, minute)
    elif priority == c.FETCHES:
        fetches(w, chance, s, queue, n, minute)
    elif priority == c.ARRIVES:
        if s.vehicles[n, c.PHASE] >= c.TURNED:
            return
        if w.steps[s.vehicles[n, c.NOW_AT], c.KIND] == c.CROSSES:
            comes_to_gate(w, chance, s, queue, n, minute)
        else:
            arrives(w, chance, s, queue, n, minute)
    elif priority == c.DUE:
        calls_next(w, s, queue, n)
        is_due(w, s, queue, n, minute)
    elif priority == c.SETS_OFF:
        sets_off(w, s, queue, n, minute)
    elif priority == c.ASKS_BAY:
        asks_bay(w, chance, s, queue, n, minute)
    elif priority == c.ASKS_LANE:
        asks_lane(w, chance, s, queue, n, minute)
    elif priority == c.RETRIES:
        let_in(w, chance, s, queue, n, minute)
    else:
        closing(w, chance, s, queue, minute)


@part
def is_cleared(w: World, chance: Chance, s: State, queue: list[int], x: int, minute: int) -> None:
    """A vehicle is cleared: it drives on, and its lane is free."""
    v = w.crossings[x, c.VEHICLE_OF]
    pool = w.gates[gate_of(w, s, v), c.POOL]
    held = s.vehicles[v, c.HOLDS_LANE]
    goes_through(w, chance, s, queue, x, minute)
    if held > 0:
        s.vehicles[v, c.HOLDS_LANE] = 0
        s.pools[pool, c.IN_USE] -= 1
        let_in(w, chance, s, queue, pool, minute)


@maker
def blank(w: World) -> State:
    """Nothing has happened yet."""
    vehicles, crossings = w.vehicles.shape[0], w.crossings.shape[0]
    convoys, gates = w.convoys.shape[0], w.gates.shape[0]
    most = 1
    for gate in range(gates):
        most = max(most, w.gates[gate, c.RATE])
    corridors = w.corridors.shape[0]
    by_corridor = np.zeros((corridors, c.CORRIDOR_TOTALS), np.int64)
    by_corridor[:, c.C_CLEAR] = c.NEVER_CLEARED
    slots = cells = 0
    for n in range(w.lines.shape[0]):
        slots = max(slots, w.lines[n, c.SLOT] + 1)
        cells = max(cells, w.lines[n, c.CELL] + 1)
    return State(
        np.zeros((vehicles, c.VEHICLE_STATE), np.int64),
        np.zeros((convoys + crossings, c.GROUP_STATE), np.int64),
        np.full((w.lanes.shape[0], 4), -1, np.int64),
        np.zeros((gates, 2), np.int64),
        np.full((gates, most), -c.NEVER, np.int64),
        np.full((w.sites.shape[0], 4), -1, np.int64),
        np.zeros((corridors, 4), np.int64),
        np.zeros(slots, np.int64),
        np.zeros(w.handed.shape[0], np.int64),
        np.full(crossings, -1, np.int64),
        np.full(crossings, -1, np.int64),
        np.zeros(c.TOTALS, np.int64),
        by_corridor,
        np.full((w.steps.shape[0], 4), c.NO_TIME, np.int64),
        np.zeros(1, np.int64),
        np.zeros((corridors, c.STRANDED_COLUMNS), np.int64),
        np.zeros((corridors * w.whole[c.TEAMS], c.TEAM_COLUMNS), np.int64),
        np.zeros(w.whole[c.BINS], np.int64),
        np.zeros(cells, np.int64),
    )


@part
def begin(w: World, chance: Chance, s: State, queue: list[int]) -> None:
    """Everything that is known before the first event."""
    s.pools[:, c.IN_USE] = 0
    s.sites[:, c.BAYS_USED] = 0
    s.sites[:, c.SITE_WAITING] = 0
    s.gates[:, c.LAST_START] = -c.NEVER
    s.corridors[:, c.BLOCKED_UNTIL] = -c.NEVER
    s.corridors[:, c.FOOT_NEXT] = -c.NEVER
    s.total[c.LAST_HOME] = -c.NEVER
    for g in range(w.convoys.shape[0]):
        many = w.convoys[g, c.TO] - w.convoys[g, c.FROM]
        s.groups[g, c.EXPECTED] = many
        s.groups[g, c.LEFT] = many
    s.called[0] = -1
    calls_next(w, s, queue, -1)
    for n in range(w.windows.shape[0]):
        push(queue, w.windows[n, c.CLOSES], c.CLOSING, n)
        for corridor in range(w.corridors.shape[0]):
            if chance.closed[corridor, n] < w.windows[n, c.CLOSES]:
                for direction in range(2):
                    pool = w.gates[2 * corridor + direction, c.POOL]
                    push(queue, chance.closed[corridor, n], c.RETRIES, pool)
    for v in range(w.vehicles.shape[0]):
        i = w.vehicles[v, c.FIRST]
        s.vehicles[v, c.NOW_AT] = i
        s.vehicles[v, c.FORCED_AT] = -1
        s.vehicles[v, c.LEFT_CHECK] = -1
        s.vehicles[v, c.SIDE] = w.vehicles[v, c.BEGINS_INSIDE]
        s.times[i, c.CAME] = w.steps[i, c.STARTS]
        s.times[i, c.BEGAN] = w.steps[i, c.STARTS]
        sets_out = w.steps[i, c.DEPARTS] + chance.late[v]
        s.vehicles[v, c.SET_OUT_AT] = sets_out
        if w.steps[i, c.TASK] == c.LOADS:
            take_on(w, chance, s, v, i, sets_out, False)
        go_on(w, chance, s, queue, v, sets_out)


@part
def calls_next(w: World, s: State, queue: list[int], g: int) -> None:
    """Put the planned start after that of convoy `g` into the queue, which so stays short."""
    if g != s.called[0]:
        return
    g += 1
    while g < w.convoys.shape[0] and w.convoys[g, c.FREE]:
        g += 1
    s.called[0] = g
    if g < w.convoys.shape[0]:
        push(queue, w.convoys[g, c.AT], c.DUE, g)


@part
def finish(w: World, s: State) -> None:
    """What is left when nothing more happens: people at exchange points, vehicles held forever."""
    for h in range(w.handed.shape[0]):
        if w.handed[h, c.HANDED_WHAT] != c.GOODS and s.handed[h] > 0:
            s.total[c.LEFT_ON_WAY] += s.handed[h]
            s.total[c.UNSHELTERED] += s.handed[h]
            last = w.windows[w.windows.shape[0] - 1, c.CLOSES]
            s.total[c.WAITED_OPEN] += s.handed[h] * max(last, s.total[c.LAST_HOME])
    count_stranded(s)
    if w.whole[c.OVERRUN]:
        for v in range(w.vehicles.shape[0]):
            stays = w.vehicles[v, c.LIVES_INSIDE] or s.vehicles[v, c.SIDE] == c.OUTSIDE
            if not stays and s.vehicles[v, c.PHASE] < c.CAUGHT:
                out_by = w.steps[s.vehicles[v, c.NOW_AT], c.GOES_OUT_BY]
                count_inside(s, out_by, s.vehicles[v, c.ABOARD], s.vehicles[v, c.ABOARD])
                count_vehicle_inside(s, out_by)
