"""The shortest evacuation is the shortest, and what rules shorter ones out can be checked."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from bench.evacuation.generate import city, small
from bench.evacuation.plain import solve_plain
from lull.domain.refusal import Refusal
from lull.plan.makespan.dive import Dive
from lull.plan.makespan.flow import days_within
from lull.plan.makespan.instance import BusDay, Evacuation, faults, left_by, makespan
from lull.plan.makespan.itineraries import LowerBound
from lull.plan.makespan.once import at_most_earned, rule_out
from lull.plan.makespan.pool import stripped
from lull.plan.makespan.prices import Pass, Prices, least_minutes
from lull.plan.makespan.search import Search
from lull.plan.makespan.solve import solve
from tests.plan.makespan.checker import replayed
from tests.plan.makespan.tiny import fine, least_makespan, shortest_days, tiny


def never() -> bool:
    return False


@pytest.mark.parametrize("tens", range(20))
def test_two_hundred_tiny_cases_are_solved_as_by_looking_at_every_answer(tens: int) -> None:
    for seed in range(10 * tens, 10 * tens + 10):
        of, best = tiny(seed), least_makespan(tiny(seed))
        if best is None:
            with pytest.raises(Refusal, match="however long"):
                solve(of)
            continue
        found = solve(of)
        assert (found.minutes, found.low) == (best, best), seed
        assert replayed(of, found.days) == best, seed


@pytest.mark.parametrize("tens", range(5))
def test_what_prices_rule_out_is_ruled_out_by_the_real_days_too(tens: int) -> None:
    """No buses can earn what the certificate says is due, counted over all days there are."""
    for seed in range(10 * tens, 10 * tens + 10):
        of = tiny(seed)
        if least_makespan(of) is None:
            continue
        found = solve(of)
        assert found.prices is not None
        loads, places = found.prices.loads.tolist(), found.prices.places.tolist()

        def worth(taken: tuple[int, ...], used: tuple[int, ...],
                  loads: list[int] = loads, places: list[int] = places) -> int:
            return (sum(a * b for a, b in zip(loads, taken, strict=True))
                    - sum(a * b for a, b in zip(places, used, strict=True)))

        earned = sum(
            many * max(worth(*what) for what, minutes in shortest_days(of, yard).items()
                       if minutes < found.by_prices)
            for yard, many in enumerate(of.buses))
        assert earned < worth(of.loads, of.places), seed
        assert least_minutes(of, found.prices, found.by_prices) == found.by_prices


def test_any_prices_rule_out_no_more_than_is_impossible() -> None:
    dice = np.random.default_rng(7)
    for seed in range(60):
        of, best = tiny(seed), least_makespan(tiny(seed))
        prices = Prices.of(dice.random(len(of.points)), dice.random(len(of.shelters)))
        assert best is None or least_minutes(of, prices, best) <= best, seed


def real(of: Evacuation, prices: Prices, yard: int, minutes: int) -> int:
    """What the dearest day earns that fetches no load twice, among all that there are."""
    return max(int(prices.loads @ np.array(taken)) - int(prices.places @ np.array(used))
               for (taken, used), long in shortest_days(of, yard).items() if long <= minutes)


def test_the_dearest_day_that_fetches_no_load_twice_is_found_by_listing() -> None:
    dice, less = np.random.default_rng(5), 0
    for seed in range(40):
        of = fine(seed) if seed % 2 else tiny(seed)
        prices = Prices.of(dice.random(len(of.points)), 0.5 * dice.random(len(of.shelters)))
        minutes = 2500 if seed % 2 else 12
        found = Pass(of, prices, minutes)
        for yard in range(len(of.yards)):
            most = at_most_earned(found, yard)
            if all(places >= of.total for places in of.places):
                assert most == real(of, prices, yard, minutes), seed
            assert real(of, prices, yard, minutes) <= most <= found.start[yard, minutes], seed
            less += most < found.start[yard, minutes]
    assert less > 10


def test_days_that_fetch_no_load_twice_rule_out_all_that_one_bus_cannot_do() -> None:
    """A mixture of days of one bus brings everyone out only if each of them does."""
    higher = 0
    for seed in range(12):
        of, best = fine(seed), least_makespan(fine(seed))
        assert best is not None
        bound = LowerBound(of, 2 * best)
        while not bound.reached and bound.enough > bound.low:
            if bound.raise_at((bound.low + bound.enough) // 2, 200, never) is None:
                break
        before, high = bound.low, best
        while bound.low < high:
            middle = (bound.low + high) // 2
            known = bound.raise_once(middle, 200, never)
            if known is None:
                break
            high = high if known else middle
        assert bound.low == best, seed
        assert bound.prices is not None
        assert rule_out(of, bound.prices, bound.low - 1), seed
        assert not rule_out(of, bound.prices, best), seed
        higher += bound.low > before
    assert higher


def test_a_dive_holds_days_of_the_mixture_and_brings_everyone_out() -> None:
    of = city(20, 3)
    bound = LowerBound(of, 20_000)
    while not bound.reached and bound.enough - bound.low > 200:
        bound.raise_at((2 * bound.low + bound.enough) // 3, 200, never)
    assert bound.raise_once(bound.enough, 60, never) is False
    dive = Dive(of, bound.once, random.Random(1))
    aim, made = bound.enough + bound.enough // 20, []
    for _ in range(3):
        days = dive.once(aim, never)
        made += [days] if days else []
    assert made
    assert all(replayed(of, days) < 2 * aim for days in made)


def dearest(of: Evacuation, prices: Prices, yard: int, minutes: int) -> int:
    """The dearest day by trying every continuation, no single load's point twice in a row."""

    def on(at: int, before: int, left: int) -> int:
        best = 0
        for p, s in itertools.product(range(len(of.points)), range(len(of.shelters))):
            to = int(of.out[yard, p] if at < 0 else of.back[at, p])
            carry = int(of.carry[p, s])
            if (to < 0 or carry < 0 or to + carry > left
                    or (p == before and of.loads[p] <= 1)):
                continue
            gain = int(prices.loads[p]) - int(prices.places[s])
            best = max(best, gain + on(s, p, left - to - carry))
        return best

    return on(-1, -1, minutes)


