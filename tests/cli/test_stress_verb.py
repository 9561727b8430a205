"""`lull stress` and `lull sensitivity` answer in words, JSON, pages and pictures, or in a refusal.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from lull.cli.exits import BAD_INPUT, DONE
from lull.cli.published import schema_of
from lull.exchange import read_folder, read_plan
from lull.simulate import NOT_MODELLED
from tests.cli.conftest import Run

FEW = ("--replications", 60)


def test_it_says_what_days_reach_and_that_delays_alone_are_modelled(
    lull: Run, made_folder: Path, planned: Path
) -> None:
    said = lull("stress", made_folder, "--plan", planned, *FEW, "--limit", "1/10", "--quiet")
    assert said.code == DONE, said.err
    words = " ".join(said.out.split())
    assert "On 9 of 10 days at least" in words
    assert words.count(NOT_MODELLED) >= 2
    assert "at most" in words
    aims = len(read_folder(made_folder).case.pause.tiers) - 1  # less waiting is in no day's value
    assert said.out.count("aim: ") >= aims, "no aim is cut off on a terminal"
    assert "lowest share" in words
    assert f"--plan {planned}" in "".join(said.out.split("\n")), "the command can be given again"


def test_its_json_is_of_the_published_form(
    lull: Run, made_folder: Path, planned: Path
) -> None:
    said = lull("stress", made_folder, "--plan", planned / "plan.json", *FEW, "--json")
    answer = json.loads(said.out)
    jsonschema.validate(answer, schema_of("stress"))
    assert answer["replications"] == 60
    assert answer["caught"]["of"] == 60
    assert 0 < answer["caught"]["upper"] <= 1
    assert answer["only_delays"] == NOT_MODELLED
    assert {one["source"] for one in answer["causes"]} >= {"travel times", "breakdowns"}
    assert answer["with_margins"] is answer["plan_for"] is None


def test_without_a_plan_one_is_made_and_plans_are_written_that_keep_the_rules(
    lull: Run, made_folder: Path, tmp_path: Path
) -> None:
    out, safer = tmp_path / "out", tmp_path / "safer"
    said = lull("stress", made_folder, *FEW, "--limit", "0.2", "--work", 0, "--out", out,
                "--plan-with-margins", safer, "--plan-for", "P90", "--json")
    assert said.code == DONE, said.err
    answer = json.loads(said.out)
    jsonschema.validate(answer, schema_of("stress"))
    case = read_folder(made_folder).case
    assert case is not None
    assert read_plan(safer / "plan.json", case).vehicles
    assert read_plan(out / "plan-for-P90.json", case).vehicles
    for plan in (safer, out / "plan-for-P90.json"):
        assert lull("verify", made_folder, plan).code == DONE
    assert sum(one["best"] for one in answer["plan_for"]["candidates"]) == 1
    page = (out / "stress.html").read_text(encoding="utf-8")
    assert NOT_MODELLED in page
    for picture in ("fan", "causes"):
        assert (out / f"stress-{picture}.svg").read_text(encoding="utf-8").startswith("<svg")
    assert json.loads((out / "stress.json").read_text(encoding="utf-8")) == answer


def test_an_answer_is_kept_for_the_plan_that_it_is_of(
    lull: Run, made_folder: Path, planned: Path, tmp_path: Path
) -> None:
    """Another plan of the same name is another question."""
    mine = tmp_path / "plan.json"
    shutil.copy(planned / "plan.json", mine)
    words = ("stress", made_folder, "--plan", mine, *FEW, "--cache", tmp_path / "kept", "--json")
    first, again = (json.loads(lull(*words).out) for _ in range(2))
    assert first == again
    body = json.loads(mine.read_text(encoding="utf-8"))
    body["reproduce"]["seed"] = 77
    mine.write_text(json.dumps(body), encoding="utf-8")
    lull(*words)
    assert len(list((tmp_path / "kept").glob("stress-*.json"))) == 2


@pytest.mark.parametrize(("words", "sentence"), [
    (("--replications", "5", "--half-width", "2"), "not both"),
    (("--replications", "0"), "0 is not"),
    (("--limit", "2"), "between 0 and 1"),
    (("--limit", "often"), "1/1000"),
    (("--policy", "heroic"), "take-up"),
    (("--policy", "wait_for_mates=soon"), "whole number"),
    (("--plan-for", "P200"), "P50 to P99"),
    (("--plan", "nowhere/plan.json"), "does not exist"),
])  # fmt: skip
def test_a_wrong_command_is_a_sentence(
    lull: Run, made_folder: Path, words: tuple[str, ...], sentence: str
) -> None:
    said = lull("stress", made_folder, *words)
    assert said.code == BAD_INPUT
    assert sentence in " ".join(said.err.split())
    assert "Traceback" not in said.err


def test_a_plan_that_breaks_a_rule_is_not_simulated(
    lull: Run, made_folder: Path, planned: Path, tmp_path: Path
) -> None:
    body = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
    body["calls"] = []
    broken = tmp_path / "plan.json"
    broken.write_text(json.dumps(body), encoding="utf-8")
    for verb in ("stress", "sensitivity"):
        said = lull(verb, made_folder, "--plan", broken, *FEW)
        assert said.code == BAD_INPUT
        assert "breaks rules" in said.err
        assert "lull verify" in said.err


def test_sensitivity_names_what_to_find_out_first(
    lull: Run, made_folder: Path, planned: Path, tmp_path: Path
) -> None:
    words = ("sensitivity", made_folder, "--plan", planned, *FEW)
    said = lull(*words, "--out", tmp_path, "--quiet")
    assert said.code == DONE, said.err
    assert "Find out first" in said.out
    assert (tmp_path / "sensitivity-tornado.svg").is_file()
    answer = json.loads((tmp_path / "sensitivity.json").read_text(encoding="utf-8"))
    jsonschema.validate(answer, schema_of("sensitivity"))
    swings = [one["swing"] for one in answer["inputs"]]
    assert swings == sorted(swings, reverse=True)
    assert answer["inputs"][0]["name"] in said.out


def test_sensitivity_watches_the_headline_that_was_asked_for(
    lull: Run, made_folder: Path, planned: Path
) -> None:
    answers = [json.loads(lull("sensitivity", made_folder, "--plan", planned, *FEW, "--headline",
                               headline, "--json").out) for headline in ("people", "patients")]
    assert answers[0]["planned"] > answers[1]["planned"] > 0
