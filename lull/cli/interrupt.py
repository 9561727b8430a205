"""Ctrl-C as a wish: the first asks for the best so far, the second gives up."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def interruptible(said: str) -> Iterator[Callable[[], bool]]:
    """Yields a function that says whether the user has pressed Ctrl-C (or sent SIGTERM).

    The first time, `said` is printed and work goes on to a good end; the second time
    KeyboardInterrupt is raised. The earlier handlers are put back afterwards.
    """
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        try:
            print(f"\n{said}", file=sys.stderr)  # noqa: T201 - a live display catches this stream
        except RuntimeError:  # pressed in the midst of a write to the same stream
            os.write(2, f"\n{said}\n".encode())

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, ask) for number in numbers]
    try:
        yield lambda: asked
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
