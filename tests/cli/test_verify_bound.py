"""`lull verify --bound`: every printed bound follows again from bound.json, or is found wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from lull.cli.certificate import bound_schema
from tests.cli.test_plan_verbs import valid


@pytest.fixture
def copy(planned: Path, tmp_path: Path) -> Path:
    """A plan's folder that may be changed."""
    return Path(shutil.copytree(planned, tmp_path / "copy"))


def changed(file: Path, change: Any) -> None:
    """Rewrite a JSON file."""
    body = json.loads(file.read_text(encoding="utf-8"))
    change(body)
    file.write_text(json.dumps(body), encoding="utf-8")


def test_every_bound_of_a_plan_follows_again(lull, made_folder: Path, planned: Path) -> None:
    said = lull("verify", made_folder, planned, "--bound", "--json")
    answer = valid("verify", said.out)
    assert said.code == 0
    assert len(answer["bounds"]) >= 10
    assert all(b["holds"] for b in answer["bounds"])
    assert "without a solver" in lull("verify", made_folder, planned, "--bound").out


def test_the_file_has_the_published_form(planned: Path) -> None:
    body = json.loads((planned / "bound.json").read_text(encoding="utf-8"))
    Draft202012Validator(bound_schema()).validate(body)
    assert all(price != 0 for r in body["readings"] for e in r["evidence"]
               for price in e["prices"].values())


def test_a_lowered_bound_is_found(lull, made_folder: Path, copy: Path) -> None:
    def lower(body: dict[str, Any]) -> None:
        for column in body["columns"]:
            for tier in column["result"]["tiers"]:
                if tier["bound"]:
                    tier["bound"] *= 0.9

    changed(copy / "result.json", lower)
    said = lull("verify", made_folder, copy, "--bound")
    assert said.code == 1
    assert "no plan exceeds" in said.out


def test_changed_prices_are_found_where_the_bound_no_longer_follows(
    lull, made_folder: Path, copy: Path
) -> None:
    def nothing(body: dict[str, Any]) -> None:
        for reading in body["readings"]:
            for one in reading["evidence"]:
                one["prices"] = {}

    changed(copy / "bound.json", nothing)
    said = lull("verify", made_folder, copy, "--bound", "--json")
    bounds = valid("verify", said.out)["bounds"]
    assert all(b["again"] >= b["stated"] - 1e-6 for b in bounds)
    assert said.code == (0 if all(b["holds"] for b in bounds) else 1)


@pytest.mark.parametrize(("change", "words"), [
    (lambda b: b.update(folder_hash="0" * 64), "another pause folder"),
    (lambda b: b["readings"][-1].update(sha256="0" * 64), "does not belong to the plan"),
    (lambda b: b.update(form="lull bound 7"), "damaged"),
    (lambda b: b["readings"][-1]["evidence"][0].update(prices={"a tram": 1.0}), "a tram"),
])
def test_what_does_not_belong_is_refused_in_words(
    lull, made_folder: Path, copy: Path, change: Any, words: str
) -> None:
    changed(copy / "bound.json", lambda body: [
        body["readings"].sort(key=lambda r: len(r["evidence"])), change(body)])
    said = lull("verify", made_folder, copy, "--bound")
    assert said.code == 2
    assert words in said.out + said.err


def test_a_folder_without_the_file_is_refused_in_words(lull, made_folder: Path, copy: Path) -> None:
    (copy / "bound.json").unlink()
    said = lull("verify", made_folder, copy, "--bound")
    assert said.code == 2
    assert "holds no bound.json" in said.out + said.err
