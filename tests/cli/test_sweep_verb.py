"""A folder of pause folders: each planned by itself, the wrong ones refused, none planned twice."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attrs import evolve

from lull.cli.exits import BAD_INPUT, BROKEN_RULE, DONE
from lull.cli.published import schema_of
from lull.cli.spread.parts import Parts
from lull.cli.sweeping import run as sweeping
from lull.domain.case import Case
from lull.domain.rules import Violation
from lull.exchange import Key, seal, to_xlsx, write_folder
from lull.questions.sweep import Place, counted_twice, ground, sums, sweep
from tests.cli.conftest import Run
from tests.questions.towns import small_town

WORK = ("--work", 3, "--json")


def town(seed: int, *, north: float = 0.0, later: int = 0) -> Case:
    """A town of its own: its places lie so many degrees north, its pause so many minutes later."""
    case = small_town(seed)
    return evolve(
        case,
        pause=evolve(case.pause, title=f"Pause of town {seed}", place=f"Town {seed}", windows=tuple(
            evolve(w, opens=w.opens + later, closes=w.closes + later) for w in case.pause.windows)),
        sites={k: evolve(s, lat=30 + north, lon=40 + n / 10)
               for n, (k, s) in enumerate(case.sites.items())})


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """Two right folders, one workbook, and one without its fleet."""
    at = tmp_path / "pauses"
    write_folder(town(3), at / "north" / "three")
    write_folder(town(5, north=1), at / "five")
    write_folder(town(7, north=2), tmp_path / "seven")
    to_xlsx(tmp_path / "seven", at / "seven.xlsx")
    shutil.copytree(at / "five", at / "wrong")
    (at / "wrong" / "fleet.csv").unlink()
    (at / "notes").mkdir()
    (at / "notes" / "minutes.txt").write_text("no pause")
    return at


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places that were really planned, in order."""
    made: list[str] = []
    sweep_module = sys.modules["lull.questions.sweep"]  # the package has the function of that name
    plan = sweep_module.plan_place

    def count(case: Case, *given: Any) -> Any:
        made.append(case.pause.place)
        return plan(case, *given)

    count.__module__, count.__qualname__ = plan.__module__, plan.__qualname__
    monkeypatch.setattr(sweep_module, "plan_place", count)
    return made


