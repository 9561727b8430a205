"""What saved prices say of a pause that differs a little from the one they were found for.

A bound follows from any non-negative prices, so those of one pause bound every plan of another:
with one more lane, an hour more, a bus more. Rows over time that move or come new take the price of
the row of the same kind and length that lies nearest. What the bound rises by is at least what no
plan can gain more than: it ranks what may be asked for, before anything is planned again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from attrs import define, field

from lull.domain.case import Case
from lull.plan.bound import Bounds, ceiling_of
from lull.plan.ground import Ground
from lull.plan.program import Column
from lull.plan.proof.evidence import About, By, Evidence
from lull.plan.proof.generate import MOST_LOADS
from lull.plan.proof.lagrangian import Lagrangian
from lull.plan.proof.model import Model, loads_of
from lull.plan.reach import Reach

TIMED = re.compile(r"^(?P<kind>.*), (?P<start>-?\d+) to (?P<end>-?\d+)$")


@define(eq=False)
class Elsewhere:
    """The programmes of one case, each built once and when it is first needed."""

    case: Case
    ground: Ground = field(init=False)
    _fluid: Bounds | None = field(init=False, default=None)
    _days: Lagrangian | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        self.ground = Ground(self.case)

    def names(self, by: By) -> Sequence[str]:
        """The rows of a programme; empty where there is none."""
        if by is By.FLUID:
            return self._flows().relaxation.program.names
        days = self._by_days()
        return days.model.program.names if days else ()

    def bound(self, evidence: Iterable[Evidence], rows: Mapping[By, Sequence[str]]
              ) -> float | None:
        """The least that follows from prices found for another case; None without any.

        `rows` are the names of that case's rows. Evidence that rests on demands is passed over:
        another pause's plan need not meet them.
        """
        found = [self._value(e, carried(e.duals, rows[e.by], self.names(e.by)))
                 for e in evidence if not e.demands and self.names(e.by)]
        return min(found, default=None)

    def _flows(self) -> Bounds:
        if self._fluid is None:
            self._fluid = Bounds.of(self.ground)
        return self._fluid

    def _by_days(self) -> Lagrangian | None:
        if self._days is None:
            reach = Reach(self.ground)
            if loads_of(self.ground, reach) <= MOST_LOADS:
                model = Model.of(self.ground, reach)
                self._days = Lagrangian.of(model) if model.works else None
        return self._days

    def _objective(self, e: Evidence, tiers: Sequence[Mapping[Column, float]]
                   ) -> Mapping[Column, float]:
        return ceiling_of(self.ground, e.about) if e.about is not About.TIER else tiers[e.tier or 0]

    def _value(self, e: Evidence, prices: Mapping[str, float]) -> float:
        days = self._by_days() if e.by is By.DAYS else None
        if days:
            gain, duals = days.gain(self._objective(e, days.model.objectives)), days.array(prices)
            return min(days.value(gain, duals)[0], days.value(gain, days.completed(gain, duals))[0])
        bounds, program = self._flows(), self._flows().relaxation.program
        duals = np.array([prices.get(n, 0.0) for n in program.names])
        gain = np.zeros(len(program.largest))
        for column, value in self._objective(e, bounds.objectives).items():
            if column in program.columns:
                gain[program.columns[column]] += value
        return program.value_at(gain, program.matrix(), duals)


def carried(prices: Mapping[str, float], old: Iterable[str], new: Iterable[str]
            ) -> dict[str, float]:
    """Prices by the rows of a new programme, from those by the rows of an old one."""
    before, after = set(old), list(new)
    found = {name: prices[name] for name in after if name in prices}
    spells: dict[str, list[tuple[int, int, float]]] = {}
    for name, price in prices.items():
        if timed := TIMED.match(name):
            spells.setdefault(timed["kind"], []).append(
                (int(timed["start"]), int(timed["end"]), price))
    for name in after:
        timed = None if name in before else TIMED.match(name)
        if timed and timed["kind"] in spells:
            price = _nearest(spells[timed["kind"]], int(timed["start"]), int(timed["end"]))
            if price:
                found[name] = price
    return found


def _nearest(spells: Sequence[tuple[int, int, float]], start: int, end: int) -> float:
    """The price of the spell of about the same length that lies nearest; 0 where none is like it.
    """
    alike = [s for s in spells if 2 * min(s[1] - s[0], end - start) > max(s[1] - s[0], end - start)]
    return min(alike, key=lambda s: abs(s[0] - start) + abs(s[1] - end), default=(0, 0, 0.0))[2]
