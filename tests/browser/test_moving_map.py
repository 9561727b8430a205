"""The map that moves, in a real browser: drawn, from this server alone; without WebGL the picture.

WebGL is drawn by the processor here (SwiftShader). What is on the canvas is read off its pixels.
"""

from __future__ import annotations

import base64
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import QUIET
from tests.browser.eyes import axe_finds
from tests.browser.served import Served, serve
from tests.exchange.test_streets import Town
from tests.network.extracts import LAT, LON
from tests.web.folders import worked, zipped

SOFTWARE = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
NONE = ("--disable-3d-apis",)
MOST_MS = 60_000
"""Generous: a busy machine draws slowly."""
NAME = "بستان القصر"
INK = {"deep": (26, 47, 75), "red": (138, 28, 28), "street": (170, 179, 188)}
"""Colours of lull/web/pages/looks.py: of a corridor, of what is closed, of streets."""


def place(name: str, column: float, row: float) -> dict[str, Any]:
    """A place so many steps of the town's grid from its corner."""
    at = {"latitude_deg": f"{LAT + 0.01 * row:.4f}1",
          "longitude_deg": f"{LON + 0.01 * column:.4f}1", "accuracy_m": 20, "datum": "WGS-84"}
    return {"name": name, "position": at}


def corridor(served: Served, name: str, status: str, *at: dict[str, Any]) -> None:
    why = {"status_reason": "fire", "status_by": "Party A"} if status == "closed" else {}
    served.world.write("alice", "corridor", name, name=name, users=["civilians"], direction="out",
                       status=status, mine_status="cleared",
                       waypoints=[{"place": one, "kind": "checkpoint"} for one in at], **why)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A pause with streets, an open and a closed corridor, and an incident."""
    from lull.store import folders
    from lull.store.principal import seated
    from lull.web.pages.assets import has_map_library

    if not has_map_library():
        pytest.fail("These tests need the library of the map: scripts/browser (npm fetches it).")
    town = Town(tmp_path_factory.mktemp("town") / "town").write()
    raw = zipped({file.name: file.read_bytes() for file in town.iterdir() if file.is_file()})
    with serve() as one:
        world = one.world
        folders.import_folder(world.store, seated(world.pause, world.who("alice")), raw, "town.zip")
        worked(world)
        corridor(one, "Corridor 1", "open", place(NAME, 0.5, 0.3), place("Ramouseh", 4.5, 0.3))
        corridor(one, "Corridor 2", "closed", place("Castello", 0.5, 0.7), place("North", 4.5, 0.7))
        world.write("mona", "incident.allege", "I7", place=place("crossroads", 2, 1))
        yield one


@pytest.fixture(scope="module", params=[SOFTWARE, NONE], ids=["drawn", "no WebGL"])
def browsers(request: pytest.FixtureRequest, chromium: Browser
             ) -> Iterator[tuple[Browser, bool]]:
    """A browser that draws WebGL or none, and whether it does."""
    args = [flag for flag in QUIET if flag != "--disable-gpu"]
    browser = chromium.browser_type.launch(
        executable_path=os.environ.get("LULL_CHROMIUM") or shutil.which("chromium"),
        args=[*args, *request.param])
    yield browser, request.param is SOFTWARE
    browser.close()


def share_of(tab: Page, colour: str) -> float:
    """Which share of the map's pixels has a colour, to within a little."""
    raw = base64.b64encode(tab.locator("#moving").screenshot()).decode()
    return float(tab.evaluate("""async ([raw, [r, g, b]]) => {
      const image = new Image();
      image.src = "data:image/png;base64," + raw;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0);
      const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4)
        found += Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12;
      return found / (data.length / 4);
    }""", [raw, INK[colour]]))


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ar", 360)])
def test_the_map_draws_streets_and_places_from_this_server_alone_or_the_picture_stays(
    browsers: tuple[Browser, bool], served: Served, language: str, width: int
) -> None:
    browser, draws = browsers
    context = served.context(browser, "alice", language, width)
    tab = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda one: said.append(one.text))
    tab.on("pageerror", lambda one: said.append(str(one)))
    tab.on("request", lambda one: asked.append(one.url))
    tab.goto(served.address("@map"))
    if draws:
        tab.wait_for_selector("#moving[data-drawn]", timeout=MOST_MS)
        if width < 1000:  # all of it is seen from so far on a telephone that streets are too small
            with tab.expect_request("**/tiles/**", timeout=MOST_MS):
                tab.locator("#moving .maplibregl-ctrl-zoom-in").click()
            tab.wait_for_selector("#moving[data-drawn]", timeout=MOST_MS)
        it_is_drawn(tab, asked)
        its_popups_say_what_the_table_says(tab, language)
    else:
        tab.wait_for_load_state("networkidle")
        assert tab.locator("#chart svg").is_visible()
        assert not tab.locator("#moving").is_visible()
        assert tab.locator(".onmap").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert axe_finds(tab) == []
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {
        served.base.removeprefix("http://")}
    assert [line for line in said if "GPU stall" not in line] == []
    context.close()


