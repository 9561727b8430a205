"""The search for good prices: days are priced, taken into the programme, and priced again.

Column generation (Dantzig & Wolfe 1960, doi:10.1287/opre.8.1.101) with prices drawn back towards
the best ones so far (Wentges 1997, doi:10.1016/S0969-6016(97)00001-4). Whatever comes out is a
bound; more work only makes it lower.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.plan.ground import Ground
from lull.plan.program import Column, Program
from lull.plan.proof.evidence import Found
from lull.plan.proof.lagrangian import Lagrangian
from lull.plan.proof.master import SHORT, RoundsMaster
from lull.plan.proof.model import Model, loads_of
from lull.plan.reach import Reach

Floats = NDArray[np.float64]
Stop = Callable[[], bool]

NEAR = 0.002
"""Share between the bound and the best mix of days known at which the search for prices ends."""

POOL = 4000
"""Rounds that are kept at the most."""

VARIED = 60
"""Days a type and step beside the dearest, one for each stop that may come first."""

PULLED = (0.8, 0.4, 0.0)
"""How far prices are drawn back towards the best ones so far, tried one after the other. To price
is far cheaper than to solve."""

CHEAPER = (0.97, 0.9, 0.75, 0.5)
"""Shares of the first prices of gates at which days are looked for: at the fluid prices
themselves most types are worth nothing."""

MOST_LOADS = 20_000
"""Kinds of load (type, place, set-down) up to which days are priced; beyond, one step would take
minutes and gigabytes, and the fluid bound stands alone."""

DIGITS = 7
"""Significant digits of a price that are kept."""


@define(eq=False)
class Search:
    """One search for prices: the gain, the demands' caps, and the best so far."""

    gain: Floats
    caps: Mapping[str, float]
    enough: float
    known: float
    stop: Stop
    decide: bool = False
    best: float = np.inf
    centre: Floats = field(factory=lambda: np.zeros(0))
    reached: float = -np.inf
    steps: int = 0


@define(eq=False, slots=False)
class Generator:
    """One pool of rounds for all objectives of a case.

    Days are priced whole and taken apart into rounds, which the programme chains anew: so a few
    days known stand for all that can be made of their rounds.
    """

    model: Model
    lagrangian: Lagrangian = field(init=False)
    rounds: RoundsMaster = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._freeze()

    @classmethod
    def of(cls, ground: Ground) -> Generator | None:
        """For a case; None where rounds could take no time, or it is too large."""
        reach = Reach(ground)
        if loads_of(ground, reach) > MOST_LOADS:
            return None
        model = Model.of(ground, reach)
        return cls(model) if model.works else None

    def _freeze(self, before: RoundsMaster | None = None) -> None:
        model, program = self.model, self.model.program
        self.lagrangian = Lagrangian.of(model)
        wide = model.capacities.outermost()
        lazy = [b.name for blocks in model.capacities.rows.values() for b in blocks
                if b.name not in wide]
        demands = [n for n in program.names if n.startswith("tier ") and n.endswith(" reached")]
        self.rounds = RoundsMaster(program, model.pricers, lazy=lazy, demands=demands)
        if before is not None:
            self.rounds.add(before.columns)
            self.rounds.keep_binding(before)

    def counting(self, add: Callable[[Program], Mapping[Column, float]]) -> Mapping[Column, float]:
        """An objective that is no tier: `add` puts its columns and rows into the programme."""
        objective = add(self.model.program)
        self._freeze(self.rounds)
        return objective

    def demand(self, tier: int, value: float) -> str:
        """From now on plans may be asked to reach a value in a tier; gives the row's name."""
        name = self.model.reach_value(tier, value)
        self._freeze(self.rounds)
        return name

    def bound(
        self, objective: Mapping[Column, float], demands: list[str], *, steps: int,
        enough: float = 0.0, known: float = np.inf, hint: Mapping[str, float] | None = None,
        stop: Stop = lambda: False, decide: bool = False,
    ) -> Found | None:
        """The lowest bound found within so many steps; None where none was begun.

        `enough` is a value below which nothing need be proven, `known` a bound that is there
        already; the search ends where the mix reaches it. `decide` ends it as well where the mix
        reaches more than `enough`: no prices can then prove that. `hint` are the fluid prices. The
        price of a demand is capped, so that a pool that cannot meet it does no harm.
        """
        gain = self.lagrangian.gain(objective)
        if not gain.any():
            return Found(0.0, {}, 0)
        search = Search(gain, {n: self._cap(n, gain) for n in demands}, enough, known, stop,
                        decide)
        self._begin(search, hint or {})
        if search.best > search.enough:
            self._mix(search, steps)
        return self._rounded(gain, search) if search.centre.size else None

    def _begin(self, search: Search, hint: Mapping[str, float]) -> None:
        first = self.lagrangian.first_duals(search.gain)
        if hint:
            first = search.centre = self.lagrangian.from_hint(search.gain, hint)
            search.best = self._price(search.gain, first)[0]
            for share in CHEAPER:
                self._price(search.gain, self.lagrangian.cheaper(first, share))
        else:
            self._price(search.gain, first)

    def _price(self, gain: Floats, duals: Floats) -> tuple[float, int]:
        """The bound at prices; how many rounds found there are new."""
        value, days = self.lagrangian.value(gain, duals, many=VARIED)
        return value, self.rounds.add(r for d in days for r in d.rounds)

    def _mix(self, search: Search, steps: int) -> None:
        """Solve and price in turn until the bound is near what the mix reaches."""
        while search.steps < steps and not search.stop():
            search.steps += 1
            search.reached, prices = self.rounds.solve(search.gain, search.caps)
            duals, new = prices[: len(self.lagrangian.limits)], 0
            for pull in PULLED if search.centre.size else (0.0,):
                centre = search.centre if search.centre.size else duals
                more = self._try(search, pull * centre + (1 - pull) * duals)
                new += more
            self.rounds.drop(POOL)
            least = min(search.best, search.known)
            near = least - search.reached <= NEAR * abs(least) and not self.rounds.exceeded
            hopeless = (search.decide and search.reached > search.enough
                        and not self.rounds.exceeded)
            done = search.best <= search.enough or near or hopeless
            if done or not (new or self.rounds.exceeded):
                return

    def _try(self, search: Search, duals: Floats) -> int:
        value, new = self._price(search.gain, duals)
        if value < search.best:
            search.best, search.centre = value, duals
        return new

    def _cap(self, name: str, gain: Floats) -> float:
        row = self.model.program.names.index(name)
        worth = np.abs(self.lagrangian.matrix.tocsr()[row].data)
        return SHORT * float(gain.max()) / float(max(worth.max(initial=0.0), 1e-9))

    def _rounded(self, gain: Floats, search: Search) -> Found:
        """Prices with few digits, and the value at just these."""
        duals = search.centre
        floor = 1e-9 * float(duals.max(initial=0.0))
        named = {name: float(f"{value:.{DIGITS}g}")
                 for name, value in self.lagrangian.named(duals).items() if value > floor}
        value, _ = self.lagrangian.value(gain, self.lagrangian.array(named))
        return Found(value, named, search.steps)
