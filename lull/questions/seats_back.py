"""Return seats of a plan put together from an old one and a new one, found over the whole of it."""

from __future__ import annotations

import math
from collections import defaultdict

from attrs import evolve, frozen

from lull.domain.case import Case
from lull.domain.fleet import Use, type_of
from lull.domain.people import Category
from lull.domain.place import INSIDE
from lull.domain.plan import Crossing, Plan, ReturnSeats, Stop, Task
from lull.plan.returns import BRINGS_BACK


@frozen
class _Passing:
    """A vehicle in a convoy: who is on board, and where it stops next and when."""

    vehicle: str
    crossing: Crossing
    aboard: int
    lying: int
    categories: frozenset[Category]
    next_stop: Stop | None


def with_seats_back(case: Case, plan: Plan) -> Plan:
    """The plan with seats for who is refused kept anew, on whatever goes back in later.

    Who leaves last has the fewest convoys to go back with, and is served first. What cannot be kept
    is left out: the rule says so.
    """
    share = case.pause.rules.return_share
    if share <= 0:
        return plan
    passings = _passings(plan, case)
    room: dict[str, dict[str, int]] = {}
    outs: list[tuple[int, str, int, frozenset[Category]]] = []
    for name, some in passings.items():
        sides = case.corridors[some[0].crossing.corridor].sides(some[0].crossing.direction)
        people = sum(p.aboard for p in some)
        if sides[0] == INSIDE and people:
            categories = frozenset(c for p in some for c in p.categories)
            outs.append((max(p.crossing.leaves for p in some), name,
                         math.ceil(share * people - 1e-9), categories))
        elif sides[1] == INSIDE:
            room[name] = _empty(case, plan, some)
    starts = {c.id: c.starts for c in plan.convoys}
    found: list[ReturnSeats] = []
    for leaves, name, seats, categories in sorted(outs, reverse=True):
        needed = seats
        uses = frozenset(u for c in categories for u in BRINGS_BACK[c])
        window = case.pause.window_at(starts[name])
        for back in sorted(room, key=lambda b: (-starts[b], b)):
            if needed <= 0 or starts[back] < leaves or case.pause.window_at(
                    starts[back]) is not window:
                continue
            needed -= _take(case, room[back], uses, needed, name, back, found)
    return evolve(plan, return_seats=tuple(found))


def _take(case: Case, room: dict[str, int], uses: frozenset[Use], needed: int, name: str,
          back: str, found: list[ReturnSeats]) -> int:
    taken = 0
    for vehicle, seats in room.items():
        if seats and case.fleet[type_of(vehicle)].uses & uses:
            some = min(seats, needed - taken)
            room[vehicle] -= some
            taken += some
    if taken:
        found.append(ReturnSeats(name, back, taken))
    return taken


def _passings(plan: Plan, case: Case) -> dict[str, list[_Passing]]:
    found: dict[str, list[_Passing]] = defaultdict(list)
    for day in plan.vehicles:
        on_board: dict[str, int] = defaultdict(int)
        lying = 0
        for i, step in enumerate(day.steps):
            if isinstance(step, Stop):
                if step.task in (Task.LOAD, Task.UNLOAD):
                    sign = 1 if step.task is Task.LOAD else -1
                    for people in step.people:
                        on_board[people.group] += sign * people.persons
                        lying += sign * people.stretchers
                continue
            stop = next((s for s in day.steps[i + 1 :] if isinstance(s, Stop)), None)
            groups = [g for g, n in on_board.items() if n]
            found[step.convoy].append(_Passing(
                day.vehicle, step, sum(on_board.values()), lying,
                frozenset(case.groups[g].category for g in groups), stop))
    return found


def _empty(case: Case, plan: Plan, some: list[_Passing]) -> dict[str, int]:
    """Empty seats of each vehicle that reaches a site inside before its people are sent home."""
    homes = {(x.site, x.window): x.send_home for x in plan.last_calls}
    found = {}
    for passing in some:
        stop, kind = passing.next_stop, case.fleet[type_of(passing.vehicle)]
        window = case.pause.window_at(passing.crossing.enters)
        if stop is None or window is None or INSIDE not in case.sites[stop.site].sides:
            continue
        site = case.sites[stop.site]
        number = case.pause.windows.index(window)
        home = homes.get((site.id, number), window.closes - site.walk_to_shelter - site.call)
        if stop.arrives <= home:
            seats = int(kind.seats * case.pause.rules.fill + 1e-9)
            found[passing.vehicle] = max(0, seats - (passing.aboard - passing.lying))
    return found
