"""What is still there to be moved, layered so that a draft can be tried and dropped."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeVar

from attrs import define, field

from lull.domain.case import Case
from lull.domain.people import Group, Need
from lull.plan.aims import Aims, Cell

K = TypeVar("K")
V = TypeVar("V")

UNLIMITED = 1 << 30


@define
class Layer:
    """Changed entries over those beneath."""

    households: dict[str, dict[int, int]] = field(factory=dict)
    places: dict[tuple[str, str], int] = field(factory=dict)
    stock: dict[tuple[str, str], int] = field(factory=dict)
    need: dict[tuple[str, str], int] = field(factory=dict)
    served: dict[Cell, int] = field(factory=dict)
    spare: dict[str, int] = field(factory=dict)


@define
class Remaining:
    """Households by group and size, places by site and kind, stock and need by item and site.

    `layers` are read from the last to the first; only the last is written. `keeps_minima`:
    stock that survival minima still need anywhere is not given out beyond a minimum elsewhere.
    """

    case: Case
    aims: Aims
    layers: list[Layer]
    keeps_minima: bool = True

    @classmethod
    def of(cls, case: Case, aims: Aims) -> Remaining:
        """Everything that a case holds."""
        base = Layer()
        base.households = {g.id: dict(g.households) for g in case.groups.values()}
        for site in case.sites.values():
            for kind, limit in (
                ("seated", site.capacity_seated),
                ("stretcher", site.capacity_stretcher),
                ("critical", site.capacity_critical),
            ):
                base.places[site.id, kind] = UNLIMITED if limit is None else limit
        stock: dict[tuple[str, str], int] = defaultdict(int)
        for s in case.stocks:
            stock[s.item, s.site] += s.units
        base.stock = dict(stock)
        need: dict[tuple[str, str], int] = defaultdict(int)
        for d in case.demands:
            need[d.item, d.site] += d.units
        base.need = dict(need)
        base.spare = {item: sum(stock.get((item, store), 0) for store in aims.stores.get(item, ()))
                      - sum(aims.minimum(item, place) for place in aims.needed.get(item, ()))
                      for item in case.items}
        return cls(case, aims, [base])

    def draft(self) -> Remaining:
        """A layer on top: changes to it leave this one as it is."""
        return Remaining(self.case, self.aims, [*self.layers, Layer()], self.keeps_minima)

    def flat(self) -> Remaining:
        """A copy of its own, in one layer."""
        merged = Layer()
        for layer in self.layers:
            merged.households.update({g: dict(sizes) for g, sizes in layer.households.items()})
            merged.places.update(layer.places)
            merged.stock.update(layer.stock)
            merged.need.update(layer.need)
            merged.served.update(layer.served)
            merged.spare.update(layer.spare)
        return Remaining(self.case, self.aims, [merged], self.keeps_minima)

    def households(self, group: str) -> dict[int, int]:
        """Households left by size; not to be changed."""
        for layer in reversed(self.layers):
            found = layer.households.get(group)
            if found is not None:
                return found
        return {}

    def places(self, site: str, kind: str) -> int:
        """Places left at a site for seated, stretcher or critical."""
        for layer in reversed(self.layers):
            if (site, kind) in layer.places:
                return layer.places[site, kind]
        return UNLIMITED

    def stock(self, item: str, site: str) -> int:
        """Units left at a warehouse."""
        for layer in reversed(self.layers):
            if (item, site) in layer.stock:
                return layer.stock[item, site]
        return 0

    def need(self, item: str, site: str) -> int:
        """Units still needed at a place."""
        for layer in reversed(self.layers):
            if (item, site) in layer.need:
                return layer.need[item, site]
        return 0

    def free_of_minima(self, item: str) -> int:
        """Units of an item, wherever they stand, that no survival minimum still needs."""
        if not self.keeps_minima:
            return UNLIMITED
        return max(0, self._spare(item))

    def _spare(self, item: str) -> int:
        """Units standing less what survival minima still need, which may be below nought."""
        for layer in reversed(self.layers):
            if item in layer.spare:
                return layer.spare[item]
        return 0

    def _minimum_left(self, item: str, place: str) -> int:
        had = self.aims.wanted(item, place) - self.need(item, place)
        return max(0, self.aims.minimum(item, place) - had)

    def served(self, cell: Cell) -> int:
        """Heads served in a cell."""
        for layer in reversed(self.layers):
            if cell in layer.served:
                return layer.served[cell]
        return 0

    def served_of(self, group: str) -> dict[Cell, int]:
        """Heads served in the cells of a group."""
        return {c.cell: self.served(c.cell) for c in self.aims.counted[group]}

    def take_people(self, group: Group, sizes: dict[int, int], site: str, sign: int = 1) -> None:
        """Take whole households to a destination (`sign` -1 gives them back)."""
        own = dict(self.households(group.id))
        persons = patients = 0
        for size, number in sizes.items():
            own[size] = own.get(size, 0) - sign * number
            persons += size * number
            patients += number if group.is_medical else 0
        top = self.layers[-1]
        top.households[group.id] = own
        for kind, heads in places_taken(group, persons, patients):
            top.places[site, kind] = self.places(site, kind) - sign * heads
        for counted in self.aims.counted[group.id]:
            heads = patients if counted.patients else persons
            top.served[counted.cell] = self.served(counted.cell) + sign * heads

    def take_goods(self, item: str, store: str, place: str, units: int, sign: int = 1) -> None:
        """Take units of an item from a store to a place (`sign` -1 gives them back)."""
        top, kept = self.layers[-1], self._minimum_left(item, place)
        top.stock[item, store] = self.stock(item, store) - sign * units
        top.need[item, place] = self.need(item, place) - sign * units
        met = kept - self._minimum_left(item, place)
        top.spare[item] = self._spare(item) - sign * units + met


def places_taken(group: Group, persons: int, patients: int) -> list[tuple[str, int]]:
    """Which places at a destination people of a group take: patients lie, all others sit."""
    if not group.is_medical:
        return [("seated", persons)]
    lying = "critical" if group.need is Need.CRITICAL else "stretcher"
    return [(lying, patients), ("seated", persons - patients)]
