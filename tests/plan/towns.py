"""Made-up towns of any size with a fixed seed: places on a plane, gates on a line."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import numpy as np

from lull.domain.case import Case
from lull.domain.corridor import Checkpoint, ConvoyRule, Corridor, Direction, MineStatus, User
from lull.domain.fleet import Use, VehicleType
from lull.domain.pause import Pause, PlanningRules
from lull.domain.people import Category, Group, Means, Need
from lull.domain.place import INSIDE, OUTSIDE, Site, SiteKind
from lull.domain.supplies import Demand, Item, Stock
from lull.domain.time import Clock, Estimate, Window
from lull.domain.travel import FOOT, OWN_CAR, UNREACHABLE, TravelTable

BOTH = frozenset(Direction)
CLEARED = {Direction.OUT: MineStatus.CLEARED, Direction.IN: MineStatus.CLEARED}


def spread(minutes: int) -> Estimate:
    """Low, likely and high around a likely figure."""
    return Estimate(max(0, minutes - minutes // 3), minutes, minutes + -(-minutes // 2))


def town(
    seed: int,
    *,
    points: int = 12,
    corridors: int = 4,
    receptions: int = 4,
    buses: int = 20,
    ambulances: int = 8,
    trucks: int = 8,
    hours: int = 8,
    people: int = 1200,
    windows: int = 1,
    rules: PlanningRules | None = None,
) -> Case:
    """A town whose enclosed half lies left of x = 0; minutes grow with distance."""
    rng = random.Random(seed)
    where: dict[str, tuple[float, float]] = {}
    sites = _sites(rng, where, points, receptions)
    gates = _gates(rng, where, corridors)
    first = datetime(2016, 10, 20, 5, 0, tzinfo=UTC)
    spells = tuple(Window(1440 * n, 1440 * n + hours * 60, f"day {n + 1}") for n in range(windows))
    pause = Pause("Town", "Town", Clock(first, "Asia/Damascus"), spells,
                  rules=rules or PlanningRules())
    profiles = {"bus": 3.0, "amb": 2.5, "truck": 3.5, FOOT: 15.0, OWN_CAR: 3.0}
    return Case(
        pause, sites, gates, _groups(rng, points, people), _fleet(buses, ambulances, trucks),
        table(sites, gates, where, profiles),
        {"food": Item("food", "Food parcel", 60.0, "parcel"),
         "kit": Item("kit", "Medical kit", 25.0, "kit")},
        (Stock("food", "W00", 2000), Stock("kit", "W00", 300)),
        tuple(d for n in range(points) for d in (
            Demand("food", f"A{n:02d}", 150, 60), Demand("kit", f"A{n:02d}", 10, 4, 2))),
    )


def _sites(
    rng: random.Random, where: dict[str, tuple[float, float]], points: int, receptions: int
) -> dict[str, Site]:
    sites: dict[str, Site] = {}

    def put(site: Site, x: float, y: float) -> None:
        sites[site.id], where[site.id] = site, (x, y)

    for n in range(points):
        put(Site(f"A{n:02d}", f"Assembly {n}", SiteKind.ASSEMBLY, neighbourhood=f"N{n // 2}",
                 sides=(INSIDE,), bays=rng.choice([2, 4, 6]), crowd_limit=1500,
                 waiting_limit=90, service={"": spread(10)}, walk_to_shelter=20, call=10),
            -rng.uniform(0.5, 6), rng.uniform(-6, 6))
    for n in range(receptions):
        put(Site(f"R{n:02d}", f"Reception {n}", SiteKind.RECEPTION, bays=8,
                 capacity_seated=rng.choice([None, 20_000]), service={"": spread(8)}),
            rng.uniform(1, 6), rng.uniform(-6, 6))
    put(Site("H00", "Hospital", SiteKind.HOSPITAL, hospital_level=3, bays=4,
             capacity_stretcher=200, capacity_critical=60, service={"": spread(12)}), 3.0, 0.0)
    put(Site("B00", "Base", SiteKind.BASE), 2.0, 1.0)
    put(Site("W00", "Warehouse", SiteKind.WAREHOUSE, bays=3, service={"": spread(20)}), 4.0, -2.0)
    return sites


def _gates(
    rng: random.Random, where: dict[str, tuple[float, float]], corridors: int
) -> dict[str, Corridor]:
    gates: dict[str, Corridor] = {}
    for n in range(corridors):
        y = -6 + 12 * (n + 0.5) / corridors
        aid = {User.AID} if n % 2 == 0 else set()
        made = Corridor(
            f"C{n}", f"Corridor {n}", frozenset({User.CIVILIANS, User.WOUNDED} | aid), BOTH,
            checkpoint={d: Checkpoint(rng.choice([1, 2]), {"": spread(3)}, persons_per_hour=200)
                        for d in Direction},
            convoy=ConvoyRule(8, rng.choice([0, 10])), holding_limit=40, mines=CLEARED,
        )
        gates[made.id] = made
        where[made.gate_place(INSIDE)], where[made.gate_place(OUTSIDE)] = (-0.2, y), (0.2, y)
    return gates


def _fleet(buses: int, ambulances: int, trucks: int) -> dict[str, VehicleType]:
    both, duty = (INSIDE, OUTSIDE), 12 * 60
    return {
        "bus": VehicleType("bus", "Bus", buses, "B00", frozenset({Use.PASSENGERS}), both,
                           seats=50, crew_duty=duty),
        "amb": VehicleType("amb", "Ambulance", ambulances, "B00", frozenset({Use.WOUNDED}), both,
                           seats=2, stretchers=2, crew_duty=duty),
        "truck": VehicleType("truck", "Truck", trucks, "B00", frozenset({Use.AID}), both,
                             payload_t=5.0, crew_duty=duty),
    }


def _groups(rng: random.Random, points: int, people: int) -> dict[str, Group]:
    groups = {}
    for n in range(points):
        fours, ones = people // 8, people // 2
        wishing = 4 * fours + ones
        groups[f"s{n}"] = Group(f"s{n}", f"A{n:02d}", wishing * 3, wishing, {4: fours, 1: ones})
        sick = rng.randint(2, 8)
        groups[f"p{n}"] = Group(f"p{n}", f"A{n:02d}", 2 * sick, 2 * sick, {2: sick},
                                need=Need.STRETCHER, category=Category.PATIENTS)
        if n % 3 == 0:
            groups[f"c{n}"] = Group(f"c{n}", f"A{n:02d}", 3, 3, {1: 3}, need=Need.CRITICAL,
                                    category=Category.PATIENTS, hospital_level=2)
            groups[f"w{n}"] = Group(f"w{n}", f"A{n:02d}", 200, 200, {2: 50, 5: 20},
                                    need=Need.WALKING, means=Means.ON_FOOT)
            groups[f"o{n}"] = Group(f"o{n}", f"A{n:02d}", 90, 90, {3: 30}, means=Means.OWN_CAR,
                                    persons_per_car=3)
    return groups


def table(
    sites: dict[str, Site],
    gates: dict[str, Corridor],
    where: dict[str, tuple[float, float]],
    profiles: dict[str, float],
) -> TravelTable:
    """Minutes by straight lines between places of one side and between a corridor's gates."""
    places = tuple(where)
    sides = {s.id: set(s.sides) for s in sites.values()}
    for c in gates.values():
        for gate in (c.inside_gate, c.outside_gate):
            sides[c.gate_place(gate.side)] = {gate.side}
    pairs = {frozenset(c.gates(Direction.OUT)) for c in gates.values()}
    size = len(places)
    likely = {p: np.full((size, size), UNREACHABLE, dtype=np.int32) for p in profiles}
    metres = {p: np.zeros((size, size)) for p in profiles}
    for i, a in enumerate(places):
        for j, b in enumerate(places):
            if not sides[a] & sides[b] and frozenset((a, b)) not in pairs:
                continue
            km = float(np.hypot(where[a][0] - where[b][0], where[a][1] - where[b][1])) * 1.3
            for name, each in profiles.items():
                likely[name][i, j] = 0 if i == j else int(np.ceil(km * each + 1))
                metres[name][i, j] = km * 1000
    def scaled(array: np.ndarray, factor: float) -> np.ndarray:
        out = np.ceil(array * factor).astype(np.int32)
        out[array == UNREACHABLE] = UNREACHABLE
        return out

    no = {p: np.zeros((size, size), dtype=bool) for p in profiles}
    yes = {p: np.ones((size, size), dtype=bool) for p in profiles}
    return TravelTable(
        places, {p: scaled(a, 0.8) for p, a in likely.items()}, likely,
        {p: scaled(a, 1.5) for p, a in likely.items()}, metres, yes, no, "straight lines",
    )
