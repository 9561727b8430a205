"""An integer programme that leaves as few loads as possible, solved by HiGHS."""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

NEAR = 1e-4
"""How far from whole a number of loads may be and still be taken for whole."""

WHOLE, FINE = 0.99, 0.02
"""How near the best a point is to be: what is left are whole loads, or loads with weights."""


@frozen(eq=False)
class Solved:
    """A point (None: none was found), the loads it leaves, and how many any point leaves."""

    point: NDArray[np.int64] | None
    left: float
    least: float


def least_left(
    program: highspy.HighsLp, stop: Callable[[], bool], nodes: int = 0, *, all_or_nothing: bool
) -> Solved:
    """Minimise over whole points; ends early on `stop()` or after so many nodes (0: no limit).

    `all_or_nothing` ends as well as soon as every point is known to leave a load.
    """
    program.integrality_ = [highspy.HighsVarType.kInteger] * program.num_col_
    highs = highspy.Highs()
    near = WHOLE if all_or_nothing else FINE
    for name, value in (("output_flag", False), ("threads", 1), ("mip_abs_gap", near),
                        ("random_seed", 0)):
        highs.setOptionValue(name, value)
    if nodes:
        highs.setOptionValue("mip_max_nodes", nodes)
    reached = [-np.inf]

    def watch(event: highspy.HighsCallbackEvent) -> None:
        bound = float(event.data_out.mip_dual_bound)
        if np.isfinite(bound):
            reached[0] = max(reached[0], bound)
        if stop() or (all_or_nothing and bound > NEAR and np.isfinite(bound)):
            event.interrupt()

    highs.passModel(program)
    highs.cbMipInterrupt.subscribe(watch)
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return Solved(None, np.inf, np.inf)
    info = highs.getInfo()
    least = max(reached[0], float(info.mip_dual_bound))
    if not highs.getSolution().value_valid:
        return Solved(None, np.inf, least)
    point = np.rint(np.asarray(highs.getSolution().col_value)).astype(np.int64)
    return Solved(point, float(info.objective_function_value), least)
