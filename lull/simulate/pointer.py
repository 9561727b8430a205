"""Tuples of arrays behind one pointer in compiled code, and the queue of events there.

Compiled code hands a tuple of arrays over by value and counts references to each array of it at
each call; for an event loop of many small functions that takes nine tenths of the time. Here a
tuple travels as the address of where it lies: `pointer.steps` reads the array `steps` from there.
It is good for as long as the function that made it runs.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    models,
    overload,
    register_model,
)

build: Any = cgutils
lower: Any = lower_getattr_generic

LAST_OF_ALL = (1 << 63) - 1
"""Stands behind the events of a heap, so that the last has a neighbour to be compared with."""

NO_COUNTS: Any = {"_nrt": False}


class Pointer(types.Type):
    """The address of a named tuple of arrays."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind
        super().__init__(name=f"Pointer({kind.name})")


@register_model(Pointer)
class PointerModel(models.OpaqueModel):
    """An address and nothing else."""


@infer_getattr
class PointerFields(AttributeTemplate):
    """The fields of the tuple are the attributes of its pointer."""

    key = Pointer

    def generic_resolve(self, pointer: Any, name: str) -> Any:  # type: ignore[override]
        """The type of a field, or None."""
        fields = pointer.kind.fields
        return pointer.kind.types[fields.index(name)] if name in fields else None


def _field(context: Any, builder: Any, pointer: Any, value: Any, name: str) -> Any:
    """Read one array of the tuple from where it lies."""
    layout = context.get_data_type(pointer.kind).as_pointer()
    index = pointer.kind.fields.index(name)
    where = build.gep_inbounds(builder, builder.bitcast(value, layout), 0, index)
    model = context.data_model_manager[pointer.kind.types[index]]
    return model.load_from_data_pointer(builder, where)


lower(Pointer)(_field)


@intrinsic
def _pointer_to(_context: Any, values: Any) -> Any:
    """The address of a named tuple, which lies in the frame of the function that asks for it."""

    def made(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = signature.args[0]
        where = build.alloca_once(builder, context.get_data_type(kind))
        model = context.data_model_manager[kind]
        builder.store(model.as_data(builder, args[0]), where)
        return builder.bitcast(where, build.voidptr_t)

    return Pointer(values)(values), made


pointer_to: Any = _pointer_to
"""Takes a named tuple of arrays, in compiled code only."""


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
