"""The best that can be done in a tiny pause, by trying everything.

One corridor, one lane each way, convoys of one vehicle, one reception centre, groups that need
seats. Every vehicle's every round is tried at every slot. Nothing of the planner is used; only
the description of the case.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tiny:
    """A tiny pause in plain numbers, minutes from the opening.

    `to_site[p]` is the way from the inner gate to point p (and back), `to_centre` from the outer
    gate to the reception centre (and back), `from_base` from the base to the outer gate.
    """

    closes: int
    margin: int
    slot: int
    check: int
    check_high: int
    transit: int
    to_site: tuple[int, ...]
    to_site_high: tuple[int, ...]
    to_centre: int
    load: int
    unload: int
    people: tuple[int, ...]
    seats: int
    vehicles: int

    def best(self) -> int:
        """The most persons set down by any plan."""
        return _Search(self).best()


Known = tuple[tuple[int, ...], frozenset[int], frozenset[int], tuple[int, ...]]


class _Search:
    def __init__(self, tiny: Tiny) -> None:
        self.t = tiny
        self.known: dict[Known, int] = {}

    def best(self) -> int:
        start = (0,) * self.t.vehicles
        return self._from(start, frozenset(), frozenset(), self.t.people)

    def _from(
        self,
        free: tuple[int, ...],
        taken_in: frozenset[int],
        taken_out: frozenset[int],
        left: tuple[int, ...],
    ) -> int:
        """The most from here on: `free` is when each vehicle could be at the outer gate.

        Slots long past and minutes after the close are forgotten: they change nothing any more.
        """
        t, soonest = self.t, min(free)
        departs = soonest + t.check + t.transit + min(t.to_site) + t.load
        key = (
            tuple(min(at, t.closes) for at in free),
            frozenset(s for s in taken_in if s + t.check > soonest),
            frozenset(s for s in taken_out if s + t.check > departs), left,
        )
        if key not in self.known:
            self.known[key] = self._tried(*key)
        return self.known[key]

    def _tried(
        self,
        free: tuple[int, ...],
        taken_in: frozenset[int],
        taken_out: frozenset[int],
        left: tuple[int, ...],
    ) -> int:
        t, best, all_left = self.t, 0, sum(left)
        for vehicle, at in enumerate(free):
            if vehicle and at == free[vehicle - 1]:
                continue
            for site, waiting in enumerate(left):
                if not waiting:
                    continue
                for entry in self._slots(at, taken_in):
                    high = t.check_high + t.transit + t.to_site_high[site] + t.load
                    high += t.to_site_high[site] + t.check_high + t.transit
                    if entry + high > t.closes - t.margin:
                        break
                    loaded = entry + t.check + t.transit + t.to_site[site] + t.load
                    for leave in self._slots(loaded + t.to_site[site], taken_out):
                        out = leave + t.check + t.transit
                        if out > t.closes - t.margin:
                            break
                        if not self._safe(leave, site, taken_out):
                            continue
                        moved = min(t.seats, waiting)
                        rest = list(left)
                        rest[site] -= moved
                        again = list(free)
                        again[vehicle] = out + t.to_centre + t.unload + t.to_centre
                        found = moved + self._from(
                            tuple(sorted(again)), taken_in | {entry}, taken_out | {leave},
                            tuple(rest),
                        )
                        best = max(best, found)
                        if best == all_left:  # nobody moves more than are there
                            return best
        return best

    def _slots(self, at: int, taken: frozenset[int]) -> list[int]:
        first = -(-at // self.t.slot) * self.t.slot
        slots = range(max(0, first), self.t.closes, self.t.slot)
        return [s for s in slots if all(abs(s - other) >= self.t.check for other in taken)]

    def _safe(self, leave: int, site: int, taken: frozenset[int]) -> bool:
        """Out in time at high times, leaving the point just in time for the gate."""
        t = self.t
        departs = leave - t.to_site[site]
        queue = sum(t.check_high for s in taken if s <= leave and s + t.check > departs)
        high = t.to_site_high[site] + queue + t.check_high + t.transit
        return departs + high <= t.closes - t.margin
