"""The compiled loop says the same as the plain one on the same draws, to the last minute."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lull.domain.time import Estimate
from lull.simulate import Policy, Shape, Source, Uncertainty
from lull.simulate.compiled import draw, replicate, replicate_many
from lull.simulate.draws import draw as plain_draw
from lull.simulate.draws import key_of, terms
from lull.simulate.reference import replicate as plain
from lull.simulate.scenario import Scenario, scenario
from tests.alone import without_proof
from tests.oracle.kinds import KINDS, made
from tests.simulate.kit import sample, small_town

HOUR = 60

doubts = st.builds(
    Uncertainty,
    sources=st.frozensets(st.sampled_from(sorted(Source))),
    shape=st.sampled_from(sorted(Shape)),
    beyond_high=st.floats(1, 4),
    together=st.floats(0, 1),
    breakdowns_an_hour=st.floats(0, 3),
    lost_share=st.floats(0, 1),
    repair=st.just(Estimate(5, 20, 90)),
    transfer=st.integers(0, 40),
    tow=st.integers(0, 60),
    no_show=st.sampled_from([(0.0, 0.0, 0.0), (0.0, 0.1, 0.5), (0.2, 0.6, 1.0)]),
    late_share=st.floats(0, 1),
    late=st.just(Estimate(0, 20, 200)),
    halts_an_hour=st.floats(0, 3),
    halt=st.just(Estimate(1, 30, 300)),
    closures_an_hour=st.floats(0, 1),
)
policies = st.builds(
    Policy,
    wait_for_mates=st.integers(0, 40),
    follow=st.booleans(),
    wait_at_exchange=st.none() | st.integers(0, 60),
    reserve=st.none() | st.integers(60, 90),
    reserve_at_gate=st.integers(0, 60).filter(lambda m: m <= 30),
    turn_back=st.booleans(),
    reroute=st.booleans(),
    keep_send_home=st.booleans(),
    take_up=st.booleans(),
    detour=st.integers(0, 40),
    teams=st.integers(0, 2),
    team_seats=st.integers(0, 60),
    team_stretchers=st.integers(0, 3),
)


def agree(ready: Scenario, key: int) -> None:
    """Draws, and all that is measured, are equal."""
    chance = draw(np.uint64(key), terms(ready.who, ready.risks))
    for one, other in zip(plain(ready.world, chance), replicate(ready.world, chance), strict=True):
        assert np.array_equal(one, other)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(doubts, policies, st.integers(0, 2**32), st.sampled_from([(1, 1), (2, 1), (4, 2)]))
def test_a_town_goes_the_same_way(
    doubt: Uncertainty, policy: Policy, key: int, which: tuple[int, int]
) -> None:
    agree(scenario(*small_town(*which), doubt, policy), key)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(doubts, policies, st.integers(0, 2**32), st.sampled_from(sorted(KINDS)))
def test_a_tiny_pause_of_any_kind_goes_the_same_way(
    doubt: Uncertainty, policy: Policy, key: int, kind: str
) -> None:
    case = made((kind,), 1)
    result = without_proof(case, work=0)
    if not result.refused and (result.plan.vehicles or result.plan.parties):
        agree(scenario(case, result.plan, doubt, policy), key)


def test_many_replications_are_the_single_ones_in_a_row() -> None:
    ready = scenario(*sample("first-steps"), Uncertainty(), Policy())
    drawn_from = terms(ready.who, ready.risks)
    keys = np.array([key_of(7, r) for r in range(20)], np.uint64)
    totals, by_corridor, delivered = replicate_many(ready.world, drawn_from, keys)
    for n, key in enumerate(keys):
        state = plain(ready.world, draw(key, drawn_from))
        assert np.array_equal(state.total, totals[n])
        assert np.array_equal(state.by_corridor, by_corridor[n])
        assert np.array_equal(state.delivered, delivered[n])


def test_compiled_draws_are_the_plain_ones() -> None:
    """Equal but for the last bits of logarithm and cosine, which two libraries round apart."""
    ready = scenario(*sample("first-steps"), Uncertainty(halts_an_hour=1, closures_an_hour=0.2),
                     Policy())
    key = key_of(1, 1)
    for one, other in zip(plain_draw(ready.who, ready.risks, key),
                          draw(np.uint64(key), terms(ready.who, ready.risks)), strict=True):
        assert other == pytest.approx(one, abs=1e-12)
