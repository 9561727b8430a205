"""Runs every benchmark, prints a table, writes out/bench.json; code 1 if a promise is broken.

python -m bench            all
python -m bench streets    those whose name holds the word
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
from pathlib import Path

from bench.measure import Measure, peak_megabytes
from lull import __version__
from lull.cli.console import console, table
from lull.cli.writing import whole

PARTS = ("streets", "matrix", "folder", "planning", "plans")
OUT = Path(__file__).resolve().parents[1] / "out"


def main(words: list[str]) -> int:
    """Run the parts that were asked for."""
    done: list[Measure] = []
    for part in PARTS:
        if words and not any(word in part for word in words):
            continue
        for measure in importlib.import_module(f"bench.{part}").measures():
            done.append(measure)
            print(f"{measure.name}: {measure.middle:.2f} s", file=sys.stderr, flush=True)
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
    with whole(OUT) as part_folder:
        body = {
            "lull": __version__,
            "python": platform.python_version(),
            "cores": os.cpu_count(),
            "peak_mb": round(peak_megabytes()),
            "measures": [m.as_dict() for m in done],
        }
        (part_folder / "bench.json").write_text(json.dumps(body, indent=1), encoding="utf-8")
    return 1 if any(m.kept is False for m in done) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
