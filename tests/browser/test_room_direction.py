"""In Arabic every code, number and time is read in its own direction, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.served import Served, serve

SEEN = """(e) => {
  const walker = document.createTreeWalker(e, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode());) {
    for (let i = 0; i < node.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getClientRects()[0];
      if (box && box.width) found.push([node.data[i], Math.round(box.top), box.left]);
    }
  }
  return found;
}"""
"""The characters of an element, with where each of them is painted."""


ALL_SEEN = "(selector) => {\n  const seen = " + SEEN + """;
  return [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).map((e) => {
    const lines = [];
    for (const [character, top, left] of seen(e)) {
      let line = lines.find((one) => Math.abs(one.top - top) < 8);
      if (!line) lines.push(line = { top, found: [] });
      line.found.push([left, character]);
    }
    lines.sort((a, b) => a.top - b.top);
    const across = (line) => line.found.sort((a, b) => a[0] - b[0]).map((f) => f[1]).join("");
    const read = lines.map(across);
    return [e.innerText, read.join(" "), getComputedStyle(e).unicodeBidi];
  });
}"""
"""Of each element that is seen: its text, what one reads from left to right, its isolation."""


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


def painted(of: Locator) -> str:
    """What one reads, line by line, from left to right."""
    lines: dict[int, list[tuple[float, str]]] = {}
    for character, top, left in of.evaluate(SEEN):
        near = next((line for line in lines if abs(line - top) < 8), top)
        lines.setdefault(near, []).append((left, character))
    return " ".join("".join(c for _, c in sorted(lines[line])) for line in sorted(lines))


def bare(text: str) -> str:
    """A text without blanks, which lines may end with."""
    return "".join(text.split())


def test_codes_times_and_figures_of_every_page_stand_apart_and_read_from_left_to_right(
    arabic: Page, served: Served
) -> None:
    met = 0
    for path in served.addresses(arabic, served_role()):
        if "/write/" in path:
            continue
        arabic.goto(served.base + path)
        assert arabic.evaluate("getComputedStyle(document.querySelector('main')).direction"
                               ) == "rtl"
        found = arabic.evaluate(ALL_SEEN, "main time, main .code, main bdi[dir=ltr]")
        for text, read, isolation in found:
            assert bare(read) == bare(text), path
            assert "isolate" in isolation, path
        met += len(found)
    assert met > 50


def served_role() -> object:
    """The role of who looks."""
    from lull.domain.protocol import Role

    return Role.COORDINATOR


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


def test_no_time_hash_or_name_stands_loose_in_arabic_text(arabic: Page, served: Served) -> None:
    found = {}
    for path in served.addresses(arabic, served_role()):
        arabic.goto(served.base + path)
        if loose := arabic.evaluate(LOOSE):
            found[path] = loose
    assert found == {}


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
