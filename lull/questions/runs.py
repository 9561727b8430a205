"""Runs of one plan that several parts of an answer need, all on the same numbers of chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import define, frozen

from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.questions.days import NamedPolicy
from lull.simulate import (
    Band,
    Executor,
    Likelihood,
    Split,
    Uncertainty,
    margins,
    margins_split,
    simulate,
)
from lull.simulate.margins import Margin

Told = Callable[[str, int, int], None]
"""Told (what, done, of how many)."""


def silent(_what: str, _done: int, _total: int) -> None:
    """Nobody is told."""


@frozen
class Tried:
    """Another policy on the same days: how often anyone is caught, who arrives, and the corridors
    for which a margin would then be enough."""

    day: NamedPolicy
    caught: Likelihood
    arrived: Band
    margins: tuple[Margin, ...]


@define(eq=False)
class Ran:
    """A plan with what it is simulated under: runs what several parts of the answer need."""

    case: Case
    plan: Plan
    uncertainty: Uncertainty
    seed: int
    executor: Executor | None
    progress: Told

    def tells(self, what: str) -> Callable[[int, int], None]:
        """Progress of one run under its name."""
        return lambda done, most: self.progress(what, done, most)

    def margins(
        self, day: NamedPolicy, replications: int, limit: float,
        uncertainty: Uncertainty | None = None,
    ) -> tuple[Margin, ...]:
        """The margins under a policy."""
        return margins(
            self.case, self.plan, uncertainty or self.uncertainty, day.policy,
            replications=replications, seed=self.seed, limit=limit, executor=self.executor,
            progress=self.tells("how late each corridor is cleared"))

    def split(self, day: NamedPolicy, replications: int, limit: float
              ) -> tuple[tuple[Margin, ...], tuple[Split, ...]]:
        """The margins under a policy, and what of them delays alone need."""
        return margins_split(
            self.case, self.plan, self.uncertainty, day.policy, replications=replications,
            seed=self.seed, limit=limit, executor=self.executor,
            progress=self.tells("how late each corridor is cleared"))

    def tried(self, other: NamedPolicy, replications: int, limit: float) -> Tried:
        """Another policy on the same days."""
        outcome = simulate(
            self.case, self.plan, self.uncertainty, other.policy, replications=replications,
            seed=self.seed, executor=self.executor,
            progress=self.tells(f"the same days with the policy «{other.name}»"))
        return Tried(other, outcome.anyone_caught(), outcome.band("arrived"),
                     self.margins(other, replications, limit))


def helping(tried: Sequence[Tried], corridor: str) -> Tried | None:
    """The first other policy under which a margin is enough for a corridor."""
    for other in tried:
        if any(m.corridor == corridor and m.extra is not None for m in other.margins):
            return other
    return None
