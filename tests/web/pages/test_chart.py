"""The map shows what its reader may see, in the picture, in the table and in what a map takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lull.domain.corridor import User
from lull.domain.place import SiteKind
from lull.domain.records.notification import SiteFunction
from lull.web.pages import assets
from lull.web.pages.assets import has_map_library
from lull.web.pages.looks import LOOKS, look_of
from lull.web.pages.places import KINDS
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


def test_corridors_sites_and_what_is_closed_look_apart(world: World) -> None:
    at = [{"place": {"name": f"point {n}", "position": {**AT, "latitude_deg": f"36.2{n}1"}},
           "kind": "checkpoint"} for n in (1, 2)]
    for name, users, status in (("C1", ["civilians"], "open"), ("C2", ["wounded"], "open"),
                                ("C3", ["civilians", "aid"], "closed")):
        world.write("alice", "corridor", name, name=name, users=users, direction="out",
                    status=status, mine_status="cleared", waypoints=at, status_by="Party A",
                    status_reason="none given")
    data = Browser(world, "alice").get("@map.json").json()
    ways = {f["properties"]["name"]: (f["properties"]["look"], f["properties"]["shut"])
            for f in data["features"] if f["geometry"]["type"] == "LineString"}
    assert ways == {"C1": ("corridor_civilians", False), "C2": ("corridor_wounded", False),
                    "C3": ("corridor_several", True)}
    page = Browser(world, "alice").text("@map")
    assert page.count('class="way shut"') == 2  # on the picture and in its key
    assert page.count("<svg") == 1 + 3 + 1  # the picture, three looks, what is closed


@pytest.mark.parametrize(("function", "look"), [
    ("health_facility", "site_health"), ("school", "site_shelter"), ("water", "site_supply"),
    ("crossing", "site_other")])
def test_a_site_looks_as_what_it_is_for(function: str, look: str) -> None:
    assert look_of("notification", {"record": "site_notification", "function": function}) == look


def test_no_two_kinds_look_alike_without_colours_and_none_is_green() -> None:
    ways = [(one.width, one.dash) for name, one in LOOKS.items()
            if name.startswith("corridor") or name in ("movement", "closure")]
    assert len(set(ways)) == len(ways) == 7
    shapes = [one.shape for name, one in LOOKS.items() if not name.startswith("corridor")]
    assert len(set(shapes)) == len(shapes) == 9
    for one in LOOKS.values():
        red, green, blue = (int(one.colour[i:i + 2], 16) for i in (1, 3, 5))
        assert green < max(red, blue)


def test_every_function_of_a_site_and_user_of_a_corridor_has_a_look() -> None:
    for function in SiteFunction:
        assert look_of("notification", {"record": "site_notification",
                                        "function": function.value}) in LOOKS
    for user in User:
        assert look_of("corridor", {"users": [user.value]}) == f"corridor_{user.value}"
    for site in SiteKind:
        assert look_of("site", {"function": site.value}) in LOOKS
    for kind in (*KINDS, "site", "closure"):
        assert look_of(kind, {}) in LOOKS


def test_the_script_is_on_the_page_only_where_its_library_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident(world, "mona", "I1")
    for there in (True, False):
        monkeypatch.setattr("lull.web.pages.chart.has_map_library", lambda there=there: there)
        page = Browser(world, "alice").text("@map") if not there or has_map_library() else ""
        assert ("map.js" in page) is (there and bool(page))
        assert 'id="chart"' in page or there
    assert "map.js" not in Browser(world, "alice").text("@incidents")


def test_the_page_of_the_map_may_do_no_more_than_others(world: World) -> None:
    incident(world, "mona", "I1")
    alice = Browser(world, "alice")
    policy = alice.get("@map")["Content-Security-Policy"]
    assert policy == alice.get("@incidents")["Content-Security-Policy"]
    assert "worker-src 'self';" in policy
    assert "connect-src 'self';" in policy
    assert not re.search(r"blob:|unsafe|https?:|\*", policy)


def test_names_reach_the_map_as_texts_alone(world: World) -> None:
    incident(world, "mona", "<img src=x onerror=alert(1)>")
    alice = Browser(world, "alice")
    assert "<img" not in alice.text("@map")
    assert alice.get("@map.json")["Content-Type"] == "application/json"
    script = (Path(assets.__file__).parents[1] / "static" / "map.js").read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|document\.write", script)