def test_the_compiled_pass_finds_the_dearest_day() -> None:
    dice = np.random.default_rng(3)
    for seed in range(40):
        of = tiny(seed)
        prices = Prices.of(dice.random(len(of.points)), 0.5 * dice.random(len(of.shelters)))
        found = Pass(of, prices, 9)
        for yard, minutes in itertools.product(range(len(of.yards)), (0, 4, 9)):
            assert found.start[yard, minutes] == dearest(of, prices, yard, minutes), seed
            for p in range(len(of.points)):
                made = found.day(yard, p, minutes)
                if made is not None:
                    worth, day = made
                    assert day.minutes(of) <= minutes
                    assert worth == sum(int(prices.loads[q] - prices.places[s])
                                        for q, s in day.trips)


@pytest.mark.parametrize(("size", "seed"), [(2, 3), (2, 7), (3, 0)])
def test_a_plain_model_agrees(size: int, seed: int) -> None:
    of = small(size, seed)
    found = solve(of)
    assert found.minutes is not None
    trips = min(of.total, 1 + found.minutes // int(of.carry.min() + of.back.min()))
    plain = solve_plain(of, trips, 2.0)
    assert plain.low <= found.minutes + 1e-6
    assert plain.minutes is None or plain.minutes >= found.low
    if plain.proved:
        assert plain.minutes == found.minutes


@pytest.mark.parametrize(("size", "seed"), [(5, 2), (7, 2), (8, 4), (10, 3)])
def test_cases_of_the_recipe_are_proven_shortest(size: int, seed: int) -> None:
    of = small(size, seed)
    found = solve(of)
    assert found.gap == 0
    assert replayed(of, found.days) == found.minutes == makespan(of, found.days)


@pytest.mark.parametrize(("size", "seed"), [(3, 7), (5, 2)])
def test_whole_flows_exist_from_the_shortest_time_on(size: int, seed: int) -> None:
    of = small(size, seed)
    best = solve(of).minutes
    assert best is not None
    assert days_within(of, best - 1, never) is False
    made = days_within(of, best, never)
    assert isinstance(made, tuple)
    assert replayed(of, made) == best


def test_a_city_with_a_bus_for_each_load_is_near_its_bound() -> None:
    of = city(75, 0)
    found = solve(of, near=0.005)
    assert found.gap is not None
    assert found.gap <= 0.005
    assert replayed(of, found.days) == found.minutes
    assert found.prices is not None
    assert rule_out(of, found.prices, found.low - 1)


def test_the_search_keeps_count_of_its_minutes() -> None:
    of = small(9, 1)
    search = Search(of, seed=5)
    before = search.shortest
    search.improve(0, 300_000, 1.0, 0.1, 4.0)
    assert replayed(of, search.days()) == search.shortest <= before


def test_days_that_fetch_a_load_twice_are_stripped_of_one_trip() -> None:
    of = small(4, 3)
    days = solve(of).days
    again = (*days, BusDay(days[0].yard, days[0].trips[:1]))
    left = stripped(of, again, makespan(of, days))
    assert left_by(of, left) == [0] * len(of.points)
    assert sum(len(d.trips) for d in left) == of.total


def test_the_same_seed_and_work_give_the_same_answer() -> None:
    of = small(8, 5)
    first, again = solve(of, work=2, seed=3), solve(of, work=2, seed=3)
    assert (first.days, first.minutes, first.low) == (again.days, again.minutes, again.low)


def test_an_early_end_gives_what_is_known_by_then() -> None:
    of = small(10, 0)
    asked = iter(range(10**9))
    found = solve(of, stop=lambda: next(asked) > 3)
    assert found.stopped
    assert found.minutes is not None
    assert replayed(of, found.days) == found.minutes
    assert found.low <= 17  # the shortest of this case, proven when it is not stopped


def test_what_is_told_only_gets_better() -> None:
    told: list[tuple[int | None, int]] = []
    solve(small(7, 6), standing=lambda minutes, low: told.append((minutes, low)))
    lows = [low for _, low in told]
    lengths = [minutes for minutes, _ in told if minutes is not None]
    assert lows == sorted(lows)
    assert lengths == sorted(lengths, reverse=True)


def test_nothing_to_fetch_takes_no_time() -> None:
    of = Evacuation(("y",), (0,), ("p",), (0,), ("s",), (0,), [[1]], [[1]], [[1]])
    assert solve(of).minutes == 0


@pytest.mark.parametrize(("change", "why"), [
    ({"buses": (-1,)}, "whole number"),
    ({"places": (1,)}, "lack places for 1"),
    ({"carry": [[0]]}, "at least one minute"),
    ({"back": [[-2]]}, "negative"),
    ({"out": [[1, 2]]}, r"must be \(1, 1\)"),
    ({"points": ("p", "p"), "loads": (1, 1)}, "twice"),
    ({"loads": (1, 1)}, "one figure"),
    ({"out": [[10**9]]}, "more than"),
])  # fmt: skip
def test_nonsense_is_refused(change: dict[str, object], why: str) -> None:
    fine = {"yards": ("y",), "buses": (1,), "points": ("p",), "loads": (2,), "shelters": ("s",),
            "places": (2,), "out": [[1]], "carry": [[1]], "back": [[1]]}  # fmt: skip
    with pytest.raises(Refusal, match=why):
        Evacuation(**{**fine, **change})  # type: ignore[arg-type]


def test_loads_without_a_bus_are_refused() -> None:
    of = Evacuation(("y",), (0,), ("p",), (1,), ("s",), (1,), [[1]], [[1]], [[1]])
    with pytest.raises(Refusal, match="no bus"):
        solve(of)


def test_faults_of_days_are_named() -> None:
    of = small(2, 0)
    said = " ".join(faults(of, (BusDay(0, ((0, 0),)),) * 30))
    assert "buses start at" in said
    assert "loads leave" in said
    assert "has room for" in said
