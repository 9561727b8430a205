"""Two types in one convoy, and several points in one round: who would else be left is taken."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.fleet import Use
from lull.domain.pause import PlanningRules
from lull.domain.people import Category, Need
from lull.domain.plan import Stop, Task
from lull.domain.time import Estimate
from lull.domain.worth import arrived
from tests.plan.test_planner import SMALL, checked
from tests.plan.towns import town
from tests.tiny.build import corridor, people, site, tiny, vehicles

PATIENTS: dict[str, Any] = {"need": Need.STRETCHER, "category": Category.PATIENTS}


def moved(case: Case, **how: int) -> dict[str, int]:
    """Persons of each group whom a checked plan brings to their destination."""
    return dict(arrived(checked(case, **{"work": 3, **how}).plan).persons)


def wards(amb: dict[str, Any], bus: dict[str, Any] | None = None, **more: Any) -> Case:
    """Six patients with two companions each at A; ambulances and a bus at one base or two."""
    places = [site("A"), site("H", "hospital", hospital_level=2), site("base", "base"),
              site("depot", "base"), site("R", "reception_centre")]
    fleet = [vehicles("amb", **{"number": 3, "uses": (Use.WOUNDED,), "seats": 0,
                                "stretchers": 2, **amb}),
             vehicles(**{"number": 1, **(bus or {})})]
    groups = more.pop("groups", [people("sick", {3: 6}, **PATIENTS)])
    return tiny(places, more.pop("corridors", [corridor(lanes=2)]), groups, fleet, **more)


def test_companions_ride_in_a_bus_where_the_ambulances_have_no_seats() -> None:
    """Six lie in three ambulances, twelve sit in the bus, in one convoy out: 18 in one round."""
    result = checked(wards({}, windows=[(0, 150)]), work=3)
    assert dict(arrived(result.plan).persons) == {"sick": 18}
    (out,) = [c for c in result.plan.convoys if c.households]
    assert sorted(out.vehicles) == ["amb#1", "amb#2", "amb#3", "bus#1"]


def test_the_convoy_is_as_slow_as_its_slower_half_and_each_comes_from_its_own_base() -> None:
    """The bus takes longer everywhere and starts from a depot farther away."""
    slow = wards({}, {"base": "depot"})
    service = {"": Estimate(8, 10, 15), "bus": Estimate(10, 20, 30)}
    sites = {k: evolve(s, service=service) for k, s in slow.sites.items()}
    likely = slow.travel.likely["bus"] * 2
    likely[slow.travel.likely["bus"] < 0] = -1
    high = slow.travel.high["bus"] * 2
    high[slow.travel.high["bus"] < 0] = -1
    travel = evolve(slow.travel, likely={**slow.travel.likely, "bus": likely},
                    high={**slow.travel.high, "bus": high})
    assert moved(evolve(slow, sites=sites, travel=travel)) == {"sick": 18}


@pytest.mark.parametrize("seats", [0, 1, 3])
def test_a_few_seats_in_the_ambulance_count_too(seats: int) -> None:
    """With enough seats of their own they need no bus; with fewer the bus takes the others."""
    assert moved(wards({"seats": seats})) == {"sick": 18}


def test_without_a_bus_only_patients_who_come_alone_leave() -> None:
    """Nobody is parted from companions."""
    groups = [people("sick", {1: 2, 3: 4}, **PATIENTS)]
    assert moved(wards({}, {"number": 0}, groups=groups)) == {"sick": 2}


def test_a_convoy_no_larger_than_the_gate_allows() -> None:
    """Two together at the most: one ambulance and one bus each round."""
    from lull.domain.corridor import ConvoyRule

    gates = [corridor(lanes=2, convoy=ConvoyRule(2, 0, None))]
    assert moved(wards({}, corridors=gates)) == {"sick": 18}


@pytest.mark.parametrize("seed", range(3))
def test_towns_whose_ambulances_have_no_seats_keep_every_rule(seed: int) -> None:
    """All patients have a companion: without a bus beside it no ambulance would take one."""
    rules = PlanningRules(return_share=0.1) if seed == 1 else None
    case = town(seed, **SMALL, rules=rules)
    fleet = {**case.fleet, "amb": evolve(case.fleet["amb"], seats=0)}
    result = checked(evolve(case, fleet=fleet), work=2)
    got = arrived(result.plan)
    assert sum(got.patients.values()) >= 4
    assert any(got.patients.get(g) for g in case.groups if g.startswith("p"))


def small_points(**more: Any) -> Case:
    """Three points with one family of ten each, twenty minutes from the gate, five apart."""
    names = ("A", "B", "C")
    places = [*(site(n) for n in names), site("R", "reception_centre"), site("base", "base")]
    groups = [people(f"of {n}", {10: 1}, where=n) for n in names]
    near = {(a, b): Estimate(4, 5, 8) for a in names for b in names if a != b}
    far = {pair: Estimate(15, 20, 30) for n in names
           for pair in ((n, "north@inside"), ("north@inside", n))}
    parts: dict[str, Any] = {"windows": [(0, 190)], "fleet": [vehicles(number=1)], **more}
    gates = [corridor(lanes=parts.pop("lanes", 1))]
    return tiny(places, gates, groups, parts.pop("fleet"), ways={**near, **far}, **parts)


def test_one_bus_gathers_three_small_points_in_one_round() -> None:
    """In at 0, at A from 30 to 40, B 45 to 55, C 60 to 70, at the gate at 90, out at 100.

    At the high times it takes 157 minutes, of 190 - 30; a second round could begin at 100 at the
    earliest and would, at the high times, be out at 201 even with one point.
    """
    result = checked(small_points(), work=3)
    assert sum(arrived(result.plan).persons.values()) == 30
    (day,) = result.plan.vehicles
    loads = [s.site for s in day.steps if isinstance(s, Stop) and s.task is Task.LOAD]
    assert sorted(loads) == ["A", "B", "C"]


def test_a_bus_that_is_full_after_two_points_leaves_the_third() -> None:
    """Twenty seats, families of ten, kept whole."""
    assert sum(moved(small_points(fleet=[vehicles(number=1, seats=25)])).values()) == 20


def test_a_convoy_of_two_gathers_together_and_each_call_is_for_it() -> None:
    """Both stop at every point; nobody is called for another convoy."""
    result = checked(small_points(fleet=[vehicles(number=2, seats=15)], lanes=2), work=3)
    assert sum(arrived(result.plan).persons.values()) == 30
