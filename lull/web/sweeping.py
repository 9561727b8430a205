"""When the server looks for garbage: often through what is new, seldom through all it has.

Left to itself Python goes through everything in memory whenever that has grown by a quarter. With
fifty who have a ledger open this stopped every answer for a fifth of a second, some times a minute
(`bench.writes`: one write in a hundred took 143 ms; with this, 12 ms). So what has been looked at
is set apart (`gc.freeze`, https://docs.python.org/3/library/gc.html), and only what is new since is
looked through, until all of it has its turn again. Nearly everything is let go of without this, as
soon as nobody has it; what goes in circles waits for its turn.
"""

from __future__ import annotations

import gc
from collections.abc import Callable

from attrs import define, field

SWEEP_SECONDS = 10.0
"""How often what is new is looked through; assumed: at fifty writes a second some 40 ms."""

WHOLE_SECONDS = 600.0
"""How often everything is; what goes in circles and was set apart may stay for so long. Assumed."""

YOUNG, MIDDLE, NEVER = 50_000, 20, 1_000_000
"""New objects after which Python looks through the newest by itself, how many times before the next
age is looked through too, and the same for the last age."""


@define
class Sweeper:
    """Looks for garbage when told that time has passed; `now` is a clock in seconds."""

    now: Callable[[], float]
    _swept: float = field(init=False, default=0.0)
    _whole: float = field(init=False, default=0.0)

    def begin(self) -> None:
        """Set all apart that a server has once it has started, and look seldom from now on."""
        gc.set_threshold(YOUNG, MIDDLE, NEVER)
        self._all()

    def turn(self) -> None:
        """Look through what it is time for; to be called every second or so."""
        now = self.now()
        if now - self._whole >= WHOLE_SECONDS:
            self._all()
        elif now - self._swept >= SWEEP_SECONDS:
            self._new()

    def _all(self) -> None:
        gc.unfreeze()
        self._new()
        self._whole = self._swept

    def _new(self) -> None:
        gc.collect()
        gc.freeze()
        self._swept = self.now()
