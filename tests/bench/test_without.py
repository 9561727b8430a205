"""What rules cost: a rule is taken away and nothing else is, and the page says what was run."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import asdict

from bench.one import case_of
from bench.without import page as pages
from bench.without.__main__ import run
from bench.without.page import PAGE, Run, page, read, record
from bench.without.rules import ALONE, SETS, buses_alone, without
from lull.domain.rules import judge
from tests.alone import plan_alone

RUN = Run("s-1", "slots", 5.0, "all who wish to leave", 900.0, 1000.0, 950, 0)


def test_the_page_is_made_from_the_runs() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(read())


def test_every_set_of_rules_is_recorded_and_broke_no_rule_that_was_left() -> None:
    recorded = {one.without: one for one in read() if one.case == "m-free-1"}
    assert set(recorded) == {"+".join(names) for names in SETS}
    assert not [one for one in recorded.values() if one.violations]
    assert all(one.value <= one.bound + 1e-6 for one in recorded.values())


@pytest.mark.parametrize("name", sorted(ALONE))
def test_a_plan_under_all_rules_is_one_without_a_rule_too(name: str) -> None:
    """So nothing was made stricter: what is taken away only opens."""
    case = buses_alone(case_of("s-1")[0])
    plan = plan_alone(case, work=5)
    assert plan.vehicles
    assert judge(case, plan) == ()
    freed = without(case, (name,))
    assert freed != case
    assert judge(freed, plan) == ()


def test_a_run_is_a_plan_by_the_rules_that_are_left() -> None:
    done = run("s-1", ("headway", "slots"), 1.0)
    assert done.violations == 0
    assert 0 < done.value <= done.bound


def test_a_run_takes_the_place_of_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "RUNS", tmp_path / "runs.csv")
    monkeypatch.setattr(pages, "PAGE", tmp_path / "README.md")
    record([RUN])
    record([Run(**{**asdict(RUN), "value": 950.0})])
    assert [one.value for one in pages.read()] == [950.0]
    assert "5.0%" in (tmp_path / "README.md").read_text(encoding="utf-8")
