"""The streets under the map: all of a folder's for who may read it, for others what lies around."""

from __future__ import annotations

import gzip
import math
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lull.store import folders, jobs, models
from lull.store.principal import seated
from lull.web.pages.assets import has_map_library
from lull.web.pages.chart_tiles import AROUND_FROM_ZOOM, AROUND_KM, bounds_of
from tests.exchange.test_streets import Town
from tests.exchange.vector_tile import read_layers
from tests.network.extracts import LAT, LON
from tests.store.kit import World
from tests.web.folders import worked, zipped
from tests.web.pages.kit import Browser

TOWN = (LON, LAT)
FAR = (LON + 0.6137, LAT + 0.3091)
"""Where the folder has streets as well, some sixty kilometres away."""
COORDINATORS = ("alice", "adam")
OTHERS = ("olga", "omar", "oda", "paul", "petra", "piotr", "mona", "mila", "fred", "finn")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A folder with streets in two places, as one file."""
    made = Town(tmp_path_factory.mktemp("town") / "town")
    south = LAT - 0.012
    made.nodes |= {901: FAR, 902: (FAR[0] + 0.01, FAR[1]), 903: (LON, south), 904: (37.01, south)}
    made.ways.append(([903, 904], {"highway": "primary"}))
    made.ways.append(([901, 902], {"highway": "tertiary", "name": "شارع"}))
    path: Path = made.write()
    return zipped({file.name: file.read_bytes() for file in path.iterdir() if file.is_file()})


def took_in(world: World, who: str, raw: bytes) -> models.Folder:
    """A folder that somebody imported, and that was checked."""
    row = folders.import_folder(world.store, seated(world.pause, world.who(who)), raw, "town.zip")
    worked(world)
    found: models.Folder = models.Folder.objects.get(pk=row.pk)
    assert found.state == "ready", folders.shown(world.store, found).findings
    return found


def tile_of(longitude: float, latitude: float, zoom: int = 14) -> str:
    """The address of the tile in which a point lies."""
    y = math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2))
    column, row = (longitude + 180) / 360 * 2**zoom, (1 - y / math.pi) / 2 * 2**zoom
    return f"@tiles/{zoom}/{int(column)}/{int(row)}"


def plain(degrees: float) -> str:
    """Degrees as a figure without idle noughts."""
    return f"{degrees:.4f}".rstrip("0").rstrip(".")


def incident(world: World, who: str, about: str, place: tuple[float, float], wall: str = "public",
             to: tuple[str, ...] = ()) -> None:
    position = {"latitude_deg": plain(place[1]), "longitude_deg": plain(place[0]),
                "accuracy_m": 20, "datum": "WGS-84"}
    world.write(who, "incident.allege", about, wall=wall, to=to,
                place={"name": f"crossroads {about}", "position": position})


def has_streets(browser: Browser, address: str) -> bool:
    """Whether somebody is sent streets; a tile without one and one that is not theirs are alike."""
    answer = browser.get(address)
    assert (answer.status_code, bool(answer.content)) in ((200, True), (204, False)), address
    return bool(answer.content)


def map_of(browser: Browser) -> dict[str, Any]:
    found: dict[str, Any] = browser.get("@map.json").json()["drawing"]["style"]["sources"]
    return found


def test_who_may_read_the_folder_sees_all_of_its_streets(world: World, town: bytes) -> None:
    took_in(world, "alice", town)
    for name in COORDINATORS:
        browser = Browser(world, name)
        assert has_streets(browser, tile_of(*TOWN))
        assert has_streets(browser, tile_of(*FAR))
        assert has_streets(browser, tile_of(*TOWN, 8)) is False  # farther than is drawn
        assert has_streets(browser, tile_of(*TOWN, 9))
        assert has_streets(browser, tile_of(LON - 1, LAT)) is False
        streets = map_of(browser)["streets"]
        reaches = [LON, LAT - 0.012, FAR[0] + 0.01, FAR[1]]
        assert streets["bounds"] == pytest.approx(reaches, abs=1e-4)


def test_others_see_streets_around_what_they_see_and_no_others(world: World, town: bytes) -> None:
    took_in(world, "alice", town)
    for name in OTHERS:
        browser = Browser(world, name)
        assert not has_streets(browser, tile_of(*TOWN)), name
        assert "streets" not in map_of(browser), name
    incident(world, "mona", "I1", TOWN)
    for name in OTHERS:
        browser = Browser(world, name)
        assert has_streets(browser, tile_of(*TOWN)), name
        assert not has_streets(browser, tile_of(*FAR)), name
        streets = map_of(browser)["streets"]
        assert streets["minzoom"] == AROUND_FROM_ZOOM
        west, south, east, north = streets["bounds"]
        assert (north - south) * 111.32 == pytest.approx(2 * AROUND_KM, rel=0.01)
        assert (west, east) == pytest.approx((LON - (east - west) / 2, LON + (east - west) / 2))


def test_from_far_away_others_are_sent_nothing(world: World, town: bytes) -> None:
    """A tile of a farther zoom would show how far the folder reaches."""
    took_in(world, "alice", town)
    incident(world, "mona", "I1", TOWN)
    paul = Browser(world, "paul")
    assert has_streets(paul, tile_of(*TOWN, AROUND_FROM_ZOOM))
    assert all(has_streets(Browser(world, "alice"), tile_of(*TOWN, zoom)) for zoom in (9, 10))
    assert not any(has_streets(paul, tile_of(*TOWN, zoom)) for zoom in range(AROUND_FROM_ZOOM))


@pytest.mark.parametrize(("name", "sees"), [
    ("mona", True), ("mark", True), ("olga", True), ("omar", True), ("fred", True), ("oda", False),
    ("paul", False), ("petra", False), ("piotr", False), ("mila", False), ("finn", False)])
def test_what_is_sealed_to_others_brings_nobody_streets_or_its_place(
    world: World, town: bytes, name: str, sees: bool
) -> None:
    took_in(world, "alice", town)
    incident(world, "mona", "CANARY", FAR, wall="sealed", to=("watch", "crescent"))
    incident(world, "mona", "I1", TOWN)
    browser = Browser(world, name)
    assert has_streets(browser, tile_of(*FAR)) is sees
    said = browser.get("@map.json").content.decode()
    for canary in (plain(FAR[0]), plain(FAR[1]), "CANARY"):
        assert (canary in said) is sees, canary


def test_streets_of_an_organisations_folder_are_for_its_side_and_coordinators(
    world: World, town: bytes
) -> None:
    took_in(world, "olga", town)
    incident(world, "mona", "I1", TOWN)
    for name, sees in {"olga": True, "omar": True, "alice": True, "oda": False, "paul": False,
                       "mona": False, "fred": False}.items():
        assert has_streets(Browser(world, name), tile_of(*TOWN)) is sees, name
        assert has_streets(Browser(world, name), tile_of(*FAR)) is sees, name


def test_the_public_and_who_has_no_seat_are_sent_no_streets(world: World, town: bytes) -> None:
    took_in(world, "alice", town)
    incident(world, "mona", "I1", TOWN)
    public = Browser(world)
    answer = public.get(tile_of(*TOWN))
    assert (answer.status_code, answer.content) == (302, b"")
    assert answer["Location"].startswith("/sign-in")
    assert "streets" not in map_of(public)
    assert public.get("@map").status_code == 200
    elsewhere = tile_of(*TOWN).replace("@", f"/p/{uuid4()}/")
    for name in ("alice", "paul"):
        answer = Browser(world, name).get(elsewhere)
        assert answer.status_code == 404
        assert "text/html" in answer["Content-Type"]


def test_an_ended_folder_has_no_streets_any_more(world: World, town: bytes) -> None:
    row = took_in(world, "alice", town)
    alice = Browser(world, "alice")
    assert has_streets(alice, tile_of(*TOWN))
    folders.end(world.store, seated(world.pause, world.who("alice")), row.pk)
    assert not has_streets(alice, tile_of(*TOWN))
    assert not models.Product.objects.filter(name=jobs.STREETS).exists()
    assert world.store.grounds == {}


def test_the_newest_folder_is_the_one_whose_streets_are_shown(world: World, town: bytes) -> None:
    took_in(world, "alice", town)
    world.clock.forward(minutes=1)
    newer = took_in(world, "adam", town)
    from lull.store.streets import ground_for

    ground = ground_for(world.store, seated(world.pause, world.who("alice")))
    assert ground is not None
    assert ground.folder == newer.pk


def test_streets_are_kept_sealed_and_in_few_archives_at_once(world: World, town: bytes) -> None:
    took_in(world, "alice", town)
    (kept,) = models.Product.objects.filter(name=jobs.STREETS)
    assert bytes(kept.content).startswith(b"age-encryption.org/")
    assert b"PMTiles" not in bytes(kept.content)
    assert has_streets(Browser(world, "alice"), tile_of(*TOWN))
    assert len(world.store.grounds) == 1


def test_a_folder_without_streets_has_none_for_the_map(world: World) -> None:
    took_in(world, "alice", zipped())
    assert not models.Product.objects.filter(name=jobs.STREETS).exists()
    assert not has_streets(Browser(world, "alice"), tile_of(*TOWN))


def test_a_browser_that_takes_no_compression_gets_the_same_tile(world: World, town: bytes) -> None:
    took_in(world, "alice", town)
    alice = Browser(world, "alice")
    plain = alice.get(tile_of(*FAR))
    packed = alice.get(tile_of(*FAR), HTTP_ACCEPT_ENCODING="gzip, br")
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    ((extent, found),) = read_layers(plain.content).values()
    assert [one.properties for one in found] == [{"rank": 4, "name": "شارع"}]
    assert extent == 4096


def test_a_tile_is_kept_nowhere_and_bears_the_headers_of_every_page(
    world: World, town: bytes
) -> None:
    took_in(world, "alice", town)
    answer = Browser(world, "alice").get(tile_of(*TOWN))
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"


@pytest.mark.parametrize("path", ["@tiles/14/99999999/1", "@tiles/99/0/0", "@tiles/0/0/1"])
def test_a_tile_that_cannot_be_is_empty(world: World, town: bytes, path: str) -> None:
    took_in(world, "alice", town)
    assert not has_streets(Browser(world, "alice"), path)


def test_a_tile_covers_what_the_grid_says() -> None:
    from lull.exchange.tile_archive import Tile

    world = bounds_of(Tile(0, 0, 0))
    assert (world.west, world.east) == (-180, 180)
    assert (world.south, world.north) == pytest.approx((-85.0511, 85.0511), abs=1e-4)
    north_west = bounds_of(Tile(1, 0, 0))
    assert (north_west.east, north_west.south) == pytest.approx((0, 0))


def test_a_fault_in_the_map_keeps_no_folder_from_being_planned_on(
    world: World, town: bytes, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> bytes:
        raise ZeroDivisionError("a line of the folder")

    monkeypatch.setattr("lull.exchange.street_tiles.street_archive", fail)
    monkeypatch.setattr("lull.exchange.folder_places.folder_places", fail)
    took_in(world, "alice", town)
    said = capsys.readouterr().err
    assert "The map has no streets: ZeroDivisionError." in said
    assert "The map has no places: ZeroDivisionError." in said
    assert "a line of the folder" not in said
    assert not models.Product.objects.exists()


def test_with_streets_and_no_place_yet_the_map_shows_streets_alone(
    world: World, town: bytes
) -> None:
    took_in(world, "alice", town)
    models.Product.objects.filter(name=jobs.PLACES).delete()  # as an earlier lull imported it
    page = Browser(world, "alice").text("@map")
    assert "Nothing with a place yet" in page
    assert ('id="moving"' in page) is has_map_library()
    assert 'id="moving"' not in Browser(world, "paul").text("@map")
    assert 'id="chart"' not in page
