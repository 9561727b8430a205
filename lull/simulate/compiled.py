"""The event loop compiled: the very functions of `reference`, so that both say the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lull.compiling.jit import compiled, maker
from lull.compiling.pointer import pointer_to
from lull.simulate import columns as c
from lull.simulate.columns import Chance, Ints, State, World
from lull.simulate.draws import Terms, drawn
from lull.simulate.reference import blank, play


class Queue(NamedTuple):
    """Events as a binary heap: the first `size[0]` of `events`."""

    events: Ints
    size: Ints


EVENTS_EACH = 8
"""Events that a traveller, convoy, crossing or pool may have in the queue, generously."""


@maker
def one(w: World, chance: Chance) -> State:
    """One replication."""
    s = blank(w)
    things = s.groups.shape[0] + w.vehicles.shape[0] + w.crossings.shape[0] + w.lanes.shape[0]
    things += s.teams.shape[0]
    room = EVENTS_EACH * (things + w.windows.shape[0] * w.lanes.shape[0])
    queue = Queue(np.empty(room, np.int64), np.zeros(1, np.int64))
    play(pointer_to(w), pointer_to(chance), pointer_to(s), pointer_to(queue))  # type: ignore[arg-type]
    return s


def _replicate(w: World, chance: Chance) -> State:
    return one(w, chance)


def _draw(key: np.uint64, terms: Terms) -> Chance:
    return drawn(key, *terms)


def _many(w: World, terms: Terms, keys: NDArray[np.uint64]) -> tuple[Ints, Ints, Ints]:
    totals = np.empty((keys.shape[0], c.TOTALS), np.int64)
    by_corridor = np.empty(
        (keys.shape[0], w.corridors.shape[0], c.CORRIDOR_TOTALS), np.int64)
    cells = 0
    for n in range(w.lines.shape[0]):
        cells = max(cells, w.lines[n, c.CELL] + 1)
    delivered = np.empty((keys.shape[0], cells), np.int64)
    for n in range(keys.shape[0]):
        s = one(w, drawn(keys[n], *terms))
        totals[n] = s.total
        by_corridor[n] = s.by_corridor
        delivered[n] = s.delivered
    return totals, by_corridor, delivered


def _curves(w: World, terms: Terms, keys: NDArray[np.uint64]) -> Ints:
    found = np.empty((keys.shape[0], w.whole[c.BINS]), np.int64)
    for n in range(keys.shape[0]):
        found[n] = one(w, drawn(keys[n], *terms)).by_time
    return found


replicate = compiled(_replicate)
"""One replication on one set of draws; see `lull.simulate.reference.replicate`."""

draw = compiled(_draw)
"""The draws of one key; see `lull.simulate.draws.drawn`."""

replicate_many = compiled(_many)
"""For each key draw and replicate `State.total`, `.by_corridor` and `.delivered`, a row a key."""

curves_many = compiled(_curves)
"""For each key draw and replicate: `State.by_time`, one row a key."""
