"""Real pages in a real browser that has no way out."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from lull.report.outputs import outputs, write
from tests.report.cases import tiny

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # what draws in software needs no process to talk to
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, without a window."""
    found = os.environ.get("LULL_CHROMIUM") or shutil.which("chromium")
    if found is None:
        pytest.fail("These tests need Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that holds every form of the tiny pause's report."""
    folder = tmp_path_factory.mktemp("report")
    report = tiny()
    for audience in ("operator", "public", "driver", "corridor"):
        write(outputs(report, audience), folder)
    return folder


@pytest.fixture
def asked() -> list[str]:
    """Addresses that the page of the test has asked for."""
    return []


@pytest.fixture(params=[1280, 360], ids=["wide", "phone"])
def screen(request: pytest.FixtureRequest, chromium: Browser, asked: list[str]) -> Iterator[Page]:
    """An empty tab, wide or as narrow as a telephone; it notes what it asks for."""
    context = chromium.new_context(viewport={"width": request.param, "height": 900}, offline=True)
    tab = context.new_page()
    tab.on("request", lambda r: asked.append(r.url))
    yield tab
    context.close()


@pytest.fixture
def wide(chromium: Browser) -> Iterator[Page]:
    """An empty tab on a desk."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, offline=True)
    yield context.new_page()
    context.close()
