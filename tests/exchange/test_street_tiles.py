"""Streets as vector tiles: read again by another reader and laid beside the streets themselves."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.refusal import Refusal
from lull.exchange.street_tiles import (
    BESIDE,
    EXTENT,
    FIRST_ZOOM,
    LAST_ZOOM,
    LAYER,
    OTHERS,
    SHOWN_FROM,
    last_zoom_of,
    rank_of,
    street_archive,
)
from lull.exchange.tile_archive import Archive, Bounds, Tile, read_archive, write_archive
from lull.network.access import USABLE_CLASSES
from lull.network.osm import read_streets
from lull.network.streets import Streets
from tests.exchange.vector_tile import Feature, read_layers
from tests.network.extracts import LAT, LON, Point, Way, grid, write_pbf

EQUATOR_M = 40_075_016.7
NAMES = ("شارع النيل", "Nile Street")


def column_of(longitude: float, latitude: float, zoom: int) -> tuple[float, float]:
    """Where a point lies on the grid of tiles (EPSG:3857, as its register gives it)."""
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    return (longitude + 180) / 360 * 2**zoom, (1 - y / math.pi) / 2 * 2**zoom


def tile_at(longitude: float, latitude: float, zoom: int) -> Tile:
    x, y = column_of(longitude, latitude, zoom)
    return Tile(zoom, int(x), int(y))


def features(archive: Archive, tile: Tile) -> list[Feature]:
    """What stands in a tile; nothing where there is none."""
    raw = archive.tile(tile)
    if not raw:
        return []
    ((name, (extent, found)),) = read_layers(gzip.decompress(raw)).items()
    assert (name, extent) == (LAYER, EXTENT)
    return found


def made_of(tmp_path: Path, nodes: Mapping[int, Point], ways: Iterable[Way]) -> Streets:
    return read_streets(write_pbf(tmp_path / "small.osm.pbf", nodes, ways))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Streets:
    """A trunk road, a named street and a footway on a small grid."""
    return made_of(tmp_path_factory.mktemp("town"), grid(3, 3), [
        ([11, 12, 13], {"highway": "trunk"}),
        ([21, 22, 23], {"highway": "residential", "name": NAMES[0]}),
        ([11, 21, 31], {"highway": "residential", "name": NAMES[1]}),
        ([12, 22], {"highway": "footway"}),
    ])


def everything(archive: Archive, zoom: int) -> list[tuple[Tile, Feature]]:
    first, last = (tile_at(*corner, zoom) for corner in (
        (archive.bounds.west, archive.bounds.north), (archive.bounds.east, archive.bounds.south)))
    tiles = [Tile(zoom, x, y) for x in range(first.x, last.x + 1)
             for y in range(first.y, last.y + 1)]
    return [(tile, one) for tile in tiles for one in features(archive, tile)]


def on_grid(found: Iterable[tuple[Tile, Feature]]) -> shapely.Geometry:
    """All lines of tiles on one plane, in steps from the north-west of the world."""
    return shapely.union_all([shapely.LineString(
        np.array(line) + np.array([tile.x, tile.y]) * EXTENT)
        for tile, one in found for line in one.lines])


def test_far_away_only_great_roads_are_drawn_and_near_by_every_way(town: Streets) -> None:
    archive = read_archive(street_archive(town))
    assert archive.zooms == (FIRST_ZOOM, LAST_ZOOM)
    ranks = {zoom: {one.properties["rank"] for _, one in everything(archive, zoom)}
             for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1)}
    assert ranks[9] == ranks[12] == {1}
    assert ranks[13] == {1, 5}
    assert ranks[14] == {1, 5, 6}


def test_streets_are_named_near_by_in_their_own_script(town: Streets) -> None:
    archive = read_archive(street_archive(town))
    names = {one.properties.get("name") for _, one in everything(archive, 14)}
    assert names == {None, *NAMES}
    assert all("name" not in one.properties for _, one in everything(archive, 12))


@pytest.mark.parametrize("zoom", [13, 14])
def test_lines_lie_where_the_streets_lie_and_none_is_missing(town: Streets, zoom: int) -> None:
    archive = read_archive(street_archive(town))
    drawn = on_grid(everything(archive, zoom))
    streets = [i for i in range(len(town)) if zoom == 14
               or SHOWN_FROM[rank_of(town.highways[town.highway[i]])] <= zoom]
    true = shapely.union_all([shapely.LineString(
        [np.array(column_of(x, y, zoom)) * EXTENT for x, y in zip(*town.line(i), strict=True)])
        for i in streets])
    assert len(streets) > 4
    assert shapely.hausdorff_distance(drawn, true, densify=0.1) < 6  # steps, of 4,096 a tile


def test_a_tile_reaches_a_little_beyond_its_edge_and_no_further(town: Streets) -> None:
    archive = read_archive(street_archive(town))
    points = [point for _, one in everything(archive, 14) for line in one.lines for point in line]
    assert min(map(min, points)) >= -BESIDE
    assert max(map(max, points)) <= EXTENT + BESIDE
    assert max(map(max, points)) > EXTENT


def test_the_same_streets_give_the_same_bytes(town: Streets) -> None:
    assert street_archive(town) == street_archive(town)


def test_progress_is_told_zoom_by_zoom(town: Streets) -> None:
    told: list[tuple[float, float]] = []
    street_archive(town, lambda what, done, total: told.append((done, total)))
    assert told == [(done, 6) for done in range(6)]


def test_the_bounds_are_those_of_the_streets(town: Streets) -> None:
    bounds = read_archive(street_archive(town)).bounds
    assert (bounds.west, bounds.south) == pytest.approx((LON, LAT), abs=1e-6)
    assert (bounds.east, bounds.north) == pytest.approx((LON + 0.02, LAT + 0.02), abs=1e-6)


def test_every_class_that_a_plan_may_use_has_a_rank() -> None:
    assert {rank_of(highway) for highway in USABLE_CLASSES} == set(range(1, OTHERS + 1))
    assert rank_of("motorway_link") == rank_of("motorway") == 1
    assert rank_of("steps") == rank_of("footway") == OTHERS


def test_a_large_country_is_drawn_to_a_farther_zoom() -> None:
    town = np.random.default_rng(1).uniform(0.6, 0.6003, (5_000, 2))
    country = np.random.default_rng(1).uniform(0.6, 0.62, (200_000, 2))
    assert last_zoom_of(town) == LAST_ZOOM
    assert last_zoom_of(country) < 13


def test_streets_far_apart_leave_the_tiles_between_them_out(tmp_path: Path) -> None:
    nodes = {1: (10.0, 40.0), 2: (10.01, 40.0), 3: (11.0, 41.0), 4: (11.01, 41.0)}
    archive = read_archive(street_archive(made_of(tmp_path, nodes, [
        ([1, 2], {"highway": "primary"}), ([3, 4], {"highway": "primary"})])))
    assert features(archive, tile_at(10.005, 40.0, 14))
    assert features(archive, tile_at(11.005, 41.0, 14))
    assert not features(archive, tile_at(10.5, 40.5, 14))


@pytest.mark.slow
def test_aleppo_is_drawn_within_a_megabyte_and_no_tile_is_large() -> None:
    root = Path(__file__).resolve().parents[2]
    streets = read_streets(root / "samples" / "aleppo" / "roads.osm.pbf")
    raw = street_archive(streets)
    archive = read_archive(raw)
    assert 100_000 < len(raw) < 1_000_000
    drawn = sum(shapely.LineString(line).length for _, one in everything(archive, LAST_ZOOM)
                for line in one.lines)
    twice_at_the_edges = (1 + 2 * BESIDE / EXTENT) ** 2 + 0.01
    step_m = EQUATOR_M / 2**LAST_ZOOM / EXTENT * math.cos(math.radians(36.2))
    assert 0.98 < drawn * step_m / streets.length_m.sum() < twice_at_the_edges
    assert max(len(archive.tile(Tile(13, x, y)))
               for x in range(4930, 4950) for y in range(3200, 3225)) < 60_000


tiles = st.dictionaries(
    st.integers(0, 14).flatmap(lambda z: st.builds(
        Tile, st.just(z), st.integers(0, 2**z - 1), st.integers(0, 2**z - 1))),
    st.binary(min_size=1, max_size=40), min_size=1, max_size=40)


@given(tiles)
def test_what_is_put_into_an_archive_comes_out_of_it(made: dict[Tile, bytes]) -> None:
    archive = read_archive(write_archive(made, Bounds(-1.5, -2.5, 3.5, 4.5), {"name": "x"}))
    assert {tile: gzip.decompress(archive.tile(tile)) for tile in made} == made
    assert archive.bounds == Bounds(-1.5, -2.5, 3.5, 4.5)
    assert archive.zooms == (min(t.zoom for t in made), max(t.zoom for t in made))


@given(tiles, st.integers(-1, 30), st.integers(-5, 2**15), st.integers(-5, 2**15))
def test_a_tile_that_is_not_there_is_empty(made: dict[Tile, bytes], z: int, x: int, y: int) -> None:
    archive = read_archive(write_archive(made, Bounds(0, 0, 1, 1), {}))
    assert bool(archive.tile(Tile(z, x, y))) is (Tile(z, x, y) in made)


def test_thousands_of_tiles_are_found_again() -> None:
    made = {Tile(12, x, y): b"%d %d" % (x, y) for x in range(80) for y in range(80)}
    archive = read_archive(write_archive(made, Bounds(0, 0, 1, 1), {}))
    assert {tile: gzip.decompress(body) for tile, body in archive.tiles.items()} == made


def test_no_tile_at_all_and_bytes_of_another_kind_are_refused_in_a_sentence() -> None:
    with pytest.raises(Refusal, match="at least one tile"):
        write_archive({}, Bounds(0, 0, 1, 1), {})
    for raw in (b"", b"PK\x03\x04", b"PMTiles\x02" + bytes(200),
                write_archive({Tile(0, 0, 0): b"x"}, Bounds(0, 0, 1, 1), {})[:140]):
        with pytest.raises(Refusal, match="whole PMTiles archive"):
            read_archive(raw)


def test_nothing_goes_through_a_file(town: Streets, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "mkstemp", "SpooledTemporaryFile"):
        monkeypatch.setattr(f"tempfile.{name}", refuse)
    assert street_archive(town)


def test_streets_at_a_pole_do_not_stop_it(tmp_path: Path) -> None:
    far = {1: (10.0, 89.0), 2: (10.1, 89.1), 3: (10.2, 89.0)}
    streets = made_of(tmp_path, far, [([1, 2, 3], {"highway": "primary"})])
    assert read_archive(street_archive(streets)).zooms == (FIRST_ZOOM, LAST_ZOOM)
