"""What happens at a gate before the check: gathering, setting off, the queue for a lane.

Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.compiling.jit import part
from lull.simulate import columns as c
from lull.simulate.columns import Chance, State, World
from lull.simulate.driving import latent, leave_group, members, push, sample, spared
from lull.simulate.halts import blocked_until
from lull.simulate.leaving import (
    gate_of,
    goes_elsewhere,
    latest_of,
    load_in_link,
    skip_round,
    turn_back,
)


@part
def comes_to_gate(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int
) -> None:
    """A vehicle arrives at a gate: it joins its convoy, or follows alone where that has gone."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    x, g = row[c.CROSSING], row[c.CONVOY]
    group = s.groups[g]
    s.times[i, c.CAME] = minute
    me[c.PHASE] = c.AT_GATE
    me[c.GATE_SINCE] = minute
    if me[c.MOVED] == 0:
        me[c.GATE] = row[c.CORRIDOR]
    if row[c.DIRECTION] == c.IN and minute > row[c.LATEST]:
        skip_round(w, chance, s, queue, v, minute)
        return
    if w.convoys[g, c.FREE]:
        s.group_of[x] = g if me[c.MOVED] == 0 else alone(w, s, x)
        stands_ready(w, s, queue, v, minute)
        push(queue, max(minute, row[c.STARTS]), c.ASKS_LANE, x)
    elif me[c.MOVED] > 0 or group[c.SETTING] == c.STARTED:
        if row[c.DIRECTION] == c.IN and w.whole[c.FOLLOW] == 0:
            skip_round(w, chance, s, queue, v, minute)
            return
        s.group_of[x] = alone(w, s, x)
        s.total[c.FOLLOWED_ALONE] += 1
        push(queue, minute, c.DUE, s.group_of[x])
    else:
        s.group_of[x] = g
        group[c.PRESENT] += 1
        whole = group[c.PRESENT] >= group[c.EXPECTED]
        called = whole and minute >= w.convoys[g, c.AT]
        if called or group[c.SETTING] == c.OVERDUE:
            push(queue, minute, c.DUE, g)


@part
def alone(w: World, s: State, x: int) -> int:
    """A group of its own for a vehicle that follows its convoy or comes to another gate."""
    g = w.convoys.shape[0] + x
    s.groups[g, :] = 0
    s.groups[g, c.PRESENT] = 1
    s.groups[g, c.EXPECTED] = 1
    s.groups[g, c.LEFT] = 1
    return int(g)


@part
def is_due(w: World, s: State, queue: list[int], g: int, minute: int) -> None:
    """A convoy's start has come, or all are there, or those missing have been waited for."""
    group = s.groups[g]
    if group[c.SETTING] >= c.SET or group[c.EXPECTED] <= 0:
        return
    first, _ = members(w, g)
    planned = -c.NEVER
    if g < w.convoys.shape[0]:
        planned = w.convoys[g, c.AT]
        patience = planned + w.whole[c.MATES]
        missing = group[c.PRESENT] < group[c.EXPECTED]
        if missing and minute < patience:
            if group[c.WAITED] == 0:
                group[c.WAITED] = 1
                push(queue, patience, c.DUE, g)
            return
        if group[c.PRESENT] == 0:
            group[c.SETTING] = c.OVERDUE
            return
    if minute < group[c.HELD_UNTIL]:
        push(queue, group[c.HELD_UNTIL], c.DUE, g)
        return
    v = w.crossings[first, c.VEHICLE_OF]
    i = w.crossings[first, c.STEP_OF]
    row = w.steps[i]
    gate = row[c.CORRIDOR] * 2 + row[c.DIRECTION]
    if g >= w.convoys.shape[0]:
        gate = gate_of(w, s, v)
    start = next_start(w, s, gate, minute, minute == planned)
    s.gates[gate, c.LAST_START] = start
    group[c.SETTING] = c.SET
    if start == minute:
        sets_off(w, s, queue, g, minute)
    else:
        push(queue, start, c.SETS_OFF, g)


