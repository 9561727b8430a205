"""The streets of Aleppo are made from the extract as it is said that they are."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import osmium
import pytest

from lull.network import PRIVATE_CAR, Streets
from scripts.aleppo_roads import PARQUET_SHA256, checked, write_pbf
from scripts.aleppo_streets import Extract, Run, find_nodes, infer_oneway, join_runs, merge_ways
from scripts.utm import utm_to_geographic


def extract(lines: list[tuple[int, int, str, tuple[float, ...], tuple[float, ...]]]) -> Extract:
    """An extract of lines (u, v, class, first end, second end) in metres."""
    return Extract(
        u=np.array([row[0] for row in lines]),
        v=np.array([row[1] for row in lines]),
        highway=[row[2] for row in lines],
        ends=np.array([[row[3], row[4]] for row in lines], dtype=float),
    )


def chain(
    first: int, highway: str, points: list[tuple[float, float]]
) -> list[tuple[int, int, str, tuple[float, ...], tuple[float, ...]]]:
    """Lines drawn through points, their nodes numbered from `first`."""
    return [
        (first + k, first + k + 1, highway, a, b)
        for k, (a, b) in enumerate(itertools.pairwise(points))
    ]


def made(lines: list) -> list[Run]:
    nodes, segments = find_nodes(extract(lines))
    return merge_ways(infer_oneway(join_runs(segments), nodes))


def forward_utm(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """Easting and northing by Snyder's series (1987, equations 8-9, 8-10, 3-21), not ours."""
    a, f, k0 = 6_378_137.0, 1 / 298.257223563, 0.9996
    e2 = f * (2 - f)
    ep2 = e2 / (1 - e2)
    phi, lam = math.radians(lat), math.radians(lon - (6 * zone - 183))
    n = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    t, c, big_a = math.tan(phi) ** 2, ep2 * math.cos(phi) ** 2, lam * math.cos(phi)
    m = a * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi)
        - (35 * e2**3 / 3072) * math.sin(6 * phi)
    )
    x = (
        k0
        * n
        * (
            big_a
            + (1 - t + c) * big_a**3 / 6
            + (5 - 18 * t + t * t + 72 * c - 58 * ep2) * big_a**5 / 120
        )
    )
    y = k0 * (
        m
        + n
        * math.tan(phi)
        * (
            big_a**2 / 2
            + (5 - t + 9 * c + 4 * c * c) * big_a**4 / 24
            + (61 - 58 * t + t * t + 600 * c - 330 * ep2) * big_a**6 / 720
        )
    )
    return 500_000 + x, y


@pytest.mark.parametrize("lon", [36.5, 37.0, 37.16, 39.0, 41.9])
@pytest.mark.parametrize("lat", [0.5, 33.3, 36.2, 60.0])
def test_utm_is_undone_to_a_centimetre_of_an_independent_series(lon: float, lat: float) -> None:
    x, y = forward_utm(lon, lat, 37)
    back_lon, back_lat = utm_to_geographic(np.array([x]), np.array([y]), 37)
    assert abs(back_lon[0] - lon) * 111_320 < 0.01
    assert abs(back_lat[0] - lat) * 111_320 < 0.01


def test_ends_are_found_whatever_the_order_of_the_ids() -> None:
    """The trap of the extract: most rows name the nodes against the line's direction."""
    a, b, c, d = (0.0, 0.0), (10.0, 0.0), (20.0, 0.0), (20.0, 10.0)
    nodes, segments = find_nodes(
        extract(
            [
                (2, 1, "residential", a, b),
                (2, 3, "residential", b, c),
                (4, 3, "residential", c, d),
            ]
        )
    )
    assert nodes == {1: a, 2: b, 3: c, 4: d}
    assert {run.nodes for run in segments} == {(1, 2), (2, 3), (3, 4)}


def test_lines_that_share_a_node_but_no_end_are_refused() -> None:
    with pytest.raises(ValueError, match="node 2 share no end"):
        find_nodes(
            extract(
                [
                    (1, 2, "primary", (0, 0), (1, 0)),
                    (2, 3, "primary", (5, 5), (6, 6)),
                    (2, 4, "primary", (5, 5), (9, 9)),
                ]
            )
        )


def test_a_street_is_one_way_of_its_class_from_junction_to_junction() -> None:
    lines = [
        *chain(1, "residential", [(0, 0), (50, 0), (100, 0), (150, 0)]),
        (4, 9, "tertiary", (150, 0), (150, 80)),
    ]
    assert {run.nodes for run in made(lines)} == {(1, 2, 3, 4), (4, 9)}


