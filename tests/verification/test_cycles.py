"""Vehicles that go round: a deterministic shuttle, and a cycle between two sites with one bay each.

Buzen 1973, doi 10.1145/362342.362345 (closed networks); Denning and Buzen 1978,
doi 10.1145/356733.356735 (bounds from operations).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from lull.domain.case import Case
from lull.domain.plan import Plan, Stop, Task, VehicleDay
from lull.domain.time import Estimate
from lull.simulate import columns as c
from lull.simulate.compiled import replicate
from lull.simulate.scenario import Scenario
from tests.simulate.kit import crossings_of, late, nothing, ready, rounds, run, two_corridors
from tests.tiny.build import site, tiny, vehicles
from tests.verification.kit import FOREVER, MEAN, NONE, drawn, exponential, quiet


def test_a_shuttle_that_starts_late_makes_up_what_each_round_has_to_spare() -> None:
    """Lateness after k rounds is max(0, d − k s): s is what the plan rounds up to slots.

    Ways of 10 and 5, checks of 5, services of 10: a round from gate to gate takes 5 + 5 + 10 + 10
    + 10 to the gate out, 5 + 5 + 10 + 10 + 10 back. The plan's starts lie on whole 5 minutes and so
    do all these, so that without slack in the plan nothing is made up.
    """
    case = two_corridors()
    made = ready(case, rounds(case, 4))
    rows = crossings_of(made, "bus#1")
    for d in (5, 10, 25):
        state = run(made, late(made, nothing(made), "bus#1", d))
        assert (state.times[rows, c.WENT] - made.planned[rows, c.WENT]).tolist() == [d] * 8


def test_a_shuttle_off_its_slots_loses_up_to_the_next_slot_once() -> None:
    """A start d minutes late costs ⌈d / 5⌉ × 5 at the first gate, and no more after."""
    case = two_corridors()
    made = ready(case, rounds(case, 4))
    rows = crossings_of(made, "bus#1")
    for d in (1, 7, 13):
        state = run(made, late(made, nothing(made), "bus#1", d))
        lost = math.ceil(d / 5) * 5
        assert (state.times[rows, c.WENT] - made.planned[rows, c.WENT]).tolist() == [lost] * 8


def cycle(number: int, turns: int, service: dict[str, int], way: int = 0) -> tuple[Case, Plan]:
    """Vehicles that load at one site and unload at another, over and over, as soon as they can."""
    case = tiny(
        [site("base", "base"),
         *(site(name, "reception_centre", bays=1, service={"": Estimate.of(minutes)})
           for name, minutes in service.items())],
        [], fleet=[vehicles("bus", number)], windows=((0, FOREVER),),
        rules={"slot": 1, "margin": 0}, way=Estimate.of(way),
        ways={("base", name): NONE for name in service} | {
            (name, "base"): NONE for name in service},
    )
    tasks = dict(zip(service, (Task.LOAD, Task.UNLOAD), strict=True))
    steps = [Stop("base", Task.START, 0, 0, 0)]
    steps += [Stop(name, tasks[name], 0, 0, 0) for _ in range(turns) for name in service]
    steps += [Stop("base", Task.END, 0, 0, 0)]
    days = tuple(VehicleDay(f"bus#{n}", tuple(steps)) for n in range(1, number + 1))
    return case, Plan(days)


def served(made: Scenario, state_times: np.ndarray, name: int) -> np.ndarray:
    """When services at a site end, in order."""
    rows = np.flatnonzero(
        (made.world.steps[:, c.SITE] == name) & (made.world.steps[:, c.KIND] == c.SERVED))
    return np.sort(state_times[rows, c.FREED])


@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_a_cycle_of_equal_times_keeps_the_bound_of_its_narrowest_site(number: int) -> None:
    """Throughput is min(N / (a + b + 2 w), 1 / max(a, b)): the asymptotic bounds are met."""
    a, b, way = 300, 500, 400
    made = quiet(*cycle(number, 40, {"P": a, "Q": b}, way))
    state = replicate(made.world, drawn(made, np.random.default_rng(1), None))
    ends = served(made, state.times, 2)
    half = ends[len(ends) // 4 : 3 * len(ends) // 4]
    rate = (len(half) - 1) / (half[-1] - half[0])
    assert rate == pytest.approx(min(number / (a + b + 2 * way), 1 / max(a, b)), rel=0.03)


@pytest.mark.parametrize(("number", "ratio"), [(1, 2.0), (3, 1.0), (4, 1.5)])
def test_a_cycle_of_exponential_times_is_buzens(number: int, ratio: float) -> None:
    """Two sites in a ring: X = μ (1 − r^N) / (1 − r^(N+1)), r the ratio of their mean services."""
    made = quiet(*cycle(number, 1500, {"P": MEAN, "Q": MEAN}))
    sites = made.world.steps[:, c.SITE]
    made = exponential(made, np.flatnonzero(sites == 1), MEAN)
    made = exponential(made, np.flatnonzero(sites == 2), MEAN * ratio)
    rates = []
    for n in range(20):
        state = replicate(made.world, drawn(made, np.random.default_rng([number, n]), None))
        ends = served(made, state.times, 1)
        most = ends[len(ends) // 10 : 9 * len(ends) // 10]
        rates.append((len(most) - 1) / (most[-1] - most[0]) * MEAN)
    if ratio == 1:
        theory = number / (number + 1)
    else:
        theory = (1 - ratio**number) / (1 - ratio ** (number + 1))
    error = np.std(rates, ddof=1) / math.sqrt(len(rates))
    assert error < 0.01 * theory
    assert np.mean(rates) == pytest.approx(theory, abs=3.9 * error)
