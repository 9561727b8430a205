"""Along what a frontier is drawn: how long, when, with how much notice, with how many vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from attrs import evolve, field, frozen

from lull.domain.case import Case
from lull.domain.refusal import require, require_one_of
from lull.questions.changes import with_window

HOUR = 60


class Along(StrEnum):
    """A quantity of which more never makes a pause worse."""

    LENGTH = "length"
    START = "start"
    NOTICE = "notice"
    VEHICLES = "vehicles"


UNITS = {
    Along.LENGTH: "minutes", Along.START: "minutes earlier", Along.NOTICE: "hours of notice",
    Along.VEHICLES: "vehicles",
}


def _along(value: str) -> Along:
    require_one_of(value, Along, "What a frontier is drawn along")
    return Along(value)


@frozen
class Axis:
    """A quantity and the values that it takes, rising; `vehicle` is a type's id for VEHICLES.

    LENGTH is minutes of the last window from its opening; START minutes by which the first window
    opens earlier; NOTICE hours between the notice and the first opening. Raises Refusal for values
    that do not rise or are not possible.
    """

    along: Along = field(converter=_along)
    values: tuple[int, ...]
    vehicle: str = ""

    def __attrs_post_init__(self) -> None:
        words = ", ".join(map(str, self.values))
        require(bool(self.values), f"There is no value of {self.along.value}; give at least one, "
                "from the least to the most.")
        require(all(a < b for a, b in zip(self.values, self.values[1:], strict=False)),
                f"The values of {self.along.value} ({words}) must rise.")
        least = {Along.LENGTH: 1, Along.START: -10**6}.get(self.along, 0)
        require(self.values[0] >= least,
                f"The values of {self.along.value} ({words}) must be at least {least}.")
        require((self.along is Along.VEHICLES) == bool(self.vehicle),
                "A type of vehicle goes with the quantity «vehicles», and with it alone.")

    @property
    def unit(self) -> str:
        """What its values count."""
        return UNITS[self.along]

    @property
    def name(self) -> str:
        """What it is, with the type of vehicle."""
        return f"number of {self.vehicle}" if self.vehicle else {
            Along.LENGTH: "length of the window", Along.START: "opening earlier",
            Along.NOTICE: "notice before the opening"}[self.along]

    def apply(self, case: Case, value: int) -> Case:
        """The case with the quantity at a value. Raises Refusal where it cannot be."""
        pause = case.pause
        first, last = pause.windows[0], pause.windows[-1]
        if self.along is Along.LENGTH:
            number = len(pause.windows) - 1
            return with_window(case, number, evolve(last, closes=last.opens + value))
        if self.along is Along.START:
            require(first.opens - value < first.closes,
                    f"A window that opens {-value} minutes later would never open.")
            return with_window(case, 0, evolve(first, opens=first.opens - value))
        if self.along is Along.NOTICE:
            return evolve(case, pause=evolve(pause, notice=first.opens - HOUR * value))
        require(self.vehicle in case.fleet,
                f"There is no type of vehicle {self.vehicle!r}; there are: "
                f"{', '.join(case.fleet)}.")
        kind = evolve(case.fleet[self.vehicle], number=value)
        return evolve(case, fleet={**case.fleet, self.vehicle: kind})


At = tuple[int, ...]
"""A point: one value of each axis, in their order."""


def points(axes: Sequence[Axis]) -> list[At]:
    """Every combination of values of one or two axes. Raises Refusal for any other number."""
    require(len(axes) in {1, 2}, f"A frontier is drawn along one or two quantities, not "
            f"{len(axes)}.")
    require(len({(a.along, a.vehicle) for a in axes}) == len(axes),
            "The same quantity was given twice.")
    found: list[At] = [()]
    for axis in axes:
        found = [(*at, value) for at in found for value in axis.values]
    return found


def no_more(a: At, b: At) -> bool:
    """Whether every quantity at `a` is at most that at `b`."""
    return all(x <= y for x, y in zip(a, b, strict=True))


def default_lengths(case: Case, shortest: int | None, many: int = 12) -> tuple[int, ...]:
    """Lengths from the shortest useful window to half as long again as it is now."""
    now = case.pause.windows[-1].minutes
    low = min(now, shortest or now)
    step = max(15, -(-(now * 3 // 2 - low) // (max(2, many) - 1) // 15) * 15)
    start = -(-low // 15) * 15
    return tuple(start + step * i for i in range(many))
