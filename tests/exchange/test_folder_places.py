"""What of a folder has a place: held beside the folder's own tables, with roads and without."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from lull.domain.corridor import User
from lull.exchange.folder_places import folder_places
from lull.exchange.new import new_folder
from lull.exchange.reading import read_files
from tests.exchange.test_streets import Town
from tests.network.extracts import LAT, LON


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The folder that `lull new` writes, which has no streets."""
    folder = tmp_path_factory.mktemp("new") / "folder"
    new_folder(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """The rows of a table as its own text says them, without remarks and HXL tags."""
    lines = files[name].decode("utf-8-sig").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_each_site_with_a_position_stands_where_its_row_says(files: dict[str, bytes]
                                                                   ) -> None:
    places = folder_places(read_files(files, "t")[0])
    told = {one["name"]: tuple(one["spots"][0][1:]) for one in places if one["kind"] == "site"}
    wanted = {row["name"] or row["id"]: (round(float(row["lat"]), 5), round(float(row["lon"]), 5))
              for row in rows(files, "sites.csv") if row.get("lat")}
    assert wanted
    assert told == wanted


def test_a_corridor_without_streets_is_the_straight_line_between_its_gates(
        files: dict[str, bytes]) -> None:
    places = folder_places(read_files(files, "t")[0])
    corridors = [one for one in places if one["kind"] == "corridor"]
    assert len(corridors) == len(rows(files, "corridors.csv"))
    for one, row in zip(corridors, rows(files, "corridors.csv"), strict=True):
        gates = [[float(row[f"{side}_gate_lon"]), float(row[f"{side}_gate_lat"])]
                 for side in ("inside", "outside") if row.get(f"{side}_gate_lat")]
        if len(gates) > 1:
            (line,) = one["lines"]
            assert [pytest.approx(at, abs=1e-5) for at in gates] == line
        assert set(one["users"]) <= {user.value for user in User}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A folder with streets and three closures: a line, an area and the streets of a way."""
    path: Path = Town(tmp_path_factory.mktemp("town") / "town").write()
    files = {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()}
    line = [[LON, LAT], [LON + 0.002, LAT + 0.001], [LON + 0.004, LAT]]
    area = [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.01], [LON, LAT]]
    files["closures.geojson"] = json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"id": name, "kind": kind, "source": "a driver",
                                           "time": "2016-10-19T08:00:00Z", "factor": factor},
         "geometry": {"type": form, "coordinates": at}}
        for name, kind, form, at, factor in (
            ("bridge", "slowed", "LineString", line, 0.5),
            ("field", "mines_suspected", "Polygon", [area], 1))]}).encode()
    return files


def test_a_corridor_follows_its_road_and_begins_and_ends_near_its_gates(town: dict[str, bytes]
                                                                        ) -> None:
    reading = read_files(town, "t")[0]
    assert reading.ground is not None, reading.findings
    found = [one for one in folder_places(reading) if one["kind"] == "corridor"]
    assert found
    for one in found:
        (line,) = one["lines"]
        gates = [spot[1:][::-1] for spot in one["spots"]]
        for end, gate in ((line[0], gates[0]), (line[-1], gates[1])):
            assert end == pytest.approx(gate, abs=0.005)


def test_closures_are_lines_with_a_point_on_them_and_say_who_reports_them(town: dict[str, bytes]
                                                                          ) -> None:
    reading = read_files(town, "t")[0]
    closures = {one["name"]: one for one in folder_places(reading) if one["kind"] == "closure"}
    assert set(closures) == {"bridge", "field"}
    assert closures["bridge"]["is"] == "slowed"
    assert closures["bridge"]["source"] == "a driver, 2016-10-19T08:00:00Z"
    ((_, lat, lon),) = closures["bridge"]["spots"]
    assert (lat, lon) == pytest.approx((LAT + 0.001, LON + 0.002), abs=1e-4)
    (edge,) = closures["field"]["lines"]
    assert edge[0] == edge[-1]


def test_they_are_plain_values(town: dict[str, bytes]) -> None:
    made = folder_places(read_files(town, "t")[0])
    assert json.loads(json.dumps(made)) == made
