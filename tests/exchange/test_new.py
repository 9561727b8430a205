"""`lull new` writes a small folder that is valid, commented and whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from lull.domain.refusal import Refusal
from lull.exchange import new_folder, read_folder
from tests.exchange.kit import TABLES


def test_a_new_folder_has_nothing_wrong_or_doubtful(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    reading = read_folder(tmp_path / "mine")
    assert reading.findings == ()
    assert reading.case is not None
    assert len(reading.case.sites) == 4


def test_a_new_workbook_says_the_same(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    new_folder(tmp_path / "mine.xlsx", xlsx=True)
    folder, book = read_folder(tmp_path / "mine"), read_folder(tmp_path / "mine.xlsx")
    assert book.findings == ()
    assert book.content_hash == folder.content_hash


def test_the_sample_of_first_steps_is_what_a_new_folder_holds(tmp_path: Path, root: Path) -> None:
    new_folder(tmp_path / "mine")
    sample = root / "samples" / "first-steps"
    names = {path.name for path in (tmp_path / "mine").iterdir()}
    assert names == {p.name for p in sample.iterdir() if not p.name.startswith(".")}
    for name in names:
        assert (sample / name).read_bytes() == (tmp_path / "mine" / name).read_bytes(), name


def test_every_file_of_a_new_folder_explains_itself(tmp_path: Path) -> None:
    new_folder(tmp_path / "mine")
    for name in (*(f"{table}.csv" for table in TABLES), "pause.yaml"):
        assert (tmp_path / "mine" / name).read_text(encoding="utf-8").startswith("# "), name


def test_the_figures_of_the_first_steps_are_those_that_were_written() -> None:
    """Worked out by hand from the rows of the template."""
    from tests.exchange.kit import Folder

    case = Folder().read().case
    assert case is not None
    families, walkers, patients = (case.groups[n] for n in ("families", "walkers", "patients"))
    assert (families.count, families.wishing, families.households) == (700, 350, {5: 70})
    assert (walkers.count, walkers.wishing, walkers.households) == (180, 72, {1: 20, 4: 13})
    assert (patients.count, patients.wishing, patients.households) == (12, 12, {2: 6})
    assert patients.patients == 6
    leg = case.travel.leg("bus", "school", "bridge@inside")
    assert leg is not None
    assert (leg.low, leg.likely, leg.high, leg.metres) == (4, 6, 9, 1800)
    assert case.travel.leg("bus", "school", "tents") is None
    assert case.pause.windows[0].minutes == 240
    assert case.pause.notice == -14 * 60


@pytest.mark.parametrize("xlsx", [False, True])
def test_nothing_is_overwritten(tmp_path: Path, xlsx: bool) -> None:
    target = tmp_path / ("mine.xlsx" if xlsx else "mine")
    new_folder(target, xlsx=xlsx)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(Refusal, match="there already"):
        new_folder(target, xlsx=xlsx)
    assert before == {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}


def test_an_empty_folder_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    new_folder(tmp_path / "mine")
    assert read_folder(tmp_path / "mine").ok
