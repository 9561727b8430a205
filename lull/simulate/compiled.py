"""The event loop compiled: the very functions of `reference`, so that both say the same."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lull.simulate.columns import Chance, Ints, State, World
from lull.simulate.jit import compiled
from lull.simulate.pointer import pointer_to
from lull.simulate.reference import blank, play


class Queue(NamedTuple):
    """Events as a binary heap: the first `size[0]` of `events`."""

    events: Ints
    size: Ints


MOST_EVENTS_EACH = 8
"""Events that one traveller, convoy, crossing or pool can have in the queue, generously."""


def _replicate(w: World, chance: Chance) -> State:
    s = blank(w)
    things = s.groups.shape[0] + w.vehicles.shape[0] + w.crossings.shape[0] + w.lanes.shape[0]
    room = MOST_EVENTS_EACH * (things + w.windows.shape[0] * w.lanes.shape[0])
    queue = Queue(np.empty(room, np.int64), np.zeros(1, np.int64))
    play(pointer_to(w), pointer_to(chance), pointer_to(s), pointer_to(queue))
    return s


replicate = compiled(_replicate)
"""One replication on one set of draws; see `lull.simulate.reference.replicate`."""
