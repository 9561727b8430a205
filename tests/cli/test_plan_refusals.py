"""When `lull plan` does not give a plan: what it says, what it leaves, with which code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from attrs import evolve

from lull.cli import planning
from lull.cli.published import schema_of
from lull.domain.plan import Plan
from lull.domain.rules import Violation
from lull.plan.result import Result

LITTLE = ("--work", 20)
"""How good a plan is is not asked here."""


@pytest.fixture
def folder(made_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made_folder, tmp_path / "pause"))


def test_a_rule_that_cannot_be_planned_for_is_refused_in_words_with_code_3(
    lull, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    """Whatever the planner refuses, and that changes: nothing is written, and it is said why."""
    sentence = "Ferries that wait for the tide cannot be planned yet."
    refused = Result(plan=Plan(), refused=(sentence,))
    monkeypatch.setattr(planning, "make_plan", lambda *_, **__: refused)
    said = lull("plan", folder, *LITTLE, "--out", tmp_path / "out", "--json")
    assert said.code == 3
    answer = json.loads(said.out)
    jsonschema.validate(answer, schema_of("plan"))
    assert answer["refused"] == [sentence]
    assert answer["files"] == []
    assert answer["totals"]["persons"] == 0
    assert not (tmp_path / "out").exists()
    words = lull("plan", folder, *LITTLE, "--out", tmp_path / "out")
    assert words.code == 3
    assert "Not planned" in words.out
    assert sentence in words.out


def test_a_plan_that_breaks_a_rule_is_set_aside_and_never_shown_as_a_plan(
    lull, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    """The planner is not trusted: were it to err, the judge has the last word."""
    breach = Violation("site_bays", "bus#1", "school", 12, "1 vehicle", "Two buses, one bay.")
    monkeypatch.setattr(planning, "judge", lambda *_: (breach,))
    said = lull("plan", folder, *LITTLE, "--out", tmp_path / "out")
    assert said.code == 1
    assert "Two buses, one bay." in said.out
    assert "it is no plan" in said.out
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["rejected-plan.json"]


def test_an_interrupt_before_anything_was_found_leaves_nothing_and_130(
    lull, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    import os
    import signal

    def nothing_yet(case, *, stop, **_) -> Result:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        return Result(plan=Plan(), interrupted=True)

    monkeypatch.setattr(planning, "make_plan", nothing_yet)
    said = lull("plan", folder, *LITTLE, "--out", tmp_path / "out")
    assert said.code == 130
    assert "nothing was written" in said.err
    assert not (tmp_path / "out").exists()


def test_after_an_interrupt_the_other_readings_say_that_they_were_not_planned(
    lull, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    import os
    import signal

    real = planning.make_plan

    def interrupted(case, *, stop, **options) -> Result:
        found = real(case, stop=stop, **options)
        os.kill(os.getpid(), signal.SIGINT)
        return evolve(found, interrupted=True)

    monkeypatch.setattr(planning, "make_plan", interrupted)
    monkeypatch.setattr(planning, "same_ways", lambda *_: False)
    answer = json.loads(lull("plan", folder, *LITTLE, "--out", tmp_path / "out", "--json").out)
    assert answer["interrupted"]
    assert answer["totals"]["persons"] > 0
    declared = answer["columns"][1]
    assert "stopped before it was planned" in declared["note"]


def test_a_place_that_cannot_be_written_is_said_before_any_work(
    lull, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    said = lull("plan", folder, "--out", tmp_path / "file" / "out")
    assert said.code == 2
    assert "cannot be written" in said.err
    assert "first plan" not in said.err


def test_files_of_an_earlier_plan_do_not_survive_beside_a_new_one(
    lull, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert lull("plan", folder, *LITTLE, "--out", out).code == 0
    (out / "mine.txt").write_text("mine")
    (out / "rejected-plan.json").write_text("{}")
    assert lull("plan", folder, *LITTLE, "--out", out).code == 0
    assert (out / "mine.txt").is_file()
    assert not (out / "rejected-plan.json").exists()


def test_the_plan_of_another_reading_that_breaks_a_rule_gives_no_figures(
    lull, folder: Path, tmp_path: Path, monkeypatch
) -> None:
    """Each plan whose figures are shown has been judged, not the main one alone."""
    breach = Violation("site_bays", "bus#1", "school", 12, "1 vehicle", "Two buses, one bay.")
    judged = []

    def judge(case, plan):
        judged.append(plan)
        return () if len(judged) == 1 else (breach,)

    monkeypatch.setattr(planning, "judge", judge)
    monkeypatch.setattr(planning, "same_ways", lambda *_: False)
    said = lull("plan", folder, *LITTLE, "--out", tmp_path / "out", "--json")
    assert said.code == 0
    columns = {column["consents"]: column for column in json.loads(said.out)["columns"]}
    assert columns["if all conditions are met"]["persons"] > 0
    assert columns["as declared"]["persons"] == 0
    assert "site_bays" in columns["as declared"]["note"]
    assert "set aside" in columns["as declared"]["note"]
