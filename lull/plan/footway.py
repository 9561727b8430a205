"""Walkers at a check, minute by minute: no 60 consecutive minutes see more than may pass."""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.domain.corridor import Corridor, Direction

HOUR = 60


@define
class Footway:
    """Persons who enter on foot, by corridor and minute."""

    used: dict[str, dict[int, int]] = field(factory=dict)
    _rooms: dict[str, dict[tuple[int, int], int]] = field(factory=dict)
    """What `room` answered, by corridor, until the next party takes some."""

    def fits(self, corridor: Corridor, enters: int, minutes: int, persons: int) -> bool:
        """Whether a party spread evenly over minutes keeps every hour within the rate."""
        rate = corridor.check(Direction.OUT).persons_per_hour or 0
        taken = self.used.get(corridor.id, {})
        start, end = enters - HOUR + 1, enters + minutes + HOUR - 1
        by_minute = np.array([taken.get(m, 0) for m in range(start, end)])
        by_minute[HOUR - 1 : HOUR - 1 + minutes] += spread(persons, minutes)
        total = np.concatenate([[0], np.cumsum(by_minute)])
        return bool((total[HOUR:] - total[:-HOUR]).max() <= rate)

    def room(self, corridor: Corridor, enters: int, minutes: int) -> int:
        """About the most persons that a party over these minutes may have."""
        rooms = self._rooms.setdefault(corridor.id, {})
        if (enters, minutes) not in rooms:
            rooms[enters, minutes] = self._room(corridor, enters, minutes)
        return rooms[enters, minutes]

    def _room(self, corridor: Corridor, enters: int, minutes: int) -> int:
        rate = corridor.check(Direction.OUT).persons_per_hour or 0
        taken = self.used.get(corridor.id, {})
        if sum(taken.get(m, 0) for m in range(enters, enters + HOUR)) >= rate:
            return 0
        low, high = 0, rate * minutes // HOUR if minutes >= HOUR else rate * minutes // HOUR + 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.fits(corridor, enters, minutes, middle):
                low = middle
            else:
                high = middle - 1
        return low

    def take(
        self, corridor: str, enters: int, minutes: int, persons: int, sign: int = 1
    ) -> None:
        """Use up room (`sign` -1 gives it back)."""
        self._rooms.pop(corridor, None)
        taken = self.used.setdefault(corridor, {})
        for offset, many in enumerate(spread(persons, minutes).tolist()):
            if many:
                taken[enters + offset] = taken.get(enters + offset, 0) + sign * many

    def copy(self) -> Footway:
        """A copy of its own."""
        return Footway({name: dict(taken) for name, taken in self.used.items()})


def spread(persons: int, minutes: int) -> NDArray[np.int64]:
    """Persons by minute, evenly, whole at the end."""
    so_far = persons * np.arange(1, minutes + 1, dtype=np.int64) // minutes
    return np.diff(so_far, prepend=0)
