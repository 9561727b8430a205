"""Made-up towns in which many odd things are true at once: every rule kept, no bound passed."""

from __future__ import annotations

import random

import pytest
from attrs import evolve

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, Corridor, Direction, Gate, Link, LinkUnit, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import PlanningRules
from lull.domain.people import Category, Group, Means, Need
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.time import Estimate, Window
from lull.domain.travel import FOOT, OWN_CAR
from lull.domain.worth import arrived
from tests.alone import plan_alone
from tests.plan.test_planner import checked
from tests.plan.towns import BOTH, CLEARED, spread, table, town

WEST = "west"
SPEED = {"bus": 3.0, "amb": 2.5, "truck": 3.5, FOOT: 15.0, OWN_CAR: 3.0,
         "van": 3.5, "inner": 3.0, "coach": 3.0, "yardbus": 3.0}


def odd_town(seed: int) -> Case:
    """A small town with some of: exchange points, fleets inside, a camp, links, a third side."""
    rng = random.Random(1000 + seed)
    case = town(seed, points=4, corridors=2, receptions=2, buses=3, ambulances=2, trucks=1,
                hours=5, people=rng.choice([80, 200]), windows=rng.choice([1, 1, 2]),
                rules=PlanningRules(return_share=rng.choice([0.0, 0.0, 0.1]),
                                    fill=rng.choice([1.0, 0.8]), rest=120,
                                    exchange_wait=rng.choice([20, 60])))
    where = _where(rng, case)
    sites, fleet = dict(case.sites), dict(case.fleet)
    groups, gates = dict(case.groups), dict(case.corridors)
    for add in (_points, _fleets_inside, _beyond, _camp, _links, _seats):
        if rng.random() < 0.6 or add is _points:
            add(rng, sites, fleet, groups, gates)
    for name in sites:
        where.setdefault(name, (rng.uniform(1, 6), rng.uniform(-6, 6)))
    for c in gates.values():
        for gate in (c.inside_gate, c.outside_gate):
            where.setdefault(c.gate_place(gate.side), (5.0, rng.uniform(-6, 6)))
    return evolve(case, sites=sites, fleet=fleet, groups=groups, corridors=gates,
                  travel=table(sites, gates, where, {k: SPEED[k] for k in SPEED
                                                     if k in fleet or k in (FOOT, OWN_CAR)}))


def _where(rng: random.Random, case: Case) -> dict[str, tuple[float, float]]:
    """Inside to the left, outside to the right, gates between."""
    found = {}
    for site in case.sites.values():
        left = -rng.uniform(0.5, 6) if site.inside else rng.uniform(1, 6)
        found[site.id] = (left, rng.uniform(-6, 6))
    for n, c in enumerate(case.corridors.values()):
        found[c.gate_place(INSIDE)], found[c.gate_place(OUTSIDE)] = (-0.2, 3.0 * n), (0.2, 3.0 * n)
    return found


Parts = tuple[dict[str, Site], dict[str, VehicleType], dict[str, Group], dict[str, Corridor]]


def _exchange(rng: random.Random, name: str, *sides: str) -> Site:
    return Site(name, name, SiteKind.EXCHANGE, sides=sides, bays=rng.choice([None, 1, 3]),
                crowd_limit=rng.choice([None, 40, 120]), waiting_limit=rng.choice([None, 15, 45]),
                service={"": spread(5)})


def _points(rng: random.Random, *parts: dict) -> None:  # type: ignore[type-arg]
    """Exchange points inside, on the line, and between two sides outside."""
    sites = parts[0]
    for name, sides in (("XI", (INSIDE,)), ("XL", (INSIDE, OUTSIDE)), ("XW", (OUTSIDE, WEST))):
        if rng.random() < 0.7:
            sites[name] = _exchange(rng, name, *sides)


def _fleets_inside(rng: random.Random, *parts: dict) -> None:  # type: ignore[type-arg]
    """Vans and an ambulance that live inside, and a bus whose base is inside but may leave."""
    sites, fleet = parts[0], parts[1]
    sites["Y00"] = Site("Y00", "Yard", SiteKind.BASE, sides=(INSIDE,))
    sites["HI"] = Site("HI", "Inner hospital", SiteKind.HOSPITAL, sides=(INSIDE,),
                       hospital_level=1, service={"": spread(6)})
    fleet["van"] = VehicleType("van", "Van", 2, "Y00", frozenset({Use.PASSENGERS}), (INSIDE,),
                               seats=18, crew_duty=rng.choice([None, 240]))
    fleet["inner"] = VehicleType("inner", "Inner ambulance", 1, "Y00", frozenset({Use.WOUNDED}),
                                 (INSIDE,), seats=2, stretchers=2)
    if rng.random() < 0.5:
        fleet["yardbus"] = VehicleType("yardbus", "Bus of the yard", 1, "Y00",
                                       frozenset({Use.PASSENGERS}), (INSIDE, OUTSIDE), seats=30)
    groups = parts[2]
    groups["p1"] = evolve(groups["p1"], destinations=("HI", "H00"))


