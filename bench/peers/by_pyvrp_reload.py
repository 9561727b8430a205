"""PyVRP on the part as its manual models many trips: buses of one load, and reload depots.

Reception centres are reload depots at which a bus is emptied; each load is a pick-up of one.

    python -m bench.peers.by_pyvrp_reload PART SECONDS SEED OUT
"""

from __future__ import annotations

import sys
import time
from importlib.metadata import version
from typing import Any

import numpy as np
import pyvrp
from pyvrp import Client, Depot, Location, ProblemData, VehicleType
from pyvrp.stop import MaxRuntime

from bench.peers.answer import answer
from bench.peers.by_pyvrp import PRIZE
from bench.peers.part import NO_WAY, Part


def model(part: Part) -> tuple[list[str], ProblemData]:
    """The point of each client, and the problem: base, the far gate, centres, loads."""
    of = [p for p in part.points for _ in range(part.loads[p])]
    skip = 2 + len(part.receptions)
    minutes = np.full((skip + len(of), skip + len(of)), NO_WAY, dtype=np.int64)
    for number, centre in enumerate(part.receptions, start=2):
        minutes[skip:, number] = [part.out[p][centre] for p in of]
        minutes[number, skip:] = [part.back[centre][p] for p in of]
        minutes[number, 1] = 0
    minutes[0, skip:] = [part.first[p] for p in of]
    minutes[skip:, 1] = [part.free[p] for p in of]
    minutes[0, 1] = 0
    np.fill_diagonal(minutes, 0)
    clients = [
        Client(n, pickup=[1], service_duration=part.service[p], prize=PRIZE, required=False)
        for n, p in enumerate(of, start=skip)
    ]
    depots = [Depot(0), Depot(1)] + [
        Depot(n, service_duration=part.unload[r]) for n, r in enumerate(part.receptions, start=2)
    ]
    buses = VehicleType(
        part.buses, capacity=[1], start_depot=0, end_depot=1, tw_early=0, tw_late=part.minutes,
        reload_depots=list(range(2, skip)),
    )  # fmt: skip
    places = [Location(0, 0) for _ in minutes]
    return of, ProblemData(places, clients, depots, [buses], [minutes], [minutes])


def solve(part: Part, seconds: float, seed: int) -> tuple[list[list[str]], dict[str, Any]]:
    """Search with the defaults until the time is up; the points of each bus in order."""
    began = time.perf_counter()
    of, data = model(part)
    left = max(0.0, seconds - (time.perf_counter() - began))
    result = pyvrp.solve(data, MaxRuntime(left), seed=seed, collect_stats=False)
    if not result.best.is_feasible():
        return [], {"iterations": result.num_iterations, "feasible": False}
    visits = [[of[a.idx] for a in route if a.is_client()] for route in result.best.routes()]
    return visits, {"iterations": result.num_iterations}


if __name__ == "__main__":
    answer(sys.argv[1:], solve, version("pyvrp"))
