"""The programme over what was found so far, solved by HiGHS; its duals are only proposals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import highspy
import numpy as np
from attrs import define, field
from numpy.typing import NDArray
from scipy import sparse

from lull.plan.program import Program
from lull.plan.proof.chain import Chain, Entries
from lull.plan.proof.pricing import Pricer
from lull.plan.proof.rounds import Round

Floats = NDArray[np.float64]

SHORT = 1e2
"""How many times dearer than the dearest gain it is to miss what earlier tiers demand."""


@define(eq=False, slots=False)
class RoundsMaster:
    """Columns of people and goods, and rounds of vehicles, chained where they turn.

    `lazy` are rows that count from when they are first exceeded. Columns stand in the order:
    programme, one to miss each demand, rounds, the chain's own.
    """

    program: Program
    pricers: Mapping[str, Pricer]
    columns: list[Round] = field(factory=list)
    lazy: list[str] = field(factory=list)
    demands: list[str] = field(factory=list)
    _known: set[Round] = field(factory=set)
    _rows: dict[str, int] = field(factory=dict)
    _cols: list[int] = field(factory=list)
    _index: list[int] = field(factory=list)
    _values: list[float] = field(factory=list)
    _binding: NDArray[np.bool_] = field(init=False)
    _base: sparse.csc_matrix = field(init=False)
    lacking: Floats = field(init=False)
    exceeded: bool = field(init=False, default=False)

    def __attrs_post_init__(self) -> None:
        self._base = self.program.matrix().tocsc()
        self._binding = np.ones(self._base.shape[0], dtype=bool)
        self.lacking = np.zeros(0)
        self._rows = {n: i for i, n in enumerate(self.program.names)}
        for name in self.lazy:
            self._binding[self._rows[name]] = False

    def add(self, columns: Iterable[Round]) -> int:
        """Take up columns that are not there yet; how many were new."""
        before = len(self.columns)
        for column in columns:
            if column in self._known:
                continue
            self._known.add(column)
            for name, value in column.rows:
                if name not in self._rows:  # nothing that it could carry there: of no use
                    continue
                self._cols.append(len(self.columns))
                self._index.append(self._rows[name])
                self._values.append(value)
            self.columns.append(column)
        return len(self.columns) - before

    def keep_binding(self, before: RoundsMaster) -> None:
        """Let the rows count that counted in a programme with fewer rows."""
        names = list(before._rows)
        for row in np.flatnonzero(before._binding).tolist():
            self._binding[self._rows[names[row]]] = True

    def solve(self, gain: Floats, active: Mapping[str, float]) -> tuple[float, Floats]:
        """Best value over the rounds known, and duals by row.

        `active` are demands that count, by row name with the price of missing one unit; other
        demand rows are switched off. Rows over time count from when they are first exceeded;
        `exceeded` says that there are new ones, so that the value is still too high.
        """
        chain, base = Chain.of(self.columns, self.pricers), self._base
        total, wide = base.shape
        high = total + len(chain.limits)
        base = sparse.csc_matrix((base.data, base.indices, base.indptr), shape=(high, wide))
        short = [self._rows[n] for n in active]
        missing = _sparse((short, list(range(len(short))), [-1.0] * len(short)), high, len(short))
        ours = _sparse((
            [*self._index, *(total + r for r in chain.ours[0])],
            [*self._cols, *chain.ours[1]], [*self._values, *chain.ours[2]],
        ), high, len(self.columns))
        arcs = _sparse(([total + r for r in chain.arcs[0]], *chain.arcs[1:]), high, chain.many)
        matrix = sparse.hstack([base, missing, ours, arcs]).tocsr()
        free = len(self.columns) + chain.many
        upper = np.concatenate([self.program.largest, np.full(len(short) + free, np.inf)])
        cost = np.concatenate([gain, [-p for p in active.values()], np.zeros(free)])
        limit = np.concatenate(
            [self.program.limits, chain.limits])
        off = [self._rows[n] for n in self.demands if n not in active]
        kept = np.concatenate([self._binding, np.ones(len(chain.limits), dtype=bool)])
        kept[off] = False
        limit[off] = np.inf
        rows = np.flatnonzero(kept)
        value, point, few = _solved(matrix[rows].tocsc(), cost, upper, limit[rows])
        duals = np.zeros(high)
        duals[rows] = few
        over = (matrix @ point > limit + 1e-6 * (1.0 + np.abs(limit)))[:total] & ~self._binding
        self.exceeded = bool(over[np.isfinite(limit[:total])].any())
        self._binding |= over
        self.lacking = np.asarray(ours.T @ duals, dtype=np.float64).ravel()
        return value, duals[:total]

    def drop(self, most: int) -> None:
        """Keep the rounds that came since or are nearest to being worth it, at most so many.

        What a round lacks counts with where it begins and ends; a solution from the middle uses
        every round a little, so that use says nothing.
        """
        if len(self.columns) <= most:
            return
        lacks = np.zeros(len(self.columns))
        lacks[: len(self.lacking)] = self.lacking
        keep = np.sort(np.argsort(lacks, kind="stable")[: most * 2 // 3])
        kept = [self.columns[i] for i in keep.tolist()]
        self.columns, self._known = [], set()
        self._cols, self._index, self._values = [], [], []
        self.lacking = np.zeros(0)
        self.add(kept)


def _sparse(entries: Entries, high: int, wide: int) -> sparse.csc_matrix:
    rows, columns, values = entries
    return sparse.csc_matrix((values, (rows, columns)), shape=(high, wide))


def _solved(
    matrix: sparse.csc_matrix, cost: Floats, upper: Floats, limit: Floats
) -> tuple[float, Floats, Floats]:
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, np.zeros(len(cost)), upper
    lp.row_lower_, lp.row_upper_ = np.full(len(limit), -np.inf), limit
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        matrix.indptr, matrix.indices, matrix.data)
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("solver", "ipm"), ("run_crossover", "off"),
                        ("threads", 1), ("ipm_optimality_tolerance", 1e-6)):
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    found = highs.getSolution()
    point = np.asarray(found.col_value, dtype=np.float64)
    duals = np.maximum(0.0, -np.asarray(found.row_dual, dtype=np.float64))
    return float(np.dot(cost, point)), point, duals
