"""Parameters refuse nonsense, spreads are what they say, and draws belong to what they are for."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve, fields
from scipy.stats import beta, binom, kstest, triang

from lull.domain.refusal import Refusal
from lull.domain.time import Estimate
from lull.simulate import ASSUMED, Policy, Shape, Source, Uncertainty
from lull.simulate import columns as c
from lull.simulate.draws import identity, key_of, philox
from lull.simulate.scenario import scenario
from lull.simulate.spreads import SpreadTable
from tests.simulate.kit import drawn, sample, small_town


@pytest.mark.parametrize(("name", "value"), [
    ("together", 1.5), ("lost_share", -0.1), ("late_share", 2), ("breakdowns_an_hour", -1),
    ("halts_an_hour", 61), ("closures_an_hour", float("nan")), ("beyond_high", 0.5),
    ("beyond_high", float("inf")), ("no_show", (0.2, 0.1, 0.3)), ("no_show", (0.0, 0.5, 1.1)),
    ("transfer", -1), ("tow", 1.5), ("shape", "normal"), ("sources", frozenset({"war"})),
])
def test_nonsense_is_refused_in_a_sentence(name: str, value: object) -> None:
    with pytest.raises(Refusal) as refused:
        Uncertainty(**{name: value})
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("policy", [
    {"wait_for_mates": -1}, {"reserve": -5}, {"reserve_at_gate": 40, "reserve": 30},
    {"wait_at_exchange": 1.5},
])
def test_a_policy_that_makes_no_sense_is_refused(policy: dict[str, int]) -> None:
    with pytest.raises(Refusal):
        Policy(**policy)


def test_every_default_is_marked_as_assumed_with_a_reason() -> None:
    numbers = {field.name for field in fields(Uncertainty)} - {"sources"}
    assert set(ASSUMED) == numbers
    assert all(len(reason) > 20 for reason in ASSUMED.values())


def chances(table: SpreadTable, index: int, draws: int = 100_000) -> dict[int, float]:
    """How often each minute comes at evenly spaced draws."""
    least, first, end = table.rows[index]
    cuts = np.array(table.cuts[first:end])
    at = (np.arange(draws) + 0.5) / draws
    found, many = np.unique(least + np.searchsorted(cuts, at), return_counts=True)
    return dict(zip(found.tolist(), (many / draws).tolist(), strict=True))


@pytest.mark.parametrize("of", [(8, 10, 15), (1, 2, 4), (0, 0, 6), (5, 9, 9)])
def test_a_spread_rounds_its_law_to_whole_minutes(of: tuple[int, int, int]) -> None:
    low, likely, high = of
    for shape in Shape:
        table = SpreadTable(shape)
        found = chances(table, table.of(Estimate(*of), 1.0, uniform=True))
        mode = (likely - low) / (high - low)
        law = (beta(1 + 4 * mode, 5 - 4 * mode, loc=low, scale=high - low)
               if shape is Shape.PERT else triang(mode, loc=low, scale=high - low))
        for minute in range(low, high + 1):
            expected = law.cdf(minute + 0.5) - law.cdf(minute - 0.5)
            assert found.get(minute, 0) == pytest.approx(expected, abs=1e-4)


def test_figures_beyond_high_come_only_where_they_are_asked_for() -> None:
    table = SpreadTable(Shape.PERT)
    assert max(chances(table, table.of(Estimate(5, 10, 20), 1.0, uniform=True))) <= 20
    assert max(chances(table, table.of(Estimate(5, 10, 20), 1.5, uniform=True))) > 20


@pytest.mark.parametrize(("key", "who", "index", "block", "words"), [
    (0, 0, 0, 0, "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    (2**64 - 1, 2**64 - 1, 2**32 - 1, 2**32 - 1, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (0x299F31D0A4093822, 0x85A308D3243F6A88, 0x13198A2E, 0x03707344,
     "d16cfe09 94fdcceb 5001e420 24126ea1"),
])
def test_the_generator_gives_its_published_words(
    key: int, who: int, index: int, block: int, words: str
) -> None:
    """Known answers of Random123 (Salmon et al. 2011) for Philox4x32-10."""
    found = philox(np.uint64(key), np.uint64(who), np.uint64(index), np.uint64(block))
    assert " ".join(f"{int(word):08x}" for word in found) == words


def test_replications_have_seed_sequences_of_their_own() -> None:
    keys = {key_of(seed, r) for seed in range(5) for r in range(200)}
    assert len(keys) == 1000
    assert key_of(3, 4) == int(
        np.random.SeedSequence(3, spawn_key=(4,)).generate_state(1, np.uint64)[0])


def test_an_alternative_draws_the_same_for_what_it_shares() -> None:
    """Without one vehicle the others, and every corridor and hour, keep their numbers."""
    case, plan = small_town(1)
    whole = scenario(case, plan, Uncertainty(), Policy())
    gone = plan.vehicles[0].vehicle
    convoys = tuple(
        evolve(convoy, vehicles=tuple(v for v in convoy.vehicles if v != gone))
        for convoy in plan.convoys)
    fewer = scenario(case, evolve(plan, vehicles=plan.vehicles[1:], convoys=convoys),
                     Uncertainty(), Policy())
    one, other = drawn(whole, 5), drawn(fewer, 5)
    first = len(plan.vehicles[0].steps)
    assert np.array_equal(one.steps[first:], other.steps)
    assert np.array_equal(one.late[1:], other.late)
    hours = min(one.factor.shape[1], other.factor.shape[1])
    assert np.array_equal(one.factor[:, :hours], other.factor[:, :hours])
    assert identity("a", 1) != identity("a", 2)


def test_draws_are_normal_uniform_and_alone() -> None:
    case, plan = sample("first-steps")
    made = scenario(case, plan, Uncertainty(), Policy())
    some = made.who.blocks > 1
    all_draws = np.concatenate([drawn(made, r).steps[some] for r in range(400)])
    for column in (c.ON_WAY, c.AT_STEP, c.IN_TRANSIT, c.ABSENT):
        assert kstest(all_draws[:, column], "norm").pvalue > 1e-4
    for column in (c.BREAKS_ON_WAY, c.FATE_ON_WAY, c.BREAKS_IN_TRANSIT, c.FATE_IN_TRANSIT):
        assert kstest(all_draws[:, column], "uniform").pvalue > 1e-4
    correlations = np.corrcoef(all_draws.T) - np.eye(c.CHANCE_COLUMNS)
    assert np.abs(correlations).max() < 4.5 / np.sqrt(len(all_draws))


def test_late_starts_halts_and_closures_come_as_often_as_said() -> None:
    case, plan = small_town(1)
    doubt = Uncertainty(late_share=0.3, halts_an_hour=0.2, closures_an_hour=0.05)
    made = scenario(case, plan, doubt, Policy())
    days = [drawn(made, r) for r in range(300)]
    fleet = int(made.who.fleet.sum())
    late = sum(int((day.late > 0).sum()) for day in days)
    assert abs(late - 300 * fleet * 0.3) < 4.5 * np.sqrt(300 * fleet * 0.3 * 0.7)
    hours = case.pause.windows[0].minutes // 60
    many = 300 * len(case.corridors) * hours
    chance = 1 - np.exp(-0.2)
    halts = sum(int((day.halts[:, :, 1] > day.halts[:, :, 0]).sum()) for day in days)
    assert binom.ppf(1e-5, many, chance) <= halts <= binom.ppf(1 - 1e-5, many, chance)
    closed = sum(int((day.closed < c.NEVER).sum()) for day in days)
    chance = 1 - np.exp(-0.05 * hours)
    many = 300 * len(case.corridors)
    assert binom.ppf(1e-5, many, chance) <= closed <= binom.ppf(1 - 1e-5, many, chance)


def test_a_source_can_be_switched_off() -> None:
    assert Uncertainty().without(Source.TRAVEL).sources == set(Source) - {Source.TRAVEL}
    assert Uncertainty.none().sources == set()
