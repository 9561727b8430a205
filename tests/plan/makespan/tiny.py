"""Evacuations so small that every answer can be looked at, and how to look at them all."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from functools import cache

from lull.plan.makespan.instance import Evacuation

Many = tuple[int, ...]


def tiny(seed: int) -> Evacuation:
    """One to three yards, points and shelters, up to six loads; some ways are missing."""
    dice = random.Random(f"tiny-{seed}")
    d, p, s = (dice.randint(1, 3) for _ in range(3))
    loads = [1] * p
    for _ in range(dice.randint(0, 6 - p)):
        loads[dice.randrange(p)] += 1
    places = [0] * s
    for _ in range(sum(loads) + dice.randint(0, 2)):
        places[dice.randrange(s)] += 1
    buses = [0] * d
    for _ in range(dice.randint(1, 3)):
        buses[dice.randrange(d)] += 1
    missing = dice.choice((0.0, 0.0, 0.15))

    def ways(rows: int, columns: int, least: int) -> list[list[int]]:
        return [[-1 if dice.random() < missing else dice.randint(least, 9)
                 for _ in range(columns)] for _ in range(rows)]

    names = [tuple(f"{what}{i}" for i in range(n))
             for what, n in (("yard", d), ("point", p), ("shelter", s))]
    return Evacuation(names[0], tuple(buses), names[1], tuple(loads), names[2], tuple(places),
                      ways(d, p, 0), ways(p, s, 1), ways(s, p, 0))


def fine(seed: int) -> Evacuation:
    """One bus and six loads, one a point, at minutes so fine that hardly two ways are alike."""
    dice = random.Random(f"fine-{seed}")

    def ways(rows: int, columns: int) -> list[list[int]]:
        return [[dice.randint(100, 900) for _ in range(columns)] for _ in range(rows)]

    points = tuple(f"point{i}" for i in range(6))
    return Evacuation(("yard0",), (1,), points, (1,) * 6, ("shelter0", "shelter1"), (6, 6),
                      ways(1, 6), ways(6, 2), ways(2, 6))


def shortest_days(of: Evacuation, yard: int) -> dict[tuple[Many, Many], int]:
    """The least minutes of a day of a yard for each (loads taken, places taken)."""
    nothing = ((0,) * len(of.points), (0,) * len(of.shelters))
    found: dict[tuple[Many, Many], int] = {nothing: 0}

    def after(at: int, taken: Many, used: Many, now: int
              ) -> Iterator[tuple[Many, Many, int, int]]:
        for p, s in itertools.product(range(len(of.points)), range(len(of.shelters))):
            to = int(of.out[yard, p] if at < 0 else of.back[at, p])
            carry = int(of.carry[p, s])
            if to < 0 or carry < 0 or taken[p] == of.loads[p] or used[s] == of.places[s]:
                continue
            yield (tuple(n + (i == p) for i, n in enumerate(taken)),
                   tuple(n + (i == s) for i, n in enumerate(used)), s, now + to + carry)

    layer: dict[tuple[Many, Many, int], int] = {(*nothing, -1): 0}
    while layer:
        front: dict[tuple[Many, Many, int], int] = {}
        for (taken, used, at), now in layer.items():
            for t, u, s, then in after(at, taken, used, now):
                front[t, u, s] = min(then, front.get((t, u, s), then))
                found[t, u] = min(then, found.get((t, u), then))
        layer = front
    return found


def least_makespan(of: Evacuation) -> int | None:
    """The least makespan by looking at every way to share the loads out; None if there is none."""
    yards = [y for y, many in enumerate(of.buses) for _ in range(many)]
    days = {y: shortest_days(of, y) for y in set(yards)}

    @cache
    def rest(bus: int, left: Many, room: Many) -> float:
        if bus == len(yards):
            return 0 if not any(left) else float("inf")
        best = float("inf")
        for (taken, used), minutes in days[yards[bus]].items():
            if minutes >= best or any(a > b for a, b in zip((*taken, *used), (*left, *room),
                                                            strict=True)):
                continue
            then = rest(bus + 1, tuple(a - b for a, b in zip(left, taken, strict=True)),
                        tuple(a - b for a, b in zip(room, used, strict=True)))
            best = min(best, max(minutes, then))
        return best

    found = rest(0, of.loads, of.places)
    return None if found == float("inf") else int(found)
