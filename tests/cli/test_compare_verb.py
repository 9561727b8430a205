"""`lull compare` on the folder that `lull new` writes and on a plan of it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import jsonschema
import pytest

from lull.cli.exits import BAD_INPUT, DONE
from lull.cli.published import schema_of


@pytest.fixture
def one_bus(made_folder: Path, tmp_path: Path) -> Path:
    """The same pause with one bus instead of three, and a morning of an hour less."""
    folder = Path(shutil.copytree(made_folder, tmp_path / "one-bus"))
    fleet = folder / "fleet.csv"
    fleet.write_text(re.sub(r"^bus,Bus,3,", "bus,Bus,1,", fleet.read_text(), flags=re.MULTILINE))
    pause = folder / "pause.yaml"
    pause.write_text(pause.read_text().replace("12:00", "11:00").replace("09:00", "08:00"))
    return folder


def test_who_loses_stands_in_a_sentence_in_the_json_and_on_a_page(
    lull, made_folder: Path, one_bus: Path, planned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = lull("compare", planned, one_bus, "--of", made_folder, "--work", 20, "--json",
                "--out", out)
    assert said.code == DONE, said.err
    answer = json.loads(said.out)
    jsonschema.validate(answer, schema_of("compare"))
    people = next(c for c in answer["changes"] if (c["of"], c["name"]) == ("all", "persons"))
    assert people["more"] < 0
    assert people["a"] == json.loads((planned / "result.json").read_text())[
        "columns"][0]["result"]["ceiling"]["persons"]  # all 434 leave, and no plan moves more
    assert people["more"] == sum(
        c["more"] for c in answer["changes"] if c["of"] == "neighbourhood")
    assert {d["what"]: (d["a"], d["b"]) for d in answer["differs"]}["vehicles of type bus"] == (
        "3", "1")
    page = (out / "compare.html").read_text(encoding="utf-8")
    assert "fewer than A" in page
    assert "<svg" in page
    assert json.loads((out / "compare.json").read_text())["changes"] == answer["changes"]
    assert (out / "compare-by-neighbourhood.svg").is_file()


def test_a_plan_beside_itself_is_the_same(lull, made_folder: Path, planned: Path) -> None:
    said = lull("compare", planned, planned / "plan.json", "--of", made_folder)
    assert said.code == DONE
    assert "Both move 434 people." in said.out
    assert "No aim differs." in said.out


def test_a_plan_needs_its_pause_folder(lull, made_folder: Path, planned: Path) -> None:
    said = lull("compare", planned, made_folder)
    assert said.code == BAD_INPUT
    assert "--of" in said.err
    assert lull("compare", made_folder, made_folder, "--of", made_folder).code == BAD_INPUT


def test_a_plan_that_breaks_a_rule_is_not_compared(
    lull, made_folder: Path, one_bus: Path, planned: Path
) -> None:
    """A plan with three buses is no plan of a pause with one."""
    said = lull("compare", planned / "plan.json", planned / "plan.json", "--of", one_bus)
    assert said.code == BAD_INPUT
    assert "Traceback" not in said.err
