"""What happens at a site: bays, boarding, setting down, handing over at an exchange point.

Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.compiling.jit import part
from lull.simulate import columns as c
from lull.simulate.breakdowns import arrive
from lull.simulate.columns import Chance, State, World
from lull.simulate.driving import go_on, latent, push, sample


@part
def arrives(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle comes to a site: it ends, waits, or asks for a bay when it is its turn."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    s.times[i, c.CAME] = minute
    kind = row[c.KIND]
    if kind == c.END:
        me[c.PHASE] = c.ENDED
        s.times[i, c.BEGAN] = max(minute, row[c.STARTS])
        s.times[i, c.WENT] = max(minute, row[c.DEPARTS])
        if row[c.TASK] == c.UNLOADS:
            set_down(w, s, queue, v, i, minute)
        s.total[c.LAST_HOME] = max(s.total[c.LAST_HOME], minute)
    elif kind != c.SERVED:
        s.times[i, c.BEGAN] = max(minute, row[c.STARTS])
        go_on(w, chance, s, queue, v, max(minute, row[c.DEPARTS]))
    else:
        me[c.PHASE] = c.ASKS
        me[c.FORCED_AT] = -1
        asks = max(minute, row[c.STARTS])
        me[c.ASKS_AT] = asks
        push(queue, asks, c.ASKS_BAY, v)


@part
def asks_bay(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle asks for a bay, once those it is to take on at an exchange are there."""
    me = s.vehicles[v]
    if me[c.PHASE] != c.ASKS or minute < me[c.ASKS_AT]:
        return
    i = me[c.NOW_AT]
    row = w.steps[i]
    site = row[c.SITE]
    if minute > row[c.LATEST]:
        skip_stop(w, chance, s, queue, v, minute)
        return
    if short_of(w, s, i) and minute < row[c.LATEST]:
        forced = me[c.FORCED_AT]
        if forced < 0:
            forced = min(minute + w.whole[c.EXCHANGE], row[c.LATEST])
            me[c.FORCED_AT] = forced
            s.sites[site, c.SITE_WAITING] += 1
            push(queue, forced, c.ASKS_BAY, v)
        if minute < forced:
            return
    if me[c.FORCED_AT] >= 0:
        s.sites[site, c.SITE_WAITING] -= 1
        me[c.FORCED_AT] = -1
    needs = not at_once(w, row[c.SERVICE])
    if needs and 0 < w.sites[site, c.BAYS] <= s.sites[site, c.BAYS_USED]:
        me[c.PHASE] = c.QUEUES
        me[c.NEXT_AT_SITE] = -1
        if s.sites[site, c.SITE_HEAD] < 0:
            s.sites[site, c.SITE_HEAD] = v
        else:
            s.vehicles[s.sites[site, c.SITE_TAIL], c.NEXT_AT_SITE] = v
        s.sites[site, c.SITE_TAIL] = v
        return
    me[c.HOLDS_BAY] = 1 if needs else 0
    s.sites[site, c.BAYS_USED] += me[c.HOLDS_BAY]
    serve(w, chance, s, queue, v, minute)


@part
def at_once(w: World, spread: int) -> bool:
    """Whether a service takes no minute, so that no bay is held."""
    empty = w.spreads[spread, c.CUT_FROM] == w.spreads[spread, c.CUT_TO]
    return bool(empty and w.spreads[spread, c.BASE] == 0)


@part
def short_of(w: World, s: State, i: int) -> bool:
    """Whether somebody or something to be taken on at an exchange point has not come yet."""
    row = w.steps[i]
    if row[c.TASK] != c.LOADS:
        return False
    for n in range(row[c.LINES_FROM], row[c.LINES_TO]):
        handed = w.lines[n, c.HANDED]
        if handed >= 0 and s.handed[handed] < w.lines[n, c.AMOUNT]:
            return True
    return False


