"""What one more person or unit is worth in each tier, given what is already planned."""

from __future__ import annotations

import math
from collections import defaultdict
from functools import cached_property

from attrs import define, frozen

from lull.domain.case import Case
from lull.domain.people import Group
from lull.domain.supplies import Demand
from lull.domain.tiers import TierKind
from lull.domain.worth import (
    counted_in_patients,
    counts_in,
    heads,
    line_value,
    shared_out,
)

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


@frozen
class Stretch:
    """Units that are worth the same each; `order` is minus the gain a kilogram, for ranking."""

    units: int
    gain: Value
    order: Value


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

    @cached_property
    def _lines(self) -> dict[tuple[str, str], list[Demand]]:
        found: dict[tuple[str, str], list[Demand]] = defaultdict(list)
        for line in self.case.demands:
            found[line.item, line.site].append(line)
        return dict(found)

    @cached_property
    def needed(self) -> dict[str, tuple[str, ...]]:
        """Item to the sites where it is needed."""
        found: dict[str, list[str]] = defaultdict(list)
        for item, site in self._lines:
            found[item].append(site)
        return {item: tuple(sites) for item, sites in found.items()}

    @cached_property
    def stores(self) -> dict[str, tuple[str, ...]]:
        """Item to the sites where it stands in stock."""
        return {item: tuple(dict.fromkeys(s.site for s in self.case.stocks if s.item == item))
                for item in {s.item for s in self.case.stocks}}

    @cached_property
    def _sums(self) -> dict[tuple[str, str], tuple[int, int]]:
        return {key: (sum(x.minimum for x in lines), sum(x.units for x in lines))
                for key, lines in self._lines.items()}

    def minimum(self, item: str, site: str) -> int:
        """The survival minimum of an item at a site, all lines together."""
        return self._sums.get((item, site), (0, 0))[0]

    def wanted(self, item: str, site: str) -> int:
        """Units of an item needed at a site, all lines together."""
        return self._sums.get((item, site), (0, 0))[1]

    @cached_property
    def _asked(self) -> dict[str, tuple[tuple[str, int], ...]]:
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for (item, site), lines in sorted(self._lines.items()):
            found[site].append((item, min(line.priority for line in lines)))
        return {site: tuple(items) for site, items in found.items()}

    def asked_at(self, site: str) -> tuple[tuple[str, int], ...]:
        """Items needed at a site, each with its first priority there."""
        return self._asked.get(site, ())

    def lines(self, item: str, site: str) -> list[Demand]:
        """The lines of need for an item at a site."""
        return self._lines.get((item, site), [])

    @cached_property
    def _worth(self) -> dict[tuple[str, str, int], Value]:
        return {}

    def worth_of(self, item: str, site: str, units: int) -> Value:
        """What units of an item are worth at a site in each tier, shared among its lines."""
        key = (item, site, units)
        found = self._worth.get(key)
        if found is None:
            lines = self.lines(item, site)
            shared = list(zip(lines, shared_out(lines, units), strict=True))
            found = tuple(
                sum(line_value(self.case, tier, line, many) for line, many in shared)
                for tier in self.case.pause.tiers
            )
            self._worth[key] = found
        return found

    def goods(self, item: str, site: str, units: int, delivered: int) -> Value:
        """Gain in each tier of delivering units to a site that has had `delivered`."""
        before = self.worth_of(item, site, delivered)
        after = self.worth_of(item, site, delivered + units)
        return tuple(y - x for x, y in zip(before, after, strict=True))

    @cached_property
    def _next(self) -> dict[tuple[str, str, int], Stretch | None]:
        return {}

    def next_stretch(self, item: str, site: str, had: int) -> Stretch | None:
        """The next units of an item at a site that are worth anything, after those it has had."""
        key = (item, site, had)
        if key not in self._next:
            self._next[key] = next(
                (found for end in self.steps(item, site) if end > had
                 for found in (self.stretch(item, site, had, end - had),)
                 if any(x > 1e-9 for x in found.gain)), None)
        return self._next[key]

    def stretch(self, item: str, site: str, had: int, units: int) -> Stretch:
        """So many units more, and what they are worth."""
        gain, kg = self.goods(item, site, units, had), units * self.case.items[item].kg
        return Stretch(units, gain, tuple(-round(x / kg, 9) for x in gain))

    @cached_property
    def _steps(self) -> dict[tuple[str, str], tuple[int, ...]]:
        return {key: tuple(self._ends(lines)) for key, lines in self._lines.items()}

    def steps(self, item: str, site: str) -> tuple[int, ...]:
        """Units delivered, rising, at which a further unit at a site becomes worth less."""
        return self._steps.get((item, site), ())

    def _ends(self, lines: list[Demand]) -> list[int]:
        found, so_far = set(), 0
        tiers = self.case.pause.tiers
        for kind in (TierKind.SUPPLIES_MINIMUM, TierKind.SUPPLIES):
            breaks = {b for t in tiers if t.kind is kind for b in t.concave.breaks} | {1.0}
            for priority in sorted({line.priority for line in lines}):
                total = sum(
                    line.minimum if kind is TierKind.SUPPLIES_MINIMUM
                    else line.units - line.minimum
                    for line in lines if line.priority == priority
                )
                found |= {so_far + math.ceil(b * total - 1e-9) for b in breaks}
                so_far += total
        return sorted(found - {0})


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
