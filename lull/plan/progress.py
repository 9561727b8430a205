"""What planning tells whoever waits: the step it is at, and what the plan is worth so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from attrs import define, field, frozen

from lull.domain.tiers import Tier, TierKind
from lull.plan.result import TierResult

Step = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and out of how much (0: not known)."""


@frozen
class Standing:
    """The best plan so far: each tier's value, with its bounds where they are known by now."""

    tiers: tuple[TierResult, ...]


@runtime_checkable
class Progress(Protocol):
    """Somebody who waits; both calls are cheap and change nothing in the plan."""

    def step(self, what: str, done: int, total: int) -> None:
        """`done` of `total` of `what` is behind us; a total of 0 is not known."""

    def standing(self, standing: Standing) -> None:
        """The plan so far is worth this; the first one comes with the first whole plan."""


@define(eq=False)
class Teller:
    """Tells a `Progress`, a plain callable that takes steps alone, or nobody.

    Calling it is telling of a step, so that it serves wherever a plain callable does.
    """

    to: Progress | Step | None = None
    last: Standing | None = field(init=False, default=None)

    def __call__(self, what: str, done: int, total: int) -> None:
        """Tell of a step."""
        if isinstance(self.to, Progress):
            self.to.step(what, done, total)
        elif self.to is not None:
            self.to(what, done, total)

    step = __call__

    def standing(self, tiers: Sequence[TierResult]) -> None:
        """Tell what the plan is worth; the same said twice is told once."""
        now = Standing(tuple(tiers))
        if now == self.last:
            return
        self.last = now
        if isinstance(self.to, Progress):
            self.to.standing(now)


def standing_of(
    tiers: Sequence[Tier],
    value: Sequence[float],
    bounds: Sequence[float | None] = (),
) -> tuple[TierResult, ...]:
    """The tiers of a plan that is still being made; `bounds` over all plans, where known.

    Until a bound under the earlier tiers is known, the bound over all plans stands for it.
    """
    known = (*bounds, *(None for _ in tiers))
    return tuple(
        TierResult(t.name, t.kind, t.unit, abs(v) if t.kind is TierKind.SHORTER else v, b, b)
        for t, v, b in zip(tiers, value, known, strict=False)
    )
