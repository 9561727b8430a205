"""What a folder can say that no plan can do, as the rules forbid it; refused, never ignored."""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.place import INSIDE


def cannot_plan(case: Case) -> tuple[str, ...]:
    """One sentence for each thing asked for that the rules forbid; empty if there is none."""
    return tuple(
        f"Into the enclosed side: {g.id} waits at {g.site} outside and may go only to "
        f"{', '.join(g.destinations)} on the enclosed side; nobody is planned into it."
        for g in case.groups.values()
        if g.wishing and g.destinations and INSIDE not in case.sites[g.site].sides
        and all(case.sites[d].inside for d in g.destinations)
    )
