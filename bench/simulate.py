"""How fast a plan of the middle size is simulated, and how much faster than the same in SimPy.

python -m bench.simulate [--case m-free-1] [--replications 10000] [--simpy 20]

Plans the case without search, then replicates the plan with everything on: convoys, queues,
breakdowns, halts, closures and the dispatch policy. The replications run on two processes; for the
ratio lull and SimPy take turns in one process, on the same draws, and must give the same counts.
Prints whether the targets are met; code 1 where one is missed or the two differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from bench.one import case_of
from lull.plan import make_plan
from lull.simulate import Policy, Uncertainty, simulate
from lull.simulate.compiled import draw, replicate_many
from lull.simulate.draws import key_of, terms
from lull.simulate.scenario import Scenario, scenario

try:
    import bench.simulate_simpy as simpy
except ModuleNotFoundError:
    simpy = None  # the ratio is then not measured

PROCESSES = 2
SECONDS = 15.0
"""For 10,000 replications of a plan of the middle size on two cores."""
TIMES = 50.0
"""lull's rate by SimPy's, at least."""
TURNS = 5


def main(words: Sequence[str]) -> int:
    """Measure, print, and say whether the targets are met."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulate")
    parser.add_argument("--case", default="m-free-1")
    parser.add_argument("--replications", type=int, default=10_000)
    parser.add_argument("--simpy", type=int, default=20, help="replications in SimPy")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    case, _ = case_of(options.case)
    plan = make_plan(case, work=0).plan
    doubt, policy = Uncertainty(), Policy()
    made = scenario(case, plan, doubt, policy)
    print(f"{options.case}: {len(plan.vehicles)} vehicles, {len(plan.convoys)} convoys, "
          f"{len(plan.parties)} parties, {len(made.world.steps)} steps")
    with ProcessPoolExecutor(PROCESSES) as pool:
        simulate(case, plan, doubt, policy, replications=2 * PROCESSES, seed=0, executor=pool,
                 batch=1)
        began, before = time.perf_counter(), sum(pool.map(spent, range(PROCESSES)))
        outcome = simulate(case, plan, doubt, policy, replications=options.replications,
                           seed=options.seed, executor=pool)
        took = time.perf_counter() - began
        busy = sum(pool.map(spent, range(PROCESSES))) - before
    arrived, caught = outcome.band("arrived"), outcome.anyone_caught()
    print(f"{outcome.replications} replications on {PROCESSES} processes: {took:.1f} s "
          f"(about {busy:.1f} s of processors; other work may take turns with it); arrived "
          f"P10/P50/P90 {arrived.p10:.0f}/{arrived.p50:.0f}/{arrived.p90:.0f} of "
          f"{outcome.persons}; chance that anyone is inside or unsheltered at the end "
          f"{caught.share:.3f}, at most {caught.upper:.3f} at 95 %. {outcome.said}")
    allowed = SECONDS * options.replications / 10_000
    soon = took < allowed
    print(f"  wanted in under {allowed:.1f} s: {'met' if soon else 'missed'}")
    faster = beside_simpy(made, options.simpy, options.seed)
    return 0 if soon and faster else 1


def spent(_: int) -> float:
    """Seconds of processor that a worker has used; slow enough that each worker answers one."""
    time.sleep(0.5)
    return time.process_time()


def beside_simpy(made: Scenario, many: int, seed: int) -> bool:
    """Both by turns on the same draws, draws included; whether alike and fast enough."""
    if simpy is None:
        print("SimPy is not installed (make setup): the ratio was not measured.")
        return False
    tables, drawn_from = simpy.Tables(made), terms(made.who, made.risks)
    keys = np.array([key_of(seed, r) for r in range(many)], np.uint64)
    replicate_many(made.world, drawn_from, keys[:1])
    draw(keys[0], drawn_from)
    ours = theirs = 0.0
    alike = True
    for turn in range(TURNS):
        part = np.ascontiguousarray(keys[turn::TURNS])
        began = time.perf_counter()
        for _ in range(TURNS):
            totals, _ = replicate_many(made.world, drawn_from, part)
        ours += (time.perf_counter() - began) / TURNS
        began = time.perf_counter()
        days = [simpy.Day(tables, draw(key, drawn_from)).run() for key in part]
        theirs += time.perf_counter() - began
        alike = alike and [day.total for day in days] == totals.tolist()
    ratio = theirs / ours
    print(f"one replication: lull {1000 * ours / many:.2f} ms, SimPy "
          f"{1000 * theirs / many:.1f} ms: {ratio:.0f} times the rate; "
          f"{'the same counts' if alike else 'COUNTS DIFFER'} in {many} replications")
    print(f"  wanted at least {TIMES:.0f} times: {'met' if ratio >= TIMES else 'missed'}")
    return alike and ratio >= TIMES


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
