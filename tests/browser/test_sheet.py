"""The sheet that is read out, as a browser prints it: one for each language, on one page each."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from tests.browser.eyes import axe_finds, painted
from tests.store.kit import address

address()
RECORD = {"purpose": "إجلاء طبي N014", "call_sign": "EAGLE 7",
          "departure": {"leaves": "2016-10-20T08:30:00Z",
                        "place": {"name": "ساحة سعد الله الجابري"}},
          "turning_back_order": "Turn back to Assembly point 3 by the same road. " * 4}
A4 = {"width": 794, "height": 1123}


@pytest.fixture
def sheet(wide: Page, tmp_path: Path) -> Page:
    """The file of a recipient whose language nobody has said, open in a browser."""
    from lull.store.sending.read_out import page
    from lull.store.sending.words import whole_text

    html = page([(one, whole_text("N014", 2, RECORD, one)) for one in ("en", "ar")], "EAGLE 7", 2)
    (tmp_path / "sheet.html").write_text(html, encoding="utf-8")
    wide.goto((tmp_path / "sheet.html").as_uri())
    return wide


def left(of: Locator) -> float:
    """Where something begins."""
    box = of.bounding_box()
    assert box is not None
    return box["x"]


def test_receipt_and_permission_are_different_columns_in_the_order_of_the_language(
    sheet: Page,
) -> None:
    for language, way in (("en", 1), ("ar", -1)):
        one = sheet.locator(f"article[lang={language}]")
        assert one.evaluate("e => getComputedStyle(e).direction") == ("ltr" if way > 0 else "rtl")
        heads = one.locator("thead th").all()
        assert len(heads) == 2
        assert way * left(heads[0]) < way * left(heads[1])
        assert heads[0].locator(".beside").count() == 1
        assert heads[1].locator(".beside").count() == 0
        for row in one.locator("tbody tr").all():
            cells = row.locator("td").all()
            assert [round(left(c)) for c in cells] == [round(left(h)) for h in heads]


def test_times_and_codes_read_from_left_to_right_and_how_they_are_said_from_the_right(
    sheet: Page,
) -> None:
    arabic = sheet.locator("article[lang=ar]")
    time = arabic.locator("bdi", has_text="2016-10-20 08:30 UTC").first
    assert painted(time) == "2016-10-20 08:30 UTC"
    said = arabic.locator("bdi[dir=rtl]", has_text="ثمانية ثلاثة").first
    assert said.evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert left(said) < left(time), "how it is said stands behind it"
    assert painted(arabic.locator("h2 bdi")) == "EAGLE 7"


def test_each_language_is_printed_on_a_page_of_its_own_and_nothing_is_cut(sheet: Page) -> None:
    sheet.set_viewport_size(A4)
    sheet.emulate_media(media="print")
    assert sheet.evaluate("document.documentElement.scrollWidth") <= A4["width"]
    breaks = sheet.locator("article").evaluate_all(
        "all => all.map(e => getComputedStyle(e).breakAfter)")
    assert breaks == ["page", "auto"]
    pages = sheet.pdf(format="A4", print_background=False)
    assert pages.count(b"/Type /Page\n") == 2 or pages.count(b"/Type /Page") - 1 == 2


def test_axe_finds_nothing_wrong_with_a_sheet(sheet: Page) -> None:
    assert axe_finds(sheet) == []
