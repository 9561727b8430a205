"""`lull new` and `lull check`: a folder to start from, and all that is wrong with one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from lull.cli.published import schema_of


def valid(verb: str, text: str) -> dict:
    """The answer that a verb printed, held against its published form."""
    answer = json.loads(text)
    jsonschema.validate(answer, schema_of(verb))
    return answer


@pytest.fixture
def folder(made_folder: Path, tmp_path: Path) -> Path:
    """A copy of the folder of `lull new`, free to be spoilt."""
    return Path(shutil.copytree(made_folder, tmp_path / "pause"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the first `old` in a file of the folder."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_new_folder_has_nothing_wrong_with_it(lull, tmp_path: Path) -> None:
    made = lull("new", tmp_path / "pause", "--json")
    assert made.code == 0
    files = valid("new", made.out)["files"]
    assert {"pause.yaml", "sites.csv", "corridors.csv", "people.csv", "fleet.csv"} <= set(files)
    assert {p.name for p in (tmp_path / "pause").iterdir()} >= set(files)
    checked = lull("check", tmp_path / "pause", "--json")
    answer = valid("check", checked.out)
    assert (checked.code, answer["errors"], answer["plannable"]) == (0, 0, True)


def test_a_new_spreadsheet_has_nothing_wrong_with_it(lull, tmp_path: Path) -> None:
    assert lull("new", tmp_path / "pause.xlsx", "--xlsx").code == 0
    checked = lull("check", tmp_path / "pause.xlsx", "--json")
    assert (checked.code, valid("check", checked.out)["errors"]) == (0, 0)


def test_new_never_writes_over_what_is_there(lull, folder: Path) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    said = lull("new", folder)
    assert said.code == 2
    assert "there already" in said.err
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before


def test_check_says_all_that_is_wrong_at_once_and_where(lull, folder: Path) -> None:
    header, *rows = (folder / "people.csv").read_text(encoding="utf-8").splitlines()
    (folder / "people.csv").write_text("\n".join([header, *rows, rows[-1]]) + "\n", "utf-8")
    spoil(folder, "pause.yaml", "time_zone:", "time_zone: Mars/Olympus #")
    checked = lull("check", folder, "--json")
    answer = valid("check", checked.out)
    assert checked.code == 2
    assert not answer["plannable"]
    assert {"people.csv", "pause.yaml"} <= {f["file"] for f in answer["findings"]}
    for found in answer["findings"]:
        assert found["sentence"].rstrip().endswith((".", "?"))


def test_check_in_words_names_file_row_and_column(lull, folder: Path) -> None:
    spoil(folder, "fleet.csv", "number", "nombre")
    said = lull("check", folder)
    assert said.code == 2
    assert "fleet.csv" in said.out
    assert "cannot be planned yet" in " ".join(said.out.split())  # wherever the line breaks
    assert "Traceback" not in said.out + said.err
    assert max(map(len, said.out.splitlines())) <= 100


def test_strict_leaves_with_2_on_warnings(lull, folder: Path) -> None:
    checked = lull("check", folder, "--json")
    warnings = valid("check", checked.out)["warnings"]
    assert lull("check", folder, "--strict").code == (2 if warnings else 0)


@pytest.mark.parametrize("file", ["pause.yaml", "sites.csv", "corridors.csv", "people.csv"])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_file_cut_anywhere_is_a_sentence(lull, folder: Path, file: str, share: float) -> None:
    raw = (folder / file).read_bytes()
    (folder / file).write_bytes(raw[: int(len(raw) * share)])
    said = lull("check", folder)
    assert said.code in (0, 2)  # a table cut between two rows may still be whole
    assert "Traceback" not in said.out + said.err
    assert said.out


@pytest.mark.parametrize("verb", ["plan", "verify", "show", "report"])
def test_no_verb_goes_on_with_a_folder_that_has_errors(lull, folder: Path, tmp_path, verb) -> None:
    (folder / "sites.csv").write_bytes(b"")
    words = {
        "plan": ("--out", tmp_path / "out"),
        "verify": (tmp_path / "plan.json",),
        "show": (tmp_path / "out",),
        "report": (tmp_path / "out", "--out", tmp_path / "page"),
    }
    said = lull(verb, folder, *words[verb])
    assert said.code == 2
    assert "sites.csv" in said.err
    assert "Nothing was done" in said.err
    assert not (tmp_path / "out").exists()


def test_errors_are_json_too_when_json_was_asked_for(lull, folder: Path, tmp_path) -> None:
    (folder / "sites.csv").write_bytes(b"")
    said = lull("plan", folder, "--out", tmp_path / "out", "--json")
    assert said.code == 2
    assert valid("check", said.out)["errors"] >= 1
