"""Linked corridors as sums by minute: how many have gone out on either side, and who may follow."""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.corridor import LinkUnit
from lull.plan.alone import Batch
from lull.plan.links import Departures, Links, departures, of_party
from lull.plan.pools import NEVER
from lull.plan.schedule import Schedule

PASSES = 6
"""How often parties that had to wait for the other side are tried again."""

EPS = 1e-9


@define(eq=False)
class Balance:
    """Who has gone out until and including each minute, in the unit of each link.

    `gone` holds two rows a link, the corridor that states it and the other; column 0 is the minute
    `start` of the pause.
    """

    links: Links
    start: int
    gone: NDArray[np.int64]

    @classmethod
    def of(cls, schedule: Schedule) -> Balance:
        """All that is planned in a schedule."""
        links, horizon = Links.of(schedule.ground.case), schedule.ground.horizon
        gone = np.zeros((2 * len(links.pairs), len(horizon)), np.int64)
        made = cls(links, horizon.start, gone)
        if links.pairs:
            made.add(departures(schedule, links.corridors))
        return made

    def add(self, gone: Departures, sign: int = 1) -> None:
        """Departures that are planned (sign -1: no longer)."""
        for n, (one, other, link) in enumerate(self.links.pairs):
            unit = 1 if link.unit is LinkUnit.PERSONS else 2
            for row, corridor in ((2 * n, one), (2 * n + 1, other)):
                for departure in gone.get(corridor, ()):
                    self.gone[row, departure[0] - self.start :] += sign * departure[unit]

    def room(self, n: int, side: int) -> NDArray[np.float64]:
        """How many more might go out on one side of a link by each minute, in its unit."""
        link, a, b = self.links.pairs[n][2], self.gone[2 * n], self.gone[2 * n + 1]
        found: NDArray[np.float64] = (
            a / link.ratio + link.other_lead - b if side else link.ratio * b + link.lead - a)
        return found

    def kept(self) -> bool:
        """Whether no side runs further ahead than was agreed."""
        return all(
            bool((self.room(n, side) >= -EPS).all())
            for n in range(len(self.links.pairs)) for side in (0, 1)
        )

    def first(self, corridor: str, persons: int, vehicles: int) -> int:
        """The minute from which on so many more may go out through a corridor; NEVER if none."""
        found = self.start
        for n, side, many in self._counted(corridor, persons, vehicles):
            short = np.flatnonzero(self.room(n, side) < many - EPS)
            if len(short):
                found = max(found, self.start + int(short[-1]) + 1)
        return found if found < self.start + self.gone.shape[1] else NEVER

    def at_last(self, corridor: str, persons_per_vehicle: int) -> int:
        """How many persons more may go out through a corridor in the end."""
        most = NEVER
        for n, side, each in self._counted(corridor, 1, persons_per_vehicle):
            in_persons = self.links.pairs[n][2].unit is LinkUnit.PERSONS
            room = int(self.room(n, side)[-1] + EPS)
            most = min(most, room if in_persons else room * each)
        return most

    def _counted(self, corridor: str, persons: int, vehicles: int) -> list[tuple[int, int, int]]:
        """(link, side, number in its unit) for each link in which a corridor stands."""
        return [
            (n, side, persons if link.unit is LinkUnit.PERSONS else vehicles)
            for n, (one, other, link) in enumerate(self.links.pairs)
            for side, name in enumerate((one, other)) if name == corridor
        ]


def parties_in_step(schedule: Schedule, window: int) -> None:
    """Set parties on foot and in cars again so that linked corridors keep in step; days stay.

    The earliest first; who would run ahead waits until the other side has gone, or goes with
    fewer, or not at all. Presupposes that all but the parties of the window keep in step.
    """
    balance = Balance.of(schedule)
    if balance.kept():
        return
    waiting: list[Batch] = []
    for here, batch in list(schedule.batches):
        if here == window and batch.way.corridor in balance.links.corridors:
            schedule.alone(window).give_back(batch)
            schedule.batches.remove((here, batch))
            balance.add({batch.way.corridor: [of_party(batch)]}, -1)
            waiting.append(batch)
    waiting.sort(key=lambda b: (b.enters, b.group, b.way.corridor))
    for _ in range(PASSES):
        before = len(waiting)
        waiting = [b for b in waiting if not _set(schedule, window, balance, b)]
        if len(waiting) in (0, before):
            return


def _set(schedule: Schedule, window: int, balance: Balance, batch: Batch) -> bool:
    """Let one party go as soon as its side does not run ahead; whether all of it has gone."""
    corridor, most = batch.way.corridor, batch.persons
    group = schedule.ground.case.groups[batch.group]
    _, persons, cars = of_party(batch)
    at = balance.first(corridor, persons, cars)
    if at >= NEVER:
        most = min(most, balance.at_last(corridor, group.persons_per_car))
        if most <= 0:
            return False
        at = balance.first(corridor, most, -(-most // group.persons_per_car) if cars else 0)
    alone = schedule.alone(window)
    alone.since, alone.at_most, alone.parties = max(at, batch.enters), most, 1
    made = alone.again(batch)
    if made is None:
        return False
    balance.add({corridor: [of_party(made)]})
    if not balance.kept():
        balance.add({corridor: [of_party(made)]}, -1)
        alone.give_back(made)
        return False
    schedule.batches.append((window, made))
    return made.persons >= batch.persons