def it_is_drawn(tab: Page, asked: list[str]) -> None:
    """The canvas shows it, in place of the picture; on paper the picture stands."""
    assert not tab.locator("#chart").is_visible()
    assert any("/tiles/" in url for url in asked)
    for colour in INK:
        assert share_of(tab, colour) > 0.0005, colour
    assert "OpenStreetMap" in tab.locator("#moving .maplibregl-ctrl-attrib").inner_text()
    tab.emulate_media(media="print")
    assert tab.locator("#chart svg").is_visible()
    tab.emulate_media(media="screen")


def its_popups_say_what_the_table_says(tab: Page, language: str) -> None:
    """Reached by keyboard from the table; names are texts, read in their own direction."""
    row = tab.locator("tr[data-number]").filter(has_text=NAME)
    row.locator("button").focus()
    tab.keyboard.press("Enter")
    popup = tab.locator(".maplibregl-popup-content")
    popup.wait_for(timeout=MOST_MS)
    text = popup.inner_text()
    assert NAME in text
    assert "Corridor 1" in text
    assert ("المدنيون" if language == "ar" else "Civilians") in text
    box, inside = tab.locator("#moving").bounding_box(), popup.bounding_box()
    assert box
    assert inside
    assert box["x"] <= inside["x"]
    assert inside["x"] + inside["width"] <= box["x"] + box["width"]
    controls = tab.locator("#moving .maplibregl-ctrl-group").first
    assert controls.get_attribute("aria-label") in ("Nearer and farther", "الاقتراب والابتعاد")
    assert controls.locator("button").first.get_attribute("aria-label") in ("Nearer", "أقرب")


@pytest.mark.parametrize(("who", "sees"), [("alice", True), ("paul", False), ("", False)])
def test_what_the_folder_plans_is_drawn_for_who_may_read_it_and_sent_to_nobody_else(
    browsers: tuple[Browser, bool], served: Served, who: str, sees: bool
) -> None:
    browser, draws = browsers
    context = served.context(browser, who, "en", 1280)
    tab = context.new_page()
    bodies: list[str] = []
    tab.on("response", lambda one: bodies.append(one.text()) if "/map" in one.url
           and "/static/" not in one.url else None)
    tab.goto(served.address("@map"))
    if draws:
        tab.wait_for_selector("#moving[data-drawn]", timeout=MOST_MS)
    else:
        tab.wait_for_load_state("networkidle")
    planned = tab.locator("tr[data-number]").filter(has_text="as planned in the folder")
    assert (planned.count() > 0) is sees
    assert any("folder" in body for body in bodies) is sees
    if sees and draws:
        planned.first.locator("button").click()
        popup = tab.locator(".maplibregl-popup-content")
        popup.wait_for(timeout=MOST_MS)
        assert "/folder/" in str(popup.locator("a").get_attribute("href"))
    context.close()
