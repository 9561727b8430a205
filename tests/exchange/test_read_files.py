"""A folder that is nowhere on a disk reads as one that is, and quicker the second time."""

from __future__ import annotations

from pathlib import Path

from lull.exchange import read_folder
from lull.exchange.raw.package import CACHE_FOLDER
from lull.exchange.reading import read_files
from lull.exchange.seal import packed, unpack

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
CASE = SAMPLES.parent / "bench" / "cases" / "s-1"


def test_it_reads_as_from_the_disk() -> None:
    folder = SAMPLES / "first-steps"
    files = unpack(packed(folder))
    reading, more = read_files(files, "first-steps")
    there = read_folder(folder)
    assert reading.case is not None
    assert reading.content_hash == there.content_hash
    assert [str(f) for f in reading.findings] == [str(f) for f in there.findings]
    assert more == {}


def test_what_streets_gave_is_kept_with_the_files_and_found_again(tmp_path: Path) -> None:
    files = {name: raw for name, raw in unpack(packed(CASE)).items()
             if not name.startswith(CACHE_FOLDER)}
    first, more = read_files(files, "s-1")
    assert [name.partition("/")[0] for name in more] == [CACHE_FOLDER]
    told: list[str] = []
    again, none = read_files({**files, **more}, "s-1",
                             progress=lambda what, _done, _total: told.append(what))
    assert (none, told) == ({}, [])
    assert first.case is not None
    assert again.case is not None
    assert again.content_hash == first.content_hash
    for layer in ("low", "likely", "high"):
        for profile in first.case.travel.profiles:
            assert (getattr(first.case.travel, layer)[profile]
                    == getattr(again.case.travel, layer)[profile]).all()


def test_what_is_no_folder_is_found_out_and_not_raised() -> None:
    reading, more = read_files({"x.txt": b"x"}, "x")
    assert reading.case is None
    assert reading.errors
    assert more == {}
