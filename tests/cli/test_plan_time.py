"""`lull plan --time`: what a clock allowed is given again by the work that is printed."""

from __future__ import annotations

import json
import re
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from lull.cli import plan as verb
from lull.cli import planning
from lull.cli.planning import plan_all
from lull.domain.pause import Consents

RUN = re.compile(r"^The same plan again: (--work (\d+) --seed \d+.*) \(", re.MULTILINE)


@pytest.fixture
def ticking(monkeypatch):
    """A clock that goes on by some seconds whenever it is looked at, from now on."""

    def start(seconds: float) -> None:
        ticks = count()
        monkeypatch.setattr(
            verb, "plan_all", partial(plan_all, clock=lambda: next(ticks) * seconds)
        )

    return start


def same_but_for_seconds(one: Path, other: Path) -> bool:
    first, second = (json.loads((p / "result.json").read_text()) for p in (one, other))
    first.pop("seconds"), second.pop("seconds")
    return first == second


@pytest.mark.parametrize("seconds", [0, 2, 9, 17, 40])
def test_a_plan_stopped_by_time_is_given_again_by_the_words_that_are_printed(
    lull, made_folder: Path, tmp_path: Path, ticking, monkeypatch, seconds: int
) -> None:
    monkeypatch.setattr(planning, "same_ways", lambda *_: False)  # all three are planned
    one, two = tmp_path / "one", tmp_path / "two"
    ticking(1.0)
    said = lull("plan", made_folder, "--out", one, "--time", seconds, "--seed", 4)
    assert said.code == 0
    found = RUN.search(said.out)
    assert found
    ticking(0.0)
    again = lull("plan", made_folder, "--out", two, *found.group(1).split())
    assert again.code == 0
    assert (one / "plan.json").read_bytes() == (two / "plan.json").read_bytes()
    assert same_but_for_seconds(one, two)
    assert RUN.search(again.out).group(1) == found.group(1)
    assert "Stopped early" not in said.out


def test_more_seconds_are_more_work_and_none_is_the_first_plan(
    lull, made_folder: Path, tmp_path: Path, ticking
) -> None:
    done = []
    for seconds in (0, 10, 30):
        ticking(1.0)
        out = tmp_path / str(seconds)
        said = lull("plan", made_folder, "--out", out, "--time", seconds, "--json")
        done.append(json.loads(said.out)["work"])
    assert done[0] == 0
    assert done == sorted(done)
    assert done[2] > done[1] > 0


def test_work_ends_a_search_that_has_time_left(
    lull, made_folder: Path, tmp_path: Path, ticking
) -> None:
    ticking(0.001)
    said = lull("plan", made_folder, "--out", tmp_path, "--time", 1e6, "--work", 3, "--json")
    assert json.loads(said.out)["work"] == 3


def test_a_bound_that_ran_out_of_time_still_holds_and_says_how_to_get_it_again(
    lull, made_folder: Path, tmp_path: Path, ticking
) -> None:
    ticking(1.0)
    said = lull("plan", made_folder, "--out", tmp_path / "cut", "--time", 0, "--json")
    answer = json.loads(said.out)
    assert answer["bound_work"] == 0
    whole = json.loads(
        lull("plan", made_folder, "--out", tmp_path / "b", "--work", 0, "--json").out
    )
    assert whole["bound_work"] is None
    for cut, tier in zip(answer["tiers"], whole["tiers"], strict=True):
        assert cut["value"] == tier["value"]
        if tier["bound"] is not None:
            assert cut["bound"] >= tier["bound"] - 1e-6


def test_a_report_of_a_saved_plan_gives_the_same_command(
    lull, made_folder: Path, tmp_path: Path, ticking
) -> None:
    ticking(1.0)
    out = tmp_path / "out"
    assert lull("plan", made_folder, "--out", out, "--time", 0).code == 0
    assert lull("report", made_folder, out, "--out", tmp_path / "page").code == 0
    for page in (out / "report.html", tmp_path / "page" / "report.html"):
        assert "--work 0 --seed 0 --bound-work 0" in page.read_text(encoding="utf-8")


def test_a_search_cut_off_before_its_first_plan_says_that_no_work_gives_it_again(
    lull, made_folder: Path, tmp_path: Path, monkeypatch
) -> None:
    real = planning.make_plan

    def pressed_at_once(case, *, stop, **options):
        calls = count()
        return real(case, stop=lambda: next(calls) >= 1, **options)

    monkeypatch.setattr(planning, "make_plan", pressed_at_once)
    said = lull("plan", made_folder, "--out", tmp_path / "out")
    assert said.code == 0
    assert "no --work gives it again" in said.out
    assert not RUN.search(said.out)
    assert lull("verify", made_folder, tmp_path / "out").code == 0
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "lull plan" not in page
    assert "--seed" not in page


def test_the_time_is_that_of_the_reading_that_was_asked_for(made_folder: Path, monkeypatch) -> None:
    """The others get the work that it took, so that work alone gives all three again."""
    from lull.cli.deadline import Effort
    from lull.cli.folder import How, open_folder

    given = []
    real = planning.make_plan

    def kept(case, *, work, **options):
        given.append(work)
        return real(case, work=work, **options)

    monkeypatch.setattr(planning, "make_plan", kept)
    monkeypatch.setattr(planning, "same_ways", lambda *_: False)
    ticks = count()
    planned = plan_all(
        open_folder(made_folder, How(), quiet=True),
        Consents.DECLARED,
        Effort(seconds=20.0),
        progress=None,
        asked=lambda: False,
        clock=lambda: float(next(ticks)),
    )
    assert given[1:] == [planned.work] * (len(given) - 1)
    assert planned.work > 0
    assert len(given) == 2
