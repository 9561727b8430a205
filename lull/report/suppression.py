"""Small counts are hidden, and with them as many others as keep them from being worked out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define
from numpy.typing import NDArray
from scipy.optimize import linprog

LEAST = 10
"""Counts below this, but for 0, are not shown: a small count may point at persons (the threshold
is common in official statistics: Hundepool et al., Statistical Disclosure Control, Wiley 2012,
chapter 4)."""


@define(frozen=True, eq=False)
class Protected:
    """A table with margins, [rows + 1, columns + 1], and which of its cells are `hidden`."""

    values: NDArray[np.int64]
    hidden: NDArray[np.bool_]

    def shown(self, row: int, column: int) -> int | None:
        """The rounded value of a cell, or None where it is hidden."""
        if self.hidden[row, column]:
            return None
        return rounded(int(self.values[row, column]))


def rounded(count: int) -> int:
    """A count to the nearest 10 below 1,000 and to the nearest 100 from there on; halves up."""
    step = 10 if count < 1000 else 100
    return (count + step // 2) // step * step


def rounded_up(count: float) -> int:
    """A count rounded up, so that «no more than» stays true."""
    step = 10 if count < 1000 else 100
    return int(-(-count // step) * step)


def with_margins(inner: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """A table [rows, columns] with the sums of its rows and columns, and of all."""
    table = np.asarray(inner, dtype=np.int64)
    table = np.column_stack([table, table.sum(axis=1)])
    return np.vstack([table, table.sum(axis=0)])


def protect(inner: Sequence[Sequence[int]]) -> Protected:
    """Hide all counts from 1 to below LEAST, and more until none can be known to be so small.

    Takes counts [rows, columns] without margins. A reader knows that counts are not negative and
    add up, and is even granted the shown counts unrounded: for each small count some table that
    agrees with all that is shown must hold LEAST or more there (the feasibility interval of
    cell suppression: Fischetti and Salazar, J. Am. Stat. Assoc. 95, 2000). If nothing else
    helps, all is hidden.
    """
    values = with_margins(inner)
    small = (values > 0) & (values < LEAST)
    hidden = small.copy()
    while True:
        open_to_all = [
            cell for cell in np.argwhere(small).tolist() if _most(values, hidden, cell) < LEAST
        ]
        if not open_to_all:
            return Protected(values, hidden)
        row, column = open_to_all[0]
        extra = _cheapest(values, hidden, row, column)
        if extra is None:
            return Protected(values, np.ones_like(hidden))
        hidden[extra] = True


def _most(values: NDArray[np.int64], hidden: NDArray[np.bool_], cell: list[int]) -> float:
    """The greatest value that a hidden cell may have for one who sees all that is not hidden."""
    rows, columns = values.shape
    number = np.full(values.shape, -1)
    number[hidden] = np.arange(hidden.sum())
    unknown = int(hidden.sum())
    signs = np.ones((rows, columns))
    lines: list[NDArray[np.float64]] = []
    sums: list[float] = []
    for axis, count in ((0, columns), (1, rows)):
        for i in range(count):
            at = (slice(None), i) if axis == 0 else (i, slice(None))
            sign = signs[at].copy()
            sign[-1] = -1
            mine, known = number[at], np.where(hidden[at], 0, values[at])
            line = np.zeros(unknown)
            line[mine[mine >= 0]] = sign[mine >= 0]
            lines.append(line)
            sums.append(-float((sign * known).sum()))
    aim = np.zeros(unknown)
    aim[number[cell[0], cell[1]]] = -1.0
    found = linprog(aim, A_eq=np.array(lines), b_eq=np.array(sums), bounds=(0, None))
    return float("inf") if found.fun is None else -float(found.fun)


def _cheapest(
    values: NDArray[np.int64], hidden: NDArray[np.bool_], row: int, column: int
) -> tuple[int, int] | None:
    """The smallest shown count in the row or column, margins last; anywhere if there is none."""
    rows, columns = values.shape
    shown = [
        (i in (rows - 1,) or j in (columns - 1,), i != row and j != column, values[i, j], i, j)
        for i in range(rows)
        for j in range(columns)
        if not hidden[i, j]
    ]
    if not shown:
        return None
    best = min(shown, key=lambda cell: (cell[1], cell[0], cell[2]))
    return best[3], best[4]