def test_right_folders_are_planned_and_wrong_ones_refused_with_all_that_is_wrong(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    said = lull("sweep", country, "--out", out, *WORK)
    assert said.code == BAD_INPUT, said.err
    answer = json.loads(said.out)
    jsonschema.validate(answer, schema_of("sweep"))
    assert [(p["name"], p["state"]) for p in answer["places"]] == [
        ("five", "planned"), ("north/three", "planned"), ("seven", "planned"),
        ("wrong", "refused")]
    assert (answer["planned"], answer["refused"]) == (3, 1)
    wrong = answer["places"][3]
    alone = json.loads(lull("check", country / "wrong", "--json").out)
    assert wrong["findings"] == alone["findings"]
    assert json.loads((out / "sweep.json").read_text()) == answer
    assert not (out / ".parts").exists()
    for file in out.rglob("*"):
        assert file.is_dir() or file.stat().st_mode & 0o077 == 0, f"{file} can be read by others"


def test_each_plan_and_report_is_that_of_lull_plan(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    places = {p["name"]: p for p in json.loads(lull(
        "sweep", country, "--out", out, *WORK).out)["places"]}
    for name, path in (("north/three", "north/three"), ("seven", "seven.xlsx")):
        alone = json.loads(lull("plan", country / path, "--out", tmp_path / "one", "--work", 3,
                                "--json").out)
        assert places[name]["totals"] == alone["totals"]
        for file in alone["files"]:
            if file != "result.json":  # holds the seconds that it took
                assert (out / name / file).read_bytes() == (tmp_path / "one" / file).read_bytes()
        verified = lull("verify", country / path, out / name)
        assert verified.code == DONE
        assert lull("report", country / path, out / name, "--out", tmp_path / "again").code == DONE


def test_the_table_fits_and_the_files_hold_every_figure(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    answer = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    said = lull("sweep", country, "--out", out, "--work", 3)
    assert said.code == BAD_INPUT
    assert max(len(line) for line in said.out.splitlines() if "same answer again" not in line
               and "Page: " not in line) <= 100
    assert "3 pauses planned of 4 folders, 3 of them by an earlier run." in said.out
    assert "fleet.csv is missing" in said.out
    rows = list(csv.DictReader(io.StringIO((out / "sweep.csv").read_text("utf-8-sig"))))
    assert [row["folder"] for row in rows] == [p["name"] for p in answer["places"]]
    for row, place in zip(rows[:3], answer["places"], strict=False):
        assert int(row["people moved"]) == place["totals"]["persons"]
        assert int(row["people at most"]) == place["totals"]["no_plan_moves_more_persons"]
    found = list(csv.DictReader(io.StringIO((out / "sweep-findings.csv").read_text("utf-8-sig"))))
    assert len(found) == sum(len(p["findings"]) for p in answer["places"])
    page = (out / "sweep.html").read_text("utf-8")
    assert "RESTRICTED" in page
    assert 'href="north/three/report.html"' in page
    assert all(f["sentence"].split("'")[0] in page for p in answer["places"] for f in p["findings"])


def test_only_what_has_changed_is_planned_again(
    lull: Run, country: Path, tmp_path: Path, planned: list[str]
) -> None:
    out = tmp_path / "out"
    first = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    assert sorted(planned) == ["Town 3", "Town 5", "Town 7"]
    planned.clear()
    again = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    assert planned == []
    assert [p["kept"] for p in again["places"]] == [True, True, True, False]
    assert without_kept(again) == without_kept(first)
    os.utime(country / "five" / "pause.yaml")  # its date says nothing
    write_folder(town(9), country / "north" / "three")
    shutil.copy(country / "five" / "fleet.csv", country / "wrong" / "fleet.csv")
    third = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    assert sorted(planned) == ["Town 5", "Town 9"]  # the mended one is a copy of five
    assert third["refused"] == 0
    planned.clear()
    (out / "five" / "plan.json").write_text("{}")
    lull("sweep", country, "--out", out, *WORK)
    assert planned == ["Town 5"]
    planned.clear()
    lull("sweep", country, "--out", out, "--work", 4, "--json")
    assert sorted(planned) == ["Town 5", "Town 7", "Town 9"]  # the copy of five needs no plan


def without_kept(answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "places": [{**p, "kept": None} for p in answer["places"]]}


def test_a_plan_that_was_made_and_not_written_down_is_not_made_again(
    lull: Run, country: Path, tmp_path: Path, planned: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine goes away between a plan and its report."""
    class Gone(Exception):
        pass

    def gone(*_: object) -> None:
        raise Gone

    with monkeypatch.context() as patch, pytest.raises(Gone):
        patch.setattr(sweeping, "write_planned", gone)
        lull("sweep", country, "--out", tmp_path / "out", *WORK)
    assert planned == ["Town 5"]
    assert len(list((tmp_path / "out" / ".parts").iterdir())) == 1
    said = lull("sweep", country, "--out", tmp_path / "out", *WORK)
    assert json.loads(said.out)["planned"] == 3
    assert sorted(planned) == ["Town 3", "Town 5", "Town 7"]


def test_processes_change_nothing(lull: Run, country: Path, tmp_path: Path) -> None:
    one = json.loads(lull("sweep", country, "--out", tmp_path / "one", *WORK).out)
    two = json.loads(lull("sweep", country, "--out", tmp_path / "two", *WORK,
                          "--processes", 2).out)
    assert one == two


def test_a_folder_that_was_right_and_is_no_longer_says_so(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    lull("sweep", country, "--out", out, *WORK)
    (country / "five" / "sites.csv").unlink()
    answer = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    five = answer["places"][0]
    assert five["state"] == "refused"
    assert five["why"] == ["What lies in five of --out is of an earlier state of the folder."]
    assert (out / "five" / "plan.json").is_file(), "a plan that was good is not thrown away"


def test_a_plan_that_breaks_a_rule_is_set_aside_and_the_others_go_on(
    lull: Run, country: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lull.cli import planning

    judge = planning.judge

    def strict(case: Case, plan: Any) -> list[Violation]:
        if case.pause.place == "Town 5":
            return [Violation("window", "bus#1", "gate", None, "1 min", "It is late.")]
        return judge(case, plan)

    monkeypatch.setattr(planning, "judge", strict)
    said = lull("sweep", country, "--out", tmp_path / "out", *WORK)
    assert said.code == BROKEN_RULE
    five = json.loads(said.out)["places"][0]
    assert (five["state"], five["totals"], five["out"]) == ("breaks a rule", None, "")
    assert "breaks a rule (window)" in five["why"][0]
    assert not (tmp_path / "out" / "five" / "plan.json").exists()
    assert json.loads(said.out)["planned"] == 2


def test_what_is_sealed_hidden_or_of_an_earlier_answer_is_not_planned(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    seal(country / "five", country / "five.age", recipients=[Key.new().public])
    shutil.copytree(country / "five", country / ".hidden")
    out = country / "out"
    answer = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    shutil.copytree(country / "five", out / "looks-like-one")
    again = json.loads(lull("sweep", country, "--out", out, *WORK).out)
    for one in (answer, again):
        assert [p["name"] for p in one["places"]] == [
            "five", "five.age", "north/three", "seven", "wrong"]
        assert "sealed" in one["places"][1]["findings"][0]["sentence"]


def test_nothing_to_sweep_and_no_folder_are_said_in_a_sentence(lull: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for wrong in ("empty", "none"):
        said = lull("sweep", tmp_path / wrong, "--out", tmp_path / "out")
        assert said.code == BAD_INPUT
        assert "pause folder" in said.err
    said = lull("sweep", tmp_path / "empty", "--out", tmp_path / "out", "--cluster", "tcp://room")
    assert said.code == BAD_INPUT
    assert "is not encrypted" in said.err


def test_sums_are_those_of_the_folders_and_nothing_is_counted_twice(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    answer = json.loads(lull("sweep", country, "--out", tmp_path / "a", *WORK).out)
    planned = [p["totals"] for p in answer["places"] if p["totals"]]
    persons = next(s for s in answer["sums"] if s["of"] == "persons")
    assert persons == {
        "of": "persons", "asked": sum(t["wishing"] for t in planned),
        "moved": sum(t["persons"] for t in planned),
        "most": sum(t["no_plan_moves_more_persons"] for t in planned)}
    assert answer["not_added"] == []
    write_folder(town(3, later=10_000), country / "tomorrow")
    twice = json.loads(lull("sweep", country, "--out", tmp_path / "a", *WORK).out)
    persons = next(s for s in twice["sums"] if s["of"] == "persons")
    assert (persons["asked"], persons["moved"], persons["most"]) == (None, None, None)
    assert any("north/three and tomorrow: people wait" in s for s in twice["not_added"])


def moved(case: Case, sites: str) -> Case:
    """The case with some of its sites a degree further east."""
    return evolve(case, sites={k: evolve(s, lon=(s.lon or 0) + 1) if k.startswith(sites) else s
                               for k, s in case.sites.items()})


@pytest.mark.parametrize(("other", "people", "people_moved"), [
    (lambda: town(3, north=1), True, True),
    (lambda: town(3), False, False),
    (lambda: town(3, later=10_000), False, False),
    (lambda: moved(town(3), "A"), True, False),  # the same base at the same time
    (lambda: moved(town(3, later=10_000), "A"), True, True),  # the same base, one after the other
    (lambda: moved(town(3), "base"), False, False),
])
def test_which_sums_stand_is_worked_out_from_places_and_hours(
    other: Callable[[], Case], people: bool, people_moved: bool
) -> None:
    twice = counted_twice([ground("a", town(3)), ground("b", other())])
    assert (sums(twice).people, sums(twice).people_moved) == (people, people_moved)
    assert all((t.one, t.other) == ("a", "b") for t in twice)


def test_the_function_gives_each_pause_as_it_is_planned_and_ends_when_told_to() -> None:
    taken: list[str] = []

    def places() -> Iterator[Place]:
        for seed in (3, 5, 7):
            taken.append(f"t{seed}")
            yield Place(f"t{seed}", town(seed))

    first = sweep(places(), work=1)
    assert next(first).name == "t3"
    assert taken == ["t3"], "a folder is read when there is room for it"
    assert [s.name for s in first] == ["t5", "t7"]
    taken.clear()
    calls = iter([False, False, True])
    assert [s.name for s in sweep(places(), work=1, stop=lambda: next(calls))] == ["t3"]


def test_parts_of_an_earlier_sweep_are_taken_away_in_the_end(
    lull: Run, country: Path, tmp_path: Path
) -> None:
    Parts(tmp_path / "out" / ".parts").keep("f" * 64, 1)
    lull("sweep", country, "--out", tmp_path / "out", *WORK)
    assert not (tmp_path / "out" / ".parts").exists()