@part
def skip_stop(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """Too late to stop here and be out in time: drive on; who was called goes home."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    if me[c.FORCED_AT] >= 0:
        s.sites[w.steps[i, c.SITE], c.SITE_WAITING] -= 1
        me[c.FORCED_AT] = -1
    s.total[c.STOPS_SKIPPED] += 1
    waited(w, s, i, NEVER_TAKEN)
    go_on(w, chance, s, queue, v, minute)


NEVER_TAKEN = c.NEVER


@part
def waited(w: World, s: State, i: int, minute: int) -> None:
    """Add what those called to a stop have waited in the open until a minute or being sent home."""
    row = w.steps[i]
    if row[c.CALLED] > 0:
        home = min(row[c.SEND_HOME], w.windows[row[c.WINDOW], c.CLOSES])
        if minute == NEVER_TAKEN:
            minute = home
        s.total[c.WAITED_OPEN] += row[c.CALLED] * minute - row[c.CALLED_AT]


@part
def serve(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle begins to load or unload in its bay."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    me[c.PHASE] = c.IN_BAY
    s.times[i, c.BEGAN] = minute
    if row[c.TASK] == c.LOADS:
        gone_home = w.whole[c.KEEP_SEND_HOME] > 0 and minute > row[c.SEND_HOME]
        waited(w, s, i, NEVER_TAKEN if gone_home else minute)
        take_on(w, chance, s, v, i, minute, gone_home)
    own = chance.steps[i, c.AT_STEP]
    shared = latent(w, chance, own, row[c.FACTOR], minute)
    push(queue, minute + sample(w, row[c.SERVICE], shared), c.DONE, v)


@part
def done(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A service is over: set down, give the bay to the next, and go on when planned."""
    me = s.vehicles[v]
    i = me[c.NOW_AT]
    row = w.steps[i]
    site = row[c.SITE]
    s.times[i, c.FREED] = minute
    if row[c.TASK] == c.UNLOADS and me[c.PHASE] < c.TURNED:
        set_down(w, s, queue, v, i, minute)
    if me[c.HOLDS_BAY] > 0:
        me[c.HOLDS_BAY] = 0
        free_bay(w, chance, s, queue, site, minute)
    if me[c.PHASE] < c.TURNED:
        go_on(w, chance, s, queue, v, max(minute, row[c.DEPARTS]))


@part
def free_bay(
    w: World, chance: Chance, s: State, queue: list[int], site: int, minute: int
) -> None:
    """A bay is free: the first in the queue who is still in time takes it."""
    s.sites[site, c.BAYS_USED] -= 1
    while s.sites[site, c.SITE_HEAD] >= 0:
        u = s.sites[site, c.SITE_HEAD]
        other = s.vehicles[u]
        s.sites[site, c.SITE_HEAD] = other[c.NEXT_AT_SITE]
        if other[c.PHASE] != c.QUEUES:
            continue
        if minute > w.steps[other[c.NOW_AT], c.LATEST]:
            skip_stop(w, chance, s, queue, u, minute)
            continue
        other[c.HOLDS_BAY] = 1
        s.sites[site, c.BAYS_USED] += 1
        serve(w, chance, s, queue, u, minute)
        return


@part
def take_on(
    w: World, chance: Chance, s: State, v: int, i: int, minute: int, gone_home: bool
) -> None:
    """Take on what is planned, less those who do not come and what has not been handed over."""
    row = w.steps[i]
    me = s.vehicles[v]
    spread = row[c.NO_SHOWS]
    share = sample(w, spread, chance.steps[i, c.ABSENT]) if spread >= 0 else 0
    for n in range(row[c.LINES_FROM], row[c.LINES_TO]):
        amount = w.lines[n, c.AMOUNT]
        what = w.lines[n, c.WHAT]
        handed = w.lines[n, c.HANDED]
        if handed >= 0:
            amount = min(amount, s.handed[handed])
            s.handed[handed] -= amount
            if what != c.GOODS:
                s.total[c.WAITED_OPEN] += amount * minute
        elif what != c.GOODS:
            absent = int(amount * share / 1000.0 + chance.steps[i, c.FATE_IN_TRANSIT])
            absent = min(amount, absent) if share > 0 else 0
            s.total[c.ABSENTEES] += absent
            amount = 0 if gone_home else amount - absent
        s.aboard[w.lines[n, c.SLOT]] += amount
        if what != c.GOODS:
            me[c.ABOARD] += amount
        if what == c.LIES:
            me[c.ABOARD_LYING] += amount


@part
def set_down(w: World, s: State, queue: list[int], v: int, i: int, minute: int) -> None:
    """Set down what is on board of what was planned; those taken over get off outside."""
    row = w.steps[i]
    me = s.vehicles[v]
    come = False
    for n in range(row[c.LINES_FROM], row[c.LINES_TO]):
        slot, what = w.lines[n, c.SLOT], w.lines[n, c.WHAT]
        amount = min(w.lines[n, c.AMOUNT], s.aboard[slot])
        s.aboard[slot] -= amount
        if what != c.GOODS:
            me[c.ABOARD] -= amount
        if what == c.LIES:
            me[c.ABOARD_LYING] -= amount
        handed = w.lines[n, c.HANDED]
        if handed >= 0:
            s.handed[handed] += amount
            come = True
            if what != c.GOODS:
                s.total[c.WAITED_OPEN] -= amount * minute
        elif w.lines[n, c.FINAL]:
            if what == c.GOODS:
                brought = max(0, amount - w.lines[n, c.GONE])
                s.total[c.GRAMS_ARRIVED] += brought * w.lines[n, c.GRAMS]
                s.delivered[w.lines[n, c.CELL]] += brought
            else:
                s.delivered[w.lines[n, c.CELL]] += amount
                arrive(w, s, amount, amount if what == c.LIES else 0, minute)
    site = row[c.SITE]
    if not w.sites[site, c.SITE_INSIDE]:
        guests_get_off(w, s, v, minute)
    if come and s.sites[site, c.SITE_WAITING] > 0:
        for u in range(w.vehicles.shape[0]):
            other = s.vehicles[u]
            here = w.steps[other[c.NOW_AT], c.SITE] == site
            if here and other[c.PHASE] == c.ASKS and other[c.FORCED_AT] >= 0:
                push(queue, minute, c.ASKS_BAY, u)


@part
def guests_get_off(w: World, s: State, v: int, minute: int) -> None:
    """People taken over from a lost vehicle arrive where their new one first unloads outside."""
    me = s.vehicles[v]
    sit, lie = me[c.GUESTS_SIT], me[c.GUESTS_LIE]
    if sit + lie > 0:
        arrive(w, s, sit + lie, lie, minute)
        me[c.ABOARD] -= sit + lie
        me[c.ABOARD_LYING] -= lie
        me[c.GUESTS_SIT] = 0
        me[c.GUESTS_LIE] = 0
