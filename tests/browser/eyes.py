"""How a page is judged: whether it fits, which way it runs, what one reads, what axe finds.

One load of a page serves both widths, as its content is the same on a desk and on a telephone. The
colours of a page are the same in every language, so that contrast, which takes axe as long as all
else, is looked at in one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

WIDE, PHONE = 1280, 360
LANGUAGES = {"en": "ltr", "ar": "rtl"}
PICTURES = os.environ.get("LULL_TEST_PICTURES", "")
"""A folder into which pages are drawn, for whoever wants to look."""

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

FROM_THE_LEFT = "main time, main .code, main bdi[dir=ltr]:not(:has(bdi[dir=rtl]))"
"""What reads from left to right in any language; on a sheet in Arabic how a code within a text is
said stands in that text, from right to left.
"""

_AXE = Axe()
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
ALL: dict[str, Any] = {"runOnly": _TAGS, "resultTypes": ["violations"], "selectors": False}
ALL_BUT_COLOURS: dict[str, Any] = {**ALL, "rules": {"color-contrast": {"enabled": False}}}
COLOURS: dict[str, Any] = {"runOnly": ["color-contrast"], "resultTypes": ["violations"],
                           "selectors": False}


def axe_finds(tab: Page, options: dict[str, Any] | None = None) -> list[str]:
    """What axe finds on a page, and where."""
    found = _AXE.run(tab, options=options or ALL).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
            for one in found for node in one["nodes"][:3]]


def runs_over(tab: Page) -> int:
    """By how many pixels a page is wider than its screen."""
    return int(tab.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


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


def turned(tab: Page) -> tuple[list[str], int]:
    """Codes, times and figures that do not read from left to right or do not stand apart; and how
    many there are.
    """
    found = tab.evaluate(ALL_SEEN, FROM_THE_LEFT)
    return [text for text, read, isolation in found
            if bare(read) != bare(text) or "isolate" not in isolation], len(found)


def judged(tab: Page, language: str) -> None:
    """See that a page fits, runs in the direction of its language, and turns nothing."""
    assert runs_over(tab) <= 0, tab.url
    way = tab.evaluate("getComputedStyle(document.querySelector('main')).direction")
    assert way == LANGUAGES[language], tab.url
    assert turned(tab)[0] == [], tab.url


def draw(tab: Page, name: str) -> None:
    """Draw a page, for whoever wants to look."""
    if PICTURES:
        tab.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def in_every_way(tab: Page, address: str, name: str, *, status: int = 200
                 ) -> Iterator[tuple[str, int]]:
    """A page in both languages, each at both widths, judged: what stands there then."""
    parts = address.split("/")
    for language in LANGUAGES:
        tab.context.add_cookies([{"name": "lull-language", "value": language,
                                  "url": "/".join(parts[:3])}])
        tab.set_viewport_size({"width": WIDE, "height": 900})
        answer = tab.goto(address, wait_until="domcontentloaded")
        assert answer is not None
        assert answer.status == status, address
        assert "no-store" in answer.headers["cache-control"]
        for width in (WIDE, PHONE):
            tab.set_viewport_size({"width": width, "height": 900})
            judged(tab, language)
            draw(tab, f"{name}-{language}-{width}")
            yield language, width
            if language == "en" and width == WIDE:
                assert axe_finds(tab) == [], address
        if language == "ar":
            assert axe_finds(tab, ALL_BUT_COLOURS) == [], address


def colours_elsewhere(tab: Page) -> None:
    """The contrast of a page on paper and where its reader's own colours are forced on it."""
    tab.emulate_media(media="print")
    assert axe_finds(tab, COLOURS) == [], f"{tab.url} on paper"
    tab.emulate_media(media="screen", forced_colors="active")
    assert tab.evaluate("matchMedia('(forced-colors: active)').matches")
    assert axe_finds(tab, COLOURS) == [], f"{tab.url} in forced colours"
    tab.emulate_media(media="screen", forced_colors="none")
