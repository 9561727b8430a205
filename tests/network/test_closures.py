"""What is closed, slowed or suspected concerns the streets that it means, and no others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely
from attrs import evolve

from lull.domain.refusal import Refusal
from lull.network import Closure, Streets
from lull.network.closures import (
    approved_area,
    approved_streets,
    conditions,
    cut_streets,
)
from tests.network.extracts import grid

Make = Callable[..., Streets]
ROAD = {"highway": "residential"}
WAYS = [([11, 12], ROAD), ([12, 13], ROAD), ([12, 22], ROAD), ([21, 22, 23], ROAD)]


@pytest.fixture
def town(make_streets: Make) -> Streets:
    """Way 1 and 2 run east on latitude 36, way 3 north from their junction, way 4 east on 36.01."""
    return make_streets(grid(3, 2), WAYS)


def ways(streets: Streets, marked: np.ndarray) -> set[int]:
    return set(streets.way_id[marked].tolist())


def closed_by(streets: Streets, shape: object) -> set[int]:
    return ways(streets, conditions(streets, [Closure("c", "closed", shape)]).closed)  # type: ignore[arg-type]


def test_a_polygon_closes_the_streets_that_lie_in_it_in_part_or_whole(town: Streets) -> None:
    assert closed_by(town, shapely.box(37.002, 35.999, 37.004, 36.001)) == {1}
    assert closed_by(town, shapely.box(37.009, 35.999, 37.011, 36.001)) == {1, 2, 3}


def test_a_polygon_that_only_touches_a_street_leaves_it_open(town: Streets) -> None:
    assert closed_by(town, shapely.box(37.002, 36.0, 37.004, 36.001)) == {1}
    assert closed_by(town, shapely.box(37.002, 36.00001, 37.004, 36.001)) == set()


def test_a_line_drawn_along_a_street_closes_it_and_not_those_that_meet_it(town: Streets) -> None:
    assert closed_by(town, shapely.LineString([(37.0, 36.00003), (37.01, 36.00003)])) == {1}


def test_a_line_drawn_across_streets_closes_all_that_it_crosses(town: Streets) -> None:
    assert closed_by(town, shapely.LineString([(37.015, 35.99), (37.015, 36.02)])) == {2, 4}


def test_a_point_closes_the_nearest_street_within_30_metres(town: Streets) -> None:
    assert closed_by(town, shapely.Point(37.005, 36.0002)) == {1}
    assert closed_by(town, shapely.Point(37.005, 36.0005)) == set()


def test_several_shapes_in_one_close_what_each_closes(town: Streets) -> None:
    both = shapely.GeometryCollection(
        [shapely.Point(37.005, 36.0001), shapely.box(37.016, 35.999, 37.018, 36.001)]
    )
    assert closed_by(town, both) == {1, 2}


def test_ids_close_the_whole_way(town: Streets) -> None:
    state = conditions(town, [Closure("c", "closed", way_ids=(4, 77))])
    assert ways(town, state.closed) == {4}
    assert state.closed.sum() == 2
    assert state.unmatched == ()


def test_a_closure_that_meets_no_street_is_named(town: Streets) -> None:
    state = conditions(
        town,
        [
            Closure("far", "closed", shapely.Point(40, 40)),
            Closure("gone", "slowed", way_ids=(99,), factor=0.5),
        ],
    )
    assert state.unmatched == ("far", "gone")
    assert not state.closed.any()


def test_a_street_slowed_for_a_quarter_of_its_length_loses_time_on_that_quarter(
    town: Streets,
) -> None:
    box = shapely.box(36.9, 35.999, 37.0025, 36.001)
    state = conditions(town, [Closure("s", "slowed", box, factor=0.5)])
    # 1 / (0.25 / 0.5 + 0.75) = 0.8 of the speed over the whole street.
    assert state.factor[town.way_id == 1] == pytest.approx(0.8, rel=1e-6)
    assert (state.factor[town.way_id != 1] == 1).all()


def test_factors_of_two_reports_multiply(town: Streets) -> None:
    one = Closure("a", "slowed", way_ids=(1,), factor=0.5)
    state = conditions(town, [one, evolve(one, id="b", factor=0.4)])
    assert state.factor[town.way_id == 1] == pytest.approx(0.2)


def test_suspected_mines_mark_a_street_and_do_not_close_it(town: Streets) -> None:
    state = conditions(town, [Closure("m", "mines_suspected", way_ids=(3,))])
    assert ways(town, state.mined) == {3}
    assert not state.closed.any()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": "blocked", "way_ids": (1,)}, "must be one of: closed, slowed, mines_suspected"),
        ({"kind": "closed"}, "names no street"),
        ({"kind": "closed", "geometry": shapely.Polygon()}, "names no street"),
        ({"kind": "slowed", "way_ids": (1,), "factor": 0.0}, "above 0 and at most 1"),
        ({"kind": "slowed", "way_ids": (1,), "factor": float("nan")}, "above 0 and at most 1"),
    ],
)
def test_nonsense_is_refused_in_a_sentence(wrong: dict, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        Closure(id="c", **wrong)


def test_the_boundary_of_a_polygon_cuts_the_streets_that_cross_it(town: Streets) -> None:
    assert ways(town, cut_streets(town, [shapely.box(36.9, 35.9, 37.015, 36.005)])) == {2, 3}


def test_a_polygon_with_a_hole_cuts_at_both_rings(town: Streets) -> None:
    shape = shapely.box(36.9, 35.9, 37.1, 36.1).difference(
        shapely.box(37.014, 35.95, 37.016, 36.005)
    )
    assert ways(town, cut_streets(town, [shape])) == {2}


def test_approved_are_the_streets_along_the_route_and_not_those_that_cross_it(
    town: Streets,
) -> None:
    area = approved_area(town, [shapely.LineString([(37.0, 36.0002), (37.02, 36.0002)])])
    assert ways(town, approved_streets(town, area)) == {1, 2}
    wide = approved_area(town, [shapely.LineString([(37.0, 36.0005), (37.02, 36.0005)])], 60.0)
    assert ways(town, approved_streets(town, wide)) == {1, 2}
    assert not approved_streets(town, approved_area(town, [])).any()
