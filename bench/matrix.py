"""The matrix beside its peer: 200 × 200 on all of Aleppo, here and with networkx.

The peer computes seconds alone, from 5 of the 200 places, on the same weights; its time is
multiplied by 40. Ours gives three times, metres, and the marks of each way.

python -m bench.matrix
"""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np

from bench.measure import Measure, timed
from bench.streets import PLACES, ROADS, some_places
from lull.network.closures import Closure, conditions
from lull.network.costs import EdgeCosts, edge_costs
from lull.network.matrices import TravelEngine
from lull.network.osm import read_streets
from lull.network.profiles import PRIVATE_CAR
from lull.network.snapping import Snaps, snap, sound_streets
from lull.network.streets import Streets

PEER_SOURCES = 5
CLOSURES = 9


def measures() -> Iterator[Measure]:
    """Our engine, before and after closures of one street, and the peer."""
    streets = read_streets(ROADS)
    size = f"{PLACES} × {PLACES} on {len(streets):,} streets"
    costs = edge_costs(streets, PRIVATE_CAR)
    snaps = snapped(streets, costs)
    yield timed("engine", size, lambda: TravelEngine(streets, costs, snaps).legs(), limit=2.0)
    yield after_closures(streets, snaps, size)
    yield peer(streets, costs, snaps, size)


def snapped(streets: Streets, costs: EdgeCosts) -> Snaps:
    """The places of the benchmark on their streets."""
    places = some_places(streets)
    sound = sound_streets(streets, costs.usable)
    return snap(streets, sound, [p.lon for p in places], [p.lat for p in places])


def after_closures(streets: Streets, snaps: Snaps, size: str) -> Measure:
    """One street after another closed, the one before opened again; how many places ran again."""
    engine = TravelEngine(streets, edge_costs(streets, PRIVATE_CAR), snaps)
    chosen = iter(np.random.default_rng(7).choice(streets.way_id, CLOSURES).tolist())
    again = []

    def close_next() -> None:
        closure = Closure("bench", "closed", way_ids=(next(chosen),))
        state = conditions(streets, [closure])
        again.append(engine.update(edge_costs(streets, PRIVATE_CAR, state)))
        engine.legs()

    measure = timed("engine after one closure", size, close_next, runs=CLOSURES, limit=2.0)
    share = f"{size}; ran again: {', '.join(map(str, again))} places"
    return Measure(measure.name, share, measure.seconds, measure.limit)


def peer(streets: Streets, costs: EdgeCosts, snaps: Snaps, size: str) -> Measure:
    """networkx from the junctions nearest to some of the places, scaled to all."""
    graph = nx.DiGraph()
    for edge in np.flatnonzero(costs.usable).tolist():
        start, end = int(streets.edge_from[edge]), int(streets.edge_to[edge])
        seconds = float(costs.likely[edge])
        if not graph.has_edge(start, end) or graph[start][end]["s"] > seconds:
            graph.add_edge(start, end, s=seconds)
    sources = streets.start[snaps.street[:PEER_SOURCES]].tolist()

    def run() -> None:
        for source in sources:
            nx.single_source_dijkstra_path_length(graph, source, weight="s")

    measure = timed("peer: networkx, scaled", size, run, runs=1)
    factor = PLACES / PEER_SOURCES
    return Measure(
        measure.name,
        f"{size}; {PEER_SOURCES} sources × {factor:g}",
        tuple(round(s * factor, 1) for s in measure.seconds),
    )


if __name__ == "__main__":
    for found in measures():
        print(f"{found.name}: best {found.best:.2f} s, middle {found.middle:.2f} s ({found.size})")
