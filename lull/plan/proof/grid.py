"""The minutes over which days are priced: windows, what is left of them, and whole slots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from attrs import define
from numpy.typing import NDArray

from lull.domain.case import Case
from lull.domain.time import Window

AFTER = 180
"""Minutes after the last close in which bays and hours still count; later, everything is free."""

BLOCKS = (30, 120)
"""Minutes in which what is shared over time is added up, beside whole windows."""

FINE_BLOCKS = (2, 30, 120)
"""The same where vehicles are few: dearer, and it lowers the bound most where a vehicle makes few
trips. By single minutes it would be one per cent lower at the most, in half as much time again."""

FEW = 24
"""Vehicles up to which blocks are fine."""

Spell = tuple[int, int]


@define(frozen=True, eq=False)
class Grid:
    """Minutes `start` … `start + length`; arrays are indexed by minute − start.

    `window` is the number of the window that a minute lies in, or −1; `limit` is the index by
    which whoever is inside in that minute must be out (close − margin), or −1; `slot` says where
    a convoy may start. `blocks` cover the grid, once for each length in `BLOCKS` and once by
    whole windows.
    """

    start: int
    length: int
    window: NDArray[np.int64]
    limit: NDArray[np.int64]
    slot: NDArray[np.bool_]
    blocks: tuple[tuple[Spell, ...], ...]

    @classmethod
    def of(cls, case: Case, before: int) -> Grid:
        """The grid of a case that begins `before` minutes ahead of the first window."""
        windows, rules = case.pause.windows, case.pause.rules
        start = windows[0].opens - before
        length = windows[-1].closes + AFTER - start
        window = np.full(length + 1, -1, dtype=np.int64)
        limit = np.full(length + 1, -1, dtype=np.int64)
        for n, w in enumerate(windows):
            window[w.opens - start : w.closes - start] = n
            limit[w.opens - start : w.closes - start] = w.closes - rules.margin - start
        clock = case.pause.clock
        times = (clock.local(start + m) for m in range(length + 1))
        slot = np.array([(t.hour * 60 + t.minute) % rules.slot == 0 for t in times], dtype=bool)
        return cls(start, length, window, limit, slot,
                   tuple(tuple(_blocks(windows, start, length, step))
                         for step in (*blocks_of(case), length)))

    def mask(self, spells: Iterable[Spell]) -> NDArray[np.bool_]:
        """True in the minutes [a, b) of spells given in minutes since the origin."""
        mask = np.zeros(self.length, dtype=bool)
        for a, b in spells:
            mask[max(0, a - self.start) : max(0, b - self.start)] = True
        return mask

    def holds(self, hours: Sequence[Window], lasts: int) -> NDArray[np.bool_]:
        """Whether [t, t + lasts] lies within opening hours, for each index t."""
        if not hours:
            return np.ones(self.length, dtype=bool)
        return self.mask([(h.opens, h.closes - lasts + 1) for h in hours])


def blocks_of(case: Case) -> tuple[int, ...]:
    """Minutes of the blocks of a case."""
    few = sum(kind.number for kind in case.fleet.values()) <= FEW
    return FINE_BLOCKS if few else BLOCKS


def _blocks(windows: Sequence[Window], start: int, length: int, step: int) -> list[Spell]:
    """Index spells that cover the grid and end at every opening and close."""
    edges = {0, length}
    for w in windows:
        edges |= set(range(w.opens - start, w.closes - start, step)) | {w.closes - start}
    marks = sorted(e for e in edges if 0 <= e <= length)
    return list(pairwise(marks))
