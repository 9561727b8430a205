"""Ensembles: the same whatever the batches and processes, and as sure as they say."""

from __future__ import annotations

import math
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from lull.domain.case import Case
from lull.domain.people import Means, Need
from lull.domain.plan import By, Party, Plan
from lull.domain.refusal import Refusal
from lull.domain.time import Estimate
from lull.simulate import (
    NOT_MODELLED,
    Likelihood,
    Policy,
    Shape,
    Source,
    Uncertainty,
    Until,
    causes,
    margins,
    simulate,
)
from lull.simulate import columns as c
from lull.simulate.margins import allowed, needed
from lull.simulate.measures import Band, upper_limit
from lull.simulate.scenario import scenario
from tests.simulate.kit import drawn, one_round, run, sample, small_town, two_corridors
from tests.tiny.build import corridor, people, site, tiny
from tests.tiny.build import plan as plan_of

HARD = Uncertainty(breakdowns_an_hour=0.1, closures_an_hour=0.02)


def test_batches_do_not_change_anything() -> None:
    case, plan = small_town(1)
    runs = [simulate(case, plan, HARD, Policy(), replications=97, seed=5, batch=batch)
            for batch in (1, 10, 97, 1000)]
    for other in runs[1:]:
        assert np.array_equal(runs[0].totals, other.totals)
        assert np.array_equal(runs[0].by_corridor, other.by_corridor)


def test_processes_do_not_change_anything() -> None:
    case, plan = sample("first-steps")
    here = simulate(case, plan, HARD, Policy(), replications=60, seed=5, batch=13)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        there = simulate(case, plan, HARD, Policy(), replications=60, seed=5, batch=13,
                         executor=pool)
    assert np.array_equal(here.totals, there.totals)


def test_more_replications_begin_with_the_fewer() -> None:
    case, plan = sample("first-steps")
    few = simulate(case, plan, HARD, Policy(), replications=20, seed=1)
    many = simulate(case, plan, HARD, Policy(), replications=50, seed=1)
    other = simulate(case, plan, HARD, Policy(), replications=20, seed=2)
    assert np.array_equal(few.totals, many.totals[:20])
    assert not np.array_equal(few.totals, other.totals)


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    simulate(*sample("first-steps"), HARD, Policy(), replications=50, seed=1, batch=20,
             progress=lambda done, most: told.append((done, most)))
    assert told == [(20, 50), (40, 50), (50, 50)]


def test_it_goes_on_until_the_half_width_is_reached() -> None:
    case, plan = sample("first-steps")
    easy = simulate(case, plan, HARD, Policy(), replications=20_000, seed=1,
                    until=Until("arrived", 3.0), batch=77)
    again = simulate(case, plan, HARD, Policy(), replications=20_000, seed=1,
                     until=Until("arrived", 3.0))
    assert easy.precise
    assert 1000 <= easy.replications < 20_000
    assert easy.replications == again.replications
    assert easy.band("arrived").half_width <= 3.0
    hard = simulate(case, plan, HARD, Policy(), replications=1500, seed=1,
                    until=Until("arrived", 1e-6))
    assert hard.precise is False
    assert hard.replications == 1500


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"seed": -1}, {"batch": 0}])
def test_numbers_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    given = {"replications": 5, "seed": 1, **wrong}
    with pytest.raises(Refusal):
        simulate(*sample("first-steps"), HARD, Policy(), **given)


def test_a_plan_that_moves_nobody_is_refused() -> None:
    with pytest.raises(Refusal, match="nothing to simulate"):
        simulate(two_corridors(), Plan(), HARD, Policy(), replications=1, seed=1)


def test_an_unknown_measure_is_refused_with_those_there_are() -> None:
    with pytest.raises(Refusal, match="aid delivered"):
        Until("happiness", 1.0)


