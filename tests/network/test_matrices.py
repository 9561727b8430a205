"""Ways keep the laws of shortest ways, and an update gives what a new run would."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lull.network import PRIVATE_CAR, Profile, Streets, read_streets
from lull.network.closures import Conditions
from lull.network.costs import EdgeCosts, edge_costs
from lull.network.matrices import Legs, TravelEngine
from lull.network.snapping import Snaps
from lull.network.speeds import FREE_FLOW
from tests.network.extracts import grid, write_pbf

Make = Callable[..., Streets]
LAYERS = ("low", "likely", "high", "metres", "approved", "mined")
SIZE = 4
CLASSES = ("residential", "tertiary", "primary", "living_street")


@st.composite
def towns(draw: st.DrawFn) -> list[tuple[list[int], dict[str, str]]]:
    """Ways of a town on a grid of 4 x 4, of several classes, some one-way, some double."""
    nodes = grid(SIZE, SIZE)
    neighbours = [(a, b) for a in nodes for b in (a + 1, a + 10) if b in nodes] + [
        (11, 22),
        (33, 44),
        (14, 41),
    ]
    kept = draw(st.lists(st.sampled_from(neighbours), min_size=3, max_size=30))
    return [
        (
            list(pair if draw(st.booleans()) else pair[::-1]),
            {"highway": draw(st.sampled_from(CLASSES))}
            | draw(st.sampled_from([{}, {}, {"oneway": "yes"}, {"oneway": "-1"}])),
        )
        for pair in kept
    ]


def placed(streets: Streets, where: list[tuple[int, float]]) -> Snaps:
    """Places at given shares of given streets."""
    street = np.array([s % len(streets) for s, _ in where])
    fraction = np.array([f for _, f in where])
    zero = np.zeros(len(where))
    none = np.full(len(where), -1)
    return Snaps(street, fraction, zero, zero, zero, zero.astype(bool), none)


def state_of(
    streets: Streets, closed: set[int], slowed: dict[int, float], mined: set[int]
) -> Conditions:
    """Conditions by street number."""
    state = Conditions(
        np.zeros(len(streets), bool), np.ones(len(streets)), np.zeros(len(streets), bool)
    )
    state.closed[[k % len(streets) for k in closed]] = True
    state.mined[[k % len(streets) for k in mined]] = True
    for street, factor in slowed.items():
        state.factor[street % len(streets)] = factor
    return state


def brute_force(streets: Streets, costs: EdgeCosts, snaps: Snaps) -> np.ndarray:
    """Seconds between places by Floyd and Warshall's recurrence over junctions and places.

    Each place becomes a junction of its own, and streets are cut there; a place at the end of
    a street lies on the junction, and two places at one point are one.
    """
    n, p = streets.junctions, len(snaps)
    seconds = np.full((n + p, n + p), np.inf)
    np.fill_diagonal(seconds, 0.0)
    for street in range(len(streets)):
        stops = sorted(
            (float(snaps.fraction[k]), n + k) for k in range(p) if snaps.street[k] == street
        )
        chain = [(0.0, int(streets.start[street])), *stops, (1.0, int(streets.end[street]))]
        for (f, a), (g, b) in itertools.pairwise(chain):
            for edge, start, end in ((2 * street, a, b), (2 * street + 1, b, a)):
                if costs.usable[edge]:
                    took = (g - f) * costs.likely[edge]
                    seconds[start, end] = min(seconds[start, end], took)
            if costs.usable[[2 * street, 2 * street + 1]].any() and f == g:
                seconds[a, b] = seconds[b, a] = 0.0
    for k in range(n + p):
        seconds = np.minimum(seconds, seconds[:, [k]] + seconds[[k], :])
    return seconds[n:, n:]


places = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from([0.0, 0.25, 0.5, 0.8, 1.0])),
    min_size=2,
    max_size=6,
)
FOUR = st.one_of(
    st.just([(0, 0.25), (3, 0.5), (5, 0.8), (7, 1.0)]),
    st.lists(places.filter(len).map(lambda found: found[0]), min_size=4, max_size=4),
)
changes = st.tuples(
    st.sets(st.integers(0, 99), max_size=4),
    st.dictionaries(st.integers(0, 99), st.sampled_from([0.25, 0.5]), max_size=4),
    st.sets(st.integers(0, 99), max_size=2),
)


@pytest.fixture(scope="module")
def town_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("town") / "town.osm.pbf"


@settings(max_examples=80, deadline=None)
@given(ways=towns(), where=places, change=changes)
def test_all_ways_of_small_towns_are_those_of_brute_force(
    town_file: Path, ways: list, where: list, change: tuple
) -> None:
    streets = read_streets(write_pbf(town_file, grid(SIZE, SIZE), ways))
    snaps = placed(streets, where)
    costs = edge_costs(streets, PRIVATE_CAR, state_of(streets, *change))
    legs = TravelEngine(streets, costs, snaps).legs()
    np.testing.assert_allclose(legs.likely, brute_force(streets, costs, snaps), atol=1e-6)
    assert ((legs.low <= legs.likely) & (legs.likely <= legs.high)).all()


@settings(max_examples=80, deadline=None)
@given(
    ways=towns(),
    steps=st.lists(st.tuples(changes, FOUR), min_size=2, max_size=5),
    wanted=st.lists(st.booleans(), min_size=16, max_size=16),
)
def test_after_any_changes_an_update_is_bit_for_bit_a_new_run(
    town_file: Path, ways: list, steps: list, wanted: list
) -> None:
    """Streets close, open, slow down; places move to other streets; in any order."""
    streets = read_streets(write_pbf(town_file, grid(SIZE, SIZE), ways))
    asked = np.array(wanted).reshape(4, 4)
    first = placed(streets, steps[0][1])
    engine = TravelEngine(streets, edge_costs(streets, PRIVATE_CAR), first, wanted=asked)
    for change, where in [*steps, ((set(), {}, set()), steps[0][1])]:
        costs = edge_costs(streets, PRIVATE_CAR, state_of(streets, *change))
        snaps = placed(streets, where)
        engine.update(costs, snaps)
        same(engine.legs(), TravelEngine(streets, costs, snaps, wanted=asked).legs())


def same(a: Legs, b: Legs) -> None:
    for layer in LAYERS:
        assert np.array_equal(getattr(a, layer), getattr(b, layer)), layer


@settings(max_examples=60, deadline=None)
@given(ways=towns(), where=places, change=changes)
def test_closing_or_slowing_never_shortens_a_way(
    town_file: Path, ways: list, where: list, change: tuple
) -> None:
    streets = read_streets(write_pbf(town_file, grid(SIZE, SIZE), ways))
    snaps = placed(streets, where)
    before = TravelEngine(streets, edge_costs(streets, PRIVATE_CAR), snaps).legs()
    costs = edge_costs(streets, PRIVATE_CAR, state_of(streets, *change))
    after = TravelEngine(streets, costs, snaps).legs()
    assert (after.likely >= before.likely - 1e-9).all()


def many(streets: Streets, count: int, seed: int) -> Snaps:
    """Places at random on streets of the main part."""
    rng = np.random.default_rng(seed)
    usable = streets.open_to(PRIVATE_CAR)
    label = streets.components(usable)
    main = label == np.bincount(label).argmax()
    good = np.flatnonzero(main[streets.start] & main[streets.end] & usable[0::2])
    street = rng.choice(good, count, replace=False)
    zero = np.zeros(count)
    return Snaps(street, rng.random(count), zero, zero, zero, zero > 0, np.full(count, -1))


def test_on_aleppo_no_detour_over_a_third_place_is_shorter(aleppo: Streets) -> None:
    legs = TravelEngine(aleppo, edge_costs(aleppo, PRIVATE_CAR), many(aleppo, 60, 1)).legs()
    over = legs.likely[:, :, None] + legs.likely[None, :, :]
    assert (legs.likely[:, None, :] <= over + 1e-6).all()
    assert np.isfinite(legs.likely).all()


def test_on_aleppo_updates_are_bit_for_bit_new_runs(aleppo: Streets) -> None:
    rng = np.random.default_rng(3)
    snaps = many(aleppo, 40, 2)
    engine = TravelEngine(aleppo, edge_costs(aleppo, PRIVATE_CAR), snaps)
    first = engine.legs()
    for closed in (1, 3, 200, 5000, 0):
        state = state_of(
            aleppo,
            set(rng.integers(0, len(aleppo), closed).tolist()),
            dict.fromkeys(rng.integers(0, len(aleppo), closed).tolist(), 0.5),
            set(),
        )
        costs = edge_costs(aleppo, PRIVATE_CAR, state)
        engine.update(costs)
        legs = engine.legs()
        same(legs, TravelEngine(aleppo, costs, snaps).legs())
        assert (legs.likely >= first.likely).all()
    same(engine.legs(), first)


def test_on_aleppo_a_dead_end_that_nobody_needs_is_closed_for_nothing(aleppo: Streets) -> None:
    usable = aleppo.open_to(PRIVATE_CAR)
    degree = np.bincount(np.r_[aleppo.start, aleppo.end], minlength=aleppo.junctions)
    snaps = many(aleppo, 20, 4)
    dead = next(
        k
        for k in np.flatnonzero(degree[aleppo.end] == 1)
        if usable[2 * k] and k not in snaps.street
    )
    engine = TravelEngine(aleppo, edge_costs(aleppo, PRIVATE_CAR), snaps)
    state = state_of(aleppo, {int(dead)}, {}, set())
    assert engine.update(edge_costs(aleppo, PRIVATE_CAR, state)) == 0


def test_200_places_on_all_of_aleppo_take_seconds_and_after_a_closure_too(
    aleppo: Streets,
) -> None:
    """The promise is 2 s on an idle machine (`python -m bench`); here thrice that, in seconds
    of the processor."""
    snaps = many(aleppo, 200, 5)
    began = time.process_time()
    engine = TravelEngine(aleppo, edge_costs(aleppo, PRIVATE_CAR), snaps)
    engine.legs()
    built = time.process_time()
    engine.update(edge_costs(aleppo, PRIVATE_CAR, state_of(aleppo, {1, 2, 3}, {}, set())))
    engine.legs()
    assert built - began < 6
    assert time.process_time() - built < 6


def test_a_one_way_street_sends_the_way_back_round_the_block(make_streets: Make) -> None:
    one_way = {"highway": "residential", "oneway": "yes"}
    streets = make_streets(grid(2, 2), [([11, 12], one_way), ([12, 22, 21, 11], one_way)])
    snaps = placed(streets, [(0, 0.25), (0, 0.75)])
    legs = TravelEngine(streets, edge_costs(streets, PRIVATE_CAR), snaps).legs()
    block = streets.length_m.sum()
    assert legs.metres[0, 1] == pytest.approx(streets.length_m[0] / 2)
    assert legs.metres[1, 0] == pytest.approx(block - streets.length_m[0] / 2)


def test_the_way_is_the_quicker_not_the_shorter(make_streets: Make) -> None:
    """Straight on, one step of living street; round by three steps of primary road."""
    streets = make_streets(
        grid(2, 2),
        [
            ([11, 12], {"highway": "living_street"}),
            ([11, 21, 22, 12], {"highway": "primary"}),
            ([12, 13], {"highway": "residential"}),
        ],
    )
    snaps = placed(streets, [(0, 0.0), (0, 1.0)])
    legs = TravelEngine(streets, edge_costs(streets, PRIVATE_CAR), snaps).legs()
    by_main_road = streets.length_m[1] / FREE_FLOW["primary"].likely_kmh * 3.6
    straight = streets.length_m[0] / FREE_FLOW["living_street"].likely_kmh * 3.6
    assert legs.likely[0, 1] == pytest.approx(min(by_main_road, straight))
    assert legs.high[0, 1] == pytest.approx(
        streets.length_m[1] / FREE_FLOW["primary"].low_kmh * 3.6
    )


def test_a_slower_vehicle_takes_longer_by_its_factor(make_streets: Make) -> None:
    streets = make_streets(grid(2, 2), [([11, 12], {"highway": "residential"})])
    snaps = placed(streets, [(0, 0.0), (0, 1.0)])
    fast = TravelEngine(streets, edge_costs(streets, PRIVATE_CAR), snaps).legs()
    slow = TravelEngine(
        streets, edge_costs(streets, Profile("truck", speed_factor=0.8)), snaps
    ).legs()
    assert slow.likely[0, 1] == pytest.approx(fast.likely[0, 1] / 0.8)


@pytest.mark.parametrize("seed", range(3))
def test_a_traced_way_has_the_sums_of_its_leg(aleppo: Streets, seed: int) -> None:
    snaps = many(aleppo, 12, 10 + seed)
    costs = edge_costs(aleppo, PRIVATE_CAR)
    engine = TravelEngine(aleppo, costs, snaps)
    legs = engine.legs()
    for start, end in itertools.product(range(12), repeat=2):
        trace = engine.trace(start, end)
        share = np.array([to - at for _, at, to in trace])
        edges = np.array([edge for edge, _, _ in trace])
        assert (share @ costs.likely[edges]) == pytest.approx(legs.likely[start, end], abs=1e-6)
        assert (share @ costs.high[edges]) == pytest.approx(legs.high[start, end], abs=1e-6)
        for a, b in itertools.pairwise(edges.tolist()):
            assert aleppo.edge_to[a] == aleppo.edge_from[b]
        assert costs.usable[edges].all()
