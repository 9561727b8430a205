"""How long it takes to get from one place to another, for each kind of traveller."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from lull.domain.refusal import require

UNREACHABLE = -1

FOOT = "foot"
"""The profile of people who walk."""

OWN_CAR = "own_car"
"""The profile of private cars."""


@frozen
class Leg:
    """One way from a place to another: whole minutes (rounded up), metres, and its marks.

    `low`, `likely`, `high` are minutes; `metres` is 0 where a folder gave minutes alone;
    `approved` says that every street lies on an approved route; `mined` that a street of it
    is under suspicion of mines.
    """

    low: int
    likely: int
    high: int
    metres: float
    approved: bool
    mined: bool


@define(frozen=True, eq=False)
class TravelTable:
    """Travel minutes between all places of a pause, one layer a profile.

    `places` are place ids: sites by their id, gates by `Corridor.gate_place(side)`.
    Each array is indexed [from, to]; minutes are int32 with -1 where there is no way, metres
    float64, `approved` and `mined` bool. A profile is a vehicle type's id, `foot` or `own_car`.
    The way through a corridor stands here as the leg from one of its gates to the other.
    """

    places: tuple[str, ...]
    low: Mapping[str, NDArray[np.int32]]
    likely: Mapping[str, NDArray[np.int32]]
    high: Mapping[str, NDArray[np.int32]]
    metres: Mapping[str, NDArray[np.float64]]
    approved: Mapping[str, NDArray[np.bool_]]
    mined: Mapping[str, NDArray[np.bool_]]
    source: str = field(default="")

    def __attrs_post_init__(self) -> None:
        n = len(self.places)
        require(len(set(self.places)) == n, "A place stands twice in the travel table.")
        layers = (self.low, self.likely, self.high, self.metres, self.approved, self.mined)
        for layer in layers:
            require(
                set(layer) == set(self.likely),
                "The layers of the travel table do not hold the same profiles.",
            )
            for name, array in layer.items():
                require(
                    array.shape == (n, n),
                    f"The travel table of {name} is {array.shape}; {n} places need ({n}, {n}).",
                )

    @property
    def profiles(self) -> tuple[str, ...]:
        """The travellers that this table knows."""
        return tuple(self.likely)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Place id to row."""
        return {place: i for i, place in enumerate(self.places)}

    def leg(self, profile: str, start: str, end: str) -> Leg | None:
        """The leg from `start` to `end`, or None where there is no way.

        Raises KeyError for a profile or a place that the table does not hold.
        """
        i, j = self.index[start], self.index[end]
        likely = int(self.likely[profile][i, j])
        if likely == UNREACHABLE:
            return None
        return Leg(
            low=int(self.low[profile][i, j]),
            likely=likely,
            high=int(self.high[profile][i, j]),
            metres=float(self.metres[profile][i, j]),
            approved=bool(self.approved[profile][i, j]),
            mined=bool(self.mined[profile][i, j]),
        )
