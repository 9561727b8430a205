"""A place meets the nearest street that can be reached and left, on its own side of the line."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import shapely

from lull.network import PRIVATE_CAR, Streets
from lull.network.closures import cut_lines, cut_streets
from lull.network.snapping import NOWHERE, snap, sound_streets, traps
from tests.network.extracts import grid

Make = Callable[..., Streets]
ROAD = {"highway": "residential"}
ONE_WAY = ROAD | {"oneway": "yes"}
BLOCK = [([11, 12, 22, 21, 11], ROAD)]


def all_sound(streets: Streets) -> np.ndarray:
    return sound_streets(streets, streets.open_to(PRIVATE_CAR))


def metres_to_line(lon: float, lat: float, line_lon: np.ndarray, line_lat: np.ndarray) -> float:
    """Least metres to a line, in the tangent plane at the place, piece by piece."""
    phi = math.radians(lat)
    w = math.sqrt(1 - 0.00669437999014 * math.sin(phi) ** 2)
    east = np.radians(line_lon - lon) * math.cos(phi) * 6_378_137 / w
    north = np.radians(line_lat - lat) * 6_378_137 * (1 - 0.00669437999014) / w**3
    best = math.inf
    for x, y, dx, dy in zip(east, north, np.diff(east), np.diff(north), strict=False):
        whole = dx * dx + dy * dy
        share = 0.0 if whole == 0 else min(1.0, max(0.0, -(x * dx + y * dy) / whole))
        best = min(best, math.hypot(x + share * dx, y + share * dy))
    return best


def test_snapping_on_aleppo_finds_the_street_and_the_distance_that_brute_force_finds(
    aleppo: Streets,
) -> None:
    rng = np.random.default_rng(11)
    lon, lat = rng.uniform(37.05, 37.27, 12), rng.uniform(36.13, 36.27, 12)
    sound = all_sound(aleppo)
    snaps = snap(aleppo, sound, lon, lat)
    numbers = np.flatnonzero(sound)
    lines = [aleppo.line(int(k)) for k in numbers]
    for i in range(12):
        near = [
            k for k, (x, y) in enumerate(lines) if np.hypot(x - lon[i], y - lat[i]).min() < 0.03
        ]
        best = min(metres_to_line(lon[i], lat[i], *lines[k]) for k in near)
        assert snaps.metres[i] == pytest.approx(best, rel=1e-3, abs=0.05)
        own = metres_to_line(lon[i], lat[i], *aleppo.line(int(snaps.street[i])))
        assert own == pytest.approx(best, rel=1e-3, abs=0.05)


def test_a_place_meets_a_street_between_its_ends(make_streets: Make) -> None:
    streets = make_streets(grid(2, 2), [*BLOCK, ([11, 22], ROAD)])
    snaps = snap(streets, all_sound(streets), 37.0025, 35.999)
    assert snaps.lon[0] == pytest.approx(37.0025)
    assert snaps.lat[0] == pytest.approx(36.0, abs=1e-6)
    assert snaps.metres[0] == pytest.approx(110.96, abs=0.05)
    assert not snaps.far[0]
    assert snaps.notes(0) == ()


def test_a_place_further_than_200_metres_from_a_street_is_reported_and_not_refused(
    make_streets: Make,
) -> None:
    streets = make_streets(grid(2, 2), BLOCK)
    snaps = snap(streets, all_sound(streets), 37.005, 35.997)
    assert snaps.street[0] != NOWHERE
    assert snaps.far[0]
    assert snaps.notes(0) == ("The nearest usable street is 333 m away.",)


def test_a_nearer_street_that_cannot_be_left_is_passed_over_and_named(make_streets: Make) -> None:
    streets = make_streets(grid(3, 2), [*BLOCK, ([12, 13], ONE_WAY)])
    usable = streets.open_to(PRIVATE_CAR)
    found = traps(streets, usable)
    assert streets.way_id[found].tolist() == [2]
    sound = sound_streets(streets, usable)
    snaps = snap(streets, sound, 37.0101, 35.9999, passed_over=~sound)
    assert streets.way_id[snaps.street[0]] == 1
    assert snaps.trap[0] == found[0]
    assert "passed over" in snaps.notes(0)[0]


def test_a_street_that_can_be_left_but_not_reached_is_a_trap_too(make_streets: Make) -> None:
    streets = make_streets(grid(3, 2), [*BLOCK, ([13, 12], ONE_WAY)])
    found = traps(streets, streets.open_to(PRIVATE_CAR))
    assert streets.way_id[found].tolist() == [2]


def test_a_one_way_through_street_is_no_trap(make_streets: Make) -> None:
    streets = make_streets(grid(3, 2), [*BLOCK, ([12, 13, 23, 22], ONE_WAY)])
    assert not len(traps(streets, streets.open_to(PRIVATE_CAR)))


def test_without_a_street_for_the_traveller_a_place_lies_nowhere(make_streets: Make) -> None:
    streets = make_streets(grid(2, 2), [([11, 12], {"highway": "steps"})])
    snaps = snap(streets, all_sound(streets), 37.0, 36.0)
    assert snaps.street[0] == NOWHERE
    assert snaps.far[0]
    assert snaps.notes(0) == ("No street is open to this traveller.",)


def test_a_place_is_not_snapped_across_the_line_between_the_sides(make_streets: Make) -> None:
    """A street 55 m south lies across the line; the place's own side has one 166 m north."""
    nodes = grid(2, 2) | {31: (37.0, 36.002), 32: (37.01, 36.002), 41: (37.0, 36.02)}
    streets = make_streets(nodes, [([11, 12], ROAD), ([31, 32], ROAD), ([11, 31], ROAD)])
    line = shapely.LineString([(36.99, 36.0003), (37.02, 36.0003)])
    cut = cut_streets(streets, [line])
    sound = sound_streets(streets, streets.open_to(PRIVATE_CAR), cut) & ~cut
    free = snap(streets, sound, 37.005, 36.0005)
    assert free.lat[0] == pytest.approx(36.0, abs=1e-6)
    held = snap(
        streets, np.ones(len(streets), bool) & ~cut, 37.005, 36.0005, barriers=cut_lines([line])
    )
    assert held.lat[0] == pytest.approx(36.002, abs=1e-6)
    on_line = snap(streets, sound, 37.005, 36.0003, barriers=cut_lines([line]))
    assert on_line.lat[0] == pytest.approx(36.0, abs=1e-6)


