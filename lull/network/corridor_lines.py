"""The way through a corridor that gives its own line."""

from __future__ import annotations

import numpy as np
import shapely
import shapely.ops
from attrs import frozen
from shapely import LineString

from lull.network.closures import (
    Conditions,
    approved_area,
    approved_streets,
    pieces_in,
    touching,
)
from lull.network.costs import edge_costs
from lull.network.geodesy import distance_m
from lull.network.matrices import Ends, TravelEngine
from lull.network.profiles import Profile
from lull.network.routes import Route, route_of
from lull.network.snapping import FAR_M, snap
from lull.network.speeds import FREE_FLOW, WALKING
from lull.network.streets import Floats, Streets

OFF_STREETS = FREE_FLOW["unclassified"]
"""Speed of vehicles along a corridor's line where the extract has no street: ASSUMED."""


@frozen(eq=False)
class CorridorLine:
    """A corridor's own line (degrees) and where its gates inside and outside lie along it.

    `engine` knows the streets under the line, with the gate inside as place 0 and the one
    outside as place 1; None where the extract has no streets there.
    """

    streets: Streets
    line: LineString
    at_inside: float
    at_outside: float
    on_foot: bool
    engine: TravelEngine | None

    def route(self, *, outwards: bool, factor: float = 1.0) -> Route | None:
        """The way along the line; None where the streets under it are closed that way."""
        if self.engine is not None:
            trace = self.engine.trace(0, 1) if outwards else self.engine.trace(1, 0)
            if not trace:
                return None
            return route_of(self.streets, self.engine.costs, trace, approved=True, factor=factor)
        ends = (self.at_inside, self.at_outside) if outwards else (self.at_outside, self.at_inside)
        lon, lat = shapely.get_coordinates(shapely.ops.substring(self.line, *ends)).T
        metres = float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())
        speed = WALKING if self.on_foot else OFF_STREETS
        low, likely, high = (
            metres * 3.6 / kmh / factor for kmh in (speed.high_kmh, speed.likely_kmh, speed.low_kmh)
        )
        return Route(
            tuple(lon.tolist()), tuple(lat.tolist()), metres, low, likely, high,
            edges=(), way_ids=(), names=(), approved=True, mined=False,
        )  # fmt: skip


def corridor_line(
    streets: Streets, state: Conditions, profile: Profile, line: LineString, gates: Floats
) -> tuple[CorridorLine | None, str]:
    """The way along a corridor's line between its gates [2, 2] (degrees), and a note or "".

    Streets of which nine tenths lie within 30 m of the line are followed; where, with every
    street open, these do not join the gates, the line itself is. None where the line passes
    further than 200 m from a gate.
    """
    places = [float(line.project(shapely.Point(*gate))) for gate in gates]
    on_line = [line.interpolate(at) for at in places]
    away = max(
        float(distance_m(gate[0], gate[1], point.x, point.y))
        for gate, point in zip(gates, on_line, strict=True)
    )
    if away > FAR_M:
        return None, (
            f"Its line passes {away:.0f} m from a gate; the shortest way between the gates is "
            "taken instead."
        )
    whole = Conditions(np.zeros_like(state.closed), state.factor, state.mined)
    engine = None
    if _engine_under(streets, whole, profile, line, gates) is not None:
        engine = _engine_under(streets, state, profile, line, gates, even_closed=True)
    found = CorridorLine(streets, line, places[0], places[1], profile.on_foot, engine)
    if engine is None:
        return found, (
            "No streets of the extract follow its line from gate to gate; the line itself is "
            f"taken, at {OFF_STREETS.likely_kmh:g} km/h for vehicles (assumed)."
        )
    return found, ""


def _engine_under(
    streets: Streets,
    state: Conditions,
    profile: Profile,
    line: LineString,
    gates: Floats,
    *,
    even_closed: bool = False,
) -> TravelEngine | None:
    """An engine on the streets under a line; None where they join the gates in no direction."""
    area = approved_area(streets, [line])
    under = approved_streets(streets, area)
    costs = edge_costs(streets, profile, state, under)
    opened = edge_costs(streets, profile).usable
    near = (opened[0::2] | opened[1::2]) & (under | touching(streets, area))
    snaps = snap(streets, near, gates[:, 0], gates[:, 1])
    pieces = pieces_in(streets, snaps.street, snaps.fraction, area)
    engine = TravelEngine(
        streets,
        costs.only(np.repeat(under, 2)),
        snaps,
        Ends(costs.usable, pieces, pieces),
        keep=False,
    )
    seconds = engine.legs().likely
    joined = bool(np.isfinite(seconds[0, 1]) or np.isfinite(seconds[1, 0]))
    return engine if joined or even_closed else None
