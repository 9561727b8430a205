"""The page of the shortest evacuations says what the recorded runs say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve

from bench.evacuation import page as pages
from bench.evacuation.__main__ import by_folder
from bench.evacuation.generate import BUSES, SEEDS, small
from bench.evacuation.page import PAGE, Run, page, read, record

RUN = Run("S2-0", 5, 20, 20, 20, 0.1, True)


def test_the_page_is_made_from_the_runs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read())


def test_every_case_of_the_recipe_is_recorded_proved_and_not_contradicted() -> None:
    runs = {run.case: run for run in read()}
    cases = [f"S{size}-{seed}" for size in BUSES for seed in SEEDS]
    assert set(cases) <= set(runs)
    assert all(runs[case].proved and runs[case].holds for case in cases)
    assert not [run.case for run in runs.values() if run.contradicted]
    assert sum(runs[case].seconds for case in cases) <= 180
    assert max(runs[case].seconds for case in cases) <= 15


@pytest.mark.parametrize("case", ["S2-4", "S3-1", "S7-0"])
def test_a_recorded_case_is_the_one_that_the_recipe_makes(case: str) -> None:
    size, seed = map(int, re.findall(r"\d+", case))
    run = next(run for run in read() if run.case == case)
    assert run.loads == small(size, seed).total == by_folder(small(size, seed), case).total


def test_a_plain_model_that_says_otherwise_is_noticed() -> None:
    assert not RUN.contradicted
    assert evolve(RUN, plain_minutes=19.0).contradicted
    assert evolve(RUN, plain_minutes=21.0, plain_low=21.0).contradicted
    assert not evolve(RUN, plain_minutes=21.0, plain_low=11.5).contradicted


def test_a_new_run_takes_the_place_of_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "RUNS", tmp_path / "runs.csv")
    monkeypatch.setattr(pages, "PAGE", tmp_path / "README.md")
    city = Run("city-12-0", 75, 15244, 15040, 15040, 99.0, True)
    record([city, RUN, evolve(RUN, case="S10-1")])
    record([evolve(RUN, plain_minutes=20.0, plain_proved=True, plain_limit=5.0)])
    record([evolve(RUN, seconds=0.2)])
    runs = read()
    assert runs[0].seconds == 0.2
    assert [run.case for run in runs] == ["S2-0", "S10-1", "city-12-0"]
    assert runs[0].plain_minutes == 20.0
    assert runs[0].plain_proved
    assert runs[2] == city
    assert "1.34%" in (tmp_path / "README.md").read_text()
