"""What lies beyond an exchange point: which fleets drive there, and where they bring people."""

from __future__ import annotations

from lull.domain.fleet import VehicleType
from lull.domain.people import Group
from lull.domain.place import SiteKind
from lull.plan.ground import Ground
from lull.plan.pools import NEVER


def beyond(ground: Ground, group: Group, exchange: str) -> list[str]:
    """Where an onward fleet can bring a group from an exchange point, the quickest first."""
    found = []
    for site in ground.destinations(group):
        minutes = [
            ground.minutes(k.id, exchange, site.id)
            for k in ground.case.fleet.values()
            if k.number and serves_onward(ground, k) and ground.carries(k, group)
            and set(site.sides) & set(k.sides) and set(ground.site(exchange).sides) & set(k.sides)
        ]
        if min(minutes, default=NEVER) < NEVER:
            found.append((min(minutes), site.id))
    return [site for _, site in sorted(found)]


def serves_onward(ground: Ground, kind: VehicleType) -> bool:
    """Whether a type drives only on the far side of an exchange point, away from any gate."""
    gates = {side for c in ground.case.corridors.values() for side in c.sides(next(iter(
        c.directions)))}
    near = [
        s for s in ground.case.sites.values()
        if s.kind is SiteKind.EXCHANGE and set(s.sides) & set(kind.sides)
    ]
    return bool(near) and not gates <= set(kind.sides) and "inside" not in kind.sides
