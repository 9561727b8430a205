"""What a folder can say that this planner cannot plan for yet; it refuses, never ignores."""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.place import INSIDE


def cannot_plan(case: Case) -> tuple[str, ...]:
    """One sentence for each kind of rule that the planner cannot keep; empty if it can plan."""
    return tuple(_within_a_side(case))


def _within_a_side(case: Case) -> list[str]:
    """Journeys and loads that cross no corridor, or more than one."""
    found = []
    for g in case.groups.values():
        if g.wishing and INSIDE not in case.sites[g.site].sides:
            found.append(f"People outside: {g.id} waits at {g.site}, which does not lie on the "
                         "enclosed side; journeys from there cannot be planned yet.")
        inner = [d for d in g.destinations if INSIDE in case.sites[d].sides]
        if g.wishing and inner:
            found.append(f"Destinations inside: {g.id} may go to {', '.join(inner)} on the "
                         "enclosed side, which cannot be planned yet.")
    found += [
        f"Bases inside: {k.name or k.id} starts at {k.base} on the enclosed side and may leave "
        "it, which cannot be planned yet."
        for k in case.fleet.values()
        if k.number and INSIDE in case.sites[k.base].sides and k.sides != (INSIDE,)
    ]
    found += [
        f"Corridors between two sides outside: {c.name or c.id} joins {c.inside_gate.side} and "
        f"{c.outside_gate.side}, which cannot be planned yet."
        for c in case.corridors.values() if c.inside_gate.side != INSIDE and case.groups
    ]
    return found
