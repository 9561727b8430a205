#!/usr/bin/env python3
"""Make the benchmark folders in bench/cases: made-up pauses on the real streets of Aleppo.

    python scripts/bench_cases.py [NAME ...] [--out bench/cases]

Sizes stand in bench_sizes.py; everything else follows from them, the streets and a fixed seed, so
the same sources give the same bytes. The table in bench/cases/README.md is written anew from the
folders and from runs.csv, in which `python -m bench.plans --record` keeps what runs gave.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bench_tables as tables
import shapely
from aleppo_places import Wrong
from aleppo_samples import as_csv, write
from bench_places import Terrain, terrain
from bench_readme import readme
from bench_sizes import SIZES, Size
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
STREETS = ROOT / "samples" / "aleppo" / "roads.osm.pbf"
ROADS = "../../../samples/aleppo/roads.osm.pbf"
CASES = ROOT / "bench" / "cases"
AROUND_DEGREES = 0.06
"""How far beyond the line the approved area reaches: all places and the ways between them."""


def pause(size: Size, people_inside: int) -> str:
    """pause.yaml of a case."""
    said: dict[str, Any] = {
        "title": f"Benchmark {size.name}: made-up places on real streets ({size.note})",
        "place": "nowhere: made up on the streets of Aleppo",
        "time_zone": "Asia/Damascus",
        "roads": ROADS,
        "sides": ["inside", "outside", *(["beyond"] if size.all_rules else [])],
        "windows": [
            {"name": f"day {n}", "from": opens, "to": closes}
            for n, (opens, closes) in enumerate(size.windows, start=1)
        ],
        "notice_at": "2030-05-06 06:00",
        "people_inside": people_inside,
        "parties": [
            {"id": p, "name": f"Party {p[-1].upper()}", "must_agree": True}
            for p in ("party-a", "party-b")
        ],
        "consents": [
            {"party": p, "stance": "agreed", "corridor": "*", "use": "*", "source": tables.MADE_UP}
            for p in ("party-a", "party-b")
        ],
        "rules": {
            "margin_minutes": 30,
            "slot_minutes": 5,
            "fill": 1,
            "call_lead_minutes": 30,
            "return_share": size.return_share,
            "max_order_lines": 30,
            "routes_per_driver": 2,
        },
        "travel": {"damage_factor": size.street_factor},
        "sources": ["Streets: © OpenStreetMap contributors, ODbL 1.0; see samples/aleppo"],
        "assumptions": ["Places, people, vehicles, goods, minutes and limits are made up."],
    }
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.dump(said, out)
    return "# Made by scripts/bench_cases.py; sizes in scripts/bench_sizes.py.\n" + out.getvalue()


def routes(ground: Terrain, size: Size) -> str:
    """The made-up line, and one area in which every street is taken as approved."""
    west, south, east, north = (round(float(v), 3) for v in ground.line.bounds)
    wide = AROUND_DEGREES
    area = shapely.box(west - wide, south - wide, east + wide, north + wide)
    features = [
        {
            "type": "Feature",
            "properties": {"kind": kind, **more, "assumed": tables.MADE_UP},
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for kind, more, shape in (
            ("line", {"side": "inside", "name": f"Made-up line of {size.name}"}, ground.line),
            ("approved_route", {"name": "Every street of the area"}, area),
        )
    ]
    body = {"type": "FeatureCollection", "features": features}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"


def build(size: Size, streets: Path = STREETS) -> dict[str, str]:
    """Every file of one case as text, by file name."""
    ground = terrain(streets, size.radius_m, size.seed)
    town = tables.lay_out(size, ground)
    groups = tables.people(town)
    inside = sum(
        g["count"] + round(g["count"] * float(g.get("companions_per_patient", 0))) for g in groups
    )
    files = {
        "pause.yaml": pause(size, inside),
        "sites.csv": as_csv(tables.sites(town)),
        "corridors.csv": as_csv(tables.corridors(town)),
        "people.csv": as_csv(groups),
        "fleet.csv": as_csv(tables.fleet(town)),
        "supplies.csv": as_csv(tables.supplies(town)),
        "routes.geojson": routes(ground, size),
    }
    if rows := tables.travel(town):
        files["travel_minutes.csv"] = as_csv(rows)
    return files


def made(names: list[str]) -> Mapping[str, Size]:
    """The sizes that were asked for; raises Wrong for an unknown name."""
    if unknown := [n for n in names if n not in SIZES]:
        raise Wrong(
            f"No benchmark case is called {', '.join(unknown)}; there are: {', '.join(SIZES)}."
        )
    return {n: s for n, s in SIZES.items() if not names or n in names}


def main() -> None:
    """Make the cases and the table of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="cases (default: all)")
    parser.add_argument("--out", type=Path, default=CASES)
    options = parser.parse_args()
    try:
        for name, size in made(options.names).items():
            files = build(size)
            write(options.out / name, files)
            print(f"{name}: {sum(len(t.encode()) for t in files.values()):,} bytes")
        write(options.out, {"README.md": readme(options.out)})
    except (Wrong, OSError) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
