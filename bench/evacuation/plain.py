"""The evacuation as a plain mixed-integer programme: each bus and trip a binary, least makespan.

Bus b carries a load from point p to shelter s on its trip t (binary); it drives back from s to q
between two trips (at least the two trips' binaries less 1); its day is no longer than the makespan;
trips of a bus are filled from the first on. This is the form in which the problem was published
(Bish 2011, doi:10.1007/s00291-011-0264-1), solved by HiGHS with nothing added.
"""

from __future__ import annotations

from collections import defaultdict

import highspy
import numpy as np
from attrs import define, field, frozen
from scipy import sparse

from lull.plan.makespan.instance import Evacuation

Key = tuple[int, int, int, int]


@frozen
class Plain:
    """The makespan found (None: none), the bound proven, and whether the two have met."""

    minutes: float | None
    low: float
    proved: bool


@define
class _Rows:
    """Rows of a programme as they are written down."""

    entries: list[tuple[int, int, float]] = field(factory=list)
    low: list[float] = field(factory=list)
    high: list[float] = field(factory=list)

    def add(self, low: float, high: float, cells: dict[int, float]) -> None:
        """One row."""
        self.entries += [(len(self.low), column, value) for column, value in cells.items()]
        self.low.append(low)
        self.high.append(high)


def solve_plain(of: Evacuation, trips: int, seconds: float) -> Plain:
    """Solve the plain model with at most so many trips a bus, within so many seconds.

    Ways that are not there are not written down; `trips` must be enough for a best answer.
    """
    yards = [y for y, many in enumerate(of.buses) for _ in range(many)]
    carries = [(p, s) for p, s in np.argwhere(of.carry >= 0).tolist() if of.loads[p]]
    backs = [(s, p) for s, p in np.argwhere(of.back >= 0).tolist() if of.loads[p]]
    x = {key: i for i, key in enumerate(
        (b, t, p, s) for b in range(len(yards)) for t in range(trips) for p, s in carries)}
    y = {key: len(x) + i for i, key in enumerate(
        (b, t, s, p) for b in range(len(yards)) for t in range(trips - 1) for s, p in backs)}
    wide = len(x) + len(y) + 1
    matrix, rows = _rows(of, yards, trips, x, y)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = np.concatenate([np.zeros(wide - 1), [1.0]])
    lp.col_lower_ = np.zeros(wide)
    lp.col_upper_ = np.concatenate([np.ones(wide - 1), [highspy.kHighsInf]])
    lp.row_lower_, lp.row_upper_ = np.array(rows.low), np.array(rows.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = (
        matrix.indptr, matrix.indices, matrix.data)
    whole, free = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * len(x) + [free] * len(y) + [whole]
    return _solved(lp, seconds)


def _rows(
    of: Evacuation, yards: list[int], trips: int, x: dict[Key, int], y: dict[Key, int]
) -> tuple[sparse.csc_matrix, _Rows]:
    inf, last, rows = highspy.kHighsInf, len(x) + len(y), _Rows()
    day: dict[int, dict[int, float]] = defaultdict(lambda: {last: -1.0})
    turn: dict[tuple[int, int], list[int]] = defaultdict(list)
    loads: dict[int, dict[int, float]] = defaultdict(dict)
    places: dict[int, dict[int, float]] = defaultdict(dict)
    ends: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    boards: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for (b, t, p, s), i in x.items():
        out = int(of.out[yards[b], p])
        if t == 0 and out < 0:
            rows.add(0, 0, {i: 1.0})
        day[b][i] = float(of.carry[p, s]) + (max(0, out) if t == 0 else 0)
        turn[b, t].append(i)
        loads[p][i] = places[s][i] = 1.0
        ends[b, t, s].append(i)
        boards[b, t, p].append(i)
    for (b, _, s, p), i in y.items():
        day[b][i] = float(of.back[s, p])
    for cells in day.values():
        rows.add(-inf, 0, cells)
    for (b, t), now in turn.items():
        rows.add(-inf, 1, dict.fromkeys(now, 1.0))
        if t:
            rows.add(-inf, 0, dict.fromkeys(now, 1.0) | dict.fromkeys(turn[b, t - 1], -1.0))
    for (b, t, s), before in ends.items():
        for p in range(len(of.points) if t + 1 < trips else 0):
            cells = dict.fromkeys([*before, *boards[b, t + 1, p]], 1.0)
            if (b, t, s, p) in y:
                cells[y[b, t, s, p]] = -1.0
            rows.add(-inf, 1, cells)
    for p, many in enumerate(of.loads):
        rows.add(many, many, loads[p])
    for s, many in enumerate(of.places):
        rows.add(-inf, many, places[s])
    at, column, value = zip(*rows.entries, strict=True)
    return sparse.csc_matrix((value, (at, column)), shape=(len(rows.low), last + 1)), rows


def _solved(lp: highspy.HighsLp, seconds: float) -> Plain:
    highs = highspy.Highs()
    for name, value in (("output_flag", False), ("threads", 1), ("time_limit", seconds),
                        ("mip_abs_gap", 0.999), ("mip_rel_gap", 0.0)):
        highs.setOptionValue(name, value)
    highs.passModel(lp)
    highs.run()
    info = highs.getInfo()
    found = float(info.objective_function_value) if highs.getSolution().value_valid else None
    proved = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return Plain(found if found is None else round(found), float(info.mip_dual_bound), proved)
