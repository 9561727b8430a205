"""A confirm link's page in a real browser: under its policy, on a telephone, in both scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.store.kit import address

WAS = {"departure": {"leaves": "2016-10-20T08:30:00Z", "place": {"name": "حلب"}}}
IS = {"departure": {"leaves": "2016-10-20T09:30:00Z", "place": {"name": "ساحة سعد الله الجابري"}},
      "route_sha256": "0a" * 32}
LANGUAGES = ("en", "ar")


@pytest.fixture
def shown(screen: Page) -> list[str]:
    """The page, shown as it is served; what the browser complained of."""
    address()
    from lull.store.models import Outgoing
    from lull.store.sending.links import Opened
    from lull.store.sending.words import changed_text, in_languages
    from lull.web.confirm import _shown

    text = in_languages(LANGUAGES, lambda one: changed_text("ALE-P02-N014", 2, IS, 1, WAS, one))
    answer = _shown(Opened(Outgoing(), "Party A", "N1", 2, text, 0, LANGUAGES), ["function"])
    said: list[str] = []
    screen.on("console", lambda message: said.append(message.text))
    screen.route("**/*", lambda route: route.fulfill(
        status=200, headers=dict(answer.headers), body=answer.content))
    screen.goto("https://room.example.org/confirm/1.2.abc")
    return said


def test_the_page_fits_its_screen_and_its_style_passes_its_own_policy(
    screen: Page, shown: list[str]
) -> None:
    wide, inside = screen.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= inside
    button = screen.locator("section[lang=ar] button")
    assert button.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(26, 63, 107)"
    for one in screen.locator("button, input[type=text]").all():
        box = one.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    assert shown == []


def test_arabic_runs_from_the_right_and_turns_no_version_or_time(
    screen: Page, shown: list[str]
) -> None:
    arabic = screen.locator("section[lang=ar]")
    assert arabic.evaluate("s => getComputedStyle(s).direction") == "rtl"
    title, edge = arabic.locator("h1").evaluate(
        "h => { const r = document.createRange(); r.selectNodeContents(h);"
        " return [r.getBoundingClientRect().right, h.getBoundingClientRect().right] }")
    assert abs(title - edge) < 2
    for section in screen.locator("section").all():
        values = section.locator("pre bdi").all()
        found = [str(one.text_content()) for one in values]
        first = found.index("2016-10-20 08:30 UTC")
        assert found[first:first + 4] == ["2016-10-20 08:30 UTC", "2016-10-20 09:30 UTC", "حلب",
                                          "ساحة سعد الله الجابري"]
        for one in values:
            assert one.evaluate("b => getComputedStyle(b).unicodeBidi") == "isolate"
    line = arabic.locator("pre bdi", has_text="2016-10-20 09:30 UTC").first
    before = arabic.locator("pre bdi", has_text="2016-10-20 08:30 UTC").first
    boxes = before.bounding_box(), line.bounding_box()
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["x"] > boxes[1]["x"] or boxes[0]["y"] < boxes[1]["y"], "what was comes first"
    assert arabic.locator(".tick bdi").evaluate("b => getComputedStyle(b).direction") == "ltr"


def test_it_can_be_filled_in_with_the_keyboard_in_the_order_in_which_it_stands(
    screen: Page, shown: list[str]
) -> None:
    met = []
    for _ in range(6):
        screen.keyboard.press("Tab")
        met.append(screen.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert met == ["function", "read", "BUTTON"] * 2
