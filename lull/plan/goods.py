"""Whole units into payload: what is worth most a kilogram first, at all stops of a round.

A further unit at a place is worth less the more has come there (`Aims.steps` are the breaks), so a
load is filled stretch by stretch, each time with the stretch that is worth most a kilogram, tier
before tier: survival minima of all places on the way before more at any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush

from attrs import define, evolve, field, frozen

from lull.domain.case import Case
from lull.domain.fleet import VehicleType
from lull.plan.aims import Aims, Stretch, Value, add
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
    aims: Aims
    remaining: Remaining
    errand: Errand
    room: list[float]
    taken: list[Cargo] = field(factory=list)
    free: dict[str, int] = field(factory=dict)
    most: float = 0.0
    """Kilograms that the emptiest vehicle still takes."""

    def next_stretch(self, item: str, place: str) -> Stretch | None:
        """The next units of an item for a place that may be loaded and are worth anything."""
        if self.most + 1e-9 < self.aims.case.items[item].kg:
            return None
        had = self.aims.wanted(item, place) - self.remaining.need(item, place)
        found = self.aims.next_stretch(item, place, had)
        if found is None:
            return None
        beyond = had + found.units - max(had, self.aims.minimum(item, place))
        if beyond <= 0:
            return found
        if item not in self.free:
            self.free[item] = self.remaining.free_of_minima(item)
        units = found.units - max(0, beyond - self.free[item])
        if units <= 0 or units == found.units:
            return found if units > 0 else None
        return self.aims.stretch(item, place, had, units)

    def take(self, item: str, place: str, units: int) -> tuple[int, Value]:
        """Load units from the stores in order, as far as they stand there and fit."""
        had = self.aims.wanted(item, place) - self.remaining.need(item, place)
        case, placed = self.aims.case, 0
        for store, by in self.errand.ready_by.items():
            here = min(units - placed, ready(case, self.remaining, item, store, by))
            here = units_that_fit(here, case.items[item].kg, self.room) if here > 0 else 0
            if here > 0:
                self.remaining.take_goods(item, store, place, here)
                self._put(Cargo(item, store, place, here, self.errand.places[place]))
                placed += here
        self.most = max(self.room)
        if item in self.free:
            self.free[item] -= max(0, had + placed - max(had, self.aims.minimum(item, place)))
        return placed, self.aims.goods(item, place, placed, had)

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
    payload = kind.payload_t * 1000.0
    packing = _Packing(aims, remaining, errand, [payload] * vehicles, most=payload)
    heap: list[tuple[Value, int, str, str, int]] = []

    def put(priority: int, item: str, place: str) -> None:
        found = packing.next_stretch(item, place)
        if found is not None:
            heappush(heap, (found.order, priority, item, place, found.units))

    for place, via in errand.places.items():
        for item, priority in aims.asked_at(place):
            standing = any(remaining.stock(item, store) > 0 for store in errand.ready_by)
            if standing and (item, via) not in errand.barred:
                put(priority, item, place)
    value = aims.nothing
    while heap:
        order, priority, item, place, units = heappop(heap)
        now = packing.next_stretch(item, place)
        if now is None:
            continue
        if (now.order, now.units) != (order, units):
            heappush(heap, (now.order, priority, item, place, now.units))
            continue
        placed, gain = packing.take(item, place, units)
        value = add(value, gain)
        if placed == units:
            put(priority, item, place)
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
