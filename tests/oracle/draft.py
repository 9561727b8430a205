"""A tiny pause while it is being put together: parts that kinds of rules add to or change."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule, Direction, User
from lull.domain.fleet import Use
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.tiers import Tier
from lull.domain.time import Estimate
from tests.tiny.build import corridor, people, site, tiny, vehicles


@dataclass
class Draft:
    """Keyword arguments by name of each part; `case()` makes the case."""

    rng: random.Random
    windows: list[tuple[int, int]]
    rules: dict[str, Any]
    sites: dict[str, dict[str, Any]] = field(default_factory=dict)
    corridors: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    fleet: dict[str, dict[str, Any]] = field(default_factory=dict)
    ways: dict[tuple[str, str], int] = field(default_factory=dict)
    items: dict[str, float] = field(default_factory=dict)
    stocks: list[Stock] = field(default_factory=list)
    demands: list[Demand] = field(default_factory=list)
    tiers: tuple[Tier, ...] = ()
    notice: int | None = None
    way: int = 5
    through: int = 3
    slower: int = 0
    """Minutes by which high times exceed likely ones."""

    def estimate(self, minutes: int) -> Estimate:
        """A duration with the draft's high time."""
        return Estimate(max(0, minutes - 1), minutes, minutes + self.slower)

    def both_ways(self, a: str, b: str, minutes: int) -> None:
        """The same way in both directions."""
        self.ways[a, b] = self.ways[b, a] = minutes

    def point(self, name: str) -> str:
        """An assembly point, added if it is not there yet."""
        if name not in self.sites:
            self.sites[name] = {"kind": "assembly_point", "service": 5, "call": 0}
            for gate in (c for c, said in self.corridors.items() if "between" not in said):
                self.both_ways(name, f"{gate}@{INSIDE}", self.rng.choice([3, 5, 7]))
        return name

    def place(self, name: str, kind: str, **more: Any) -> str:
        """A site outside, or on the sides that are given."""
        self.sites.setdefault(name, {"kind": kind, "service": 5, **more})
        return name

    def ambulance(self) -> str:
        """An ambulance and a hospital to bring patients to."""
        self.place("H", "hospital", hospital_level=1)
        self.fleet.setdefault("amb", {
            "number": 1, "uses": (Use.WOUNDED,), "seats": 2, "stretchers": 2,
        })
        return "amb"

    def truck(self) -> str:
        """A truck and a warehouse, with a way in for aid."""
        self.place("W", "warehouse")
        self.fleet.setdefault("truck", {"number": 1, "uses": (Use.AID,), "payload_t": 1.0})
        return "truck"

    def case(self) -> Case:
        """The case."""
        made = [self._site(name, dict(said)) for name, said in self.sites.items()]
        gates = [self._corridor(name, dict(said)) for name, said in self.corridors.items()]
        return tiny(
            made, gates,
            [people(name, **said) for name, said in self.groups.items()],
            [vehicles(name, **said) for name, said in self.fleet.items()],
            windows=self.windows, rules=self.rules, notice=self.notice,
            ways={pair: self.estimate(m) for pair, m in self.ways.items()},
            way=self.estimate(self.way), through=self.estimate(self.through),
            pause={"tiers": self.tiers} if self.tiers else None,
            items={name: Item(name, name, kg) for name, kg in self.items.items()},
            stocks=tuple(self.stocks), demands=tuple(self.demands),
        )

    def _site(self, name: str, said: dict[str, Any]) -> Any:
        service = {"": said.pop("service", 0), **said.pop("service_by_type", {})}
        said["service"] = {k: self.estimate(m) for k, m in service.items()}
        return site(name, **said)

    def _corridor(self, name: str, said: dict[str, Any]) -> Any:
        minutes = {"": said.pop("check"), **said.pop("check_by_type", {})}
        lanes, rates = said.pop("lanes", 1), said.pop("rates", {})
        checks = {k: self.estimate(m) for k, m in minutes.items()}
        said["checkpoint"] = {way: Checkpoint(lanes, checks, **rates) for way in Direction}
        return corridor(name, said.pop("users"), **said)


def plain(rng: random.Random) -> Draft:
    """One corridor, one point, one reception centre, one or two buses of a few seats."""
    slot = rng.choice([10, 15])
    draft = Draft(
        rng, [(0, rng.choice([70, 90, 110, 130]))],
        {"margin": rng.choice([5, 10]), "slot": slot},
        way=rng.choice([4, 5, 6]), through=rng.choice([2, 3, 4]),
    )
    draft.corridors["north"] = {
        "users": (User.CIVILIANS, User.WOUNDED, User.AID), "check": rng.choice([3, 4, 5]),
        "convoy": ConvoyRule(rng.choice([None, 1, 1]), 0, None),
    }
    draft.point("A")
    draft.place("R", "reception_centre")
    draft.place("base", "base", service=0)
    draft.groups["families"] = {"households": {1: rng.choice([5, 8, 11])}, "where": "A"}
    draft.fleet["bus"] = {"number": rng.choice([1, 2]), "seats": rng.choice([2, 3])}
    return draft


__all__ = ["INSIDE", "OUTSIDE", "Draft", "plain"]
