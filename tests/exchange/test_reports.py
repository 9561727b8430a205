"""Reports and notifications in files: read as written, and refused with every wrong line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lull.domain.corridor import Direction
from lull.domain.refusal import Refusal
from lull.domain.time import Clock
from lull.exchange.reports import minute_of, read_notified, read_reports
from lull.questions.reports import Happened, Notified, Report

CLOCK = Clock(datetime(2016, 10, 20, 5, 0, tzinfo=UTC), "Asia/Damascus")
"""Minute 0 is 08:00."""

CSV = """at,what,who,where,minutes,note
#date+occurred,#event+type,#meta+id,#loc+id,#indicator+minutes,#description
# what the radio said
10:05,departed,bus#1,school,,late
10:20,delayed,in-1,,7,
2016-10-20T10:30+03:00,closed,bridge,,,

01:00+1,as_planned,*,,,
"""


def test_a_list_is_read_line_by_line_and_json_says_the_same(tmp_path: Path) -> None:
    wanted = (
        Report(125, Happened.DEPARTED, "bus#1", "school"), Report(140, "delayed", "in-1", "", 7),
        Report(150, "closed", "bridge"), Report(1020, "as_planned", "*"))
    (tmp_path / "r.csv").write_text(CSV, encoding="utf-8-sig")
    assert read_reports(tmp_path / "r.csv", CLOCK) == wanted
    rows = [{"at": "10:05", "what": "departed", "who": "bus#1", "where": "school"},
            {"at": "10:20", "what": "delayed", "who": "in-1", "minutes": 7, "note": None},
            {"at": "10:30", "what": "closed", "who": "bridge"},
            {"at": "2016-10-21T01:00", "what": "as_planned", "who": "*"}]
    (tmp_path / "r.json").write_text(json.dumps(rows), encoding="utf-8")
    assert read_reports(tmp_path / "r.json", CLOCK) == wanted


def test_every_wrong_line_is_named_at_once(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("at,what,who,where,minutes\nnoon,closed,bridge,,\n10:00,burned,bridge,,\n"
                    "10:00,delayed,bus#1,,soon\n10:00,closed,bridge,,,more\n10:00,closed,x,,\n")
    with pytest.raises(Refusal) as wrong:
        read_reports(file, CLOCK)
    said = str(wrong.value).splitlines()
    assert [line.partition(":")[0] for line in said] == [
        f"r.csv, line {n}" for n in (2, 3, 4, 5)]
    assert "noon" in said[0]
    assert "as_planned" in said[1]
    assert "whole number" in said[2]


def test_a_list_of_another_kind_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("id,site,count\n" + "families,school,7\n" * 50)
    with pytest.raises(Refusal) as wrong:
        read_reports(file, CLOCK)
    assert str(wrong.value).splitlines() == [
        "people.csv, line 2: there is no column count, id, site; there are at, what, who, where, "
        "minutes, note."]


def test_all_that_is_wrong_in_one_line_is_said(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("at,what,who,where,minutes\n25:99,burned,bus#1,,five\n")
    with pytest.raises(Refusal) as wrong:
        read_reports(file, CLOCK)
    assert all(word in str(wrong.value) for word in ("25:99", "burned", "five"))
    assert str(wrong.value).count("r.csv, line 2") == 1


@pytest.mark.parametrize("text", ["", "\n\n", "# a note\n", "10:05,departed,bus#1,school,,\n"])
def test_a_list_without_a_heading_is_refused_and_not_read_as_nothing(
    tmp_path: Path, text: str
) -> None:
    """A file that was cut off must not mean that nothing has happened."""
    (tmp_path / "r.csv").write_text(text)
    with pytest.raises(Refusal, match="no heading"):
        read_reports(tmp_path / "r.csv", CLOCK)


def test_a_heading_alone_says_that_nothing_is_reported(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("at,what,who,where,minutes\n")
    assert read_reports(tmp_path / "r.csv", CLOCK) == ()


def test_what_was_notified_has_hours_a_size_and_a_receipt(tmp_path: Path) -> None:
    file = tmp_path / "n.csv"
    file.write_text("corridor,direction,from,to,largest_convoy,receipted\n"
                    "bridge,out,08:00,12:00,4,yes\nbridge,in,08:00,12:00,,no\n")
    assert read_notified(file, CLOCK) == (
        Notified("bridge", Direction.OUT, 0, 240, 4, True),
        Notified("bridge", Direction.IN, 0, 240, None, False))
    file.write_text("corridor,direction,from,to,receipted\nbridge,up,08:00,12:00,yes\n"
                    "bridge,out,12:00,08:00,yes\nbridge,out,08:00,12:00,perhaps\n")
    with pytest.raises(Refusal) as wrong:
        read_notified(file, CLOCK)
    assert len(str(wrong.value).splitlines()) == 3


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"{}", b"[1]", b"not json"])
def test_a_file_that_is_no_list_is_a_sentence(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "r.json").write_bytes(raw)
    with pytest.raises(Refusal):
        read_reports(tmp_path / "r.json", CLOCK)


@pytest.mark.parametrize("words", ["", "24:00", "10:60", "ten", "2016-13-01T10:00"])
def test_a_time_that_is_none_is_a_sentence(words: str) -> None:
    with pytest.raises(Refusal):
        minute_of(words, CLOCK)
