"""Outputs stand whole or not at all."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from lull.cli.exits import BadInput
from lull.cli.interrupt import interruptible
from lull.cli.writing import PRIVATE, PUBLIC, files_in, whole


def test_files_appear_together_and_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "plan.json").write_text("old")
    with whole(tmp_path) as part:
        (part / "plan.json").write_text("new")
        (part / "sheets").mkdir()
        (part / "sheets" / "a.csv").write_text("a")
        assert files_in(part) == ["plan.json", "sheets/a.csv"]
        assert (tmp_path / "plan.json").read_text() == "old"
    assert files_in(tmp_path) == ["mine.txt", "plan.json", "sheets/a.csv"]
    assert (tmp_path / "plan.json").read_text() == "new"


def test_what_is_written_is_its_owner_s_alone_unless_it_is_public(tmp_path: Path) -> None:
    for folder, mode in (("restricted", PRIVATE), ("public", PUBLIC)):
        with whole(tmp_path / folder, mode) as part:
            (part / "page.html").write_text("page")
        assert (tmp_path / folder / "page.html").stat().st_mode & 0o777 == mode


@pytest.mark.parametrize("broken_off", [KeyboardInterrupt, OSError, ValueError])
def test_work_that_is_broken_off_leaves_nothing(tmp_path: Path, broken_off) -> None:
    (tmp_path / "plan.json").write_text("old")
    with pytest.raises(broken_off), whole(tmp_path) as part:
        (part / "plan.json").write_text("half")
        raise broken_off
    assert files_in(tmp_path) == ["plan.json"]
    assert (tmp_path / "plan.json").read_text() == "old"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match="cannot be written"), whole(tmp_path / "file" / "out"):
        pass


def test_the_first_interrupt_is_a_wish_and_the_second_an_end(capsys) -> None:
    with pytest.raises(KeyboardInterrupt), interruptible("Stopping.") as stop:
        assert not stop()
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
        assert "Stopping." in capsys.readouterr().err
        os.kill(os.getpid(), signal.SIGINT)


def test_afterwards_an_interrupt_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with interruptible("Stopping."):
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
