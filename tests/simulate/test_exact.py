"""Where nothing is uncertain the plan is executed exactly: every minute is the plan's own."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from bench.one import case_of
from lull.domain.case import Case
from lull.domain.plan import Crossing, Plan
from lull.domain.rules.facts import Facts
from lull.domain.rules.waits import at_assembly, at_exchange
from lull.domain.worth import arrived
from lull.simulate import Policy, Uncertainty
from lull.simulate import columns as c
from lull.simulate.compiled import replicate
from lull.simulate.scenario import scenario
from tests.alone import plan_alone, without_proof
from tests.oracle.kinds import KINDS, made
from tests.simulate.kit import drawn, run, sample, small_town, two_corridors
from tests.tiny.build import IN, OUT, Team
from tests.tiny.build import plan as plan_of


def is_exact(case: Case, plan: Plan, *, compiled: bool = False) -> None:
    """Every time, everyone who arrives, and every minute waited are those of the plan."""
    ready = scenario(case, plan, Uncertainty.none(), Policy())
    chance = drawn(ready, 0)
    state = replicate(ready.world, chance) if compiled else run(ready, chance)
    planned = ready.planned
    known = planned != c.NO_TIME
    assert np.array_equal(state.times[known], planned[known])
    brought = arrived(plan)
    assert state.total[c.ARRIVED] == sum(brought.persons.values())
    assert state.total[c.PATIENTS] == sum(brought.patients.values())
    grams = sum(many * case.items[item].kg * 1000 for (item, _), many in brought.units.items())
    assert state.total[c.GRAMS_ARRIVED] == pytest.approx(grams)
    for nothing in (c.PERSONS_INSIDE, c.UNSHELTERED, c.VEHICLES_INSIDE, c.LEFT_ON_WAY,
                    c.LATE_OUT, c.BREAKDOWNS, c.TURNED_BACK, c.ROUNDS_SKIPPED,
                    c.STOPS_SKIPPED, c.REROUTED, c.ABSENTEES, c.FOLLOWED_ALONE):
        assert state.total[nothing] == 0
    facts = Facts(case, plan)
    waits = [w for w in at_assembly(facts) if w.who in {d.vehicle for d in plan.vehicles}]
    waits += at_exchange(facts)
    assert state.total[c.WAITED_OPEN] == sum(
        w.persons * ((w.ends or 0) - w.begins) for w in waits)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_town_is_executed_exactly(seed: int) -> None:
    is_exact(*small_town(seed))


def test_two_windows_are_executed_exactly() -> None:
    is_exact(*small_town(4, windows=2))


def test_the_first_steps_are_executed_exactly() -> None:
    is_exact(*sample("first-steps"))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["aleppo-2016-10", "aleppo-2016-12"])
def test_a_sample_is_executed_exactly(name: str) -> None:
    is_exact(*sample(name), compiled=True)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_plan_of_the_middle_size_is_executed_exactly() -> None:
    case, _ = case_of("m-free-1")
    is_exact(case, plan_alone(case, work=0), compiled=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_tiny_pause_is_executed_exactly(kind: str) -> None:
    """Shared lanes, rates, exchange points, links, gatherings, own cars, walkers, aid."""
    for seed in (1, 2):
        case = made((kind,), seed)
        result = without_proof(case, work=0)
        if not result.refused and (result.plan.vehicles or result.plan.parties):
            is_exact(case, result.plan)


def test_a_plan_with_time_to_spare_keeps_it() -> None:
    """Slack on a way and in front of a gate is the plan's choice, not the simulator's."""
    case = two_corridors()
    team = Team(case, "bus#1").cross("north", IN, at=45)
    team.load("A", "families", "R", {1: 40}, at=75).cross("north", OUT).unload("R").end()
    made_plan = plan_of(case, team)
    day = made_plan.vehicles[0]
    start, inward, *rest = day.steps
    assert isinstance(inward, Crossing)
    slow = evolve(inward, arrives=inward.arrives + 3)
    is_exact(case, evolve(made_plan, vehicles=(evolve(day, steps=(start, slow, *rest)),)))
