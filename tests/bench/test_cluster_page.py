"""The page of several machines says what the recorded run says, and what it adds is arithmetic."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from bench.cluster import page as pages
from bench.cluster.page import PAGE, Run, page, read, record

RUN = Run("m", 10_000, 40, 2, 3, here=21.0, processes_1=21.0, processes_2=11.0, cluster_1=22.0,
          cluster_2=12.0, serial=1.0, of_a_part=0.05)


def test_the_page_is_made_from_the_run() -> None:
    made = read()
    assert made is not None
    assert PAGE.read_text(encoding="utf-8") == page(made)


def test_an_estimate_by_hand() -> None:
    """40 parts of half a second: 1 s before, then 20 s on one, 10 on two; 40 workers take one each,
    but the client needs 2 s to hand them out."""
    assert RUN.one_part == 0.5
    assert [RUN.estimate(n) for n in (1, 2, 3, 8, 40, 1000)] == [21.0, 11.0, 8.0, 3.5, 3.0, 3.0]
    assert RUN.enough == 10
    assert RUN.by_processes == pytest.approx(21 / 11)
    assert RUN.by_cluster == pytest.approx(22 / 12)


def test_a_run_on_one_core_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "RUN", tmp_path / "run.json")
    monkeypatch.setattr(pages, "PAGE", tmp_path / "README.md")
    record(evolve(RUN, cores=1))
    assert read() == evolve(RUN, cores=1)
    assert "say nothing" in (tmp_path / "README.md").read_text()
    assert "say nothing" not in page(RUN)
