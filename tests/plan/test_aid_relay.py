"""Cargo that changes fleets at an exchange point, both ways, judged by every rule.

Every way takes ten minutes, a way through a corridor five, a check five and a service ten.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.plan import Plan, Stop, Task
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Window
from lull.domain.worth import arrived
from tests.alone import plan_alone
from tests.plan.test_aid_ways import FOOD, aid, crossings, truck
from tests.plan.test_planner import checked
from tests.tiny.build import corridor, site


def over_the_west(**more: Any) -> Case:
    """Stock outside, need in the west, an exchange point on both, a fleet on each side."""
    sites = [
        site("W", "warehouse"), site("far", "base", sides=("west",)),
        site("camp", "distribution_point", sides=("west",)),
        site("X", "exchange_point", sides=(OUTSIDE, "west"), **more.pop("point", {})),
    ]
    fleet = more.pop("fleet", [
        truck(sides=(OUTSIDE,), number=more.pop("near", 1)),
        truck("lorry", sides=("west",), base="far", number=more.pop("beyond", 1)),
    ])
    parts = {"stocks": (Stock("food", "W", 500),), "demands": (Demand("food", "camp", 100, 50),),
             **more}
    return aid(sites, fleet, **parts)


def handed(plan: Plan, where: str) -> tuple[int, int]:
    """Units set down and taken on at an exchange point."""
    sums = {Task.UNLOAD: 0, Task.LOAD: 0}
    for day in plan.vehicles:
        for step in day.steps:
            if isinstance(step, Stop) and step.site == where and step.task in sums:
                sums[step.task] += sum(g.units for g in step.goods)
    return sums[Task.UNLOAD], sums[Task.LOAD]


def test_cargo_for_another_outer_side_is_taken_on_by_the_fleet_of_that_side() -> None:
    """Two loads of fifty, each set down and taken on; no truck waits at the exchange point."""
    result = checked(over_the_west(), work=2)
    assert arrived(result.plan).units == {("food", "camp"): 100}
    assert handed(result.plan, "X") == (100, 100)
    assert not result.left


def test_a_smaller_fleet_beyond_takes_several_rides_for_one_load() -> None:
    """Lorries of two tonnes fetch a load of five in three rides."""
    fleet = [truck(sides=(OUTSIDE,)),
             truck("lorry", sides=("west",), base="far", payload_t=2.0)]
    result = checked(over_the_west(fleet=fleet, windows=[(0, 600)]), work=2)
    assert arrived(result.plan).units == {("food", "camp"): 100}


def test_nothing_is_set_down_that_nobody_can_take_on() -> None:
    """The fleet beyond must be back by 130: one ride leaves half of the need at its store."""
    fleet = [truck(sides=(OUTSIDE,), number=2),
             truck("lorry", sides=("west",), base="far", available_to=110)]
    result = checked(over_the_west(fleet=fleet), work=2)
    down, on = handed(result.plan, "X")
    assert down == on == arrived(result.plan).units["food", "camp"] == 50
    (left,) = result.left
    assert left.number == 50
    assert "exchange point" in left.why


def test_stock_in_the_west_comes_in_with_trucks_from_outside() -> None:
    """Lorries bring it to the exchange point, trucks take it through the checkpoint from there."""
    sites = [
        site("W", "warehouse", sides=("west",)), site("far", "base", sides=("west",)),
        site("D", "distribution_point"), site("X", "exchange_point", sides=(OUTSIDE, "west")),
    ]
    fleet = [truck(number=1), truck("lorry", sides=("west",), base="far")]
    case = aid(sites, fleet, stocks=(Stock("food", "W", 500),),
               demands=(Demand("food", "D", 100, 50),))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "D"): 100}
    assert crossings(result.plan) == 4


def with_fleet_inside(**more: Any) -> Case:
    """Trucks from outside come to an exchange point inside, trucks that live there go on."""
    sites = [
        site("W", "warehouse"), site("yard", "base", sides=(INSIDE,)),
        site("D", "distribution_point"), site("E", "distribution_point"),
        site("X", "exchange_point", sides=more.pop("lies", (INSIDE,))),
    ]
    fleet = [truck(number=2), truck("cart", sides=(INSIDE,), base="yard", payload_t=2.5,
                                    number=more.pop("carts", 3))]
    parts = {"stocks": (Stock("food", "W", 500),),
             "demands": (Demand("food", "D", 40, 20), Demand("food", "E", 60, 30)), **more}
    case = aid(sites, fleet, **parts)
    # from the gate only the exchange point can be reached by truck
    likely = case.travel.likely["truck"].copy()
    index = case.travel.index
    for place in ("D", "E"):
        likely[:, index[place]] = likely[index[place], :] = -1
    return evolve(case, travel=evolve(case.travel, likely={**case.travel.likely, "truck": likely}))


@pytest.mark.parametrize("lies", [(INSIDE,), (INSIDE, OUTSIDE)])
def test_cargo_is_inspected_before_a_fleet_that_lives_inside_takes_it_on(
    lies: tuple[str, ...]
) -> None:
    """Even where the exchange point lies on the line, the trucks pass the checkpoint first."""
    result = checked(with_fleet_inside(lies=lies), work=3)
    assert arrived(result.plan).units == {("food", "D"): 40, ("food", "E"): 60}
    assert crossings(result.plan) >= 4


def test_one_cart_sets_down_at_two_places_on_one_ride() -> None:
    """A cart with room left takes what is for the next place too."""
    case = with_fleet_inside(carts=1, demands=(Demand("food", "D", 10, 5),
                                               Demand("food", "E", 15, 5)))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "D"): 10, ("food", "E"): 15}
    cart = next(d for d in result.plan.vehicles if d.vehicle.startswith("cart"))
    tasks = [s.task for s in cart.steps if isinstance(s, Stop) and s.goods]
    assert tasks == [Task.LOAD, Task.UNLOAD, Task.UNLOAD]


def test_cargo_may_wait_for_the_next_window_but_none_stays() -> None:
    """The first window ends before the carts could hand out: they do so in the second."""
    case = with_fleet_inside(windows=[(0, 110), (200, 400)])
    result = checked(case, work=2)
    down, on = handed(result.plan, "X")
    assert down == on > 0


ODD = list(itertools.product(
    ({}, {"bays": 1}, {"open_hours": (Window(30, 200),)}),
    ({"near": 3, "beyond": 1}, {"near": 1, "beyond": 4}),
    ({}, {"rules": {"margin": 20, "routes_per_driver": 1}}, {"windows": [(0, 150), (300, 420)]},
     {"notice": -20}),
))


@pytest.mark.parametrize(("point", "fleets", "more"), ODD)
def test_every_rule_is_kept_however_the_exchange_point_is(
    point: dict[str, Any], fleets: dict[str, int], more: dict[str, Any]
) -> None:
    """Few bays, hours of its own, either fleet short, two windows, one route a driver."""
    case = over_the_west(point=point, **fleets, **more)
    result = checked(case, work=8)
    down, on = handed(result.plan, "X")
    assert down == on == sum(arrived(result.plan).units.values())
    assert plan_alone(case, work=8) == result.plan


def test_search_takes_days_that_hang_together_out_and_puts_them_back() -> None:
    """Four items, several trucks on both sides: more work never gives less."""
    items = {n: Item(n, n, kg) for n, kg in (("food", 100.0), ("kit", 40.0), ("tent", 70.0))}
    stocks = tuple(Stock(n, "W", 120) for n in items)
    demands = tuple(Demand(n, "camp", 90, 30) for n in items)
    case = over_the_west(near=2, beyond=3, items=items, stocks=stocks, demands=demands,
                         windows=[(0, 240)])
    values = [[round(t.value, 6) for t in checked(case, work=w).tiers[:-1]] for w in (0, 12, 30)]
    assert values == sorted(values)
    assert FOOD.keys() <= items.keys()


def test_corridors_and_needs_of_the_same_kind_need_no_relay() -> None:
    """A truck that can come itself is not made to hand over."""
    sites = [site("W", "warehouse"), site("D", "distribution_point"),
             site("X", "exchange_point", sides=(OUTSIDE, "west"))]
    case = aid(sites, [truck(number=2)], corridors=[corridor()],
               stocks=(Stock("food", "W", 100),), demands=(Demand("food", "D", 100, 50),))
    assert handed(checked(case, work=1).plan, "X") == (0, 0)
