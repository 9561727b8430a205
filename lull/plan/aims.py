"""What one more person or unit is worth in each tier, given what is already planned."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from attrs import define, frozen

from lull.domain.case import Case
from lull.domain.people import Group
from lull.domain.supplies import Demand
from lull.domain.tiers import TierKind
from lull.domain.worth import counted_in_patients, counts_in, heads, line_tonnes, line_weight

Value = tuple[float, ...]
"""One figure a tier, in the order of the tiers; compared first to last."""

Cell = tuple[int, str, str]
"""A tier, a neighbourhood and a need: where a share served is counted."""


@frozen
class Counted:
    """How a group counts in one tier."""

    tier: int
    cell: Cell
    weight: float
    patients: bool


@define(eq=False)
class Aims:
    """Tables of the tiers over one case."""

    case: Case

    @cached_property
    def tiers(self) -> int:
        """How many tiers there are."""
        return len(self.case.pause.tiers)

    @cached_property
    def nothing(self) -> Value:
        """No gain in any tier."""
        return (0.0,) * self.tiers

    @cached_property
    def counted(self) -> dict[str, tuple[Counted, ...]]:
        """Group id to how it counts in each tier."""
        return {g.id: tuple(self._counted(g)) for g in self.case.groups.values()}

    def _counted(self, group: Group) -> list[Counted]:
        place = self.case.neighbourhood_of(group)
        found = []
        for i, tier in enumerate(self.case.pause.tiers):
            weight = counts_in(tier, group)
            if weight > 0 and heads(tier, group) > 0:
                cell = (i, place, group.need.value)
                found.append(Counted(i, cell, weight, counted_in_patients(tier)))
        return found

    @cached_property
    def wishing(self) -> dict[Cell, int]:
        """Heads that count in each cell."""
        total: dict[Cell, int] = defaultdict(int)
        for group in self.case.groups.values():
            for counted in self.counted[group.id]:
                total[counted.cell] += heads(self.case.pause.tiers[counted.tier], group)
        return dict(total)

    def people(self, group: str, persons: int, patients: int, served: dict[Cell, int]) -> Value:
        """Gain in each tier of serving persons of a group; `served` by cell is not changed."""
        gain = [0.0] * self.tiers
        for counted in self.counted[group]:
            more = patients if counted.patients else persons
            if more <= 0:
                continue
            all_of_them = self.wishing[counted.cell]
            concave = self.case.pause.tiers[counted.tier].concave
            before = served.get(counted.cell, 0)
            after = min(all_of_them, before + more)
            step = concave.of(after / all_of_them) - concave.of(before / all_of_them)
            gain[counted.tier] += counted.weight * all_of_them * step
        return tuple(gain)

    def goods(self, line: Demand, units: int, delivered: int) -> Value:
        """Gain in each tier of delivering units to a line that has had `delivered`."""
        gain = [0.0] * self.tiers
        for i, tier in enumerate(self.case.pause.tiers):
            tonnes = line_tonnes(self.case, tier, line)
            if tier.kind not in (TierKind.SUPPLIES, TierKind.SUPPLIES_MINIMUM) or tonnes <= 0:
                continue
            shares = []
            for got in (delivered, delivered + units):
                if tier.kind is TierKind.SUPPLIES_MINIMUM:
                    shares.append(min(got, line.minimum) / line.minimum)
                else:
                    over = max(0, min(got, line.units) - line.minimum)
                    shares.append(over / (line.units - line.minimum))
            step = tier.concave.of(shares[1]) - tier.concave.of(shares[0])
            gain[i] += line_weight(line) * tonnes * step
        return tuple(gain)


def add(a: Value, b: Value) -> Value:
    """Tier by tier."""
    return tuple(x + y for x, y in zip(a, b, strict=True))


def better(a: Value, b: Value, tolerance: float = 1e-6) -> bool:
    """Whether `a` comes before `b`: the first tier that differs decides."""
    for x, y in zip(a, b, strict=True):
        if abs(x - y) > tolerance:
            return x > y
    return False


def scalar(value: Value) -> float:
    """One figure for ranking candidates: each tier counts a thousandth of the one before."""
    return float(sum(x * 1000.0**-i for i, x in enumerate(value)))
