"""A confirm link's page in a real browser: under its policy, on a telephone, in both scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.store.kit import address

SENT = ("Notification ALE-P02-N014, version 2: what has changed since version 1\n\n"
        "departure, leaves: 2016-10-20 08:30 UTC -> now: 2016-10-20 09:30 UTC\n"
        "departure, place, name local: حلب -> now: ساحة سعد الله الجابري\n"
        "route sha256: " + "0a" * 32)


@pytest.fixture
def shown(screen: Page) -> list[str]:
    """The page, shown as it is served; what the browser complained of."""
    address()
    from lull.store.models import Outgoing
    from lull.store.sending.links import Opened
    from lull.web.confirm import _shown

    answer = _shown(Opened(Outgoing(), "Party A", "N1", 2, SENT), ["function"])
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
    for values in ([s.locator("pre bdi").all() for s in screen.locator("section").all()]):
        assert [one.text_content() for one in values][3:5] == [
            "2016-10-20 09:30 UTC", "حلب"]
        for one in values:
            assert one.evaluate("b => getComputedStyle(b).unicodeBidi") == "isolate"
    assert arabic.locator(".tick bdi").evaluate("b => getComputedStyle(b).direction") == "ltr"


def test_it_can_be_filled_in_with_the_keyboard_in_the_order_in_which_it_stands(
    screen: Page, shown: list[str]
) -> None:
    met = []
    for _ in range(6):
        screen.keyboard.press("Tab")
        met.append(screen.evaluate("document.activeElement.name || document.activeElement.tagName"))
    assert met == ["function", "read", "BUTTON"] * 2
