"""The sites, corridors and closures of a folder on the map: for who may read the folder alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lull.store import folders, jobs, models
from tests.exchange.test_folder_places import rows
from tests.store.kit import PEOPLE, World
from tests.web.folders import template, worked, zipped
from tests.web.pages.kit import Browser
from tests.web.pages.test_chart import incident

CANARY = "Heron weir"
NAMES = [*PEOPLE, ""]


def took_in(world: World, who: str) -> models.Folder:
    """The template, with a site of a name that must be read by nobody else, imported by somebody.
    """
    files = {**template()}
    name = next(row["name"] for row in rows(files, "sites.csv") if row["lat"])
    files["sites.csv"] = files["sites.csv"].replace(name.encode(), CANARY.encode())
    row = folders.import_folder(world.store, world.seat(who), zipped(files), "canary.zip")
    worked(world)
    found: models.Folder = models.Folder.objects.get(pk=row.pk)
    assert found.state == "ready", folders.shown(world.store, found).findings
    return found


def data(world: World, name: str) -> dict[str, Any]:
    found: dict[str, Any] = Browser(world, name).get("@map.json").json()
    return found


def test_a_coordinators_folder_is_on_the_map_of_coordinators_and_of_nobody_else(world: World
                                                                                 ) -> None:
    took_in(world, "alice")
    incident(world, "mona", "I1")
    for name in NAMES:
        sees = bool(name) and PEOPLE[name][0] == "ocha"
        for path in ("@map", "@map.json"):
            page = Browser(world, name).text(path)
            assert (CANARY in page) is sees, (name, path)
            assert "crossroads I1" in page, (name, path)


@pytest.mark.parametrize(("name", "sees"), [
    ("olga", True), ("omar", True), ("alice", True), ("adam", True), ("oda", False),
    ("paul", False), ("mona", False), ("fred", False), ("", False)])
def test_an_organisations_folder_is_for_its_side_and_coordinators(world: World, name: str,
                                                                  sees: bool) -> None:
    took_in(world, "olga")
    assert (CANARY in Browser(world, name).text("@map")) is sees
    assert (CANARY in Browser(world, name).text("@map.json")) is sees


def test_each_stands_in_the_picture_the_table_and_the_data(world: World) -> None:
    took_in(world, "alice")
    page = Browser(world, "alice").text("@map")
    answer = data(world, "alice")
    numbers = {f["properties"]["number"] for f in answer["features"]}
    assert numbers == set(map(int, re.findall(r'<tr data-number="(\d+)"', page)))
    points = [f for f in answer["features"] if f["geometry"]["type"] == "Point"]
    lines = [f for f in answer["features"] if f["geometry"]["type"] == "LineString"]
    assert page.count('<g class="spot"') == len(points)
    assert {f["properties"]["kind"] for f in points} == {"site", "corridor"}
    assert lines
    assert {f["properties"]["kind"] for f in lines} == {"corridor"}
    told = answer["drawing"]["told"]
    assert all("/folder/" in told[str(n)]["link"] for n in numbers)
    assert "as planned in the folder" in page
    assert "accuracy not said" in page
    assert "± None" not in page


def test_what_entries_tell_comes_first_and_keeps_its_numbers(world: World) -> None:
    took_in(world, "alice")
    incident(world, "mona", "I1")
    kinds = [f["properties"]["kind"] for f in data(world, "alice")["features"]
             if f["properties"]["number"] == 1]
    assert kinds == ["incident"]


def test_they_are_kept_sealed_and_end_with_the_folder(world: World) -> None:
    row = took_in(world, "alice")
    kept = bytes(models.Product.objects.get(name=jobs.PLACES).content)
    assert CANARY.encode() not in kept
    folders.end(world.store, world.seat("alice"), row.pk)
    assert not models.Product.objects.filter(name=jobs.PLACES).exists()
    assert CANARY not in Browser(world, "alice").text("@map")


def test_a_reader_in_arabic_has_words_for_all_of_it(world: World) -> None:
    took_in(world, "alice")
    page = Browser(world, "alice", "ar").text("@map")
    assert "موقع" in page
    for english in ("Site", "accuracy not said", "as planned", "Assumed"):
        assert f">{english}" not in page
