"""The bound of each tier, over all plans and over plans as good in the tiers before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import define, field

from lull.domain.tiers import TierKind
from lull.plan.aims import Aims, Value
from lull.plan.ground import Ground
from lull.plan.program import Column
from lull.plan.proof.evidence import About, By, Evidence, Found, Proof
from lull.plan.proof.objectives import SLACK, demand, objectives
from lull.plan.relaxation import Relaxation
from lull.plan.result import Ceiling, TierResult
from lull.plan.weighing import one_load

Report = Callable[[str, int, int], None]
Stop = Callable[[], bool]

TIER_STEPS = 25
"""Steps of the search for prices at most for a tier, given those before it."""

LATER_STEPS = 8
"""The same from the fifth tier on: little is left for them, and little hangs on their bound."""

ANY_STEPS = 12
"""The same over all plans, and for what no plan can move in heads and tonnes."""

CLOSED = 1e-4
"""Share by which a bound may lie above a value and count as reached."""

HEADS = {About.PERSONS: "persons", About.PATIENTS: "patients"}


def ceiling_of(ground: Ground, about: About) -> dict[Column, float]:
    """The objective of a ceiling: heads, or tonnes."""
    case = ground.case
    if about is About.TONNES:
        return {("units", n): case.items[d.item].kg / 1000.0 for n, d in enumerate(case.demands)}
    return {(HEADS[about], g.id): 1.0 for g in case.groups.values()}


@define(eq=False)
class Bounds:
    """The fluid relaxation with the objective of each tier."""

    ground: Ground
    aims: Aims
    relaxation: Relaxation
    objectives: list[dict[Column, float]] = field(factory=list)

    @classmethod
    def of(cls, ground: Ground) -> Bounds:
        """Build rows and objectives."""
        made = cls(ground, Aims(ground.case), Relaxation.of(ground))
        made.objectives = objectives(made.relaxation.program, made.aims)
        return made

    def best(self, objective: Mapping[Column, float]) -> tuple[float, dict[str, float]] | None:
        """The bound of an objective under the demands so far, and its prices by row name."""
        program = self.relaxation.program
        found = program.best(objective)
        if found is None:
            return None
        value, duals = found
        return value, {n: float(d) for n, d in zip(program.names, duals, strict=True) if d > 0}

    def unconditional(self, index: int) -> float | None:
        """What no plan can exceed in a tier (that reaches what has been demanded so far)."""
        found = self.best(self.objectives[index])
        return None if found is None else found[0]

    def demand(self, index: int, value: float) -> None:
        """From now on only plans that reach a value in a tier are looked at."""
        demand(self.relaxation.program, index, self.objectives[index], value)

    def ceiling(self) -> Ceiling:
        """Most persons, patients and tonnes that any plan can move."""
        most = [self.best(ceiling_of(self.ground, a)) or (0.0, {})
                for a in (About.PERSONS, About.PATIENTS, About.TONNES)]
        return round_ceiling(*(value for value, _ in most))


def round_ceiling(persons: float, patients: float, tonnes: float) -> Ceiling:
    """What no plan exceeds, in whole heads and kilograms."""
    return Ceiling(int(persons + 1e-6), int(patients + 1e-6), round(tonnes, 3))


def tier_results(
    ground: Ground, value: Value, report: Report, stop: Stop = lambda: False, *,
    heads_only: bool = False,
) -> tuple[tuple[TierResult, ...], Ceiling, Proof]:
    """Each tier's value with its bounds, what no plan can exceed in heads and tonnes, and why.

    Once `stop()` is true the bounds stay as good as they are by then. With `heads_only` no tier is
    bounded.
    """
    proof = Proven(ground, value, report, stop, heads_only=heads_only).all()
    results = []
    for i, tier in enumerate(ground.case.pause.tiers):
        if tier.kind is TierKind.SHORTER:
            results.append(TierResult(tier.name, tier.kind, tier.unit, abs(value[i]), None, None))
            continue
        over_all, bound = (_least(proof.of(About.TIER, i, any_plan=a)) for a in (True, False))
        results.append(TierResult(tier.name, tier.kind, tier.unit, value[i], bound, over_all,
                                  one_load(ground.case, tier) if over_all else 0.0))
    heads = [_least(proof.of(a)) or 0.0 for a in (About.PERSONS, About.PATIENTS, About.TONNES)]
    return tuple(results), round_ceiling(*heads), proof


def _pair(found: Found | None) -> tuple[float, Mapping[str, float]] | None:
    return None if found is None else (found.value, found.duals)


def _least(evidence: tuple[Evidence, ...]) -> float | None:
    return min((e.value for e in evidence), default=None)


@define(eq=False)
class Proven:
    """The work of bounding: first the fluid programme, then vehicle days over the clock."""

    ground: Ground
    value: Value
    report: Report
    stop: Stop
    found: list[Evidence] = field(factory=list)
    done: int = 0
    heads_only: bool = False

    def all(self) -> Proof:
        """Every bound, as low as the steps allow."""
        self._fluid()
        if not self.stop():
            self._days()
        return Proof(self._lowest())

    @property
    def tiers(self) -> list[int]:
        """Tiers that are bounded."""
        kinds = enumerate(self.ground.case.pause.tiers)
        return [i for i, t in kinds if t.kind is not TierKind.SHORTER and not self.heads_only]

    def _note(self, about: About, tier: int | None, demands: tuple[tuple[int, float], ...],
              by: By, found: tuple[float, Mapping[str, float]] | None) -> None:
        self.done += 1
        self.report("bound", self.done, 4 * len(self.tiers) + 6)
        if found is not None:
            self.found.append(Evidence(about, tier, demands, by, found[0], dict(found[1])))

    def _before(self, tier: int) -> tuple[tuple[int, float], ...]:
        return tuple((i, self.value[i]) for i in self.tiers if i < tier and self.objective[i])

    def _fluid(self) -> None:
        bounds = Bounds.of(self.ground)
        self.objective = bounds.objectives
        for about in (About.PERSONS, About.PATIENTS, About.TONNES):
            self._note(about, None, (), By.FLUID, bounds.best(ceiling_of(self.ground, about)))
        for i in self.tiers:
            self._note(About.TIER, i, (), By.FLUID, bounds.best(bounds.objectives[i]))
        for i in self.tiers:
            before = self._before(i)
            if before and bounds.objectives[i] and not self.stop():
                self._note(About.TIER, i, before, By.FLUID, bounds.best(bounds.objectives[i]))
            if bounds.objectives[i]:
                bounds.demand(i, self.value[i])

    objective: list[dict[Column, float]] = field(init=False, factory=list)

    def _days(self) -> None:
        from lull.plan.proof.generate import Generator  # noqa: PLC0415 - brings the solver

        generator = Generator.of(self.ground)
        if generator is None:
            return
        names: list[str] = []
        for i in self.tiers:
            objective, before = generator.model.objectives[i], self._before(i)
            if objective and not self._closed(About.TIER, i, self.value[i]):
                found = generator.bound(
                    objective, names, steps=TIER_STEPS if len(before) < 4 else LATER_STEPS,
                    enough=self._reached(i),
                    known=self._known(About.TIER, i, before),
                    hint=self._hint(About.TIER, i, before), stop=self.stop)
                self._note(About.TIER, i, before, By.DAYS, _pair(found))
            if objective:
                names = [*names, generator.demand(i, self.value[i])]
        for i in self.tiers:
            if self._before(i) and not self._closed(About.TIER, i, self.value[i], any_plan=True):
                found = generator.bound(
                    generator.model.objectives[i], [], steps=ANY_STEPS,
                    known=self._known(About.TIER, i), hint=self._hint(About.TIER, i),
                    stop=self.stop)
                self._note(About.TIER, i, (), By.DAYS, _pair(found))
        for about in (About.PERSONS, About.PATIENTS, About.TONNES):
            found = generator.bound(
                ceiling_of(self.ground, about), [], steps=ANY_STEPS,
                known=self._known(about), hint=self._hint(about), stop=self.stop)
            self._note(about, None, (), By.DAYS, _pair(found))

    def _hint(self, about: About, tier: int | None = None,
              demands: tuple[tuple[int, float], ...] = ()) -> Mapping[str, float]:
        key = (about, tier, demands, By.FLUID)
        return next((e.duals for e in self.found
                     if (e.about, e.tier, e.demands, e.by) == key), {})

    def _known(self, about: About, tier: int | None = None,
               demands: tuple[tuple[int, float], ...] = ()) -> float:
        key = (about, tier, demands)
        return min((e.value for e in self.found if (e.about, e.tier, e.demands) == key),
                   default=float("inf"))

    def _reached(self, tier: int) -> float:
        return self.value[tier] + CLOSED * max(1.0, abs(self.value[tier]))

    def _closed(self, about: About, tier: int, value: float, *, any_plan: bool = False) -> bool:
        known = Proof(tuple(self.found)).of(about, tier, any_plan=any_plan)
        least = _least(known)
        return least is not None and least <= self._reached(tier)

    def _lowest(self) -> tuple[Evidence, ...]:
        """Of the evidence for the same claim, the lowest."""
        best: dict[object, Evidence] = {}
        for one in self.found:
            key = (one.about, one.tier, one.demands)
            if key not in best or one.value < best[key].value:
                best[key] = one
        return tuple(best.values())


__all__ = ["SLACK", "Bounds", "Proven", "ceiling_of", "tier_results"]
