"""Ways for one kind of traveller: on approved streets first, through corridors at their gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from lull.network.closures import (
    APPROVED_M,
    Closure,
    Conditions,
    approved_area,
    approved_streets,
    conditions,
    cut_lines,
    cut_streets,
    pieces_in,
)
from lull.network.corridor_lines import CorridorLine, corridor_line
from lull.network.costs import EdgeCosts, edge_costs
from lull.network.matrices import Ends, Legs, TravelEngine
from lull.network.profiles import Profile
from lull.network.routes import Route, route_of
from lull.network.snapping import NOWHERE, Snaps, snap, sound_streets, street_pieces
from lull.network.streets import Bools, Floats, Ints, Streets

_WORSE_S = 1e9
"""Seconds by which a way off approved streets ranks behind one on them; twice for mines."""


@frozen(eq=False)
class Surroundings:
    """Streets and what is said about them, the same for all travellers.

    `cut`, `approved` mark streets [s]; `barriers` are the lines between the sides and `area`
    what lies near approved routes, both on the plane.
    """

    streets: Streets
    state: Conditions
    cut: Bools
    barriers: NDArray[np.object_]
    approved: Bools
    area: BaseGeometry | None

    @classmethod
    def of(
        cls,
        streets: Streets,
        closures: Iterable[Closure],
        cuts: Iterable[BaseGeometry],
        approved: Iterable[BaseGeometry],
        approved_within_m: float = APPROVED_M,
    ) -> Surroundings:
        """Streets with closures, lines between the sides and approved routes (all in degrees).

        A street within `approved_within_m` of an approved route is approved.
        """
        cuts = tuple(cuts)
        area = approved_area(streets, approved, approved_within_m)
        return cls(
            streets, conditions(streets, closures), cut_streets(streets, cuts), cut_lines(cuts),
            approved_streets(streets, area), area,
        )  # fmt: skip

    def with_closures(self, closures: Iterable[Closure]) -> Surroundings:
        """The same with other closures."""
        return evolve(self, state=conditions(self.streets, closures))


class Journeys:
    """All ways of one kind of traveller, at a speed factor of 1.

    `lon_lat` [p, 2] are the places in degrees, `sides` [p] on how many sides each is reached,
    `wanted` [p, p] between which ways are asked for; `crossings` are the gates inside and
    outside (indices of places) of each corridor, and its own line if it has one. A place on
    several sides, such as an exchange point, is snapped once on each, within 200 m.
    """

    def __init__(
        self,
        around: Surroundings,
        profile: Profile,
        lon_lat: Floats,
        wanted: Bools,
        sides: Ints,
        crossings: Sequence[tuple[int, int, LineString | None]],
        *,
        keep: bool,
    ) -> None:
        self._profile = evolve(profile, speed_factor=1.0)
        self._lon_lat, self._crossings, self._keep = lon_lat, tuple(crossings), keep
        through = np.zeros_like(wanted)
        for i, o, _ in crossings:
            through[i, o] = through[o, i] = True
        more = np.repeat(np.arange(len(lon_lat)), np.maximum(sides - 1, 0))
        self._owner = np.concatenate([np.arange(len(lon_lat)), more])
        pairs = np.ix_(self._owner, self._owner)
        self._through = through[pairs]
        self._wanted = (wanted & ~through)[pairs]
        self._engines: dict[tuple[str, str], TravelEngine] = {}
        self._set(around)

    def _set(self, around: Surroundings) -> None:
        self._around = around
        streets = around.streets
        self._costs = edge_costs(streets, self._profile, around.state, around.approved)
        sound = sound_streets(
            streets, self._costs.usable, around.cut, streets.open_to(self._profile)
        )
        open_ = (self._costs.usable[0::2] | self._costs.usable[1::2]) & ~around.cut
        self.snaps = snap(
            streets, sound & ~around.cut, self._lon_lat[:, 0], self._lon_lat[:, 1],
            passed_over=open_ & ~sound, barriers=around.barriers, prefer=around.approved,
        )  # fmt: skip
        self._all = self._on_further_sides(sound & ~around.cut)
        self._pieces = pieces_in(streets, self._all.street, self._all.fraction, around.area)
        self.crossing_notes: list[tuple[int, str]] = []
        self._lines = [
            None if line is None else self._line_of(number, inside, outside, line)
            for number, (inside, outside, line) in enumerate(self._crossings)
        ]

    def _on_further_sides(self, good: Bools) -> Snaps:
        """The snaps, and after them those of places that are reached on further sides."""
        streets, places = self._around.streets, len(self.snaps)
        owners = self._owner[places:]
        if not len(owners):
            return self.snaps
        piece = street_pieces(streets, self._costs.usable & ~np.repeat(self._around.cut, 2))
        found, taken = [self.snaps], {int(p): [int(self.snaps.street[p])] for p in owners}
        for place in owners.tolist():
            elsewhere = good & ~np.isin(piece, piece[[k for k in taken[place] if k != NOWHERE]])
            other = snap(streets, elsewhere, *self._lon_lat[place])
            if other.far[0]:
                other = evolve(other, street=np.array([NOWHERE]))
            taken[place].append(int(other.street[0]))
            found.append(other)
        return Snaps.joined(found)

    def _line_of(
        self, number: int, inside: int, outside: int, line: LineString
    ) -> CorridorLine | None:
        way, note = corridor_line(
            self._around.streets, self._around.state, self._profile, line,
            self._lon_lat[[inside, outside]],
        )  # fmt: skip
        if note:
            self.crossing_notes.append((number, note))
        return way

    def change(self, around: Surroundings) -> int:
        """Take other closures; returns how many places ran again."""
        self._set(around)
        again = 0
        for key, (costs, ends) in self._layers().items():
            if key in self._engines:
                again += self._engines[key].update(costs, self._all, ends)
        for key in set(self._engines) - set(self._layers()):
            del self._engines[key]
        return again

    def _layers(self) -> dict[tuple[str, str], tuple[EdgeCosts, Ends]]:
        """By (kind of way, streets preferred): costs and ends, the preferred first."""
        found: dict[tuple[str, str], tuple[EdgeCosts, Ends]] = {}
        whole = np.ones((len(self._all), 2), dtype=np.bool_)
        bases = [("between", ~np.repeat(self._around.cut, 2))]
        if self._crossings:
            bases.append(("through", np.ones(2 * len(self._around.streets), dtype=np.bool_)))
        for way, allowed in bases:
            base = self._costs.only(allowed)
            clear = base.only(~base.mined)
            if base.approved.any():
                ends = Ends(clear.usable, self._pieces, self._pieces)
                found[way, "approved"] = (clear.only(base.approved), ends)
            found[way, "clear"] = (clear, Ends(clear.usable, whole, self._pieces))
            if base.mined.any():
                found[way, "any"] = (base, Ends(base.usable, whole, self._pieces))
        return found

    def _engine(
        self, key: tuple[str, str], costs: EdgeCosts, ends: Ends, missing: Bools
    ) -> TravelEngine:
        """The engine of a layer: kept, for all it may be asked; or else for what is missing."""
        streets = self._around.streets
        if not self._keep:
            return TravelEngine(streets, costs, self._all, ends, missing, keep=False)
        if key not in self._engines:
            wanted = self._through if key[0] == "through" else self._wanted
            self._engines[key] = TravelEngine(streets, costs, self._all, ends, wanted)
        return self._engines[key]

    def legs(self) -> Legs:
        """The ways between all places that share a side, and between the gates of corridors."""
        total: Legs | None = None
        for key, (costs, ends) in self._layers().items():
            missing = self._through if key[0] == "through" else self._wanted
            if total is not None:
                missing = missing & ~np.isfinite(total.likely)
            if total is None or missing.any():
                legs = self._engine(key, costs, ends, missing).legs()
                total = legs if total is None else _filled(total, legs, missing)
        assert total is not None
        total = _best_of_sides(total, self._owner, len(self.snaps))
        for (i, o, _), by_line in zip(self._crossings, self._lines, strict=True):
            if by_line is not None:
                _write(total, i, o, by_line.route(outwards=True))
                _write(total, o, i, by_line.route(outwards=False))
        for layer in (total.low, total.likely, total.high, total.metres, total.mined):
            np.fill_diagonal(layer, 0)
        np.fill_diagonal(total.approved, True)
        return total

    def route(self, start: int, end: int, factor: float) -> Route | None:
        """The way from one place to another; None where there is none."""
        for (i, o, _), by_line in zip(self._crossings, self._lines, strict=True):
            if by_line is not None and {start, end} == {i, o}:
                return by_line.route(outwards=start == i, factor=factor)
        way = "through" if self._through[start, end] else "between"
        if start == end or not (self._wanted[start, end] or self._through[start, end]):
            return None
        pairs = [
            (int(a), int(b))
            for a in np.flatnonzero(self._owner == start)
            for b in np.flatnonzero(self._owner == end)
        ]
        for key, (costs, ends) in self._layers().items():
            if key[0] == way:
                found = [self._between(costs, ends, *pair, factor) for pair in pairs]
                if routes := [route for route in found if route is not None]:
                    return min(routes, key=lambda route: route.likely)
        return None

    def _between(
        self, costs: EdgeCosts, ends: Ends, start: int, end: int, factor: float
    ) -> Route | None:
        """The way between two snapped places on some streets, by an engine for these alone."""
        pair = np.array([start, end])
        few = Ends(ends.usable, ends.open[pair], ends.approved[pair])
        streets = self._around.streets
        engine = TravelEngine(streets, costs, self._all.some(pair), few, keep=False)
        trace = engine.trace(0, 1)
        if not trace:
            return None
        approved = self._is_approved(trace, ends, start, end)
        return route_of(streets, costs, trace, approved=approved, factor=factor)

    def _is_approved(
        self, trace: list[tuple[int, float, float]], ends: Ends, start: int, end: int
    ) -> bool:
        """Whether every street of a trace is approved, the pieces at its ends by themselves."""
        edges = [edge for edge, _, _ in trace]
        leaving, arriving = ends.approved[start], ends.approved[end]
        first = bool(leaving[1 - edges[0] % 2])
        last = bool(arriving[edges[-1] % 2])
        if len(edges) == 1:
            return first or last
        return first and last and bool(self._costs.approved[edges[1:-1]].all())


def _best_of_sides(legs: Legs, owner: Ints, places: int) -> Legs:
    """Legs of the places alone, each by the best of the sides on which its ends are reached."""
    for extra, own in enumerate(owner[places:].tolist(), start=places):
        for turned in (False, True):
            off, mined, likely = ~legs.approved, legs.mined, legs.likely
            rank = likely + _WORSE_S * (off + 2.0 * mined)
            rank = rank.T if turned else rank
            better = rank[extra] < rank[own]
            for layer in _layers_of(legs):
                view = layer.T if turned else layer
                view[own, better] = view[extra, better]
    kept = slice(0, places)
    return Legs(
        legs.low[kept, kept],
        legs.likely[kept, kept],
        legs.high[kept, kept],
        legs.metres[kept, kept],
        legs.approved[kept, kept],
        legs.mined[kept, kept],
    )


def _layers_of(legs: Legs) -> tuple[NDArray[Any], ...]:
    return (legs.low, legs.likely, legs.high, legs.metres, legs.approved, legs.mined)


def _filled(total: Legs, more: Legs, missing: Bools) -> Legs:
    """Legs with what is missing taken from others."""
    take = missing & np.isfinite(more.likely)

    return Legs(
        np.where(take, more.low, total.low),
        np.where(take, more.likely, total.likely),
        np.where(take, more.high, total.high),
        np.where(take, more.metres, total.metres),
        np.where(take, more.approved, total.approved),
        np.where(take, more.mined, total.mined),
    )


def _write(legs: Legs, start: int, end: int, route: Route | None) -> None:
    """Put one route in the place of a leg."""
    values = (
        (np.inf, np.inf, np.inf, np.inf, False, False)
        if route is None
        else (route.low, route.likely, route.high, route.metres, route.approved, route.mined)
    )
    for layer, value in zip(_layers_of(legs), values, strict=True):
        layer[start, end] = value
