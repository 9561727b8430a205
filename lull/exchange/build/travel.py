"""Rows of `travel_minutes.csv` into the travel table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lull.domain.people import Means
from lull.domain.time import Estimate
from lull.domain.travel import FOOT, OWN_CAR, UNREACHABLE, TravelTable
from lull.exchange.build.draft import Draft
from lull.exchange.rows import Row

ALL = "all"


def places_of(draft: Draft) -> tuple[str, ...]:
    """The places of a travel table: sites in their order, then each corridor's two gates."""
    gates = [
        corridor.gate_place(gate.side)
        for corridor in draft.corridors.values()
        for gate in (corridor.inside_gate, corridor.outside_gate)
    ]
    return (*draft.sites, *gates)


def profiles_of(draft: Draft) -> tuple[str, ...]:
    """Who travels: every vehicle type, people on foot, and own cars where a group has them."""
    cars = any(group.means is Means.OWN_CAR for group in draft.groups.values())
    return (*draft.fleet, FOOT, *((OWN_CAR,) if cars else ()))


def build_travel(draft: Draft, streets: TravelTable | None = None) -> None:
    """Fill in the draft's travel table from rows, each where both its places are known.

    `streets` is the table made of streets, over which the rows count; places without a position
    are not in it and are reached by rows alone.
    """
    places, profiles = places_of(draft), profiles_of(draft)
    index = {place: i for i, place in enumerate(places)}
    n = len(places)

    def blank(value: float | bool, kind: type) -> dict[str, np.ndarray]:
        return {p: np.full((n, n), value, dtype=kind) for p in profiles}

    minutes = [blank(UNREACHABLE, np.int32) for _ in range(3)]
    metres = blank(0.0, np.float64)
    approved, mined = blank(True, np.bool_), blank(False, np.bool_)
    for layer in minutes:
        for array in layer.values():
            np.fill_diagonal(array, 0)
    if streets is not None:
        _take_over(streets, index, (*minutes, metres, approved, mined))
    rows = [row for row in draft.rows.get("travel_minutes", []) if row.good]
    general = [row for row in rows if row.get("profile", ALL) == ALL]
    special = [row for row in rows if row.get("profile", ALL) != ALL]
    for row in (*general, *special):
        for start, end in _ways(row):
            if start not in index or end not in index or start == end:
                continue
            i, j = index[start], index[end]
            for profile in _profiles_of(row, profiles):
                estimate: Estimate = row["minutes"]
                for layer, value in zip(
                    minutes, (estimate.low, estimate.likely, estimate.high), strict=True
                ):
                    layer[profile][i, j] = value
                metres[profile][i, j] = row.get("metres", 0.0)
                approved[profile][i, j], mined[profile][i, j] = True, False
    low, likely, high = minutes
    draft.travel = TravelTable(
        places, low, likely, high, metres, approved, mined,
        "travel_minutes.csv" + (f", else {streets.source}" if streets else ""),
    )  # fmt: skip


def _take_over(
    streets: TravelTable, index: dict[str, int], layers: tuple[dict[str, np.ndarray], ...]
) -> None:
    """Copy what the streets give into the layers of a table with more places."""
    at = np.array([index[place] for place in streets.places], dtype=np.intp)
    block = np.ix_(at, at)
    given = (streets.low, streets.likely, streets.high, streets.metres, streets.approved,
             streets.mined)  # fmt: skip
    for layer, of_streets in zip(layers, given, strict=True):
        for profile, array in of_streets.items():
            layer[profile][block] = array


def _ways(row: Row) -> Iterator[tuple[str, str]]:
    yield row["from"], row["to"]
    if row.get("both_ways"):
        yield row["to"], row["from"]


def _profiles_of(row: Row, profiles: tuple[str, ...]) -> tuple[str, ...]:
    named = row.get("profile", ALL)
    if named != ALL:
        return (named,) if named in profiles else ()
    return tuple(profile for profile in profiles if profile != FOOT)
