#!/usr/bin/env python3
"""Make samples/aleppo-2016-10 and samples/aleppo-2016-12 from the files in aleppo_inputs/.

    python scripts/aleppo_samples.py [--polygons FILE --neighbourhoods FILE] [--out samples]

Every figure stands in aleppo_inputs/ with a source or a reason. With --polygons and
--neighbourhoods (see aleppo_inputs/README.md for their hashes and licences) the points and the
assumed line are derived again first; without them the derived files are taken as they are. The
same inputs give the same bytes. A figure that names a claim must equal it, or nothing is written.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aleppo_tables as tables
from aleppo_ground import read_ground
from aleppo_people import groups, points
from aleppo_places import Wrong, derive, read_line, read_places, table
from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
INPUTS = HERE / "aleppo_inputs"
ROADS = "../aleppo/roads.osm.pbf"
CONSENT = ("party", "stance", "corridor", "use", "condition", "at", "source")
FOLDERS = {"aleppo-2016-10": ("october", "2016-10"), "aleppo-2016-12": ("december", "2016-12")}


def claimed(inputs: Any, claims: Mapping[str, Mapping[str, str]]) -> None:
    """Give each figure that names a claim that claim's source; raise Wrong where they differ."""
    for entry in entries(inputs):
        if "claim" in entry and "value" in entry:
            claim = claims.get(entry["claim"])
            if claim is None:
                raise Wrong(f"A figure names the claim {entry['claim']!r}, which does not exist.")
            if float(claim["figure"]) != float(entry["value"]):
                raise Wrong(
                    f"The inputs have {entry['value']} where the claim {entry['claim']!r} "
                    f"is {claim['figure']}."
                )
            entry["source"] = f"{claim['claimed_by']}: {claim['source']}"


