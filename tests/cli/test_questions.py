"""What every question has in common: kept answers, pages, the report, and how they are told."""

from __future__ import annotations

import json
import os
import shlex
import shutil
from pathlib import Path

import pytest

from bench.evacuation.folder import case_of
from bench.evacuation.generate import small
from lull.cli.exits import BAD_INPUT, DONE
from lull.cli.main import run
from lull.cli.questions.kept import Kept
from lull.cli.questions.registry import QUESTIONS
from lull.exchange import write_folder
from lull.exchange.seal import Key, key_file, seal

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(case_of(small(2, 3), "S2-3"), tmp_path / "pause")
    return tmp_path / "pause"


def asked(folder: Path, *words: str) -> int:
    return run(["shortest", str(folder), "--json", *words])


def test_a_kept_answer_is_given_again_wherever_the_folder_lies(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    cache = tmp_path / "cache"
    assert asked(folder, "--cache", str(cache)) == DONE
    first = json.loads(capsys.readouterr().out)
    (kept,) = cache.glob("shortest-*.json")
    marked = json.loads(kept.read_text()) | {"seconds": 12345.0}
    kept.write_text(json.dumps(marked))
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(folder, elsewhere)
    assert asked(elsewhere, "--cache", str(cache)) == DONE
    again = json.loads(capsys.readouterr().out)
    assert again["seconds"] == 12345.0, "it was worked out instead of read"
    assert again["folder"] == str(elsewhere)
    assert again["again"].startswith("lull shortest elsewhere ")
    same = {"minutes", "days", "folder_hash", "work"}
    assert {k: again[k] for k in same} == {k: first[k] for k in same}


def test_another_folder_or_another_question_is_another_answer(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    cache = tmp_path / "cache"
    for words in ([], ["--aim", "patients"], ["--seed", "1"], ["--near", "1"]):
        assert asked(folder, "--cache", str(cache), *words) == DONE
    assert len(list(cache.glob("shortest-*.json"))) == 4
    write_folder(case_of(small(2, 4), "S2-4"), folder)
    assert asked(folder, "--cache", str(cache)) == DONE
    assert len(list(cache.glob("shortest-*.json"))) == 5


def test_without_a_folder_for_it_nothing_is_kept(folder: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    assert asked(folder) == DONE
    assert sorted(tmp_path.rglob("*")) == before


def test_kept_answers_are_their_owners_and_damage_is_worked_out_again(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    cache = tmp_path / "cache"
    asked(folder, "--cache", str(cache))
    (kept,) = cache.glob("shortest-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    first = kept.read_bytes()
    kept.write_bytes(first[: len(first) // 2])
    capsys.readouterr()
    assert asked(folder, "--cache", str(cache)) == DONE
    answer = json.loads(capsys.readouterr().out)
    assert answer["minutes"] == json.loads(first)["minutes"]
    assert json.loads(kept.read_bytes())["minutes"] == answer["minutes"]


def test_what_was_stopped_is_not_kept(folder: Path, tmp_path: Path, capsys: Said) -> None:
    cache = tmp_path / "cache"
    write_folder(case_of(small(10, 0), "S10-0"), folder)
    assert asked(folder, "--cache", str(cache), "--time", "0") == DONE
    answer = json.loads(capsys.readouterr().out)
    assert answer["stopped"]
    assert answer["again"] == ""
    assert not cache.exists()


def test_answers_about_a_sealed_folder_are_not_kept_in_clear(folder: Path, tmp_path: Path) -> None:
    mine = Key.new()
    sealed, key = tmp_path / "pause.age", tmp_path / "my.key"
    key.write_text(key_file(mine))
    seal(folder, sealed, recipients=[mine.public])
    cache = tmp_path / "cache"
    assert asked(sealed, "--key", str(key), "--cache", str(cache)) == DONE
    assert not list(cache.glob("shortest-*.json"))


def test_the_command_that_is_printed_gives_the_same_answer(folder: Path, capsys: Said) -> None:
    asked(folder, "--seed", "3", "--near", "0.5")
    first = json.loads(capsys.readouterr().out)
    words = first["again"].split()
    assert words[:3] == ["lull", "shortest", "pause"]
    before = Path.cwd()
    os.chdir(folder.parent)
    try:
        assert run([*words[1:], "--json"]) == DONE
    finally:
        os.chdir(before)
    again = json.loads(capsys.readouterr().out)
    changing = {"seconds", "folder"}
    assert {k: v for k, v in again.items() if k not in changing} == {
        k: v for k, v in first.items() if k not in changing}


def test_on_the_terminal_the_command_names_paths_as_they_were_given_and_works_where_one_stands(
    folder: Path, capsys: Said
) -> None:
    """What is passed on, the JSON and the page, says no more of a place than its name."""
    assert run(["shortest", str(folder), "--quiet", "--out", str(folder.parent / "out")]) == DONE
    said = capsys.readouterr().out
    line = next(x for x in said.splitlines() if x.startswith("The same answer again: "))
    words = shlex.split(line.removeprefix("The same answer again: "))
    assert words[:3] == ["lull", "shortest", str(folder)]
    assert run([*words[1:], "--json"]) == DONE
    assert str(folder) not in (folder.parent / "out" / "shortest.html").read_text()


def test_an_answer_that_was_kept_says_where_it_lay_and_names_all_files_as_the_first_time(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    words = ["shortest", str(folder), "--quiet", "--cache", str(tmp_path / "cache"), "--out"]
    assert run([*words, str(tmp_path / "first")]) == DONE
    first = capsys.readouterr().out
    assert run([*words, str(tmp_path / "second")]) == DONE
    second = capsys.readouterr().out
    (kept,) = (tmp_path / "cache").glob("shortest-*.json")
    note = f"Not worked out again; kept from before: {kept}"
    assert note not in first
    assert [x for x in second.splitlines() if x != note] == first.replace(
        str(tmp_path / "first"), str(tmp_path / "second")).splitlines()
    assert note in second
    out = tmp_path / "second"
    named = next(x for x in second.splitlines() if x.startswith("Beside it: "))
    assert f"Page: {out / 'shortest.html'}" in second
    assert set(named.removeprefix("Beside it: ").split(", ")) == {
        p.name for p in out.iterdir()} - {"shortest.html"}


def test_the_answer_is_written_as_a_page_with_its_pictures(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    out = tmp_path / "out"
    assert run(["shortest", str(folder), "--quiet", "--out", str(out)]) == DONE
    said = capsys.readouterr().out
    assert {p.name for p in out.iterdir()} == {
        "shortest.html", "shortest.json", "shortest-lengths.svg", "shortest-buses.svg"}
    page = (out / "shortest.html").read_text()
    headline = said.splitlines()[0]
    assert headline in page
    assert "RESTRICTED" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "").replace(
        "http-equiv", ""), "a page fetches nothing"
    answer = json.loads((out / "shortest.json").read_text())
    assert f"{answer['minutes']} minutes" in headline


def test_a_folder_that_cannot_be_written_is_said_before_any_work(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert run(["shortest", str(folder), "--out", str(blocked / "inside")]) == BAD_INPUT
    assert "cannot be written" in capsys.readouterr().err


def test_the_report_shows_what_was_asked_of_the_same_folder(
    tmp_path: Path, capsys: Said
) -> None:
    pause, out = tmp_path / "my-pause", tmp_path / "out"
    assert run(["new", str(pause)]) == DONE
    assert run(["plan", str(pause), "--out", str(out), "--work", "0", "--quiet"]) == DONE
    assert "Questions that were asked" not in (out / "report.html").read_text()
    assert run(["shortest", str(pause), "--aim", "patients", "--work", "0", "--step", "60",
                "--quiet", "--out", str(out)]) == DONE
    assert run(["report", str(pause), str(out), "--out", str(tmp_path / "report")]) == DONE
    page = (tmp_path / "report" / "report.html").read_text()
    assert 'href="shortest.html"' in page
    assert 'href="report.html"' in (tmp_path / "report" / "shortest.html").read_text()
    (pause / "pause.yaml").write_text(
        (pause / "pause.yaml").read_text().replace("title: ", "title: Another ", 1))
    assert run(["plan", str(pause), "--out", str(out), "--work", "0", "--quiet"]) == DONE
    assert "Questions that were asked" not in (out / "report.html").read_text(), "of another pause"


def test_every_question_is_a_function_of_the_same_name() -> None:
    import lull.questions

    for verb in QUESTIONS:
        assert callable(getattr(lull.questions, verb))


def test_nothing_is_kept_without_a_place() -> None:
    assert Kept(None).place("shortest", "hash", {}) is None


def test_pictures_are_drawn_as_png_where_asked_and_old_ones_do_not_stay(
    folder: Path, tmp_path: Path
) -> None:
    """A later answer without them takes those of an earlier one away."""
    out = tmp_path / "out"
    assert run(["shortest", str(folder), "--quiet", "--out", str(out), "--png"]) == DONE
    drawn = {path.stem for path in out.glob("*.png")}
    assert drawn == {path.stem for path in out.glob("*.svg")} != set()
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in out.glob("*.png"))
    assert run(["shortest", str(folder), "--quiet", "--out", str(out)]) == DONE
    assert not list(out.glob("*.png"))


@pytest.mark.parametrize("words", [["shortest", "{}"], ["compare", "{}", "{}"]])
def test_png_without_a_folder_is_refused_in_a_sentence(
    folder: Path, capsys: Said, words: list[str]
) -> None:
    assert run([word.format(folder) for word in words] + ["--png"]) == BAD_INPUT
    assert "say which with --out" in capsys.readouterr().err
