"""A lower bound by whole bus days: days are priced, a small programme proposes prices.

At T minutes the programme mixes the days found so far so that as few loads as possible are left.
Its duals are prices; the backward pass says what follows from them. If the prices rule T out, the
bound rises past T; if not, the dearest days join the programme. When the programme leaves no load,
no prices rule T out, and the bound is the best of its kind (Dantzig & Wolfe 1960,
doi:10.1287/opre.8.1.101). Prices are mixed with the best so far, which keeps them from jumping
(Wentges 1997, doi:10.1016/S0969-6016(97)00001-4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import highspy
import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.plan.makespan.instance import BusDay, Days, Evacuation
from lull.plan.makespan.once import dearer, earned, fetched_once
from lull.plan.makespan.prices import UNIT, Pass, Prices

Floats = NDArray[np.float64]

ENOUGH = 1e-7
"""Loads left below which a programme is taken to leave none."""


@define(eq=False)
class Mixture:
    """The programme over the days found so far: least loads left within so many minutes."""

    of: Evacuation
    days: list[BusDay] = field(factory=list)
    minutes: list[int] = field(factory=list)
    _known: set[BusDay] = field(factory=set)
    _highs: highspy.Highs = field(init=False)
    _within: int = field(init=False, default=0)
    _left: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        of, inf = self.of, highspy.kHighsInf
        self._highs = highspy.Highs()
        for name, value in (("output_flag", False), ("threads", 1), ("presolve", "off"),
                            ("solver", "simplex")):
            self._highs.setOptionValue(name, value)
        for loads in of.loads:
            self._highs.addRow(float(loads), inf, 0, [], [])
        for many in (*of.places, *of.buses):
            self._highs.addRow(-inf, float(many), 0, [], [])
        for p, loads in enumerate(of.loads):
            self._highs.addCol(1.0, 0.0, float(loads), 1, [p], [1.0])
        self._left = len(of.loads)

    def add(self, days: Iterable[BusDay]) -> int:
        """Take up days that are not there yet; how many were new."""
        of, new = self.of, 0
        for day in days:
            if day in self._known or not day.trips:
                continue
            self._known.add(day)
            self.days.append(day)
            self.minutes.append(day.minutes(of))
            rows: dict[int, float] = {len(of.points) + len(of.shelters) + day.yard: 1.0}
            for p, s in day.trips:
                rows[p] = rows.get(p, 0.0) + 1.0
                rows[len(of.points) + s] = rows.get(len(of.points) + s, 0.0) + 1.0
            upper = highspy.kHighsInf if self.minutes[-1] <= self._within else 0.0
            self._highs.addCol(0.0, 0.0, upper, len(rows), list(rows), list(rows.values()))
            new += 1
        return new

    def within(self, minutes: int) -> None:
        """Let the days count that take no longer than so many minutes."""
        for i, long in enumerate(self.minutes):
            if (long <= minutes) != (long <= self._within):
                upper = highspy.kHighsInf if long <= minutes else 0.0
                self._highs.changeColBounds(self._left + i, 0.0, upper)
        self._within = minutes

    def hold(self, at: int, times: int) -> None:
        """Let a day be used no fewer than so many times."""
        self._highs.changeColBounds(self._left + at, float(times), highspy.kHighsInf)

    def program(self) -> highspy.HighsLp:
        """A copy of the programme as it stands."""
        return self._highs.getLp()

    def solve(self) -> tuple[float, Floats, Floats, Floats]:
        """Loads left, the prices of loads and of places, and how much each day is used."""
        self._highs.run()
        found = self._highs.getSolution()
        duals = np.asarray(found.row_dual, dtype=np.float64)
        p, s = len(self.of.points), len(self.of.shelters)
        used = np.asarray(found.col_value, dtype=np.float64)[self._left:]
        value = float(self._highs.getInfo().objective_function_value)
        return value, np.clip(duals[:p], 0, 1), np.maximum(0, -duals[p : p + s]), used


@define(eq=False)
class LowerBound:
    """The least minutes that no prices found so far rule out, and the prices that rule out less.

    `low` is proven by `prices`, `enough` is minutes in which mixed days bring everyone out, and
    `reached` says that the two have met, so that no prices can raise the bound by the pass alone.
    `most` is how many minutes are looked at. `once` are days that fetch no load twice: mixing those
    alone, `raise_once` may go higher.
    """

    of: Evacuation
    most: int
    low: int = 0
    prices: Prices | None = None
    reached: bool = False
    steps: int = 0
    last: Prices | None = None
    mixture: Mixture = field(init=False)
    once: Mixture = field(init=False)
    enough: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.mixture, self.once = Mixture(self.of), Mixture(self.of)
        self.enough = self.most
        ones = Prices.of(np.ones(len(self.of.points)), np.zeros(len(self.of.shelters)))
        self._look(ones)

    def learn(self, days: Days) -> None:
        """Take up days of a plan; they make the programme's first mixtures good."""
        self.mixture.add(days)

    def _look(self, prices: Prices) -> Pass:
        found = Pass(self.of, prices, self.most)
        least = found.least()
        if least > self.low:
            self.low, self.prices = least, prices
        return found

    def dearest(self, found: Pass, minutes: int) -> list[BusDay]:
        days = []
        for yard, many in enumerate(self.of.buses):
            if many == 0:
                continue
            firsts = [found.day(yard, p, minutes) for p in range(len(self.of.points))]
            days += [day for worth, day in filter(None, firsts) if worth > 0]
        return days

    def raise_at(self, minutes: int, most_steps: int, stop: Callable[[], bool]) -> bool | None:
        """Whether so many minutes are ruled out; None if it is not known after so many steps."""
        self.mixture.within(minutes)
        best: tuple[float, Floats, Floats] | None = None
        keep = 0.0
        for _ in range(most_steps):
            if stop():
                return None
            self.steps += 1
            left, loads, places, _ = self.mixture.solve()
            if left < ENOUGH:
                self.enough = min(self.enough, minutes)
                self.reached = self.reached or self.low >= minutes
                return False
            tried = (loads, places)
            if best is not None and keep > 0:
                tried = (keep * best[1] + (1 - keep) * loads,
                         keep * best[2] + (1 - keep) * places)
            prices = self.last = Prices.of(*tried)
            found = self._look(prices)
            if self.low > minutes:
                self.mixture.add(self.dearest(found, minutes))
                return True
            short = (prices.due(self.of) - int(found.earned()[minutes])) / UNIT
            if best is None or short > best[0]:
                best, keep = (short, *tried), 0.7
            new = self.mixture.add(self.dearest(found, minutes))
            if not new:
                if keep == 0.0:
                    return None
                keep = 0.0
        return None

    def raise_once(self, minutes: int, most_steps: int, stop: Callable[[], bool]) -> bool | None:
        """Whether so many minutes are ruled out by days that fetch no load twice; None if it is not
        known after so many steps."""
        if not self.once.days:
            self.once.add(day for day in self.mixture.days if fetched_once(self.of, day))
        self.once.within(minutes)
        for _ in range(most_steps):
            if stop():
                return None
            self.steps += 1
            left, loads, places, _ = self.once.solve()
            if left < ENOUGH:
                return False
            prices = Prices.of(loads, places)
            new, most = self._dearer(Pass(self.of, prices, minutes))
            if most < prices.due(self.of):
                self.low, self.prices = minutes + 1, prices
                return True
            if not self.once.add(new):
                return None
        return None

    def _dearer(self, found: Pass) -> tuple[list[BusDay], int]:
        """Days dearer than those known, and what all buses together earn at most."""
        known = [0] * len(self.of.buses)
        for day, minutes in zip(self.once.days, self.once.minutes, strict=True):
            if minutes <= found.most:
                known[day.yard] = max(known[day.yard], earned(found, day))
        new, most = [], 0
        for yard, many in enumerate(self.of.buses):
            if many:
                days, at_most = dearer(found, yard, known[yard])
                new += days
                most += many * at_most
        return new, most
