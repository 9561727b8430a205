"""Says how far a long piece of work has come, and how good it is by now, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from lull.cli.console import console, figure, table
from lull.domain.tiers import TierKind
from lull.plan.progress import Standing
from lull.plan.result import TierResult

QUIET_SECONDS = 5.0
"""Where standard error is no terminal, one line at most this often."""

TIMES_A_SECOND = 4
"""How often a terminal is drawn anew."""

BAR = 30


class Steps:
    """Takes `(what, done, total)` and standings, and shows them.

    On a terminal it is a display that is drawn anew a few times a second, else a plain line now
    and then. `total` may be 0 while it is not known. Telling it is cheap enough for an inner loop.
    """

    def __init__(
        self,
        out: Console,
        *,
        live: bool,
        limit: float | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._out, self._live, self._limit, self._clock = out, live, limit, clock
        self._began = clock()
        self._said: float | None = None
        self._what, self._done, self._total = "", 0.0, 0.0
        self._standing: Standing | None = None
        self._told: Standing | None = None
        self._at_once: set[str] = set()

    def step(self, what: str, done: float = 0, total: float = 0) -> None:
        """Report that `done` of `total` of `what` is behind us."""
        self._what, self._done, self._total = what, done, total
        self._line()

    __call__ = step

    def standing(self, standing: Standing) -> None:
        """Report what the plan is worth by now."""
        self._standing = standing
        self._line()

    def _line(self) -> None:
        """A plain line, unless one was said a moment ago."""
        if self._live:
            return
        now = self._clock()
        if self._said is not None and now - self._said < QUIET_SECONDS:
            return
        parts = [self._status(now)]
        if self._standing is not None and self._standing != self._told:
            parts += [in_words(tier) for tier in counted(self._standing)]
            self._told = self._standing
        self._out.print("; ".join(parts), soft_wrap=True)
        self._said = now

    def at_once(self, what: str) -> None:
        """Report what takes long and tells nothing meanwhile: the first time without delay."""
        if what not in self._at_once:
            self._at_once.add(what)
            self._said = None
        self.step(what)

    def another_plan(self) -> None:
        """What was worth telling of the plan before is not told of the next one."""
        self._standing = None

    def no_limit(self) -> None:
        """What comes from now on has no limit of seconds."""
        self._limit = None

    def _status(self, now: float) -> str:
        done = ""
        if self._total:
            done = f", {figure(int(self._done))} of {figure(int(self._total))}"
        elif self._done:
            done = f", {figure(int(self._done))} done"
        return f"{self._what or 'planning'}{done}, {self._seconds(now)}"

    def _seconds(self, now: float) -> str:
        of = "" if self._limit is None else f" of {self._limit:g}"
        return f"{now - self._began:.0f}{of} s"

    def picture(self) -> RenderableType:
        """What a terminal shows: the tiers of the best plan so far over the step it is at."""
        status = Text(self._status(self._clock()), overflow="ellipsis", no_wrap=True)
        parts: list[RenderableType] = []
        if self._standing is not None:
            parts.append(tiers_so_far(counted(self._standing), self._out.width))
        parts.append(status)
        if self._total:
            parts.append(ProgressBar(total=self._total, completed=self._done, width=BAR))
        return Group(*parts)


def counted(standing: Standing) -> list[TierResult]:
    """The tiers that have something to be compared with: all but the one that counts minutes."""
    return [tier for tier in standing.tiers if tier.kind is not TierKind.SHORTER]


def tiers_so_far(tiers: list[TierResult], room: int) -> Table:
    """A table of what is reached by now, and of what no plan exceeds."""
    rows = [
        (t.name, figure(float(t.value)), figure(t.bound), gap_in_words(t), t.unit) for t in tiers
    ]
    head = ("aim", "so far", "at most", "gap", "in")
    return table(head, rows, right=head[1:3], room=room)


def in_words(tier: TierResult) -> str:
    """One tier in a few words: `lives 640.0 of at most 650.0 (1.5 %)`."""
    if tier.bound is None:
        return f"{tier.name} {figure(float(tier.value))}"
    most = f"of at most {figure(float(tier.bound))}"
    return f"{tier.name} {figure(float(tier.value))} {most} ({gap_in_words(tier)})"


def gap_in_words(tier: TierResult) -> str:
    """How far a tier is from its bound; empty while no bound is known."""
    if tier.bound is None or tier.gap is None:
        return ""
    missing = tier.bound - tier.value
    if missing <= 1e-6 * max(1.0, tier.bound):
        return "none"
    share = f"{100 * tier.gap:.1f} %"
    return f"{share}, under one load" if missing < tier.one_load - 1e-9 else share


@contextmanager
def steps(*, quiet: bool = False, limit: float | None = None) -> Iterator[Steps | None]:
    """A `Steps` for the length of a piece of work; None where the user wants silence.

    `limit`: the seconds that the work may take, if there is a limit.
    """
    if quiet:
        yield None
        return
    out = console(err=True)
    live = sys.stderr.isatty() and not out.is_dumb_terminal
    shown = Steps(out, live=live, limit=limit)
    if not live:
        yield shown
        return
    with Live(
        get_renderable=shown.picture,
        console=out,
        transient=True,
        refresh_per_second=TIMES_A_SECOND,
        redirect_stdout=False,
        vertical_overflow="crop",
    ):
        yield shown
