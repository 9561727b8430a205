"""What happens at a gate apart from passing it as planned, and once a vehicle is cleared.

Giving up a round, another corridor, turning back; the way through, the far gate, and the close of
a window. Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.compiling.jit import part
from lull.simulate import columns as c
from lull.simulate.breakdowns import count_stranded, hand_over, strand, takes_up
from lull.simulate.columns import Chance, State, World
from lull.simulate.driving import (
    count_inside,
    count_vehicle_inside,
    drive,
    drop,
    go_on,
    latent,
    leave_group,
    members,
    push,
    repair,
    sample,
)
from lull.simulate.halts import blocked_until

MOST_MOVES = 3
"""Gates that a vehicle tries after its own."""


@part
def gate_of(w: World, s: State, v: int) -> int:
    """The gate (corridor × 2 + direction) at which a vehicle is."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    return int(me[c.GATE] * 2 + w.steps[i, c.DIRECTION])


@part
def latest_of(w: World, s: State, v: int) -> int:
    """The last minute at which a vehicle may still enter the gate where it is."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    corridor = me[c.GATE]
    if corridor == row[c.CORRIDOR]:
        return int(row[c.LATEST])
    return int(w.elsewhere[row[c.CROSSING], corridor, c.LATEST_THERE])



@part
def load_in_link(w: World, s: State, v: int, corridor: int) -> int:
    """What a vehicle counts in the balance of linked corridors: persons, or 1 if loaded."""
    aboard = s.vehicles[v, c.ABOARD]
    if w.corridors[corridor, c.IN_PERSONS]:
        return int(aboard)
    return 1 if aboard > 0 and w.vehicles[v, c.BY] != c.FOOT else 0


@part
def goes_elsewhere(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int
) -> bool:
    """Drive to the nearest other gate that is open and can be passed; whether there is one."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    x, here = w.steps[i, c.CROSSING], me[c.GATE]
    if w.whole[c.REROUTE] == 0 or me[c.MOVED] >= MOST_MOVES:
        return False
    best, nearest = -1, c.NEVER
    for corridor in range(w.corridors.shape[0]):
        way = w.elsewhere[x, corridor, c.THERE]
        if corridor == here or way < 0:
            continue
        took = sample(w, way, 0.0)
        late = minute + took > w.elsewhere[x, corridor, c.LATEST_THERE]
        better = took < nearest and not late
        if better and blocked_until(w, chance, s, corridor, minute) == minute:
            best, nearest = corridor, took
    if best < 0:
        return False
    if w.corridors[here, c.LINKED] >= 0:
        s.corridors[here, c.READY] -= load_in_link(w, s, v, here)
    s.total[c.REROUTED] += 1
    me[c.MOVED] += 1
    me[c.GATE] = best
    drive(w, chance, s, queue, v, minute, w.elsewhere[x, best, c.THERE], 0, i)
    return True


