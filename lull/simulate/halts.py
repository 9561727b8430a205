"""When a corridor is open again, and when the window that is open ends.

Every function here is part of the event loop and runs as plain Python and compiled.
"""

from __future__ import annotations

from lull.compiling.jit import part
from lull.simulate import columns as c
from lull.simulate.columns import Chance, State, World


@part
def blocked_until(w: World, chance: Chance, s: State, corridor: int, minute: int) -> int:
    """When a corridor is open again: now, after a halt or a tow, or `NEVER` in this window."""
    for n in range(w.windows.shape[0]):
        window = w.windows[n, c.OPENS] <= minute <= w.windows[n, c.CLOSES]
        if window and chance.closed[corridor, n] <= minute:
            return c.NEVER
    until = max(minute, s.corridors[corridor, c.BLOCKED_UNTIL])
    hours = chance.halts.shape[1]
    if hours == 0:
        return int(until)
    first = minute // 60 - w.whole[c.FIRST_HOUR] - w.whole[c.LONGEST_HALT]
    for h in range(max(0, first), hours):
        if chance.halts[corridor, h, c.HALT_FROM] > until:
            break
        if chance.halts[corridor, h, c.HALT_FROM] <= until < chance.halts[corridor, h, c.HALT_TO]:
            until = chance.halts[corridor, h, c.HALT_TO]
    return int(until)


@part
def close_after(w: World, minute: int) -> int:
    """The close of the first window that has not ended at a minute; never where none is kept."""
    if w.whole[c.OVERRUN]:
        return c.NEVER
    for n in range(w.windows.shape[0]):
        if minute <= w.windows[n, c.CLOSES]:
            return int(w.windows[n, c.CLOSES])
    return -c.NEVER
