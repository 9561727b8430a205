"""What lies before and beyond an exchange point: which fleets drive there, and for whom."""

from __future__ import annotations

from lull.domain.fleet import Use, VehicleType
from lull.domain.people import Group
from lull.domain.place import INSIDE, Site, SiteKind
from lull.plan.ground import Ground
from lull.plan.pools import NEVER


def is_shuttle(ground: Ground, kind: VehicleType) -> bool:
    """Whether a type for people passes no gate: it lives inside, or beyond an exchange point."""
    if kind.id not in ground.shuttles:
        ground.shuttles[kind.id] = _passes_no_gate(ground, kind)
    return ground.shuttles[kind.id]


def _passes_no_gate(ground: Ground, kind: VehicleType) -> bool:
    if Use.AID in kind.uses:
        return False
    if kind.sides == (INSIDE,):
        return True
    gates = {side for c in ground.case.corridors.values()
             for side in (c.inside_gate.side, c.outside_gate.side)}
    near = any(s.kind is SiteKind.EXCHANGE and set(s.sides) & set(kind.sides)
               for s in ground.case.sites.values())
    return near and not gates <= set(kind.sides) and INSIDE not in kind.sides


def serves_onward(ground: Ground, kind: VehicleType) -> bool:
    """Whether a type drives rides alone, and no rounds through gates."""
    return is_shuttle(ground, kind)


def shuttles(ground: Ground, group: Group, start: str, end: str) -> list[VehicleType]:
    """Types that pass no gate and can drive people of a group from one place to another."""
    found = []
    for kind in ground.case.fleet.values():
        if not kind.number or not is_shuttle(ground, kind) or not ground.carries(kind, group):
            continue
        sides = set(kind.sides) & set(ground.site(kind.base).sides)
        sides &= set(ground.site(start).sides) & set(ground.site(end).sides)
        legs = (ground.minutes(kind.id, kind.base, start), ground.minutes(kind.id, start, end),
                ground.minutes(kind.id, end, kind.base))
        if sides and max(legs) < NEVER:
            found.append(kind)
    return found


def ends_of(ground: Ground, group: Group) -> list[Site]:
    """Where a journey of a group may end, on whatever side."""
    return [s for s in ground.case.sites.values() if ground.may_end_at(group, s)
            and (s.id in group.destinations or not s.inside) and s.id != group.site]


def beyond(ground: Ground, group: Group, exchange: str) -> list[str]:
    """Where a fleet that passes no gate can bring a group from an exchange point.

    The quickest first.
    """
    found = []
    for site in ends_of(ground, group):
        minutes = [ground.minutes(k.id, exchange, site.id)
                   for k in shuttles(ground, group, exchange, site.id)]
        if minutes:
            found.append((min(minutes), site.id))
    return [site for _, site in sorted(found)]


def fed(ground: Ground, exchange: str) -> list[Group]:
    """Groups whom a fleet that lives inside can bring to an exchange point."""
    if INSIDE not in ground.site(exchange).sides:
        return []
    return [
        g for g in ground.case.groups.values()
        if g.wishing and g.site != exchange and shuttles(ground, g, g.site, exchange)
    ]


def fed_points(ground: Ground) -> list[str]:
    """Exchange points to which a fleet that lives inside can bring somebody."""
    return [s.id for s in ground.case.sites.values()
            if s.kind is SiteKind.EXCHANGE and fed(ground, s.id)]


def stays_outside(ground: Ground, kind: VehicleType) -> bool:
    """Whether a type is based inside and may leave: then it ends its days outside."""
    return ground.site(kind.base).inside and kind.sides != (INSIDE,)


def day_ends(ground: Ground, kind: VehicleType, place: str) -> str:
    """Where a vehicle's day ends after a last round that ends at a place.

    At its base; if it may not stay there, at that place or, from a gate, at the nearest site.
    """
    if not stays_outside(ground, kind):
        return kind.base
    if place in ground.case.sites:
        return place
    near = [s.id for s in ground.case.sites.values()
            if not s.inside and set(s.sides) & set(kind.sides)]
    return min(near, key=lambda s: (ground.minutes(kind.id, place, s), s), default=kind.base)


def minutes_home(ground: Ground, kind: VehicleType, place: str) -> int:
    """Minutes from where a vehicle's last round ends to where its day ends."""
    return ground.minutes(kind.id, place, day_ends(ground, kind, place))
