"""Folders share one file of streets, and minutes that a person gives count before streets."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lull.exchange.reading import Reading, read_folder

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


@pytest.fixture
def december_copy(tmp_path: Path) -> Path:
    """The December folder beside a link to the streets that it shares."""
    folder = tmp_path / "aleppo-2016-12"
    shutil.copytree(
        SAMPLES / "aleppo-2016-12", folder, ignore=shutil.ignore_patterns(".lull-cache")
    )
    (tmp_path / "aleppo").mkdir()
    (tmp_path / "aleppo" / "roads.osm.pbf").symlink_to(SAMPLES / "aleppo" / "roads.osm.pbf")
    return folder


def say_roads(folder: Path, said: str) -> None:
    pause = folder / "pause.yaml"
    text = pause.read_text(encoding="utf-8")
    assert "roads: ../aleppo/roads.osm.pbf\n" in text
    pause.write_text(
        text.replace("roads: ../aleppo/roads.osm.pbf", f"roads: {said}"), encoding="utf-8"
    )


def test_streets_elsewhere_give_the_same_as_streets_in_the_folder(
    december_copy: Path, readings: dict[str, Reading]
) -> None:
    shutil.copy(SAMPLES / "aleppo" / "roads.osm.pbf", december_copy)
    own = read_folder(december_copy)
    shared = readings["aleppo-2016-12"].case
    assert own.case is not None
    assert shared is not None
    for profile in shared.travel.profiles:
        assert (own.case.travel.likely[profile] == shared.travel.likely[profile]).all()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("../nowhere/roads.osm.pbf", "There are no streets at ../nowhere/roads.osm.pbf"),
        ("/etc/roads.osm.pbf", "must be a path from this folder"),
        ("../aleppo/secrets.txt", "must be a path from this folder"),
        ("../aleppo", "must be a path from this folder"),
    ],
)
def test_streets_that_are_not_there_are_an_error_in_one_sentence(
    december_copy: Path, said: str, sentence: str
) -> None:
    say_roads(december_copy, said)
    reading = read_folder(december_copy)
    assert reading.case is None
    assert any(sentence in f.sentence and f.column == "roads" for f in reading.errors)


def test_minutes_that_are_given_count_before_the_streets(december_copy: Path) -> None:
    with (december_copy / "travel_minutes.csv").open("a", encoding="utf-8") as file:
        file.write("ramouseh-base,ramouseh@outside,bus,41,42,43,9000,no\n")
    case = read_folder(december_copy).case
    assert case is not None
    there = case.leg("bus", "ramouseh-base", "ramouseh@outside")
    back = case.leg("bus", "ramouseh@outside", "ramouseh-base")
    other = case.leg("ambulance", "ramouseh-base", "ramouseh@outside")
    assert there is not None
    assert back is not None
    assert other is not None
    assert (there.low, there.likely, there.high, there.metres) == (41, 42, 43, 9000)
    assert back.likely < 42
    assert other.likely < 42


def test_a_place_without_position_that_no_row_names_is_an_error(december_copy: Path) -> None:
    rows = (december_copy / "travel_minutes.csv").read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if "west-base" not in row]
    (december_copy / "travel_minutes.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    errors = read_folder(december_copy).errors
    assert any("'west-base' has no position" in f.sentence for f in errors)
