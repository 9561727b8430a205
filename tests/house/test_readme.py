"""Figures in the README come from a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.readme_figures import BEGIN, END, PICTURE, README, block, plan, with_block


def test_the_block_stands_once_and_is_filled() -> None:
    text = README.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1
    inside = text.split(BEGIN)[1].split(END)[0]
    assert "No plan can move more than" in inside, "make readme"


def test_only_the_block_is_replaced() -> None:
    assert with_block(f"a\n{BEGIN}\nold\n{END}\nb", f"{BEGIN}\n\\1 new\n{END}") == (
        f"a\n{BEGIN}\n\\1 new\n{END}\nb"
    )
    with pytest.raises(ValueError, match="exactly once"):
        with_block("no block", "")


def test_outside_the_block_stands_no_figure_of_a_plan() -> None:
    """A number in prose rots; the few that may stand outside are versions and years."""
    import re

    text = README.read_text(encoding="utf-8")
    outside = re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), "", text, flags=re.DOTALL)
    prose = re.sub(r"```.*?```|\([^)]*\)|`[^`]*`", "", outside, flags=re.DOTALL)
    assert set(re.findall(r"\d[\d,.]*\d|\d", prose)) <= {"2016", "3.11", "2.0"}


def test_the_picture_is_a_picture() -> None:
    raw = PICTURE.read_bytes()
    assert raw.startswith(b"\x89PNG")
    assert 20_000 < len(raw) < 1_500_000


@pytest.mark.slow
def test_the_figures_are_those_of_a_run_now(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    assert with_block(text, block(plan(tmp_path / "out"))) == text, "make readme"