def test_a_chance_is_never_printed_as_nothing() -> None:
    none = Likelihood(0, 10_000)
    assert none.share == 0
    assert none.upper == pytest.approx(1 - 0.05 ** (1 / 10_000))
    assert 0 < none.upper < 0.001


@pytest.mark.parametrize(("count", "of"), [(0, 20), (1, 20), (7, 50), (20, 20), (3, 10_000)])
def test_intervals_are_those_of_clopper_and_pearson(count: int, of: int) -> None:
    exact = binomtest(count, of).proportion_ci(0.95, method="exact")
    assert Likelihood(count, of).interval == pytest.approx((exact.low, exact.high))
    one_sided = binomtest(count, of, alternative="less").proportion_ci(0.95, method="exact")
    assert upper_limit(count, of) == pytest.approx(one_sided.high)


def test_what_is_said_beside_a_chance() -> None:
    outcome = simulate(*sample("first-steps"), HARD, Policy(), replications=5, seed=1)
    assert outcome.said == NOT_MODELLED
    assert "modelled delays only" in outcome.said


def arrivals(many: int, seed: int) -> tuple[np.ndarray, beta]:
    """Minutes of one bus on its first way, and the law that they are drawn from."""
    case = two_corridors(way=Estimate(100, 200, 400))
    plan = one_round(case, "bus#1")
    doubt = Uncertainty(sources=frozenset({Source.TRAVEL}), shape=Shape.PERT, beyond_high=1.0)
    made = scenario(case, plan, doubt, Policy())
    found = [run(made, drawn(made, n, seed)).times[1, c.CAME] - 20 for n in range(many)]
    mode = (200 - 100) / 300
    return np.array(found, float), beta(1 + 4 * mode, 5 - 4 * mode, loc=100, scale=300)


def test_bands_cover_what_they_should() -> None:
    """Of 150 ensembles of 60, about 95 % of the intervals hold the mean, and the percentiles lie
    where order statistics say."""
    values, law = arrivals(150 * 60, seed=11)
    bands = [Band.of(part) for part in values.reshape(150, 60)]
    covered = sum(abs(band.mean - law.mean()) <= band.half_width for band in bands)
    assert 132 <= covered <= 149
    for share, name in ((0.1, "p10"), (0.5, "p50"), (0.9, "p90")):
        below = sum(getattr(band, name) <= law.ppf(share) for band in bands)
        assert 48 <= below <= 102
        assert np.mean([getattr(band, name) for band in bands]) == pytest.approx(
            law.ppf(share), abs=4)


def test_chances_cover_what_they_should() -> None:
    """A bus breaks down on the way to its first gate with a chance known beforehand."""
    case = two_corridors()
    plan = one_round(case, "bus#1")
    doubt = Uncertainty(sources=frozenset({Source.BREAKDOWNS}), breakdowns_an_hour=0.3,
                        lost_share=0.0)
    made = scenario(case, plan, doubt, Policy())
    broke = np.array([drawn(made, n).steps[0, c.BREAKS_ON_WAY] < 0.3 / 60 * 10
                      for n in range(150 * 40)])
    late = np.array([run(made, drawn(made, n)).times[1, c.CAME] > 30 for n in range(400)])
    assert np.array_equal(broke[:400], late)
    covered = sum(
        low <= 0.05 <= high
        for part in broke.reshape(150, 40)
        for low, high in (Likelihood(int(part.sum()), 40).interval,))
    assert covered >= 138


def test_two_times_of_one_corridor_and_hour_go_together() -> None:
    """The correlation of two buses' first ways is about what is said."""
    case = two_corridors(way=Estimate(100, 200, 300))
    plan = one_round(case)
    for together in (0.0, 0.6):
        doubt = Uncertainty(sources=frozenset({Source.TRAVEL}), together=together,
                            beyond_high=1.0)
        made = scenario(case, plan, doubt, Policy())
        first, second = made.world.vehicles[:, c.FIRST] + 1
        found = np.array([run(made, drawn(made, n)).times[[first, second], c.CAME]
                          for n in range(1200)], float)
        correlation = np.corrcoef(found.T)[0, 1]
        assert correlation == pytest.approx(together, abs=4 / math.sqrt(1200))