@part
def skip_round(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """Too late to go in and be out in time: go on to what comes after the round."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    to = row[c.SKIP_TO]
    s.total[c.ROUNDS_SKIPPED] += 1
    drop(w, s, queue, i, to, minute)
    me[c.MOVED] = 0
    if row[c.SKIP_WAY] < 0:
        me[c.PHASE] = c.ENDED
        drop(w, s, queue, to, w.vehicles[v, c.LAST] + 1, minute)
        return
    drive(w, chance, s, queue, v, minute, row[c.SKIP_WAY], 0, to)


@part
def turn_back(
    w: World, chance: Chance, s: State, queue: list[int], v: int, latest: int, minute: int
) -> None:
    """Too late to pass, or no way out: back to the last site inside, and under shelter there."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    s.total[c.TURNED_BACK] += 1
    me[c.PHASE] = c.TURNED
    me[c.SHELTER_AT] = sheltered_at(w, chance, s, v, min(latest, minute))
    drop(w, s, queue, i + 1, w.vehicles[v, c.LAST] + 1, minute)


@part
def sheltered_at(w: World, chance: Chance, s: State, v: int, leaves: int) -> int:
    """When people who leave a gate at a minute, or on arrival if later, are under shelter again."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    leaves = max(leaves, me[c.GATE_SINCE])
    if row[c.BACK] < 0:
        return c.NEVER
    own = chance.steps[i, c.ON_WAY]
    shared = latent(w, chance, own, row[c.FACTOR], leaves)
    return leaves + sample(w, row[c.BACK], shared)


@part
def goes_through(
    w: World, chance: Chance, s: State, queue: list[int], x: int, minute: int
) -> None:
    """A vehicle is cleared and drives through the corridor."""
    v, i = w.crossings[x, c.VEHICLE_OF], w.crossings[x, c.STEP_OF]
    row = w.steps[i]
    me = s.vehicles[v]
    g = s.group_of[x]
    group = s.groups[g]
    corridor = me[c.GATE]
    s.times[i, c.FREED] = minute
    way = row[c.TRANSIT]
    if corridor != row[c.CORRIDOR]:
        way = w.elsewhere[x, corridor, c.THROUGH_THERE]
    own = chance.steps[i, c.IN_TRANSIT]
    took = sample(w, way, latent(w, chance, own, corridor, minute))
    if row[c.DIRECTION] == c.OUT:
        took += takes_up(w, s, v, corridor, minute, way)
    broken = chance.steps[i, c.BREAKS_IN_TRANSIT]
    likely = w.share[c.BREAKS] * took
    if broken < likely and w.vehicles[v, c.BY] != c.FOOT:
        s.total[c.BREAKDOWNS] += 1
        fate = chance.steps[i, c.FATE_IN_TRANSIT]
        if fate < w.share[c.LOST_SHARE]:
            at = minute + int(took * broken / likely)
            lost_between(w, chance, s, queue, v, x, corridor, at)
            leave_group(w, s, queue, g, minute)
            return
        took += repair(w, fate)
    if me[c.PHASE] < c.TURNED:
        me[c.PHASE] = c.THROUGH
    me[c.LEFT_CHECK] = i
    group[c.PASSED] += 1
    group[c.OUT_AT] = max(group[c.OUT_AT], minute + took)
    leave_group(w, s, queue, g, minute)


@part
def lost_between(
    w: World, chance: Chance, s: State, queue: list[int], v: int, x: int, corridor: int, at: int
) -> None:
    """A vehicle is lost between the gates: towed off the way, its people in their convoy."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    s.total[c.VEHICLES_LOST] += 1
    until = max(s.corridors[corridor, c.BLOCKED_UNTIL], at + w.whole[c.TOW])
    s.corridors[corridor, c.BLOCKED_UNTIL] = until
    caught = me[c.PHASE] >= c.TURNED
    me[c.PHASE] = c.LOST
    drop(w, s, queue, i + 1, w.vehicles[v, c.LAST] + 1, at)
    if caught:
        return
    g = s.group_of[x]
    group = s.groups[g]
    first, end = members(w, g)
    taken = hand_over(w, s, v, first, end, g)
    if taken:
        group[c.OUT_AT] = max(group[c.OUT_AT], at + w.whole[c.TRANSFER])
    strand(w, chance, s, queue, v, i, corridor, taken, at)


@part
def leaves_gate(
    w: World, chance: Chance, s: State, queue: list[int], g: int, minute: int
) -> None:
    """A convoy leaves the far gate together, once its last is through."""
    first, end = members(w, g)
    for x in range(first, end):
        v, i = w.crossings[x, c.VEHICLE_OF], w.crossings[x, c.STEP_OF]
        row = w.steps[i]
        me = s.vehicles[v]
        if s.group_of[x] != g or me[c.LEFT_CHECK] != i:
            continue
        corridor = me[c.GATE]
        if row[c.DIRECTION] == c.OUT:
            closes = w.windows[row[c.WINDOW], c.CLOSES]
            clear = max(s.by_corridor[corridor, c.C_CLEAR], minute - closes)
            s.by_corridor[corridor, c.C_CLEAR] = clear
        if me[c.PHASE] != c.THROUGH:
            continue
        if row[c.DIRECTION] == c.OUT:
            me[c.SIDE] = c.OUTSIDE
            late = max(0, minute - row[c.DEPARTS])
            s.total[c.PASSED_OUT] += 1
            s.total[c.LATE_OUT] += late
            s.total[c.LATEST_OUT] = max(s.total[c.LATEST_OUT], late)
            s.by_corridor[corridor, c.C_OUT] += me[c.ABOARD]
        if me[c.MOVED] > 0:
            me[c.MOVED] = 0
            s.times[i, c.WENT] = minute
            way = w.elsewhere[x, corridor, c.ON_FROM_THERE]
            drive(w, chance, s, queue, v, minute, way, 0, i + 1)
        else:
            go_on(w, chance, s, queue, v, minute)


@part
def closing(w: World, chance: Chance, s: State, queue: list[int], minute: int) -> None:
    """A window closes: count who has set out and is not out; they do nothing more."""
    if w.whole[c.OVERRUN]:
        return
    for v in range(w.vehicles.shape[0]):
        me = s.vehicles[v]
        phase = me[c.PHASE]
        set_out = me[c.SET_OUT_AT] <= minute
        if me[c.SIDE] == c.OUTSIDE or phase >= c.CAUGHT or not set_out:
            continue
        if w.vehicles[v, c.LIVES_INSIDE] and me[c.ABOARD] == 0:
            continue
        catch(w, chance, s, queue, v, minute)
    count_stranded(s)
    for h in range(w.handed.shape[0]):
        site = w.handed[h, c.HANDED_SITE]
        if w.sites[site, c.SITE_INSIDE] and w.handed[h, c.HANDED_WHAT] != c.GOODS:
            count_inside(s, -1, s.handed[h], s.handed[h])
            s.total[c.WAITED_OPEN] += s.handed[h] * minute
            s.handed[h] = 0
    for pool in range(w.lanes.shape[0]):
        push(queue, minute, c.RETRIES, pool)


@part
def catch(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """Count one vehicle or party that is on the enclosed side when a window closes."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    phase = me[c.PHASE]
    out_by = row[c.GOES_OUT_BY]
    shelter = c.NEVER
    at_gate = phase in (c.AT_GATE, c.QUEUES) and row[c.KIND] == c.CROSSES
    if phase == c.TURNED:
        shelter = me[c.SHELTER_AT]
    elif at_gate and w.whole[c.TURN_BACK]:
        shelter = sheltered_at(w, chance, s, v, row[c.LATEST])
        s.total[c.TURNED_BACK] += 1
    if at_gate and me[c.MOVED] > 0:
        out_by = me[c.GATE]
    aboard = me[c.ABOARD]
    count_inside(s, out_by, aboard, 0 if shelter <= minute else aboard)
    if w.vehicles[v, c.BY] == c.FLEET and not w.vehicles[v, c.LIVES_INSIDE]:
        count_vehicle_inside(s, out_by)
    me[c.PHASE] = c.CAUGHT
    if phase == c.TURNED:
        return
    beyond = phase in (c.AT_GATE, c.QUEUES, c.IN_CHECK, c.THROUGH)
    drop(w, s, queue, i + 1 if beyond else i, w.vehicles[v, c.LAST] + 1, minute)
