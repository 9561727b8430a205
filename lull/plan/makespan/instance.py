"""The bus evacuation problem: yards, points with bus loads, shelters with places, minutes between.

Every bus starts at its yard, fetches one load at a time and brings it to a shelter; it ends where
it has set down its last load. What is sought is the least time in which all loads are sheltered
(Bish 2011, doi:10.1007/s00291-011-0264-1; Goerigk, Grün & Heßler 2013,
doi:10.1016/j.cor.2013.07.007). Minutes are whole, need not be alike in both directions and need
not obey the triangle inequality. There is no way between two points or between two shelters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import NDArray

from lull.domain.refusal import Refusal, require, require_whole

Ints = NDArray[np.int64]

NO_WAY = -1
"""Stands for minutes where one cannot drive."""

LONGEST = 10_000_000
"""Minutes of one way that are still believed: nineteen years."""


def _minutes(rows: Sequence[Sequence[int]] | Ints) -> Ints:
    found = np.array(rows, dtype=np.int64)
    found.setflags(write=False)
    return found


@define(frozen=True, eq=False)
class Evacuation:
    """One case: `buses` a yard, `loads` a point, `places` (in loads) a shelter, and the minutes.

    `out` is [yard, point], `carry` is [point, shelter] and `back` is [shelter, point], in whole
    minutes with -1 where there is no way; boarding and setting down are part of `carry`, which
    takes at least a minute. Raises Refusal for what cannot be.
    """

    yards: tuple[str, ...]
    buses: tuple[int, ...]
    points: tuple[str, ...]
    loads: tuple[int, ...]
    shelters: tuple[str, ...]
    places: tuple[int, ...]
    out: Ints = field(converter=_minutes)
    carry: Ints = field(converter=_minutes)
    back: Ints = field(converter=_minutes)

    def __attrs_post_init__(self) -> None:
        for what, names, many in (
            ("yard", self.yards, self.buses),
            ("pickup point", self.points, self.loads),
            ("shelter", self.shelters, self.places),
        ):
            require(bool(names), f"An evacuation needs at least one {what}.")
            require(len(set(names)) == len(names), f"A {what} stands twice.")
            require(len(names) == len(many), f"Each {what} needs one figure, and no more.")
            for name, figure in zip(names, many, strict=True):
                require_whole(figure, f"The figure of the {what} {name!r}")
        d, p, s = len(self.yards), len(self.points), len(self.shelters)
        for what, array, shape in (
            ("from yards to points", self.out, (d, p)),
            ("from points to shelters", self.carry, (p, s)),
            ("from shelters to points", self.back, (s, p)),
        ):
            require(array.shape == shape,
                    f"The minutes {what} are {array.shape}; they must be {shape}.")
            require(int(array.min()) >= NO_WAY, f"The minutes {what} hold a negative figure.")
            require(int(array.max()) <= LONGEST,
                    f"The minutes {what} hold a way of more than {LONGEST} minutes.")
        require(not (self.carry == 0).any(),
                "The way from a point to a shelter takes at least one minute.")
        self._require_room()

    def _require_room(self) -> None:
        """A part of a case may have no bus left; a case without one is refused by its solver."""
        short = sum(self.loads) - sum(self.places)
        require(short <= 0, f"The shelters lack places for {short} bus loads.")

    @property
    def total(self) -> int:
        """All bus loads."""
        return sum(self.loads)


Trip = tuple[int, int]
"""One load: the point where it boards and the shelter where it is set down, by number."""


@frozen
class BusDay:
    """One bus: the yard it starts from and its trips in order."""

    yard: int
    trips: tuple[Trip, ...]

    def minutes(self, of: Evacuation) -> int:
        """From leaving the yard until the last load is set down; 0 for a bus that stays.

        Raises Refusal where the day drives a way that is not there.
        """
        total, at = 0, -1
        for point, shelter in self.trips:
            to = of.out[self.yard, point] if at < 0 else of.back[at, point]
            carry = of.carry[point, shelter]
            if NO_WAY in (to, carry):
                raise Refusal(f"A day from {of.yards[self.yard]} drives where there is no way.")
            total, at = total + int(to) + int(carry), shelter
        return total


Days = tuple[BusDay, ...]


def makespan(of: Evacuation, days: Days) -> int:
    """The longest day of any bus."""
    return max((day.minutes(of) for day in days), default=0)


def left_by(of: Evacuation, days: Days) -> list[int]:
    """Loads of each point that no day takes."""
    taken = Counter(p for day in days for p, _ in day.trips)
    return [loads - taken[p] for p, loads in enumerate(of.loads)]


def part(of: Evacuation, days: Days) -> Evacuation:
    """What is left to do beside some days that stay as they are; nothing is renumbered."""
    came = Counter(s for day in days for _, s in day.trips)
    busy = Counter(day.yard for day in days)
    return evolve(
        of,
        buses=tuple(many - busy[y] for y, many in enumerate(of.buses)),
        loads=tuple(left_by(of, days)),
        places=tuple(many - came[s] for s, many in enumerate(of.places)),
    )


def faults(of: Evacuation, days: Days) -> list[str]:
    """What is wrong with days as an answer: buses, loads and places, each in a sentence."""
    found = []
    for y, name in enumerate(of.yards):
        used = sum(1 for day in days if day.yard == y)
        if used > of.buses[y]:
            found.append(f"{used} buses start at {name}, which has {of.buses[y]}.")
    trips = [trip for day in days for trip in day.trips]
    for p, name in enumerate(of.points):
        moved = sum(1 for point, _ in trips if point == p)
        if moved != of.loads[p]:
            found.append(f"{moved} loads leave {name}, where {of.loads[p]} wait.")
    for s, name in enumerate(of.shelters):
        came = sum(1 for _, shelter in trips if shelter == s)
        if came > of.places[s]:
            found.append(f"{came} loads come to {name}, which has room for {of.places[s]}.")
    for day in days:
        try:
            day.minutes(of)
        except Refusal as wrong:
            found.append(str(wrong))
    return found
