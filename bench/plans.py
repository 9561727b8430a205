"""Plans of the benchmark cases: value, bound and gap of each tier, and the seconds they took.

python -m bench.plans                     the small cases
python -m bench.plans m-gate-1 l-2        these
python -m bench.plans --all --work 0      all, with a first plan and no search
python -m bench.plans s-1 --record        keep what the run gave in bench/cases/runs.csv

A gap is (bound − value) / bound. A tier is met where the gap is within the target of its size, or
less than one vehicle load is missing; seconds stand beside it and are judged by their reader. A
plan that breaks a rule is no plan: its values are printed with the number of rules it breaks.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from bench.busy import busy_halves
from bench.measure import Measure
from lull.cli.console import console, table
from lull.domain.rules import judge
from lull.exchange import read_folder
from lull.plan import DEFAULT_WORK, make_plan
from lull.plan.result import TierResult

CASES = Path(__file__).resolve().parent / "cases"
RUNS = CASES / "runs.csv"
DEFAULT = ("s-1", "s-2", "s-3")
FULL = 0.9
"""A checkpoint busier than this in its busiest half window counts as full."""

TARGETS: dict[str, tuple[float, float]] = {
    "s": (0.0, 0.0), "m-free": (0.01, 0.01), "m-gate": (0.02, 0.04), "l": (0.05, 0.05),
}  # fmt: skip
"""Largest gap aimed at, by size: in the first two tiers, and in the others."""

COLUMNS = (
    "case", "date", "lull", "folder", "work", "read_s", "plan_s", "violations", "served",
    "wishing", "full_checks", "busiest_check", "tier", "value", "bound", "one_load",
)  # fmt: skip


@frozen
class Run:
    """What planning one case gave; `busy` holds each checkpoint's busiest half, most first."""

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


def names() -> list[str]:
    """Every committed case."""
    return sorted(path.parent.name for path in CASES.glob("*/pause.yaml"))


def run(name: str, work: int, seed: int = 0) -> Run:
    """Read, plan and judge one case; raises ValueError where its folder has errors."""
    began = time.perf_counter()
    reading = read_folder(CASES / name)
    case = reading.case
    if case is None:
        raise ValueError(f"{name}: {'; '.join(str(error) for error in reading.errors)}")
    read = time.perf_counter()
    result = make_plan(case, work=work, seed=seed)
    planned = time.perf_counter()
    left = sum(x.number for x in result.left if x.unit == "persons")
    wishing = sum(group.wishing for group in case.groups.values())
    return Run(
        case=name,
        folder=reading.content_hash,
        work=result.plan.work,
        read_s=read - began,
        plan_s=planned - read,
        violations=len(judge(case, result.plan)),
        served=0 if result.refused else wishing - left,
        wishing=wishing,
        busy=tuple(sorted(busy_halves(case, result.plan).values(), reverse=True)),
        tiers=tuple(t for t in result.tiers if t.bound is not None),
        refused=result.refused,
    )


def met(name: str, place: int, tier: TierResult) -> bool:
    """Whether a tier (0 is the first) is as near to its bound as its size asks, or one load."""
    early, late = TARGETS[name.rpartition("-")[0]]
    bound = tier.bound or 0.0
    return (tier.gap or 0.0) <= (early if place < 2 else late) or (
        bound - tier.value < tier.one_load - 1e-9
    )


def rows(done: Run) -> Iterator[tuple[str, ...]]:
    """The lines of the table for one run."""
    seconds = f"{done.plan_s:.1f}"
    if done.refused:
        yield (done.case, "refused: " + " ".join(done.refused), "", "", "", seconds, "no")
    for place, tier in enumerate(done.tiers):
        verdict = "yes" if met(done.case, place, tier) else "no"
        if done.violations:
            verdict = f"no plan: breaks rules {done.violations} times"
        yield (
            done.case, tier.name, f"{tier.value:,.1f}", f"{tier.bound or 0:,.1f}",
            f"{tier.gap or 0:.2%}", seconds, verdict,
        )  # fmt: skip


def show(runs: Iterable[Run]) -> None:
    """Print the table of what the runs gave."""
    head = ("case", "tier", "value", "bound", "gap", "plan s", "met")
    body = [row for done in runs for row in rows(done)]
    console().print(table(head, body, right=head[2:6]))


def record(done: Run, version: str, file: Path = RUNS) -> None:
    """Keep a run in a table, in place of an earlier one of the same case and work."""
    before: list[dict[str, str]] = []
    if file.exists():
        with file.open(encoding="utf-8", newline="") as opened:
            before = list(csv.DictReader(opened))
    kept = [r for r in before if (r["case"], r["work"]) != (done.case, str(done.work))]
    full = sum(share > FULL for share in done.busy)
    kept += [
        dict(zip(COLUMNS, map(str, (
            done.case, datetime.now(UTC).date(), version, done.folder, done.work,
            f"{done.read_s:.1f}", f"{done.plan_s:.1f}", done.violations, done.served,
            done.wishing, full, f"{max(done.busy, default=0):.2f}", tier.name,
            f"{tier.value:.1f}", f"{tier.bound or 0:.1f}", f"{tier.one_load:.1f}",
        )), strict=True))
        for tier in done.tiers
    ]  # fmt: skip
    order = {name: place for place, name in enumerate(names())}
    kept.sort(key=lambda r: (order.get(r["case"], len(order)), int(r["work"])))
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(kept)
    os.replace(part, file)


def measures() -> Iterator[Measure]:
    """The small cases with the work that a user gets; prints the table of tiers as well."""
    done = []
    for name in DEFAULT:
        done.append(run(name, DEFAULT_WORK))
        gaps = ", ".join(f"{tier.gap or 0:.1%}" for tier in done[-1].tiers)
        broken = f"; breaks rules {done[-1].violations} times" if done[-1].violations else ""
        size = f"{name}: work {done[-1].work}; gaps by tier {gaps}{broken}"
        yield Measure("plan a benchmark case", size, (round(done[-1].plan_s, 4),))
    show(done)


def main(words: Sequence[str]) -> int:
    """Plan what was asked for; code 1 if a plan breaks a rule or is refused."""
    from lull import __version__  # noqa: PLC0415 - only a recorded run says by whom

    parser = argparse.ArgumentParser(prog="python -m bench.plans",
                                     description=(__doc__ or "").splitlines()[0])  # fmt: skip
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases (default: the small ones)")
    parser.add_argument("--all", action="store_true", help="every case; the large ones take long")
    parser.add_argument("--work", type=int, default=DEFAULT_WORK, help="rounds of search")
    parser.add_argument("--record", action="store_true", help=f"keep the runs in {RUNS.name}")
    options = parser.parse_args(words)
    asked = names() if options.all else options.names or list(DEFAULT)
    if unknown := [name for name in asked if name not in names()]:
        parser.error(f"no case {', '.join(unknown)}; there are: {', '.join(names())}")
    done = []
    for name in asked:
        done.append(run(name, options.work))
        last = done[-1]
        print(f"{name}: read {last.read_s:.1f} s, planned {last.plan_s:.1f} s, "
              f"{last.served:,} of {last.wishing:,} people, "
              f"{sum(share > FULL for share in last.busy)} checkpoints over {FULL:.0%} busy",
              file=sys.stderr, flush=True)  # fmt: skip
        if options.record:
            record(last, __version__)
    show(done)
    return 1 if any(r.violations or r.refused for r in done) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
