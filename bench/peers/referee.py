"""The referee: drives routes in the case's own minutes and counts loads that are out in time.

It shares nothing with the tables that peers are given: it goes from gate to gate itself.
"""

from __future__ import annotations

from collections import Counter

from attrs import frozen

from bench.peers.part import Routes
from lull.domain.case import Case


@frozen
class Verdict:
    """What is left of an answer: loads out in time, loads too late, and what is plainly wrong."""

    in_time: int
    late: int
    wrong: tuple[str, ...] = ()


def verdict(case: Case, bus: str, loads: dict[str, int], routes: Routes) -> Verdict:
    """Drive each bus without waiting anywhere, through the best corridor at each crossing.

    `loads` is how many wait at each point. A load is in time where its bus can be out of the
    far gate at the close less the margin. Nothing that a bus carries after a late load counts.
    """
    deadline = case.pause.windows[0].closes - case.pause.rules.margin
    wrong = []
    if len([route for route in routes if route]) > case.fleet[bus].number:
        wrong.append(f"{len(routes)} buses where there are {case.fleet[bus].number}")
    taken = Counter(point for route in routes for point, _ in route)
    wrong += [
        f"{taken[p]} loads from {p} where {loads.get(p, 0)} wait"
        for p in taken if taken[p] > loads.get(p, 0)
    ]  # fmt: skip
    in_time = late = 0
    for route in routes:
        done = _loads_of_one_bus(case, bus, route, deadline)
        in_time += done
        late += len(route) - done
    return Verdict(in_time, late, tuple(wrong))


def _loads_of_one_bus(case: Case, bus: str, route: list[tuple[str, str]], deadline: int) -> int:
    kind = case.fleet[bus]
    now = -1_000_000
    if case.pause.notice is not None:
        now = case.pause.notice + kind.mobilise
    if kind.available_from is not None:
        now = max(now, kind.available_from)
    here = kind.base
    for done, (point, centre) in enumerate(route):
        now = min(_through(case, bus, here, point, now), default=(deadline + 1, 0))[0]
        now += case.sites[point].service_of(bus).likely
        ways = list(_through(case, bus, point, centre, now))
        if min((gone for _, gone in ways), default=deadline + 1) > deadline:
            return done
        now = min(ways)[0] + case.sites[centre].service_of(bus).likely
        here = centre
    return len(route)


def _through(case: Case, bus: str, start: str, end: str, now: int) -> list[tuple[int, int]]:
    """(minute at the end, minute of leaving the far gate) by each corridor for civilians."""
    found = []
    for corridor in case.corridors.values():
        for direction in corridor.directions:
            first, far = corridor.gates(direction)
            ways = [
                case.leg(bus, a, b) for a, b in ((start, first), (first, far), (far, end))
                if set(case.sides_of(a)) & set(case.sides_of(b)) or (a, b) == (first, far)
            ]  # fmt: skip
            if len(ways) < 3 or None in ways or "civilians" not in corridor.users:
                continue
            to_gate, passing, onward = (way.likely for way in ways if way is not None)
            entered = max(now + to_gate, case.pause.windows[0].opens)
            gone = entered + corridor.check(direction).minutes_of(bus).likely + passing
            found.append((gone + onward, gone))
    return found
