"""Capacities shared over time: lanes of a checkpoint, bays of a site, one minute at a time."""

from __future__ import annotations

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

Minutes = NDArray[np.int32]
NEVER = 1 << 30

CARS = "cars"
"""The way out of private cars: on slots and in the lanes, but between convoys too."""


@define(frozen=True)
class Horizon:
    """The minutes that a plan looks at: from `start` (negative) up to `end`, since the origin."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def mask(self, spells: list[tuple[int, int]]) -> NDArray[np.bool_]:
        """True in the minutes [a, b) of each spell."""
        mask = np.zeros(len(self), dtype=bool)
        for a, b in spells:
            mask[max(0, a - self.start) : max(0, b - self.start)] = True
        return mask


def _sliding_max(values: Minutes, width: int) -> Minutes:
    """Largest of `values[t : t + width]` for each t; beyond the end counts as 0."""
    padded = np.concatenate([values, np.zeros(width, dtype=values.dtype)])
    out = padded[: len(values)].copy()
    done = 1
    while done < width:
        step = min(done, width - done)
        shifted = np.concatenate([out[step:], np.zeros(step, dtype=values.dtype)])
        np.maximum(out, shifted, out=out)
        done += step
    return out


def _next_true(ok: NDArray[np.bool_]) -> Minutes:
    """For each index the first index at or after it that is True, or NEVER."""
    index = np.where(ok, np.arange(len(ok), dtype=np.int64), NEVER)
    return np.minimum.accumulate(index[::-1])[::-1].astype(np.int64)


Check = tuple[int, int, int]
"""A vehicle in the lanes: when it enters, when it is cleared, its high minutes."""

Promise = tuple[int, int, int]
"""(moment, until, room): who left at `moment` is out in time as long as the high minutes of all
that enter by `until` and are not cleared at `moment` add up to no more than `room`."""


@define
class Pool:
    """Parallel servers: `width` of them are held for `block` minutes by a booking.

    `open` says in which minutes a booking may stand (all its minutes must). For a gate,
    `slots` says where a convoy may start and `headway` how far apart starts of one direction
    are; `per_hour` limits entries in any 60 consecutive minutes of one direction.
    """

    horizon: Horizon
    servers: int
    open: NDArray[np.bool_]
    used: Minutes = field()
    slots: dict[str, NDArray[np.bool_]] = field(factory=dict)
    headway: int = 0
    per_hour: dict[str, int] = field(factory=dict)
    starts: dict[str, list[int]] = field(factory=dict)
    entries: dict[str, Minutes] = field(factory=dict)
    queue: list[Check] = field(factory=list)
    promises: list[Promise] = field(factory=list)
    _cache: dict[tuple[str, int, int, int], list[int]] = field(factory=dict)

    @used.default
    def _nothing_used(self) -> Minutes:
        return np.zeros(len(self.horizon), dtype=np.int32)

    def copy(self) -> Pool:
        """A pool of its own with the same bookings."""
        return Pool(
            self.horizon,
            self.servers,
            self.open,
            self.used.copy(),
            self.slots,
            self.headway,
            self.per_hour,
            {way: list(starts) for way, starts in self.starts.items()},
            {way: entries.copy() for way, entries in self.entries.items()},
            list(self.queue),
            list(self.promises),
            dict(self._cache),
        )

    def waiting(self, moment: int, until: int) -> int:
        """Σ high minutes of all that enter by `until` and are not cleared at `moment`."""
        return sum(high for enters, cleared, high in self.queue
                   if cleared > moment and enters <= until)

    def keeps_promises(self, more: list[Check]) -> bool:
        """Whether every convoy booked before would still be out in time behind these."""
        for moment, until, room in self.promises:
            added = sum(high for enters, cleared, high in more
                        if cleared > moment and enters <= until)
            if added and self.waiting(moment, until) + added > room:
                return False
        return True

    def line_up(
        self, checks: list[Check], promise: Promise | None, *, undo: bool = False
    ) -> None:
        """Note who checks when, at which high minutes, and what must stay true for them."""
        for check in checks:
            (self.queue.remove if undo else self.queue.append)(check)
        if promise is not None:
            (self.promises.remove if undo else self.promises.append)(promise)

    def earliest(self, at: int, block: int, width: int, vehicles: int, way: str = "") -> int:
        """First minute at or after `at` where a booking fits, or NEVER."""
        if width > self.servers:
            return NEVER
        table = self.table(block, width, vehicles, way)
        index = max(0, at - self.horizon.start)
        return table[index] if index < len(table) else NEVER

    def table(self, block: int, width: int, vehicles: int, way: str) -> list[int]:
        """`earliest` for every minute of the horizon, kept until the next booking."""
        key = (way, block, width, vehicles if self.per_hour else 0)
        table = self._cache.get(key)
        if table is None:
            table = self._table(block, width, vehicles, way)
            self._cache[key] = table
        return table

    def fits(self, at: int, block: int, width: int, vehicles: int, way: str = "") -> bool:
        """Whether a booking fits exactly at a minute."""
        return self.earliest(at, block, width, vehicles, way) == at

    def _table(self, block: int, width: int, vehicles: int, way: str) -> list[int]:
        span = max(1, block)
        ok = _sliding_max(self.used, span) <= self.servers - width
        ok &= _sliding_max((~self._open_for(block)).astype(np.int32), span) == 0
        if way in self.slots:
            ok &= self.slots[way]
        for start in self.starts.get(way, ()):
            if self.headway and way != CARS:
                i = start - self.horizon.start
                ok[max(0, i - self.headway + 1) : i + self.headway] = False
        rate = "out" if way == CARS else way
        if rate in self.per_hour and rate in self.entries:
            ok &= self._room_in_the_hour(span, vehicles, rate)
        elif rate in self.per_hour:
            ok &= vehicles <= self.per_hour[rate]
        found = _next_true(ok)
        table: list[int] = np.where(found < NEVER, found + self.horizon.start, NEVER).tolist()
        return table

    def _open_for(self, block: int) -> NDArray[np.bool_]:
        """What takes no time may also begin at the very minute of closing."""
        if block:
            return self.open
        longer = self.open.copy()
        longer[1:] |= self.open[:-1]
        return longer

    def _room_in_the_hour(self, span: int, vehicles: int, way: str) -> NDArray[np.bool_]:
        entries = self.entries[way]
        total = np.concatenate([[0], np.cumsum(entries)])
        n = len(entries)
        ends = np.minimum(np.arange(n) + 60, n)
        hour = (total[ends] - total[:n]).astype(np.int32)
        before = np.concatenate([np.zeros(59, dtype=np.int32), hour])
        worst = _sliding_max(before, 59 + span)[:n]
        return worst + vehicles <= self.per_hour[way]

    def book(self, at: int, block: int, width: int, vehicles: int, way: str = "") -> None:
        """Hold `width` servers for `block` minutes; convoy starts and entries are noted."""
        i = at - self.horizon.start
        self.used[i : i + block] += width
        if way:
            self.starts.setdefault(way, []).append(at)
            self._enter(i, block, width, vehicles, way, 1)
        self._cache.clear()

    def release(self, at: int, block: int, width: int, vehicles: int, way: str = "") -> None:
        """Undo `book` with the same words."""
        i = at - self.horizon.start
        self.used[i : i + block] -= width
        if way:
            self.starts[way].remove(at)
            self._enter(i, block, width, vehicles, way, -1)
        self._cache.clear()

    def _enter(self, i: int, block: int, width: int, vehicles: int, way: str, sign: int) -> None:
        way = "out" if way == CARS else way
        if way not in self.per_hour:
            return
        self.entries.setdefault(way, np.zeros(len(self.horizon), np.int32))
        turns = -(-vehicles // width)
        each = block // turns
        for turn in range(turns):
            self.entries[way][i + turn * each] += sign * min(width, vehicles - turn * width)
