"""Compile a function once for a machine and keep it beside the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The function compiled when it is first called; the machine code is kept on disk."""
    return cast(F, njit(cache=True, nogil=True, boundscheck=False)(function))


def inlined(function: F) -> F:
    """The same for small functions that are best copied into their callers."""
    return cast(F, njit(cache=True, nogil=True, inline="never")(function))
