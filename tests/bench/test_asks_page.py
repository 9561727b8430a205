"""The page of what to ask for says what the recorded runs say, and a rerun goes on from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from attrs import evolve

from bench.asks import __main__ as bench
from bench.asks import compared as one
from bench.asks import page as pages
from bench.asks.page import PAGE, Run, page, read, record, version

RUN = Run(3, 15, 6, 4, 3.1, 9.0, "", "abc")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pages, "RUNS", tmp_path / "runs.csv")
    monkeypatch.setattr(pages, "PAGE", tmp_path / "README.md")
    return tmp_path


def test_the_page_is_made_from_the_runs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read())


def test_every_recorded_case_agrees_in_rank_and_size() -> None:
    assert read()
    assert not [run.differs for run in read() if not run.agrees]


def test_a_new_run_takes_the_place_of_the_old_one(elsewhere: Path) -> None:
    record([RUN, evolve(RUN, case=12)])
    record([evolve(RUN, differs="place 1: a said, b by planning all")])
    assert [(r.case, r.agrees) for r in read()] == [(3, False), (12, True)]
    text = (elsewhere / "README.md").read_text()
    assert "1 of 2 cases agree" in text
    assert "Case 3: place 1" in text
    assert "| 3 to 3 | 15 | 6 | 4 | 3 | 9 | 1 |" in text
    assert "| all | 30 | 12 | 8 | 6 | 18 | 1 |" in text


def test_a_rerun_goes_on_and_prints_each_case_as_it_is_done(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[int] = []

    def compared(case: int) -> tuple[int, int, int, float, float, Sequence[str]]:
        if case == 2 and len(ran) == 2:
            raise KeyboardInterrupt
        ran.append(case)
        return 15, 6, 4, 1.0, 2.0, []

    monkeypatch.setattr(one, "compared", compared)
    with pytest.raises(KeyboardInterrupt):
        bench.main(["--cases", "4", "--record"])
    assert [r.case for r in read()] == [0, 1]
    assert capsys.readouterr().out.splitlines()[1].startswith("case 1: 15 candidates")
    record([evolve(RUN, case=1, version="of another program")])
    ran.clear()
    assert bench.main(["--cases", "4", "--record"]) == 0
    assert ran == [1, 2, 3], "one is of another program, two were never run"
    assert {r.version for r in read()} == {version()}
    ran.clear()
    assert bench.main(["--cases", "2"]) == 0
    assert ran == [0, 1], "without --record all are run"