def test_a_place_whose_every_street_lies_across_the_line_has_none(make_streets: Make) -> None:
    streets = make_streets(grid(2, 2), BLOCK)
    line = shapely.LineString([(36.9, 35.9995), (37.1, 35.9995)])
    snaps = snap(streets, all_sound(streets), 37.005, 35.999, barriers=cut_lines([line]))
    assert snaps.street[0] == NOWHERE
    assert snaps.across[0]
    assert "across the line" in snaps.notes(0)[0]


def test_an_approved_street_is_taken_if_it_is_hardly_further(make_streets: Make) -> None:
    nodes = grid(2, 2) | {31: (37.0, 36.0005), 32: (37.01, 36.0005)}
    streets = make_streets(nodes, [([11, 12], ROAD), ([31, 32], ROAD), ([11, 31], ROAD)])
    sound = all_sound(streets)
    approved = streets.way_id == 2
    for lat, expected in ((36.0002, 2), (36.0001, 1)):
        snaps = snap(streets, sound, 37.005, lat, prefer=approved)
        assert streets.way_id[snaps.street[0]] == expected


def test_both_parts_that_a_line_makes_of_the_city_are_sound(aleppo: Streets) -> None:
    ring = shapely.Point(37.17, 36.2).buffer(0.02)
    cut = cut_streets(aleppo, [ring])
    usable = aleppo.open_to(PRIVATE_CAR)
    sound = sound_streets(aleppo, usable, cut)
    middle = np.hypot(aleppo.node_lon - 37.17, aleppo.node_lat - 36.2)[aleppo.start]
    open_ = (usable[0::2] | usable[1::2]) & ~cut
    assert sound[open_ & (middle < 0.019)].mean() > 0.97
    assert sound[open_ & (middle > 0.021)].mean() > 0.99
