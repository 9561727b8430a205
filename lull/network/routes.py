"""A way as it is driven or walked: its line, its length, its streets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from attrs import frozen

from lull.network.costs import EdgeCosts
from lull.network.matrices import AT_JUNCTION_M
from lull.network.streets import Floats, Streets

T = TypeVar("T")

Trace = Sequence[tuple[int, float, float]]
"""A way as (directed edge, from share, to share), as `TravelEngine.trace` gives it."""


@frozen(eq=False)
class Route:
    """A way between two places.

    `lon`, `lat` are degrees, in order. `metres` is its length; `low`, `likely`, `high` are
    seconds. `edges` are directed edges of the streets (empty where the way is a line drawn by
    hand), `way_ids` and `names` those of its streets, each once in a row. `approved` says that
    all of it is an approved route, `mined` that a part is under suspicion of mines.
    """

    lon: tuple[float, ...]
    lat: tuple[float, ...]
    metres: float
    low: float
    likely: float
    high: float
    edges: tuple[int, ...]
    way_ids: tuple[int, ...]
    names: tuple[str, ...]
    approved: bool
    mined: bool


def route_of(
    streets: Streets, costs: EdgeCosts, trace: Trace, *, approved: bool, factor: float = 1.0
) -> Route:
    """The route along a trace; `factor` multiplies its speeds."""
    edges = np.array([edge for edge, _, _ in trace], dtype=np.int64)
    share = np.array([to - start for _, start, to in trace])
    pieces = [_piece(streets, *step) for step in trace]
    lon, lat = _joined([x for x, _ in pieces]), _joined([y for _, y in pieces])
    new = np.ones(len(lon), dtype=np.bool_)
    new[1:] = (np.diff(lon) != 0) | (np.diff(lat) != 0)
    metres = share * streets.length_m[edges >> 1]
    walked = (metres >= AT_JUNCTION_M) | (len(edges) == 1)
    street = (edges >> 1)[walked]
    return Route(
        lon=tuple(lon[new].tolist()),
        lat=tuple(lat[new].tolist()),
        metres=float(metres.sum()),
        low=float((share * costs.low[edges]).sum()) / factor,
        likely=float((share * costs.likely[edges]).sum()) / factor,
        high=float((share * costs.high[edges]).sum()) / factor,
        edges=tuple(edges[walked].tolist()),
        way_ids=_in_a_row(streets.way_id[street].tolist()),
        names=tuple(
            name for name in _in_a_row([streets.names[i] for i in streets.name[street]]) if name
        ),
        approved=approved,
        mined=bool(costs.mined[edges].any()),
    )


def _piece(streets: Streets, edge: int, start: float, to: float) -> tuple[Floats, Floats]:
    """Points of a directed edge between two shares of its length."""
    if edge % 2 == 0:
        return streets.part(edge // 2, start, to)
    lon, lat = streets.part(edge // 2, 1.0 - to, 1.0 - start)
    return lon[::-1], lat[::-1]


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.empty(0)


def _in_a_row(values: Sequence[T]) -> tuple[T, ...]:
    """The values without repetitions next to each other."""
    return tuple(v for i, v in enumerate(values) if i == 0 or v != values[i - 1])
