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
from lull.plan.program import Column
from lull.plan.proof.evidence import Found
from lull.plan.proof.lagrangian import Lagrangian
from lull.plan.proof.master import SHORT, Master
from lull.plan.proof.model import Model
from lull.plan.proof.pricing import Round
from lull.plan.reach import Reach

Floats = NDArray[np.float64]
Stop = Callable[[], bool]

NEAR = 0.002
"""Share between the bound and the best mix of days known at which the search for prices ends."""

POOL = 3000
"""Rounds, and days, that are kept at the most."""

VARIED = 60
"""Days a type and step beside the dearest, one for each stop that may come first."""

PULLED = (0.5, 0.0)
"""How far prices are drawn back towards the best ones so far, tried one after the other."""

APART = 15
"""Minutes between the points at which vehicles under way are counted."""

STALL = 6
"""Steps with rounds after which, where nothing moves any more, days take over."""

CHEAPER = (0.97, 0.9, 0.75, 0.5)
"""Shares of the first prices of gates at which days are looked for: at the fluid prices
themselves most types are worth nothing."""

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
    best: float = np.inf
    centre: Floats = field(factory=lambda: np.zeros(0))
    reached: float = -np.inf
    steps: int = 0


@define(eq=False, slots=False)
class Generator:
    """One pool of rounds and one of days for all objectives of a case.

    Rounds are mixed freely as long as no more vehicles are under way at once than there are,
    whatever the places they turn at: prices come close in few steps. Days are exact.
    """

    model: Model
    lagrangian: Lagrangian = field(init=False)
    rounds: Master = field(init=False)
    days: Master = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._freeze()

    @classmethod
    def of(cls, ground: Ground) -> Generator | None:
        """For a case; None where vehicles could drive rounds that take no time."""
        model = Model.of(ground, Reach(ground))
        return cls(model) if model.works else None

    def _freeze(self, rounds: Master | None = None, days: Master | None = None) -> None:
        model, program = self.model, self.model.program
        self.lagrangian = Lagrangian.of(model)
        wide = model.capacities.outermost()
        lazy = [b.name for blocks in model.capacities.rows.values() for b in blocks
                if b.name not in wide]
        demands = [n for n in program.names if n.startswith("tier ") and n.endswith(" reached")]
        busy = {_busy(kind, point): float(number) for kind, number in model.numbers.items()
                for point in range(0, model.capacities.grid.length, APART)}
        numbers = {_number(kind): float(number) for kind, number in model.numbers.items()}
        self.rounds = Master(program, busy, lazy=lazy, demands=demands)
        self.days = Master(program, numbers, lazy=lazy, demands=demands)
        for new, old in ((self.rounds, rounds), (self.days, days)):
            if old is not None:
                new.add(old.columns)
                new.keep_binding(old)

    def demand(self, tier: int, value: float) -> str:
        """From now on plans may be asked to reach a value in a tier; gives the row's name."""
        name = self.model.reach_value(tier, value)
        self._freeze(self.rounds, self.days)
        return name

    def bound(
        self, objective: Mapping[Column, float], demands: list[str], *, steps: tuple[int, int],
        enough: float = 0.0, known: float = np.inf, hint: Mapping[str, float] | None = None,
        stop: Stop = lambda: False,
    ) -> Found | None:
        """The lowest bound found within so many steps with rounds, then with days; or None.

        `enough` is a value below which nothing need be proven, `known` a bound that is there
        already; the search ends where the mix reaches it. `hint` are the fluid prices. The
        price of a demand is capped, so that a pool that cannot meet it does no harm.
        """
        gain = self.lagrangian.gain(objective)
        if not gain.any():
            return Found(0.0, {}, 0)
        search = Search(gain, {n: self._cap(n, gain) for n in demands}, enough, known, stop)
        self._begin(search, hint or {})
        for pool, most in zip((self.rounds, self.days), steps, strict=True):
            if most and search.best > search.enough:
                self._mix(search, pool, search.steps + most)
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

    def _price(self, gain: Floats, duals: Floats) -> tuple[float, int, int]:
        """The bound at prices; how many rounds and days found there are new."""
        value, days = self.lagrangian.value(gain, duals, many=VARIED)
        rounds = [(*r.rows, *((_busy(r.kind, t), 1.0) for t in _points(r)))
                  for d in days for r in d.rounds]
        return value, self.rounds.add(rounds), self.days.add(
            (*d.rows, (_number(d.kind), 1.0)) for d in days)

    def _mix(self, search: Search, master: Master, steps: int) -> None:
        """Solve and price in turn until the bound is near what the mix reaches, or stalls."""
        which = 1 if master is self.rounds else 2
        seen: list[tuple[float, float]] = []
        while search.steps < steps and not search.stop():
            search.steps += 1
            search.reached, prices = master.solve(search.gain, search.caps)
            duals, new = prices[: len(self.lagrangian.limits)], 0
            for pull in PULLED if search.centre.size else (0.0,):
                centre = search.centre if search.centre.size else duals
                tried = pull * centre + (1 - pull) * duals
                value, *more = self._price(search.gain, tried)
                new += more[which - 1]
                if value < search.best:
                    search.best, search.centre = value, tried
            for pool in (self.rounds, self.days):
                pool.drop(prices if pool is master else None, POOL)
            least = min(search.best, search.known) if which == 1 else search.best
            near = least - search.reached <= NEAR * abs(least) and not master.exceeded
            seen.append((search.best, search.reached))
            if search.best <= search.enough or near or not (new or master.exceeded):
                return
            if which == 1 and len(seen) > STALL and _stalls(seen[-STALL - 1], seen[-1]):
                return

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


def _stalls(before: tuple[float, float], now: tuple[float, float]) -> bool:
    """Whether neither the bound nor the mix has moved."""
    return (now[0] > before[0] * (1 - NEAR)
            and abs(now[1] - before[1]) <= NEAR * max(abs(before[1]), abs(now[1])))


def _points(made: Round) -> range:
    """Points of the clock, in indices, at which a vehicle is on a round."""
    return range(-(-made.start // APART) * APART, made.end, APART)


def _busy(kind: str, point: int) -> str:
    return f"{kind} under way at {point}"


def _number(kind: str) -> str:
    return f"number of {kind}"
