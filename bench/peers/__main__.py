"""lull beside PyVRP and OR-Tools routing, each in its own process, on the part all can express.

python -m bench.peers m-free-1 m-gate-1 --record        60 s, 10 seeds: 90 minutes
python -m bench.peers m-free-1 --seconds 5 --seeds 2    a quick check: two minutes
python -m bench.peers m-gate-1 --peers pyvrp-reload     another model of a peer

Prints medians and spread, losses as plainly as wins; code 1 if a bound is broken or an answer is
plainly wrong, code 2 if a peer that was asked for is not installed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.peers.runs import HALL, PEERS, USUAL, Bench, Run
from bench.peers.table import README, RUNS, keep, readings, readme, text


def machine() -> str:
    """Processor and cores, as the table says them."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        name = next(
            (x.partition(":")[2].strip() for x in lines if x.startswith("model name")), name
        )
    return f"{name}, {os.cpu_count()} cores"


def options(words: Sequence[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.peers", description=(__doc__ or "").splitlines()[0]
    )
    cases = sorted(path.parent.name for path in HALL.glob("*/pause.yaml"))
    parser.add_argument("cases", nargs="+", metavar="CASE", choices=cases)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each run")
    parser.add_argument("--seeds", type=int, default=10, help="runs of each peer")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(USUAL))
    parser.add_argument("--jobs", type=int, default=1,
                        help="runs at a time; none uses more than one core")  # fmt: skip
    parser.add_argument("--record", action="store_true",
                        help=f"keep the runs in {RUNS.name} and write {README.name}")  # fmt: skip
    return parser.parse_args(words)


def main(words: Sequence[str]) -> int:
    """Run what was asked for and print the table."""
    asked = options(words)
    lacking = [PEERS[key].name for key in asked.peers if not PEERS[key].installed]
    if lacking:
        print(f"Not installed: {', '.join(lacking)}; scripts/setup bench installs them.",
              file=sys.stderr)  # fmt: skip
        return 2
    done: list[Run] = []
    with tempfile.TemporaryDirectory() as room, ThreadPoolExecutor(asked.jobs) as pool:
        for name in asked.cases:
            bench = Bench(name, Path(room), asked.seconds, machine())
            bound = bench.ask_bound().more["bound_loads"]
            print(f"{name}: {bench.part.all_loads} loads, no plan brings out more than {bound:.1f}",
                  file=sys.stderr, flush=True)  # fmt: skip
            turns = [(key, seed) for seed in range(asked.seeds) for key in asked.peers]
            for run in pool.map(lambda turn, b=bench: b.run(*turn), turns):
                done.append(run)
                loads = "" if run.loads is None else f"{run.loads} loads, "
                print(f"{name} {run.who} seed {run.seed}: {loads}{run.violations} violations, "
                      f"{run.out:,} out, {run.inside:,} inside, {run.wall_s:.0f} s",
                      file=sys.stderr, flush=True)  # fmt: skip
    print(text(done))
    if asked.record:
        keep(done)
        README.write_text(readme(readings()), encoding="utf-8")
    wrong = [run for run in done if run.wrong or _above(run)]
    for run in wrong:
        print(f"{run.case}, {run.who}, seed {run.seed}: {run.wrong or 'more loads than the bound'}",
              file=sys.stderr)  # fmt: skip
    return 1 if wrong else 0


def _above(run: Run) -> bool:
    return None not in (run.loads, run.bound_loads) and run.loads > run.bound_loads + 1e-6


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
