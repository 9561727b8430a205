"""Plans of the benchmark cases: what is printed, what counts as met, how busy checkpoints are."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from attrs import evolve

from bench.busy import busy_halves
from bench.plans import CASES, COLUMNS, Run, main, met, names, record, rows, run
from lull.domain.corridor import Direction
from lull.domain.plan import Crossing, Plan, VehicleDay
from lull.domain.tiers import TierKind
from lull.exchange.reading import read_folder
from lull.plan.result import TierResult


def tier(value: float, bound: float, one_load: float) -> TierResult:
    return TierResult("lives", TierKind.PEOPLE, "patients", value, bound, bound, one_load)


@pytest.fixture(scope="module")
def first() -> Run:
    """The first plan of the first small case."""
    return run("s-1", 0)


def test_a_small_case_is_planned_judged_and_bounded(first: Run) -> None:
    assert first.violations == 0
    assert 0 < first.served <= first.wishing
    assert first.tiers
    assert all(t.value <= (t.bound or 0) + 1e-6 for t in first.tiers)


def test_the_table_says_of_each_tier_whether_it_is_met(first: Run) -> None:
    printed = list(rows(first))
    assert [row[1] for row in printed] == [t.name for t in first.tiers]
    assert {row[-1] for row in printed} <= {"yes", "no"}


def test_values_of_a_plan_that_breaks_a_rule_never_count(first: Run) -> None:
    verdicts = {row[-1] for row in rows(evolve(first, violations=2))}
    assert verdicts == {"no plan: breaks rules 2 times"}


def test_a_refused_case_is_said_to_be_refused(first: Run) -> None:
    (line,) = rows(evolve(first, tiers=(), refused=("Linked corridors.",)))
    assert line[1] == "refused: Linked corridors."
    assert line[-1] == "no"


@pytest.mark.parametrize(
    ("case", "place", "value", "one_load", "is_met"),
    [
        ("m-free-1", 0, 990.0, 1.0, True),
        ("m-free-1", 0, 989.0, 1.0, False),
        ("m-free-1", 0, 989.0, 12.0, True),
        ("m-gate-2", 1, 979.0, 1.0, False),
        ("m-gate-2", 2, 979.0, 1.0, True),
        ("m-gate-2", 2, 959.0, 1.0, False),
        ("s-3", 0, 999.0, 1.0, False),
        ("s-3", 0, 999.5, 1.0, True),
        ("l-1", 4, 950.0, 1.0, True),
    ],
)
def test_met_is_a_share_of_the_bound_or_less_than_one_load(
    case: str, place: int, value: float, one_load: float, is_met: bool
) -> None:
    assert met(case, place, tier(value, 1000.0, one_load)) is is_met


def test_a_lane_is_busy_from_entering_to_being_cleared() -> None:
    case = read_folder(CASES / "s-1").case
    assert case is not None
    opens, closes = case.pause.windows[0].opens, case.pause.windows[0].closes
    half = (closes - opens) // 2
    spells = [(opens + 10, opens + 30), (opens + 20, opens + 40), (closes - 5, closes)]
    days = tuple(
        VehicleDay(f"bus-1#{n}", (Crossing("c1", Direction.OUT, "k", a, a, b, b + 4),))
        for n, (a, b) in enumerate(spells, start=1)
    )
    found = busy_halves(case, Plan(vehicles=days))
    assert found["c1", Direction.OUT] == pytest.approx(40 / half)
    assert found["c1", Direction.IN] == 0.0


def test_a_recorded_run_takes_the_place_of_the_one_before(first: Run, tmp_path: Path) -> None:
    file = tmp_path / "runs.csv"
    for done in (first, evolve(first, served=7), evolve(first, case="m-free-1"),
                 evolve(first, work=5)):
        record(done, "0", file)
    with file.open(encoding="utf-8", newline="") as opened:
        kept = list(csv.DictReader(opened))
    assert tuple(kept[0]) == COLUMNS
    lines = len(first.tiers)
    assert [(r["case"], r["work"], r["served"]) for r in kept[::lines]] == [
        ("m-free-1", "0", str(first.served)), ("s-1", "0", "7"), ("s-1", "5", str(first.served)),
    ]  # fmt: skip


def test_recorded_runs_are_of_the_committed_folders(first: Run) -> None:
    """A run of another folder than the one that stands here would be a figure from nowhere."""
    with (CASES / "runs.csv").open(encoding="utf-8", newline="") as opened:
        kept = list(csv.DictReader(opened))
    assert {r["case"] for r in kept} <= set(names())
    assert {r["folder"] for r in kept if r["case"] == "s-1"} == {first.folder}


def test_an_unknown_case_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["m-9"])
    assert "no case m-9" in capsys.readouterr().err
