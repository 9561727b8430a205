"""The certified value of a linear programme is never below any feasible point."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.plan.program import Program


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_feasible_point_exceeds_the_certified_value_at_any_duals(seed: int) -> None:
    """Random programmes, random points scaled until feasible, random duals."""
    rng = np.random.default_rng(seed)
    program, columns, rows = Program(), int(rng.integers(1, 7)), int(rng.integers(1, 6))
    largest = rng.uniform(0, 9, columns)
    for n in range(columns):
        program.column(n, largest[n])
    matrix = rng.uniform(0, 3, (rows, columns)) * (rng.random((rows, columns)) < 0.7)
    limits = rng.uniform(0, 12, rows)
    for r in range(rows):
        program.at_most(str(r), [(n, matrix[r, n]) for n in range(columns)], limits[r])
    gain = rng.uniform(-1, 4, columns)
    found = program.best(dict(enumerate(gain)))
    assert found is not None
    value, duals = found
    for _ in range(30):
        point = rng.uniform(0, 1, columns) * largest
        over = np.max(np.divide(matrix @ point, limits, out=np.zeros(rows), where=limits > 0))
        point = point / max(1.0, over)
        if np.all(matrix @ point <= limits + 1e-9):
            assert gain @ point <= value + 1e-7
    other = np.maximum(0.0, duals + rng.normal(0, 1, rows))
    assert program.value_at(gain, program.matrix(), other) >= value - 1e-6


def test_a_programme_worked_by_hand() -> None:
    """max 3x + 2y, x + y ≤ 4, x ≤ 3, y ≤ 3: x = 3, y = 1, value 11."""
    program = Program()
    program.column("x", 3)
    program.column("y", 3)
    program.at_most("both", [("x", 1), ("y", 1)], 4)
    found = program.best({"x": 3.0, "y": 2.0})
    assert found is not None
    assert abs(found[0] - 11) < 1e-9
