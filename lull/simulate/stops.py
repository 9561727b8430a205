"""What happens at a site: bays, boarding, setting down, handing over at an exchange point.

Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.simulate import columns as c
from lull.simulate.columns import Chance, State, World
from lull.simulate.driving import go_on, latent, push, sample
from lull.simulate.jit import part


@part
def arrives(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle comes to a site: it ends, waits, or asks for a bay when it is its turn."""
    i = s.vehicles[v, c.NOW_AT]
    s.times[i, c.CAME] = minute
    kind = w.steps[i, c.KIND]
    if kind == c.END:
        s.vehicles[v, c.PHASE] = c.ENDED
        s.times[i, c.BEGAN] = max(minute, w.steps[i, c.STARTS])
        s.times[i, c.WENT] = max(minute, w.steps[i, c.DEPARTS])
        if w.steps[i, c.TASK] == c.UNLOADS:
            set_down(w, s, queue, v, i, minute)
        s.total[c.LAST_HOME] = max(s.total[c.LAST_HOME], minute)
    elif kind != c.SERVED:
        s.times[i, c.BEGAN] = max(minute, w.steps[i, c.STARTS])
        go_on(w, chance, s, queue, v, max(minute, w.steps[i, c.DEPARTS]))
    else:
        s.vehicles[v, c.PHASE] = c.ASKS
        s.vehicles[v, c.FORCED_AT] = -1
        asks = max(minute, w.steps[i, c.STARTS])
        s.vehicles[v, c.ASKS_AT] = asks
        push(queue, asks, c.ASKS_BAY, v)


