"""The value that no plan exceeds, at any non-negative prices, worked out without a solver.

    Σ limit × y  +  Σ columns: largest × max(0, gain − yᵀ column)  +  Σ types: number × dearest day

Every feasible plan is a point of the programme with as many days of each type as there are
vehicles, and each day is worth at most the dearest one; so the sum bounds the plan's gain whatever
the prices y ≥ 0 are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import define
from numpy.typing import NDArray
from scipy import sparse

from lull.plan.program import Column
from lull.plan.proof.model import Model
from lull.plan.proof.rounds import Day

Floats = NDArray[np.float64]

SAFETY = 1e-9
"""Share by which a value is raised against the rounding of floating-point sums."""


@define(eq=False, slots=False)
class Lagrangian:
    """The rows of a model as arrays; to be made anew when rows were added."""

    model: Model
    matrix: sparse.csc_matrix
    limits: Floats
    largest: Floats

    @classmethod
    def of(cls, model: Model) -> Lagrangian:
        """Freeze the rows as they are now."""
        program = model.program
        return cls(
            model, program.matrix().tocsc(), np.asarray(program.limits, dtype=np.float64),
            np.asarray(program.largest, dtype=np.float64))

    def gain(self, objective: Mapping[Column, float]) -> Floats:
        """An objective as an array over the columns."""
        found = np.zeros(len(self.largest))
        for column, value in objective.items():
            if column in self.model.program.columns:
                found[self.model.program.columns[column]] += value
        return found

    def named(self, duals: Floats) -> dict[str, float]:
        """Duals that are not 0, by row name."""
        names = self.model.program.names
        return {names[i]: float(duals[i]) for i in np.flatnonzero(duals[: len(names)] > 0)}

    def array(self, named: Mapping[str, float]) -> Floats:
        """Duals as an array; raises KeyError for a row that is not there."""
        rows = {name: i for i, name in enumerate(self.model.program.names)}
        found = np.zeros(len(rows))
        for name, value in named.items():
            found[rows[name]] = max(0.0, value)
        return found

    def of_columns(self, gain: Floats, duals: Floats) -> float:
        """The part that needs no vehicle."""
        reduced = gain - self.matrix.T @ duals
        return float(self.limits @ duals + self.largest @ np.maximum(0.0, reduced))

    def value(self, gain: Floats, duals: Floats, *, many: int = 0) -> tuple[float, list[Day]]:
        """The bound at duals, and the dear days that were found on the way."""
        total, days = self.of_columns(gain, duals), []
        named = self.named(duals)
        for name, pricer in self.model.pricers.items():
            worth, found = pricer.best(named, many=many)
            total += self.model.numbers[name] * worth
            days += found
        return total + SAFETY * (1.0 + abs(total)), days

    def completed(self, gain: Floats, duals: Floats) -> Floats:
        """The same prices, with rows of seats and goods priced at what is left to be gained.

        A seat is worth what its dearest passenger still gains after all other prices.
        """
        found, rows = duals.copy(), self.matrix.tocsr()
        supply = self._supply(rows)
        found[supply] = 0.0
        left = np.maximum(0.0, gain - self.matrix.T @ found)
        for i in supply.tolist():
            part = slice(rows.indptr[i], rows.indptr[i + 1])
            found[i] = float(np.max(left[rows.indices[part]] / rows.data[part], initial=0.0))
        return found

    def _supply(self, rows: sparse.csr_matrix) -> NDArray[np.int64]:
        """Rows that say: no more than vehicles bring."""
        least = np.array([rows.data[a:b].min(initial=np.inf)
                          for a, b in zip(rows.indptr, rows.indptr[1:], strict=False)])
        return np.flatnonzero((self.limits == 0.0) & (least > 0.0) & np.isfinite(least))

    def cheaper(self, duals: Floats, share: float) -> Floats:
        """The same prices with what is shared over time at a share of its price."""
        found = duals.copy()
        rows = {name: i for i, name in enumerate(self.model.program.names)}
        for blocks in self.model.capacities.rows.values():
            for block in blocks:
                found[rows[block.name]] *= share
        return found

    def from_hint(self, gain: Floats, hint: Mapping[str, float]) -> Floats:
        """First prices from those of the fluid programme, where rows have the same meaning."""
        rows = {name: i for i, name in enumerate(self.model.program.names)}
        found = np.zeros(len(rows))
        same = self.model.capacities.like_fluid()
        for name, value in hint.items():
            for row in (name, *same.get(name, ())):
                if row in rows:
                    found[rows[row]] = value
        return self.completed(gain, found)

    def heads(self, gain: Floats) -> Floats:
        """What one unit of each column could bring at most, followed through the rows.

        The first prices are made from it: a seat cannot be worth more than who sits in it.
        """
        worth = np.maximum(0.0, gain)
        rows = self.matrix.tocsr()
        for _ in range(4):
            before = worth.copy()
            for i in np.flatnonzero(self.limits == 0.0).tolist():
                part = slice(rows.indptr[i], rows.indptr[i + 1])
                index, value = rows.indices[part], rows.data[part]
                up = value > 0
                best = float(np.max(worth[index[up]] / value[up], initial=0.0))
                if best > 0:
                    worth[index[~up]] = np.maximum(worth[index[~up]], -value[~up] * best)
            if np.array_equal(before, worth):
                break
        return worth

    def first_duals(self, gain: Floats) -> Floats:
        """Prices of seats and goods as if nothing else were short."""
        worth, rows = self.heads(gain), self.matrix.tocsr()
        found = np.zeros(len(self.limits))
        for i in self._supply(rows).tolist():
            part = slice(rows.indptr[i], rows.indptr[i + 1])
            found[i] = float(np.max(worth[rows.indices[part]] / rows.data[part]))
        return found
