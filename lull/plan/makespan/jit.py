"""Compiled functions without the counting of references to arrays.

numba counts, atomically, each time an array is taken from a tuple or handed on. In a loop of
millions of small moves that was nine tenths of the time (measured: 0.9 against 17 million moves a
second). Functions that make no arrays need no counting; `_nrt=False` leaves it out, and numba
refuses to compile a function that would need it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from lull.compiling.jit import marked

F = TypeVar("F", bound=Callable[..., object])

OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}


def inlined(function: F) -> F:
    """A function that only compiled functions call, and that becomes a part of each of them."""
    return cast(F, njit(forceinline=True, **OPTIONS)(marked(function)))


def uncounted(function: F) -> F:
    """A function that Python calls; it may change arrays and make none."""
    return cast(F, njit(**OPTIONS)(marked(function)))
