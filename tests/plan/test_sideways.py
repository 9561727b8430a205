"""Journeys that are not simply out of the enclosed side: outside, between sides, from inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import User
from lull.domain.fleet import Use
from lull.domain.people import Category, Means, Need
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.plan import Crossing, Plan, Task
from lull.domain.rules import judge
from lull.domain.worth import arrived
from lull.exchange import read_plan, write_plan
from lull.plan import make_plan
from tests.plan.test_planner import checked
from tests.tiny.build import corridor, people, site, tiny, vehicles

EVERY = (INSIDE, OUTSIDE, "west")
WEST = ("west",)
PEOPLE = (User.CIVILIANS, User.WOUNDED)


def moved(case: Case, **how: int) -> dict[str, int]:
    """Persons of each group whom a checked plan brings to their destination."""
    return dict(arrived(checked(case, **{"work": 4, **how}).plan).persons)


def camp(**more: Any) -> Case:
    """A camp outside on the side of the reception centre, and people inside at A."""
    places = [site("A"), site("C", sides=(OUTSIDE,)), site("R", "reception_centre"),
              site("base", "base")]
    groups = more.pop("groups", [people(households={4: 10}), people("camp", {4: 10}, where="C")])
    return tiny(places, more.pop("corridors", [corridor()]), groups,
                more.pop("fleet", [vehicles(number=1)]), **more)


def test_people_outside_are_driven_without_any_gate() -> None:
    """Forty inside and forty in a camp: one bus, two rounds."""
    result = checked(camp(), work=4)
    assert dict(arrived(result.plan).persons) == {"families": 40, "camp": 40}
    assert sum(isinstance(s, Crossing) for d in result.plan.vehicles for s in d.steps) == 2


def test_people_outside_are_called_for_the_vehicle_itself() -> None:
    """A vehicle that crosses no gate is what the call serves."""
    plan = checked(camp(groups=[people("camp", {4: 10}, where="C")]), work=2).plan
    assert {c.serves for c in plan.calls} == {"bus#1"}


def test_people_go_on_from_side_to_side_by_a_corridor_between_two_sides_outside() -> None:
    """From the camp by the second corridor to the west, from A by both: 40 and 40."""
    gates = [corridor(), corridor("far", PEOPLE, between=(OUTSIDE, "west"))]
    places = [site("A"), site("C", sides=(OUTSIDE,)), site("R", "reception_centre", sides=WEST),
              site("base", "base")]
    groups = [people(households={4: 10}), people("camp", {4: 10}, where="C")]
    case = tiny(places, gates, groups, [vehicles(number=2, sides=EVERY)])
    assert moved(case) == {"families": 40, "camp": 40}


def test_a_corridor_between_sides_is_used_in_either_direction() -> None:
    """The camp lies on the side that the corridor calls its far one."""
    places = [site("C", sides=WEST), site("R", "reception_centre"), site("base", "base"),
              site("A")]
    far = corridor("far", PEOPLE, between=(OUTSIDE, "west"))
    case = tiny(places, [corridor(), far], [people("camp", {4: 10}, where="C")],
                [vehicles(number=1, sides=EVERY)])
    assert moved(case) == {"camp": 40}


def test_a_bus_whose_base_is_inside_leaves_and_ends_its_day_outside() -> None:
    """It loads without coming in first, comes back for more, and is not caught inside."""
    places = [site("A"), site("R", "reception_centre"), site("yard", "base", sides=(INSIDE,)),
              site("base", "base")]
    fleet = [vehicles(number=1, base="yard")]
    for windows in ([(0, 240)], [(0, 150), (1440, 1590)]):
        case = tiny(places, [corridor()], [people(households={4: 24})], fleet, windows=windows)
        plan = checked(case, work=4).plan
        assert arrived(plan).persons == {"families": 96}
        (day,) = plan.vehicles
        assert (day.steps[0].site, day.steps[0].task) == ("yard", Task.START)
        assert (day.steps[-1].site, day.steps[-1].task) == ("R", Task.END)


def test_who_would_have_to_be_carried_into_the_enclosed_side_is_refused_in_words() -> None:
    """The rules say that nobody is planned into it."""
    case = camp(groups=[people("camp", {4: 10}, where="C", destinations=("A",))])
    result = make_plan(case, work=0)
    assert result.plan == Plan()
    assert result.refused[0].startswith("Into the enclosed side")


@pytest.mark.parametrize("means", [Means.ON_FOOT, Means.OWN_CAR])
def test_who_could_walk_or_drive_is_given_a_seat_where_that_is_the_only_way(
    means: Means,
) -> None:
    """No walkers and no private cars pass here; a bus has seats to spare."""
    car = {"persons_per_car": 4} if means is Means.OWN_CAR else {}
    walk = people("walk", {2: 10}, means=means, need=Need.WALKING, **car)
    north = corridor()
    case = tiny([site("A"), site("R", "reception_centre"), site("base", "base")], [north],
                [people(households={4: 5}), walk], [vehicles(number=1)], windows=[(0, 150)])
    no_cars = {p: (t if p != "own_car" else t * 0 - 1) for p, t in case.travel.likely.items()}
    case = evolve(case, travel=evolve(case.travel, likely=no_cars))
    assert moved(case) == {"families": 20, "walk": 20}


def test_unaccompanied_children_who_could_walk_are_driven() -> None:
    """They travel only to an organisation that receives them."""
    received = site("R", "reception_centre", receives_unaccompanied=True,
                    receiving_organisation="a children's organisation")
    children = people(households={1: 20}, means=Means.ON_FOOT, unaccompanied=True)
    case = tiny([site("A"), received, site("base", "base")], [corridor()], [children],
                [vehicles()])
    assert moved(case) == {"families": 20}


def test_walkers_bound_beyond_an_exchange_point_are_driven_to_it() -> None:
    """A bus brings them to the point, a coach of the west takes them on."""
    places = [site("A"), site("X", "exchange_point", sides=(OUTSIDE, "west")),
              site("R", "reception_centre", sides=WEST), site("base", "base"),
              site("far", "base", sides=WEST)]
    fleet = [vehicles(number=1), vehicles("coach", 1, sides=WEST, base="far")]
    walk = people("walk", {2: 20}, means=Means.ON_FOOT, need=Need.WALKING, destinations=("R",))
    assert moved(tiny(places, [corridor()], [walk], fleet)) == {"walk": 40}


def test_fighters_do_not_go_on_by_a_corridor_that_is_not_open_to_them() -> None:
    """The second corridor is for civilians; they stay."""
    gates = [corridor("north", ("fighters",)), corridor("far", PEOPLE, between=(OUTSIDE, "west"))]
    places = [site("A"), site("R", "reception_centre", sides=WEST), site("base", "base")]
    own = people(households={4: 10}, category=Category.FIGHTERS)
    case = tiny(places, gates, [own],
                [vehicles("green", 1, (Use.FIGHTERS,), sides=EVERY)])
    assert moved(case) == {}


def walk_then_ride(**more: Any) -> Case:
    """Walkers pass the gate on foot to X, where coaches of the west take them on; no other way."""
    places = [site("A"), site("X", "exchange_point", sides=(OUTSIDE, "west"), **more.pop("x", {})),
              site("R", "reception_centre", sides=WEST), site("base", "base"),
              site("far", "base", sides=WEST)]
    walk = people("walk", {2: 40}, means=Means.ON_FOOT, need=Need.WALKING)
    north = corridor(rates={"persons_per_hour": 60})
    coach = vehicles("coach", more.pop("coaches", 1), sides=WEST, base="far", seats=20)
    return tiny(places, [north], [walk], [coach], **more)


def test_walkers_change_to_vehicles_at_an_exchange_point() -> None:
    """Fifteen at a time through the gate, twenty in a coach: all eighty arrive."""
    result = checked(walk_then_ride(), work=2)
    assert dict(arrived(result.plan).persons) == {"walk": 80}
    assert {(p.destination, p.bound_for) for p in result.plan.parties} == {("X", "R")}


@pytest.mark.parametrize("more", [
    {"x": {"crowd_limit": 10}}, {"x": {"waiting_limit": 5}}, {"x": {"bays": 1}},
    {"windows": [(0, 120), (1440, 1560)]}, {"rules": {"exchange_wait": 0}},
])
def test_walkers_who_change_keep_the_limits_of_the_point(more: dict[str, Any]) -> None:
    """Few at once, shortly, one bay, two days, no waiting at all."""
    assert sum(moved(walk_then_ride(**more)).values()) > 0


def test_without_a_coach_nobody_walks_to_an_exchange_point() -> None:
    """Nobody is left between two halves of a journey."""
    assert moved(walk_then_ride(coaches=0)) == {}


def test_the_rules_follow_walkers_from_one_half_of_the_journey_to_the_other() -> None:
    """Without the coach they are never taken on; a party changes at an exchange point only."""
    case = walk_then_ride()
    plan = checked(case, work=1).plan
    alone = evolve(plan, vehicles=())
    assert "exchange_point" in {v.rule for v in judge(case, alone)}
    assert arrived(alone).persons == {"walk": 0}
    late = evolve(plan, parties=tuple(
        evolve(p, reaches=p.reaches + 40, destination="X") for p in plan.parties))
    assert "exchange_point" in {v.rule for v in judge(case, late)}
    elsewhere = evolve(plan, parties=tuple(evolve(p, destination="base") for p in plan.parties))
    assert "destinations_respected" in {v.rule for v in judge(case, elsewhere)}


def test_a_plan_with_walkers_who_change_is_written_and_read_again(tmp_path: Path) -> None:
    """Where they go on to stands in plan.json."""
    case = walk_then_ride()
    plan = checked(case, work=1).plan
    write_plan(plan, case, tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json", case).parties == plan.parties
