"""OR-Tools routing on the part: optional nodes with penalties, guided local search.

Every load is a node; the way from one load to the next includes the quickest reception centre
between them, so that no reload nodes are needed. A time dimension holds the deadline; a load that
is left out costs a penalty, minutes cost themselves. The solver has no seed: each seed gives the
nodes in another order, drawn at random.

    python -m bench.peers.by_ortools PART SECONDS SEED OUT
"""

from __future__ import annotations

import random
import sys
import time
from importlib.metadata import version
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from bench.peers.answer import answer
from bench.peers.part import NO_WAY, Part

PENALTY = 1_000
"""For a load left out: more than any minutes that it could save."""

START, END = 0, 1


def minutes_between(part: Part, of: list[str]) -> list[list[int]]:
    """From leaving the base or reaching a load to reaching the next, loading included."""
    between = {p: {q: part.between(p, q)[0] for q in part.points} for p in part.points}
    table = [[0, 0, *(part.first[p] for p in of)], [NO_WAY] * (len(of) + 2)]
    for p in of:
        row, loading = between[p], part.service[p]
        table.append([NO_WAY, loading + part.free[p], *(loading + row[q] for q in of)])
    table[END][END] = 0
    return table


def solve(part: Part, seconds: float, seed: int) -> tuple[list[list[str]], dict[str, Any]]:
    """Search until the time is up; the points of each bus in order."""
    began = time.perf_counter()
    of = [p for p in part.points for _ in range(part.loads[p])]
    random.Random(seed).shuffle(of)
    buses = range(part.buses)
    nodes = pywrapcp.RoutingIndexManager(
        len(of) + 2, part.buses, [START for _ in buses], [END for _ in buses]
    )
    routing = pywrapcp.RoutingModel(nodes)
    minutes = routing.RegisterTransitMatrix(minutes_between(part, of))
    routing.SetArcCostEvaluatorOfAllVehicles(minutes)
    routing.AddDimension(minutes, 0, part.minutes, True, "time")
    for node in range(2, len(of) + 2):
        routing.AddDisjunction([nodes.NodeToIndex(node)], PENALTY)
    how = pywrapcp.DefaultRoutingSearchParameters()
    how.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    how.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    left = seconds - (time.perf_counter() - began)
    how.time_limit.FromMilliseconds(max(1, int(left * 1000)))
    found = routing.SolveWithParameters(how)
    if found is None:
        return [], {"status": routing.status()}
    visits = []
    for bus in buses:
        index, points = found.Value(routing.NextVar(routing.Start(bus))), []
        while not routing.IsEnd(index):
            points.append(of[nodes.IndexToNode(index) - 2])
            index = found.Value(routing.NextVar(index))
        visits.append(points)
    return visits, {"objective": found.ObjectiveValue()}


if __name__ == "__main__":
    answer(sys.argv[1:], solve, version("ortools"))
