"""Queues at a checkpoint against the closed forms of queueing theory.

Erlang 1917; Gross, Shortle, Thompson and Harris, Fundamentals of Queueing Theory, 2008,
doi 10.1002/9781118625651, chapters 2 and 5. Means are over independent replications with the first
arrivals left out; the tolerance is that of their own spread, at about one error in a thousand.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t as student

from lull.simulate import columns as c
from lull.simulate.compiled import replicate
from lull.simulate.scenario import Scenario
from tests.verification.kit import MEAN, drawn, exponential, gate, poisson, quiet

NUMBER, WARMING, REPLICATIONS = 3000, 600, 120


def erlang_c(servers: int, load: float) -> float:
    """The chance of having to wait in M/M/c; `load` is arrivals × mean service."""
    busy = load**servers / math.factorial(servers) * servers / (servers - load)
    idle = sum(load**k / math.factorial(k) for k in range(servers))
    return busy / (idle + busy)


def waits(made: Scenario, gap: float, seed: int) -> np.ndarray:
    """Per replication: the mean wait at the gate and the share of those who wait."""
    rows = np.flatnonzero(made.world.steps[:, c.KIND] == c.CROSSES)
    found = []
    for n in range(REPLICATIONS):
        rng = np.random.default_rng([seed, n])
        state = replicate(made.world, drawn(made, rng, poisson(rng, NUMBER, gap)))
        wait = state.times[rows, c.BEGAN] - state.times[rows, c.CAME]
        found.append((wait[WARMING:].mean(), (wait[WARMING:] > 0).mean()))
    return np.array(found)


def agrees(sample: np.ndarray, theory: float, within: float) -> None:
    """The mean is the theory's within its own error, and that error is small enough to tell."""
    error = sample.std(ddof=1) / math.sqrt(len(sample)) * student.ppf(0.9995, len(sample) - 1)
    assert error < within * theory
    assert sample.mean() == pytest.approx(theory, abs=error)


@pytest.mark.parametrize(("lanes", "rho"), [(1, 0.6), (2, 0.7), (3, 0.7)])
def test_exponential_checks_wait_as_erlang_says(lanes: int, rho: float) -> None:
    """M/M/c: W = C(c, a) / (c μ − λ), and C(c, a) is the share of those who wait at all."""
    case, plan = gate(NUMBER, lanes)
    made = quiet(case, plan)
    rows = np.flatnonzero(made.world.steps[:, c.KIND] == c.CROSSES)
    found = waits(exponential(made, rows, MEAN), MEAN / (lanes * rho), seed=lanes)
    delayed = erlang_c(lanes, lanes * rho)
    agrees(found[:, 0], delayed * MEAN / (lanes * (1 - rho)), within=0.12)
    agrees(found[:, 1], delayed, within=0.05)


@pytest.mark.parametrize("rho", [0.5, 0.7])
def test_equal_checks_wait_as_pollaczek_and_khinchine_say(rho: float) -> None:
    """M/D/1: W = ρ / (2 (1 − ρ)) services."""
    made = quiet(*gate(NUMBER, 1))
    found = waits(made, MEAN / rho, seed=int(100 * rho))
    agrees(found[:, 0], rho / (2 * (1 - rho)) * MEAN, within=0.1)
    agrees(found[:, 1], rho, within=0.05)


def test_who_comes_in_a_row_waits_for_those_ahead() -> None:
    """D/D/c: with everyone there at once, number n waits ⌊n / c⌋ services."""
    made = quiet(*gate(10, 3))
    state = replicate(made.world, drawn(made, np.random.default_rng(1), None))
    rows = np.flatnonzero(made.world.steps[:, c.KIND] == c.CROSSES)
    assert sorted(state.times[rows, c.BEGAN].tolist()) == [n // 3 * MEAN for n in range(10)]
