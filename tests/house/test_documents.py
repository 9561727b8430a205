"""What the prose tells a reader to type exists."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from lull import __version__
from lull.cli.main import VERBS

ROOT = Path(__file__).resolve().parents[2]
PROSE = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    path for path in (ROOT / "docs").rglob("*.md") if "decisions" not in path.parts
)
TARGETS = set(
    re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
)


def code_in(text: str) -> str:
    """The fenced blocks and inline code of a Markdown text."""
    fenced = re.findall(r"```.*?```", text, re.DOTALL)
    inline = re.findall(r"`[^`\n]+`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    return "\n".join(fenced + inline)


@pytest.mark.parametrize("path", PROSE, ids=lambda p: p.name)
def test_commands_in_the_prose_exist(path: Path) -> None:
    code = code_in(path.read_text(encoding="utf-8"))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= TARGETS
    verbs = set(re.findall(r"(?:^|`|\$ )lull ([a-z][a-z-]*)", code, re.MULTILINE))
    assert verbs <= set(VERBS)


@pytest.mark.parametrize("path", PROSE, ids=lambda p: p.name)
def test_links_in_the_prose_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    dead = [
        target
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
        if not target.startswith(("http:", "https:", "mailto:"))
        and not (path.parent / target).exists()
    ]
    assert not dead


def test_every_script_that_the_makefile_calls_exists() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in re.findall(r"@(scripts/\w+)", text):
        assert (ROOT / name).stat().st_mode & 0o111, f"{name} is not there or cannot be run"
    for module in re.findall(r"-m (scripts\.\w+)", text):
        assert (ROOT / (module.replace(".", "/") + ".py")).is_file(), module


def test_make_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert set(re.findall(r"^  make ([\w-]+)", shown, re.MULTILINE)) == TARGETS


def test_the_changelog_speaks_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {__version__}" in text


def test_decisions_are_numbered_without_gaps_and_say_what_they_cost() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for heading in ("## Context", "## Options", "## Decision", "## Consequences"):
            assert heading in text, f"{page.name} lacks {heading}"
        assert "✅" in text
        assert "❌" in text
