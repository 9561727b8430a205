"""The report as a person meets it: on a screen, on a telephone, by keyboard, and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from lull.report.page import SECTIONS

pytestmark = pytest.mark.browser

FORMS = ("report.html", "public.html", "orders.html", "corridors.html")

CONTRAST = """() => {
  const light = c => { const [r, g, b] = c.map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parse = s => { const m = s.match(/[\\d.]+/g).map(Number);
    return m.length === 4 && m[3] === 0 ? null : m.slice(0, 3); };
  const behind = e => { for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c) return c; }
    return [255, 255, 255]; };
  const poor = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || e.closest("svg") || ["STYLE", "SCRIPT"].includes(e.tagName)) continue;
    const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push([ratio.toFixed(2), e.textContent.trim().slice(0, 40)]);
  }
  return poor;
}"""


@pytest.mark.parametrize("form", FORMS)
def test_it_opens_from_a_file_and_asks_for_nothing_else(
    screen: Page, asked: list[str], pages: Path, form: str
) -> None:
    problems: list[str] = []
    screen.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    screen.on("pageerror", lambda e: problems.append(str(e)))
    address = (pages / form).as_uri()
    screen.goto(address)
    for button in screen.locator("button").all():
        button.click()
    assert [a for a in asked if not a.startswith("data:")] == [address]
    assert not problems


@pytest.mark.parametrize("form", FORMS)
def test_the_page_is_never_wider_than_the_screen(screen: Page, pages: Path, form: str) -> None:
    screen.goto((pages / form).as_uri())
    screen.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    width = screen.viewport_size["width"]  # type: ignore[index]
    assert screen.evaluate("document.documentElement.scrollWidth") <= width
    escaped = screen.evaluate(
        """w => [...document.querySelectorAll("body *")]
        .filter(e => !e.closest(".scroll, svg, .skip"))
        .filter(e => e.getBoundingClientRect().right > w + 1)
        .map(e => e.outerHTML.slice(0, 80))""",
        width,
    )
    assert not escaped


@pytest.mark.parametrize("form", FORMS)
def test_text_can_be_told_from_its_ground(wide: Page, pages: Path, form: str) -> None:
    """At least 4.5 to 1, as WCAG 2.1 asks (criterion 1.4.3)."""
    wide.goto((pages / form).as_uri())
    wide.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert not wide.evaluate(CONTRAST)


def test_the_keyboard_reaches_every_section_and_every_wide_table(wide: Page, pages: Path) -> None:
    wide.goto((pages / "report.html").as_uri())
    wide.keyboard.press("Tab")
    assert wide.evaluate("document.activeElement.className") == "skip"
    for ident, _ in SECTIONS:
        wide.keyboard.press("Tab")
        assert wide.evaluate("document.activeElement.getAttribute('href')") == f"#{ident}"
    wide.keyboard.press("Enter")
    assert wide.evaluate("location.hash") == "#again"
    mute = wide.evaluate(
        """[...document.querySelectorAll(".scroll")].filter(e =>
        e.tabIndex !== 0 || e.getAttribute("role") !== "region" || !e.getAttribute("aria-label"))
        .length"""
    )
    assert mute == 0


def test_a_summary_opens_by_keyboard(wide: Page, pages: Path) -> None:
    wide.goto((pages / "report.html").as_uri())
    summary = wide.locator("#by-vehicle summary").first
    summary.focus()
    wide.keyboard.press("Enter")
    assert wide.locator("#by-vehicle details").first.get_attribute("open") is not None


def test_open_all_opens_its_own_part_alone(wide: Page, pages: Path) -> None:
    wide.goto((pages / "report.html").as_uri())
    wide.locator("#by-site button").first.click()
    assert wide.locator("#by-site details:not([open])").count() == 0
    assert wide.locator("#by-convoy details[open]").count() == 0
    wide.locator("#by-site button").last.click()
    assert wide.locator("#by-site details[open]").count() == 0


def test_on_paper_all_is_shown_and_each_page_is_marked(wide: Page, pages: Path) -> None:
    wide.goto((pages / "report.html").as_uri())
    wide.emulate_media(media="print")
    assert wide.locator(".side").is_visible()
    assert not wide.locator("nav").is_visible()
    shown = wide.evaluate(
        """[...document.querySelectorAll("ol.orders li, details table td")].every(
        e => e.getBoundingClientRect().height > 0)"""
    )
    assert shown
    paper = wide.pdf(prefer_css_page_size=True)
    count = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert 6 <= count <= 14
    size = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", paper)
    assert size is not None
    assert [round(float(x)) for x in size.groups()] == [595, 842], "A4"


def test_the_mark_does_not_cover_the_text_on_paper(wide: Page, pages: Path) -> None:
    wide.set_viewport_size({"width": 700, "height": 990})
    wide.goto((pages / "report.html").as_uri())
    wide.emulate_media(media="print")
    edge = wide.locator(".side").bounding_box()
    assert edge is not None
    over = wide.evaluate(
        """x => [...document.querySelectorAll("main *")].filter(e => !e.closest("svg") &&
        e.getBoundingClientRect().right > x + 1).map(e => e.outerHTML.slice(0, 80))""",
        edge["x"],
    )
    assert not over


def test_words_on_the_map_stay_inside_it(wide: Page, pages: Path) -> None:
    wide.goto((pages / "report.html").as_uri())
    outside = wide.evaluate(
        """[...document.querySelectorAll("figure svg")].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll("text")].filter(t => { const b = t.getBoundingClientRect();
          return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1
            || b.bottom > box.bottom + 1; }).map(t => t.textContent); })"""
    )
    assert not outside


def test_it_can_be_read_without_colour(wide: Page, pages: Path) -> None:
    """The kinds of stream differ in their pattern, not in their colour alone."""
    wide.goto((pages / "report.html").as_uri())
    patterns = wide.evaluate(
        """["people", "patients", "aid"].map(k =>
        getComputedStyle(document.querySelector(".flow." + k)).strokeDasharray)"""
    )
    assert len(set(patterns)) == 3


def test_an_order_sheet_fits_half_a_page(wide: Page, pages: Path) -> None:
    wide.set_viewport_size({"width": 690, "height": 990})
    wide.goto((pages / "orders.html").as_uri())
    wide.emulate_media(media="print")
    heights = wide.evaluate(
        "[...document.querySelectorAll('.sheet')].map(e => e.getBoundingClientRect().height)"
    )
    half_a4 = (297 - 14 - 16) / 2 / 25.4 * 96
    assert heights
    assert max(heights) < half_a4
