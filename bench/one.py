"""One benchmark case planned in a process of its own, so that its memory is its own.

python -m bench.one CASE [--time S] [--work N] [--seed N] [--first] [--cold]

Prints what the run gave as one line of JSON. Unless it is to be cold, a small case is planned
before, so that compiled code is loaded. `ran_apart` runs this module and reads the line.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, define, field, frozen

from bench.busy import busy_halves
from bench.measure import own_peak_megabytes
from lull.cli.deadline import Deadline, Effort
from lull.domain.case import Case
from lull.domain.rules import judge
from lull.domain.tiers import TierKind
from lull.exchange import read_folder
from lull.plan import make_plan
from lull.plan.progress import Standing
from lull.plan.result import Result, TierResult

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "bench" / "cases"
WARMING = "s-1"


@frozen
class Run:
    """What planning one case gave; `busy` holds each checkpoint's busiest half, most first.

    `first` are the values of the first whole plan in each tier that has a bound, `first_s` the
    seconds from the start of planning to it; `cold_s` the same in a process that finds nothing
    compiled, where that was measured. `asked_s` is None where the run was one by work.
    """

    case: str
    folder: str
    work: int
    read_s: float
    plan_s: float
    violations: int
    served: int
    wishing: int
    busy: tuple[float, ...]
    tiers: tuple[TierResult, ...]
    refused: tuple[str, ...] = ()
    asked_s: float | None = None
    asked_work: int | None = None
    seed: int = 0
    bound_work: int | None = None
    first_s: float = 0.0
    cold_s: float | None = None
    first: tuple[float, ...] = ()
    peak_mb: float = 0.0


@define(eq=False)
class Watch:
    """Notes when the first whole plan stands, and what it is worth."""

    deadline: Deadline
    first_only: bool = False
    began: float = field(factory=time.perf_counter)
    seconds: float = 0.0
    first: Standing | None = None

    def step(self, what: str, done: int, total: int) -> None:
        """Steps are not measured."""

    def standing(self, standing: Standing) -> None:
        """The first one is the first plan's."""
        self.deadline.first_plan_is_whole()
        if self.first is None:
            self.first, self.seconds = standing, time.perf_counter() - self.began

    def enough(self) -> bool:
        """Whether there is nothing left to watch."""
        return self.first_only and self.first is not None


def run(name: str, effort: Effort, *, first_only: bool = False, warm: bool = True) -> Run:
    """Read, plan and judge one case; raises ValueError where its folder has errors."""
    if warm:
        make_plan(case_of(WARMING)[0], work=2)
    began = time.perf_counter()
    case, folder = case_of(name)
    read = time.perf_counter()
    watch, result = planned(case, effort, first_only=first_only)
    took = time.perf_counter() - read
    if not result.repeatable:
        raise RuntimeError(f"{name}: the first plan was cut off")
    return described(name, case, folder, effort, watch, result, (read - began, took))


def case_of(name: str) -> tuple[Case, str]:
    """A committed case and the hash of its folder."""
    reading = read_folder(CASES / name)
    if reading.case is None:
        raise ValueError(f"{name}: {'; '.join(str(error) for error in reading.errors)}")
    return reading.case, reading.content_hash


def planned(case: Case, effort: Effort, *, first_only: bool) -> tuple[Watch, Result]:
    """Plan a case as `lull plan` does, and watch."""
    deadline = Deadline(effort, lambda: False, time.perf_counter)
    watch = Watch(deadline, first_only)
    result = make_plan(
        case,
        work=effort.most_work,
        seed=effort.seed,
        progress=watch,
        stop=lambda: watch.enough() or deadline.stop_search(),
        stop_bound=lambda: watch.enough() or deadline.stop_bound(),
    )
    return watch, result


def described(
    name: str, case: Case, folder: str, effort: Effort, watch: Watch, result: Result,
    seconds: tuple[float, float],
) -> Run:
    """The figures of a run; `seconds` are of reading and of planning."""
    left = sum(x.number for x in result.left if x.unit == "persons")
    wishing = sum(group.wishing for group in case.groups.values())
    tiers = tuple(t for t in result.tiers if t.bound is not None)
    first = watch.first.tiers if watch.first else ()
    kept = {t.name for t in tiers}
    return Run(
        case=name,
        folder=folder,
        work=result.plan.work,
        read_s=round(seconds[0], 2),
        plan_s=round(seconds[1], 2),
        violations=len(judge(case, result.plan)),
        served=0 if result.refused else wishing - left,
        wishing=wishing,
        busy=tuple(sorted(busy_halves(case, result.plan).values(), reverse=True)),
        tiers=tiers,
        refused=result.refused,
        asked_s=effort.seconds,
        asked_work=effort.work,
        seed=effort.seed,
        bound_work=watch.deadline.bound_steps if watch.deadline.bound_cut else None,
        first_s=round(watch.seconds, 3),
        first=tuple(t.value for t in first if t.name in kept),
        peak_mb=round(own_peak_megabytes()),
    )


def as_json(done: Run) -> str:
    """A run as one line."""
    return json.dumps(asdict(done))


def from_json(line: str) -> Run:
    """The run that a line holds."""
    parts: dict[str, Any] = json.loads(line)
    parts["tiers"] = tuple(TierResult(**{**t, "kind": TierKind(t["kind"])}) for t in parts["tiers"])
    for name in ("busy", "first", "refused"):
        parts[name] = tuple(parts[name])
    return Run(**parts)


def ran_apart(name: str, effort: Effort, *, cold: bool = False) -> Run:
    """A run in a process of its own; cold: its first plan alone, with nothing compiled before.

    Raises RuntimeError with the process's last words where it fails.
    """
    words = [sys.executable, "-m", "bench.one", name, "--seed", str(effort.seed)]
    if effort.seconds is not None:
        words += ["--time", str(effort.seconds)]
    if effort.work is not None:
        words += ["--work", str(effort.work)]
    with tempfile.TemporaryDirectory() as empty:
        environment = dict(os.environ)
        if cold:
            words += ["--first", "--cold"]
            environment["NUMBA_CACHE_DIR"] = empty
        ran = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    if ran.returncode:
        raise RuntimeError(f"{name}: {ran.stderr[-2000:]}")
    return from_json(ran.stdout.splitlines()[-1])


def main(words: Sequence[str]) -> None:
    """Run one case and print what it gave."""
    parser = argparse.ArgumentParser(prog="python -m bench.one")
    parser.add_argument("name")
    parser.add_argument("--time", type=float)
    parser.add_argument("--work", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", action="store_true", help="the first plan alone")
    parser.add_argument("--cold", action="store_true", help="plan nothing before")
    options = parser.parse_args(words)
    effort = Effort(options.work, options.seed, options.time)
    print(as_json(run(options.name, effort, first_only=options.first, warm=not options.cold)))


if __name__ == "__main__":
    main(sys.argv[1:])
