"""The benchmark folders are what the script makes, have the sizes that were asked for, and read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from lull.exchange.reading import Reading

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "bench" / "cases"
Rows = Callable[[str, str], list[dict[str, str]]]

ASKED = {
    "s": {"points": 4, "corridors": 1, "vehicles": 12, "hours": [5]},
    "m-free": {"points": 40, "corridors": 8, "receiving": 12, "bus": 100, "ambulance": 30,
               "truck": 60, "items": 10, "hours": [11]},
    "m-gate": {"points": 40, "corridors": 8, "receiving": 12, "bus": 100, "ambulance": 30,
               "truck": 60, "items": 10, "hours": [11]},
    "l": {"points": 200, "corridors": 20, "receiving": 40, "vehicles": 1000, "hours": [10, 10, 10]},
}  # fmt: skip
NAMES = [f"{size}-{n}" for size in ASKED for n in (1, 2, 3)]
READ_ALWAYS = ("s-1", "s-2", "s-3", "m-free-1", "m-gate-1")
SLOW_TO_READ = ("m-free-2", "m-free-3", "m-gate-2", "m-gate-3")


def test_there_are_three_of_each_size() -> None:
    assert sorted(p.parent.name for p in CASES.glob("*/pause.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_holds_what_its_size_asks_for(name: str, rows: Rows) -> None:
    kinds = Counter(row["kind"] for row in rows(name, "sites"))
    fleet: Counter[str] = Counter()
    for row in rows(name, "fleet"):
        fleet[row["id"].split("-")[0]] += int(row["number"])
    windows = re.findall(
        r"from: '?\d{4}-\d\d-\d\d (\d\d):00'?\n +to: '?\d{4}-\d\d-\d\d (\d\d):00",
        (CASES / name / "pause.yaml").read_text(encoding="utf-8"),
    )
    found = {
        "points": kinds["assembly_point"],
        "corridors": len(rows(name, "corridors")),
        "receiving": kinds["reception_centre"] + kinds["hospital"],
        "vehicles": fleet.total(),
        "items": len({row["item"] for row in rows(name, "supplies")}),
        "hours": [int(b) - int(a) for a, b in windows],
        **fleet,
    }
    asked = ASKED[name.rpartition("-")[0]]
    assert {key: found[key] for key in asked} == asked


@pytest.mark.parametrize("name", ["s-1", "m-gate-1"])
def test_the_script_makes_the_same_bytes_again(name: str) -> None:
    import bench_cases
    from bench_sizes import SIZES

    made = bench_cases.build(SIZES[name])
    there = {path.name for path in (CASES / name).iterdir() if path.is_file()}
    assert there == set(made)
    for file, text in made.items():
        assert (CASES / name / file).read_text(encoding="utf-8") == text, file


def test_the_page_is_what_the_folders_and_the_recorded_runs_give() -> None:
    from bench_readme import readme

    assert (CASES / "README.md").read_text(encoding="utf-8") == readme(CASES)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_small(name: str) -> None:
    size = sum(p.stat().st_size for p in (CASES / name).iterdir() if p.is_file())
    assert size < (4_000_000 if name.startswith("l-") else 1_000_000)


@pytest.mark.parametrize(
    "name", [*READ_ALWAYS, *(pytest.param(n, marks=pytest.mark.slow) for n in SLOW_TO_READ)]
)
def test_a_case_reads_without_errors_and_makes_no_draft(
    name: str, reading: Callable[[str], Reading]
) -> None:
    read = reading(name)
    assert [str(error) for error in read.errors] == []
    assert read.case is not None
    assert read.case.draft == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_that_it_is_made_up_and_names_nothing_real(name: str, rows: Rows) -> None:
    for table in ("sites", "corridors", "fleet", "supplies"):
        assert all("made up" in row["assumed"] for row in rows(name, table)), table
    assert all(row["wish_assumed"] == "yes" for row in rows(name, "people"))
    plain = re.compile(
        r"(Point|Distribution|Feeding|Reception|Hospital|Base|Store|Exchange) (\d+|beyond)"
        r"|Corridor \d+|(Quarter \d+)?"
    )
    said = [row["name"] for row in (*rows(name, "sites"), *rows(name, "corridors"))]
    said += [row["neighbourhood"] for row in rows(name, "sites")]
    assert [text for text in said if not plain.fullmatch(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_sites_and_gates_lie_on_their_side_of_the_line(name: str, rows: Rows) -> None:
    drawn = json.loads((CASES / name / "routes.geojson").read_text(encoding="utf-8"))
    line = next(f for f in drawn["features"] if f["properties"]["kind"] == "line")
    area = shapely.from_geojson(json.dumps(line["geometry"]))
    for site in rows(name, "sites"):
        if site["lat"]:
            inside = area.contains(shapely.Point(float(site["lon"]), float(site["lat"])))
            assert inside == (site["sides"] == "inside"), site["id"]
    for corridor in rows(name, "corridors"):
        for side in ("inside", "outside"):
            lat, lon = (float(corridor[f"{side}_gate_{k}"]) for k in ("lat", "lon"))
            assert area.contains(shapely.Point(lon, lat)) == (side == "inside"), corridor["id"]


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith("m-gate")])
def test_every_rule_is_on_where_the_checkpoints_bind(name: str, rows: Rows) -> None:
    corridors, sites = rows(name, "corridors"), rows(name, "sites")
    people, fleet = rows(name, "people"), rows(name, "fleet")
    assert {"out", "both"} == {c["directions"] for c in corridors}
    assert any(c["shared_lanes"] == "yes" for c in corridors)
    assert any(c["open_hours"] for c in corridors)
    assert any(c["vehicles_per_hour_out"] for c in corridors)
    assert any(c["users"] == "fighters|wounded" for c in corridors)
    ties = [c for c in corridors if c["link_other"]]
    assert [(c["id"], c["link_other"], c["link_unit"], c["link_ratio"]) for c in ties] == [
        ("c1", "c3", "vehicles", "1")]
    for tie in ties:
        lead, convoy = int(tie["link_lead"]), int(tie["largest_convoy"])
        assert lead == int(tie["link_other_lead"])
        assert 2 * convoy <= lead <= 5 * convoy
    assert all(c["holding_limit_minutes"] and c["headway_minutes"] for c in corridors)
    assert any(s["opens"] for s in sites)
    assert any(s["kind"] == "exchange_point" for s in sites)
    assert any(s["receives_unaccompanied"] == "yes" for s in sites)
    assert {"1", "2"} <= {s["hospital_level"] for s in sites}
    assert {p["unaccompanied"] for p in people} == {"", "yes"}
    assert {p["category"] for p in people} == {"civilians", "fighters", "patients"}
    assert {p["means"] for p in people} == {"needs_transport", "own_car", "on_foot"}
    assert all(int(kind["crew_duty_minutes"]) < 660 for kind in fleet)
    assert "beyond" in {kind["sides"] for kind in fleet}


def test_an_unknown_case_is_refused_with_the_names_there_are() -> None:
    import bench_cases
    from aleppo_places import Wrong

    with pytest.raises(Wrong, match=r"called m-9; there are: s-1, .*l-3"):
        bench_cases.made(["m-9"])
