"""Odd folders of aid, made up from a seed: a plan that keeps every rule under its bound, always.

Stores, places, exchange points and bases lie on any side; corridors join any two; trucks drive on
any sides; items are of any weight, and lines of need repeat.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from lull.domain.case import Case
from lull.domain.corridor import ConvoyRule, Corridor, Direction
from lull.domain.fleet import Use, VehicleType
from lull.domain.place import INSIDE, OUTSIDE, Site
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Estimate, Window
from lull.domain.worth import arrived
from lull.plan.cannot import cannot_plan
from tests.alone import plan_alone
from tests.plan.test_planner import checked
from tests.tiny.build import corridor, people, site, tiny, vehicles

ITEMS = {name: Item(name, name, kg) for name, kg in (("food", 100.0), ("kit", 35.0),
                                                      ("tent", 700.0))}
USERS = ("civilians", "wounded", "aid")


def odd(seed: int) -> Case:
    """Anything that a folder can say about aid, small enough to be planned in a moment."""
    rng = random.Random(seed)
    sides = [INSIDE, OUTSIDE, *(["west"] if rng.random() < 0.5 else [])]
    sites = _sites(rng, sides)
    fleet, groups = _fleet(rng, sides), []
    if rng.random() < 0.4:
        sites += [site("A"), site("R", "reception_centre"), site("garage", "base")]
        groups = [people("families", {4: rng.randint(3, 20)})]
        fleet.append(vehicles("bus", 2, base="garage"))
    stores = [s.id for s in sites if s.id[0] == "W"]
    places = [s.id for s in sites if s.id[0] == "D"]
    points = [s.id for s in sites if s.id[0] == "X"]
    rules: dict[str, Any] = {"margin": rng.choice([0, 20]), "slot": rng.choice([5, 10])}
    for name, value in (("routes_per_driver", 1), ("max_order_lines", rng.choice([6, 8, 12])),
                        ("return_share", 0.2)):
        if rng.random() < 0.2:
            rules[name] = value
    return tiny(
        sites, _corridors(rng, sides), groups, fleet, items=ITEMS,
        stocks=tuple(
            Stock(rng.choice(list(ITEMS)), rng.choice(_some(rng, stores, points)),
                  rng.randint(0, 120), rng.choice([0, 0, 90]))
            for _ in range(rng.randint(1, 5))),
        demands=tuple(
            Demand(rng.choice(list(ITEMS)), rng.choice(_some(rng, places, points)), units,
                   rng.randint(0, units), rng.randint(1, 3))
            for units in rng.choices(range(90), k=rng.randint(1, 7))),
        windows=rng.choice([[(0, 300)], [(0, 200)], [(0, 150), (200, 380)],
                            [(0, 130), (1440, 1600)]]),
        rules=rules, notice=rng.choice([None, -40, 30]),
    )


def _some(rng: random.Random, usual: list[str], seldom: list[str]) -> list[str]:
    return usual + seldom if rng.random() < 0.2 else usual


def _sites(rng: random.Random, sides: list[str]) -> list[Site]:
    def put(name: str, kind: str, *on: str) -> Site:
        hours = (Window(20, rng.randint(100, 300)),) if rng.random() < 0.15 else ()
        return site(name, kind, sides=on, bays=rng.choice([None, 1, 2]), open_hours=hours)

    pairs = [(a, b) for n, a in enumerate(sides) for b in sides[n + 1:]]
    alone = [(side,) for side in sides]
    return [
        *(put(f"W{n}", "warehouse", rng.choice(sides)) for n in range(rng.randint(1, 3))),
        *(put(f"D{n}", "distribution_point",
              *(rng.choice(pairs) if rng.random() < 0.1 else (rng.choice([*sides, INSIDE]),)))
          for n in range(rng.randint(1, 5))),
        *(put(f"X{n}", "exchange_point", *rng.choice([*pairs, *pairs, *alone]))
          for n in range(rng.randint(0, 2))),
        *(site(f"B{side}", "base", sides=(side,)) for side in sides),
    ]


def _corridors(rng: random.Random, sides: list[str]) -> list[Corridor]:
    ways = [(INSIDE, OUTSIDE)] * 3
    ways += [(INSIDE, "west"), ("west", OUTSIDE)] if "west" in sides else []
    return [
        corridor(
            f"C{n}", users=USERS if rng.random() < 0.85 else USERS[:1],
            between=rng.choice(ways), check=Estimate(2, rng.choice([2, 5, 9]), 12),
            convoy=ConvoyRule(rng.choice([None, 1, 2, 4]), rng.choice([0, 0, 15]), None),
            holding_limit=rng.choice([None, 10, 30]), lanes=rng.choice([1, 2]),
            shared_lanes=rng.random() < 0.2,
            directions=frozenset(Direction) if rng.random() < 0.8 else frozenset(
                [rng.choice(list(Direction))]),
            open_hours=(Window(0, rng.randint(60, 250)),) if rng.random() < 0.2 else (),
        )
        for n in range(rng.randint(0, 3))
    ]


def _fleet(rng: random.Random, sides: list[str]) -> list[VehicleType]:
    found = []
    for n in range(rng.randint(1, 3)):
        on = tuple(sorted(rng.sample(sides, rng.randint(1, len(sides)))))
        homes = [side for side in on if side != INSIDE] or [INSIDE]
        found.append(vehicles(
            f"t{n}", rng.randint(1, 4), (Use.AID,), seats=0, sides=on,
            payload_t=rng.choice([0.5, 2.0, 5.0]), base=f"B{rng.choice(homes)}",
            crew_duty=rng.choice([None, None, 200]), mobilise=rng.choice([0, 30]),
            available_to=rng.choice([None, None, 300]),
        ))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_odd_folders_of_aid_are_planned_within_every_rule_and_bound(seed: int) -> None:
    """All units are delivered or left with a reason, and the same work gives the same plan."""
    case = odd(seed)
    assert cannot_plan(case) == ()
    result = checked(case, work=3)
    left = sum(x.number for x in result.left if x.unit != "persons")
    assert left + sum(arrived(result.plan).units.values()) == sum(d.units for d in case.demands)
    assert all(x.why.endswith(".") for x in result.left)
    if seed % 5 == 0:
        assert plan_alone(case, work=3) == result.plan


def test_most_odd_folders_that_have_a_way_are_served() -> None:
    """The towns are not so odd that nothing ever moves."""
    served = [bool(arrived(plan_alone(odd(seed), work=0)).units) for seed in range(30)]
    assert sum(served) >= 10
