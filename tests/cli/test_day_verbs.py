"""`lull asks`, `lull frontier` and `lull replan` on the folder that `lull new` writes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from lull.cli.exits import BAD_INPUT, DONE
from lull.cli.published import schema_of


def valid(verb: str, text: str) -> dict:
    answer = json.loads(text)
    jsonschema.validate(answer, schema_of(verb))
    return answer


def test_asks_are_sentences_with_what_comes_too_late_at_0(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    """Granted an hour before the opening: buses take an hour, a lane two, more hours six."""
    said = lull("asks", made_folder, "--at", "2026-05-04T07:00", "--work", 5, "--json",
                "--vehicles", "2", "--out", tmp_path)
    assert said.code == DONE, said.err
    answer = valid("asks", said.out)
    late = {a["id"]: a for a in answer["asks"] if a["not_ready"]}
    assert {a["kind"] for a in late.values()} >= {"hours", "lane"}
    assert all(a["worth"] == 0 and "too late" in a["sentence"] for a in late.values())
    assert not any(i.startswith("vehicles") for i in late)
    page = (tmp_path / "asks.html").read_text(encoding="utf-8")
    assert "Too late to be ready" in page
    assert lull("asks", made_folder, "--lead", "weather=3").code == BAD_INPUT
    assert lull("asks", made_folder, "--at", "soon").code == BAD_INPUT


def test_a_frontier_is_a_page_with_a_band_and_is_kept_whole(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    words = ("frontier", made_folder, "--length", "60:240:90", "--work", 3, "--json",
             "--cache", tmp_path / "kept", "--out", tmp_path / "out")
    said = lull(*words)
    assert said.code == DONE, said.err
    answer = valid("frontier", said.out)
    assert [p["at"] for p in answer["points"]] == [[60], [150], [240]]
    assert len(list((tmp_path / "kept").iterdir())) == 1, "parts are left of an answer that is kept"
    assert json.loads(lull(*words).out) == answer
    assert "<polygon" in (tmp_path / "out" / "frontier.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "frontier-persons.svg").is_file()
    for wrong in ("240:60:60", "x", "1,2,two", "60:240:0"):
        assert lull("frontier", made_folder, "--length", wrong).code == BAD_INPUT
    assert lull("frontier", made_folder, "--vehicles", "bus").code == BAD_INPUT
    assert lull("frontier", made_folder, "--vehicles", "boat=1,2", "--work", 0).code == BAD_INPUT


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    file = tmp_path / "reports.csv"
    file.write_text("at,what,who,where,minutes\n08:59,as_planned,*,,\n08:59,delayed,bus#1,,10\n")
    return file


def test_a_new_plan_is_written_and_keeps_every_rule(
    lull, made_folder: Path, planned: Path, reports: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = lull("replan", made_folder, "--plan", planned, "--at", "09:00", "--reports", reports,
                "--work", 5, "--json", "--out", out)
    assert said.code == DONE, said.err
    answer = valid("replan", said.out)
    people = next(f for f in answer["figures"] if f["of"] == "persons")
    assert people["settled"] <= people["after"] <= people["asked"]
    if not answer["stands"]:
        assert lull("verify", made_folder, out / "new-plan.json").code == DONE
    page = (out / "replan.html").read_text(encoding="utf-8")
    assert "now, 09:00" in page


def test_a_report_that_is_wrong_is_a_sentence(
    lull, made_folder: Path, planned: Path, reports: Path
) -> None:
    reports.write_text("at,what,who\n08:59,closed,tunnel\n")
    said = lull("replan", made_folder, "--plan", planned, "--at", "09:00", "--reports", reports)
    assert said.code == BAD_INPUT
    assert "reports.csv, line 2: there is no corridor 'tunnel'" in said.err
    assert lull("replan", made_folder, "--plan", planned, "--at", "late").code == BAD_INPUT


def test_all_that_is_wrong_with_both_lists_is_said_at_once(
    lull, made_folder: Path, planned: Path, reports: Path, tmp_path: Path
) -> None:
    """What cannot be read, what does not exist, what is not past and what fits no round."""
    reports.write_text("at,what,who,where,minutes\n"
                       "25:99,closed,tunnel,,\n"
                       "08:59,delayed,bus#99,,soon\n"
                       "09:30,closed,bridge,,\n"
                       "06:00,delayed,bus#1,,5\n"
                       "08:59,vanished,bus#1,,\n")
    notified = tmp_path / "notified.csv"
    notified.write_text("corridor,direction,from,to,largest_convoy,receipted\n"
                        "canal,up,08:00,09:00,,yes\n")
    said = lull("replan", made_folder, "--plan", planned, "--at", "09:00", "--reports", reports,
                "--notified", notified)
    assert said.code == BAD_INPUT
    text = " ".join(said.err.split())
    for word in ("25:99", "there is no corridor 'tunnel'", "'soon'", "'bus#99'",
                 "09:30 is after now", "line 5: the report of 06:00", "fits no round", "'vanished'",
                 "direction is 'up'", "there is no corridor 'canal'"):
        assert word in text, word
    lines = [line for line in said.err.splitlines() if "reports.csv, line" in line]
    assert lines == sorted(lines, key=lambda line: line.partition("line ")[2][:1])


def test_a_date_long_after_the_pause_is_asked_about(lull, made_folder: Path, planned: Path) -> None:
    said = lull("replan", made_folder, "--plan", planned, "--at", "2027-05-04T09:00")
    assert said.code == BAD_INPUT
    assert "is the date right?" in said.err


def test_hours_of_a_corridor_that_has_closed_have_no_end_years_away(
    lull, made_folder: Path, planned: Path, reports: Path
) -> None:
    reports.write_text("at,what,who\n08:45,as_planned,*\n08:45,closed,bridge\n08:50,opened,bridge\n")
    said = lull("replan", made_folder, "--plan", planned, "--at", "09:00", "--reports", reports,
                "--work", 0, "--json")
    broken = [s["sentence"] for s in json.loads(said.out)["stands"] if s["rule"] == "corridor_open"]
    assert broken
    assert all("(until 08:45, from 08:50)" in sentence for sentence in broken)


def test_people_in_tables_are_whole(lull, made_folder: Path) -> None:
    said = lull("frontier", made_folder, "--length", "60,240", "--work", 0)
    row = next(line.split() for line in said.out.splitlines() if line.split()[:1] == ["240"])
    assert all(figure.isdigit() for figure in row[1:4])


def test_a_request_is_filled_and_says_what_is_left_to_fill_in(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    said = lull("extension", made_folder, "--further", "1,2", "--work", 3, "--replications", 20,
                "--new", "observers at the bridge", "--json", "--out", tmp_path)
    assert said.code == DONE, said.err
    answer = valid("extension", said.out)
    assert [s["minutes"] for s in answer["steps"]] == [0, 60, 120]
    assert "observers at the bridge" in answer["new_in_it"]
    assert {s["party"] for s in answer["said"]} == {"Northern party", "Southern party"}
    assert any("decision of each party" in field for field in answer["to_fill_in"])
    page = (tmp_path / "extension.html").read_text(encoding="utf-8")
    assert "What the pause has not been used for" in page
    assert lull("extension", made_folder, "--further", "soon").code == BAD_INPUT
    assert lull("extension", made_folder, "--further", "0").code == BAD_INPUT
