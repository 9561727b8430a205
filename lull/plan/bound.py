"""The bound of each tier, over all plans and over plans as good in the tiers before."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field

from lull.domain.fleet import Use
from lull.domain.people import Need
from lull.domain.tiers import Tier, TierKind
from lull.domain.worth import counted_in_patients, line_tonnes, line_weight
from lull.plan.aims import Aims, Value
from lull.plan.ground import Ground
from lull.plan.packing import seats_planned
from lull.plan.program import Column
from lull.plan.relaxation import Relaxation
from lull.plan.result import Ceiling, TierResult

SLACK = 1e-7
"""Share by which a value already reached is lowered before it is demanded of the programme."""


@define(eq=False)
class Bounds:
    """A relaxation with the objective of each tier; the order of calls does not matter."""

    ground: Ground
    aims: Aims
    relaxation: Relaxation
    objectives: list[dict[Column, float]] = field(factory=list)

    @classmethod
    def of(cls, ground: Ground) -> Bounds:
        """Build rows and objectives."""
        made = cls(ground, Aims(ground.case), Relaxation.of(ground))
        for i, tier in enumerate(ground.case.pause.tiers):
            made.objectives.append(made._objective(i, tier))
        return made

    def _objective(self, index: int, tier: Tier) -> dict[Column, float]:
        if tier.kind is TierKind.SHORTER:
            return {}
        if tier.kind is TierKind.PEOPLE:
            return self._people(index, tier)
        return self._supplies(index, tier)

    def _people(self, index: int, tier: Tier) -> dict[Column, float]:
        p, gain = self.relaxation.program, {}
        heads: dict[Column, list[tuple[Column, float]]] = {}
        weight: dict[Column, float] = {}
        what = "patients" if counted_in_patients(tier) else "persons"
        for group in self.ground.case.groups.values():
            for counted in self.aims.counted[group.id]:
                if counted.tier == index:
                    heads.setdefault(counted.cell, []).append(((what, group.id), -1.0))
                    weight[counted.cell] = counted.weight
        for cell, terms in heads.items():
            total = self.aims.wishing[cell]  # type: ignore[index]
            parts: list[tuple[Column, float]] = []
            for n, (width, slope) in enumerate(tier.concave.segments):
                column = p.column(("share", cell, n), width * total)
                gain[column] = weight[cell] * slope
                parts.append((column, 1.0))
            p.at_most(f"share of {cell}", [*parts, *terms], 0.0)
        return gain

    def _supplies(self, index: int, tier: Tier) -> dict[Column, float]:
        p, case, gain = self.relaxation.program, self.ground.case, {}
        for n, line in enumerate(case.demands):
            tonnes = line_tonnes(case, tier, line)
            if tonnes <= 0:
                continue
            minimum = tier.kind is TierKind.SUPPLIES_MINIMUM
            units = line.minimum if minimum else line.units - line.minimum
            for k, (width, slope) in enumerate(tier.concave.segments):
                column = p.column(("line", index, n, k), width * units)
                gain[column] = line_weight(line) * slope * tonnes / units
        for n in range(len(case.demands)):
            parts = [(c, 1.0) for c in p.columns
                     if isinstance(c, tuple) and c[0] == "line" and c[2] == n and c[1] == index]
            if parts:
                p.at_most(f"line {n} in tier {index}", [*parts, (("units", n), -1.0)], 0.0)
        return gain

    def share_lines(self) -> None:
        """A unit counts towards the minimum or beyond it, not both."""
        p = self.relaxation.program
        by_line: dict[int, list[tuple[Column, float]]] = {}
        for column in p.columns:
            if isinstance(column, tuple) and column[0] == "line":
                by_line.setdefault(column[2], []).append((column, 1.0))
        for n, parts in by_line.items():
            p.at_most(f"line {n}", [*parts, (("units", n), -1.0)], 0.0)

    def unconditional(self, index: int) -> float | None:
        """What no plan can exceed in a tier."""
        found = self.relaxation.program.best(self.objectives[index])
        return None if found is None else found[0]

    def demand(self, index: int, value: float) -> None:
        """From now on only plans that reach a value in a tier are looked at."""
        terms = [(c, -v) for c, v in self.objectives[index].items()]
        limit = -(value - SLACK * max(1.0, abs(value)))
        self.relaxation.program.at_most(f"tier {index} reached", terms, limit)

    def ceiling(self) -> Ceiling:
        """Most persons, patients and tonnes that any plan can move."""
        case, p = self.ground.case, self.relaxation.program
        persons = p.best({("persons", g.id): 1.0 for g in case.groups.values()})
        patients = p.best({("patients", g.id): 1.0 for g in case.groups.values()})
        tonnes = p.best({("units", n): case.items[d.item].kg / 1000.0
                         for n, d in enumerate(case.demands)})
        return Ceiling(
            int((persons or (0.0,))[0] + 1e-6),
            int((patients or (0.0,))[0] + 1e-6),
            round((tonnes or (0.0,))[0], 3),
        )


def tier_results(
    ground: Ground,
    value: Value,
    report: Callable[[str, int, int], None],
    stop: Callable[[], bool] = lambda: False,
) -> tuple[tuple[TierResult, ...], Ceiling]:
    """Each tier's value with its bounds, and what no plan can exceed in heads and tonnes.

    Once `stop()` is true the tiers that remain get the bound over all plans, which holds for
    plans as good as this one too.
    """
    bounds = Bounds.of(ground)
    bounds.share_lines()
    tiers = ground.case.pause.tiers
    total = 2 * len(tiers) + 1
    ceiling = bounds.ceiling()
    report("bound", 1, total)
    overall = []
    for i in range(len(tiers)):
        overall.append(bounds.unconditional(i) if bounds.objectives[i] else None)
        report("bound", 2 + i, total)
    results = []
    for i, tier in enumerate(tiers):
        if tier.kind is TierKind.SHORTER:
            results.append(TierResult(tier.name, tier.kind, tier.unit, abs(value[i]), None, None))
            continue
        if not bounds.objectives[i]:
            results.append(TierResult(tier.name, tier.kind, tier.unit, value[i], 0.0, 0.0))
            continue
        bound = bounds.unconditional(i) if i and not stop() else overall[i]
        any_plan = overall[i]
        if bound is not None and any_plan is not None:
            bound = min(bound, any_plan)
        results.append(
            TierResult(tier.name, tier.kind, tier.unit, value[i], bound, any_plan,
                       one_load(ground, tier))
        )
        bounds.demand(i, value[i])
        report("bound", 2 + len(tiers) + i, total)
    return tuple(results), ceiling


def one_load(ground: Ground, tier: Tier) -> float:
    """The most that one more full vehicle could add to a tier."""
    best = 0.0
    for kind in ground.case.fleet.values():
        if tier.kind is TierKind.PEOPLE:
            lying = max((w for n, w in (tier.weights or {}).items()
                         if n in (Need.CRITICAL, Need.STRETCHER)), default=0.0)
            sitting = max((w for n, w in (tier.weights or {}).items()
                           if n not in (Need.CRITICAL, Need.STRETCHER)), default=0.0)
            load = kind.stretchers * lying if Use.WOUNDED in kind.uses else 0.0
            if not counted_in_patients(tier) and kind.uses & {Use.PASSENGERS, Use.FIGHTERS}:
                load += seats_planned(ground.case, kind) * sitting
            best = max(best, load)
        elif Use.AID in kind.uses:
            best = max(best, kind.payload_t)
    return best * tier.concave.weights[0]
