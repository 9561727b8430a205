"""What vehicles share over the clock: lanes, starts of convoys, entries an hour, bays.

Each is a price a minute (or an entry) in blocks; a block is one row of the programme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.domain.corridor import Corridor, Direction
from lull.domain.place import INSIDE, Site
from lull.plan.ground import Ground
from lull.plan.proof.grid import Grid, Spell, blocks_of

HOUR = 60

Key = tuple[str, ...]
"""("lanes", corridor, pool), ("convoys", corridor, way), ("entries", corridor, way) or
("bays", site)."""


@define(frozen=True)
class Block:
    """A row: no more than `limit` in the indices [start, end)."""

    name: str
    start: int
    end: int
    limit: float


@define(eq=False)
class Capacities:
    """All that is shared over time in a case, by key."""

    ground: Ground
    grid: Grid
    load_by: NDArray[np.int64]
    rows: dict[Key, tuple[Block, ...]] = field(factory=dict)
    _used: dict[tuple[Key, int, int], tuple[tuple[str, float], ...]] = field(factory=dict)

    @classmethod
    def of(cls, ground: Ground, grid: Grid, load_by: NDArray[np.int64]) -> Capacities:
        """Every row that a case can fill; `load_by` as `returns.load_by` gives it."""
        made = cls(ground, grid, load_by)
        for corridor in ground.case.corridors.values():
            for way in sorted(corridor.directions):
                made._gate(corridor, way)
        for site in ground.case.sites.values():
            if site.bays is not None:
                made.rows["bays", site.id] = made._bays(site)
        return made

    def usable(self, corridor: Corridor) -> NDArray[np.bool_]:
        """Minutes in which anyone can be in a corridor's check: in a window, in hours, in time."""
        margin = self.ground.case.pause.rules.margin
        inner = [(w.opens, max(w.opens, w.closes - margin))
                 for w in self.ground.case.pause.windows]
        mask = self.grid.mask(inner)
        if corridor.open_hours:
            mask &= self.grid.mask([(h.opens, h.closes) for h in corridor.open_hours])
        return mask

    def _gate(self, corridor: Corridor, way: Direction) -> None:
        usable, grid = self.usable(corridor), self.grid
        pool = corridor.lane_pool(way)
        lanes = corridor.lanes(way)
        self.rows["lanes", corridor.id, pool.value] = tuple(
            Block(f"lanes {pool.value} of {corridor.id}, {self._at(a, b)}", a, b,
                  float(lanes * int(usable[a:b].sum())))
            for a, b in self._blocks() if usable[a:b].any())
        # a convoy of checks that take no time may start in the very minute of closing
        starts = np.flatnonzero((usable | np.r_[False, usable[:-1]]) & grid.slot[:-1])
        rule = corridor.convoy
        if rule.largest is not None and rule.headway:
            lengths = [rule.headway * max(1, -(-step // rule.headway))
                       for step in blocks_of(self.ground.case)]
            spells = [s for long in lengths for s in _spells(starts, long)]
            spells += [(int(starts[0]), int(starts[-1]) + 1)] if len(starts) else []
            self.rows["convoys", corridor.id, way.value] = tuple(
                Block(f"convoys {way.value} of {corridor.id}, {self._at(a, b)}",
                      a, b, float(rule.largest * _apart(starts, a, b, rule.headway)))
                for a, b in dict.fromkeys(spells))
        limit = corridor.check(way).vehicles_per_hour
        if limit is not None:
            minutes = np.flatnonzero(usable | np.r_[False, usable[:-1]])
            hours = _spells(minutes, HOUR)
            whole = [(hours[0][0], hours[-1][1])] if len(hours) > 1 else []
            self.rows["entries", corridor.id, way.value] = tuple(
                Block(f"entries {way.value} of {corridor.id}, {self._at(a, b)}", a, b,
                      float(limit * sum(a <= since < b for since, _ in hours)))
                for a, b in (*hours, *whole))

    def _bays(self, site: Site) -> tuple[Block, ...]:
        open_ = self.grid.mask([(h.opens, h.closes) for h in site.open_hours]) \
            if site.open_hours else np.ones(self.grid.length, dtype=bool)
        if site.sides == (INSIDE,):
            open_ &= self.grid.window[:-1] >= 0
        return tuple(
            Block(f"bays of {site.id}, {self._at(a, b)}", a, b,
                  float((site.bays or 0) * int(open_[a:b].sum())))
            for a, b in self._blocks() if open_[a:b].any())

    def _blocks(self) -> list[Spell]:
        """Spells of every length, each once."""
        return list(dict.fromkeys(s for spells in self.grid.blocks for s in spells))

    def _at(self, start: int, end: int) -> str:
        return f"{start + self.grid.start} to {end + self.grid.start}"

    def prices(self, key: Key, of_row: Mapping[str, float]) -> NDArray[np.float64]:
        """The price of each minute (or entry in it), from the duals by row name."""
        found = np.zeros(self.grid.length + 1)
        for block in self.rows.get(key, ()):
            price = of_row.get(block.name, 0.0)
            if price:
                found[block.start : block.end] += price
        return found

    def outermost(self) -> set[str]:
        """Rows of gates that cover a whole window or more: those that are looked at first."""
        found, longest = set(), max(blocks_of(self.ground.case))
        for key, blocks in self.rows.items():
            wide = max((b.end - b.start for b in blocks), default=0)
            if key[0] != "bays":
                found |= {b.name for b in blocks if b.end - b.start > longest
                          or b.end - b.start == wide}
        return found

    def like_fluid(self) -> dict[str, list[str]]:
        """Names of rows of the fluid programme, with the widest rows here that say the same."""
        said = {"lanes": "lanes {1} of {0}", "convoys": "convoys {1} of {0}",
                "entries": "vehicles an hour {1} of {0}", "bays": "bays of {0}"}
        found: dict[str, list[str]] = {}
        wide = self.outermost()
        for key, blocks in self.rows.items():
            most = max((b.end - b.start for b in blocks), default=0)
            rows = [b.name for b in blocks if b.name in wide or b.end - b.start == most]
            found[said[key[0]].format(*key[1:])] = rows
            if key[0] == "lanes":
                found.setdefault(f"lanes of {key[1]}", rows)
        return found

    def use(self, key: Key, start: int, lasts: int) -> tuple[tuple[str, float], ...]:
        """Row names with the minutes of [start, start + lasts) that fall into each."""
        asked = (key, start, lasts)
        if asked not in self._used:
            self._used[asked] = tuple(
                (b.name, float(min(b.end, start + lasts) - max(b.start, start)))
                for b in self.rows.get(key, ()) if b.start < start + lasts and start < b.end)
        return self._used[asked]


def _spells(minutes: NDArray[np.int64], long: int) -> list[Spell]:
    """Spells of a length, one behind the other, that cover all minutes given."""
    found: list[Spell] = []
    for minute in minutes.tolist():
        if not found or minute >= found[-1][1]:
            found.append((minute, minute + long))
    return found


def _apart(starts: Sequence[int] | NDArray[np.int64], a: int, b: int, headway: int) -> int:
    """The most starts in [a, b) that are pairwise at least a headway apart."""
    count, last = 0, None
    for start in starts:
        if a <= start < b and (last is None or start - last >= headway):
            count, last = count + 1, start
    return count
