"""The bound is never below the best plan, and no plan exceeds either."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import numpy as np
import pytest

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule, Corridor, Direction, MineStatus, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import Pause, PlanningRules
from lull.domain.people import Category, Group, Need
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.rules import judge
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Clock, Estimate, Window
from lull.domain.travel import UNREACHABLE, TravelTable
from lull.domain.worth import arrived
from lull.plan import make_plan
from tests.alone import plan_alone
from tests.oracle.brute import Tiny


def made_up(seed: int) -> Tiny:
    """A tiny pause with a fixed seed; small enough to try everything."""
    rng = random.Random(seed)
    points = rng.choice([1, 2])
    ways = tuple(rng.randint(3, 14) for _ in range(points))
    check = rng.choice([2, 4, 5, 7])
    return Tiny(
        closes=rng.choice([100, 130, 160]),
        margin=rng.choice([10, 20]),
        slot=rng.choice([5, 10]),
        check=check,
        check_high=check + rng.randint(0, 3),
        transit=rng.randint(1, 4),
        to_site=ways,
        to_site_high=tuple(w + rng.randint(0, 5) for w in ways),
        to_centre=rng.randint(2, 12),
        load=rng.randint(3, 10),
        unload=rng.randint(2, 8),
        people=tuple(rng.choice([25, 40, 80, 130]) for _ in range(points)),
        seats=rng.choice([20, 40]),
        vehicles=rng.choice([1, 2]),
    )


CARRIED = ("persons", "patients", "tonnes")
"""What the tiny pause carries: the sums are the same for all three. Aid takes the way the other
way round: loaded at the centre where people would be set down, set down where they would board."""


def as_case(tiny: Tiny, carried: str = "persons") -> Case:
    """The same pause in the words of the domain."""
    gates = ("C@inside", "C@outside")
    points = [f"P{n}" for n in range(len(tiny.people))]
    places = (*points, "R", *gates)
    index = {p: i for i, p in enumerate(places)}
    likely = np.full((len(places), len(places)), UNREACHABLE, dtype=np.int32)
    high = likely.copy()

    def way(a: str, b: str, minutes: int, slow: int) -> None:
        for x, y in ((a, b), (b, a)):
            likely[index[x], index[y]], high[index[x], index[y]] = minutes, slow

    way(*gates, tiny.transit, tiny.transit)
    way("R", gates[1], tiny.to_centre, tiny.to_centre)
    for n, point in enumerate(points):
        way(point, gates[0], tiny.to_site[n], tiny.to_site_high[n])
    no, yes = np.zeros(likely.shape, dtype=bool), np.ones(likely.shape, dtype=bool)
    table = TravelTable(
        places, {"bus": likely}, {"bus": likely}, {"bus": high},
        {"bus": np.zeros(likely.shape)}, {"bus": yes}, {"bus": no},
    )
    service = {"": Estimate.of(tiny.load)}
    sites = {p: Site(p, p, SiteKind.ASSEMBLY, sides=(INSIDE,), service=service) for p in points}
    ends = {"persons": SiteKind.RECEPTION, "patients": SiteKind.HOSPITAL,
            "tonnes": SiteKind.WAREHOUSE}
    sites["R"] = Site("R", "R", ends[carried], sides=(OUTSIDE,),
                      service={"": Estimate.of(tiny.unload)})
    check = Checkpoint(1, {"": Estimate(tiny.check, tiny.check, tiny.check_high)})
    corridor = Corridor(
        "C", "C", frozenset(User) - {User.FIGHTERS}, frozenset(Direction),
        checkpoint=dict.fromkeys(Direction, check), convoy=ConvoyRule(1, 0),
        mines=dict.fromkeys(Direction, MineStatus.CLEARED),
    )
    patients = {"need": Need.STRETCHER, "category": Category.PATIENTS}
    groups = {
        f"g{n}": Group(f"g{n}", points[n], people, people, {1: people},
                       **(patients if carried == "patients" else {}))  # type: ignore[arg-type]
        for n, people in enumerate(tiny.people) if carried != "tonnes"
    }
    use = {"persons": Use.PASSENGERS, "patients": Use.WOUNDED, "tonnes": Use.AID}[carried]
    room = {"persons": "seats", "patients": "stretchers", "tonnes": "payload_t"}[carried]
    bus = VehicleType("bus", "Bus", tiny.vehicles, "R", frozenset({use}), (INSIDE, OUTSIDE),
                      **{room: tiny.seats})  # type: ignore[arg-type]
    rules = PlanningRules(margin=tiny.margin, slot=tiny.slot, call_lead=0)
    clock = Clock(datetime(2016, 10, 20, 5, 0, tzinfo=UTC), "Asia/Damascus")
    pause = Pause("Tiny", "Tiny", clock, (Window(0, tiny.closes),), rules=rules)
    if carried != "tonnes":
        return Case(pause, sites, {"C": corridor}, groups, {"bus": bus}, table)
    return Case(
        pause, sites, {"C": corridor}, groups, {"bus": bus}, table,
        {"t": Item("t", "A tonne", 1000.0)}, (Stock("t", "R", 10_000),),
        tuple(Demand("t", p, n, n) for p, n in zip(points, tiny.people, strict=True)),
    )


@pytest.mark.parametrize(("seed", "carried"), [
    *((n, "persons") for n in range(40)),
    *((n, "patients") for n in range(40, 60)),
    *((n, "tonnes") for n in range(60, 90)),
])
def test_plan_best_and_bound_stand_in_order(seed: int, carried: str) -> None:
    """What the plan moves ≤ what any plan moves (tried out) ≤ what the bound says."""
    assert carried in CARRIED
    tiny = made_up(seed)
    case = as_case(tiny, carried)
    result = make_plan(case, work=15)
    best, got = tiny.best(), arrived(result.plan)
    moved = sum({"persons": got.persons, "patients": got.patients,
                 "tonnes": got.units}[carried].values())  # type: ignore[attr-defined]
    assert not judge(case, result.plan)
    assert moved <= best <= getattr(result.ceiling, carried)


def test_the_plan_is_the_best_one_in_most_tiny_pauses() -> None:
    """Within one bus load everywhere, and exactly the best in at least nine of ten."""
    exact = 0
    for seed in range(100, 140):
        tiny = made_up(seed)
        moved = sum(arrived(plan_alone(as_case(tiny), work=30)).persons.values())
        best = tiny.best()
        assert best - moved <= tiny.seats
        exact += moved == best
    assert exact >= 36
