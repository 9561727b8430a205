"""Queues made of the simulator's own parts: vehicles that come to a gate or site at random.

One minute is a tick here: service takes a thousand of them in the mean, so that whole minutes do
not show.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from lull.domain.case import Case
from lull.domain.plan import Convoy, Crossing, Plan, Stop, Task, VehicleDay
from lull.domain.time import Estimate
from lull.simulate import Policy, Uncertainty
from lull.simulate import columns as c
from lull.simulate.columns import Chance
from lull.simulate.scenario import Scenario, scenario
from lull.simulate.spreads import SpreadTable
from lull.simulate.uncertainty import Shape
from tests.tiny.build import OUT, corridor, site, tiny, vehicles

MEAN = 1000
"""Ticks of a service in the mean."""
FOREVER = 500_000_000
NONE = Estimate.of(0)


def gate(number: int, lanes: int) -> tuple[Case, Plan]:
    """Vehicles that live at a base inside, each with one crossing out, all planned at minute 0."""
    case = tiny(
        [site("base", "base", sides=("inside",)), site("R", "reception_centre")],
        [corridor("north", lanes=lanes, check=Estimate.of(MEAN))],
        fleet=[vehicles("bus", number)], windows=((0, FOREVER),), rules={"slot": 1, "margin": 0},
        way=NONE, through=NONE,
    )
    days, convoys = [], []
    for n in range(1, number + 1):
        out = Crossing("north", OUT, f"c{n}", 0, 0, MEAN, MEAN)
        days.append(VehicleDay(f"bus#{n}", (
            Stop("base", Task.START, 0, 0, 0), out, Stop("R", Task.END, MEAN, MEAN, MEAN))))
        convoys.append(Convoy(f"c{n}", "north", OUT, 0, (f"bus#{n}",)))
    return case, Plan(tuple(days), tuple(convoys))


def quiet(case: Case, plan: Plan) -> Scenario:
    """Nothing is uncertain, nothing goes together, nobody waits for mates."""
    alone = Uncertainty(sources=frozenset(), together=0.0)
    return scenario(case, plan, alone, Policy(wait_for_mates=0))


def exponential(made: Scenario, rows: np.ndarray, mean: float) -> Scenario:
    """The same with an exponential service at some steps, in whole ticks."""
    world = made.world
    at = np.arange(int(14 * mean)) + 0.5
    table = SpreadTable(Shape.PERT, list(map(tuple, world.spreads.tolist())),
                        world.cuts.tolist())
    index = table.add(0, 1 - np.exp(-at / mean))
    spreads, cuts = table.arrays()
    steps = world.steps.copy()
    steps[rows, c.SERVICE] = index
    return evolve(made, world=world._replace(steps=steps, spreads=spreads, cuts=cuts))


def drawn(made: Scenario, rng: np.random.Generator, arrivals: np.ndarray | None) -> Chance:
    """Standard normals for each service, arrivals as late starts, nothing else."""
    many = made.world.steps.shape[0]
    steps = np.ones((many, c.CHANCE_COLUMNS))
    steps[:, c.AT_STEP] = rng.standard_normal(many)
    late = np.zeros(made.world.vehicles.shape[0], np.int64)
    if arrivals is not None:
        late[:] = arrivals
    corridors, windows = made.world.corridors.shape[0], made.world.windows.shape[0]
    return Chance(
        steps, late, np.zeros((corridors, 1)), np.zeros((corridors, 0, 2), np.int64),
        np.full((corridors, windows), c.NEVER, np.int64))


def poisson(rng: np.random.Generator, number: int, gap: float) -> np.ndarray:
    """Minutes of arrivals with exponential gaps."""
    return np.cumsum(rng.exponential(gap, number)).astype(np.int64)
