"""Files that are whole or not there, for their owner alone where a mode says so."""

from __future__ import annotations

import os
from pathlib import Path
from threading import get_ident

import pytest

from lull.exchange.atomic import PRIVATE, write_whole


def beside(path: Path) -> Path:
    """The name under which a file is written before it is renamed."""
    return path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}.part")


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_a_private_file_is_private_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "a.key", b"secret", PRIVATE)
    finally:
        os.umask(before)
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == PRIVATE
    assert [p.name for p in tmp_path.iterdir()] == ["a.key"]


def test_what_somebody_put_in_the_way_is_not_written_into(tmp_path: Path) -> None:
    """In a folder of several users a file could wait there, open for reading, or a link."""
    path, elsewhere = tmp_path / "a.key", tmp_path / "elsewhere"
    elsewhere.write_bytes(b"theirs")
    beside(path).symlink_to(elsewhere)
    write_whole(path, b"secret", PRIVATE)
    assert elsewhere.read_bytes() == b"theirs"
    assert not path.is_symlink()
    beside(path).touch(mode=0o666)
    with beside(path).open("rb") as waiting:
        write_whole(path, b"secret", PRIVATE)
        assert waiting.read() == b""
    assert path.stat().st_mode & 0o777 == PRIVATE


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch) -> None:
    path = write_whole(tmp_path / "a.ledger", b"old", PRIVATE)

    def fails(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Input"):
        write_whole(path, b"new", PRIVATE)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.ledger"]
