"""Aid that does not simply go in by a gate: every way that a folder can say, judged by every rule.

In these towns every way takes ten minutes, a way through a corridor five, a check five and a
service ten, so that rounds are summed in the head.
"""

from __future__ import annotations

from typing import Any

import pytest

from lull.domain.case import Case
from lull.domain.fleet import Use, VehicleType
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.plan import Crossing, Plan, Stop, Task
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.worth import arrived
from lull.plan import Result
from tests.alone import plan_alone
from tests.plan.test_planner import checked
from tests.tiny.build import corridor, site, tiny, vehicles

FOOD = {"food": Item("food", "Food", 100.0)}


def truck(name: str = "truck", number: int = 1, **more: Any) -> VehicleType:
    """Trucks of five tonnes: fifty units of food."""
    return vehicles(name, number, (Use.AID,), **{"seats": 0, "payload_t": 5.0, **more})


def aid(sites: list[Any], fleet: list[VehicleType], **more: Any) -> Case:
    """A town without people who wish to leave."""
    parts: dict[str, Any] = {"items": FOOD, "windows": [(0, 300)], "rules": {"margin": 20}, **more}
    return tiny([*sites, site("base", "base")], parts.pop("corridors", [corridor()]), [],
                fleet, **parts)


def units(case: Case, work: int = 2) -> dict[tuple[str, str], int]:
    """What a checked plan delivers."""
    return dict(arrived(checked(case, work=work).plan).units)


def crossings(plan: Plan) -> int:
    return sum(isinstance(s, Crossing) for d in plan.vehicles for s in d.steps)


def test_a_need_outside_is_met_without_a_gate() -> None:
    """A round takes 40 minutes there and back; from 0 on there is time for all three loads."""
    camp = site("camp", "distribution_point", sides=(OUTSIDE,))
    case = aid([camp, site("W", "warehouse")], [truck()],
               stocks=(Stock("food", "W", 500),), demands=(Demand("food", "camp", 120, 50),))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "camp"): 120}
    assert crossings(result.plan) == 0
    assert not result.left


def test_the_same_truck_serves_a_camp_outside_and_a_place_inside() -> None:
    """One full load for each."""
    camp = site("camp", "distribution_point", sides=(OUTSIDE,))
    case = aid([camp, site("D", "distribution_point"), site("W", "warehouse")], [truck()],
               stocks=(Stock("food", "W", 100),),
               demands=(Demand("food", "camp", 50, 50), Demand("food", "D", 50, 50)))
    assert units(case) == {("food", "camp"): 50, ("food", "D"): 50}


def test_stock_inside_is_fetched_and_handed_out_by_a_truck_that_comes_in_and_goes_out() -> None:
    """In 25 with its check, load 10, way 10, set down 10, out: nothing is carried through a gate
    and nobody is left inside. Both ways through the gate are empty."""
    store = site("store", "warehouse", sides=(INSIDE,))
    case = aid([store, site("D", "distribution_point")], [truck()],
               stocks=(Stock("food", "store", 200),), demands=(Demand("food", "D", 50, 20),))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "D"): 50}
    assert crossings(result.plan) == 2


def test_trucks_that_live_inside_hand_out_stock_inside_and_are_home_by_the_close() -> None:
    """From 0: 10 to the store, then 40 minutes a round, 10 home. By 120: loads set down at 40, 80,
    and at 120, but then they would not be home: 100 units."""
    store = site("store", "warehouse", sides=(INSIDE,))
    yard = site("yard", "base", sides=(INSIDE,))
    case = aid([store, yard, site("D", "distribution_point")],
               [truck(sides=(INSIDE,), base="yard")], windows=[(0, 120)],
               stocks=(Stock("food", "store", 500),), demands=(Demand("food", "D", 500, 20),))
    result = checked(case, work=3)
    assert arrived(result.plan).units == {("food", "D"): 100}
    assert all(s.departs <= 120 for d in result.plan.vehicles
               for s in d.steps if isinstance(s, Stop))


