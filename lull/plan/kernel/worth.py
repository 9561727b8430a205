"""The value of every tier from the arrays."""

from __future__ import annotations

from lull.compiling.jit import compiled
from lull.compiling.pointer import pointer_to
from lull.plan.kernel.load import cell_value, line_value
from lull.plan.kernel.state import State
from lull.plan.kernel.tables import Floats, Tables


@compiled
def total_value(tables: Tables, state: State, value: Floats) -> None:
    """Add the value of all that is served and delivered, tier by tier, into `value`."""
    t, s = pointer_to(tables), pointer_to(state)
    for c in range(len(t.cell)):
        value[t.cell[c, 1]] += t.cell_weight[c] * cell_value(t, c, s.served[c])
    for line in range(len(t.line)):
        line_value(t, line, s.delivered[line], value, 1.0)
