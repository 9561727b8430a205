"""In Arabic every code, number and time is read in its own direction, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from attrs import define, field
from playwright.sync_api import Browser, Page

from lull.domain.protocol import Role
from tests.browser.eyes import (
    ALL_BUT_COLOURS,
    PHONE,
    SEEN,
    WIDE,
    axe_finds,
    painted,
    runs_over,
    turned,
)
from tests.browser.served import Served, serve


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as one:
        yield one


@pytest.fixture(params=[1280, 360], ids=["wide", "phone"])
def arabic(request: pytest.FixtureRequest, chromium: Browser, served: Served) -> Iterator[Page]:
    """The browser of a coordinator who reads Arabic."""
    context = served.context(chromium, "alice", "ar", request.param)
    tab = context.new_page()
    tab.goto(served.address("@notifications"))
    yield tab
    context.close()


@define
class Walked:
    """What was met on every page that one reaches: by page, what is turned, and what is loose."""

    turned: dict[str, list[str]] = field(factory=dict)
    loose: dict[str, list[str]] = field(factory=dict)
    wrong: dict[str, list[str]] = field(factory=dict)
    direction: set[str] = field(factory=set)
    met: int = 0


@pytest.fixture(scope="module")
def walked(chromium: Browser, served: Served) -> Walked:
    """Each page is opened once, and looked at on a desk and on a telephone."""
    context = served.context(chromium, "alice", "ar", service_workers="block")
    tab = context.new_page()
    tab.goto(served.address("@notifications"))
    made = Walked()

    def look(path: str) -> None:
        made.direction.add(tab.evaluate(
            "getComputedStyle(document.querySelector('main')).direction"))
        for width in (WIDE, PHONE):
            tab.set_viewport_size({"width": width, "height": 900})
            if "/write/" not in path:
                wrong, count = turned(tab)
                made.turned[f"{path} {width}"], made.met = wrong, made.met + count
            made.loose[f"{path} {width}"] = tab.evaluate(LOOSE)
            made.wrong[f"{path} {width}"] = (
                [f"{over} pixels over"] if (over := runs_over(tab)) > 0 else [])
        made.wrong[path] = axe_finds(tab, ALL_BUT_COLOURS)

    served.addresses(tab, Role.COORDINATOR, look)
    context.close()
    return made


def test_codes_times_and_figures_of_every_page_stand_apart_and_read_from_left_to_right(
    walked: Walked,
) -> None:
    assert walked.direction == {"rtl"}
    assert {page: found for page, found in walked.turned.items() if found} == {}
    assert walked.met > 100


LOOSE = """() => {
  const loose = [];
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const apart = 'time, bdi, option, script, textarea, .hint, label, summary';
  for (let node; (node = walker.nextNode());) {
    const said = node.data.match(
      /\\d{4}-\\d{2}-\\d{2}|\\d{2}:\\d{2}|[0-9a-f]{16,}|\\b[A-Z]+\\d{2,}\\b/);
    const within = node.parentElement;
    if (!said || within.closest(apart)) continue;
    if (/[\\u2066-\\u2068]/.test(node.data)) continue;
    if (within.checkVisibility()) loose.push(node.data.trim());
  }
  return loose;
}"""
"""Times and codes in the content of a page that stand in no element of their own."""


def test_no_time_hash_or_name_stands_loose_in_arabic_text(walked: Walked) -> None:
    assert len(walked.loose) > 40
    assert {page: found for page, found in walked.loose.items() if found} == {}


def test_every_page_fits_in_arabic_and_axe_finds_nothing(walked: Walked) -> None:
    assert len(walked.wrong) > 100
    assert {page: found for page, found in walked.wrong.items() if found} == {}


def test_a_text_that_mixes_scripts_is_read_in_its_own_order(arabic: Page) -> None:
    arabic.locator("main a", has_text="N014").first.click()
    text = "إجلاء طبي N014 إلى 37S CA 31250 08770"
    line = arabic.locator("main dd bdi", has_text=text).first
    assert line.evaluate("e => getComputedStyle(e).direction") == "rtl"
    seen = line.evaluate(SEEN)
    for part in ("N014", "37S", "31250", "08770"):
        letters = "".join(c for c, _, _ in seen)
        start = letters.index(part)
        lefts = [left for _, _, left in seen[start:start + len(part)]]
        assert lefts == sorted(lefts), f"{part} is turned"


def test_the_name_and_the_version_in_a_heading_do_not_change_places(arabic: Page) -> None:
    arabic.locator("main a", has_text="N014").first.click()
    heading = arabic.locator("h1")
    boxes = {c: left for c, _, left in heading.evaluate(SEEN)}
    assert painted(heading.locator("bdi").first) == "N014"
    assert boxes["إ"] > boxes["N"], "the word comes first, at the right"


def test_a_refusal_in_arabic_keeps_what_was_found_in_order(
    arabic: Page, served: Served
) -> None:
    arabic.goto(served.address("@write/claimed_figure"))
    arabic.locator("#about").fill("out")
    arabic.locator("#f-value").fill("12-34.5")
    arabic.locator("main form button:visible").last.click()
    wrong = arabic.locator("#f-value-wrong .wrong")
    letters = [(c, left) for c, _, left in wrong.evaluate(SEEN)]
    text = "".join(c for c, _ in letters)
    start = text.index("12-34.5")
    lefts = [left for _, left in letters[start:start + 7]]
    assert lefts == sorted(lefts)
    assert "UTC" not in text