@part
def asks_bay(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle asks for a bay, once those it is to take on at an exchange are there."""
    if s.vehicles[v, c.PHASE] != c.ASKS or minute < s.vehicles[v, c.ASKS_AT]:
        return
    i = s.vehicles[v, c.NOW_AT]
    site = w.steps[i, c.SITE]
    if minute > w.steps[i, c.LATEST]:
        skip_stop(w, chance, s, queue, v, minute)
        return
    if short_of(w, s, i) and minute < w.steps[i, c.LATEST]:
        forced = s.vehicles[v, c.FORCED_AT]
        if forced < 0:
            forced = min(minute + w.whole[c.EXCHANGE], w.steps[i, c.LATEST])
            s.vehicles[v, c.FORCED_AT] = forced
            s.sites[site, c.SITE_WAITING] += 1
            push(queue, forced, c.ASKS_BAY, v)
        if minute < forced:
            return
    if s.vehicles[v, c.FORCED_AT] >= 0:
        s.sites[site, c.SITE_WAITING] -= 1
        s.vehicles[v, c.FORCED_AT] = -1
    needs = not at_once(w, w.steps[i, c.SERVICE])
    if needs and 0 < w.sites[site, c.BAYS] <= s.sites[site, c.BAYS_USED]:
        s.vehicles[v, c.PHASE] = c.QUEUES
        s.vehicles[v, c.NEXT_AT_SITE] = -1
        if s.sites[site, c.SITE_HEAD] < 0:
            s.sites[site, c.SITE_HEAD] = v
        else:
            s.vehicles[s.sites[site, c.SITE_TAIL], c.NEXT_AT_SITE] = v
        s.sites[site, c.SITE_TAIL] = v
        return
    s.vehicles[v, c.HOLDS_BAY] = 1 if needs else 0
    s.sites[site, c.BAYS_USED] += s.vehicles[v, c.HOLDS_BAY]
    serve(w, chance, s, queue, v, minute)


@part
def at_once(w: World, spread: int) -> bool:
    """Whether a service takes no minute, so that no bay is held."""
    empty = w.spreads[spread, c.CUT_FROM] == w.spreads[spread, c.CUT_TO]
    return empty and w.spreads[spread, c.BASE] == 0


@part
def short_of(w: World, s: State, i: int) -> bool:
    """Whether somebody or something to be taken on at an exchange point has not come yet."""
    if w.steps[i, c.TASK] != c.LOADS:
        return False
    for n in range(w.steps[i, c.LINES_FROM], w.steps[i, c.LINES_TO]):
        handed = w.lines[n, c.HANDED]
        if handed >= 0 and s.handed[handed] < w.lines[n, c.AMOUNT]:
            return True
    return False


@part
def skip_stop(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """Too late to stop here and be out in time: drive on; who was called goes home."""
    i = s.vehicles[v, c.NOW_AT]
    if s.vehicles[v, c.FORCED_AT] >= 0:
        s.sites[w.steps[i, c.SITE], c.SITE_WAITING] -= 1
        s.vehicles[v, c.FORCED_AT] = -1
    s.total[c.STOPS_SKIPPED] += 1
    waited(w, s, i, NEVER_TAKEN)
    go_on(w, chance, s, queue, v, minute)


NEVER_TAKEN = c.NEVER


@part
def waited(w: World, s: State, i: int, minute: int) -> None:
    """Add what those called to a stop have waited in the open until a minute or being sent home."""
    if w.steps[i, c.CALLED] > 0:
        home = min(w.steps[i, c.SEND_HOME], w.windows[w.steps[i, c.WINDOW], c.CLOSES])
        if minute == NEVER_TAKEN:
            minute = home
        s.total[c.WAITED_OPEN] += w.steps[i, c.CALLED] * minute - w.steps[i, c.CALLED_AT]


@part
def serve(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A vehicle begins to load or unload in its bay."""
    i = s.vehicles[v, c.NOW_AT]
    s.vehicles[v, c.PHASE] = c.IN_BAY
    s.times[i, c.BEGAN] = minute
    if w.steps[i, c.TASK] == c.LOADS:
        gone_home = w.whole[c.KEEP_SEND_HOME] > 0 and minute > w.steps[i, c.SEND_HOME]
        waited(w, s, i, NEVER_TAKEN if gone_home else minute)
        take_on(w, chance, s, v, i, minute, gone_home)
    own = chance.steps[i, c.AT_STEP]
    shared = latent(w, chance, own, w.steps[i, c.FACTOR], minute)
    push(queue, minute + sample(w, w.steps[i, c.SERVICE], shared), c.DONE, v)


@part
def done(w: World, chance: Chance, s: State, queue: list[int], v: int, minute: int) -> None:
    """A service is over: set down, give the bay to the next, and go on when planned."""
    i = s.vehicles[v, c.NOW_AT]
    site = w.steps[i, c.SITE]
    s.times[i, c.FREED] = minute
    if w.steps[i, c.TASK] == c.UNLOADS and s.vehicles[v, c.PHASE] < c.TURNED:
        set_down(w, s, queue, v, i, minute)
    if s.vehicles[v, c.HOLDS_BAY] > 0:
        s.vehicles[v, c.HOLDS_BAY] = 0
        free_bay(w, chance, s, queue, site, minute)
    if s.vehicles[v, c.PHASE] < c.TURNED:
        go_on(w, chance, s, queue, v, max(minute, w.steps[i, c.DEPARTS]))


@part
def free_bay(
    w: World, chance: Chance, s: State, queue: list[int], site: int, minute: int
) -> None:
    """A bay is free: the first in the queue who is still in time takes it."""
    s.sites[site, c.BAYS_USED] -= 1
    while s.sites[site, c.SITE_HEAD] >= 0:
        u = s.sites[site, c.SITE_HEAD]
        s.sites[site, c.SITE_HEAD] = s.vehicles[u, c.NEXT_AT_SITE]
        if s.vehicles[u, c.PHASE] != c.QUEUES:
            continue
        if minute > w.steps[s.vehicles[u, c.NOW_AT], c.LATEST]:
            skip_stop(w, chance, s, queue, u, minute)
            continue
        s.vehicles[u, c.HOLDS_BAY] = 1
        s.sites[site, c.BAYS_USED] += 1
        serve(w, chance, s, queue, u, minute)
        return


@part
def take_on(
    w: World, chance: Chance, s: State, v: int, i: int, minute: int, gone_home: bool
) -> None:
    """Take on what is planned, less those who do not come and what has not been handed over."""
    spread = w.steps[i, c.NO_SHOWS]
    share = sample(w, spread, chance.steps[i, c.ABSENT]) if spread >= 0 else 0
    for n in range(w.steps[i, c.LINES_FROM], w.steps[i, c.LINES_TO]):
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
            s.vehicles[v, c.ABOARD] += amount
        if what == c.LIES:
            s.vehicles[v, c.ABOARD_LYING] += amount


@part
def set_down(w: World, s: State, queue: list[int], v: int, i: int, minute: int) -> None:
    """Set down what is on board of what was planned; those taken over get off outside."""
    come = False
    for n in range(w.steps[i, c.LINES_FROM], w.steps[i, c.LINES_TO]):
        slot, what = w.lines[n, c.SLOT], w.lines[n, c.WHAT]
        amount = min(w.lines[n, c.AMOUNT], s.aboard[slot])
        s.aboard[slot] -= amount
        if what != c.GOODS:
            s.vehicles[v, c.ABOARD] -= amount
        if what == c.LIES:
            s.vehicles[v, c.ABOARD_LYING] -= amount
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
            else:
                s.total[c.ARRIVED] += amount
                s.total[c.PATIENTS] += amount if what == c.LIES else 0
    site = w.steps[i, c.SITE]
    if not w.sites[site, c.SITE_INSIDE]:
        guests_get_off(s, v)
    if come and s.sites[site, c.SITE_WAITING] > 0:
        for u in range(w.vehicles.shape[0]):
            here = w.steps[s.vehicles[u, c.NOW_AT], c.SITE] == site
            if here and s.vehicles[u, c.PHASE] == c.ASKS and s.vehicles[u, c.FORCED_AT] >= 0:
                push(queue, minute, c.ASKS_BAY, u)


@part
def guests_get_off(s: State, v: int) -> None:
    """People taken over from a lost vehicle arrive where their new one first unloads outside."""
    sit, lie = s.vehicles[v, c.GUESTS_SIT], s.vehicles[v, c.GUESTS_LIE]
    if sit + lie > 0:
        s.total[c.ARRIVED] += sit + lie
        s.total[c.PATIENTS] += lie
        s.vehicles[v, c.ABOARD] -= sit + lie
        s.vehicles[v, c.ABOARD_LYING] -= lie
        s.vehicles[v, c.GUESTS_SIT] = 0
        s.vehicles[v, c.GUESTS_LIE] = 0
