"""The queue of events: a list in Python, and a binary heap behind a pointer in compiled code."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from numba import types
from numba.extending import overload

from lull.compiling.pointer import Pointer

LAST_OF_ALL = (1 << 63) - 1
"""Stands behind the events of a heap, so that the last has a neighbour to be compared with."""

NO_COUNTS: Any = {"_nrt": False}


def put(queue: Any, event: int) -> None:
    """Put an event into the queue: a list in Python, `Queue` behind a pointer in compiled code."""
    heappush(queue, event)


def take(queue: Any) -> int:
    """Take the first event out of the queue."""
    return int(heappop(queue))


def waiting(queue: Any) -> int:
    """How many events are in the queue."""
    return len(queue)


@overload(put, jit_options=NO_COUNTS)
def _put(queue: Any, event: Any) -> Any:
    if not isinstance(queue, Pointer) or not isinstance(event, types.Integer):
        return None

    def up(queue: Any, event: Any) -> None:
        events, i = queue.events, queue.size[0]
        if i >= events.shape[0]:
            raise IndexError("The queue of events is full.")
        queue.size[0] = i + 1
        while i > 0:
            parent = (i - 1) >> 1
            if events[parent] <= event:
                break
            events[i] = events[parent]
            i = parent
        events[i] = event

    return up


@overload(take, jit_options=NO_COUNTS)
def _take(queue: Any) -> Any:
    if not isinstance(queue, Pointer):
        return None

    def down(queue: Any) -> int:
        events, last = queue.events, queue.size[0] - 1
        queue.size[0] = last
        first, event, i = events[0], events[last], 0
        events[last] = LAST_OF_ALL
        while True:
            child = 2 * i + 1
            if child >= last:
                break
            child += int(events[child + 1] < events[child])  # no branch to guess wrongly
            if events[child] >= event:
                break
            events[i] = events[child]
            i = child
        if last > 0:
            events[i] = event
        return int(first)

    return down


@overload(waiting, jit_options=NO_COUNTS)
def _waiting(queue: Any) -> Any:
    if not isinstance(queue, Pointer):
        return None

    def size(queue: Any) -> int:
        return int(queue.size[0])

    return size
