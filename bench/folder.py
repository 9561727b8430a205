"""Folders: reading and checking the Aleppo sample, with its travel times kept and made anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Measure, timed
from lull.exchange import read_folder

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FOLDER = SAMPLES / "aleppo-2016-10"


def measures() -> Iterator[Measure]:
    """Read the folder first without, then with kept travel times."""
    case = read_folder(FOLDER).case
    assert case is not None
    size = f"{len(case.sites)} sites, {len(case.groups)} groups, {len(case.corridors)} corridors"
    with tempfile.TemporaryDirectory() as temporary:
        fresh = (Path(temporary) / str(i) for i in range(3))
        yield timed("read and check, anew", size, lambda: read_folder(FOLDER, cache=next(fresh)))
        kept = Path(temporary) / "0"
        yield timed("read and check, ways kept", size, lambda: read_folder(FOLDER, cache=kept))
