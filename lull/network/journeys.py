"""Ways for one kind of traveller: on approved streets first, through corridors at their gates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
import shapely.ops
from attrs import evolve, frozen
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from lull.network.closures import (
    APPROVED_SHARE,
    Closure,
    Conditions,
    approved_area,
    approved_streets,
    conditions,
    cut_lines,
    cut_streets,
)
from lull.network.costs import EdgeCosts, edge_costs
from lull.network.geodesy import distance_m, to_plane
from lull.network.matrices import Ends, Legs, TravelEngine
from lull.network.profiles import Profile
from lull.network.routes import Route, part_of_line, route_of
from lull.network.snapping import FAR_M, NOWHERE, Snaps, snap, sound_streets
from lull.network.speeds import FREE_FLOW, WALKING
from lull.network.streets import Bools, Floats, Ints, Streets

OFF_STREETS = FREE_FLOW["unclassified"]
"""Speed of vehicles along a corridor's line where the extract has no street: ASSUMED."""


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
    ) -> Surroundings:
        """Streets with closures, lines between the sides and approved routes (all in degrees)."""
        cuts = tuple(cuts)
        area = approved_area(streets, approved)
        return cls(
            streets, conditions(streets, closures), cut_streets(streets, cuts), cut_lines(cuts),
            approved_streets(streets, area), area,
        )  # fmt: skip

    def with_closures(self, closures: Iterable[Closure]) -> Surroundings:
        """The same with other closures."""
        return evolve(self, state=conditions(self.streets, closures))


class Journeys:
    """All ways of one kind of traveller, at a speed factor of 1."""

    def __init__(
        self,
        around: Surroundings,
        profile: Profile,
        lon_lat: Floats,
        wanted: Bools,
        crossings: Sequence[tuple[int, int, LineString | None]],
        *,
        keep: bool,
    ) -> None:
        self._profile = evolve(profile, speed_factor=1.0)
        self._lon_lat, self._crossings, self._keep = lon_lat, tuple(crossings), keep
        gates = [(i, o) for i, o, _ in crossings]
        self._through = np.zeros_like(wanted)
        for i, o in gates:
            self._through[i, o] = self._through[o, i] = True
        self._wanted = wanted & ~self._through
        self._engines: dict[tuple[str, str], TravelEngine] = {}
        self._set(around)

    def _set(self, around: Surroundings) -> None:
        self._around = around
        streets = around.streets
        self._costs = edge_costs(streets, self._profile, around.state, around.approved)
        self._sound = sound_streets(streets, self._costs.usable, around.cut)
        open_ = (self._costs.usable[0::2] | self._costs.usable[1::2]) & ~around.cut
        self.snaps = snap(
            streets, self._sound & ~around.cut, self._lon_lat[:, 0], self._lon_lat[:, 1],
            passed_over=open_ & ~self._sound, barriers=around.barriers, prefer=around.approved,
        )  # fmt: skip
        self._pieces = _pieces_in(streets, self.snaps, around.area)
        self.crossing_notes: list[tuple[int, str]] = []
        self._lines = [self._line_of(number) for number in range(len(self._crossings))]

    def change(self, around: Surroundings) -> int:
        """Take other closures; returns how many places ran again."""
        self._set(around)
        again = 0
        for key, (costs, ends) in self._layers().items():
            if key in self._engines:
                again += self._engines[key].update(costs, self.snaps, ends)
        for key in set(self._engines) - set(self._layers()):
            del self._engines[key]
        return again

    def _layers(self) -> dict[tuple[str, str], tuple[EdgeCosts, Ends]]:
        """By (kind of way, streets preferred): costs and ends, the preferred first."""
        found: dict[tuple[str, str], tuple[EdgeCosts, Ends]] = {}
        whole = np.ones((len(self.snaps), 2), dtype=np.bool_)
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

    def _engine(self, key: tuple[str, str], costs: EdgeCosts, ends: Ends) -> TravelEngine:
        if key in self._engines:
            return self._engines[key]
        wanted = self._through if key[0] == "through" else self._wanted
        engine = TravelEngine(
            self._around.streets, costs, self.snaps, ends, wanted, keep=self._keep
        )
        if self._keep:
            self._engines[key] = engine
        return engine

    def legs(self) -> Legs:
        """The ways between all places that share a side, and between the gates of corridors."""
        total: Legs | None = None
        for key, (costs, ends) in self._layers().items():
            missing = self._through if key[0] == "through" else self._wanted
            if total is not None:
                missing = missing & ~np.isfinite(total.likely)
            if total is None or missing.any():
                legs = self._engine(key, costs, ends).legs()
                total = legs if total is None else _filled(total, legs, missing)
        assert total is not None
        for (i, o, _), by_line in zip(self._crossings, self._lines, strict=True):
            if by_line is not None:
                for start, end in ((i, o), (o, i)):
                    _write(total, start, end, self._along_line(by_line, start, end))
        for layer in (total.low, total.likely, total.high, total.metres, total.mined):
            np.fill_diagonal(layer, 0)
        np.fill_diagonal(total.approved, True)
        return total

    def route(self, start: int, end: int, factor: float) -> Route | None:
        """The way from one place to another; None where there is none."""
        way = "through" if self._through[start, end] else "between"
        for (i, o, _), by_line in zip(self._crossings, self._lines, strict=True):
            if by_line is not None and {start, end} == {i, o}:
                return self._along_line(by_line, start, end, factor)
        if not (self._wanted[start, end] or self._through[start, end]):
            return None
        for key, (costs, ends) in self._layers().items():
            if key[0] == way:
                engine = self._engines.get(key) or self._single(costs, ends, start, end)
                at = (start, end) if key in self._engines else (0, min(1, abs(end - start)))
                trace = engine.trace(*at)
                if trace:
                    approved = self._is_approved(trace, ends, start, end)
                    return route_of(
                        self._around.streets, costs, trace, approved=approved, factor=factor
                    )
        return None

    def _single(self, costs: EdgeCosts, ends: Ends, start: int, end: int) -> TravelEngine:
        """An engine for two places alone."""
        pair = np.array([start, end] if start != end else [start])
        few = Ends(ends.usable, ends.open[pair], ends.approved[pair])
        return TravelEngine(self._around.streets, costs, _some(self.snaps, pair), few, keep=False)

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

    def _line_of(self, number: int) -> _Line | None:
        """How a corridor's own line is followed: on streets, or, failing them, by itself."""
        inside, outside, line = self._crossings[number]
        if line is None:
            return None
        ends = [shapely.Point(*self._lon_lat[gate]) for gate in (inside, outside)]
        places = [float(line.project(end)) for end in ends]
        away = [
            _metres_between(end, line.interpolate(at)) for end, at in zip(ends, places, strict=True)
        ]
        if max(away) > FAR_M:
            note = (
                f"Its line passes {max(away):.0f} m from a gate; the shortest way between the "
                "gates is taken instead."
            )
            self.crossing_notes.append((number, note))
            return None
        engine = self._engine_along(line, inside, outside)
        found = _Line(places[0], places[1], line, engine, inside)
        if engine is None:
            note = (
                "No streets of the extract follow its line from gate to gate; the line itself "
                f"is taken, at {OFF_STREETS.likely_kmh:g} km/h for vehicles (assumed)."
            )
            self.crossing_notes.append((number, note))
        return found

    def _engine_along(self, line: LineString, inside: int, outside: int) -> TravelEngine | None:
        """An engine on the streets under a line, if they join the gates both ways."""
        streets = self._around.streets
        area = approved_area(streets, [line])
        under = approved_streets(streets, area)
        pair = np.array([inside, outside])
        costs = edge_costs(streets, self._profile, self._around.state, under)
        open_ = (costs.usable[0::2] | costs.usable[1::2]) & (under | _touches(streets, area))
        snaps = snap(streets, open_, self._lon_lat[pair, 0], self._lon_lat[pair, 1])
        pieces = _pieces_in(streets, snaps, area)
        engine = TravelEngine(
            streets,
            costs.only(np.repeat(under, 2)),
            snaps,
            Ends(costs.usable, pieces, pieces),
            keep=False,
        )
        seconds = engine.legs().likely
        return engine if np.isfinite(seconds).any() and np.isfinite(seconds[0, 1]) else None

    def _along_line(self, by: _Line, start: int, end: int, factor: float = 1.0) -> Route | None:
        """The way through a corridor along its line; None where one direction has no street."""
        out = start == by.first
        if by.engine is not None:
            trace = by.engine.trace(*((0, 1) if out else (1, 0)))
            if not trace:
                return None
            return route_of(
                self._around.streets, by.engine.costs, trace, approved=True, factor=factor
            )
        part = shapely.ops.substring(
            by.line, *((by.at_in, by.at_out) if out else (by.at_out, by.at_in))
        )
        lon, lat = shapely.get_coordinates(part).T
        metres = float(distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())
        speed = WALKING if self._profile.on_foot else OFF_STREETS
        low, likely, high = (
            metres * 3.6 / kmh / factor for kmh in (speed.high_kmh, speed.likely_kmh, speed.low_kmh)
        )
        return Route(
            tuple(lon.tolist()), tuple(lat.tolist()), metres, low, likely, high,
            edges=(), way_ids=(), names=(), approved=True, mined=False,
        )  # fmt: skip


