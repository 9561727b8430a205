"""Streets to test on: small ones written to order, and those of Aleppo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from lull.network.osm import read_streets
from lull.network.streets import Streets
from tests.network.extracts import Point, Way, write_pbf


@pytest.fixture
def make_streets(tmp_path: Path) -> Callable[[Mapping[int, Point], Iterable[Way]], Streets]:
    """Streets read from a small extract."""
    return lambda nodes, ways: read_streets(write_pbf(tmp_path / "small.osm.pbf", nodes, ways))


@pytest.fixture(scope="session")
def aleppo_file(root: Path) -> Path:
    """The extract of Aleppo that the samples use."""
    return root / "samples" / "aleppo" / "roads.osm.pbf"


@pytest.fixture(scope="session")
def aleppo(aleppo_file: Path) -> Streets:
    """The streets of Aleppo."""
    return read_streets(aleppo_file)
