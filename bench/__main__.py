"""Runs every benchmark, prints its tables, writes out/bench.json; code 1 if a promise is broken.

python -m bench            all: streets, matrices, folders, samples, then the four sizes of cases
python -m bench streets    those whose name holds the word
python -m bench plans --record   the four sizes, kept in bench/cases/runs.csv
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from attrs import asdict

from bench import plans
from bench.measure import Measure, peak_megabytes
from lull import __version__
from lull.cli.console import console, table
from lull.cli.writing import whole

PARTS = ("streets", "matrix", "folder", "planning")
PLANS = "plans"
OUT = Path(__file__).resolve().parents[1] / "out"


def main(words: Sequence[str]) -> int:
    """Run the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join((*PARTS, PLANS)))
    parser.add_argument("--record", action="store_true", help="keep the plans in runs.csv")
    options = parser.parse_args(words)

    def wanted(part: str) -> bool:
        return not options.parts or any(word in part for word in options.parts)

    done = [m for part in PARTS if wanted(part) for m in measured(part)]
    if done:
        show(done)
    runs = []
    if wanted(PLANS):
        runs = plans.kept(plans.names(), plans.OWN, None, 0, options.record)
    write({
        "lull": __version__,
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "peak_mb": round(peak_megabytes()),
        "measures": [m.as_dict() for m in done],
        "plans": [asdict(run) for run in runs],
    })  # fmt: skip
    broken = any(m.kept is False for m in done) or any(r.violations or r.refused for r in runs)
    return int(broken)


def measured(part: str) -> list[Measure]:
    """What a part measures, told as it comes."""
    found = []
    for measure in importlib.import_module(f"bench.{part}").measures():
        found.append(measure)
        print(f"{measure.name}: {measure.middle:.2f} s", file=sys.stderr, flush=True)
    return found


def show(done: Sequence[Measure]) -> None:
    """Print the table of measures."""
    rows = [
        (
            m.name,
            m.size,
            f"{m.best:.2f}",
            f"{m.middle:.2f}",
            "–" if m.limit is None else f"{m.limit:.0f}",
            "" if m.kept is not False else "too slow",
        )
        for m in done
    ]
    names = ("work", "size", "best s", "middle s", "promised s", "")
    console().print(table(names, rows, right=names[2:5]))


def write(body: dict[str, Any]) -> None:
    """Write out/bench.json, whole or not at all."""
    with whole(OUT) as folder:
        (folder / "bench.json").write_text(json.dumps(body, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
