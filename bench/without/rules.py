"""The rules that are taken away, each as a change of a case that is otherwise the same."""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from lull.domain.case import Case
from lull.domain.fleet import Use

Change = Callable[[Case], Case]

MANY = 50
"""Bays where nobody waits for one."""

ROOM = 100_000
"""Places where nobody is turned away."""


def without_headway(case: Case) -> Case:
    """Convoys may follow each other at once."""
    return evolve(case, corridors={
        name: evolve(c, convoy=evolve(c.convoy, headway=0)) for name, c in case.corridors.items()})


def without_slots(case: Case) -> Case:
    """Convoys may start at any minute."""
    return evolve(case, pause=evolve(case.pause, rules=evolve(case.pause.rules, slot=1)))


def without_bays(case: Case) -> Case:
    """Nobody waits for a bay."""
    return evolve(case, sites={
        name: evolve(s, bays=MANY if s.bays else s.bays) for name, s in case.sites.items()})


def without_places(case: Case) -> Case:
    """Every reception centre takes everybody."""
    return evolve(case, sites={
        name: evolve(s, capacity_seated=ROOM if s.capacity_seated is not None else None)
        for name, s in case.sites.items()})


def without_crowds(case: Case) -> Case:
    """As many as wish may wait at a point for as long as they like."""
    return evolve(case, sites={
        name: evolve(s, crowd_limit=None, waiting_limit=None) for name, s in case.sites.items()})


def without_routes(case: Case) -> Case:
    """A driver may learn as many routes a day as there are."""
    rules = evolve(case.pause.rules, routes_per_driver=30, max_order_lines=1000)
    return evolve(case, pause=evolve(case.pause, rules=rules))


ALONE: dict[str, Change] = {
    "headway": without_headway,
    "slots": without_slots,
    "bays": without_bays,
    "places": without_places,
    "crowds": without_crowds,
    "routes": without_routes,
}

SETS: tuple[tuple[str, ...], ...] = (
    (), *((name,) for name in ALONE), ("headway", "slots"), ("headway", "bays"),
    ("headway", "slots", "places"), tuple(ALONE))
"""What is taken away in each run: nothing, each rule, and what works together."""


def buses_alone(case: Case) -> Case:
    """The case with its buses and nobody else at the gates."""
    return evolve(case, fleet={
        name: kind for name, kind in case.fleet.items() if Use.PASSENGERS in kind.uses})


def without(case: Case, names: tuple[str, ...]) -> Case:
    """A case without some of its rules."""
    for name in names:
        case = ALONE[name](case)
    return case
