"""What planning gives: the plan, what it is worth, how far from the best, what limits it."""

from __future__ import annotations

from attrs import field, frozen

from lull.domain.plan import Plan
from lull.domain.tiers import TierKind
from lull.plan.proof.evidence import Proof


@frozen
class TierResult:
    """One tier's value beside what no plan can exceed.

    `bound` holds over all plans whose earlier tiers reach at least this plan's values; `bound_any`
    over all plans. None where no bound is computed (`shorter`). `one_load` is the value that one
    more full vehicle could add, so that a gap below it is as good as closed.
    """

    name: str
    kind: TierKind
    unit: str
    value: float
    bound: float | None
    bound_any: float | None
    one_load: float = 0.0

    @property
    def gap(self) -> float | None:
        """(bound − value) / bound; 0 where nothing can be gained; None without a bound."""
        if self.bound is None:
            return None
        if self.bound <= 1e-9:
            return 0.0
        return max(0.0, (self.bound - self.value) / self.bound)


@frozen
class LeftBehind:
    """People or goods that the plan does not move, and why, in words."""

    what: str
    place: str
    neighbourhood: str
    need: str
    number: int
    unit: str
    why: str


@frozen
class Limit:
    """Something used up: a checkpoint, a fleet, a site's bays.

    `share` is use over what there is, in the busiest half of the window; `whole_share` over the
    whole window.
    """

    kind: str
    name: str
    share: float
    whole_share: float
    sentence: str


@frozen
class Ceiling:
    """«No plan can move more than N», over all plans: persons, patients, tonnes."""

    persons: int
    patients: int
    tonnes: float


@frozen
class Result:
    """A plan with its proof and its limits.

    `refused` lists kinds of rules that the planner cannot plan for yet (then `plan` is empty);
    `too_short` is a sentence where the pause is too short to be of use, with
    `shortest_useful` minutes (None where no length helps). `interrupted`: the search was
    stopped and this is the best so far. `repeatable`: the plan's work and seed give it again,
    which they do not where the first plan was cut off. `proof`: what the
    bounds rest on.
    """

    plan: Plan
    tiers: tuple[TierResult, ...] = ()
    ceiling: Ceiling = Ceiling(0, 0, 0.0)
    left: tuple[LeftBehind, ...] = ()
    limits: tuple[Limit, ...] = ()
    refused: tuple[str, ...] = ()
    not_in_bound: tuple[str, ...] = ()
    too_short: str = ""
    shortest_useful: int | None = None
    interrupted: bool = False
    repeatable: bool = True
    proof: Proof = field(factory=Proof)
