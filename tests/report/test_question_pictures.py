"""Pictures of questions: every figure stands in them, told apart without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

from lull.domain.time import Clock
from lull.report.bands import Edge, lines
from lull.report.changed import Mark, changed
from lull.report.ranking import Bar, ranking

SPACE = "{http://www.w3.org/2000/svg}"


def words(picture: ET.Element) -> list[str]:
    return [t.text or "" for t in picture.iter(f"{SPACE}text")]


def test_a_ranking_keeps_its_order_and_shows_proven_found_and_most() -> None:
    rows = [Bar("a <lane>", 40, 10, 60), Bar("a bus", 20, 0, 20)]
    picture = ET.fromstring(ranking(rows, "Asks", "people", str, ident="t"))
    assert [w for w in words(picture) if w in {"a <lane>", "a bus"}] == ["a <lane>", "a bus"]
    bars = [(e.get("class"), float(e.get("width", 0))) for e in picture.iter(f"{SPACE}rect")][2:]
    found, proven = bars[0][1], bars[1][1]
    assert bars[0][0] == "away framed"
    assert bars[1][0] == "use"
    assert proven == found / 4
    assert bars[3][1] == 0


def test_lines_of_a_second_quantity_differ_by_their_dashes() -> None:
    of = [(f"{n} buses", [Edge(60, n, n), Edge(120, 2 * n, 2 * n)]) for n in (1, 2, 3)]
    picture = ET.fromstring(lines(of, "People", "minutes", "people", str, ident="t"))
    dashes = [e.get("style") for e in picture.iter(f"{SPACE}polyline")]
    assert len(set(dashes)) == 3
    assert {"1 buses", "2 buses", "3 buses"} <= set(words(picture))


def test_what_changes_in_a_day_is_crossed_out_moved_or_new() -> None:
    clock = Clock(datetime(2016, 10, 20, 5, tzinfo=UTC), "Asia/Damascus")
    marks = [Mark("bridge, out", "kept", 60, 60), Mark("bridge, out", "cancelled", 90, None),
             Mark("bridge, in", "new", None, 120)]
    picture = ET.fromstring(changed(marks, 70, clock, ident="t"))
    assert "now, 09:10" in words(picture)
    assert [w for w in words(picture) if w.startswith("bridge")] == ["bridge, out", "bridge, in"]
    told = picture.findtext(f"{SPACE}desc") or ""
    assert "cancelled 09:30" in told
    assert "new to 10:00" in told
