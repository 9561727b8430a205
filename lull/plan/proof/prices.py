"""What a minute at a gate and a seat from a place are worth, as a search can use them."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from lull.domain.corridor import User
from lull.plan.proof.capacity import Capacities
from lull.plan.proof.evidence import Evidence
from lull.plan.proof.rounds import keys, row_of_goods, row_of_people
from lull.plan.reach import Gate


@frozen
class Prices:
    """Prices by row name, with the capacities that they belong to; in units of one tier's value."""

    by_row: Mapping[str, float]
    capacities: Capacities

    @classmethod
    def of(cls, evidence: Evidence, capacities: Capacities) -> Prices:
        """The prices behind a bound by days."""
        return cls(dict(evidence.duals), capacities)

    def lane_minute(self, gate: Gate, minute: int) -> float:
        """Of one minute of a lane, at a minute since the origin."""
        return self._at(keys(gate)[0], minute)

    def convoy_place(self, gate: Gate, minute: int) -> float:
        """Of one vehicle's place in a convoy that starts at a minute."""
        return self._at(keys(gate)[1], minute)

    def entry(self, gate: Gate, minute: int) -> float:
        """Of one entry where entries an hour are limited."""
        return self._at(keys(gate)[2], minute)

    def bay_minute(self, site: str, minute: int) -> float:
        """Of one minute of a bay."""
        return self._at(("bays", site), minute)

    def seat(self, kind: str, site: str, user: User, down: str) -> float:
        """Of one place in a type's vehicle from a site to a set-down: what a passenger is worth."""
        return self.by_row.get(row_of_people(kind, (site, user), down), 0.0)

    def kilogram(self, kind: str, store: str, site: str) -> float:
        """Of one kilogram of payload from a store to a stop inside."""
        return self.by_row.get(row_of_goods(kind, store, site), 0.0)

    def _at(self, key: tuple[str, ...], minute: int) -> float:
        index = minute - self.capacities.grid.start
        return sum(self.by_row.get(b.name, 0.0) for b in self.capacities.rows.get(key, ())
                   if b.start <= index < b.end)
