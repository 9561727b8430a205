"""Events, the minutes that a way or a service takes, breakdowns, and rounds that are dropped.

Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.compiling.jit import part
from lull.simulate import columns as c
from lull.simulate.columns import Chance, State, World
from lull.simulate.queue import put


@part
def push(queue: list[int], minute: int, priority: int, number: int) -> None:
    """Put an event into the queue: earlier first, then by priority, then by number."""
    put(queue, (minute << c.MINUTE_SHIFT) | (priority << c.NUMBER_BITS) | number)


@part
def sample(w: World, spread: int, latent: float) -> int:
    """The whole minutes of a spread at a latent figure: its least plus the cuts below it."""
    of, cuts = w.spreads[spread], w.cuts
    low = of[c.CUT_FROM]
    many = of[c.CUT_TO] - low
    while many > 1:  # halves without a branch: processors guess branches on chance wrongly
        half = many >> 1
        low += half * int(cuts[low + half - 1] < latent)
        many -= half
    if many == 1:
        low += int(cuts[low] < latent)
    return int(of[c.BASE] + low - of[c.CUT_FROM])


@part
def latent(w: World, chance: Chance, own: float, corridor: int, minute: int) -> float:
    """A standard normal figure that shares a part with all of its corridor and hour."""
    if corridor < 0:
        return own
    hour = minute // 60 - w.whole[c.FIRST_HOUR]
    hour = min(max(hour, 0), chance.factor.shape[1] - 1)
    return float(w.share[c.COMMON] * chance.factor[corridor, hour] + w.share[c.OWN] * own)


@part
def go_on(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle is done with its step at a minute and drives to the next."""
    i = s.vehicles[v, c.NOW_AT]
    row = w.steps[i]
    s.times[i, c.WENT] = minute
    drive(w, chance, s, queue, v, minute, row[c.WAY], row[c.WAY_SLACK], i + 1)


@part
def drive(
    w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int, way: int,
    slack: int, to: int,
) -> None:
    """A vehicle drives a way to a step; it may arrive late, or break down and be lost."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    own = chance.steps[i, c.ON_WAY]
    took = sample(w, way, latent(w, chance, own, w.steps[i, c.FACTOR], minute)) + slack
    me[c.NOW_AT] = to
    me[c.PHASE] = c.DRIVES
    broken = chance.steps[i, c.BREAKS_ON_WAY]
    likely = w.share[c.BREAKS] * took
    if broken < likely and w.vehicles[v, c.BY] != c.FOOT:
        s.total[c.BREAKDOWNS] += 1
        fate = chance.steps[i, c.FATE_ON_WAY]
        if fate < w.share[c.LOST_SHARE]:
            push(queue, minute + int(took * broken / likely), c.BREAKS_DOWN, v)
            return
        took += repair(w, fate)
    push(queue, minute + took, c.ARRIVES, v)


@part
def repair(w: World, fate: float) -> int:
    """Minutes until a vehicle that is not lost drives on."""
    lost = w.share[c.LOST_SHARE]
    return sample(w, w.whole[c.REPAIR], (fate - lost) / (1.0 - lost))


@part
def drop(w: World, s: State, queue: list[int], first: int, end: int, minute: int) -> None:
    """A vehicle will not make the steps [first, end): its convoys do not wait for it."""
    for i in range(first, end):
        row = w.steps[i]
        if row[c.KIND] != c.CROSSES:
            continue
        g = row[c.CONVOY]
        group = s.groups[g]
        if w.convoys[g, c.FREE]:
            leave_group(w, s, queue, g, minute)
        elif group[c.SETTING] < c.SET:
            group[c.EXPECTED] -= 1
            missing = group[c.EXPECTED] - group[c.PRESENT]
            ready = group[c.PRESENT] > 0 and minute >= w.convoys[g, c.AT]
            if missing <= 0 and ready and group[c.SETTING] == c.GATHERS:
                push(queue, minute, c.DUE, g)


@part
def leave_group(w: World, s: State, queue: list[int], g: int, minute: int) -> None:
    """One less to be cleared in a group; the others leave the far gate once all are through."""
    s.groups[g, c.LEFT] -= 1
    if s.groups[g, c.LEFT] == 0 and s.groups[g, c.PASSED] > 0:
        behind = w.convoys[g, c.BEHIND] if g < w.convoys.shape[0] else 0
        push(queue, max(minute, s.groups[g, c.OUT_AT]) + behind, c.LEAVES, g)


@part
def members(w: World, g: int) -> tuple[int, int]:
    """The crossings among which those of a group are: [from, to)."""
    many = w.convoys.shape[0]
    if g >= many:
        return g - many, g - many + 1
    return w.convoys[g, c.FROM], w.convoys[g, c.TO]


@part
def breaks_down(w: World, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle is lost on a street: outside a spare comes, inside its convoy takes its people."""
    me = s.vehicles[v]
    j = me[c.NOW_AT]
    if me[c.PHASE] >= c.TURNED:
        return
    me[c.PHASE] = c.LOST
    s.total[c.VEHICLES_LOST] += 1
    drop(w, s, queue, j, w.vehicles[v, c.LAST] + 1, minute)
    if me[c.SIDE] == c.OUTSIDE:
        s.total[c.LEFT_ON_WAY] += me[c.ABOARD]
        return
    taken = False
    k = j
    while k < w.vehicles[v, c.LAST] and w.steps[k, c.KIND] != c.CROSSES:
        k += 1
    if w.steps[k, c.KIND] == c.CROSSES:
        g = w.steps[k, c.CONVOY]
        group = s.groups[g]
        taken = hand_over(w, s, v, w.convoys[g, c.FROM], w.convoys[g, c.TO], -1)
        if taken:
            held = max(group[c.HELD_UNTIL], minute + w.whole[c.TRANSFER])
            group[c.HELD_UNTIL] = held
    strand(w, s, v, w.steps[j, c.GOES_OUT_BY], taken)


