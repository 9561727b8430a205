"""Gates stand on streets, on the right side of the line, and the two of a corridor join."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import osmium
import pytest
import shapely

from lull.domain.case import Case
from lull.domain.corridor import Direction
from lull.exchange.reading import Reading

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
BOTH = pytest.mark.parametrize("name", ["aleppo-2016-10", "aleppo-2016-12"])
MAIN = {"trunk", "primary", "secondary", "tertiary"}
EAST = 111_320 * math.cos(math.radians(36.2))
Rows = Callable[[str, str], list[dict[str, str]]]


def metres(lon: float, lat: float) -> tuple[float, float]:
    return lon * EAST, lat * 110_950


@pytest.fixture(scope="module")
def streets() -> dict[str, shapely.STRtree]:
    """The streets that all the folders share, as lines in metres: all, and main ones."""
    found: dict[str, list[shapely.LineString]] = {"all": [], "main": []}
    roads = str(SAMPLES / "aleppo" / "roads.osm.pbf")
    for way in osmium.FileProcessor(roads).with_locations():
        if way.is_way():
            line = shapely.LineString([metres(n.location.lon, n.location.lat) for n in way.nodes])
            found["all"].append(line)
            if way.tags["highway"] in MAIN:
                found["main"].append(line)
    return {kind: shapely.STRtree(lines) for kind, lines in found.items()}


def outline(name: str) -> shapely.Polygon:
    said = json.loads((SAMPLES / name / "routes.geojson").read_text(encoding="utf-8"))
    (feature,) = said["features"]
    assert feature["properties"]["kind"] == "line"
    assert "not a front line" in feature["properties"]["assumed"]
    polygon = shapely.from_geojson(json.dumps(feature["geometry"]))
    assert isinstance(polygon, shapely.Polygon)
    return polygon


def away(tree: shapely.STRtree, lat: float, lon: float) -> float:
    """Metres from a point to the nearest street."""
    here = shapely.Point(metres(lon, lat))
    return float(tree.geometries[tree.nearest(here)].distance(here))


@BOTH
def test_gates_stand_on_main_streets_on_their_side(
    name: str, rows: Rows, streets: dict[str, shapely.STRtree]
) -> None:
    inside = outline(name)
    for row in rows(name, "corridors"):
        for side in ("inside", "outside"):
            lat, lon = float(row[f"{side}_gate_lat"]), float(row[f"{side}_gate_lon"])
            assert away(streets["main"], lat, lon) < 5, (row["id"], side)
            assert inside.contains(shapely.Point(lon, lat)) == (side == "inside"), row["id"]


@BOTH
def test_sites_lie_on_a_street_on_their_side(
    name: str, rows: Rows, streets: dict[str, shapely.STRtree]
) -> None:
    inside = outline(name)
    for row in rows(name, "sites"):
        if row["lat"]:
            lat, lon = float(row["lat"]), float(row["lon"])
            assert away(streets["all"], lat, lon) < 5, row["id"]
            assert inside.contains(shapely.Point(lon, lat)) == (row["sides"] == "inside")


@BOTH
def test_the_two_gates_of_a_corridor_join_both_ways_within_two_kilometres(
    name: str, readings: dict[str, Reading]
) -> None:
    case = readings[name].case
    assert case is not None
    for corridor in case.corridors.values():
        for direction in Direction:
            leg = case.leg("ambulance", *corridor.gates(direction))
            assert leg is not None, corridor.id
            assert 300 < leg.metres < 2_000, (corridor.id, direction)


def test_every_neighbourhood_of_october_reaches_every_civilian_gate(october: Case) -> None:
    gates = [c.gate_place("inside") for c in october.corridors.values()]
    points = [s.id for s in october.sites.values() if s.kind == "assembly_point"]
    assert 35 <= len(points) <= 45
    for point in points:
        for gate in gates:
            for kind in ("bus", "ambulance", "truck", "own_car", "foot"):
                assert october.leg(kind, point, gate) is not None, (point, gate, kind)


def test_the_streets_agree_with_the_documented_length_of_the_first_stretch(december: Case) -> None:
    """6 km (TASS) or 6.8 km (WHO) from the pocket to the change of vehicles."""
    crossing = december.leg("bus", "ramouseh@inside", "ramouseh@outside")
    onward = december.leg("bus", "ramouseh@outside", "rashidin-4")
    assert crossing is not None
    assert onward is not None
    assert 5_500 < crossing.metres + onward.metres < 7_000


def test_people_of_december_change_vehicles_between_two_fleets_that_never_meet(
    december: Case,
) -> None:
    exchange = december.sites["rashidin-4"]
    assert exchange.sides == ("outside", "west")
    for kind in december.fleet.values():
        assert ("west" in kind.sides) != ("inside" in kind.sides), kind.id
    reached = december.leg("west-bus", "rashidin-4", "west-reception")
    assert reached is not None
    assert reached.metres == 15_000


def test_the_west_is_given_in_minutes_and_the_rest_by_streets(december: Case) -> None:
    assert december.travel.source.startswith("travel_minutes.csv, else ")
    assert december.leg("west-bus", "west-base", "rashidin-4") is not None
    assert december.leg("bus", "ramouseh-base", "ramouseh@outside") is not None
    assert december.leg("west-bus", "west-base", "ramouseh-base") is None
