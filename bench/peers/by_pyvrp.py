"""PyVRP on the part: optional clients with prizes, one a load, in its iterated local search.

Every load is a client at a place of its own; driving from one load to the next includes the
quickest reception centre between them, so that a bus's many trips are one route and no reload
depots are needed (with them, see `by_pyvrp_reload`, it finds far less). A bus ends at a depot that
lies just beyond the far gate. Beyond the defaults one thing is set, because all loads at one point
are equally near and would fill each other's list of neighbours: the list of a load holds a few
loads, drawn at random, of every point.

    python -m bench.peers.by_pyvrp PART SECONDS SEED OUT
"""

from __future__ import annotations

import random
import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pyvrp
from pyvrp import Activity, ActivityType, Client, Depot, Location, ProblemData, VehicleType
from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager
from pyvrp.stop import MaxRuntime

from bench.peers.answer import answer
from bench.peers.part import NO_WAY, Part

PRIZE = 1_000
"""For one load: more than any minutes that it could save."""

OF_EACH_POINT = 3
"""Loads of each point among the neighbours of a load (tried: 1, 2, 3, 5)."""


def model(part: Part) -> tuple[list[str], ProblemData]:
    """The point of each client, and the problem."""
    of = [p for p in part.points for _ in range(part.loads[p])]
    place = {p: i for i, p in enumerate(part.points)}
    between = np.array([[part.between(p, q)[0] for q in part.points] for p in part.points])
    rows = [place[p] for p in of]
    minutes = np.full((len(of) + 2, len(of) + 2), NO_WAY, dtype=np.int64)
    minutes[2:, 2:] = between[np.ix_(rows, rows)]
    minutes[0, 2:] = [part.first[p] for p in of]
    minutes[2:, 1] = [part.free[p] for p in of]
    minutes[0, 1] = 0
    np.fill_diagonal(minutes, 0)
    clients = [
        Client(n, service_duration=part.service[p], prize=PRIZE, required=False)
        for n, p in enumerate(of, start=2)
    ]
    buses = VehicleType(part.buses, start_depot=0, end_depot=1, tw_early=0, tw_late=part.minutes)
    places = [Location(0, 0) for _ in minutes]
    return of, ProblemData(
        places, clients, [Depot(0), Depot(1)], [buses], [minutes], [minutes]
    )  # fmt: skip


def neighbours(of: list[str], seed: int) -> dict[Activity, list[Activity]]:
    """A few loads of every point for each load, the same for all loads of one point."""
    draw = random.Random(seed)
    at: dict[str, list[int]] = {}
    for number, point in enumerate(of):
        at.setdefault(point, []).append(number)
    found = {}
    for number in range(len(of)):
        near = [
            n for those in at.values() for n in draw.sample(those, min(OF_EACH_POINT, len(those)))
            if n != number
        ]  # fmt: skip
        found[_client(number)] = [_client(n) for n in near]
    return found


def _client(number: int) -> Activity:
    return Activity(ActivityType.CLIENT, number)


def solve(part: Part, seconds: float, seed: int) -> tuple[list[list[str]], dict[str, Any]]:
    """Search until the time is up; the points of each bus in order."""
    began = time.perf_counter()
    of, data = model(part)
    rng = pyvrp.RandomNumberGenerator(seed=seed)
    search = LocalSearch(data, rng, neighbours(of, seed), PerturbationManager())
    for operator in OPERATORS:
        if operator.supports(data):
            search.add_operator(operator(data))
    rules = pyvrp.PenaltyParams()
    penalties = pyvrp.PenaltyManager(rules.midpoint_penalties(data), rules)
    first = search(
        pyvrp.Solution.make_random(data, rng), penalties.max_cost_evaluator(), exhaustive=True
    )
    whole = pyvrp.IteratedLocalSearch(data, penalties, search, first)
    left = max(0.0, seconds - (time.perf_counter() - began))
    result = whole.run(MaxRuntime(left), collect_stats=False)
    if not result.best.is_feasible():
        return [], {"iterations": result.num_iterations, "feasible": False}
    visits = [[of[a.idx] for a in route if a.is_client()] for route in result.best.routes()]
    return visits, {"iterations": result.num_iterations}


if __name__ == "__main__":
    answer(sys.argv[1:], solve, version("pyvrp"))
