"""The operator's page: whole by itself, restricted, neutral, and readable by everyone."""

from __future__ import annotations

import colorsys
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from attrs import evolve

from lull.domain.pause import Consents
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal
from lull.plan.result import Result
from lull.report.model import CheckedRule, Column, ReportInput
from lull.report.page import SECTIONS, page
from lull.report.sheet_pages import corridor_sheets, driver_sheets
from tests.report.cases import tiny

VOID = {"meta", "link", "br", "img", "input", "hr"}
MAY_STAY_OPEN = {"td", "th", "tr", "tbody", "thead", "li", "dt", "dd", "p"}


class Shape(HTMLParser):
    """Checks that elements close in order, and keeps ids, links and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: list[str] = []
        self.headings: list[int] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.links += [str(found[k]) for k in ("href", "src") if found.get(k)]
        self.labels += str(found.get("aria-labelledby") or "").split()
        if re.fullmatch(r"h\d", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open[-1] != tag and self.open[-1] in MAY_STAY_OPEN:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="session")
def shape(html: str) -> Shape:
    return Shape(html)


def test_elements_close_in_order(shape: Shape) -> None:
    assert not shape.wrong
    assert not [tag for tag in shape.open if tag not in MAY_STAY_OPEN]


def test_nothing_is_fetched(html: str, shape: Shape) -> None:
    assert all(link.startswith(("#", "data:,")) for link in shape.links)
    assert "default-src 'none'" in html
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    assert "@import" not in style[1]
    assert re.findall(r"url\(([^)]*)\)", style[1]) == ["#hatch"]


def test_the_script_is_the_one_that_the_policy_allows(html: str) -> None:
    import base64
    import hashlib

    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html


def test_it_is_marked_restricted(html: str) -> None:
    assert 'class="band" role="note">RESTRICTED' in html
    assert 'class="side"' in html, "and on each printed page"


def test_every_link_within_the_page_leads_somewhere(shape: Shape) -> None:
    assert len(shape.ids) == len(set(shape.ids))
    inner = [link[1:] for link in shape.links if link.startswith("#")]
    assert set(inner) <= set(shape.ids)
    assert set(shape.labels) <= set(shape.ids)
    assert [ident for ident, _ in SECTIONS] == [i for i in shape.ids if i in dict(SECTIONS)]


def test_headings_go_down_one_level_at_a_time(shape: Shape) -> None:
    assert shape.headings[0] == 1
    assert shape.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(shape.headings, shape.headings[1:], strict=False))


def test_names_are_escaped_and_isolated(html: str) -> None:
    assert "<morning>" not in html
    assert "Pause of one &lt;morning&gt;" in html
    assert "School <5>" not in html
    assert '<bdi lang="ar" dir="rtl">المدرسة</bdi>' in html
    assert '<html lang="en" dir="ltr">' in html


def test_every_picture_says_what_it_shows(html: str) -> None:
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) > 10
    for picture in pictures:
        root = ET.fromstring(picture)
        if root.get("aria-hidden") == "true":
            continue
        space = "{http://www.w3.org/2000/svg}"
        title, desc = root.find(f"{space}title"), root.find(f"{space}desc")
        assert title is not None
        assert title.text
        assert desc is not None
        assert desc.text
        assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"


def test_nothing_is_green(html: str) -> None:
    """Green would say that something is safe."""
    assert not re.search(r":\s*(green|lime|forestgreen|seagreen)", html)
    for code in set(re.findall(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b(?=[;\"'\s)}])", html)):
        full = code if len(code) == 6 else "".join(2 * c for c in code)
        red, green, blue = (int(full[i : i + 2], 16) / 255 for i in (0, 2, 4))
        hue, _, saturation = colorsys.rgb_to_hls(red, green, blue)
        assert not (0.22 < hue < 0.47 and saturation > 0.15), code


def test_no_chance_is_shown_and_the_caution_stands_twice(html: str) -> None:
    assert "probab" not in html.lower()
    assert html.count("A plan is not a permission") >= 2
    assert "attack, breach and refusal are not in them" in html


def test_bound_value_and_gap_stand_side_by_side(html: str) -> None:
    row = re.search(r"<tr><th scope=row>all who wish to leave</th>(.*?)(?=<tr>|</tbody>)", html)
    assert row is not None
    cells = re.findall(r"<td[^>]*>([^<]*)", row[1])
    assert cells[:3] == ["weighted persons", "80", "81"]
    assert "less than one load" in cells[3]
    assert cells[4] == "120"
    assert "no plan can move more than 120" in html


def test_claims_stand_side_by_side_with_their_sources(html: str) -> None:
    part = html[html.index('id="claims"') :]
    assert part.index("Party One") < part.index("Monitors") < part.index("Party Two")
    assert all(f"wire {i}" in part for i in (1, 2, 3))


def test_a_rule_that_is_broken_is_said_at_the_top_and_in_the_table() -> None:
    broken = CheckedRule("load_fits", "Loads fit.", "", ("Bus 1 holds 41 for 40 seats.",) * 2)
    html = page(tiny(rules=(broken,)))
    assert "It may not be released" in html[: html.index('id="headline"')]
    assert "Bus 1 holds 41 for 40 seats." in html[html.index('id="rules"') :]
    assert "broken 2 times" in html


def test_a_page_that_would_be_too_large_leaves_the_orders_to_their_own(
    report: ReportInput, html: str
) -> None:
    small = page(report, most_bytes=len(html.encode()) - 1)
    assert "they stand in <code>orders.html</code>" in small
    assert "Leave Depot at" not in small
    assert not Shape(small).wrong


def test_a_draft_says_why(report: ReportInput) -> None:
    case = evolve(report.case, draft="no approved route")
    assert "<strong>DRAFT.</strong> no approved route" in page(evolve(report, case=case))


def test_a_pause_that_is_too_short_says_so_once_in_the_words_of_its_result(
    report: ReportInput,
) -> None:
    said = "Nobody can be out in time. The shortest useful window has 95 minutes."
    short = Result(Plan(), too_short=said, shortest_useful=95)
    columns = tuple(
        evolve(c, result=short) if c.reading is report.main else c for c in report.columns
    )
    found = page(evolve(report, columns=columns))
    assert f"<strong>{said}</strong>" in found
    assert "nobody and nothing can move. " + said in found
    assert "the same can move" not in found


def test_what_cannot_be_planned_is_said_and_the_page_still_stands(report: ReportInput) -> None:
    refused = Result(Plan(), refused=("linked corridors cannot be planned for yet",))
    columns = tuple(
        Column(c.reading, report.case, refused) if c.reading is report.main else c
        for c in report.columns
    )
    html = page(evolve(report, columns=columns))
    assert "linked corridors cannot be planned for yet" in html
    assert not Shape(html).wrong


@pytest.mark.parametrize("reading", list(Consents))
def test_each_reading_can_be_the_one_that_is_shown(reading: Consents) -> None:
    html = page(tiny(main=reading))
    assert not Shape(html).wrong


def test_a_reading_without_a_result_is_refused() -> None:
    with pytest.raises(Refusal, match="needs a result"):
        tiny(columns=())


def test_without_coordinates_the_map_is_a_scheme(report: ReportInput) -> None:
    case = report.case
    sites = {s.id: evolve(s, lat=None, lon=None) for s in case.sites.values()}
    bare = evolve(case, sites=sites, corridors={
        c.id: evolve(c, inside_gate=evolve(c.inside_gate, lat=None, lon=None))
        for c in case.corridors.values()
    })  # fmt: skip
    columns = tuple(evolve(c, case=bare) for c in report.columns if c.reading is report.main)
    html = page(evolve(report, case=bare, columns=columns))
    assert "this is a scheme" in html
    assert not Shape(html).wrong


def test_drivers_orders_and_corridor_sheets_are_restricted(report: ReportInput) -> None:
    for html, canary in ((driver_sheets(report), "Bus 2"), (corridor_sheets(report), "C3")):
        assert "RESTRICTED" in html
        assert canary in html
        assert not Shape(html).wrong
        assert "not a permission" in html
