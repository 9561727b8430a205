"""Keeps what runs gave in bench/cases/runs.csv, and the page that is made from it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.one import CASES, Run
from bench.targets import first_share, late, target_of, verdict

RUNS = CASES / "runs.csv"
FULL = 0.9
"""A checkpoint busier than this in its busiest half window counts as full."""

COLUMNS = (
    "case", "asked", "date", "lull", "folder", "work", "seed", "read_s", "first_s", "cold_s",
    "plan_s", "peak_mb", "violations", "served", "wishing", "full_checks", "busiest_check", "tier",
    "value", "bound", "one_load", "first_share", "target",
)  # fmt: skip


def asked(done: Run) -> str:
    """What a run was given: seconds, or work."""
    return f"work {done.work}" if done.asked_s is None else f"{done.asked_s:g} s"


def lines(done: Run, version: str) -> Iterator[dict[str, str]]:
    """The rows of a run, one a tier."""
    target = target_of(done.case, done.asked_s)
    full = sum(share > FULL for share in done.busy)
    cold = "" if done.cold_s is None else f"{done.cold_s:.2f}"
    for place, tier in enumerate(done.tiers):
        said = verdict(target, place, tier)
        if done.violations:
            said = f"no plan: breaks rules {done.violations} times"
        elif done.asked_s is not None:
            said = "; ".join(filter(None, (said, late(target, done.plan_s))))
        share = first_share(done.first[place], tier) if place < len(done.first) else None
        cells = (
            done.case, asked(done), datetime.now(UTC).date(), version, done.folder, done.work,
            done.seed, f"{done.read_s:.1f}", f"{done.first_s:.2f}", cold, f"{done.plan_s:.1f}",
            f"{done.peak_mb:.0f}", done.violations, done.served, done.wishing, full,
            f"{max(done.busy, default=0):.2f}", tier.name, f"{tier.value:.1f}",
            f"{tier.bound or 0:.1f}", f"{tier.one_load:.1f}",
            "" if share is None else f"{share:.3f}", said,
        )  # fmt: skip
        yield dict(zip(COLUMNS, map(str, cells), strict=True))


def record(done: Run, version: str, file: Path = RUNS) -> None:
    """Keep a run in a table, in place of an earlier one of its case that was asked the same."""
    before: list[dict[str, str]] = []
    if file.exists():
        with file.open(encoding="utf-8", newline="") as opened:
            before = list(csv.DictReader(opened))
    key = (done.case, asked(done))
    kept = [row for row in before if (row["case"], row["asked"]) != key]
    kept += lines(done, version)
    kept.sort(key=lambda row: (row["case"], _amount(row["asked"])))
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(kept)
    os.replace(part, file)


def _amount(said: str) -> tuple[bool, float]:
    """By work first, then by seconds, in rising order."""
    timed = said.endswith(" s")
    return timed, float(said.removesuffix(" s").removeprefix("work "))


def rewrite_page(cases: Path = CASES) -> None:
    """Make the page of the cases anew from their folders and the recorded runs."""
    from scripts.bench_readme import readme  # noqa: PLC0415 - only a recorded run rewrites it

    part = cases / "README.part"
    part.write_text(readme(cases), encoding="utf-8")
    os.replace(part, cases / "README.md")
