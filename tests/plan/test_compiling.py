"""Whoever waits hears of compiling when it happens, and setting up leaves nothing to compile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from numba import njit

from lull.plan.compiling import told_of_compiling

OTHERS = """
from pathlib import Path
from numba.core.dispatcher import Dispatcher
import pkgutil, importlib
import lull.plan.kernel, lull.plan.proof
from lull.domain.pause import PlanningRules
from lull.exchange.reading import read_folder
from lull.plan import make_plan
from tests.plan.towns import town

def called():
    found = set()
    for package in (lull.plan.kernel, lull.plan.proof):
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(package.__name__ + "." + module.name)
            for name, value in vars(loaded).items():
                if isinstance(value, Dispatcher):
                    found |= {(name, str(s)) for s in value.signatures}
    return found

make_plan(read_folder(Path("samples/first-steps")).case, work=100)
ahead = called()
small = {"points": 6, "corridors": 3, "receptions": 2, "buses": 30, "ambulances": 3, "trucks": 3}
for rules in (PlanningRules(), PlanningRules(return_share=0.1)):
    make_plan(town(3, **small, hours=5, people=400, windows=2, rules=rules), work=20)
assert ahead, "nothing compiled was called"
print(sorted(called() - ahead))
"""


def test_compiling_is_told_once_for_a_function_and_those_it_calls_and_not_again() -> None:
    @njit
    def inner(x: int) -> int:
        return x + 1

    @njit
    def outer(x: int) -> int:
        return inner(x) * 2

    told: list[bool] = []
    with told_of_compiling(lambda: told.append(True)):
        assert outer(3) == 8
        assert len(told) == 1
        assert outer(4) == 10
        assert len(told) == 1
        assert outer(0.5) == 3.0
        assert len(told) == 2
    njit(lambda x: x)(1)
    assert len(told) == 2, "whoever no longer waits is told nothing"


def test_planning_the_smallest_sample_calls_all_that_other_pauses_call(root: Path) -> None:
    """`scripts/compile_ahead` plans it so that nothing is left to compile."""
    said = subprocess.run(
        [sys.executable, "-c", OTHERS], cwd=root, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == "[]"
