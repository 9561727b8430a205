"""Compile the event loop once for a machine and keep the machine code beside its source.

numba keeps compiled code for as long as the file of the compiled function is unchanged; it does
not see that a helper or a constant in another file has changed. So the compiled function closes
over a hash of all sources of its folder, which numba puts into the key under which code is kept
(numba.readthedocs.io, «Notes on caching», limitations).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CellType, FunctionType
from typing import TypeVar, cast

from numba import njit
from numba.extending import register_jitable

F = TypeVar("F", bound=Callable[..., object])


@cache
def _mark(folder: Path) -> str:
    """A hash of all sources in a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def compiled(function: F) -> F:
    """The same function, compiled at its first call; it must not be a closure."""
    made = cast(FunctionType, function)
    code = made.__code__
    cell = CellType(_mark(Path(code.co_filename).parent))
    twin = FunctionType(
        code.replace(co_freevars=("sources",)), made.__globals__, made.__name__,
        made.__defaults__, (cell,))
    twin.__module__, twin.__doc__ = made.__module__, made.__doc__
    twin.__qualname__, twin.__annotations__ = made.__qualname__, made.__annotations__
    return cast(F, njit(cache=True, nogil=True)(twin))


def part(function: F) -> F:
    """A function of the event loop: plain in Python, compiled where compiled code calls it.

    It makes no arrays and keeps none, so nothing in it counts references (`_nrt`).
    """
    return register_jitable(_nrt=False)(function)


def maker(function: F) -> F:
    """The same for a function that makes arrays."""
    return register_jitable(function)
