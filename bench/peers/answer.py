"""How a peer is asked and answers: a process of its own, a file in, a file out.

The clock starts when the part is read, after imports; building the model counts. The answer is
JSON: the rounds of each bus, seconds on the clock and on the processor, versions, and remarks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from bench.peers.part import Part, Routes, with_receptions

GRACE_S = 180.0
"""How much longer than it was given a peer may take, start and imports included."""


@frozen
class Answer:
    """What a peer gave.

    `plan_s` is when the plan was whole and `wall_s` when all was said, a bound too where there is
    one; `cpu_s` over `wall_s` is how many cores it had.
    """

    routes: Routes
    plan_s: float
    wall_s: float
    cpu_s: float
    version: str
    more: Mapping[str, Any] = field(factory=dict)


Solve = Callable[[Part, float, int], tuple[list[list[str]] | Routes, dict[str, Any]]]
"""(part, seconds, seed) to (rounds of each bus, remarks)."""


def answer(words: Sequence[str], solve: Solve, version: str) -> None:
    """Read PART SECONDS SEED OUT, solve, write the answer: the whole of a peer's process."""
    part_file, seconds, seed, out = words
    wall, cpu = time.perf_counter(), time.process_time()
    part = Part.load(Path(part_file))
    rounds, more = solve(part, float(seconds), int(seed))
    took, busy = time.perf_counter() - wall, time.process_time() - cpu
    if rounds and any(route and isinstance(route[0], str) for route in rounds):
        rounds = with_receptions(part, rounds)  # type: ignore[arg-type]
    seconds_spent = (round(took, 2), round(took, 2), round(busy, 2))
    told = Answer(rounds, *seconds_spent, version, more)  # type: ignore[arg-type]
    Path(out).write_text(json.dumps(asdict(told)), encoding="utf-8")


def ask(module: str, words: Sequence[str], out: Path, seconds: float) -> Answer:
    """Run a peer's module in a process of its own; raises RuntimeError with its last words."""
    ran = subprocess.run(
        [sys.executable, "-m", module, *words, str(out)],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True, text=True, check=False, timeout=seconds + GRACE_S,
    )  # fmt: skip
    if ran.returncode:
        last = (ran.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise RuntimeError(f"{module} ended with code {ran.returncode}: {last}")
    told = json.loads(out.read_text(encoding="utf-8"))
    told["routes"] = [[(point, centre) for point, centre in route] for route in told["routes"]]
    return Answer(**told)
