"""An extract is read as it is tagged, or refused in a sentence."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.network import ON_FOOT, PRIVATE_CAR, Profile, Streets, StreetsError, read_streets
from tests.network.extracts import grid, write_pbf

Make = Callable[..., Streets]
ROAD = {"highway": "residential"}


def directions(streets: Streets, profile: Profile = PRIVATE_CAR) -> set[tuple[int, int]]:
    """The directed edges that a profile may use, by the ids of their nodes."""
    usable = streets.open_to(profile)
    starts = streets.node_id[streets.edge_from[usable]]
    ends = streets.node_id[streets.edge_to[usable]]
    return set(zip(starts.tolist(), ends.tolist(), strict=True))


def test_ways_are_cut_where_they_meet_and_only_there(make_streets: Make) -> None:
    streets = make_streets(grid(3, 3), [([11, 12, 13], ROAD), ([21, 22, 12, 2 * 11], ROAD)])
    assert sorted(streets.node_id.tolist()) == [11, 12, 13, 21, 22]
    assert directions(streets) >= {(11, 12), (12, 13), (21, 22), (22, 12)}
    assert len(streets) == 5


def test_a_way_through_nodes_of_no_other_way_is_one_street_with_its_bends(
    make_streets: Make,
) -> None:
    streets = make_streets(grid(3, 3), [([11, 12, 22, 23], ROAD)])
    assert len(streets) == 1
    lon, lat = streets.line(0)
    assert lon.tolist() == [37.0, 37.01, 37.01, 37.02]
    assert lat.tolist() == [36.0, 36.0, 36.01, 36.01]
    # Degrees at 36 N on WGS 84 (NGA.STND.0036): 90,163.6 m of longitude, 110,959.3 of latitude.
    assert streets.length_m[0] == pytest.approx(901.636 * 2 + 1109.593, rel=1e-3)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "residential"}, {(11, 12), (12, 11)}),
        ({"highway": "residential", "oneway": "yes"}, {(11, 12)}),
        ({"highway": "residential", "oneway": "1"}, {(11, 12)}),
        ({"highway": "residential", "oneway": "-1"}, {(12, 11)}),
        ({"highway": "residential", "oneway": "reverse"}, {(12, 11)}),
        ({"highway": "residential", "oneway": "reversible"}, set()),
        ({"highway": "motorway"}, {(11, 12)}),
        ({"highway": "motorway", "oneway": "no"}, {(11, 12), (12, 11)}),
        ({"highway": "tertiary", "junction": "roundabout"}, {(11, 12)}),
        ({"highway": "tertiary", "junction": "circular"}, {(11, 12)}),
        ({"highway": "tertiary", "access": "no"}, set()),
        ({"highway": "tertiary", "access": "private"}, set()),
        ({"highway": "tertiary", "access": "destination"}, {(11, 12), (12, 11)}),
        ({"highway": "tertiary", "access": "no", "motor_vehicle": "yes"}, {(11, 12), (12, 11)}),
        ({"highway": "tertiary", "vehicle": "no"}, set()),
        ({"highway": "pedestrian"}, set()),
        ({"highway": "pedestrian", "motor_vehicle": "permissive"}, {(11, 12), (12, 11)}),
        ({"highway": "steps"}, set()),
        ({"highway": "footway", "motor_vehicle": "yes"}, set()),
    ],
)
def test_motor_vehicles_go_where_and_in_the_direction_that_the_tags_allow(
    make_streets: Make, tags: dict[str, str], expected: set[tuple[int, int]]
) -> None:
    streets = make_streets(grid(2, 2), [([11, 12], tags), ([21, 22], {"highway": "footway"})])
    assert {pair for pair in directions(streets) if pair[0] in (11, 12)} == expected


@pytest.mark.parametrize(
    ("tags", "walks"),
    [
        ({"highway": "residential", "oneway": "yes"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "motorway", "foot": "yes"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "residential", "access": "no"}, False),
        ({"highway": "residential", "access": "no", "foot": "yes"}, True),
    ],
)
def test_people_on_foot_walk_both_ways_wherever_they_may(
    make_streets: Make, tags: dict[str, str], walks: bool
) -> None:
    streets = make_streets(grid(2, 2), [([11, 12], tags), ([21, 22], ROAD)])
    assert ({(11, 12), (12, 11)} <= directions(streets, ON_FOOT)) is walks


@pytest.mark.parametrize(
    ("tags", "profile", "passes"),
    [
        ({"hgv": "no"}, Profile("truck", heavy=True), False),
        ({"hgv": "no"}, Profile("car"), True),
        ({"hgv": "designated"}, Profile("truck", heavy=True), True),
        ({"maxheight": "3.5"}, Profile("bus", height_m=3.4), True),
        ({"maxheight": "3,2 m"}, Profile("bus", height_m=3.4), False),
        ({"maxheight": "11'6\""}, Profile("bus", height_m=3.6), False),
        ({"maxheight": "11'6\""}, Profile("bus", height_m=3.5), True),
        ({"maxheight": "default"}, Profile("bus", height_m=9.0), True),
        ({"maxweight": "7.5"}, Profile("truck", weight_t=8.0), False),
        ({"maxweight": "5 st"}, Profile("truck", weight_t=4.6), False),
        ({"maxweight": "5 st"}, Profile("truck", weight_t=4.5), True),
        ({"maxweight": "7.5"}, Profile("car"), True),
    ],
)
def test_heavy_high_and_weighty_vehicles_keep_off_streets_that_forbid_them(
    make_streets: Make, tags: dict[str, str], profile: Profile, passes: bool
) -> None:
    streets = make_streets(grid(2, 2), [([11, 12], ROAD | tags)])
    assert ((11, 12) in directions(streets, profile)) is passes


def test_a_street_that_leaves_the_extract_is_cut_there_and_counted(make_streets: Make) -> None:
    streets = make_streets(grid(3, 1), [([11, 12, 99, 13], ROAD), ([13, 12], ROAD)])
    assert directions(streets) == {(11, 12), (12, 11), (12, 13), (13, 12)}
    assert streets.notes == ("1 ways reach beyond the extract and are cut at its edge.",)


def test_barriers_on_streets_are_counted_and_those_elsewhere_are_not(tmp_path: Path) -> None:
    path = tmp_path / "x.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for number, place in grid(3, 1).items():
            tags = {"barrier": "debris" if number < 13 else "gate"}
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=tags))
        writer.add_node(
            osmium.osm.mutable.Node(id=99, location=(37, 37), tags={"barrier": "block"})
        )
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=[11, 12, 13], tags=ROAD))
    assert [note.split(" (")[0] for note in read_streets(path).notes] == ["2 barriers"]


def test_a_node_repeated_in_a_row_adds_no_street(make_streets: Make) -> None:
    streets = make_streets(grid(3, 1), [([11, 12, 12, 13], ROAD)])
    assert directions(streets) == {(11, 13), (13, 11)}


def test_a_ring_is_kept_and_cut_at_its_own_end(make_streets: Make) -> None:
    streets = make_streets(grid(3, 3), [([11, 12, 22, 21, 11], ROAD), ([22, 23], ROAD)])
    assert len(streets) == 3
    assert (11, 22) in directions(streets)


def test_bytes_read_like_the_file(aleppo_file: Path, aleppo: Streets) -> None:
    again = read_streets(aleppo_file.read_bytes())
    for name in ("node_id", "start", "end", "way_id", "length_m", "bits", "point_lon"):
        assert np.array_equal(getattr(again, name), getattr(aleppo, name))


def test_aleppo_has_the_streets_that_an_independent_reading_of_it_counted(
    aleppo: Streets,
) -> None:
    """43,319 segments, 28,856 junctions, 4,812 km, 99.67 % strongly connected: read by others
    from the same extract, with their own inference of one-way streets."""
    assert len(aleppo) == pytest.approx(43_319, abs=10)
    assert aleppo.junctions == pytest.approx(28_856, abs=10)
    assert aleppo.length_m.sum() / 1000 == pytest.approx(4_812, abs=1)
    used = aleppo.main_share(aleppo.open_to(PRIVATE_CAR))
    assert used == pytest.approx(0.9967, abs=0.0005)


def test_aleppo_is_read_within_five_seconds_of_work(aleppo_file: Path) -> None:
    """Seconds of the processor, so that a busy machine is not held against it."""
    began = time.process_time()
    read_streets(aleppo_file)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"not streets at all", b"<?xml version='1.0'?><osm/>", bytes(5000)]
)
def test_a_file_that_is_no_extract_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roads.osm.pbf"
    path.write_bytes(content)
    for source in (path, content):
        with pytest.raises(StreetsError, match=r"\.osm\.pbf|no street"):
            read_streets(source)


def test_an_absent_file_and_a_folder_are_refused_in_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.osm.pbf", tmp_path):
        with pytest.raises(StreetsError, match="cannot be read"):
            read_streets(path)


def test_an_extract_without_a_street_is_refused(tmp_path: Path) -> None:
    for ways in ([], [([11, 12], {"building": "yes"})], [([11, 12], ROAD | {"access": "no"})]):
        with pytest.raises(StreetsError, match="holds no street"):
            read_streets(write_pbf(tmp_path / "x.osm.pbf", grid(2, 2), ways))


def read_or_refuse(content: bytes) -> Streets | None:
    """The streets of some bytes; None where they are refused in a sentence."""
    said = ""
    try:
        return read_streets(content)
    except StreetsError as error:
        said = str(error)
    assert said.endswith((".", ".)"))
    assert "\n" not in said
    return None


def test_a_small_extract_cut_short_at_any_byte_is_refused_or_is_part_of_it(
    tmp_path: Path,
) -> None:
    ways = [([11, 12, 13], ROAD), ([21, 12, 22], {"highway": "primary", "name": "Main"})]
    whole = write_pbf(tmp_path / "x.osm.pbf", grid(3, 3), ways).read_bytes()
    everything = read_streets(whole)
    for end in range(len(whole)):
        part = read_or_refuse(whole[:end])
        assert part is None or set(part.way_id) <= set(everything.way_id), end


@settings(max_examples=20, deadline=None)
@given(share=st.floats(0, 1, exclude_max=True))
def test_aleppo_cut_short_anywhere_is_refused_or_is_part_of_it(
    aleppo_file: Path, aleppo: Streets, share: float
) -> None:
    whole = aleppo_file.read_bytes()
    part = read_or_refuse(whole[: math.floor(share * len(whole))])
    assert part is None or set(part.way_id.tolist()) <= set(aleppo.way_id.tolist())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_an_extract_with_damaged_bytes_is_read_or_refused_but_never_breaks(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "x.osm.pbf"
    content = bytearray(write_pbf(path, grid(3, 3), [([11, 12, 13, 23], ROAD)]).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    read_or_refuse(bytes(content))
