"""How far a job has come, told to those who wait for it: into its row, now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from lull.cli.console import console
from lull.cli.progress import Steps, counted
from lull.plan.progress import Standing

TELL_EVERY_SECONDS = 2.0
LONGEST_WORDS = 200


class Telling(Steps):
    """Takes steps and standings as a terminal's display does, and hands the last to `keep`.

    It is told at most every two seconds, and once more where a first standing comes.
    """

    def __init__(self, keep: Callable[[Mapping[str, Any]], None],
                 clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(console(err=True), live=True, clock=clock)
        self._keep, self._kept_at = keep, None

    _kept_at: float | None

    def step(self, what: str, done: float = 0, total: float = 0) -> None:
        """Take a step, and tell it if the last was told long enough ago."""
        super().step(what, done, total)
        self._perhaps()

    __call__ = step

    def standing(self, standing: Standing) -> None:
        """Take what the plan is worth by now; the first one is told at once."""
        first = self._standing is None
        super().standing(standing)
        self._perhaps(at_once=first)

    def _perhaps(self, *, at_once: bool = False) -> None:
        now = self._clock()
        if at_once or self._kept_at is None or now - self._kept_at >= TELL_EVERY_SECONDS:
            self._kept_at = now
            self._keep(self.so_far())

    def so_far(self) -> dict[str, Any]:
        """What it does, how much of it is done (a total of 0: not known), what it is worth."""
        tiers = counted(self._standing) if self._standing else []
        return {
            "what": self._what[:LONGEST_WORDS], "done": float(self._done),
            "total": float(self._total), "seconds": round(self._clock() - self._began, 1),
            "tiers": [{"name": t.name, "unit": t.unit, "value": float(t.value),
                       "bound": None if t.bound is None else float(t.bound), "gap": t.gap}
                      for t in tiers],
        }  # fmt: skip
