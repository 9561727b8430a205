"""Events, the minutes that a way or a service takes, and rounds that are dropped.

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
def most(w: World, spread: int) -> int:
    """The most minutes of a spread."""
    of = w.spreads[spread]
    return int(of[c.BASE] + of[c.CUT_TO] - of[c.CUT_FROM])


@part
def spared(slack: int, due: int, at: int) -> int:
    """What is used of the minutes that a plan has to spare: none once it is late by as much."""
    return int(min(max(due - at, 0), slack))


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
    took = sample(w, way, latent(w, chance, own, w.steps[i, c.FACTOR], minute))
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
    took += spared(slack, w.steps[i, c.COMES_NEXT], minute + took)
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
        out = max(minute, s.groups[g, c.OUT_AT])
        if g < w.convoys.shape[0]:
            out += spared(w.convoys[g, c.BEHIND], w.convoys[g, c.OUT_FROM], out)
        push(queue, out, c.LEAVES, g)


@part
def members(w: World, g: int) -> tuple[int, int]:
    """The crossings among which those of a group are: [from, to)."""
    many = w.convoys.shape[0]
    if g >= many:
        return g - many, g - many + 1
    return w.convoys[g, c.FROM], w.convoys[g, c.TO]




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
