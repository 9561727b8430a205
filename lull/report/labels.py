"""Puts names on a map where they cover as little as possible."""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from lull.report import pictures as p

Box = tuple[float, float, float, float]
Spot = tuple[float, float, float, float, Box]
"""How bad it is, the middle x and y, how far it lies, and the box."""

CELL = 4.0
"""Units of one cell of the grid that remembers what is covered."""

NEAR = (14, 19)
REACHES = (14, 24, 40, 60, 85, 115, 150)
"""Distances in units at which a name is tried: those that may be left out, and those that not."""

SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))

LEADER_FROM = 30
"""Distance from which on a thin line leads from the name to its place."""


@define
class Labels:
    """What is already on a map of some width and height, and how bad it is to cover it."""

    width: float
    height: float
    taken: NDArray[np.float64] = field(init=False)
    """[rows, columns] of cells: how bad it is to cover each."""

    def __attrs_post_init__(self) -> None:
        self.taken = np.zeros((int(self.height / CELL) + 2, int(self.width / CELL) + 2))

    def take(self, x: float, y: float, w: float, h: float, weight: float = 10.0) -> None:
        """Mark a box about (x, y) as taken; a name rather covers what weighs less."""
        here = self._cells((x - w / 2, y - h / 2, x + w / 2, y + h / 2))
        here[:] = np.maximum(here, weight)

    def _cells(self, box: Box) -> NDArray[np.float64]:
        left, top, right, bottom = (max(0, int(edge / CELL)) for edge in box)
        return self.taken[top : bottom + 1, left : right + 1]

    def place(self, x: float, y: float, words: str, size: float, *, must: bool) -> str:
        """The words beside a point where they cover nothing; "" where there is no room.

        With `must` they are put where they cover least.
        """
        w, h = len(words) * size * 0.6 + 6, size * 1.25
        best: Spot | None = None
        for reach in REACHES if must else NEAR:
            for dx, dy in SIDES:
                cx = x + dx * (reach + w / 2) * (1 if dy == 0 else 0.7)
                cy = y + dy * (reach * 0.8 + h / 2)
                box = (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
                if not self._within(box):
                    continue
                cost = float(self._cells(box).sum())
                found = (cost + reach / 4, cx, cy, float(reach), box)
                if cost == 0:
                    return self._put(x, y, found, words, size)
                if must and (best is None or found[0] < best[0]):
                    best = found
        return self._put(x, y, best, words, size) if best else ""

    def _within(self, box: Box) -> bool:
        wide = box[0] >= 4 and box[2] <= self.width - 4
        return wide and box[1] >= 4 and box[3] <= self.height - 4

    def _put(
        self,
        x: float,
        y: float,
        at: Spot,
        words: str,
        size: float,
    ) -> str:
        _, cx, cy, reach, box = at
        self._cells(box)[:] = 20.0
        style = "halo name" if size > 13 else "halo place"
        leader = p.line(x, y, cx, cy, "leader") if reach > LEADER_FROM else ""
        return leader + p.text(cx, cy + size * 0.35, words, anchor="middle", style=style)
