"""A linear programme put together row by row, and an upper bound that holds at any duals."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

import numpy as np
from attrs import define, field
from numpy.typing import NDArray
from scipy import sparse

Column = Hashable
Floats = NDArray[np.float64]


@define
class Program:
    """Maximise over columns between 0 and their largest value, under named rows ≤ limit.

    Every column has a finite largest value, so that any non-negative duals give a valid bound.
    """

    columns: dict[Column, int] = field(factory=dict)
    largest: list[float] = field(factory=list)
    names: list[str] = field(factory=list)
    limits: list[float] = field(factory=list)
    _rows: list[int] = field(factory=list)
    _cols: list[int] = field(factory=list)
    _values: list[float] = field(factory=list)

    def column(self, name: Column, largest: float) -> Column:
        """Add a column (once) and give its name back."""
        if name not in self.columns:
            self.columns[name] = len(self.largest)
            self.largest.append(float(max(0.0, largest)))
        return name

    def largest_of(self, terms: Iterable[tuple[str, Column, float]]) -> float:
        """The most that weighted columns can add up to."""
        return sum(self.largest[self.columns[c]] * w for _, c, w in terms if c in self.columns)

    def at_most(self, name: str, terms: Iterable[tuple[Column, float]], limit: float) -> None:
        """Add the row Σ coefficient × column ≤ limit; columns not in the programme are left out."""
        row = len(self.limits)
        for column, coefficient in terms:
            if column in self.columns and coefficient:
                self._rows.append(row)
                self._cols.append(self.columns[column])
                self._values.append(float(coefficient))
        self.names.append(name)
        self.limits.append(float(limit))

    def equal(self, name: str, terms: Iterable[tuple[Column, float]]) -> None:
        """Add Σ coefficient × column = 0, as two rows."""
        kept = list(terms)
        self.at_most(name + " (out)", kept, 0.0)
        self.at_most(name + " (in)", [(c, -v) for c, v in kept], 0.0)

    def matrix(self) -> sparse.csr_matrix:
        """The rows as a sparse matrix, (rows, columns)."""
        shape = (len(self.limits), len(self.largest))
        return sparse.csr_matrix((self._values, (self._rows, self._cols)), shape=shape)

    def best(self, objective: Mapping[Column, float]) -> tuple[float, Floats] | None:
        """The certified upper bound of an objective and the duals; None without an answer.

        The bound is re-evaluated from the duals and so holds whatever the solver's tolerance.
        """
        gain = np.zeros(len(self.largest))
        for column, value in objective.items():
            if column in self.columns:
                gain[self.columns[column]] += value
        if not gain.any():
            return 0.0, np.zeros(len(self.limits))
        from scipy.optimize import linprog  # noqa: PLC0415 - a certificate is read without it

        matrix = self.matrix()
        bounds = [(0.0, most) for most in self.largest]
        limits = np.asarray(self.limits, dtype=float)
        answer = linprog(  # type: ignore[call-overload]  # the stubs know no sparse rows
            -gain, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs"
        )
        if answer.x is None or answer.ineqlin is None:
            return None
        duals = np.maximum(0.0, -np.asarray(answer.ineqlin.marginals, dtype=float))
        return self.value_at(gain, matrix, duals), duals

    def value_at(self, gain: Floats, matrix: sparse.csr_matrix, duals: Floats) -> float:
        """The Lagrangian value Σ limit × dual + Σ largest × max(0, gain − dualsᵀ matrix)."""
        reduced = gain - matrix.T @ duals
        return float(np.dot(self.limits, duals) + np.dot(self.largest, np.maximum(0.0, reduced)))
