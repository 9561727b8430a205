"""No module has more than 600 lines and no function more than 60."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path for room in ("lull", "scripts", "bench", "tests") for path in (ROOT / room).rglob("*.py")
)
MOST_LINES_A_MODULE = 600
MOST_LINES_A_FUNCTION = 60


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_code_to_look_at() -> None:
    assert len(MODULES) > 20


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_module_is_short_and_so_are_its_functions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES_A_MODULE, f"{named(path)} is too long; part it."
    long = [
        f"{node.name} (line {node.lineno}): {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MOST_LINES_A_FUNCTION
    ]
    assert not long, f"{named(path)}: {'; '.join(long)}"


@pytest.mark.parametrize("path", [p for p in MODULES if (ROOT / "lull") in p.parents], ids=named)
def test_public_names_say_in_a_sentence_what_they_are(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    first_lines = {"the module": ast.get_docstring(tree)} | {
        node.name: ast.get_docstring(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    unsaid = [
        name
        for name, said in first_lines.items()
        if not said or not re.search(r"[.:;?)]$|\.\s", said.split("\n\n")[0].strip())
    ]
    assert not unsaid, f"{named(path)}: no sentence for {', '.join(unsaid)}"