@part
def strand(w: World, s: State, v: int, corridor: int, crew_taken: bool) -> None:
    """Who is still on board of a lost vehicle inside is inside at the end, without shelter."""
    me = s.vehicles[v]
    count_inside(s, corridor, me[c.ABOARD], me[c.ABOARD])
    fleet = w.vehicles[v, c.BY] == c.FLEET and not w.vehicles[v, c.LIVES_INSIDE]
    if fleet and not crew_taken:
        count_vehicle_inside(s, corridor)


@part
def count_inside(s: State, corridor: int, persons: int, unsheltered: int) -> None:
    """Persons on the enclosed side at the end, and how many of them are under no roof."""
    s.total[c.PERSONS_INSIDE] += persons
    s.total[c.UNSHELTERED] += unsheltered
    if corridor >= 0:
        s.by_corridor[corridor, c.C_INSIDE] += persons
        s.by_corridor[corridor, c.C_UNSHELTERED] += unsheltered


@part
def count_vehicle_inside(s: State, corridor: int) -> None:
    """A vehicle with its crew on the enclosed side at the end."""
    s.total[c.VEHICLES_INSIDE] += 1
    if corridor >= 0:
        s.by_corridor[corridor, c.C_VEHICLES] += 1


@part
def hand_over(w: World, s: State, v: int, first: int, end: int, group: int) -> bool:
    """The people of a lost vehicle go to convoy mates with places; whether there is a mate.

    Mates are of one group, or, where `group` is -1, all who have not yet passed that gate and are
    inside. Whoever finds no place stays on board.
    """
    me = s.vehicles[v]
    taken = False
    for x in range(first, end):
        u = w.crossings[x, c.VEHICLE_OF]
        other = s.vehicles[u]
        if u == v or other[c.PHASE] >= c.TURNED or other[c.SIDE] == c.OUTSIDE:
            continue
        if group >= 0 and s.group_of[x] != group:
            continue
        if group < 0 and other[c.NOW_AT] > w.crossings[x, c.STEP_OF]:
            continue
        taken = True
        lying = me[c.ABOARD_LYING]
        sitting = me[c.ABOARD] - lying
        there_lie = other[c.ABOARD_LYING]
        there_sit = other[c.ABOARD] - there_lie
        lie = max(0, min(lying, w.vehicles[u, c.STRETCHERS] - there_lie))
        sit = max(0, min(sitting, w.vehicles[u, c.SEATS] - there_sit))
        other[c.GUESTS_SIT] += sit
        other[c.GUESTS_LIE] += lie
        other[c.ABOARD] += sit + lie
        other[c.ABOARD_LYING] += lie
        me[c.ABOARD] -= sit + lie
        me[c.ABOARD_LYING] -= lie
    return taken