def test_two_way_streets_drawn_towards_each_other_are_joined() -> None:
    lines = [
        (1, 2, "residential", (0.0, 0.0), (50.0, 0.0)),
        (3, 2, "residential", (100.0, 0.0), (50.0, 0.0)),
    ]
    assert [set(run.nodes) for run in made(lines)] == [{1, 2, 3}]


def dual(highway: str, gap: float) -> list:
    """Two carriageways of 300 m, eastward on the south, joined at both ends."""
    return [
        *chain(1, highway, [(0, 0), (100, 0), (200, 0), (300, 0)]),
        *chain(11, highway, [(300, gap), (200, gap), (100, gap), (0, gap)]),
        (4, 11, "residential", (300.0, 0.0), (300.0, gap)),
        (1, 14, "residential", (0.0, 0.0), (0.0, gap)),
    ]


def test_an_opposite_parallel_on_the_left_makes_both_one_way_as_drawn() -> None:
    found = {run.nodes: run.oneway for run in made(dual("primary", 15.0))}
    assert found[1, 2, 3, 4] is True
    assert found[11, 12, 13, 14] is True
    assert sorted(found.values()) == [False, False, True, True]


@pytest.mark.parametrize(
    ("highway", "gap"),
    [("primary", -15.0), ("primary", 80.0), ("residential", 15.0), ("living_street", 15.0)],
)
def test_a_parallel_on_the_right_or_far_off_or_among_houses_says_nothing(
    highway: str, gap: float
) -> None:
    assert not any(run.oneway for run in made(dual(highway, gap)))


def test_a_round_ring_that_bears_left_is_a_roundabout_and_a_block_is_none() -> None:
    angle = np.linspace(0, 2 * np.pi, 13)[:-1]
    ring = [(20 * math.cos(t), 20 * math.sin(t)) for t in angle]
    block = [(0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0)]
    for points, expected in ((ring, True), (ring[::-1], False), (block, False)):
        lines = chain(1, "tertiary", points)
        lines.append((len(points), 1, "tertiary", points[-1], points[0]))
        assert {run.roundabout for run in made(lines)} == {expected}
        assert {run.oneway for run in made(lines)} == {expected}


def test_what_would_strand_a_part_is_left_two_way() -> None:
    lines = [
        *chain(1, "residential", [(0, 0), (100, 0), (100, 100), (0, 100)]),
        (4, 1, "residential", (0.0, 100.0), (0.0, 0.0)),
        (2, 9, "motorway", (100.0, 0.0), (900.0, 0.0)),
    ]
    assert not any(run.oneway for run in made(lines))


def test_a_two_way_motorway_is_tagged_so_since_the_reader_takes_it_for_one_way(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.osm.pbf"
    nodes = {1: (350_000.0, 4_000_000.0), 2: (351_000.0, 4_000_000.0)}
    write_pbf(path, nodes, [Run((1, 2), "motorway")])
    tags = [dict(o.tags) for o in osmium.FileProcessor(str(path)) if o.is_way()]
    assert tags == [{"highway": "motorway", "oneway": "no"}]
    assert [p.name for p in tmp_path.iterdir()] == ["x.osm.pbf"]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    nodes = {k: (350_000.0 + 10 * k, 4_000_000.0 + k * k) for k in range(1, 400)}
    ways = [Run((k, k + 1), "residential") for k in range(1, 399)]
    for name in ("a", "b"):
        write_pbf(tmp_path / name, nodes, ways)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_source_with_another_checksum_is_refused() -> None:
    with pytest.raises(SystemExit, match="Nothing was written"):
        checked(b"something else", PARQUET_SHA256, "original.parquet")


def test_the_note_beside_the_file_tells_the_truth(aleppo_file: Path, aleppo: Streets) -> None:
    note = json.loads((aleppo_file.parent / "source.json").read_text(encoding="utf-8"))
    assert note["sha256"] == hashlib.sha256(aleppo_file.read_bytes()).hexdigest()
    assert note["ways"] == len(set(aleppo.way_id.tolist()))
    assert "OpenStreetMap contributors" in note["copyright"]
    assert "ODbL" in note["licence"]
    assert "oneway" in note["inferred"]
    text = (aleppo_file.parent / "README.md").read_text(encoding="utf-8")
    figures = re.findall(r"\d+,\d+", text)
    assert figures == [f"{note['nodes']:,}", f"{note['ways']:,}"]
    for word in ("OpenStreetMap contributors", "2022", "Inferred"):
        assert word in text
    one_way = aleppo.open_to(PRIVATE_CAR)[0::2] ^ aleppo.open_to(PRIVATE_CAR)[1::2]
    assert one_way.sum() == pytest.approx(note["ways_oneway"], abs=5)
