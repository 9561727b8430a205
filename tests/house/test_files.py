"""What stands in the repository's files, and what never does."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==[^\s\\]+ \\$", re.MULTILINE)


def tracked() -> list[Path]:
    """Files that git holds, or would after the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    """Tracked files that are text, with what they hold."""
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" not in raw[:8192]:
            found.append((path, raw.decode("utf-8", errors="replace")))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(
        r"://|^\s*-|--(extra-)?index|--find-links|--trusted",
        text.replace("    --hash=sha256:", ""),
        re.MULTILINE,
    )
    assert not re.search(r"\b[\w-]+\.(com|org|net|io|dev|local|internal)\b", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_package_has_a_version_and_a_hash(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", " "))]
    assert lines
    assert len(PINNED.findall(text)) == len(lines)
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block or block.startswith("#"), block.splitlines()[0]


def test_what_the_project_needs_is_in_the_lock_at_a_version_that_fits() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": project["dependencies"] + project["optional-dependencies"]["dev"],
        "requirements-bench.lock": [
            *project["dependencies"],
            *project["optional-dependencies"]["dev"],
            *project["optional-dependencies"]["bench"],
        ],
    }
    for lock, needs in wanted.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        locked = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))
        for need in map(Requirement, needs):
            name = re.sub(r"[._]+", "-", need.name.lower())
            assert name in locked, f"{lock} lacks {name}: make lock"
            assert need.specifier.contains(locked[name]), f"{lock}: {name} {locked[name]}"


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    roots = "home|root|Users|work|mnt|srv|scratch"
    path_of_a_machine = re.compile(rf"(?<![\w.~/\)\]}}-])/(?:{roots})/[\w.-]+")
    own = str(ROOT)
    named = [
        f"{path.relative_to(ROOT)}: {hit}"
        for path, text in texts()
        for hit in [*path_of_a_machine.findall(text), *([own] if own in text else [])]
    ]
    assert not named


def test_a_markdown_file_that_is_named_exists() -> None:
    """Prose that points at a file nobody has is a dead end for its reader."""
    mention = re.compile(r"(?<![\w/.{}*-])((?:[\w-]+/)*[\w-]+\.md)\b")
    have = {path.name for path in tracked()}
    dead = [
        f"{path.relative_to(ROOT)}: {name}"
        for path, text in texts()
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".csv"} or path.name == "Makefile"
        for name in mention.findall(text)
        if Path(name).name not in have
    ]
    assert not dead


def test_no_file_is_large_without_a_reason() -> None:
    """Streets and pictures are large; nothing else in a repository of text should be."""
    large = {
        str(path.relative_to(ROOT)): path.stat().st_size
        for path in tracked()
        if path.stat().st_size > 400_000
        and path.suffix not in {".pbf", ".png", ".lock"}
        and "neighbourhoods" not in path.name
        and path.name != "openapi.json"  # the whole API, with every record
    }
    assert not large


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.split()) == 1581


def test_no_source_file_is_kept_out_of_the_repository_by_mistake() -> None:
    """A folder of sources named as some tool names its output would be missing from every clone."""
    sources = [
        str(path.relative_to(ROOT))
        for room in ("lull", "tests", "scripts", "bench", "samples", "docs")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and not {"__pycache__", ".lull-cache"} & set(path.parts)
    ]
    ignored = subprocess.run(
        ["git", "check-ignore", "--stdin"],
        cwd=ROOT, input="\n".join(sources), capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    assert not ignored
