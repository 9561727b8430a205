"""Tuples of arrays behind one pointer in compiled code.

Compiled code hands a tuple of arrays over by value, and counts references to each array of it, at
each call; where small functions call one another that takes most of the time. Here a tuple travels
as the address of where it lies: `pointer.steps` reads the array `steps` from there. It is good for
as long as the function that made it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed, lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, models, register_model

T = TypeVar("T")


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

    def generic_resolve(self, value: Any, attr: str) -> Any:  # type: ignore[override]
        """The type of a field, or None."""
        fields = value.kind.fields
        return value.kind.types[fields.index(attr)] if attr in fields else None


@lower_getattr_generic(Pointer)
def _field(context: Any, builder: Any, pointer: Any, value: Any, name: str) -> Any:
    """Read one array of the tuple from where it lies."""
    layout = context.get_data_type(pointer.kind).as_pointer()
    index = pointer.kind.fields.index(name)
    where = cgutils.gep_inbounds(builder, builder.bitcast(value, layout), 0, index)
    kind = pointer.kind.types[index]
    array = context.data_model_manager[kind].load_from_data_pointer(builder, where)
    return impl_ret_borrowed(context, builder, kind, array)


@intrinsic
def _pointer_to(_context: Any, values: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = signature.args[0]
        where = cgutils.alloca_once(builder, context.get_data_type(kind))
        model = context.data_model_manager[kind]
        builder.store(model.as_data(builder, args[0]), where)
        return builder.bitcast(where, cgutils.voidptr_t)

    return Pointer(values)(values), made


pointer_to = cast(Callable[[T], T], _pointer_to)
"""The address of a named tuple, which lies in the frame of the compiled function that asks for it;
it is read like the tuple."""
