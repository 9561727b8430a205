"""Linked corridors: how far one has run ahead of the other, minute by minute."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from lull.domain.case import Case
from lull.domain.corridor import Direction, Link, LinkUnit
from lull.domain.plan import By
from lull.plan.alone import Batch
from lull.plan.assemble import split_load
from lull.plan.itinerary import Trip
from lull.plan.schedule import Schedule
from lull.plan.walk import AtGate, Team, loaded_at

Departures = Mapping[str, list[tuple[int, int, int]]]
"""By corridor: (minute, persons, vehicles) of each vehicle or party that goes out with people."""


@frozen
class Breach:
    """The first minute at which a corridor runs ahead, of which other, by how many persons.

    `persons` is what must be left off, in persons of the corridor that runs ahead, at least 1.
    """

    minute: int
    ahead: str
    behind: str
    persons: int


@frozen
class Links:
    """All pairs of linked corridors of a case, as (corridor, other, link)."""

    pairs: tuple[tuple[str, str, Link], ...]

    @classmethod
    def of(cls, case: Case) -> Links:
        """The pairs of which both corridors exist."""
        return cls(tuple(
            (c.id, c.link.other, c.link) for c in case.corridors.values()
            if c.link is not None and c.link.other in case.corridors
        ))

    @property
    def corridors(self) -> frozenset[str]:
        """Every corridor that stands in a link."""
        return frozenset(c for a, b, _ in self.pairs for c in (a, b))

    @property
    def together(self) -> frozenset[str]:
        """Corridors in links without any lead, through which nobody may go out first."""
        return frozenset(c for a, b, link in self.pairs if max(link.lead, link.other_lead) < 1
                         for c in (a, b))

    def others(self, corridor: str) -> frozenset[str]:
        """The corridors with which one is linked."""
        return frozenset({b for a, b, _ in self.pairs if a == corridor}
                         | {a for a, b, _ in self.pairs if b == corridor})

    def breach(self, departures: Departures) -> Breach | None:
        """The first minute at which some corridor is further ahead than was agreed, or None."""
        found = [x for pair in self.pairs if (x := _first(*pair, departures)) is not None]
        return min(found, key=lambda x: x.minute, default=None)


def _first(one: str, other: str, link: Link, departures: Departures) -> Breach | None:
    unit = 1 if link.unit is LinkUnit.PERSONS else 2
    rows = [(d[0], 0, d[unit], d[1]) for d in departures.get(one, ())]
    rows += [(d[0], 1, d[unit], d[1]) for d in departures.get(other, ())]
    rows.sort()
    a = b = 0
    for n, (minute, side, many, _) in enumerate(rows):
        a, b = (a, b + many) if side else (a + many, b)
        if n + 1 < len(rows) and rows[n + 1][0] == minute:
            continue
        ahead = a - (link.ratio * b + link.lead)
        behind = b - (a / link.ratio + link.other_lead)
        for over, which, names in ((ahead, 0, (one, other)), (behind, 1, (other, one))):
            if over > 1e-9:
                here = [r for r in rows[: n + 1] if r[1] == which and r[2]]
                return Breach(minute, *names, _persons(over, here, link))
    return None


def _persons(over: float, rows: list[tuple[int, int, int, int]], link: Link) -> int:
    """How many persons too many, of the last to go out: whole vehicles where these are counted."""
    whole = max(1, int(-(-over // 1)))
    if link.unit is LinkUnit.PERSONS:
        return whole
    return max(1, sum(row[3] for row in rows[-whole:]))


def departures(schedule: Schedule, linked: Iterable[str]) -> dict[str, list[tuple[int, int, int]]]:
    """Who goes out through linked corridors, of all that is planned."""
    found: dict[str, list[tuple[int, int, int]]] = {name: [] for name in linked}
    for day in schedule.days:
        for trip in day.trips:
            for name, rows in of_trip(schedule, day.team, trip).items():
                if name in found:
                    found[name] += rows
    for _, batch in schedule.batches:
        if batch.way.corridor in found:
            found[batch.way.corridor].append(of_party(batch))
    return found


def of_trip(schedule: Schedule, team: Team, trip: Trip) -> dict[str, list[tuple[int, int, int]]]:
    """The departures of one trip: each vehicle with people on board when it enters the check."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    if not trip.load.boardings:
        return found
    shares = split_load(schedule.ground, team, trip.load)
    aboard = [n for n in (sum(p.persons for p in people) for people, _ in shares) if n]
    for index, step in enumerate(trip.walk.steps):
        if (isinstance(step, AtGate) and step.direction is Direction.OUT
                and loaded_at(trip.walk.steps, index)):
            rows = found.setdefault(step.corridor, [])
            rows += [(step.starts + n // step.width * step.each, persons, 1)
                     for n, persons in enumerate(aboard)]
    return found


def of_party(batch: Batch) -> tuple[int, int, int]:
    """The departure of a party: all of it when its first enters, with its cars."""
    return (batch.enters, batch.persons, batch.cars if batch.by is By.OWN_CAR else 0)
