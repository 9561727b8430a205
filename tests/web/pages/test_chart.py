"""The map shows what its reader may see, in the picture, in the table and in what a map takes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.store.kit import World
from tests.web.pages.kit import Browser

AT = {"latitude_deg": "36.2021", "longitude_deg": "37.1343", "accuracy_m": 20, "datum": "WGS-84"}


def incident(world: World, who: str, about: str, wall: str = "public",
             to: tuple[str, ...] = ()) -> None:
    """An incident at a place."""
    from tests.store.kit import record

    place: dict[str, Any] = {"name": f"crossroads {about}", "position": AT}
    made = record("incident.allege")
    assert "place" in made
    world.write(who, "incident.allege", about, wall=wall, to=to, place=place)


def test_a_pause_without_places_says_so(world: World) -> None:
    assert "Nothing with a place yet" in Browser(world, "alice").text("@map")


def test_a_place_stands_in_the_picture_the_table_and_the_data(world: World) -> None:
    incident(world, "mona", "I1")
    page = Browser(world, "alice").text("@map")
    assert "crossroads I1" in page
    assert "36.20210" in page
    assert page.count('<g class="spot"') == 1
    data = Browser(world, "alice").get("@map.json").json()
    assert [f["geometry"]["coordinates"] for f in data["features"]] == [[37.1343, 36.2021]]


@pytest.mark.parametrize(("name", "sees"), [
    ("mona", True), ("mark", True), ("olga", True), ("omar", True), ("oda", False),
    ("paul", False), ("piotr", False), ("mila", False), ("fred", False), ("", False)])
def test_geometry_that_is_sealed_is_not_sent_to_anybody_else(world: World, name: str, sees: bool
                                                             ) -> None:
    incident(world, "mona", "CANARY", wall="sealed", to=("watch", "crescent"))
    browser = Browser(world, name)
    if name == "fred":  # a clerk of that side has its key as well
        sees = True
    for path in ("@map", "@map.json"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert ("CANARY" in answer.content.decode()) is sees, path
        assert ("37.1343" in answer.content.decode()) is sees, path
