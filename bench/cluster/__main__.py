"""How much faster an ensemble is on two cores, by processes and by a cluster over TLS.

python -m bench.cluster [--case m-free-1] [--replications 10000] [--turns 3] [--record]

Prints seconds and ratios; --record keeps them and makes the page with its estimate anew. Code 1
where the answers differ.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.cluster.machines import Machines, certificates_of_the_page
from bench.cluster.page import Run, record
from bench.one import case_of
from lull.cli.console import console, table
from lull.cli.spread.hands import Here, Processes
from lull.cli.spread.spread import Spread
from lull.plan import make_plan
from lull.simulate import Outcome, Policy, Uncertainty
from lull.simulate.ensemble import BATCH, run
from lull.simulate.scenario import Scenario, scenario

EMPTY = 100
"""Parts of one day each, by which the handing out is measured."""


def main(words: Sequence[str]) -> int:
    """Measure, print, and record if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bench.cluster")
    parser.add_argument("--case", default="m-free-1")
    parser.add_argument("--replications", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="keep the run, and make the page")
    asked = parser.parse_args(words)
    case, _ = case_of(asked.case)
    plan = make_plan(case, work=0).plan

    def prepare() -> Scenario:
        return scenario(case, plan, Uncertainty(), Policy())

    measured = Measured(prepare(), asked.replications, asked.turns)
    seconds = measured.everywhere()
    serial = min(_seconds(prepare) for _ in range(asked.turns))
    parts = -(-asked.replications // BATCH)
    made = Run(
        asked.case, asked.replications, parts, len(os.sched_getaffinity(0)), asked.turns,
        seconds["here"], seconds["processes 1"], seconds["processes 2"], seconds["cluster 1"],
        seconds["cluster 2"], serial, measured.handing_out)
    show(made)
    if asked.record:
        record(made)
    if not measured.same:
        print("THE ANSWERS DIFFER.")
    return int(not measured.same)


class Measured:
    """An ensemble, timed wherever it can be worked out; `same` while all answers are the same."""

    def __init__(self, made: Scenario, replications: int, turns: int) -> None:
        self._made, self._replications, self._turns = made, replications, turns
        self._first: bytes | None = None
        self.same, self.handing_out = True, 0.0

    def everywhere(self) -> dict[str, float]:
        """Seconds by where."""
        found = {"here": self._timed(Spread(Here()))}
        for many in (1, 2):
            pool = Processes(many)
            try:
                found[f"processes {many}"] = self._timed(Spread(pool))
            finally:
                pool.close()
        with tempfile.TemporaryDirectory() as folder:
            certificates_of_the_page(Path(folder) / "certificates")
            machines = Machines(Path(folder))
            try:
                machines.scheduler()
                for many in (1, 2):
                    machines.worker()
                    with machines.where.spread(None, _silent) as spread:
                        found[f"cluster {many}"] = self._timed(spread)
                        self.handing_out = self._of_a_part(spread)
            finally:
                machines.end()
        return found

    def _timed(self, spread: Spread) -> float:
        """The middle of several turns, after one in which each process loads what is compiled."""
        self._once(spread)
        seconds = sorted(_seconds(lambda: self._once(spread)) for _ in range(self._turns))
        return seconds[(len(seconds) - 1) // 2]

    def _once(self, spread: Spread) -> Outcome:
        outcome = run(self._made, replications=self._replications, seed=1, executor=spread)
        answer = outcome.totals.tobytes()
        self._first = answer if self._first is None else self._first
        self.same = self.same and answer == self._first
        return outcome

    def _of_a_part(self, spread: Spread) -> float:
        """Seconds of handing out one part, less those of the day in it on one of the workers."""
        day = _seconds(lambda: run(self._made, replications=EMPTY, seed=1, batch=EMPTY)) / EMPTY
        parts = _seconds(lambda: run(self._made, replications=EMPTY, seed=1, executor=spread,
                                     batch=1)) / EMPTY
        return max(1e-4, parts - day)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _silent(_what: str, _done: int, _total: int) -> None:
    """Nobody waits."""


def show(of: Run) -> None:
    """Print what was measured."""
    out = console()
    out.print(table(("", "one, s", "two, s", "times as fast"), [
        ("processes", f"{of.processes_1:.2f}", f"{of.processes_2:.2f}", f"{of.by_processes:.2f}"),
        ("cluster", f"{of.cluster_1:.2f}", f"{of.cluster_2:.2f}", f"{of.by_cluster:.2f}"),
    ], right=("one, s", "two, s", "times as fast")))
    out.print(f"Without any executor {of.here:.2f} s; {of.parts} parts; the client by itself "
              f"{of.serial:.2f} s, and {1000 * of.of_a_part:.1f} ms to hand out a part.")
    if of.cores < 2:
        out.print("This process may run on one core only: the ratios say nothing.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
