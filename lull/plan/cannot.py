"""What a folder can say that this planner cannot plan for yet; it refuses, never ignores."""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.people import Means
from lull.domain.place import INSIDE, SiteKind


def cannot_plan(case: Case) -> tuple[str, ...]:
    """One sentence for each kind of rule that the planner cannot keep; empty if it can plan."""
    return tuple(_linked(case)) + tuple(_fleets_inside(case)) + tuple(_exchange_alone(case))


def _linked(case: Case) -> list[str]:
    return [
        f"Linked corridors: {c.id} moves in step with {c.link.other}, which cannot be planned yet."
        for c in case.corridors.values()
        if c.link is not None and c.link.other in case.corridors
    ]


def _fleets_inside(case: Case) -> list[str]:
    inside_exchange = any(
        s.kind is SiteKind.EXCHANGE and INSIDE in s.sides for s in case.sites.values()
    )
    return [
        f"Fleets based inside: {k.name or k.id} carries people from assembly points to an "
        "exchange point inside, which cannot be planned yet."
        for k in case.fleet.values()
        if inside_exchange and k.number and k.sides == (INSIDE,)
    ]


def _exchange_alone(case: Case) -> list[str]:
    """People on foot or in their own cars who would need a second fleet beyond an exchange."""
    sides = {side for c in case.corridors.values() for side in (c.inside_gate.side,
                                                                c.outside_gate.side)}
    found = []
    for group in case.groups.values():
        if group.means is not Means.ON_FOOT or not group.wishing or not group.destinations:
            continue
        ends = [case.sites[d] for d in group.destinations]
        if all(not set(e.sides) & sides for e in ends):
            found.append(
                f"Walkers who change to vehicles: {group.id} is on foot but may only go beyond "
                "an exchange point, which cannot be planned yet."
            )
    return found
