"""The search for good prices: days are priced, taken into the programme, and priced again.

Column generation (Dantzig & Wolfe 1960, doi:10.1287/opre.8.1.101) with prices drawn back towards
the best ones so far (Wentges 1997, doi:10.1016/S0969-6016(97)00001-4). Whatever comes out is a
bound; more work only makes it lower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from lull.plan.ground import Ground
from lull.plan.program import Column
from lull.plan.proof.lagrangian import Lagrangian
from lull.plan.proof.master import SHORT, Master
from lull.plan.proof.model import Model
from lull.plan.reach import Reach

Floats = NDArray[np.float64]
Stop = Callable[[], bool]

NEAR = 0.001
"""Share between the bound and the best mix of days known at which the search for prices ends."""

POOL = 6000
"""Days that are kept at the most."""

VARIED = 60
"""Days a type and step beside the dearest, one for each stop that may come first."""

PULLED = (0.5, 0.0)
"""How far prices are drawn back towards the best ones so far, tried one after the other."""

DIGITS = 7
"""Significant digits of a price that are kept."""


@frozen
class Found:
    """A bound and the prices that give it."""

    value: float
    duals: Mapping[str, float]
    steps: int


@define(eq=False)
class Generator:
    """One pool of days and one programme for all objectives of a case."""

    model: Model
    lagrangian: Lagrangian = field(init=False)
    master: Master = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._freeze()

    @classmethod
    def of(cls, ground: Ground) -> Generator | None:
        """For a case; None where vehicles could drive rounds that take no time."""
        model = Model.of(ground, Reach(ground))
        return cls(model) if model.works else None

    def _freeze(self, days: Master | None = None) -> None:
        self.lagrangian = Lagrangian.of(self.model)
        wide = self.model.capacities.outermost()
        rows = self.model.capacities.rows.values()
        lazy = [b.name for blocks in rows for b in blocks if b.name not in wide]
        demands = [n for n in self.model.program.names if n.startswith("tier ")
                   and n.endswith(" reached")]
        self.master = Master(
            self.model.program, self.model.numbers, lazy=lazy, demands=demands)
        if days is not None:
            self.master.add(days.days)
            self.master.keep_binding(days)

    def demand(self, tier: int, value: float) -> str:
        """From now on plans may be asked to reach a value in a tier; gives the row's name."""
        name = self.model.reach_value(tier, value)
        self._freeze(self.master)
        return name

    def bound(
        self, objective: Mapping[Column, float], demands: list[str], *, steps: int,
        enough: float = 0.0, stop: Stop = lambda: False,
    ) -> Found | None:
        """The lowest bound found within so many steps; None where none was begun.

        `enough` is a value below which nothing need be proven. The price of a demand is capped, so
        that a pool of days that cannot meet it does no harm.
        """
        lagrangian, master = self.lagrangian, self.master
        gain = lagrangian.gain(objective)
        if not gain.any():
            return Found(0.0, {}, 0)
        caps = {name: self._cap(name, gain) for name in demands}
        best, centre, done = np.inf, np.zeros(0), 0
        if not master.days:
            _, days = lagrangian.value(gain, lagrangian.first_duals(gain), many=VARIED)
            master.add(days)
        for done in range(1, steps + 1):  # noqa: B007 - told to the caller
            if stop():
                break
            reached, prices = master.solve(gain, caps)
            duals = prices[: len(lagrangian.limits)]
            new = 0
            for pull in PULLED if centre.size else (0.0,):
                tried = pull * centre + (1 - pull) * duals if centre.size else duals
                value, days = lagrangian.value(gain, tried, many=VARIED)
                new += master.add(days)
                if value < best:
                    best, centre = value, tried
            master.drop(prices, POOL)
            if best <= enough or best - reached <= NEAR * abs(best) or not new:
                break
        return self._rounded(gain, centre, done) if centre.size else None

    def _cap(self, name: str, gain: Floats) -> float:
        row = self.model.program.names.index(name)
        worth = np.abs(self.lagrangian.matrix.tocsr()[row].data)
        return SHORT * float(gain.max()) / float(max(worth.max(initial=0.0), 1e-9))

    def _rounded(self, gain: Floats, duals: Floats, steps: int) -> Found:
        """Prices with few digits, and the value at just these."""
        floor = 1e-9 * float(duals.max(initial=0.0))
        named = {name: float(f"{value:.{DIGITS}g}")
                 for name, value in self.lagrangian.named(duals).items() if value > floor}
        value, _ = self.lagrangian.value(gain, self.lagrangian.array(named))
        return Found(value, named, steps)
