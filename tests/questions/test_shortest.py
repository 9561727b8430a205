"""The shortest window: exactly where buses are all there is, and honestly everywhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from bench.evacuation.folder import case_of
from bench.evacuation.generate import small
from lull.domain.case import Case
from lull.domain.plan import Plan
from lull.domain.refusal import Refusal
from lull.domain.rules import judge
from lull.domain.time import Estimate, Window
from lull.exchange import read_folder, write_folder
from lull.plan.makespan.solve import solve
from lull.questions import Aim, AimKind, shortest
from lull.questions.buses import as_buses
from lull.questions.windows import Windows, lasting
from tests.alone import plan_alone

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture(scope="module")
def first_steps() -> Case:
    case = read_folder(SAMPLES / "first-steps").case
    assert case is not None
    return case


def test_an_evacuation_is_an_ordinary_folder(tmp_path: Path) -> None:
    """Written as a folder and read back it is the same evacuation, with the same shortest time."""
    of = small(4, 0)
    write_folder(case_of(of, "S4-0"), tmp_path)
    case = read_folder(tmp_path).case
    assert case is not None
    again = as_buses(case).evacuation
    assert again is not None
    assert (again.loads, again.places) == (of.loads, of.places)
    assert (again.carry == of.carry).all()
    assert (again.back == of.back).all()
    assert (again.out == of.out[[y for y, many in enumerate(of.buses) if many]]).all()
    answer = shortest(case)
    assert answer.exact
    assert answer.minutes == answer.low == solve(of).minutes


def test_minutes_in_a_day_add_up() -> None:
    answer = shortest(case_of(small(3, 2), "S3-2"))
    assert max(day.minutes for day in answer.days) == answer.minutes
    for day in answer.days:
        times = [t for _, _, comes, sheltered in day.trips for t in (comes, sheltered)]
        assert times == sorted(times)
        assert times[-1] == day.minutes


def test_boarding_takes_its_time() -> None:
    """Three minutes at every point and two at every shelter are five more for each load."""
    of = small(2, 5)
    case = case_of(of, "S2-5")
    kinds = {"point": 3, "shelter": 2}
    sites = {name: evolve(site, service={"": Estimate.of(kinds.get(name.partition("-")[0], 0))})
             for name, site in case.sites.items()}
    slower = as_buses(evolve(case, sites=sites)).evacuation
    assert slower is not None
    assert (slower.carry == of.carry + 5).all()


def test_a_chosen_destination_is_the_only_one() -> None:
    case = case_of(small(3, 1), "S3-1")
    groups = {n: evolve(g, destinations=("shelter-2",)) if n == "people-point-1" else g
              for n, g in case.groups.items()}
    found = as_buses(evolve(case, groups=groups)).evacuation
    assert found is not None
    assert (found.carry[0] >= 0).tolist() == [False, True, False]


@pytest.mark.parametrize(("of", "change", "why"), [
    ("fleet", {"mobilise": 5}, "whole time"),
    ("fleet", {"crew_duty": 60}, "duty"),
    ("groups", {"households": {40: 1, 10: 1}, "count": 50, "wishing": 50}, "evenly"),
    ("sites", {"open_hours": (Window(0, 5),)}, "opening hours"),
    ("sites", {"crowd_limit": 5}, "limits on who may wait"),
    ("sites", {"bays": 1, "service": {"": Estimate.of(4)}}, "bays"),
])  # fmt: skip
def test_what_buses_alone_do_not_know_is_named(of: str, change: dict[str, object], why: str
                                               ) -> None:
    case = case_of(small(2, 0), "S2-0")
    objects = dict(getattr(case, of))
    name = "point-1" if of == "sites" else next(iter(objects))
    objects[name] = evolve(objects[name], **change)
    found = as_buses(evolve(case, **{of: objects}))
    assert found.evacuation is None
    assert why in "; ".join(found.reasons)


def test_a_window_that_is_enough_has_a_plan_that_keeps_every_rule(first_steps: Case) -> None:
    aim = Aim(AimKind.PATIENTS)
    answer = shortest(first_steps, aim, work=10)
    assert not answer.exact
    assert answer.minutes is not None
    assert answer.plan is not None
    case = lasting(first_steps, answer.minutes)
    assert not judge(case, answer.plan)
    assert aim.reached_by(case, answer.plan)
    assert answer.low <= answer.minutes
    assert answer.why_not_exact == ("the aim is not that people leave",)


def test_no_plan_is_found_in_a_window_that_is_proven_too_short(first_steps: Case) -> None:
    aim = Aim(AimKind.PATIENTS)
    answer = shortest(first_steps, aim, work=10)
    for short in (answer.low - 1, answer.low - 20):
        case = lasting(first_steps, short)
        assert not aim.reached_by(case, plan_alone(case, work=60))


def test_the_lengths_that_were_tried_do_not_contradict_each_other(first_steps: Case) -> None:
    answer = shortest(first_steps, Aim(AimKind.SHARE, 0.3), work=10)
    assert answer.tries
    assert not any(t.reached and t.ruled_out for t in answer.tries)
    assert answer.low - 1 == max((t.minutes for t in answer.tries if t.ruled_out), default=0)
    assert answer.minutes == min((t.minutes for t in answer.tries if t.reached), default=None)


def test_an_empty_plan_reaches_no_aim_that_asks_for_something(first_steps: Case) -> None:
    for kind in AimKind:
        aim = Aim(kind, 0.5)
        assert not aim.nothing_to_do(first_steps)
        assert not aim.reached_by(first_steps, Plan())


def test_an_aim_that_asks_for_nothing_needs_no_window() -> None:
    case = case_of(small(2, 0), "S2-0")
    assert shortest(case, Aim(AimKind.RATIONS)).minutes == 0
    assert shortest(case, Aim(AimKind.PATIENTS)).minutes == 0


@pytest.mark.parametrize(("kind", "share", "why"), [
    ("everyone", 0.0, "share"), ("everyone", 1.5, "share"), ("all of them", 1.0, "must be one of"),
])  # fmt: skip
def test_an_aim_that_means_nothing_is_refused(kind: str, share: float, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        Aim(kind, share)  # type: ignore[arg-type]


def test_several_windows_are_refused(first_steps: Case) -> None:
    pause = evolve(first_steps.pause, windows=(Window(0, 60), Window(90, 200)))
    with pytest.raises(Refusal, match="one window"):
        Windows(evolve(first_steps, pause=pause), Aim(), 1, 0, lambda *_: None, lambda: False)


def test_a_share_of_buses_alone_fetches_so_many_loads_of_each_point() -> None:
    """The shortest time is that of the same case with fewer loads, rounded up at each point."""
    of = small(4, 0)
    half = evolve(of, loads=tuple(-(-many // 2) for many in of.loads))
    answer = shortest(case_of(of, "S4-0"), Aim(AimKind.SHARE, 0.5))
    assert answer.exact
    assert answer.minutes == answer.low == solve(half).minutes


def test_without_corridors_nothing_but_buses_is_answered() -> None:
    """A plan moves people through corridors alone; that none does is no proof that none could."""
    case = case_of(small(2, 0), "S2-0")
    kind = next(iter(case.fleet.values()))
    busy = evolve(case, fleet={**case.fleet, kind.id: evolve(kind, crew_duty=60)})
    with pytest.raises(Refusal, match=r"has none.*crews have a longest duty"):
        shortest(busy)


def test_a_pause_that_no_window_is_long_enough_for_says_what_keeps_people(
    first_steps: Case,
) -> None:
    answer = shortest(first_steps, Aim(), work=0, longest=60)
    assert answer.minutes is None
    assert answer.low == 61
    assert sum(entry.number for entry in answer.left if entry.unit == "persons") > 0
