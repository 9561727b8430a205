"""Compile functions once for a machine and keep the machine code beside their source.

numba keeps compiled code for as long as a function's own file is unchanged; it does not see that a
constant or a function in another file has changed, and would go on with the old one. So each
function carries a mark of all sources of its folder and of this one, which numba hashes with what a
function closes over (numba.readthedocs.io, «Notes on caching», limitations).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CellType, FunctionType
from typing import Any, TypeVar, cast

from numba import njit
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., object])
HERE = Path(__file__).parent


@cache
def _mark(folder: Path) -> str:
    """A hash of all sources in a folder, and in this one."""
    digest = hashlib.sha256()
    for path in sorted((*folder.glob("*.py"), *HERE.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def marked(function: F) -> F:
    """The same function, closing over the mark of its folder."""
    made = cast(FunctionType, function)
    code = made.__code__
    if code.co_freevars:
        raise TypeError(f"{made.__name__} closes over something already and cannot be marked.")
    cell = CellType(_mark(Path(code.co_filename).parent))
    twin = FunctionType(
        code.replace(co_freevars=("sources",)), made.__globals__, made.__name__,
        made.__defaults__, (cell,))
    twin.__module__, twin.__doc__ = made.__module__, made.__doc__
    twin.__qualname__, twin.__annotations__ = made.__qualname__, made.__annotations__
    return cast(F, twin)


def compiled(function: F) -> F:
    """A function that Python calls, compiled at its first call."""
    return cast(F, njit(cache=True, nogil=True)(marked(function)))


def inner(function: F) -> F:
    """A function that only compiled functions call: nothing is made for Python to call it by."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(F, njit(cache=True, nogil=True, **options)(marked(function)))


UNCOUNTED: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
"""numba counts, atomically, each time an array is taken from a tuple or handed on; in a loop of
millions of small moves that was nine tenths of the time (measured: 0.9 against 17 million moves a
second). Functions that make no arrays need no counting, and numba refuses to compile one that
would."""


def uncounted(function: F) -> F:
    """A function that Python calls; it may change arrays and make none."""
    return cast(F, njit(**UNCOUNTED)(marked(function)))


def inlined(function: F) -> F:
    """A function that only compiled functions call, and that becomes a part of each of them.

    Three to four times as fast as `part` where a small function is called in an inner loop
    (measured: 30 against 8 million moves a second).
    """
    return cast(F, njit(forceinline=True, **UNCOUNTED)(marked(function)))


def part(function: F) -> F:
    """A function that is plain in Python, and compiled where compiled code calls it.

    It makes no arrays and keeps none, so nothing in it counts references (`_nrt`).
    """
    return register_jitable(_nrt=False)(function)


def maker(function: F) -> F:
    """The same for a function that makes arrays."""
    return register_jitable(function)
