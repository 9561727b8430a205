"""How long planning may take: seconds on a clock turned into answers to «stop now?».

The clock decides only where the search ends. What it reached is counted in work, and work gives
the same plan again on any machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import define, field, frozen

from lull.plan import DEFAULT_WORK

UNLIMITED_WORK = 10**9
"""More search than any clock allows, where only seconds were given."""

BOUND_SHARE = 0.35
BOUND_MOST_SECONDS = 120.0
"""What the search leaves of the time for the bound: this share, but no more than this. Assumed;
the benchmark says whether it is enough."""

GRACE_SECONDS = 10.0
"""What the bound may still take once the user has asked for an end. Assumed: what a person who has
pressed Ctrl-C is willing to wait."""

Clock = Callable[[], float]


@frozen
class Effort:
    """How much to search: in work, in seconds, or both, whichever ends first.

    `work` counts units of search, `bound_work` steps of the bound; None is as much as there is to
    do, but neither work nor seconds is the work that a plan gets by default.
    """

    work: int | None = None
    seed: int = 0
    seconds: float | None = None
    bound_work: int | None = None

    @property
    def most_work(self) -> int:
        """The units of search that the planner is given."""
        if self.work is not None:
            return self.work
        return DEFAULT_WORK if self.seconds is None else UNLIMITED_WORK


@define(eq=False)
class Deadline:
    """Answers the planner's questions whether to stop, for one plan, and counts them.

    `asked` says whether the user wants an end. Time never cuts the first plan: there would be
    nothing that work could give again.
    """

    effort: Effort
    asked: Callable[[], bool]
    clock: Clock = time.monotonic
    bound_steps: int = field(init=False, default=0)
    bound_cut: bool = field(init=False, default=False)
    _began: float = field(init=False)
    _first_whole: bool = field(init=False, default=False)
    _asked_at: float | None = field(init=False, default=None)
    _bound_since: float | None = field(init=False, default=None)
    _bound_took: float = field(init=False, default=0.0)

    def __attrs_post_init__(self) -> None:
        self._began = self.clock()

    def first_plan_is_whole(self) -> None:
        """From now on there is something to stop at."""
        self._first_whole = True

    def stop_search(self) -> bool:
        """Whether the search has had its time, or is wanted to end."""
        self._bound_since = None
        if self.asked():
            return True
        limit = self.effort.seconds
        if limit is None or not self._first_whole:
            return False
        left_for_bound = max(0.0, bound_seconds(limit) - self._bound_took)
        return self._took() >= limit - left_for_bound

    def stop_bound(self) -> bool:
        """Whether the bound has had its time or its steps; once it has, it has."""
        now = self.clock()
        if self._bound_since is not None:
            self._bound_took += now - self._bound_since
        self._bound_since = now
        self.bound_cut = self.bound_cut or self._bound_is_over(now)
        self.bound_steps += not self.bound_cut
        return self.bound_cut

    def _bound_is_over(self, now: float) -> bool:
        most, limit = self.effort.bound_work, self.effort.seconds
        if self.asked():
            self._asked_at = now if self._asked_at is None else self._asked_at
            if now - self._asked_at >= GRACE_SECONDS:
                return True
        return (most is not None and self.bound_steps >= most) or (
            limit is not None and now - self._began >= limit
        )

    def _took(self) -> float:
        return self.clock() - self._began


def bound_seconds(limit: float) -> float:
    """What of a plan's seconds the search leaves for the bound."""
    return min(BOUND_SHARE * limit, BOUND_MOST_SECONDS)
