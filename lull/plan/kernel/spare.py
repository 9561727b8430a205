"""How much of the gates is still of use to those who come later."""

from __future__ import annotations

from lull.compiling.jit import compiled
from lull.compiling.pointer import pointer_to
from lull.plan.kernel.columns import (
    CHECK,
    CLOSES,
    GATE_HEADWAY,
    GATE_OUT,
    GATES,
    MARGIN,
    OPENS,
    POOL,
    TRANSIT,
)
from lull.plan.kernel.state import BLOCKED, State
from lull.plan.kernel.tables import NO, Tables


@compiled
def spare_checks(tables: Tables, state: State, k: int) -> int:
    """Vehicles of a type that could still be checked on ways out, convoy after convoy.

    A gap between two convoys is of use only as far as whole checks fit into it, so that the same
    minutes in one piece are worth more than in crumbs.
    """
    t, s, total = pointer_to(tables), pointer_to(state), 0
    for w in range(len(t.windows)):
        closes = t.windows[w, CLOSES] - t.rules[MARGIN]
        for g in range(len(t.gate)):
            if not t.gate[g, GATE_OUT] or t.gate_kind[TRANSIT, g, k] >= NO:
                continue
            p, block = t.gate[g, POOL], max(1, t.gate_kind[CHECK, g, k])
            last = closes - block - t.gate_kind[TRANSIT, g, k]
            at = t.clock[0, t.windows[w, OPENS]]
            while at <= last:
                free = t.lanes[p]
                if s.starts[BLOCKED, g, at] > 0 or t.clock[t.rules[GATES] + g, at] < at + block:
                    free = 0
                for m in range(at, at + block if free else at):
                    free = min(free, t.lanes[p] - s.used[p, m])
                total += max(0, free)
                step = max(block, t.gate[g, GATE_HEADWAY]) if free > 0 else 1
                at = t.clock[0, at + step]
    return total
