"""Whole units into payload: what is worth most a kilogram first, at all stops of a round.

A further unit at a place is worth less the more has come there (`Aims.steps` are the breaks), so a
load is filled stretch by stretch, each time with the stretch that is worth most a kilogram, tier
before tier: survival minima of all places on the way before more at any of them.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import define, evolve, field, frozen

from lull.domain.case import Case
from lull.domain.fleet import VehicleType
from lull.plan.aims import Aims, Value, add
from lull.plan.packing import Cargo, Load
from lull.plan.remaining import Remaining


@frozen
class Errand:
    """What a round may carry: from which stores, by when loaded, and for which places.

    `ready_by` maps each store to the minute at which it is loaded, `places` each place of need to
    the exchange point where its goods are set down ("" where they are set down at the place).
    """

    ready_by: Mapping[str, int]
    places: Mapping[str, str]
    barred: frozenset[tuple[str, str]] = frozenset()
    """(item, exchange point) that may not be handed over there."""


@define
class _Packing:
    case: Case
    aims: Aims
    remaining: Remaining
    errand: Errand
    room: list[float]
    taken: list[Cargo] = field(factory=list)
    free: dict[str, int] = field(factory=dict)
    full: set[tuple[str, str]] = field(factory=set)

    def next_stretch(self, item: str, place: str) -> tuple[int, Value] | None:
        """The next units of an item for a place that are worth anything, and what they gain."""
        left = self.remaining.need(item, place)
        got = self.aims.wanted(item, place) - left
        for end in self.aims.steps(item, place):
            if end <= got:
                continue
            gain = self.aims.goods(item, place, end - got, got)
            if any(x > 1e-9 for x in gain):
                return self._within_what_is_free(item, place, got, end - got, gain)
        return None

    def _within_what_is_free(
        self, item: str, place: str, got: int, units: int, gain: Value
    ) -> tuple[int, Value] | None:
        beyond = got + units - max(got, self.aims.minimum(item, place))
        if beyond <= 0:
            return units, gain
        if item not in self.free:
            self.free[item] = self.remaining.free_of_minima(item)
        units -= max(0, beyond - self.free[item])
        return (units, self.aims.goods(item, place, units, got)) if units > 0 else None

    def take(self, item: str, place: str, units: int) -> Value:
        """Load units from the stores in order, as far as they stand there and fit."""
        before = self.aims.wanted(item, place) - self.remaining.need(item, place)
        kg, placed = self.case.items[item].kg, 0
        for store, by in self.errand.ready_by.items():
            here = min(units - placed, ready(self.case, self.remaining, item, store, by))
            here = units_that_fit(here, kg, self.room)
            if here > 0:
                self.remaining.take_goods(item, store, place, here)
                self._put(Cargo(item, store, place, here, self.errand.places[place]))
                placed += here
        if placed < units:
            self.full.add((item, place))
        beyond = before + placed - max(before, self.aims.minimum(item, place))
        if item in self.free:
            self.free[item] -= max(0, beyond)
        return self.aims.goods(item, place, placed, before)

    def _put(self, cargo: Cargo) -> None:
        """Note what is taken; the order is that in which it was found to fit the vehicles."""
        last = self.taken[-1] if self.taken else None
        if last is not None and evolve(last, units=cargo.units) == cargo:
            self.taken[-1] = evolve(last, units=last.units + cargo.units)
        else:
            self.taken.append(cargo)


def pack_goods(
    aims: Aims, remaining: Remaining, errand: Errand, kind: VehicleType, vehicles: int
) -> Load:
    """Load what is worth most a kilogram first; changes `remaining` (its last layer).

    A unit is not split between vehicles, so each vehicle takes whole units. Stock that is
    not ready when a store is loaded stays there. Of two stretches worth the same, the one of
    higher priority comes first, then in the order of items and places.
    """
    case = aims.case
    packing = _Packing(case, aims, remaining, errand, [kind.payload_t * 1000.0] * vehicles)
    open_ = sorted({
        (min(line.priority for line in aims.lines(item, place)), item, place)
        for item, places in aims.needed.items() for place in places
        if place in errand.places and (item, errand.places[place]) not in errand.barred
        and any(remaining.stock(item, store) > 0 for store in errand.ready_by)
    })
    value = aims.nothing
    while open_:
        best: tuple[Value, tuple[int, str, str], int] | None = None
        for row in list(open_):
            _, item, place = row
            found = None if (item, place) in packing.full else packing.next_stretch(item, place)
            if found is None:
                open_.remove(row)
                continue
            kg = found[0] * case.items[item].kg
            rate = tuple(round(x / kg, 9) for x in found[1])
            if best is None or rate > best[0]:
                best = rate, row, found[0]
        if best is None:
            break
        value = add(value, packing.take(best[1][1], best[1][2], best[2]))
    return Load((), tuple(packing.taken), value)


def ready(case: Case, remaining: Remaining, item: str, store: str, by: int) -> int:
    """Units left of the lines of stock that are ready by a minute."""
    lines = [s for s in case.stocks if (s.item, s.site) == (item, store)]
    notice = case.pause.notice
    now = sum(s.units for s in lines if notice is None or notice + s.ready <= by)
    taken = sum(s.units for s in lines) - remaining.stock(item, store)
    return max(0, now - taken)


def units_that_fit(units: int, kg: float, room: list[float]) -> int:
    """How many of `units` fit into the room left, vehicle by vehicle; `room` is used up."""
    placed = 0
    for i, free in enumerate(room):
        here = max(0, min(units - placed, int((free + 1e-9) // kg)))
        room[i] = free - here * kg
        placed += here
    return placed
