"""`lull notices`, from a plan to a signed draft in a ledger, without any server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from lull.cli.published import schema_of


@pytest.fixture
def drafts(lull: Callable, made_folder: Path, planned: Path, tmp_path: Path) -> Path:
    """What it writes for the plan of the folder of `lull new`."""
    out = tmp_path / "notices.json"
    said = lull("notices", made_folder, planned, "--out", out, "--organisation", "OCHA",
                "--accuracy", 20)
    assert said.code == 0, said.err
    assert "to be filled" in said.out.lower()
    return out


def test_it_writes_what_its_schema_says_for_nobody_else_to_read(drafts: Path) -> None:
    node = json.loads(drafts.read_text(encoding="utf-8"))
    jsonschema.validate(node, schema_of("notices"))
    assert drafts.stat().st_mode & 0o777 == 0o600
    assert {one["record"]["organisation"] for one in node["notices"]} == {"OCHA"}
    assert all(one["reference"] == one["record"]["reference"] for one in node["notices"])


def test_a_draft_goes_into_a_ledger_by_its_reference(
    lull: Callable, drafts: Path, tmp_path: Path
) -> None:
    file, key = tmp_path / "room.ledger", tmp_path / "room.key"
    assert lull("ledger", "begin", file, "--key", key, "--recovery", tmp_path / "r",
                "--bare").code == 0
    first = json.loads(drafts.read_text(encoding="utf-8"))["notices"][0]["reference"]
    add = ("ledger", "add", file, "--key", key, "--record", drafts, "--role", "coordinator",
           "--side", "OCHA", "--class", "public")
    assert lull(*add, "--kind", "notification.draft", "--object", first).code == 0
    assert lull(*add, "--kind", "pause.request", "--object", "pause").code == 0
    shown = json.loads(lull("ledger", "show", file, "--json").out)
    assert {thing["object"] for thing in shown["things"]} == {first, "pause"}
    none = lull(*add, "--kind", "notification.draft", "--object", "N999")
    assert none.code == 2
    assert "has no draft" in none.err


def test_by_day_there_is_one_for_each_direction_and_the_same_people(
    lull: Callable, made_folder: Path, planned: Path, drafts: Path, tmp_path: Path
) -> None:
    out = tmp_path / "days.json"
    said = lull("notices", made_folder, planned, "--by", "corridor-day", "--out", out, "--json")
    assert said.code == 0
    days = json.loads(said.out)["notices"]
    each = json.loads(drafts.read_text(encoding="utf-8"))["notices"]
    assert len(days) == 2 < len(each)

    def people(some: list) -> int:
        return sum(one["record"].get("people", {}).get("total", 0) for one in some)

    assert people(days) == people(each) > 0


def test_a_plan_of_another_folder_is_refused(
    lull: Callable, made_folder: Path, tmp_path: Path
) -> None:
    said = lull("notices", made_folder, tmp_path / "none", "--out", tmp_path / "n.json")
    assert said.code == 2
    assert not (tmp_path / "n.json").exists()
