"""An import goes down, never up; and importing does no work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_the_import_contract_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_domain_that_imported_the_solver_would_be_caught(tmp_path: Path) -> None:
    """The contract is not a decoration: one wrong line in a copy of the package breaks it."""
    import shutil

    shutil.copytree(ROOT / "lull", tmp_path / "lull", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    wrong = tmp_path / "lull" / "domain" / "wrong.py"
    wrong.write_text('"""Wrong."""\nimport highspy\nfrom lull.plan import result\n')
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "lull.domain.wrong" in done.stdout


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("lull.domain.plan", "scipy"),
        ("lull.domain.rules", "highspy"),
        ("lull.cli.main", "highspy"),
        ("lull.cli.main", "openpyxl"),
        ("lull.cli.main", "django"),
        ("lull.cli.ledger", "django"),
        ("lull.cli.plan", "django"),
        ("lull.cli.serve", "django"),
        ("lull.cli.work", "django"),
    ],
    ids=lambda value: value,
)
def test_importing_one_thing_does_not_load_another(module: str, unwanted: str) -> None:
    """`lull --help` answers at once, and the rules stand without any solver."""
    code = f"import sys, {module}; sys.exit({unwanted!r} in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0


BELOW_THE_EDGES = ("compiling", "domain", "ledger", "network", "plan", "report", "simulate")
NEVER = {
    ("time", "time"), ("time", "monotonic"), ("time", "sleep"), ("datetime", "now"),
    ("datetime", "today"), ("date", "today"), ("datetime", "utcnow"), ("os", "environ"),
    ("os", "getenv"), ("random", "random"), ("random", "choice"), ("random", "shuffle"),
    ("random", "seed"), ("random", "randint"), ("random", "sample"),
}  # fmt: skip


@pytest.mark.parametrize(
    "path",
    sorted(p for room in BELOW_THE_EDGES for p in (ROOT / "lull" / room).rglob("*.py")),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_below_the_edges_nothing_looks_at_a_clock_or_rolls_a_die(path: Path) -> None:
    """Time, chance and the environment come in as arguments, so that a plan can be made again."""
    import ast

    found = [
        f"line {node.lineno}: {node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in NEVER
    ]
    assert not found
