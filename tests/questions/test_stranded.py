"""Who is on board of a vehicle that breaks down waits there, and is fetched before all else."""

from __future__ import annotations

import pytest

from lull.domain.case import Case
from lull.domain.corridor import ConvoyRule, Direction
from lull.domain.people import Category, Need
from lull.domain.plan import Household, Plan, Stop, Task
from lull.domain.refusal import Refusal
from lull.domain.rules import judge
from lull.domain.worth import arrived
from lull.questions.replan import NewPlan, replan
from lull.questions.reports import EVERYBODY, Report
from lull.questions.stranded import whole
from tests.tiny import build
from tests.tiny.build import Team, corridor, people, site, tiny, vehicles

IN, OUT = Direction.IN, Direction.OUT
WELL = "as_planned"


@pytest.fixture
def day() -> tuple[Case, Plan]:
    """Two buses together in and out with 80 people; eighty more wait, and a third bus stands by."""
    case = tiny(
        [site("A"), site("R", "reception_centre"), site("base", "base")],
        [corridor("north", convoy=ConvoyRule(None, 10, None))],
        [people()], [vehicles(number=3)], windows=[(0, 400)], rules={"return_share": 0.0})
    team = Team(case, "bus#1", "bus#2").cross("north", IN).load("A", "families", "R", {4: 20})
    plan = build.plan(case, team.cross("north", OUT).unload("R").end())
    assert not judge(case, plan)
    return case, plan


def times(plan: Plan) -> tuple[int, int, int]:
    """When bus#1 has loaded, enters the gate out, and is at the reception centre."""
    steps = next(d.steps for d in plan.vehicles if d.vehicle == "bus#1")
    load = next(s for s in steps if isinstance(s, Stop) and s.task is Task.LOAD)
    down = next(s for s in steps if isinstance(s, Stop) and s.task is Task.UNLOAD)
    out = [s for v, s in plan.crossings() if v == "bus#1" and s.direction is OUT]
    return load.departs, out[0].enters, down.arrives


def breaks(day: tuple[Case, Plan], at: int, *more: Report, work: int = 3) -> NewPlan:
    reports = [Report(at + 1, WELL, EVERYBODY), Report(at, "broken_down", "bus#1"), *more]
    return replan(day[0], day[1], at + 2, reports, work=work)


def test_people_on_board_count_as_waiting_and_another_bus_comes_for_them_first(
    day: tuple[Case, Plan]
) -> None:
    loaded, _, _ = times(day[1])
    made = breaks(day, loaded + 1)
    one = made.stranded[0]
    assert (one.vehicle, one.persons, one.inside, one.pick_up) == ("bus#1", 40, True, "A")
    assert made.settled.persons.done == 40
    assert "bus#1 has broken down between A and north" in made.said[0]
    assert "comes for them before all else" in made.said[0]
    first = min((s.starts, v) for v, s in made.plan.stops()
                if s.task is Task.LOAD and s.starts > made.now)
    assert f"{first[1]} comes for them" in made.said[0]
    assert not [v for v in made.stands if v.who != "bus#1"]
    assert sum(arrived(made.plan).persons.values()) == 160


def test_the_rest_of_its_convoy_drives_on_without_it(day: tuple[Case, Plan]) -> None:
    loaded, enters, _ = times(day[1])
    made = breaks(day, loaded + 1)
    out = [s for v, s in made.plan.crossings() if v == "bus#2" and s.direction is OUT]
    assert out[0].enters == enters
    convoy = next(c for c in made.plan.convoys if c.id == out[0].convoy)
    assert convoy.vehicles == ("bus#2",)
    assert sum(h.size * h.number for h in convoy.households) == 40
    assert made.stands == ()


def test_taken_over_they_count_as_moved(day: tuple[Case, Plan]) -> None:
    loaded, _, _ = times(day[1])
    made = breaks(day, loaded + 1, Report(loaded + 2, "taken_over", "bus#1", "bus#2"))
    assert made.stranded == ()
    assert made.settled.persons.done == 80
    assert any("bus#2 has taken on the 40 people" in s for s in made.said)


def test_who_took_over_must_be_a_vehicle_and_the_other_must_have_broken_down(
    day: tuple[Case, Plan]
) -> None:
    case, plan = day
    with pytest.raises(Refusal) as wrong:
        replan(case, plan, 90, [Report(80, "taken_over", "bus#1", "bus#9")])
    assert "no vehicle 'bus#9'" in str(wrong.value)
    assert "no report says that it has broken down" in str(wrong.value)


def test_outside_they_are_to_be_fetched_by_hand_and_are_not_planned_for_at_the_wrong_place(
    day: tuple[Case, Plan]
) -> None:
    _, _, down = times(day[1])
    made = breaks(day, down - 3)
    assert made.stranded[0].pick_up == ""
    assert "TO BE FETCHED BY HAND between north and R" in made.said[0]
    assert sum(arrived(made.plan).persons.values()) == 120
    assert made.after.persons.done == 120


def test_a_vehicle_that_breaks_down_empty_leaves_its_people_waiting_and_its_crew_inside(
    day: tuple[Case, Plan]
) -> None:
    loaded, _, _ = times(day[1])
    made = breaks(day, loaded - 12)
    assert made.stranded[0].persons == 0
    assert "its crew to be brought out" in made.said[0]
    assert sum(arrived(made.plan).persons.values()) == 160


def test_after_all_are_set_down_nothing_of_the_round_is_undone(day: tuple[Case, Plan]) -> None:
    _, _, down = times(day[1])
    made = breaks(day, down + 25)
    assert made.stranded == ()
    assert made.settled.persons.done == 80


def test_families_that_are_divided_count_where_the_last_of_them_is(day: tuple[Case, Plan]) -> None:
    """42 of families of 4 in one bus: two of the eleventh family sit in the other one."""
    case, _ = day
    households = [Household("families", "R", 4, 20)]
    some, beyond, lying = whole(case, households, "families", "R", 42, 0)
    assert [(h.size, h.number) for h in some] == [(4, 11)]
    assert (beyond, lying) == (2, 0)


def test_patients_count_with_their_companions_who_ride_beside_them() -> None:
    case = tiny([site("A"), site("R", "hospital"), site("base", "base")], [corridor()],
                [people("sick", {2: 6}, need=Need.STRETCHER,
                        category=Category.PATIENTS)], [vehicles()])
    households = [Household("sick", "R", 2, 6)]
    some, beyond, lying = whole(case, households, "sick", "R", 3, 3)
    assert [(h.size, h.number) for h in some] == [(2, 3)]
    assert (beyond, lying) == (3, 0)
