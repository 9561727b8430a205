"""Aid by item: what stands in stock, what is needed where, and what comes first."""

from __future__ import annotations

from attrs import frozen

from lull.domain.refusal import require, require_whole


@frozen
class Item:
    """A catalogue item; `kg` a unit; `persons_per_unit` and `days` say what a unit serves."""

    id: str
    name: str
    kg: float
    unit: str = "unit"
    persons_per_unit: float = 0.0
    days: float = 0.0
    assumed: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        require(bool(self.id), "An item has no id.")
        require(self.kg > 0, f"Item {self.id!r}: a unit of {self.kg} kg is not possible.")


@frozen
class Stock:
    """Units of an item that stand at a warehouse, loaded and sealed `ready` minutes after notice.

    Where the pause states no notice, they are ready.
    """

    item: str
    site: str
    units: int
    ready: int = 0

    def __attrs_post_init__(self) -> None:
        require_whole(self.units, f"Stock of {self.item!r} at {self.site!r}: units")
        require_whole(self.ready, f"Stock of {self.item!r} at {self.site!r}: minutes to be ready")


@frozen
class Demand:
    """Units of an item needed at a place; up to `minimum` they are for survival.

    `priority` 1 comes first. `neighbourhood` is where shares are counted.
    """

    item: str
    site: str
    units: int
    minimum: int = 0
    priority: int = 1
    neighbourhood: str = ""
    source: str = ""

    def __attrs_post_init__(self) -> None:
        where = f"Need of {self.item!r} at {self.site!r}"
        require_whole(self.units, f"{where}: units")
        require_whole(self.minimum, f"{where}: the survival minimum")
        require_whole(self.priority, f"{where}: priority", least=1)
        require(
            self.minimum <= self.units,
            f"{where}: the minimum of {self.minimum} exceeds the {self.units} needed.",
        )
