"""The command line as a user meets it: words in, an exit code and two streams out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen

from lull.cli.main import run as run_lull


@frozen
class Said:
    """What a run of `lull` left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def lull(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `lull` in this process."""

    def run(*words: object) -> Said:
        capsys.readouterr()
        code = run_lull([str(word) for word in words])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def process() -> Run:
    """Run `lull` as a process of its own, without a terminal."""

    def run(*words: object, cwd: Path | None = None, **env: str) -> Said:
        done = subprocess.run(
            [sys.executable, "-m", "lull", *map(str, words)],
            cwd=cwd,
            capture_output=True,
            check=False,
            timeout=120,
            encoding="utf-8",
            env={**os.environ, "COLUMNS": "100", **env},
        )
        return Said(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `lull new` writes; do not change it, copy it."""
    folder = tmp_path_factory.mktemp("new") / "pause"
    assert run_lull(["new", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def planned(made_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `lull plan` writes for that folder; do not change it, copy it."""
    out = tmp_path_factory.mktemp("planned") / "out"
    assert run_lull(["plan", str(made_folder), "--out", str(out)]) == 0
    return out