def _beyond(rng: random.Random, *parts: dict) -> None:  # type: ignore[type-arg]
    """One centre in the west, coaches there, and perhaps a corridor that leads to it."""
    sites, fleet, groups, gates = parts
    sites["R01"] = evolve(sites["R01"], sides=(WEST,), capacity_seated=rng.choice([None, 90]))
    sites["F00"] = Site("F00", "Far base", SiteKind.BASE, sides=(WEST,))
    fleet["coach"] = VehicleType("coach", "Coach", 2, "F00", frozenset({Use.PASSENGERS}),
                                 (WEST,), seats=40)
    for name in ("s0", "s2", "w0"):
        groups[name] = evolve(groups[name], destinations=("R01",))
    if rng.random() < 0.5:
        gates["CW"] = Corridor(
            "CW", "Western", frozenset({User.CIVILIANS, User.WOUNDED}), BOTH,
            Gate(OUTSIDE), Gate(WEST), mines=CLEARED,
            checkpoint={d: Checkpoint(1, {"": spread(4)}) for d in Direction})
        fleet["bus"] = evolve(fleet["bus"], sides=(INSIDE, OUTSIDE, WEST))


def _camp(rng: random.Random, *parts: dict) -> None:  # type: ignore[type-arg]
    """People outside who wait to be driven, patients among them."""
    sites, _, groups, _ = parts
    sites["C00"] = Site("C00", "Camp", SiteKind.ASSEMBLY, bays=2, call=5,
                        crowd_limit=rng.choice([None, 60]), service={"": spread(7)})
    groups["camp"] = Group("camp", "C00", 100, 80, {4: 15, 2: 10})
    groups["camp sick"] = Group("camp sick", "C00", 6, 6, {2: 3}, need=Need.STRETCHER,
                                category=Category.PATIENTS)


def _links(rng: random.Random, *parts: dict) -> None:  # type: ignore[type-arg]
    gates = parts[3]
    unit = rng.choice(list(LinkUnit))
    lead = rng.choice([0, 1, 30]) if unit is LinkUnit.PERSONS else rng.choice([0, 1, 2])
    gates["C0"] = evolve(gates["C0"], link=Link("C1", unit, rng.choice([1.0, 2.0]), lead, lead))


def _seats(rng: random.Random, *parts: dict) -> None:  # type: ignore[type-arg]
    """Ambulances without a seat; a group that could walk is unaccompanied."""
    sites, fleet, groups, _ = parts
    fleet["amb"] = evolve(fleet["amb"], seats=rng.choice([0, 1]))
    sites["R00"] = evolve(sites["R00"], receives_unaccompanied=True, capacity_seated=None,
                          receiving_organisation="a children's organisation")
    groups["kids"] = Group("kids", "A01", 9, 9, {1: 9}, need=Need.WALKING, means=Means.ON_FOOT,
                           unaccompanied=True)


@pytest.mark.parametrize("seed", range(6))
def test_odd_towns_keep_every_rule_pass_no_bound_and_move_people(seed: int) -> None:
    """Whatever is true of them at once."""
    result = checked(odd_town(seed), work=2)
    assert not result.refused
    assert sum(arrived(result.plan).persons.values()) > 20


def test_a_window_of_another_length_is_odd_too() -> None:
    """Windows that follow each other closely, with vehicles that live inside."""
    case = odd_town(2)
    spells = (Window(0, 170), Window(200, 400))
    checked(evolve(case, pause=evolve(case.pause, windows=spells)), work=1)


def test_the_same_odd_town_gives_the_same_plan() -> None:
    """Rides and departures in step depend on case, work and seed alone."""
    case = odd_town(1)
    assert plan_alone(case, work=2) == plan_alone(case, work=2)


def test_service_times_of_nought_at_exchange_points() -> None:
    """Setting down and taking on in the same minute."""
    case = odd_town(3)
    sites = {k: evolve(s, service={"": Estimate.of(0)}) if s.kind is SiteKind.EXCHANGE else s
             for k, s in case.sites.items()}
    checked(evolve(case, sites=sites), work=1)
