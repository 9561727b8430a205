"""SimPy, told the same model in its own way, gives the same minutes and counts."""

from __future__ import annotations

import numpy as np
import pytest

from lull.domain.time import Estimate
from lull.simulate import Policy, Uncertainty
from lull.simulate.compiled import replicate
from lull.simulate.scenario import Scenario, scenario
from tests.alone import without_proof
from tests.oracle.kinds import KINDS, made
from tests.simulate.kit import drawn, sample, small_town

pytest.importorskip("simpy")

HARD = Uncertainty(
    beyond_high=2.0, breakdowns_an_hour=0.3, halts_an_hour=0.3, closures_an_hour=0.08,
    late=Estimate(0, 20, 120), no_show=(0.0, 0.1, 0.6),
)
POLICIES = {
    "as by default": Policy(),
    "nobody follows alone or reroutes": Policy(follow=False, reroute=False),
    "nobody turns back": Policy(turn_back=False),
    "mates are not waited for": Policy(wait_for_mates=0, reserve=60, keep_send_home=False),
}


def alike(ready: Scenario, replications: int) -> None:
    """Totals, totals by corridor, and every minute of every step."""
    from bench.simulate_simpy import Day, Tables

    tables = Tables(ready)
    for n in range(replications):
        chance = drawn(ready, n)
        state, day = replicate(ready.world, chance), Day(tables, chance).run()
        assert state.total.tolist() == day.total
        assert state.by_corridor.tolist() == day.by_corridor
        assert np.array_equal(state.times, np.array(day.times))


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("which", [(1, 1), (4, 2)])
def test_a_town_on_a_hard_day(name: str, which: tuple[int, int]) -> None:
    alike(scenario(*small_town(*which), HARD, POLICIES[name]), 40)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_tiny_pauses_of_every_kind(kind: str) -> None:
    case = made((kind,), 1)
    result = without_proof(case, work=0)
    if not result.refused and (result.plan.vehicles or result.plan.parties):
        alike(scenario(case, result.plan, HARD, Policy()), 15)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["aleppo-2016-10", "aleppo-2016-12"])
def test_a_sample_on_an_ordinary_day(name: str) -> None:
    """Exchange points, linked corridors, walkers, private cars and several windows."""
    alike(scenario(*sample(name), Uncertainty(), Policy()), 10)
