"""Decimal degrees and MGRS, each read again by another library: pygeodesy, which shares no code.

lull fills one from the other by GeoTrans (`mgrs`); pygeodesy counts by Karney's series.
"""

from __future__ import annotations

from decimal import Decimal
from math import sqrt
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pygeodesy import parseMGRS, toUtmUps8
from pygeodesy.ellipsoidalExact import LatLon

from lull.domain.records.common import Position
from lull.domain.records.form import BadRecord, as_json, read
from lull.domain.records.grid import apart_m, grid_of, point_of
from lull.domain.refusal import Refusal
from lull.store.sending.read_out import in_speech
from lull.store.sending.words import changed_text, whole_text


def degrees(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Degrees to a metre."""
    return st.integers(low * 100_000, high * 100_000).map(lambda n: Decimal(n) / 100_000)


ANYWHERE = st.tuples(degrees(-90, 90), degrees(-180, 180))
NORWAY = st.tuples(degrees(56, 64), degrees(0, 12))
SVALBARD = st.tuples(degrees(72, 84), degrees(0, 42))
POLES = st.tuples(st.one_of(degrees(83, 90), degrees(-90, -79)), degrees(-180, 180))
POINTS = st.one_of(ANYWHERE, NORWAY, SVALBARD, POLES)


def second(grid: str) -> LatLon:
    """Where another library reads the south-west corner of a square of a metre."""
    found = parseMGRS(grid).toLatLon(LatLon=LatLon)
    return LatLon(found.lat, found.lon)


def chord_m(one: LatLon, other: LatLon) -> float:
    """The distance straight through the ellipsoid, by the other library."""
    return float((one.toCartesian() - other.toCartesian()).length)


def near_zone_edge(latitude: Decimal, longitude: Decimal) -> bool:
    """Within a few metres of where zones or bands meet, where either side is right."""
    return any(abs(float(x) / step - round(float(x) / step)) * step < 0.0001
               for x, step in ((latitude, 4), (longitude, 3)))


@settings(max_examples=200, deadline=None)
@given(POINTS)
@example((Decimal("60.4"), Decimal("5.3")))
@example((Decimal("78.2"), Decimal("15.6")))
@example((Decimal("90"), Decimal("0")))
@example((Decimal("-90"), Decimal("0")))
@example((Decimal("36.2021"), Decimal("37.1343")))
def test_the_grid_of_a_point_is_read_by_another_library_as_the_same_point(point) -> None:
    latitude, longitude = point
    grid = grid_of(latitude, longitude)
    there = second(grid)
    assert chord_m(there, LatLon(float(latitude), float(longitude))) < 1.5
    if not near_zone_edge(latitude, longitude):
        own = str(toUtmUps8(float(latitude), float(longitude)).toMgrs())
        assert own.split()[:2] == grid.split()[:2] or chord_m(there, second(own)) < 1.5


@settings(max_examples=200, deadline=None)
@given(POINTS, st.sampled_from([3, 4, 5]))
@example((Decimal("90"), Decimal("0.0001")), 4)
@example((Decimal("-17.5"), Decimal("179.99995")), 4)
def test_the_point_of_a_square_is_its_middle_by_another_library(point, digits: int) -> None:
    latitude, longitude = point
    assume(not near_zone_edge(latitude, longitude))
    zone, square, east, north = grid_of(latitude, longitude).split()
    grid = f"{zone} {square} {east[:digits]} {north[:digits]}"
    found = point_of(grid)
    side = 10 ** (5 - digits)
    corner = second(f"{zone} {square} {east[:digits]:0<5} {north[:digits]:0<5}")
    apart = chord_m(corner, LatLon(float(found[0]), float(found[1])))
    assert abs(apart - side * sqrt(0.5)) < 0.02 * side + 1.5
    assert apart_m(point, found) < side * sqrt(0.5) * 1.02 + 0.3


@settings(max_examples=25, deadline=None)
@given(POINTS, st.integers(-300, 300), st.integers(-300, 300))
def test_the_distance_is_that_of_another_library(point, north: int, east: int) -> None:
    latitude, longitude = point
    assume(abs(latitude) < 89)
    other = (latitude + Decimal(north) / 100_000, longitude + Decimal(east) / 100_000)
    assume(abs(other[1]) <= 180)
    by_other = LatLon(*map(float, point)).distanceTo(LatLon(*map(float, other)))
    assert abs(apart_m(point, other) - by_other) < 0.01


def position(**changes: Any) -> Position:
    """A position of the accuracy of a hand-held receiver."""
    return read(Position, {"accuracy_m": 10, "datum": "WGS-84", **changes})


@settings(max_examples=100, deadline=None)
@given(POINTS)
def test_a_position_in_one_notation_is_filled_with_the_other_and_both_agree(point) -> None:
    latitude, longitude = (f"{x:f}".rstrip("0").rstrip(".") or "0" if "." in f"{x:f}" else f"{x:f}"
                           for x in point)
    assume("-0" not in (latitude, longitude))
    by_degrees = position(latitude_deg=latitude, longitude_deg=longitude)
    assert by_degrees.mgrs == grid_of(*point)
    by_grid = position(mgrs=by_degrees.mgrs)
    assert apart_m((by_grid.latitude_deg, by_grid.longitude_deg), point) < 1.5
    for one in (by_degrees, by_grid):
        assert read(Position, as_json(one)) == one


def test_two_notations_that_differ_by_more_than_the_accuracy_are_refused_with_both_readings(
) -> None:
    both = {"latitude_deg": "36.2021", "longitude_deg": "37.1343"}
    assert position(**both, mgrs="37S CA 32269 07977")
    assert position(**both, mgrs="37SCA322079", accuracy_m=50)
    with pytest.raises(BadRecord) as refused:
        position(**both, mgrs="37S CA 31250 08770")
    said = str(refused.value)
    assert "36.2021, 37.1343 is 37S CA 32269 07977" in said
    assert "37S CA 31250 08770 is 36.209" in said
    assert "1,291 m apart, and the accuracy is 10 m" in said


@given(POINTS, st.integers(0, 200), st.integers(-400, 400), st.integers(-400, 400))
@settings(max_examples=100, deadline=None)
def test_the_accuracy_decides_whether_two_notations_agree(point, accuracy: int, north: int,
                                                          east: int) -> None:
    assume(abs(point[0]) < 89)
    other = (point[0] + Decimal(north) / 100_000, point[1] + Decimal(east) / 100_000)
    assume(abs(other[1]) <= 180)
    grid = grid_of(*other)
    apart = chord_m(second(grid), LatLon(*map(float, point)))
    assume(abs(apart - accuracy) > 3)  # the square of a metre, whose corner that is
    made = {"accuracy_m": accuracy, "datum": "WGS-84", "latitude_deg": point[0],
            "longitude_deg": point[1], "mgrs": grid}
    if apart < accuracy:
        assert Position(**made)
    else:
        with pytest.raises(Refusal, match="Find out which is right"):
            Position(**made)


@pytest.mark.parametrize(("given", "sentence"), [
    ({}, "Give latitude and longitude, or an MGRS"),
    ({"latitude_deg": "36.2"}, "Give latitude and longitude, or an MGRS"),
    ({"mgrs": "99S CA 32269 07977"}, "no MGRS grid reference"),
    ({"mgrs": "37S ZZ 32269 07977"}, "no MGRS grid reference"),
    ({"mgrs": "near the bridge"}, "no MGRS grid reference"),
    ({"mgrs": "37S CA 322 079"}, "is a square of 100 m; it says no more than to 50 m, and not to "
     "10 m"),
    ({"latitude_deg": "91", "longitude_deg": "0"}, "no latitude and longitude"),
])
def test_what_is_no_position_is_refused_in_a_sentence(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(BadRecord, match=sentence):
        position(**given)


def test_a_letter_has_both_notations_whichever_was_written() -> None:
    for one in ({"latitude_deg": "36.2021", "longitude_deg": "37.1343"},
                  {"mgrs": "37S CA 32269 07977"}):
        record = {"departure": {"place": {"name": "gate", "position": {
            "accuracy_m": 10, "datum": "WGS-84", **one}}}}
        text = whole_text("N1", 1, record)
        assert "Departure, place, position, MGRS: 37S CA 32269 07977" in text
        assert "Departure, place, position, latitude (degrees): 36.202" in text
        assert "Departure, place, position, longitude (degrees): 37.134" in text
        assert "datum: WGS-84" in text
        assert "accuracy (m): 10" in text
        same = changed_text("N1", 2, record, 1, record)
        assert "Nothing of what you were sent has changed" in same


def test_a_grid_reference_is_read_out_letter_by_letter() -> None:
    said = in_speech("position, mgrs: 37S CA 32269 07977")
    assert said.endswith("[THREE SEVEN SIERRA, CHARLIE ALFA, THREE TWO TWO SIX NINER, "
                         "ZERO SEVEN NINER SEVEN SEVEN]")