def test_causes_are_differences_with_the_same_numbers() -> None:
    case, plan = small_town(1)
    found = causes(case, plan, HARD, Policy(), replications=150, seed=3)
    assert {cause.source for cause in found} == set(Source)
    lost = [cause.persons_lost for cause in found]
    assert lost == sorted(lost, reverse=True)
    with_it = simulate(case, plan, HARD, Policy(), replications=150, seed=3)
    without = simulate(case, plan, HARD.without(Source.NO_SHOWS), Policy(), replications=150,
                       seed=3)
    absent = next(cause for cause in found if cause.source is Source.NO_SHOWS)
    difference = with_it.values("arrived") - without.values("arrived")
    assert absent.costs["arrived"].mean == pytest.approx(difference.mean())
    assert absent.costs["did not come"].mean == pytest.approx(
        with_it.values("did not come").mean())
    assert absent.caught_with == with_it.anyone_caught().count


def test_a_source_that_does_nothing_costs_nothing() -> None:
    """Common numbers: with a rate of 0 every replication is the same with and without it."""
    doubt = Uncertainty(closures_an_hour=0.0)
    found = causes(*sample("first-steps"), doubt, Policy(), replications=40, seed=3)
    closures = next(cause for cause in found if cause.source is Source.CLOSURES)
    assert all(cost.mean == cost.half_width == 0 for cost in closures.costs.values())


def on_foot(closes: int) -> tuple[Case, Plan]:
    """A party that walks out by the north: planned out at 55, ways of 16 to 30 and 8 to 16."""
    case = tiny(
        [site("A"), site("R", "reception_centre")],
        [corridor("north", rates={"persons_per_hour": 600})],
        [people(households={1: 40}, need=Need.WALKING, means=Means.ON_FOOT)],
        windows=((0, closes),), rules={"margin": 0})
    party = Party("p", By.FOOT, "families", "north", "R", 40, {1: 40}, 20, 40, 40, 45, 55, 75)
    return case, plan_of(case, parties=[party])


def test_a_margin_brings_the_chance_under_the_limit_on_the_same_days() -> None:
    """A window longer by the margin is long enough, one minute less is not."""
    doubt = Uncertainty(sources=frozenset({Source.TRAVEL}))
    how = {"replications": 400, "seed": 1, "limit": 0.02}
    (north,) = margins(*on_foot(55), doubt, Policy(), **how)
    assert north.corridor == "north"
    assert north.never_out.count == 0
    assert north.late.count > 100
    assert north.extra is not None
    assert north.p50 is not None
    assert north.extra > north.p50
    (enough,) = margins(*on_foot(55 + north.extra), doubt, Policy(), **how)
    assert enough.late.upper <= 0.02
    assert enough.extra == 0
    (short,) = margins(*on_foot(55 + north.extra - 1), doubt, Policy(), **how)
    assert short.late.upper > 0.02


def test_no_margin_is_named_where_none_helps_or_too_few_replications_were_made() -> None:
    case = two_corridors()
    plan = one_round(case, "bus#1")
    lost = Uncertainty(sources=frozenset({Source.BREAKDOWNS}), breakdowns_an_hour=2.0,
                       lost_share=1.0)
    (north,) = margins(case, plan, lost, Policy(), replications=400, seed=1, limit=0.02)
    assert north.never_out.count > 10
    assert north.extra is None
    (few,) = margins(case, plan, Uncertainty.none(), Policy(), replications=100, seed=1)
    assert few.extra is None
    assert few.needed == 2995


def test_how_many_may_be_late() -> None:
    assert needed(0.001) == 2995
    assert allowed(2994, 0.001) == -1
    assert allowed(2995, 0.001) == 0
    assert allowed(10_000, 0.001) == 4
