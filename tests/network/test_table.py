"""The travel table of a small town, worked out by hand.

The town: two streets run east, on latitudes 36.00 and 36.01, three north, on longitudes 37.00,
37.01 and 37.02. All are residential (20 km/h likely), and the line between the sides runs north
at 37.015, so that only the last step of the two eastward streets crosses it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import shapely

from lull.domain.refusal import Refusal
from lull.network import (
    ON_FOOT,
    PRIVATE_CAR,
    Closure,
    Crossing,
    Place,
    Profile,
    Streets,
    TravelNetwork,
    travel_table,
)
from lull.network.geodesy import distance_m
from lull.network.speeds import FREE_FLOW, WALKING
from tests.network.extracts import grid

Make = Callable[..., Streets]
ROAD = {"highway": "residential"}
EAST_M, NORTH_M = 901.6, 1109.6
"""One step of the grid (degrees of 90,163 and 110,959 m at 36 N, NGA.STND.0036)."""

LINE = shapely.LineString([(37.015, 35.9), (37.015, 36.1)])
WAYS = [
    ([11, 12], ROAD), ([12, 13], ROAD), ([21, 22], ROAD), ([22, 23], ROAD),
    ([11, 21], ROAD), ([12, 22], ROAD), ([13, 23], ROAD),
]  # fmt: skip
INSIDE, OUTSIDE = ("inside",), ("outside",)
WEST = Place("west", 36.0, 37.0, INSIDE)
NORTH = Place("north", 36.01, 37.0, INSIDE)
EAST = Place("east", 36.0, 37.02, OUTSIDE)
GATES = (Place("c@inside", 36.0, 37.01, INSIDE), Place("c@outside", 36.0, 37.02, OUTSIDE))
CORRIDOR = Crossing("c", "c@inside", "c@outside")
KMH = FREE_FLOW["residential"]


def minutes(metres: float, kmh: float) -> int:
    """Whole minutes, rounded up."""
    return int(np.ceil(metres / 1000 / kmh * 60))


@pytest.fixture
def town(make_streets: Make) -> Streets:
    return make_streets(grid(3, 2), WAYS)


def network(town: Streets, places: Sequence[Place], **given: Any) -> TravelNetwork:
    return TravelNetwork(town, places, given.pop("profiles", [PRIVATE_CAR]), **given)


def test_minutes_are_rounded_up_and_low_rests_on_the_high_speed(town: Streets) -> None:
    leg = travel_table(town, [WEST, NORTH], [PRIVATE_CAR]).leg("own_car", "west", "north")
    assert leg is not None
    assert leg.metres == pytest.approx(NORTH_M, rel=1e-3)
    assert (leg.low, leg.likely, leg.high) == (
        minutes(NORTH_M, KMH.high_kmh),
        minutes(NORTH_M, KMH.likely_kmh),
        minutes(NORTH_M, KMH.low_kmh),
    )
    assert (leg.low, leg.likely, leg.high) == (3, 4, 6)


def test_profiles_of_one_kind_differ_by_their_speed_alone(town: Streets) -> None:
    profiles = [Profile("a"), Profile("b", speed_factor=0.5)]
    table = travel_table(town, [WEST, NORTH], profiles)
    assert table.profiles == ("a", "b")
    assert table.leg("b", "west", "north").likely == minutes(NORTH_M, KMH.likely_kmh / 2)  # type: ignore[union-attr]


def test_between_the_sides_there_is_no_way_but_through_the_corridor(town: Streets) -> None:
    places = [WEST, EAST, *GATES]
    table = network(town, places, cuts=[LINE], crossings=[CORRIDOR]).table()
    assert table.leg("own_car", "west", "east") is None
    assert table.leg("own_car", "west", "c@outside") is None
    through = table.leg("own_car", "c@inside", "c@outside")
    assert through is not None
    assert through.metres == pytest.approx(EAST_M, rel=1e-3)
    assert table.leg("own_car", "c@outside", "c@inside") is not None
    assert table.leg("own_car", "west", "c@inside").metres == pytest.approx(EAST_M, rel=1e-3)  # type: ignore[union-attr]


def test_ways_on_one_side_do_not_borrow_streets_of_the_other(make_streets: Make) -> None:
    """Inside, north and south meet only by the far west; the short way crosses the line twice."""
    town = make_streets(grid(3, 2), [way for way in WAYS if way[0] != [12, 22]])
    place = [
        Place("s", 36.0, 37.01, INSIDE), Place("n", 36.01, 37.01, INSIDE),
    ]  # fmt: skip
    table = network(town, place, cuts=[LINE]).table()
    assert table.leg("own_car", "s", "n").metres == pytest.approx(2 * EAST_M + NORTH_M, rel=1e-3)  # type: ignore[union-attr]
    closed = [Closure("w", "closed", way_ids=(5,))]
    assert (
        network(town, place, cuts=[LINE], closures=closed).table().leg("own_car", "s", "n") is None
    )
    assert network(town, place, closures=closed).table().leg("own_car", "s", "n") is not None


def test_an_exchange_point_between_two_streets_is_reached_from_either_side(
    make_streets: Make,
) -> None:
    nodes = grid(3, 2) | {31: (37.0142, 36.0), 32: (37.0158, 36.0)}
    town = make_streets(
        nodes, [([11, 12, 31], ROAD), ([11, 21, 22, 12], ROAD), ([32, 13, 23, 13], ROAD)]
    )
    exchange = Place("x", 36.0, 37.0149, ("inside", "outside"))
    places = [WEST, EAST, exchange]
    for keep in (False, True):
        found = network(town, places, cuts=[LINE], keep=keep)
        table = found.table()
        from_west, from_east = (table.leg("own_car", p, "x") for p in ("west", "east"))
        assert from_west is not None and from_east is not None  # noqa: PT018
        assert from_west.metres == pytest.approx(1.42 * EAST_M, rel=1e-3)
        assert from_east.metres == pytest.approx(0.42 * EAST_M, rel=1e-3)
        assert table.leg("own_car", "west", "east") is None
        assert found.route("own_car", "x", "east").metres == pytest.approx(from_east.metres)  # type: ignore[union-attr]


def test_closing_the_last_way_across_leaves_both_sides_as_they_are(make_streets: Make) -> None:
    """A city falls in two when its bridges close; neither half is a trap, and none is jumped to."""
    town = make_streets(grid(3, 2), WAYS)
    bridges = [Closure("b", "closed", way_ids=(2, 4))]
    places = [WEST, NORTH, Place("e", 36.0, 37.02, INSIDE), Place("f", 36.01, 37.02, INSIDE)]
    for cuts in ([], [LINE]):
        table = network(town, places, closures=bridges, cuts=cuts).table()
        assert table.leg("own_car", "e", "f").metres == pytest.approx(NORTH_M, rel=1e-3)  # type: ignore[union-attr]
        assert table.leg("own_car", "west", "north") is not None
        assert table.leg("own_car", "west", "e") is None


def test_without_approved_routes_nothing_is_approved(town: Streets) -> None:
    table = travel_table(town, [WEST, NORTH], [PRIVATE_CAR])
    assert not table.leg("own_car", "west", "north").approved  # type: ignore[union-attr]
    assert table.leg("own_car", "west", "west").approved  # type: ignore[union-attr]


def test_an_approved_way_is_taken_before_a_shorter_one(town: Streets) -> None:
    round_about = shapely.LineString([(37.0, 36.0), (37.01, 36.0), (37.01, 36.01), (37.0, 36.01)])
    far = Place("far", 36.0, 37.02, INSIDE)
    table = travel_table(town, [WEST, NORTH, far], [PRIVATE_CAR], approved=[round_about])
    leg = table.leg("own_car", "west", "north")
    assert leg is not None
    assert leg.approved
    assert leg.metres == pytest.approx(2 * EAST_M + NORTH_M, rel=1e-3)
    away = table.leg("own_car", "west", "far")
    assert away is not None
    assert not away.approved
    assert away.metres == pytest.approx(2 * EAST_M, rel=1e-3)


def test_the_piece_of_street_at_a_place_is_approved_by_itself(town: Streets) -> None:
    """The route ends in the middle of a street, at the place: the piece travelled lies on it."""
    middle = Place("middle", 36.0, 37.005, INSIDE)
    route = shapely.LineString([(37.005, 36.0), (37.01, 36.0), (37.01, 36.01)])
    there = Place("there", 36.01, 37.01, INSIDE)
    table = travel_table(town, [middle, there, WEST], [PRIVATE_CAR], approved=[route])
    assert table.leg("own_car", "middle", "there").approved  # type: ignore[union-attr]
    assert table.leg("own_car", "there", "middle").approved  # type: ignore[union-attr]
    assert not table.leg("own_car", "west", "middle").approved  # type: ignore[union-attr]


def test_mines_are_driven_round_and_marked_where_there_is_no_way_round(town: Streets) -> None:
    places = [WEST, NORTH]
    mined = [Closure("m", "mines_suspected", way_ids=(5,))]
    leg = network(town, places, closures=mined).table().leg("own_car", "west", "north")
    assert leg is not None
    assert not leg.mined
    assert leg.metres == pytest.approx(2 * EAST_M + NORTH_M, rel=1e-3)
    everywhere = [Closure("m", "mines_suspected", way_ids=(5, 6, 7))]
    leg = network(town, places, closures=everywhere).table().leg("own_car", "west", "north")
    assert leg is not None
    assert leg.mined
    assert leg.metres == pytest.approx(NORTH_M, rel=1e-3)


def test_people_on_foot_ignore_one_way_and_walk_to_the_street(make_streets: Make) -> None:
    one_way = ROAD | {"oneway": "yes"}
    town = make_streets(grid(2, 2), [([11, 12], one_way), ([12, 22, 21, 11], one_way)])
    places = [Place("a", 36.0, 37.01, INSIDE), Place("b", 35.999, 37.0, INSIDE)]
    table = travel_table(town, places, [ON_FOOT, PRIVATE_CAR])
    metres = EAST_M + 111.0
    leg = table.leg("foot", "a", "b")
    assert leg is not None
    assert leg.metres == pytest.approx(metres, rel=1e-3)
    assert leg.likely == minutes(metres, WALKING.likely_kmh)
    assert leg.high == minutes(metres, WALKING.low_kmh)
    assert table.leg("own_car", "a", "b").metres > 2 * EAST_M  # type: ignore[union-attr]


def test_a_corridor_with_its_own_line_follows_the_streets_under_it(town: Streets) -> None:
    north_about = shapely.LineString([(37.01, 36.0), (37.01, 36.01), (37.02, 36.01), (37.02, 36.0)])
    crossing = Crossing("c", "c@inside", "c@outside", north_about)
    found = network(town, GATES, cuts=[LINE], crossings=[crossing])
    leg = found.table().leg("own_car", "c@inside", "c@outside")
    assert leg is not None
    assert leg.metres == pytest.approx(EAST_M + 2 * NORTH_M, rel=1e-3)
    assert leg.approved
    assert found.notes() == ()
    route = found.route("own_car", "c@outside", "c@inside")
    assert route is not None
    assert route.way_ids == (7, 4, 6)


def test_a_line_where_the_extract_has_no_street_is_taken_itself_and_said_so(
    town: Streets,
) -> None:
    field = shapely.LineString([(37.01, 36.0), (37.015, 36.004), (37.02, 36.0)])
    crossing = Crossing("c", "c@inside", "c@outside", field)
    found = network(town, GATES, cuts=[LINE], crossings=[crossing])
    leg = found.table().leg("own_car", "c@inside", "c@outside")
    metres = 2 * float(distance_m(37.01, 36.0, 37.015, 36.004))
    assert leg is not None
    assert leg.metres == pytest.approx(metres)
    assert leg.likely == minutes(metres, FREE_FLOW["unclassified"].likely_kmh)
    assert ["itself is taken" in note and "'c'" in note for note in found.notes()] == [True]


def test_a_line_that_misses_a_gate_is_set_aside_and_said_so(town: Streets) -> None:
    far = shapely.LineString([(37.01, 36.004), (37.02, 36.004)])
    found = network(
        town, GATES, cuts=[LINE], crossings=[Crossing("c", "c@inside", "c@outside", far)]
    )
    assert found.table().leg("own_car", "c@inside", "c@outside").metres == pytest.approx(  # type: ignore[union-attr]
        EAST_M, rel=1e-3
    )
    assert ["444 m from a gate" in note for note in found.notes()] == [True]


def test_a_closure_on_a_corridors_line_closes_the_corridor_and_nothing_is_made_up(
    town: Streets,
) -> None:
    straight = shapely.LineString([(37.01, 36.0), (37.02, 36.0)])
    crossing = Crossing("c", "c@inside", "c@outside", straight)
    closed = [Closure("x", "closed", way_ids=(2,))]
    table = network(town, GATES, cuts=[LINE], crossings=[crossing], closures=closed).table()
    assert table.leg("own_car", "c@inside", "c@outside") is None


def test_a_route_has_the_line_the_length_and_the_time_of_its_leg(aleppo: Streets) -> None:
    rng = np.random.default_rng(5)
    places = [
        Place(f"p{k}", lat, lon, OUTSIDE)
        for k, (lon, lat) in enumerate(
            zip(rng.uniform(37.1, 37.2, 8), rng.uniform(36.17, 36.24, 8), strict=True)
        )
    ]
    found = network(aleppo, places, profiles=[Profile("bus", speed_factor=0.8, heavy=True)])
    table = found.table()
    for a in places:
        for b in places:
            leg, route = table.leg("bus", a.id, b.id), found.route("bus", a.id, b.id)
            if a is b:
                assert route is None
                continue
            assert leg is not None and route is not None  # noqa: PT018
            lon, lat = np.array(route.lon), np.array(route.lat)
            drawn = distance_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
            assert route.metres == pytest.approx(leg.metres)
            assert drawn == pytest.approx(leg.metres, rel=1e-4)
            assert int(np.ceil(route.likely / 60 - 1e-6)) == leg.likely
            start = distance_m(a.lon, a.lat, lon[0], lat[0])
            assert start == pytest.approx(found.snaps("bus").metres[table.index[a.id]], abs=0.1)


def test_a_route_names_its_streets_once_in_a_row(make_streets: Make) -> None:
    town = make_streets(
        grid(3, 2),
        [
            ([11, 12], ROAD | {"name": "شارع النيل"}),
            ([12, 13], ROAD | {"name": "شارع النيل"}),
            ([12, 22], ROAD),
            ([13, 23], ROAD | {"name": "Nile"}),
        ],
    )
    places = [WEST, Place("b", 36.01, 37.02, INSIDE)]
    route = network(town, places).route("own_car", "west", "b")
    assert route is not None
    assert route.names == ("شارع النيل", "Nile")
    assert route.way_ids == (1, 2, 4)


def test_changing_closures_gives_the_table_of_a_new_network(aleppo: Streets) -> None:
    """With all at once: two sides, corridors, approved routes, mines, places on two sides."""
    ring = shapely.Point(37.17, 36.2).buffer(0.03)
    rng = np.random.default_rng(9)
    places = [
        Place(f"p{k}", y, x, INSIDE if ring.contains(shapely.Point(x, y)) else OUTSIDE)
        for k, (x, y) in enumerate(
            zip(rng.uniform(37.1, 37.24, 40), rng.uniform(36.15, 36.25, 40), strict=True)
        )
    ]
    places += [
        Place("c@inside", 36.2, 37.145, INSIDE), Place("c@outside", 36.2, 37.135, OUTSIDE),
        Place("both", 36.2, 37.1402, (*INSIDE, *OUTSIDE)),
    ]  # fmt: skip
    given: dict[str, Any] = {
        "profiles": [ON_FOOT, Profile("truck", heavy=True)],
        "cuts": [ring],
        "approved": [shapely.LineString([(37.135, 36.2), (37.1, 36.19)])],
        "crossings": [CORRIDOR],
    }
    kept = network(aleppo, places, keep=True, **given)
    kept.table()
    around = [shapely.Point(x, y).buffer(0.003) for x, y in [(37.12, 36.2), (37.18, 36.21)]]
    for step in (
        [Closure("a", "closed", around[0])],
        [Closure("a", "mines_suspected", around[0]), Closure("b", "slowed", around[1], factor=0.3)],
        [],
    ):
        kept.change_closures(step)
        fresh = network(aleppo, places, closures=step, **given)
        a, b = kept.table(), fresh.table()
        for layer in ("low", "likely", "high", "metres", "approved", "mined"):
            for profile in a.profiles:
                assert np.array_equal(getattr(a, layer)[profile], getattr(b, layer)[profile])


def test_progress_is_told_and_ends_complete(town: Streets) -> None:
    told: list[tuple[str, int, int]] = []
    travel_table(town, [WEST], [ON_FOOT, PRIVATE_CAR], progress=lambda *step: told.append(step))
    assert told == [("foot", 0, 2), ("own_car", 1, 2), ("", 2, 2)]


def test_without_a_place_the_table_is_empty(town: Streets) -> None:
    assert travel_table(town, [], [PRIVATE_CAR]).places == ()


@pytest.mark.parametrize(
    ("places", "crossings", "said"),
    [
        ([WEST, WEST], [], "stands twice"),
        ([WEST], [CORRIDOR], "which is no place"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(
    town: Streets, places: list[Place], crossings: list[Crossing], said: str
) -> None:
    with pytest.raises(Refusal, match=said):
        network(town, places, crossings=crossings)


@pytest.mark.parametrize("wrong", [{"lat": 91.0}, {"lon": float("nan")}, {"sides": ()}, {"id": ""}])
def test_a_place_that_is_nowhere_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        Place(**({"id": "a", "lat": 36.0, "lon": 37.0, "sides": INSIDE} | wrong))