def test_trucks_inside_go_on_in_the_next_window() -> None:
    """Each window of 80 minutes has time for one load; between them they stand at their base."""
    store = site("store", "warehouse", sides=(INSIDE,))
    yard = site("yard", "base", sides=(INSIDE,))
    case = aid([store, yard, site("D", "distribution_point")],
               [truck(sides=(INSIDE,), base="yard")], windows=[(0, 80), (200, 280)],
               stocks=(Stock("food", "store", 500),), demands=(Demand("food", "D", 500, 20),))
    assert units(case) == {("food", "D"): 100}


@pytest.mark.parametrize("outward", [False, True])
def test_a_corridor_between_two_outer_sides_is_driven_either_way(outward: bool) -> None:
    """Stock in the west for the east, or the other way round, by trucks of the east."""
    camp = site("camp", "distribution_point", sides=(OUTSIDE if outward else "west",))
    store = site("W", "warehouse", sides=("west" if outward else OUTSIDE,))
    over = corridor("pass", between=("west", OUTSIDE))
    case = aid([camp, store], [truck(sides=("west", OUTSIDE))], corridors=[over],
               stocks=(Stock("food", "W", 100),), demands=(Demand("food", "camp", 60, 50),))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "camp"): 60}


def test_aid_comes_in_by_way_of_another_outer_side() -> None:
    """From the east through the west into the enclosed side, checked at both gates."""
    over = corridor("pass", between=("west", OUTSIDE))
    gate = corridor("gate", between=(INSIDE, "west"))
    case = aid([site("D", "distribution_point"), site("W", "warehouse")],
               [truck(sides=(INSIDE, "west", OUTSIDE))], corridors=[over, gate],
               stocks=(Stock("food", "W", 100),), demands=(Demand("food", "D", 50, 50),))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "D"): 50}
    assert crossings(result.plan) == 4


def test_without_an_open_corridor_stock_inside_still_reaches_those_inside() -> None:
    """Reading the folder with no consent moves what crosses no line."""
    store, yard = site("store", "warehouse", sides=(INSIDE,)), site("yard", "base", sides=(INSIDE,))
    case = aid([store, yard, site("D", "distribution_point")],
               [truck(sides=(INSIDE,), base="yard")], corridors=[],
               stocks=(Stock("food", "store", 500),), demands=(Demand("food", "D", 40, 20),))
    assert units(case) == {("food", "D"): 40}


def test_many_trucks_serve_a_camp_outside_though_there_is_enough_to_do_inside() -> None:
    """Thirty trucks until 150, of which none is too many for the places inside."""
    camp = site("camp", "distribution_point", sides=(OUTSIDE,))
    inner = [site(f"D{n}", "distribution_point") for n in range(3)]
    case = aid([camp, site("W", "warehouse"), *inner], [truck(number=30, available_to=150)],
               windows=[(0, 200)], corridors=[corridor(lanes=15), corridor("south", lanes=15)],
               stocks=(Stock("food", "W", 9000),),
               demands=(Demand("food", "camp", 150, 150),
                        *(Demand("food", p.id, 2500, 2500, 2) for p in inner)))
    assert units(case, work=2).get(("food", "camp"), 0) == 150


def reasons(result: Result) -> set[str]:
    return {x.why for x in result.left}


def test_same_work_same_plan_of_aid() -> None:
    """Nothing but case, work and seed decides."""
    store = site("store", "warehouse", sides=(INSIDE,))
    case = aid([store, site("D", "distribution_point"), site("W", "warehouse")], [truck(number=2)],
               stocks=(Stock("food", "store", 200), Stock("food", "W", 90)),
               demands=(Demand("food", "D", 250, 20),))
    assert plan_alone(case, work=4) == plan_alone(case, work=4)


def stops(plan: Plan, task: Task) -> list[Stop]:
    return [s for d in plan.vehicles for s in d.steps if isinstance(s, Stop) and s.task is task]
