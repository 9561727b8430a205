"""Works bounds out again from saved prices: no solver, only sums and the dearest day.

Whatever the prices say, the value that follows from them bounds every plan; wrong or changed
prices can only make it higher. So a printed bound holds if it is no lower than that value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, field, frozen

from lull.domain.case import Case
from lull.domain.tiers import Tier, TierKind
from lull.plan.bound import Bounds, ceiling_of, round_ceiling
from lull.plan.ground import Ground
from lull.plan.program import Column
from lull.plan.proof.evidence import About, By, Evidence, Proof
from lull.plan.proof.lagrangian import Lagrangian
from lull.plan.proof.model import Model
from lull.plan.reach import Reach
from lull.plan.result import Ceiling, TierResult

NEAR = 1e-6
"""Share by which a value worked out on another machine may differ."""


@frozen
class Printed:
    """A bound as it stands in a result, and what its prices give again (None: nothing)."""

    what: str
    stated: float
    again: float | None

    @property
    def holds(self) -> bool:
        """Whether the stated bound is no lower than what follows from the prices."""
        return self.again is not None and self.again <= self.stated + NEAR * max(
            1.0, abs(self.stated))


class Foreign(ValueError):
    """Prices that name rows which this pause does not have."""


@define(eq=False)
class Recount:
    """The programmes of one case, built once, with the demands that evidence may name."""

    case: Case
    ground: Ground = field(init=False)
    _fluid: Bounds | None = field(init=False, default=None)
    _days: Lagrangian | None = field(init=False, default=None)
    _demands: dict[By, dict[int, float]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.ground = Ground(self.case)

    def value(self, evidence: Evidence) -> float:
        """What follows from one piece of evidence; raises Foreign for prices of another pause."""
        if evidence.by is By.FLUID:
            return self._by_flows(evidence)
        return self._by_days(evidence)

    def _objective(self, evidence: Evidence, tiers: Sequence[Mapping[Column, float]]
                   ) -> Mapping[Column, float]:
        if evidence.about is not About.TIER:
            return ceiling_of(self.ground, evidence.about)
        if evidence.tier is None or not 0 <= evidence.tier < len(tiers):
            raise Foreign(f"There is no tier number {evidence.tier}.")
        if any(not 0 <= i < evidence.tier for i, _ in evidence.demands):
            raise Foreign("A bound of a tier may rest on the tiers before it alone.")
        return tiers[evidence.tier]

    def _new(self, evidence: Evidence) -> list[tuple[int, float]]:
        """Demands that are not in the programme yet; one value for each tier."""
        known = self._demands.setdefault(evidence.by, {})
        found = []
        for tier, value in evidence.demands:
            if known.setdefault(tier, value) != value:
                raise Foreign(f"Two different values are demanded of tier {tier + 1}.")
            found.append((tier, value))
        return found

    def _by_flows(self, evidence: Evidence) -> float:
        if self._fluid is None:
            self._fluid = Bounds.of(self.ground)
        bounds, program = self._fluid, self._fluid.relaxation.program
        objective = self._objective(evidence, bounds.objectives)
        for tier, value in self._new(evidence):
            if f"tier {tier} reached" not in program.names:
                bounds.demand(tier, value)
        duals = _array(evidence.duals, program.names)
        gain = np.zeros(len(program.largest))
        for column, value in objective.items():
            if column in program.columns:
                gain[program.columns[column]] += value
        return program.value_at(gain, program.matrix(), duals)

    def _by_days(self, evidence: Evidence) -> float:
        if self._days is None:
            self._days = Lagrangian.of(Model.of(self.ground, Reach(self.ground)))
        model = self._days.model
        if not model.works:
            raise Foreign("Vehicles of this pause could drive rounds that take no time.")
        objective, before = self._objective(evidence, model.objectives), len(model.program.names)
        for tier, value in self._new(evidence):
            if f"tier {tier} reached" not in model.program.names:
                model.reach_value(tier, value)
        if len(model.program.names) != before:
            self._days = Lagrangian.of(model)
        duals = _array(evidence.duals, model.program.names)
        return self._days.value(self._days.gain(objective), duals)[0]


def _array(named: Mapping[str, float], names: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[
        np.float64]]:
    rows = {name: i for i, name in enumerate(names)}
    strange = [n for n in named if n not in rows]
    if strange:
        raise Foreign(f"{len(strange)} prices are of rows that this pause does not have, "
                      f"{strange[0]!r} for one.")
    found = np.zeros(len(names))
    for name, value in named.items():
        if not np.isfinite(value):
            raise Foreign(f"The price of {name!r} is no number.")
        found[rows[name]] = max(0.0, value)
    return found


def recount(
    case: Case, proof: Proof, values: Sequence[float], tiers: Sequence[TierResult],
    ceiling: Ceiling,
) -> tuple[Printed, ...]:
    """Every printed bound beside what its prices give again.

    `values` are what the plan is worth in each tier. Raises Foreign where the evidence does not
    belong to this case or plan.
    """
    if len(tiers) != len(case.pause.tiers):
        raise Foreign(f"{len(tiers)} tiers are stated; the pause has {len(case.pause.tiers)}.")
    for one in proof.evidence:
        for tier, value in one.demands:
            if not 0 <= tier < len(values) or value > values[tier] + NEAR * max(1.0, abs(value)):
                raise Foreign(
                    f"The bounds are for plans that reach {value:g} in tier {tier + 1}, and this "
                    f"plan reaches {values[tier] if tier < len(values) else 0.0:g}.")
    again = Recount(case)
    found: list[Printed] = []
    for i, (counted, stated) in enumerate(zip(case.pause.tiers, tiers, strict=True)):
        found += _of_tier(again, proof, i, counted, stated)
    worked = [_least(again, proof.of(a)) for a in (About.PERSONS, About.PATIENTS, About.TONNES)]
    rounded = round_ceiling(*(w or 0.0 for w in worked))
    for name, most in zip(("persons", "patients", "tonnes"), worked, strict=True):
        low = None if most is None else float(getattr(rounded, name))
        found.append(Printed(f"{name} that any plan can move", float(getattr(ceiling, name)), low))
    return tuple(found)


def _of_tier(
    again: Recount, proof: Proof, index: int, tier: Tier, stated: TierResult
) -> list[Printed]:
    if tier.kind is TierKind.SHORTER:
        return []
    found = []
    for bound, any_plan, over in (
        (stated.bound, False, "given the tiers before"), (stated.bound_any, True, "over all plans"),
    ):
        if bound is not None:
            worked = _least(again, proof.of(About.TIER, index, any_plan=any_plan))
            found.append(Printed(f"{tier.name}, {over}", bound, worked))
    return found


def _least(again: Recount, evidence: Sequence[Evidence]) -> float | None:
    return min((again.value(e) for e in evidence), default=None)
