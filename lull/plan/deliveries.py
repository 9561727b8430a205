"""The rounds of aid that do not simply go in by one gate and out by another.

Stock and need on one side, stock inside that a truck from outside fetches and hands out, needs and
stocks on outer sides, ways through two corridors, trucks that live inside, and both halves of a
way on which cargo changes fleets at an exchange point. Each is a path from the side of the type's
base by a store to a place of need (or an exchange point) and back to that side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from attrs import define, field

from lull.domain.corridor import Direction, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.place import INSIDE, SiteKind
from lull.plan.ground import Ground
from lull.plan.pools import NEVER
from lull.plan.templates import Act, Carries, Round

Gates = tuple[tuple[str, Direction], ...]

WAYS = 4
"""Paths kept for each pair of a store and a place, the quickest first."""


@define(eq=False)
class Deliveries:
    """Rounds of aid by vehicle type, made once for a case."""

    ground: Ground
    _own: dict[str, list[Round]] = field(factory=dict)
    _onward: dict[tuple[str, str], dict[str, list[Round]]] = field(factory=dict)
    _beyond: dict[tuple[str, str, str], tuple[str, ...]] = field(factory=dict)
    _between: dict[tuple[str, str, str], list[Round]] = field(factory=dict)
    _near: dict[tuple[str, str, tuple[str, ...]], list[str]] = field(factory=dict)

    @cached_property
    def stores(self) -> tuple[str, ...]:
        """Sites where stock stands of which some is needed anywhere."""
        needed = {d.item for d in self.ground.case.demands if d.units}
        return tuple(sorted({s.site for s in self.ground.case.stocks
                             if s.units and s.item in needed}))

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Sites where something is needed."""
        return tuple(sorted({d.site for d in self.ground.case.demands if d.units}))

    @cached_property
    def exchanges(self) -> tuple[str, ...]:
        """Exchange points, where cargo may change fleets."""
        return tuple(sorted(
            s.id for s in self.ground.case.sites.values() if s.kind is SiteKind.EXCHANGE
        ))

    def shares_an_item(self, store: str, place: str) -> bool:
        """Whether anything that stands at a store is needed at a place."""
        case = self.ground.case
        stands = {s.item for s in case.stocks if s.site == store and s.units}
        return any(d.item in stands and d.units for d in case.demands if d.site == place)

    # -- whole rounds and first halves ----------------------------------------------------

    def of(self, kind: VehicleType) -> list[Round]:
        """A type's rounds from stores to places, and to exchange points for another fleet.

        Those in by one gate and out by one are made elsewhere and not repeated here.
        """
        if kind.id not in self._own:
            found: list[Round] = []
            if Use.AID in kind.uses and kind.number and kind.payload_t > 0:
                for store in self.stores:
                    for place in self.needs:
                        if store != place and self.shares_an_item(store, place):
                            found += self.between(kind, store, place)
                    for exchange in self.exchanges:
                        if store != exchange and self.beyond(kind, store, exchange):
                            found += self.between(kind, store, exchange)
            self._own[kind.id] = sorted(
                (r for r in set(found) if not (_simple(r) and r.set_down in self.needs)),
                key=lambda r: (r.minutes, r.route),
            )
        return self._own[kind.id]

    def beyond(self, kind: VehicleType, store: str, exchange: str) -> tuple[str, ...]:
        """Places that another fleet, which cannot come to the store itself, reaches from a point.

        Both fleets are of other types than each other.
        """
        key = (kind.id, store, exchange)
        if key not in self._beyond:
            self._beyond[key] = tuple(sorted({
                place for other in self.ground.case.fleet.values() if other.id != kind.id
                for place in self.onward(other, exchange)
                if self.shares_an_item(store, place) and not self._drives(other, store, place)
            }))
        return self._beyond[key]

    def hands_on(self, kind: VehicleType) -> bool:
        """Whether a type may bring cargo to an exchange point for another, and so comes first."""
        return any(r.set_down in self.exchanges for r in self.of(kind))

    def _drives(self, kind: VehicleType, store: str, place: str) -> bool:
        return bool(self.between(kind, store, place))

    # -- second halves --------------------------------------------------------------------

    def onward(self, kind: VehicleType, exchange: str) -> dict[str, list[Round]]:
        """Place of need to the rounds by which a type brings cargo there from an exchange point."""
        key = (kind.id, exchange)
        if key not in self._onward:
            self._onward[key] = {}
            inside = INSIDE in self.ground.site(exchange).sides
            if Use.AID in kind.uses and kind.number and kind.payload_t > 0 and (
                    not inside or kind.sides == (INSIDE,)):
                found = {p: self.between(kind, exchange, p) for p in self.needs if p != exchange}
                self._onward[key] = {p: rounds for p, rounds in found.items() if rounds}
        return self._onward[key]

    # -- paths ----------------------------------------------------------------------------

    def between(self, kind: VehicleType, store: str, place: str) -> list[Round]:
        """A type's quickest rounds from a store to a place, worked out once."""
        key = (kind.id, store, place)
        if key not in self._between:
            self._between[key] = self._quickest(kind, store, place)
        return self._between[key]

    def _quickest(self, kind: VehicleType, store: str, place: str) -> list[Round]:
        """A type's quickest rounds from a store to a place and back to the side of its base.

        Who does not live inside comes back to an outer side. What stood outside passes a
        checkpoint before it is set down where it is reached from inside, be it a place of need or
        an exchange point.
        """
        ground = self.ground
        found: list[tuple[int, tuple[Act, ...]]] = []
        checked = INSIDE not in ground.site(place).sides or INSIDE in ground.site(store).sides
        homes = set(ground.site(kind.base).sides) & set(kind.sides)
        if kind.sides != (INSIDE,):
            homes -= {INSIDE}
        for home in sorted(homes):
            for first in self._sides_of(kind, store):
                for last in self._sides_of(kind, place):
                    if first == INSIDE != last:
                        continue
                    if checked or INSIDE == last != first:
                        found += self._paths(kind, (home, first, last), store, place)
        made = sorted(set(found), key=lambda f: (f[0], str(f[1])))
        best: dict[object, tuple[int, tuple[Act, ...]]] = {}
        for minutes, path in made:
            way_in = tuple(a for a in path[:path.index(place)] if isinstance(a, tuple))
            best.setdefault(way_in, (minutes, path))
        return [self._round(kind, path, minutes) for minutes, path in list(best.values())[:WAYS]]

    def _sides_of(self, kind: VehicleType, site: str) -> list[str]:
        return sorted(set(self.ground.site(site).sides) & set(kind.sides))

    def _sides(self, act: tuple[str, Direction]) -> tuple[str, str]:
        return self.ground.case.corridors[act[0]].sides(act[1])

    def _paths(
        self, kind: VehicleType, sides: tuple[str, str, str], store: str, place: str
    ) -> Iterator[tuple[int, tuple[Act, ...]]]:
        home, first, last = sides
        for before in self._ways(kind, home, first):
            for between in self._ways(kind, first, last):
                for back in self._ways(kind, last, home):
                    path: tuple[Act, ...] = (*before, store, *between, place, *back)
                    minutes = self.minutes(kind, path)
                    if minutes < NEVER:
                        yield minutes, path

    def _ways(self, kind: VehicleType, start: str, end: str) -> list[Gates]:
        """Gates from side to side: none, one, or two by way of another outer side."""
        if start == end:
            return [()]
        direct: list[Gates] = [(gate,) for gate in self._gates(kind, start, end)]
        if direct:
            return direct
        middle = sorted(set(kind.sides) - {start, end, INSIDE})
        return [(a, b) for side in middle for a in self._gates(kind, start, side)
                for b in self._gates(kind, side, end)]

    def _gates(self, kind: VehicleType, start: str, end: str) -> list[tuple[str, Direction]]:
        return [
            (c.id, way) for c in self.ground.case.corridors.values() for way in sorted(Direction)
            if c.sides(way) == (start, end) and User.AID in c.users
            and self.ground.may_drive(kind, c, way)
        ]

    def minutes(self, kind: VehicleType, path: Iterable[Act]) -> int:
        """Likely minutes of a path from its first place to its last, waits left out, or NEVER."""
        ground, at, total = self.ground, "", 0
        for act in path:
            if isinstance(act, str):
                first = last = act
                stays = ground.site(act).service_of(kind.id).likely
            else:
                corridor = ground.case.corridors[act[0]]
                first, last = corridor.gates(act[1])
                stays = corridor.check(act[1]).minutes_of(kind.id).likely
                stays += ground.minutes(kind.id, first, last)
            leg = ground.minutes(kind.id, at, first) if at else 0
            if leg >= NEVER or stays >= NEVER:
                return NEVER
            total, at = total + leg + stays, last
        return total

    def _round(self, kind: VehicleType, path: tuple[Act, ...], minutes: int) -> Round:
        sites = [act for act in path if isinstance(act, str)]
        return as_round(kind, path, 1, sites, minutes)

    def near(self, kind: VehicleType, site: str, among: tuple[str, ...]) -> list[str]:
        """Sites on the same sides as one, the nearest for a type first; those out of reach not."""
        key = (kind.id, site, among)
        if key not in self._near:
            sides = self.ground.site(site).sides
            found = sorted(
                (self.ground.minutes(kind.id, site, other), other) for other in among
                if other != site and self.ground.site(other).sides == sides
            )
            self._near[key] = [other for minutes, other in found if minutes < NEVER]
        return self._near[key]

    def along(self, kind: VehicleType, path: tuple[Act, ...], loads: int) -> Round | None:
        """A round along any path, or None where there is no way."""
        minutes = self.minutes(kind, path)
        sites = [act for act in path if isinstance(act, str)]
        return None if minutes >= NEVER else as_round(kind, path, loads, sites, minutes)


def as_round(
    kind: VehicleType, path: tuple[Act, ...], loads: int, sites: list[str], minutes: int
) -> Round:
    """A round of aid that says its path."""
    ins = [act[0] for act in path if isinstance(act, tuple) and act[1] is Direction.IN]
    outs = [act[0] for act in path if isinstance(act, tuple) and act[1] is Direction.OUT]
    return Round(
        Carries.AID, kind.id, ins[0] if ins else "", sites[0], outs[-1] if outs else "",
        sites[loads], minutes, path, loads,
    )


def _simple(round_: Round) -> bool:
    """Whether a round loads, goes in by a gate, sets down and goes out by a gate."""
    shape = [act[1].value if isinstance(act, tuple) else "site" for act in round_.path]
    return shape == ["site", "in", "site", "out"]
