"""Ways on Aleppo's streets against a program that shares nothing with ours but the file.

The oracle reads every node of the extract, takes lengths as chords in space between points on
the ellipsoid, joins consecutive nodes of each way, and lets networkx find the shortest ways.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import networkx as nx
import numpy as np
import osmium
import pytest

from lull.network import PRIVATE_CAR, Streets
from lull.network.costs import edge_costs
from lull.network.matrices import TravelEngine
from lull.network.snapping import snap, sound_streets
from lull.network.speeds import FREE_FLOW

SOURCES, TARGETS = 10, 100


class Oracle(osmium.SimpleHandler):
    """A graph of all nodes, with seconds and metres on its arcs."""

    def __init__(self) -> None:
        super().__init__()
        self.graph = nx.DiGraph()
        self.place: dict[int, tuple[float, float]] = {}

    def way(self, way: osmium.osm.Way) -> None:
        highway = way.tags["highway"]
        if highway == "pedestrian":
            return
        points = [(node.ref, node.lon, node.lat) for node in way.nodes]
        for (a, *at_a), (b, *at_b) in itertools.pairwise(points):
            self.place[a], self.place[b] = tuple(at_a), tuple(at_b)
            metres = math.dist(in_space(*at_a), in_space(*at_b))
            seconds = metres / (FREE_FLOW[highway].likely_kmh / 3.6)
            for start, end in ((a, b), (b, a)) if way.tags.get("oneway") != "yes" else ((a, b),):
                known = self.graph.get_edge_data(start, end)
                if known is None or known["seconds"] > seconds:
                    self.graph.add_edge(start, end, seconds=seconds, metres=metres)


def in_space(lon: float, lat: float) -> tuple[float, float, float]:
    """Metres from the Earth's centre of a point on the WGS 84 ellipsoid."""
    a, f = 6_378_137.0, 1 / 298.257223563
    phi, lam = math.radians(lat), math.radians(lon)
    n = a / math.sqrt(1 - f * (2 - f) * math.sin(phi) ** 2)
    return (
        n * math.cos(phi) * math.cos(lam),
        n * math.cos(phi) * math.sin(lam),
        n * (1 - f) ** 2 * math.sin(phi),
    )


@pytest.fixture(scope="module")
def oracle(aleppo_file: Path) -> Oracle:
    found = Oracle()
    found.apply_file(str(aleppo_file), locations=True)
    return found


@pytest.mark.slow
def test_a_thousand_random_pairs_take_the_time_and_the_metres_that_the_oracle_finds(
    oracle: Oracle, aleppo: Streets
) -> None:
    main = sorted(max(nx.strongly_connected_components(oracle.graph), key=len))
    chosen = np.random.default_rng(2016).choice(main, SOURCES + TARGETS, replace=False).tolist()
    starts, ends = chosen[:SOURCES], chosen[SOURCES:]
    costs = edge_costs(aleppo, PRIVATE_CAR)
    lon, lat = zip(*(oracle.place[node] for node in chosen), strict=True)
    snaps = snap(aleppo, sound_streets(aleppo, costs.usable), lon, lat)
    assert snaps.metres.max() < 1e-3
    legs = TravelEngine(aleppo, costs, snaps).legs()
    pairs = 0
    for row, start in enumerate(starts):
        seconds, ways = nx.single_source_dijkstra(oracle.graph, start, weight="seconds")
        for column, end in enumerate(ends, start=SOURCES):
            pairs += 1
            assert legs.likely[row, column] == pytest.approx(seconds[end], rel=1e-6, abs=1e-3)
            metres = nx.path_weight(oracle.graph, ways[end], "metres")
            # Two ways may be equally quick to the microsecond and differ in length.
            assert legs.metres[row, column] == pytest.approx(metres, rel=1e-3, abs=1)
    assert pairs == 1000


def test_the_main_part_is_the_one_that_the_oracle_finds(oracle: Oracle, aleppo: Streets) -> None:
    main = max(nx.strongly_connected_components(oracle.graph), key=len)
    usable = aleppo.open_to(PRIVATE_CAR)
    label = aleppo.components(usable)
    largest = np.bincount(label).argmax()
    assert set(aleppo.node_id[label == largest].tolist()) == main & set(aleppo.node_id.tolist())


def test_the_inverse_of_a_way_is_found_along_reversed_arcs(oracle: Oracle, aleppo: Streets) -> None:
    """From b to a on the streets is from a to b on the streets turned round."""
    main = sorted(max(nx.strongly_connected_components(oracle.graph), key=len))
    chosen = np.random.default_rng(7).choice(main, 12, replace=False).tolist()
    costs = edge_costs(aleppo, PRIVATE_CAR)
    lon, lat = zip(*(oracle.place[node] for node in chosen), strict=True)
    snaps = snap(aleppo, sound_streets(aleppo, costs.usable), lon, lat)
    legs = TravelEngine(aleppo, costs, snaps).legs()
    back = nx.single_source_dijkstra_path_length(
        oracle.graph.reverse(copy=False), chosen[0], weight="seconds"
    )
    for row, node in enumerate(chosen):
        assert legs.likely[row, 0] == pytest.approx(back[node], rel=1e-6, abs=1e-3)
