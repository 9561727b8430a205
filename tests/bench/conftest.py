"""The benchmark folders, and the scripts that make them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lull.exchange.reading import Reading, read_folder

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "bench" / "cases"
sys.path.insert(0, str(ROOT / "scripts"))

Rows = Callable[[str, str], list[dict[str, str]]]


@pytest.fixture(scope="session")
def rows() -> Rows:
    """The rows of a case's table, read by nothing of this project."""

    def read(case: str, table: str) -> list[dict[str, str]]:
        with (CASES / case / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


@pytest.fixture(scope="session")
def reading(travel_cache: Path) -> Callable[[str], Reading]:
    """A case as it is read. Only the last is held, as each has its streets with it."""
    kept: dict[str, Reading] = {}

    def read(case: str) -> Reading:
        if case not in kept:
            kept.clear()
            kept[case] = read_folder(CASES / case, cache=travel_cache)
        return kept[case]

    return read
