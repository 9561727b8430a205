"""Says how far a long piece of work has come, on standard error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from lull.cli.console import console

QUIET_SECONDS = 5.0
"""Where standard error is no terminal, one line at most this often."""


class Steps:
    """Takes `(what, done, total)` and shows it: a bar on a terminal, else now and then a line.

    `total` may be 0 while it is not known. Calling it is cheap enough for an inner loop.
    """

    def __init__(self, bar: Progress | None) -> None:
        self._bar = bar
        self._task: TaskID | None = None
        self._what = ""
        self._said = time.monotonic()
        self._out = console(err=True)

    def __call__(self, what: str, done: float = 0, total: float = 0) -> None:
        """Report that `done` of `total` of `what` is behind us."""
        if self._bar is not None:
            if self._task is None or what != self._what:
                if self._task is not None:
                    self._bar.remove_task(self._task)
                self._task = self._bar.add_task(what, total=total or None)
            self._bar.update(self._task, completed=done, total=total or None)
        elif what != self._what or time.monotonic() - self._said > QUIET_SECONDS:
            share = f" {100 * done / total:.0f} %" if total and done else ""
            self._out.print(f"{what}{share} ...")
            self._said = time.monotonic()
        self._what = what


@contextmanager
def steps(*, quiet: bool = False) -> Iterator[Steps | None]:
    """A `Steps` for the length of a piece of work; None where the user wants silence."""
    if quiet:
        yield None
        return
    out = console(err=True)
    if not out.is_terminal:
        yield Steps(None)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        yield Steps(bar)
