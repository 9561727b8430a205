"""Hears when parts of planning are being compiled, so that whoever waits can be told.

Compiled code is kept beside its source and found again; only where it is not, or is of other
sources, numba compiles and says so in its events
(https://numba.readthedocs.io/en/stable/developer/event_api.html).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import event

COMPILING = "compiling the search, once on this machine; it takes a minute or two"


class _Listener(event.Listener):
    """Passes on that a function is being compiled, but not those that it calls."""

    def __init__(self, tell: Callable[[], None]) -> None:
        self.tell, self.depth = tell, 0

    def on_start(self, event: Any) -> None:
        if not self.depth:
            self.tell()
        self.depth += 1

    def on_end(self, event: Any) -> None:
        self.depth -= 1


@contextmanager
def told_of_compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` whenever, within, machine code is not found and has to be made."""
    with event.install_listener("numba:compile", _Listener(tell)):
        yield
