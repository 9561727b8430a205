"""`lull plan`, `verify`, `show` and `report` on the folder that `lull new` writes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from lull.cli.published import schema_of

LITTLE = ("--work", 20)
"""How good a plan is is not asked where this is given."""


def valid(verb: str, text: str) -> dict:
    answer = json.loads(text)
    jsonschema.validate(answer, schema_of(verb))
    return answer


@pytest.fixture
def out(planned: Path, tmp_path: Path) -> Path:
    """A copy of a planned folder, free to be spoilt."""
    return Path(shutil.copytree(planned, tmp_path / "planned"))


def test_the_answer_has_the_published_form_and_its_figures_agree(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    said = lull("plan", made_folder, *LITTLE, "--out", tmp_path / "out", "--json")
    assert said.code == 0
    answer = valid("plan", said.out)
    total = answer["totals"]
    assert 0 < total["persons"] <= total["wishing"] <= total["present"]
    assert total["persons"] <= total["no_plan_moves_more_persons"]
    assert total["persons"] == sum(n["served"] for n in answer["by_need"])
    assert total["persons"] == sum(n["served"] for n in answer["by_neighbourhood"])
    assert total["present"] == sum(n["present"] for n in answer["by_neighbourhood"])
    left = sum(x["number"] for x in answer["left_behind"] if x["unit"].startswith("person"))
    assert left == total["wishing"] - total["persons"]
    assert answer["violations"] == []
    assert len(answer["rules_checked"]) >= 20
    for tier in answer["tiers"]:
        if tier["bound"] is not None:
            assert tier["value"] <= tier["bound"] * (1 + 1e-6) + 1e-6
            assert tier["bound"] <= tier["bound_any"] * (1 + 1e-6) + 1e-6
    for name in answer["files"]:
        assert (tmp_path / "out" / name).stat().st_size > 0


def test_three_columns_stand_in_order_and_nothing_has_a_reason(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    said = lull("plan", made_folder, *LITTLE, "--out", tmp_path / "out", "--json")
    columns = valid("plan", said.out)["columns"]
    assert [c["consents"] for c in columns] == [
        "as recorded",
        "as declared",
        "if all conditions are met",
    ]
    corridors = [c["corridors"] for c in columns]
    assert corridors == sorted(corridors)
    for column in columns:
        assert column["persons"] or column["tonnes"] or column["note"]


def test_same_work_same_plan(lull, made_folder: Path, planned: Path, tmp_path: Path) -> None:
    assert lull("plan", made_folder, "--out", tmp_path / "again").code == 0
    assert (tmp_path / "again" / "plan.json").read_bytes() == (planned / "plan.json").read_bytes()


def test_words_fit_the_page_and_tables_hold_no_colour_codes(
    process, made_folder: Path, tmp_path: Path
) -> None:
    said = process("plan", made_folder, *LITTLE, "--out", tmp_path / "out", FORCE_COLOR="",
                   NO_COLOR="1")
    assert said.code == 0
    assert "\x1b" not in said.out
    path_line = next(line for line in said.out.splitlines() if line.startswith("Report: "))
    assert Path(path_line.removeprefix("Report: ")).is_file()
    wide = [x for x in said.out.splitlines() if len(x) > 100 and not x.startswith("Report: ")]
    assert not wide
    for words in (
        "No plan can move more than",
        "How far from the best",
        "What limits it",
        "People by neighbourhood",
        "attack, breach",
    ):
        assert words in said.out


def test_json_leaves_standard_output_to_json(process, made_folder: Path, tmp_path: Path) -> None:
    said = process("plan", made_folder, *LITTLE, "--out", tmp_path / "out", "--json")
    valid("plan", said.out)
    assert said.err == ""


def test_a_plan_that_lull_made_keeps_every_rule(lull, made_folder: Path, planned: Path) -> None:
    for given in (planned, planned / "plan.json"):
        said = lull("verify", made_folder, given, "--json")
        answer = valid("verify", said.out)
        assert (said.code, answer["keeps_every_rule"], answer["violations"]) == (0, True, [])
    assert "keeps all" in lull("verify", made_folder, planned).out


def test_a_plan_changed_by_hand_is_caught_with_code_1(lull, made_folder: Path, out: Path) -> None:
    """Somebody lets a whole bus drive off an hour late: one minute field changed everywhere."""
    text = (out / "plan.json").read_text(encoding="utf-8")
    body = json.loads(text)
    day = next(d for d in body["vehicles"] if len(d["steps"]) > 2)
    day["steps"] = [day["steps"][0], day["steps"][-1]]
    (out / "plan.json").write_text(json.dumps(body), encoding="utf-8")
    said = lull("verify", made_folder, out, "--json")
    answer = valid("verify", said.out)
    assert said.code == 1
    assert not answer["keeps_every_rule"]
    assert {v["rule"] for v in answer["violations"]} <= set(answer["rules"])
    words = lull("verify", made_folder, out)
    assert words.code == 1
    assert "is no plan for" in words.out


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"{", b"[]", b"null", b'{"form": "something else"}', b"\xff\xfe\x00", b"NaN"],
    ids=["empty", "cut", "a list", "null", "another form", "not text", "not a number"],
)
def test_a_plan_that_cannot_be_read_is_bad_input(
    lull, made_folder: Path, out: Path, spoilt: bytes
) -> None:
    (out / "plan.json").write_bytes(spoilt)
    for verb, words in (("verify", ()), ("show", ()), ("report", ("--out", out / "page"))):
        said = lull(verb, made_folder, out, *words)
        assert said.code == 2, verb
        assert said.err.strip()
        assert "Traceback" not in said.err


def test_a_plan_cut_at_any_tenth_is_bad_input(lull, made_folder: Path, out: Path) -> None:
    raw = (out / "plan.json").read_bytes()
    for tenth in range(10):
        (out / "plan.json").write_bytes(raw[: len(raw) * tenth // 10])
        assert lull("verify", made_folder, out).code == 2


def test_bounds_are_not_shown_beside_a_plan_that_is_not_theirs(
    lull, made_folder: Path, out: Path
) -> None:
    (out / "plan.json").write_bytes((out / "plan.json").read_bytes() + b"\n")
    said = lull("report", made_folder, out, "--out", out / "page")
    assert said.code == 2
    assert "changed after it was planned" in said.err
    (out / "result.json").write_text("{}")
    assert "has the form" in lull("report", made_folder, out, "--out", out / "page").err
    (out / "result.json").unlink()
    assert "holds no result.json" in lull("report", made_folder, out, "--out", out / "page").err


@pytest.mark.parametrize("by", ["corridor", "site", "vehicle", "convoy"])
def test_show_prints_a_timetable(lull, made_folder: Path, planned: Path, by: str) -> None:
    said = lull("show", made_folder, planned, "--by", by, "--json")
    answer = valid("show", said.out)
    assert said.code == 0
    assert answer["rows"]
    assert all(set(row) == set(answer["columns"]) for row in answer["rows"])
    words = lull("show", made_folder, planned, "--by", by)
    assert words.code == 0
    assert max(map(len, words.out.splitlines())) <= 100


def test_show_of_one_is_part_of_show_of_all(lull, made_folder: Path, planned: Path) -> None:
    everything = valid("show", lull("show", made_folder, planned, "--by", "vehicle", "--json").out)[
        "rows"
    ]
    one = everything[0]["vehicle"]
    only = valid(
        "show", lull("show", made_folder, planned, "--by", "vehicle", "--of", one, "--json").out
    )["rows"]
    assert only
    assert only == [row for row in everything if row["vehicle"] == one]


def test_show_of_a_stranger_names_those_there_are(lull, made_folder: Path, planned: Path) -> None:
    said = lull("show", made_folder, planned, "--by", "vehicle", "--of", "tram#1")
    assert said.code == 2
    assert "tram#1" in said.err


def test_the_public_page_names_no_site_and_no_corridor(
    lull, made_folder: Path, planned: Path, tmp_path: Path
) -> None:
    said = lull("report", made_folder, planned, "--for", "public", "--out", tmp_path, "--json")
    assert said.code == 0
    files = valid("report", said.out)["files"]
    text = "".join((tmp_path / name).read_text(encoding="utf-8") for name in files)
    assert "<html" in text
    assert "An invented town" in text
    sites = (made_folder / "sites.csv").read_text(encoding="utf-8").splitlines()
    names = {
        row.split(",")[1].strip('"') for row in sites[1:] if row and not row.startswith("#")
    } - {"", "name"}
    told = {name for name in names if len(name) > 3 and name in text}
    assert not told
    assert not (tmp_path / "plan.json").exists()


def test_interrupting_gives_the_best_plan_so_far_or_130(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    """Ctrl-C as soon as it says that it plans: a whole plan that verifies, or nothing and 130."""
    out = tmp_path / "out"
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "lull",
            "plan",
            str(made_folder),
            "--out",
            str(out),
            "--work",
            "1000000",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert running.stderr is not None
    running.stderr.readline()
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    assert "Traceback" not in err
    assert running.returncode in (0, 130), err
    if running.returncode == 0:
        assert lull("verify", made_folder, out).code == 0
    else:
        assert not out.exists() or not any(out.iterdir())


def test_what_is_written_names_no_place_on_this_machine(planned: Path, made_folder: Path) -> None:
    """A plan is mailed; where it lay on its author's disk is nobody's business."""
    for path in planned.rglob("*"):
        if path.suffix in {".json", ".html", ".csv", ".geojson"}:
            text = path.read_text(encoding="utf-8")
            assert str(made_folder.parent) not in text, path.name
            assert not re.search(r"/(home|root|tmp)/", text), path.name


def test_without_any_consent_recorded_the_first_column_says_nobody_not_unknown(
    lull, made_folder: Path, tmp_path: Path
) -> None:
    """Where no corridor may be used nothing moves; that is known, and is a nought, not a dash."""
    folder = Path(shutil.copytree(made_folder, tmp_path / "unasked"))
    pause = folder / "pause.yaml"
    text = pause.read_text(encoding="utf-8")
    pause.write_text(text.replace("stance: agreed", "stance: declared"), encoding="utf-8")
    said = lull("plan", folder, "--out", tmp_path / "out", "--work", "1")
    assert said.code == 0
    line = next(x for x in said.out.splitlines() if x.startswith("people out"))
    assert line.split()[2] == "0"
    assert "no corridor may be used" in said.out
