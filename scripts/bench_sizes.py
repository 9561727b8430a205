"""The sizes of the benchmark cases: what each class holds and how its three members differ.

Every figure here is made up; none is a statement about Aleppo, whose streets alone are real.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve, frozen

Minutes = tuple[int, int, int]
"""Low, likely, high."""

HOUSEHOLDS: Mapping[str, Mapping[int, int]] = {
    "mixed": {1: 4, 2: 10, 3: 13, 4: 18, 5: 19, 6: 15, 7: 11, 8: 10},
    "small": {1: 14, 2: 22, 3: 22, 4: 20, 5: 12, 6: 6, 7: 3, 8: 1},
    "large": {1: 1, 2: 3, 3: 7, 4: 11, 5: 16, 6: 18, 7: 15, 8: 13, 9: 8, 10: 5, 12: 3},
}
"""Households of each size in a hundred, made up: one spread for each member of a class."""


@frozen
class Checks:
    """Minutes in a lane by who passes, lanes, and the convoy rule of every corridor."""

    bus_out: Minutes
    bus_in: Minutes
    ambulance_out: Minutes
    own_car_out: Minutes
    truck_in: Minutes
    truck_out: Minutes
    lanes_out: int
    lanes_in: int
    largest_convoy: int
    headway: int
    holding_limit: int


@frozen
class Size:
    """One case: places, people, fleet, goods, checks and hours; counts unless the name says.

    `people` wish to leave and need a bus, `seated_share` of them seated; `all_rules` states every
    rule that the folder can state: own hours, one-way, shared and linked corridors, hourly limits,
    fighters apart, unaccompanied children, an exchange point, tight places, stock.
    `street_factor` is the share of their speed at which the streets are driven.
    """

    name: str
    seed: int
    radius_m: int
    points: int
    quarters: int
    corridors: int
    receptions: int
    hospitals: int
    distributions: int
    feeding: int
    bus_bases: int
    stores: int
    buses: int
    ambulances: int
    trucks: int
    items: int
    people: int
    seated_share: float
    walkers: int
    drivers: int
    critical: int
    stretcher: int
    need_t: int
    households: str
    windows: tuple[tuple[str, str], ...]
    checks: Checks
    all_rules: bool = False
    return_share: float = 0.0
    crew_duty: int = 840
    street_factor: float = 0.6
    note: str = ""

    @property
    def vehicles(self) -> int:
        """Vehicles of all types."""
        return self.buses + self.ambulances + self.trucks


LIGHT = Checks(
    bus_out=(1, 2, 4), bus_in=(1, 1, 2), ambulance_out=(1, 1, 3), own_car_out=(1, 1, 2),
    truck_in=(3, 5, 10), truck_out=(1, 1, 2), lanes_out=2, lanes_in=2,
    largest_convoy=10, headway=5, holding_limit=60,
)  # fmt: skip
FULL = evolve(
    LIGHT, bus_out=(6, 10, 15), bus_in=(1, 2, 4), ambulance_out=(3, 5, 8), own_car_out=(1, 2, 5),
    truck_in=(5, 10, 20), truck_out=(2, 5, 8), lanes_out=1, largest_convoy=5, holding_limit=45,
)  # fmt: skip
MIDDLE = evolve(
    FULL,
    bus_out=(2, 4, 8),
    ambulance_out=(1, 2, 4),
    truck_out=(1, 2, 4),
    lanes_out=2,
    largest_convoy=10,
)

DAY = "2030-05-06"
SMALL = Size(
    name="s", seed=0, radius_m=1300, points=4, quarters=2, corridors=1, receptions=2, hospitals=1,
    distributions=1, feeding=0, bus_bases=1, stores=1, buses=8, ambulances=2, trucks=2, items=2,
    people=1500, seated_share=0.25, walkers=80, drivers=40, critical=3, stretcher=9, need_t=60,
    households="mixed", windows=((f"{DAY} 08:00", f"{DAY} 13:00"),),
    checks=evolve(LIGHT, bus_out=(2, 4, 8), lanes_out=1, lanes_in=1, largest_convoy=6),
    return_share=0.02, note="a morning at one crossing",
)  # fmt: skip
FREE = Size(
    name="m-free", seed=0, radius_m=3000, points=40, quarters=20, corridors=8, receptions=9,
    hospitals=3, distributions=12, feeding=0, bus_bases=1, stores=1, buses=100, ambulances=30,
    trucks=60, items=10, people=90_000, seated_share=0.2, walkers=3000, drivers=900, critical=120,
    stretcher=680, need_t=3000, households="mixed",
    windows=((f"{DAY} 08:00", f"{DAY} 19:00"),), checks=LIGHT, note="the fleet binds",
)  # fmt: skip
GATE = evolve(
    FREE, name="m-gate", feeding=1, checks=FULL, people=60_000, drivers=1800, all_rules=True,
    return_share=0.05, crew_duty=630, street_factor=0.9,
    note="the checkpoints bind; all rules on",
)  # fmt: skip
LARGE = evolve(
    FREE, name="l", radius_m=3800, points=200, quarters=60, corridors=20, receptions=32,
    hospitals=8, distributions=40, bus_bases=4, stores=2, buses=640, ambulances=160, trucks=200,
    people=400_000, walkers=15_000, drivers=6000, critical=900, stretcher=5100, need_t=12_000,
    windows=tuple((f"2030-05-0{d} 08:00", f"2030-05-0{d} 18:00") for d in (6, 7, 8)),
    checks=MIDDLE, return_share=0.02, note="three days",
)  # fmt: skip


def _three(size: Size, seed: int, cars: int = 1) -> list[Size]:
    """Three members of a class: other places, another line, another spread of households.

    The third has `cars` times as many people in cars of their own.
    """
    return [
        evolve(
            size,
            name=f"{size.name}-{n}",
            seed=seed + n,
            radius_m=round(size.radius_m * wide),
            people=round(size.people * crowd),
            households=spread,
            drivers=size.drivers * (cars if n == 3 else 1),
        )
        for n, wide, crowd, spread in (
            (1, 1.0, 1.0, "mixed"),
            (2, 0.85, 1.2, "small"),
            (3, 1.15, 0.9, "large"),
        )
    ]


SIZES: Mapping[str, Size] = {
    s.name: s
    for size, seed, cars in ((SMALL, 100, 1), (FREE, 200, 1), (GATE, 300, 3), (LARGE, 400, 1))
    for s in _three(size, seed, cars)
}
"""Every benchmark case by name."""
