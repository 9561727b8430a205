"""The folders are what the script makes of its inputs, and its inputs have sources."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import pytest
from aleppo_people import households, share_out, slug
from aleppo_places import Wrong, derive
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
SAMPLES, INPUTS = ROOT / "samples", ROOT / "scripts" / "aleppo_inputs"
FOLDERS = ("aleppo-2016-10", "aleppo-2016-12")
OUTSIDE_FILES = os.environ.get("LULL_ALEPPO_SOURCES", "")
"""A folder with the two files that aleppo_inputs/README.md names; they are not distributed here."""


@pytest.mark.parametrize("name", FOLDERS)
def test_the_committed_folder_is_what_the_script_makes(name: str, script: ModuleType) -> None:
    made = script.build(name, SAMPLES)
    there = {path.name for path in (SAMPLES / name).iterdir() if path.is_file()}
    assert there == set(made)
    for file, text in made.items():
        assert (SAMPLES / name / file).read_text(encoding="utf-8") == text, file


@pytest.mark.skipif(not OUTSIDE_FILES, reason="LULL_ALEPPO_SOURCES names no folder")
def test_points_and_lines_are_what_the_polygons_give(tmp_path: Path) -> None:
    (tmp_path / "enclosed.csv").write_bytes((INPUTS / "enclosed.csv").read_bytes())
    outside = Path(OUTSIDE_FILES)
    derive(outside / "neighbourhoods_csr.geojson", outside / "neighbourhoods.csv", tmp_path)
    for name in ("places.csv", "line-2016-10.geojson", "line-2016-12.geojson"):
        assert (tmp_path / name).read_bytes() == (INPUTS / name).read_bytes(), name


def test_another_file_than_the_one_meant_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.geojson"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(Wrong, match=r"SHA-256 .* expected"):
        derive(other, other, tmp_path)


@pytest.mark.parametrize("stem", ["october", "december"])
def test_every_figure_of_the_inputs_has_a_source_a_reason_or_a_claim(
    stem: str, script: ModuleType
) -> None:
    inputs = YAML(typ="safe").load((INPUTS / f"{stem}.yaml").read_text(encoding="utf-8"))
    assert script.unreasoned(inputs) == []
    for kind in ("corridors", "fleet", "sites"):
        for entry in inputs[kind]:
            assert entry.get("why") or entry.get("source"), entry["id"]


def test_a_figure_that_differs_from_the_claim_it_names_is_refused(script: ModuleType) -> None:
    claims = {"inside": {"figure": "275000", "claimed_by": "de Mistura", "source": "somewhere"}}
    figure = {"value": 275000, "claim": "inside"}
    script.claimed({"people": figure}, claims)
    assert "somewhere" in figure["source"]
    with pytest.raises(Wrong, match="250000 where the claim 'inside' is 275000"):
        script.claimed([{"value": 250000, "claim": "inside"}], claims)
    with pytest.raises(Wrong, match="'nobody', which does not exist"):
        script.claimed([{"value": 1, "claim": "nobody"}], claims)


@given(st.integers(0, 300_000), st.lists(st.floats(0.01, 1e5), min_size=1, max_size=60))
def test_shares_are_whole_add_up_and_are_off_by_less_than_one(
    total: int, weights: list[float]
) -> None:
    parts = share_out(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-6


@given(st.integers(1, 20_000))
def test_households_hold_exactly_the_persons_given(persons: int) -> None:
    spread = {1: 4, 2: 10, 3: 13, 4: 18, 5: 19, 6: 15, 7: 11, 8: 10}
    found = households(persons, spread)
    assert sum(size * number for size, number in found.items()) == persons
    assert all(number > 0 for number in found.values())
    if persons > 2_000:
        of_five = found[5] / sum(found.values())
        assert abs(of_five - 0.19) < 0.02


def test_names_become_plain_ids() -> None:
    assert slug("Sheikh Sa’eed") == "sheikh-saeed"
    assert slug("al-Ma'asaraniyeh Youth Housing") == "al-maasaraniyeh-youth-housing"


@pytest.mark.parametrize("name", FOLDERS)
def test_whose_work_it_stands_on_is_said_in_the_folder(name: str) -> None:
    notice = (SAMPLES / name / "NOTICE.md").read_text(encoding="utf-8")
    assert "© OpenStreetMap contributors" in notice
    assert "Copyright (c) 2019 Center for Spatial Research" in notice
    assert "WITHOUT WARRANTY OF ANY KIND" in notice
