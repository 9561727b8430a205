"""Plans of the benchmark cases: what is measured, printed and kept, and what counts as met."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import count
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from attrs import evolve

from bench import one, plans
from bench.busy import busy_halves
from bench.measure import own_peak_megabytes
from bench.one import CASES, Run, as_json, from_json, ran_apart, run
from bench.plans import chosen, efforts, first_rows, main, names, rows, summary
from bench.records import COLUMNS, asked, record
from bench.targets import (
    TARGETS,
    first_share,
    first_verdict,
    late,
    memory_verdict,
    met,
    target_of,
    verdict,
)
from lull.cli.deadline import Effort
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
    return run("s-1", Effort(0), warm=False)


def test_a_small_case_is_planned_judged_and_bounded(first: Run) -> None:
    assert first.violations == 0
    assert 0 < first.served <= first.wishing
    assert first.tiers
    assert all(t.value <= (t.bound or 0) + 1e-6 for t in first.tiers)
    assert 0 < first.first_s <= first.plan_s
    assert len(first.first) == len(first.tiers)


def test_the_table_says_of_each_tier_whether_it_is_met(first: Run) -> None:
    printed = list(rows(first))
    assert [row[2] for row in printed] == [t.name for t in first.tiers]
    assert all(row[-1].startswith(("met", "missed")) for row in printed)


def test_values_of_a_plan_that_breaks_a_rule_never_count(first: Run) -> None:
    broken = evolve(first, violations=2)
    assert {row[-1] for row in rows(broken)} == {"no plan: breaks rules 2 times"}
    assert summary([broken]).startswith("0 of ")


def test_a_refused_case_is_said_to_be_refused(first: Run) -> None:
    (line,) = rows(evolve(first, tiers=(), refused=("Linked corridors.",)))
    assert line[2] == "Linked corridors."
    assert line[-1] == "missed"


def test_a_run_that_took_longer_than_it_was_given_is_said_to_be_late(first: Run) -> None:
    best = evolve(first, tiers=(tier(1.0, 1.0, 0.0),), asked_s=5.0)
    assert [row[-1] for row in rows(evolve(best, plan_s=5.2))] == ["met"]
    assert [row[-1] for row in rows(evolve(best, plan_s=9.0))] == ["met; late: 9 s"]
    assert summary([evolve(best, plan_s=5.2)]) == "1 of 1 tiers are met in 1 runs."
    assert summary([evolve(best, plan_s=9.0)]) == "0 of 1 tiers are met in 1 runs."


@pytest.mark.parametrize(
    ("case", "seconds", "place", "value", "one_load", "is_met"),
    [
        ("m-free-1", 60, 0, 990.0, 1.0, True),
        ("m-free-1", 60, 0, 989.0, 1.0, False),
        ("m-free-1", 60, 0, 989.0, 12.0, True),
        ("m-gate-2", 120, 1, 979.0, 1.0, False),
        ("m-gate-2", 120, 2, 979.0, 1.0, True),
        ("m-gate-2", 120, 2, 959.0, 1.0, False),
        ("m-gate-2", 600, 2, 979.0, 1.0, False),
        ("m-gate-2", 600, 2, 981.0, 1.0, True),
        ("s-3", 5, 0, 999.0, 1.0, False),
        ("s-3", 5, 0, 999.5, 1.0, True),
        ("l-1", 600, 4, 950.0, 1.0, True),
    ],
)
def test_met_is_a_share_of_the_bound_or_less_than_one_load(
    case: str, seconds: float, place: int, value: float, one_load: float, is_met: bool
) -> None:
    found, target = tier(value, 1000.0, one_load), target_of(case, seconds)
    assert met(target, place, found) is is_met
    assert verdict(target, place, found).startswith("met" if is_met else "missed: wanted")


def test_a_run_by_work_is_measured_by_the_last_target_of_its_size() -> None:
    assert target_of("m-gate-1", None) == TARGETS["m-gate"][-1]
    assert late(target_of("m-gate-1", 120), 121) == ""


def test_a_first_plan_is_measured_in_seconds_and_by_the_final_bound() -> None:
    assert first_share(90.0, tier(95.0, 100.0, 1.0)) == 0.9
    assert first_share(99.5, tier(100.0, 100.0, 1.0)) == 1.0
    assert first_share(0.0, tier(0.0, 0.0, 1.0)) == 1.0
    assert first_verdict("m-free-1", 0.9, (0.86, 1.2)) == "met"
    assert first_verdict("m-free-1", 2.0, (0.84,)) == "missed: wanted in 1 s, wanted within 15%"
    assert first_verdict("l-1", 19.0, (0.1,)) == "met"
    assert first_verdict("s-1", 19.0, (0.1,)) == ""


def test_memory_is_measured_where_it_is_limited() -> None:
    assert memory_verdict("l-2", 5999.0) == "met"
    assert memory_verdict("l-2", 6000.0) == "missed: wanted under 6,000 MB"
    assert memory_verdict("s-2", 9999.0) == ""
    assert own_peak_megabytes() > 10


def test_the_line_of_first_plans_says_how_soon_and_how_near(first: Run) -> None:
    (line,) = first_rows(evolve(first, cold_s=12.3, first=tuple(0.0 for _ in first.tiers)))
    assert "12.30" in line
    assert any(cell.startswith("0% (") for cell in line)
    (line,) = first_rows(evolve(first, first=tuple(t.bound or 0.0 for t in first.tiers)))
    assert "all, or under one load" in line


def test_each_size_is_run_for_the_seconds_of_its_own_targets() -> None:
    assert [e.seconds for e in efforts("m-gate-3", plans.OWN, None, 0)] == [120, 600]
    assert [e.seconds for e in efforts("s-3", plans.OWN, None, 0)] == [5]
    assert efforts("s-3", 7.0, None, 2) == [Effort(None, 2, 7.0)]
    assert efforts("s-3", None, 0, 0) == [Effort(0, 0)]
    assert [n.rpartition("-")[0] for n in names()[::3]] == ["s", "m-free", "m-gate", "l"]
    assert chosen(["m-gate", "s-1", "m-gate-2"]) == ["m-gate-1", "m-gate-2", "m-gate-3", "s-1"]


def test_the_first_case_of_a_size_is_begun_cold_once(
    first: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cold start compiles everything, so that it is measured once a size and by itself."""
    started = []

    def apart(name: str, effort: Effort, *, cold: bool = False) -> Run:
        started.append((name, cold))
        return evolve(first, case=name, first_s=30.0 if cold else 0.5, asked_s=effort.seconds)

    monkeypatch.setattr(plans, "ran_apart", apart)
    done = list(plans.runs(["s-1", "s-2", "m-gate-1"], plans.OWN, None))
    assert started == [("s-1", True), ("s-1", False), ("s-2", False), ("m-gate-1", True),
                       ("m-gate-1", False), ("m-gate-1", False)]  # fmt: skip
    assert [r.cold_s for r in done] == [30.0, None, 30.0, 30.0]
    assert {r.first_s for r in done} == {0.5}


