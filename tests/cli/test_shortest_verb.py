"""`lull shortest` answers in words, and in JSON of the published form."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from bench.evacuation.folder import case_of
from bench.evacuation.generate import small
from lull.cli.exits import BAD_INPUT, DONE
from lull.cli.main import run
from lull.cli.published import schema_of
from lull.exchange import write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(case_of(small(3, 7), "S3-7"), tmp_path)
    return tmp_path


def test_it_says_what_is_enough_and_what_is_proven(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["shortest", str(folder), "--quiet"]) == DONE
    said = capsys.readouterr().out
    assert "24 minutes are enough for all who wish to leave." in said
    assert "Proven: no shorter window can be." in said
    assert "searched to its end" in said  # prices alone reach 23 here


def test_its_json_is_of_the_published_form(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["shortest", str(folder), "--json"]) == DONE
    answer = json.loads(capsys.readouterr().out)
    jsonschema.validate(answer, schema_of("shortest"))
    assert answer["minutes"] == answer["no_window_below"] == 24
    assert sum(len(day["trips"]) for day in answer["days"]) == small(3, 7).total
    assert {p["site"] for p in answer["prices_of_loads"]} == set(small(3, 7).points)


def test_progress_is_told_on_standard_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["shortest", str(folder)]) == DONE
    assert "days" in capsys.readouterr().err


@pytest.mark.parametrize("words", [
    ["--share", "0"], ["--near", "-1"], ["--aim", "nobody"], ["--work", "-3"], ["--step", "0"],
])  # fmt: skip
def test_a_wrong_option_is_a_wrong_command(folder: Path, words: list[str]) -> None:
    assert run(["shortest", str(folder), *words]) == BAD_INPUT


def test_a_folder_that_is_not_there_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["shortest", str(tmp_path / "nothing")]) == BAD_INPUT
    assert "does not exist" in capsys.readouterr().err
