"""Compile functions once for a machine and keep the machine code beside their source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """A function that Python calls, compiled at its first call."""
    return cast(F, njit(cache=True, nogil=True)(function))


def inner(function: F) -> F:
    """A function that only compiled functions call: nothing is made for Python to call it by."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, njit(cache=True, nogil=True, **options)(function))