def test_a_run_that_fails_is_told_as_missed_and_the_others_go_on(
    first: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def apart(name: str, effort: Effort, *, cold: bool = False) -> Run:
        if name == "s-1":
            raise RuntimeError("s-1: Traceback\nMemoryError: no room")
        return evolve(first, case=name)

    monkeypatch.setattr(plans, "ran_apart", apart)
    assert main(["s-1", "s-2", "--time"]) == 1
    said = capsys.readouterr()
    assert "MemoryError: no room" in said.err
    assert "the run failed" in said.out
    assert "s-2" in said.out


def test_ctrl_c_shows_what_has_been_run(
    first: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def apart(name: str, effort: Effort, *, cold: bool = False) -> Run:
        if name == "s-2":
            raise KeyboardInterrupt
        return first

    monkeypatch.setattr(plans, "ran_apart", apart)
    assert main(["s-1", "s-2"]) == 0
    assert "in 1 runs" in capsys.readouterr().out


def test_a_run_in_a_process_of_its_own_gives_what_a_run_here_gives(first: Run) -> None:
    apart = ran_apart("s-1", Effort(0))
    assert apart.work == 0
    assert apart.first == first.first
    assert apart.folder == first.folder
    assert 0 < apart.first_s <= apart.plan_s
    assert apart.peak_mb > 10


def test_a_cold_run_finds_nothing_compiled_and_plans_nothing_before(
    first: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it finds instead is an empty folder; to compile all again would take minutes here."""
    begun: list[tuple[list[str], list[Path]]] = []

    def run_of(words: list[str], *, env: dict[str, str], **_: object) -> CompletedProcess[str]:
        begun.append((words, list(Path(env["NUMBA_CACHE_DIR"]).iterdir())))
        return CompletedProcess(words, 0, as_json(first), "")

    monkeypatch.setattr(one.subprocess, "run", run_of)
    assert ran_apart("s-1", Effort(0), cold=True) == first
    ((words, compiled),) = begun
    assert words[3:] == ["s-1", "--seed", "0", "--work", "0", "--first", "--cold"]
    assert compiled == []


def test_a_process_that_fails_is_no_run() -> None:
    with pytest.raises(RuntimeError, match="m-9"):
        ran_apart("m-9", Effort(0), cold=True)


def test_a_run_survives_being_written_as_a_line(first: Run) -> None:
    assert from_json(as_json(first)) == first


def test_time_ends_a_run_and_its_work_gives_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark ends its runs as `lull plan --time` does."""
    ticks: Callable[[], float] = count(0.0, 0.01).__next__
    real = one.Deadline
    monkeypatch.setattr(one, "Deadline", lambda effort, asked, _: real(effort, asked, ticks))
    timed = run("s-1", Effort(seconds=0.1), warm=False)
    again = run("s-1", Effort(timed.work, bound_work=timed.bound_work), warm=False)
    assert timed.work > 0
    assert again.tiers == timed.tiers


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
    timed = evolve(first, asked_s=60.0, work=321, cold_s=4.0, bound_work=7)
    for done in (timed, first, evolve(first, served=7), evolve(first, case="m-free-1"),
                 evolve(first, work=5), evolve(timed, work=9), evolve(timed, asked_s=5.0)):
        record(done, "0", file)
    with file.open(encoding="utf-8", newline="") as opened:
        kept = list(csv.DictReader(opened))
    assert tuple(kept[0]) == COLUMNS
    lines = len(first.tiers)
    assert [(r["case"], r["asked"], r["work"]) for r in kept[::lines]] == [
        ("m-free-1", "work 0", "0"), ("s-1", "work 0", "0"), ("s-1", "work 5", "5"),
        ("s-1", "5 s", "321"), ("s-1", "60 s", "9"),
    ]  # fmt: skip
    assert kept[lines]["served"] == "7"
    assert (kept[-1]["cold_s"], kept[lines]["cold_s"]) == ("4.00", "")
    assert asked(timed) == "60 s"


def test_the_page_tells_recorded_runs_beside_their_targets(first: Run, tmp_path: Path) -> None:
    from scripts.bench_readme import runs

    record(evolve(first, asked_s=5.0, plan_s=50.0), "0", tmp_path / "runs.csv")
    page = runs(tmp_path)
    assert "| s-1 | 5 s |" in page
    assert page.count("late: 50 s") == len(first.tiers)
    assert "No run is recorded" in runs(tmp_path / "nowhere")


def test_recorded_runs_are_of_the_committed_folders(first: Run) -> None:
    """A run of another folder than the one that stands here would be a figure from nowhere."""
    with (CASES / "runs.csv").open(encoding="utf-8", newline="") as opened:
        kept = list(csv.DictReader(opened))
    assert {r["case"] for r in kept} <= set(names())
    assert {r["folder"] for r in kept if r["case"] == "s-1"} == {first.folder}


@pytest.mark.parametrize(
    ("words", "said"), [(["m-9"], "no case or size m-9"), (["s-1", "--time", "-3"], "seconds")]
)
def test_what_cannot_be_run_is_refused(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(words)
    assert said in capsys.readouterr().err
