"""The vehicles: types, numbers, and what each may carry and where."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from lull.domain.place import OUTSIDE
from lull.domain.refusal import require, require_one_of, require_whole


class Use(StrEnum):
    """What a vehicle type may be used for."""

    PASSENGERS = "passengers"
    WOUNDED = "wounded"
    FIGHTERS = "fighters"
    AID = "aid"


@frozen
class VehicleType:
    """A type of vehicle at one base; two bases mean two rows.

    `sides` are the sides of the line on which it may drive. `payload_t` is tonnes.
    `mobilise` is minutes from the notice to leaving its base; `available_from` and
    `available_to` are minutes since the origin (None: the whole time). `crew_duty` is the most
    minutes a crew may be on duty in any 24 hours. `medical` types take wounded of any status.
    """

    id: str
    name: str
    number: int
    base: str
    uses: frozenset[Use]
    sides: tuple[str, ...] = (OUTSIDE,)
    seats: int = 0
    stretchers: int = 0
    payload_t: float = 0.0
    speed_factor: float = 1.0
    mobilise: int = 0
    available_from: int | None = None
    available_to: int | None = None
    crew_duty: int | None = None
    assumed: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"Vehicle type {self.id!r}"
        require(bool(self.id), "A vehicle type has no id.")
        require("#" not in self.id, f"{where}: an id may not hold '#'.")
        require_whole(self.number, f"{where}: the number of vehicles")
        require_whole(self.seats, f"{where}: seats")
        require_whole(self.stretchers, f"{where}: stretchers")
        require_whole(self.mobilise, f"{where}: minutes to mobilise")
        require(self.payload_t >= 0, f"{where}: a payload of {self.payload_t} t is not possible.")
        require(
            0 < self.speed_factor <= 3,
            f"{where}: the speed factor {self.speed_factor} must lie between 0 and 3.",
        )
        require(bool(self.uses), f"{where} has no use; say passengers, wounded, fighters or aid.")
        for use in self.uses:
            require_one_of(use, Use, f"{where}: use")
        require(
            not (Use.AID in self.uses and len(self.uses) > 1),
            f"{where} is for aid and for people; an aid truck carries no passengers, "
            "so give two rows.",
        )
        require(
            not {Use.PASSENGERS, Use.FIGHTERS} <= self.uses,
            f"{where} is for passengers and fighters; they never share a vehicle, "
            "so give two rows.",
        )

    def vehicle(self, number: int) -> str:
        """The id of the n-th vehicle, counted from 1."""
        return f"{self.id}#{number}"


def type_of(vehicle: str) -> str:
    """The type's id of a vehicle's id such as `bus#12`."""
    return vehicle.partition("#")[0]
