"""What a truck carries: several places and items in one load, minima everywhere first.

Every way takes ten minutes, a way through a corridor five, a check five and a service ten.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Direction
from lull.domain.place import INSIDE, OUTSIDE
from lull.domain.plan import Crossing, Plan, Stop, Task
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.tiers import TierKind
from lull.domain.time import Estimate
from lull.domain.worth import arrived, shared_out
from tests.alone import plan_alone
from tests.plan.test_aid_ways import FOOD, aid, truck, units
from tests.plan.test_planner import checked
from tests.plan.towns import town
from tests.tiny.build import corridor, site

PLACES = [site(n, "distribution_point") for n in ("D", "E", "F")]


def served(plan: Plan, task: Task) -> list[list[str]]:
    """For each round of each vehicle the sites at which it loads, or unloads."""
    found: dict[tuple[str, int], list[str]] = {}
    for day in plan.vehicles:
        for s in day.steps:
            if isinstance(s, Stop) and s.task is task:
                found.setdefault((day.vehicle, s.round), []).append(s.site)
    return list(found.values())


def test_a_truck_drops_at_three_places_when_none_takes_a_full_load() -> None:
    """Ten, fifteen and twenty units are one load of fifty; the window holds one round.

    At the high times a round by three places takes 10 + 8 + 3 x (15 + 15) + 15 + 10 + 8 = 141
    minutes from the check inward, by one place 81. It begins at 0 and must be out by 145; a
    second would begin at 80 (out at 50, then a way, loading and a way) and end at 161.
    """
    needs = tuple(Demand("food", n, m, m) for n, m in (("D", 10), ("E", 15), ("F", 20)))
    case = aid([*PLACES, site("W", "warehouse")], [truck()], windows=[(0, 165)],
               stocks=(Stock("food", "W", 500),), demands=needs)
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", n): m
                                          for n, m in (("D", 10), ("E", 15), ("F", 20))}
    (drops,) = served(result.plan, Task.UNLOAD)
    assert sorted(drops) == ["D", "E", "F"]
    assert sum(isinstance(s, Crossing) for d in result.plan.vehicles for s in d.steps) == 2


def test_a_convoy_of_trucks_makes_the_same_stops_in_the_same_order() -> None:
    """Two trucks, 75 units for two places: neither place fills both.

    Together they need 20 + 8 + 2 x 30 + 15 + 20 + 8 = 131 minutes at the high times; one after
    the other, an hour apart, the second could not even go to one place in the 135 there are.
    """
    needs = (Demand("food", "D", 35, 35), Demand("food", "E", 40, 40))
    gate = corridor(convoy=evolve(corridor().convoy, largest=2, headway=60))
    case = aid([*PLACES[:2], site("W", "warehouse")], [truck(number=2)], windows=[(0, 155)],
               corridors=[gate], stocks=(Stock("food", "W", 500),), demands=needs)
    result = checked(case, work=4)
    assert sum(arrived(result.plan).units.values()) == 75


def test_a_store_that_lacks_an_item_shares_the_truck_with_another() -> None:
    """Food here, kits there, both for one place; the window holds one round."""
    items = {**FOOD, "kit": Item("kit", "Kit", 50.0)}
    case = aid([PLACES[0], site("W", "warehouse"), site("V", "warehouse")], [truck()],
               windows=[(0, 150)], items=items,
               stocks=(Stock("food", "W", 500), Stock("kit", "V", 500)),
               demands=(Demand("food", "D", 20, 20), Demand("kit", "D", 20, 20)))
    result = checked(case, work=2)
    assert arrived(result.plan).units == {("food", "D"): 20, ("kit", "D"): 20}
    (loads,) = served(result.plan, Task.LOAD)
    assert sorted(loads) == ["V", "W"]


def test_the_minimum_everywhere_comes_before_more_anywhere() -> None:
    """One round of fifty units: both minima of twenty are met before D gets more of its eighty.

    By two places it takes 111 minutes at the high times, of 120.
    """
    needs = (Demand("food", "D", 80, 20), Demand("food", "E", 80, 20))
    case = aid([*PLACES[:2], site("W", "warehouse")], [truck()], windows=[(0, 140)],
               stocks=(Stock("food", "W", 500),), demands=needs)
    got = units(case, work=3)
    assert got["food", "D"] >= 20
    assert got["food", "E"] >= 20
    assert sum(got.values()) == 50


def test_the_first_quarter_everywhere_counts_for_more_than_the_last_anywhere() -> None:
    """Minima of 60 at three places and one load of 50: it is spread, as shares are concave."""
    needs = tuple(Demand("food", n, 60, 60) for n in ("D", "E", "F"))
    case = aid([*PLACES, site("W", "warehouse")], [truck()], windows=[(0, 150)],
               stocks=(Stock("food", "W", 500),), demands=needs)
    got = units(case, work=3)
    assert sum(got.values()) == 50
    assert max(got.values()) <= 30


def test_stock_that_a_minimum_needs_is_not_given_out_beyond_one_elsewhere() -> None:
    """Sixty units for minima of 30 and 30; D could take 200, and is nearer."""
    needs = (Demand("food", "D", 200, 30), Demand("food", "E", 30, 30))
    case = aid([*PLACES[:2], site("W", "warehouse")], [truck(payload_t=4.0)], windows=[(0, 420)],
               stocks=(Stock("food", "W", 60),), demands=needs)
    assert units(case, work=2) == {("food", "D"): 30, ("food", "E"): 30}


def test_what_was_kept_for_a_place_that_no_truck_reaches_is_given_out_elsewhere() -> None:
    """E lies beyond hope; D gets what would have been kept for it."""
    needs = (Demand("food", "D", 60, 30), Demand("food", "E", 30, 30))
    case = aid([*PLACES[:2], site("W", "warehouse")], [truck()],
               stocks=(Stock("food", "W", 60),), demands=needs)
    likely = case.travel.likely["truck"].copy()
    likely[:, case.travel.index["E"]] = -1
    cut = evolve(case, travel=evolve(case.travel, likely={**case.travel.likely, "truck": likely}))
    result = checked(cut, work=2)
    assert arrived(result.plan).units == {("food", "D"): 60}


def test_two_lines_for_one_item_share_what_comes() -> None:
    """Minima by priority, then the rest by priority; in proportion within one priority."""
    lines = (Demand("food", "D", 60, 20, 2), Demand("food", "D", 40, 30, 1),
             Demand("food", "D", 20, 10, 1))
    assert shared_out(lines, 0) == (0, 0, 0)
    assert shared_out(lines, 20) == (0, 15, 5)
    assert shared_out(lines, 40) == (0, 30, 10)
    assert shared_out(lines, 50) == (10, 30, 10)
    assert shared_out(lines, 70) == (20, 35, 15)
    assert shared_out(lines, 90) == (30, 40, 20)
    assert shared_out(lines, 500) == (60, 40, 20)


AMOUNTS = st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(1, 3))


@given(st.lists(AMOUNTS, min_size=1, max_size=4), st.integers(0, 400))
def test_no_line_gets_less_because_more_has_come(
    amounts: list[tuple[int, int, int]], came: int
) -> None:
    """All of it is shared out, nobody gets more than is needed, and minima come first."""
    lines = [Demand("food", "D", a + b, a, p) for a, b, p in amounts]
    got, more = shared_out(lines, came), shared_out(lines, came + 1)
    assert sum(got) == min(came, sum(line.units for line in lines))
    assert all(x <= y for x, y in zip(got, more, strict=True))
    assert all(x <= line.units for x, line in zip(got, lines, strict=True))
    if any(x > line.minimum for x, line in zip(got, lines, strict=True)):
        assert all(x >= line.minimum for x, line in zip(got, lines, strict=True))


def test_a_folder_with_two_lines_for_one_item_is_planned_and_valued_line_by_line() -> None:
    """Fifty units for a first line of 30 (minimum 20) and a second, of priority 2, of 60 (40):
    20 of the first line's minimum, 30 of the second's 40. Survival: 2 t x phi(1) and half of 4 t
    x phi(0.75) = 2 x 0.8225 + 2 x 0.675."""
    needs = (Demand("food", "D", 30, 20, 1), Demand("food", "D", 60, 40, 2))
    case = aid([PLACES[0], site("W", "warehouse")], [truck()], windows=[(0, 110)],
               stocks=(Stock("food", "W", 50),), demands=needs)
    result = checked(case, work=1)
    assert arrived(result.plan).by_line(case) == (20, 30)
    survival = next(t for t in result.tiers if t.kind is TierKind.SUPPLIES_MINIMUM)
    assert survival.value == pytest.approx(2 * 0.8225 + 2 * 0.675)
    assert [x.number for x in result.left] == [10, 30]


def test_trucks_are_checked_for_their_own_minutes_and_all_their_cargo_is_accounted() -> None:
    """A truck's check takes 30 minutes on the way in where a bus takes five; nothing is planned
    to be removed or returned."""
    slow = {"truck": Estimate(25, 30, 40), "": Estimate.of(5)}
    gate = corridor(checkpoint={Direction.IN: Checkpoint(1, slow),
                                Direction.OUT: Checkpoint(1, {"": Estimate.of(5)})})
    case = aid([PLACES[0], site("W", "warehouse")], [truck()], corridors=[gate],
               stocks=(Stock("food", "W", 50),), demands=(Demand("food", "D", 50, 40),))
    plan = checked(case, work=1).plan
    (day,) = plan.vehicles
    inward = next(s for s in day.steps if isinstance(s, Crossing) and s.direction is Direction.IN)
    assert inward.cleared - inward.enters == 30
    down = [g for s in day.steps if isinstance(s, Stop) and s.task is Task.UNLOAD
            for g in s.goods]
    assert [(g.units, g.removed, g.returned) for g in down] == [(50, 0, 0)]


def many_small(seed: int, **how: Any) -> Case:
    """A town with needs too small for a truck, stocks on both sides, several lines, and more."""
    rng = random.Random(seed)
    base = town(seed, **{"points": 6, "corridors": 2, "receptions": 2, "buses": 3,
                         "ambulances": 1, "trucks": 3, "hours": 5, "people": 80, **how})
    names = [f"A{n:02d}" for n in range(6)]
    needs = []
    for name in (*names, "R00"):
        for item in ("food", "kit"):
            for _ in range(rng.choice([1, 1, 2])):
                wanted = rng.randint(1, 40)
                needs.append(Demand(item, name, wanted, rng.randint(0, wanted),
                                    rng.randint(1, 3)))
    stocks = [Stock("food", "W00", rng.randint(0, 200)), Stock("kit", "B00", rng.randint(0, 90)),
              Stock("food", rng.choice(names), rng.randint(0, 60), rng.choice([0, 120]))]
    return evolve(base, demands=tuple(needs), stocks=tuple(stocks))


@pytest.mark.parametrize("seed", range(4))
def test_towns_with_small_needs_on_both_sides_keep_every_rule(seed: int) -> None:
    """Several lines, stocks inside and outside, drops at several places: all rules, no bound
    passed, and the same work gives the same plan."""
    case = many_small(seed, windows=1 + seed % 2)
    if seed % 3 == 0:
        case = evolve(case, pause=evolve(case.pause, notice=-60))
    result = checked(case, work=4)
    assert arrived(result.plan).units
    assert plan_alone(case, work=4) == result.plan
    left = sum(x.number for x in result.left if x.unit != "persons")
    assert left + sum(arrived(result.plan).units.values()) == sum(d.units for d in case.demands)


def test_reasons_are_true_for_what_is_left() -> None:
    """One reason after the other, each in a town made for it."""
    place, store = PLACES[0], site("W", "warehouse")
    stock, need = (Stock("food", "W", 500),), (Demand("food", "D", 400, 50),)

    def why(**more: Any) -> str:
        parts: dict[str, Any] = {"sites": [place, store], "fleet": [truck()], "stocks": stock,
                                 "demands": need, **more}
        result = checked(aid(parts.pop("sites"), parts.pop("fleet"), **parts), work=1)
        (left,) = result.left
        return left.why

    assert "No stock" in why(stocks=())
    assert "used up" in why(stocks=(Stock("food", "W", 20),))
    assert "No vehicle type carries aid" in why(fleet=[])
    assert "as much as one unit" in why(fleet=[truck(payload_t=0.05)])
    assert "No corridor open to aid" in why(corridors=[corridor(users=("civilians",))])
    assert "Every truck is in use" in why(fleet=[truck(available_to=200)], windows=[(0, 300)],
                                          rules={"margin": 0, "max_order_lines": 6})
    assert "window is too short" in why(windows=[(0, 60)])
    assert "not ready" in why(stocks=(Stock("food", "W", 500, 400),), notice=0)
    assert "longer than crews" in why(fleet=[truck(crew_duty=60)])
    inner = site("V", "warehouse", sides=(INSIDE,))
    assert "No truck may drive" in why(sites=[place, inner], corridors=[],
                                       stocks=(Stock("food", "V", 500),),
                                       fleet=[truck(sides=(OUTSIDE,))])
    assert "checkpoints" in why(fleet=[truck(number=20)], corridors=[corridor(
        check=Estimate.of(40))], windows=[(0, 200)])
