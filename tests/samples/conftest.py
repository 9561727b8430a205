"""The two Aleppo folders, read once, and the script that makes them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from lull.domain.case import Case
from lull.exchange.reading import Reading, read_folder

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(ROOT / "scripts"))

OCTOBER, DECEMBER = "aleppo-2016-10", "aleppo-2016-12"


@pytest.fixture(scope="session")
def readings(travel_cache: Path) -> dict[str, Reading]:
    """Both folders as read."""
    return {name: read_folder(SAMPLES / name, cache=travel_cache) for name in (OCTOBER, DECEMBER)}


@pytest.fixture(scope="session")
def october(readings: dict[str, Reading]) -> Case:
    """The case of 20 October 2016."""
    case = readings[OCTOBER].case
    assert case is not None, [f.sentence for f in readings[OCTOBER].errors]
    return case


@pytest.fixture(scope="session")
def december(readings: dict[str, Reading]) -> Case:
    """The case of 15-22 December 2016."""
    case = readings[DECEMBER].case
    assert case is not None, [f.sentence for f in readings[DECEMBER].errors]
    return case


@pytest.fixture(scope="session")
def script() -> ModuleType:
    """The script that makes both folders."""
    import aleppo_samples

    return aleppo_samples


Rows = Callable[[str, str], list[dict[str, str]]]


@pytest.fixture(scope="session")
def rows() -> Rows:
    """The rows of a folder's table, read by nothing of this project."""

    def read(folder: str, table: str) -> list[dict[str, str]]:
        with (SAMPLES / folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def figures(rows: Rows) -> Callable[[str], dict[str, float]]:
    """The figures of a folder's claims by id."""
    return lambda folder: {row["id"]: float(row["figure"]) for row in rows(folder, "claims")}
