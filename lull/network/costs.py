"""Seconds on each directed edge for a kind of traveller, under given conditions."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from lull.network.closures import Conditions
from lull.network.profiles import Profile
from lull.network.speeds import FREE_FLOW, WALKING, Speed
from lull.network.streets import Bools, Floats, Streets


@frozen(eq=False)
class EdgeCosts:
    """Directed edges [2 s]: whether they may be used, and seconds low, likely and high.

    `low` rests on the high speed. `mined` and `approved` mark edges [2 s].
    """

    usable: Bools
    low: Floats
    likely: Floats
    high: Floats
    mined: Bools
    approved: Bools

    def only(self, usable: Bools) -> EdgeCosts:
        """The same costs on those of the usable edges that are also in `usable`."""
        return EdgeCosts(
            self.usable & usable, self.low, self.likely, self.high, self.mined, self.approved
        )


def edge_costs(
    streets: Streets,
    profile: Profile,
    state: Conditions | None = None,
    approved: Bools | None = None,
) -> EdgeCosts:
    """Seconds on each edge for a profile; `approved` marks streets [s]."""
    speed = _speeds(streets, profile)
    factor = np.ones(len(streets)) if state is None else state.factor
    metres_per_hour = speed * profile.speed_factor * factor[:, None] * 1000.0
    seconds = np.repeat(streets.length_m[:, None] * 3600.0 / metres_per_hour, 2, axis=0)
    usable = streets.open_to(profile)
    none = np.zeros(len(usable), dtype=np.bool_)
    if state is not None:
        usable = usable & ~np.repeat(state.closed, 2)
    return EdgeCosts(
        usable=usable,
        low=np.ascontiguousarray(seconds[:, 2]),
        likely=np.ascontiguousarray(seconds[:, 1]),
        high=np.ascontiguousarray(seconds[:, 0]),
        mined=none if state is None else np.repeat(state.mined, 2),
        approved=none if approved is None else np.repeat(approved, 2),
    )


def _speeds(streets: Streets, profile: Profile) -> Floats:
    """Low, likely and high speed in km/h on each street [s, 3]."""

    def row(highway: str) -> Speed:
        return WALKING if profile.on_foot else FREE_FLOW.get(highway, FREE_FLOW["road"])

    table = np.array(
        [(s.low_kmh, s.likely_kmh, s.high_kmh) for s in map(row, streets.highways)]
    ).reshape(-1, 3)
    return np.asarray(table[streets.highway], dtype=np.float64)
