"""What a folder can say that this planner cannot plan for yet; it refuses, never ignores."""

from __future__ import annotations

from lull.domain.case import Case
from lull.domain.fleet import Use
from lull.domain.people import Means
from lull.domain.place import INSIDE, SiteKind


def cannot_plan(case: Case) -> tuple[str, ...]:
    """One sentence for each kind of rule that the planner cannot keep; empty if it can plan."""
    return (
        *_linked(case), *_fleets_inside(case), *_exchange_alone(case), *_within_a_side(case),
    )


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
        if inside_exchange and k.number and k.sides == (INSIDE,) and Use.AID not in k.uses
    ]


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
    found += [
        f"Exchange points inside: {s.name or s.id} lies on the enclosed side, which cannot be "
        "planned yet."
        for s in case.sites.values()
        if s.kind is SiteKind.EXCHANGE and INSIDE in s.sides and case.groups
    ]
    return found


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