@frozen(eq=False)
class _Line:
    """A corridor's own line: where the gates lie along it, and the streets under it, if any."""

    at_in: float
    at_out: float
    line: LineString
    engine: TravelEngine | None
    first: int


def _pieces_in(streets: Streets, snaps: Snaps, area: BaseGeometry | None) -> Bools:
    """Whether the pieces of street from each place to its ends [p, 2] lie in an area.

    An empty piece does if the place does.
    """
    inside = np.zeros((len(snaps), 2), dtype=np.bool_)
    if area is None:
        return inside
    for i, (street, at) in enumerate(zip(snaps.street, snaps.fraction, strict=True)):
        if street == NOWHERE:
            continue
        for side, (start, to) in enumerate(((0.0, at), (at, 1.0))):
            line = LineString(to_plane(*part_of_line(streets, int(street), start, to)))
            if line.length > 0:
                share = line.intersection(area).length / line.length
                inside[i, side] = share >= APPROVED_SHARE
            else:
                inside[i, side] = area.intersects(shapely.Point(line.coords[0]))
    return inside


def _touches(streets: Streets, area: BaseGeometry | None) -> Bools:
    """Streets [s] that meet an area."""
    touches = np.zeros(len(streets), dtype=np.bool_)
    if area is not None:
        touches[shapely.STRtree(streets.plane_lines).query(area, predicate="intersects")] = True
    return touches


def _some(snaps: Snaps, which: Ints) -> Snaps:
    """The snaps of some places."""
    return Snaps(
        snaps.street[which], snaps.fraction[which], snaps.metres[which], snaps.lon[which],
        snaps.lat[which], snaps.across[which], snaps.trap[which],
    )  # fmt: skip


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
    layers = (legs.low, legs.likely, legs.high, legs.metres, legs.approved, legs.mined)
    for layer, value in zip(layers, values, strict=True):
        layer[start, end] = value


def _metres_between(a: shapely.Point, b: shapely.Point) -> float:
    return float(distance_m(a.x, a.y, b.x, b.y))