@part
def next_start(w: World, s: State, gate: int, minute: int, planned: bool) -> int:
    """The first whole slot from a minute on that keeps the headway; the planned one if it does."""
    earliest = max(minute, s.gates[gate, c.LAST_START] + w.gates[gate, c.HEADWAY])
    if planned and earliest == minute:
        return minute
    slot, shift = w.whole[c.SLOT_MINUTES], w.whole[c.SLOT_SHIFT]
    return int(-((shift - earliest) // slot) * slot + shift)


@part
def sets_off(w: World, s: State, queue: list[int], g: int, minute: int) -> None:
    """A convoy starts: those who are there ask for a lane, each no earlier than planned."""
    group = s.groups[g]
    group[c.SETTING] = c.STARTED
    group[c.LEFT] = 0
    first, end = members(w, g)
    for x in range(first, end):
        if s.group_of[x] != g:
            continue
        group[c.LEFT] += 1
        i = w.crossings[x, c.STEP_OF]
        stands_ready(w, s, queue, w.crossings[x, c.VEHICLE_OF], minute)
        push(queue, max(minute, w.steps[i, c.STARTS]), c.ASKS_LANE, x)


@part
def stands_ready(w: World, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle ready at the gate of a linked corridor lets the other side go ahead."""
    gate = gate_of(w, s, v)
    corridor = gate // 2
    other = w.corridors[corridor, c.LINKED]
    if other >= 0 and gate % 2 == c.OUT:
        s.corridors[corridor, c.READY] += load_in_link(w, s, v, corridor)
        push(queue, minute, c.RETRIES, w.gates[other * 2, c.POOL])


@part
def link_allows(w: World, s: State, v: int, corridor: int) -> bool:
    """Whether one more outward entry keeps the balance of two linked corridors.

    Those who stand ready on the other side count as gone: each sees the other at the gate.
    """
    other = w.corridors[corridor, c.LINKED]
    ours = s.corridors[corridor, c.ENTERED] + load_in_link(w, s, v, corridor)
    theirs = s.corridors[other, c.ENTERED] + s.corridors[other, c.READY]
    ratio = w.links[corridor, c.RATIO]
    if w.corridors[corridor, c.FIRST_OF_LINK]:
        return bool(ours <= ratio * theirs + w.links[corridor, c.LEAD] + 1e-9)
    return bool(ours <= theirs / ratio + w.links[corridor, c.OTHER_LEAD] + 1e-9)


@part
def asks_lane(w: World, chance: Chance, s: State, queue: list[int], x: int, minute: int) -> None:
    """A vehicle joins the queue for the lanes of its gate."""
    v = w.crossings[x, c.VEHICLE_OF]
    me = s.vehicles[v]
    if me[c.PHASE] != c.AT_GATE:
        leave_group(w, s, queue, s.group_of[x], minute)
        return
    if w.vehicles[v, c.BY] == c.FOOT:
        walks_through(w, chance, s, queue, v, minute)
        return
    me[c.PHASE] = c.QUEUES
    pool = w.gates[gate_of(w, s, v), c.POOL]
    s.line_next[x] = -1
    if s.pools[pool, c.HEAD] < 0:
        s.pools[pool, c.HEAD] = x
    else:
        s.line_next[s.pools[pool, c.TAIL]] = x
    s.pools[pool, c.TAIL] = x
    let_in(w, chance, s, queue, pool, minute)


@part
def let_in(w: World, chance: Chance, s: State, queue: list[int], pool: int, minute: int) -> None:
    """Let in from the head of the queue for as long as lanes are free and the way is open."""
    while s.pools[pool, c.HEAD] >= 0:
        x = s.pools[pool, c.HEAD]
        v = w.crossings[x, c.VEHICLE_OF]
        me = s.vehicles[v]
        if me[c.PHASE] != c.QUEUES:
            s.pools[pool, c.HEAD] = s.line_next[x]
            leave_group(w, s, queue, s.group_of[x], minute)
            continue
        until = held_until(w, chance, s, queue, v, minute)
        if until < 0:
            s.pools[pool, c.HEAD] = s.line_next[x]
            leave_group(w, s, queue, s.group_of[x], minute)
            continue
        if until > minute:
            if until < c.NEVER and s.pools[pool, c.RETRY_AT] != until:
                s.pools[pool, c.RETRY_AT] = until
                push(queue, until, c.RETRIES, pool)
            return
        check = check_minutes(w, chance, s, v, minute)
        if check > 0 and s.pools[pool, c.IN_USE] >= w.lanes[pool]:
            return
        s.pools[pool, c.HEAD] = s.line_next[x]
        me[c.HOLDS_LANE] = 1 if check > 0 else 0
        s.pools[pool, c.IN_USE] += me[c.HOLDS_LANE]
        enters(w, s, queue, v, x, minute, check)


@part
def check_minutes(w: World, chance: Chance, s: State, v: int, minute: int) -> int:
    """How long the check of a vehicle takes that enters at a minute."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    corridor = me[c.GATE]
    shared = latent(w, chance, chance.steps[i, c.AT_STEP], corridor, minute)
    if corridor == row[c.CORRIDOR]:
        check = sample(w, row[c.SERVICE], shared)
        return check + spared(row[c.SLACK], row[c.CLEARS], minute + check)
    x = row[c.CROSSING]
    return sample(w, w.elsewhere[x, corridor, c.CHECK_THERE], shared)


@part
def held_until(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int
) -> int:
    """Until when the head of a queue must wait: now if it need not, -1 once it has gone off."""
    i = s.vehicles[v, c.NOW_AT]
    gate = gate_of(w, s, v)
    corridor = gate // 2
    inward = gate % 2 == c.IN
    if minute > latest_of(w, s, v):
        if inward:
            skip_round(w, chance, s, queue, v, minute)
            return -1
        if w.whole[c.TURN_BACK]:
            turn_back(w, chance, s, queue, v, latest_of(w, s, v), minute)
            return -1
    until = blocked_until(w, chance, s, corridor, minute)
    if until > minute:
        return waits_or_goes(w, chance, s, queue, v, minute, until)
    rate = w.gates[gate, c.RATE]
    if rate > 0:
        hour_ago = s.recent[gate, s.gates[gate, c.RECENT_AT] % rate]
        if hour_ago + 60 > minute:
            return int(hour_ago + 60)
    if w.steps[i, c.DIRECTION] == c.OUT and w.corridors[corridor, c.LINKED] >= 0:
        return minute if link_allows(w, s, v, corridor) else c.NEVER
    return minute


@part
def waits_or_goes(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int, until: int
) -> int:
    """At a gate that is not open: hold, try another corridor, turn back, or give up the round."""
    me = s.vehicles[v]
    closed = until >= c.NEVER
    if w.steps[me[c.NOW_AT], c.DIRECTION] == c.IN:
        if closed or until > latest_of(w, s, v):
            skip_round(w, chance, s, queue, v, minute)
            return -1
        return until
    limit = w.corridors[me[c.GATE], c.HOLDING]
    held = until - me[c.GATE_SINCE] > limit and me[c.ABOARD] > 0
    if (closed or held) and goes_elsewhere(w, chance, s, queue, v, minute):
        return -1
    if closed and w.whole[c.TURN_BACK]:
        turn_back(w, chance, s, queue, v, minute, minute)
        return -1
    return until


@part
def enters(w: World, s: State, queue: list[int], v: int, x: int, minute: int, check: int) -> None:
    """A vehicle enters the check."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    gate = gate_of(w, s, v)
    corridor = gate // 2
    s.times[i, c.BEGAN] = minute
    me[c.PHASE] = c.IN_CHECK
    me[c.SIDE] = c.BETWEEN if gate % 2 == c.OUT else c.INSIDE
    aboard = me[c.ABOARD]
    stood = minute - me[c.GATE_SINCE]
    s.total[c.WAITED_GATE] += aboard * stood
    s.by_corridor[corridor, c.C_WAITED] += aboard * stood
    if stood > w.corridors[corridor, c.HOLDING]:
        s.total[c.OVER_HOLDING] += aboard
    rate = w.gates[gate, c.RATE]
    if rate > 0 and w.vehicles[v, c.BY] != c.FOOT:
        s.recent[gate, s.gates[gate, c.RECENT_AT] % rate] = minute
        s.gates[gate, c.RECENT_AT] += 1
    if gate % 2 == c.OUT and w.corridors[corridor, c.LINKED] >= 0:
        load = load_in_link(w, s, v, corridor)
        s.corridors[corridor, c.READY] -= load
        s.corridors[corridor, c.ENTERED] += load
    push(queue, minute + check, c.CLEARED, x)


@part
def walks_through(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int
) -> None:
    """People on foot enter one party after the other, at the pace that the plan gives them."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    x, corridor = row[c.CROSSING], me[c.GATE]
    start = max(minute, s.corridors[corridor, c.FOOT_NEXT])
    start = blocked_until(w, chance, s, corridor, start)
    if start >= c.NEVER or start > latest_of(w, s, v):
        closed = start >= c.NEVER
        if closed and goes_elsewhere(w, chance, s, queue, v, minute):
            leave_group(w, s, queue, s.group_of[x], minute)
            return
        if w.whole[c.TURN_BACK] or closed:
            turn_back(w, chance, s, queue, v, min(minute, latest_of(w, s, v)), minute)
            leave_group(w, s, queue, s.group_of[x], minute)
            return
    s.corridors[corridor, c.FOOT_NEXT] = start + row[c.GAP]
    enters(w, s, queue, v, x, start, row[c.SPELL])
