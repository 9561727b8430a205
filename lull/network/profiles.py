"""Who travels: on foot, or in a vehicle of a kind."""

from __future__ import annotations

from attrs import frozen

from lull.domain.refusal import require
from lull.domain.travel import FOOT, OWN_CAR


@frozen
class Profile:
    """A traveller: name, on foot or motor, and what keeps it off a street.

    `speed_factor` multiplies speeds (load and convoy included). `heavy` vehicles keep off
    streets closed to heavy goods vehicles. `height_m` and `weight_t` are compared with the
    limits that streets carry; None: no limit matters.
    """

    name: str
    on_foot: bool = False
    speed_factor: float = 1.0
    heavy: bool = False
    height_m: float | None = None
    weight_t: float | None = None

    def __attrs_post_init__(self) -> None:
        where = f"Profile {self.name!r}"
        require(bool(self.name), "A travel profile has no name.")
        require(
            0 < self.speed_factor <= 3,
            f"{where}: the speed factor is {self.speed_factor}; it must be above 0 and at most 3.",
        )
        for what, value in (("height in metres", self.height_m), ("weight in t", self.weight_t)):
            require(
                value is None or value > 0, f"{where}: the {what} is {value}; it must be above 0."
            )

    @property
    def kind(self) -> tuple[bool, bool, float | None, float | None]:
        """What decides which streets are open: profiles of one kind differ in speed alone."""
        return (self.on_foot, self.heavy, self.height_m, self.weight_t)


ON_FOOT = Profile(FOOT, on_foot=True)
PRIVATE_CAR = Profile(OWN_CAR)
