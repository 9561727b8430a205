"""A driver's orders for a local date: how many routes and lines, over all windows of that date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from lull.domain.pause import PlanningRules
from lull.plan.ground import Ground
from lull.plan.walk import AtSite, Walk

LINES_A_ROUTE = 5


Route = tuple[str, ...]


def fit(rules: PlanningRules, routes: Iterable[Route]) -> bool:
    """Whether the routes of the rounds of one date are few enough and fit half a page."""
    driven = list(routes)
    different = len(set(driven))
    lines = LINES_A_ROUTE * different + len(driven)
    return different <= rules.routes_per_driver and lines <= rules.max_order_lines


def all_fit(ground: Ground, walks: Iterable[Walk]) -> bool:
    """Whether a vehicle's rounds, whatever their windows, fit its orders date by date."""
    by_date: dict[date, list[Route]] = defaultdict(list)
    for walk in walks:
        first = walk.steps[0]
        begins = first.arrives if isinstance(first, AtSite) else first.starts
        by_date[ground.local_date(begins)].append(walk.round.route)
    return all(fit(ground.case.pause.rules, routes) for routes in by_date.values())


def on_one_date(ground: Ground, window: int, other: int) -> bool:
    """Whether two windows share a local date, so that their rounds stand in one set of orders."""
    def dates(number: int) -> set[date]:
        w = ground.case.pause.windows[number]
        return {ground.local_date(w.opens), ground.local_date(w.closes - 1)}

    return bool(dates(window) & dates(other))