def entries(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping in the inputs."""
    if isinstance(node, dict):
        yield node
        for below in node.values():
            yield from entries(below)
    elif isinstance(node, list):
        for below in node:
            yield from entries(below)


def unreasoned(inputs: Any) -> list[str]:
    """Figures that stand without a source, a reason or a claim."""
    return [
        str(entry)
        for entry in entries(inputs)
        if "value" in entry and not {"why", "source", "claim"} & set(entry)
    ]


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> str:
    """Rows as a table; columns in the given order, or as they first occur."""
    head = list(columns) or list(dict.fromkeys(k for row in rows for k in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, head, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def pause(inputs: Mapping[str, Any]) -> str:
    """pause.yaml: what the inputs say, without the reasons behind single figures."""
    said: dict[str, Any] = {
        "title": inputs["title"],
        "place": inputs["place"],
        "time_zone": inputs["time_zone"]["value"],
        "roads": ROADS,
        "sides": sides(inputs),
        "windows": [
            {k: w[k] for k in ("name", "from", "to", "from_utc", "to_utc")}
            for w in inputs["windows"]
        ],
    }
    if "notice_at" in inputs:
        said["notice_at"] = inputs["notice_at"]["value"]
    said |= {
        "people_inside": inputs["people_inside"]["value"],
        "parties": inputs["parties"],
        "consents": [
            {k: c.get(k, "*" if k in ("corridor", "use") else "") for k in CONSENT}
            for c in inputs["consents"]
        ],
        "rules": {k: e["value"] for k, e in inputs["rules"].items()},
        "sources": [
            *inputs["sources"],
            *(f"{w['name']}: {w['source']}" for w in inputs["windows"]),
        ],
        "assumptions": [
            *inputs["assumptions"],
            *(f"{k}: {e['value']} ({e['why']})" for k, e in inputs["rules"].items()),
        ],
    }
    out = io.StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.allow_unicode = True
    yaml.dump(said, out)
    return (
        "# Made by scripts/aleppo_samples.py; figures and reasons in scripts/aleppo_inputs.\n"
        + out.getvalue()
    )


def sides(inputs: Mapping[str, Any]) -> list[str]:
    """The sides of the line that the sites lie on, the enclosed one first."""
    found = dict.fromkeys(s for site in inputs["sites"] for s in site.get("sides", ["outside"]))
    return ["inside", *found]


def build(name: str, samples: Path) -> dict[str, str]:
    """Every file of one sample folder as text, by file name."""
    stem, when = FOLDERS[name]
    inputs = YAML(typ="safe").load((INPUTS / f"{stem}.yaml").read_text(encoding="utf-8"))
    claims_text = (INPUTS / f"claims-{when}.csv").read_text(encoding="utf-8")
    claimed(inputs, {row["id"]: row for row in table(claims_text)})
    if lacking := unreasoned(inputs):
        raise Wrong(f"Neither source nor reason: {'; '.join(lacking)}")
    line = read_line(INPUTS / f"line-{when}.geojson")
    ground = read_ground(samples / "aleppo" / "roads.osm.pbf", line)
    places = read_places(INPUTS / "places.csv")
    if stem == "december":
        places = [p for p in places if p.in_december]
    at = points(places, inputs["people"]["point_from"]["value"])
    who = groups(inputs, at)
    files = {
        "pause.yaml": pause(inputs),
        "sites.csv": as_csv(
            [
                *tables.assembly_sites(inputs, at, ground),
                *tables.distribution_sites(inputs, at, ground),
                *tables.other_sites(inputs, ground),
            ]
        ),
        "corridors.csv": as_csv(tables.corridors(inputs, ground)),
        "people.csv": as_csv(tables.people(inputs, who)),
        "fleet.csv": as_csv(tables.fleet(inputs)),
        "safeguards.csv": as_csv(inputs["safeguards"]),
        "claims.csv": claims_text,
        "routes.geojson": (INPUTS / f"line-{when}.geojson").read_text(encoding="utf-8"),
        "README.md": (INPUTS / f"{stem}-readme.md").read_text(encoding="utf-8"),
        "NOTICE.md": notice(),
    }
    if goods := tables.supplies(inputs, at, who):
        files["supplies.csv"] = as_csv(goods)
    if rows := tables.travel(inputs):
        files["travel_minutes.csv"] = as_csv(rows)
    return files


def notice() -> str:
    """The notice for what is derived from others' work, as it stands beside the inputs."""
    text = (INPUTS / "README.md").read_text(encoding="utf-8")
    licence = text[text.index("MIT License.") :]
    return (
        "# Whose work this folder stands on\n\n"
        "Streets: © OpenStreetMap contributors, Open Database License 1.0; see `../aleppo`.\n\n"
        "The names and points of neighbourhoods in `sites.csv` and the outline in\n"
        "`routes.geojson` are derived from neighbourhood polygons of Aleppo:\n\n" + licence
    )


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write a folder's files, each beside its place and then renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        part = folder / f"{name}.part"
        part.write_text(text, encoding="utf-8", newline="\n")
        os.replace(part, folder / name)


def main() -> None:
    """Derive again if asked, then make both folders."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--polygons", type=Path, help="neighbourhoods_csr.geojson")
    parser.add_argument("--neighbourhoods", type=Path, help="neighbourhoods.csv")
    parser.add_argument(
        "--samples",
        type=Path,
        default=HERE.parent / "samples",
        help="where aleppo/roads.osm.pbf lies",
    )
    parser.add_argument("--out", type=Path, help="where to write (default: --samples)")
    options = parser.parse_args()
    try:
        if options.polygons and options.neighbourhoods:
            derive(options.polygons, options.neighbourhoods, INPUTS)
        for name in FOLDERS:
            files = build(name, options.samples)
            write((options.out or options.samples) / name, files)
            people = table(files["people.csv"])
            print(
                json.dumps(
                    {
                        "folder": name,
                        "groups": len(people),
                        "sites": len(table(files["sites.csv"])),
                        "wishing": sum(int(g["wishing_count"]) for g in people),
                    }
                )
            )
    except (Wrong, OSError) as wrong:
        sys.exit(str(wrong))


if __name__ == "__main__":
    main()
