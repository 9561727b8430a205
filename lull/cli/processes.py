"""Processes of this machine over which plans are spread, ended with the work that they are for."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def processes(many: int) -> Iterator[ProcessPoolExecutor | None]:
    """So many processes for the length of a piece of work; None for one, which needs no other.

    They are started afresh (a copy of a process with threads may hang) and leave Ctrl-C to the one
    that the user sees.
    """
    if many <= 1:
        yield None
        return
    pool = ProcessPoolExecutor(
        many, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_ctrl_c)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _leave_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
