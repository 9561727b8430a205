"""What a browser keeps of the room: nothing sealed in its history, stores, caches or files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.conftest import QUIET
from tests.browser.served import CHANNELS, Served, serve
from tests.store.kit import words_of

SEALED, TYPED = "zq90001x", "zq90002x"
"""Words that stand in what was sealed to a party, and that it types without sending them."""
TO = ("crescent", "a")
PAGES = ("due", "notice", "corridors", "readiness", "notifications", "movements", "requests",
         "deliveries", "incidents", "constraints", "figures", "statements", "report", "map",
         "ledger")
STORES = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const asked of await cache.keys())
      kept.push(asked.url + " " + await (await cache.match(asked)).text());
  }
  return {
    caches: kept, databases: await indexedDB.databases(),
    local: {...localStorage}, session: {...sessionStorage},
    cookies: document.cookie,
  };
}"""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve() as one:
        told = [{"party": party, "channel": channel, "consent_by_function": "access officer",
                 "consent_at": "2016-10-19T08:00:00Z"} for party, channel in CHANNELS.items()]
        say = one.world.write
        say("olga", "notification.draft", SEALED, wall="sealed", to=TO, reference=SEALED,
            purpose=f"Way out {SEALED}", recipients=told)
        say("olga", "notification.submit", SEALED, wall="sealed", to=TO, reference=SEALED)
        say("olga", "request.draft", f"R {SEALED}", wall="sealed", to=TO, addressees=["Party A"])
        say("olga", "movement.plan", f"M {SEALED}", wall="sealed", to=TO)
        say("olga", "delivery.plan", f"W {SEALED}", wall="sealed", to=TO)
        say("olga", "incident.allege", f"I {SEALED}", wall="sealed", to=TO)
        yield one


@pytest.fixture
def profile(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Path, BrowserContext]]:
    """A browser that keeps what it keeps on a disk, and pages in memory to go back to."""
    context = chromium.browser_type.launch_persistent_context(
        tmp_path / "profile", args=list(QUIET),
        executable_path=os.environ.get("LULL_CHROMIUM") or shutil.which("chromium"),
        ignore_default_args=["--disable-back-forward-cache"])
    yield tmp_path / "profile", context
    context.close()


def holds(text: Any) -> bool:
    """Whether a word of what is sealed, or was typed, stands in something."""
    return SEALED in str(text) or TYPED in str(text)


def test_a_browser_keeps_nothing_sealed_and_shows_nothing_after_signing_out(
    served: Served, profile: tuple[Path, BrowserContext]
) -> None:
    folder, context = profile
    tab = context.pages[0]
    tab.goto(served.base + "/sign-in")
    tab.fill("#login", "paul")
    tab.fill("#passphrase", words_of("paul"))
    with tab.expect_navigation():
        tab.click("main button")
    shown = _walk(served, tab)
    assert len([path for path in shown if shown[path]]) >= 6, shown
    tab.goto(served.address("@write/statement"))
    tab.fill("#about", TYPED)
    tab.fill("textarea >> nth=0", TYPED)
    tab.goto(served.address("@due"))
    _look_into(tab)
    with tab.expect_navigation():
        tab.locator("header.top form[action='/sign-out'] button").click()
    assert "/sign-in" in tab.url
    for _ in range(5):
        tab.go_back()
        assert not holds(tab.content()), tab.url
    tab.goto(served.base + "/sign-in")
    _look_into(tab)
    context.close()
    _look_at_files(folder, str(served.world.pause))


def _walk(served: Served, tab: Page) -> dict[str, bool]:
    """Open every page, and the things on it that were sealed to this party; which show a word."""
    shown = {}
    for name in PAGES:
        tab.goto(served.address(f"@{name}"))
        shown[name] = holds(tab.content())
        assert not holds(tab.title() + tab.url)
        for link in tab.locator("main a", has_text=SEALED).all()[:1]:
            with tab.expect_navigation():
                link.click()
            shown[tab.url] = holds(tab.content())
            assert not holds(tab.title() + tab.url)
    return shown


def _look_into(tab: Page) -> None:
    """The history of the tab with its titles, and every store that a page can reach."""
    history = tab.context.new_cdp_session(tab).send("Page.getNavigationHistory")
    assert len(history["entries"]) > 5
    assert not holds(history)
    kept = tab.evaluate(STORES)
    assert not holds(kept)
    assert len(kept["caches"]) <= 1, "the page that says that the server is not reached"
    assert (kept["databases"], kept["local"]) == ([], {})
    assert set(kept["session"]) <= {"htmx-current-path-for-history"}, "the address, and no page"
    assert kept["cookies"] == ""


def _look_at_files(folder: Path, pause: str) -> None:
    """No file of the browser's own holds a word; that its history is there shows that one would."""
    met, wrong = 0, []
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        raw = path.read_bytes()
        met += pause.encode() in raw
        wrong += [str(path.relative_to(folder)) for word in (SEALED, TYPED)
                  if word.encode() in raw or word.encode("utf-16-le") in raw]
    assert met
    assert wrong == []
