"""Each role's every page: axe finds nothing, nothing runs over, the keyboard reaches it.

A page has the same elements in both languages, so that axe looks at each role's in English; a
coordinator's, who has the most, it sees in Arabic in `test_room_direction`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.eyes import (
    ALL,
    ALL_BUT_COLOURS,
    PHONE,
    WIDE,
    axe_finds,
    runs_over,
)
from tests.browser.served import ROLES, Served, serve

DOOR = ("/sign-in", "/join", "/nowhere")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as one:
        yield one


@pytest.mark.parametrize("who", ROLES, ids=lambda who: who or "public")
def test_axe_finds_nothing_and_nothing_runs_over_on_any_page_of_a_role(
    chromium: Browser, served: Served, who: str
) -> None:
    context = served.context(chromium, who, "en", service_workers="block")
    tab = context.new_page()
    complaints: list[str] = []
    tab.goto(served.address("@notice"))
    tab.on("console", lambda said: complaints.append(f"{tab.url} {said.text}"))
    found: dict[str, list[str]] = {}

    def look(path: str, language: str = "en") -> None:
        wrong = found.setdefault(f"{path} {language}", [])
        for width in (PHONE, WIDE) if language == "en" else (WIDE, PHONE):
            tab.set_viewport_size({"width": width, "height": 900})
            if (over := runs_over(tab)) > 0:
                wrong.append(f"{over} pixels over at {width}")
        if language == "en":
            wrong += axe_finds(tab)

    paths = served.addresses(tab, ROLES[who], look)
    context.add_cookies([{"name": "lull-language", "value": "ar", "url": served.base}])
    for path in paths if who != "alice" else ():
        served.open(tab, path)
        look(path, "ar")
    context.close()
    assert len(paths) > 4
    assert len(found) == len(paths) * (1 if who == "alice" else 2)
    assert {page: said for page, said in found.items() if said} == {}
    assert [said for said in complaints if "blocked by Playwright" not in said] == []


@pytest.mark.parametrize(("language", "width"), [("en", 360), ("ar", 1280)])
@pytest.mark.parametrize("path", DOOR)
def test_axe_finds_nothing_at_the_door(
    chromium: Browser, served: Served, path: str, language: str, width: int
) -> None:
    context = served.context(chromium, "", language, width)
    tab = context.new_page()
    tab.goto(served.base + path)
    assert axe_finds(tab) == []
    context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_longest_form_with_errors_in_it_has_no_finding_and_fits(
    chromium: Browser, served: Served, language: str
) -> None:
    context = served.context(chromium, "olga", language, WIDE)
    tab = context.new_page()
    tab.goto(served.address("@write/notification.draft"))
    tab.locator("main form button:visible").filter(has_not_text="+").last.click()
    tab.wait_for_selector("#wrong")
    for width in (WIDE, PHONE):
        tab.set_viewport_size({"width": width, "height": 900})
        assert runs_over(tab) <= 0, width
    assert axe_finds(tab, ALL if language == "en" else ALL_BUT_COLOURS) == []
    context.close()


def focused(tab: Page) -> str:
    """What has the focus: its id, its address or its tag."""
    return str(tab.evaluate(
        "(e => e.id || e.getAttribute('href') || e.name || e.tagName)(document.activeElement)"))


def test_the_keyboard_meets_the_way_to_the_content_first_and_sees_where_it_is(
    chromium: Browser, served: Served
) -> None:
    context = served.context(chromium, "alice", "en")
    tab = context.new_page()
    tab.goto(served.address("@write/statement"))
    tab.keyboard.press("Tab")
    assert focused(tab) == "#main"
    box = tab.locator("a.skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0, "the way to the content is not seen when it has the focus"
    met = [focused(tab)]
    for _ in range(60):
        tab.keyboard.press("Tab")
        met.append(focused(tab))
        outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"{met[-1]} does not show that it has the focus"
        if met[-1] == "said":
            break
    links = [one for one in met if one.startswith("/p/")]
    assert len(links) >= 10
    fields = [one for one in met if one.startswith("f-") or one in ("about", "said")]
    assert fields[0] == "about"
    assert fields[-1] == "said"
    context.close()


def test_the_way_to_the_content_leads_past_the_navigation(
    chromium: Browser, served: Served
) -> None:
    context = served.context(chromium, "alice", "en")
    tab = context.new_page()
    tab.goto(served.address("@write/statement"))
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.closest('main') !== null")
    context.close()


def test_after_an_error_the_focus_is_on_the_summary_and_leads_to_the_field(
    chromium: Browser, served: Served
) -> None:
    context = served.context(chromium, "alice", "en")
    tab = context.new_page()
    tab.goto(served.address("@write/statement"))
    tab.locator("#about").press("Enter")
    tab.wait_for_selector("#wrong")
    assert focused(tab) == "wrong"
    tab.locator("#wrong a").last.click()
    assert focused(tab) == "about" or focused(tab).startswith("f-")
    context.close()


def test_without_colours_of_its_own_a_page_still_shows_edges_marks_and_the_focus(
    chromium: Browser, served: Served
) -> None:
    context = served.context(chromium, "alice", "en", forced_colors="active")
    tab = context.new_page()
    tab.goto(served.address("@notifications"))
    assert tab.evaluate("matchMedia('(forced-colors: active)').matches")
    for mark in tab.locator("main .mark").all()[:5]:
        assert mark.evaluate("m => getComputedStyle(m).borderTopStyle") == "solid"
    here = tab.locator("nav.rooms a[aria-current]")
    there = tab.locator("nav.rooms a:not([aria-current])").first
    edge = "a => getComputedStyle(a).borderBottomColor"
    assert here.evaluate(edge) != there.evaluate(edge)
    context.close()


def test_on_paper_stands_the_record_and_no_button(chromium: Browser, served: Served) -> None:
    context = served.context(chromium, "alice", "ar")
    tab = context.new_page()
    tab.goto(served.address("@notifications"))
    tab.locator("main tbody a").first.click()
    tab.emulate_media(media="print")
    assert tab.locator("h1").is_visible()
    assert any(one.is_visible() for one in tab.locator("main dl.record").all())
    for gone in ("header.top", "nav.rooms", "button", "a.button"):
        assert not any(one.is_visible() for one in tab.locator(gone).all()), gone
    context.close()


def test_every_page_prints_its_tables_and_says_of_which_pause_and_hour_it_is(
    chromium: Browser, served: Served
) -> None:
    context = served.context(chromium, "alice", "en")
    tab = context.new_page()
    tab.goto(served.address("@due"))
    tables = 0

    def look(path: str) -> None:
        nonlocal tables
        tab.emulate_media(media="print")
        head = tab.locator(".onpaper")
        if head.count():
            assert head.is_visible(), path
            name = str(tab.locator("header.top bdi").first.text_content())
            assert name in head.inner_text(), path
            assert "as at" in head.inner_text(), path
        hidden = tab.locator("main table").evaluate_all(
            """all => all.filter(t => t.closest('.noprint, form:not(.stays), details:not([open])')
            === null).map(t => t.offsetHeight)""")
        assert all(hidden), path
        tables += len(hidden)
        assert not any(one.is_visible() for one in tab.locator("main button, main input").all())
        tab.emulate_media(media="screen")

    paths = served.addresses(tab, ROLES["alice"], look)
    context.close()
    assert tables > 5
    assert any(path.endswith("/readiness") for path in paths), "the matrix is among them"
