"""Make samples/aleppo/roads.osm.pbf, the streets of Aleppo, from a published extract.

    python -m scripts.aleppo_roads [--sdist neatnet-0.1.6.tar.gz] [--out samples/aleppo]

The extract is data/aleppo_1133/original.parquet in the source distribution of the PyPI package
neatnet 0.1.6: OpenStreetMap streets of about the end of 2022 as two-point lines in UTM zone 37N,
each with the ids of its two end nodes and its highway class. Both files are checked by SHA-256.
The same input gives the same bytes. Needs the package's `dev` extra (pyarrow, osmium, shapely).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import numpy as np
import osmium
import pyarrow.parquet
import shapely

from scripts.aleppo_streets import Extract, Run, find_nodes, infer_oneway, join_runs, merge_ways
from scripts.utm import utm_to_geographic

REQUIREMENT = "neatnet==0.1.6"
ARCHIVE = "neatnet-0.1.6.tar.gz"
MEMBER = "neatnet-0.1.6/data/aleppo_1133/original.parquet"
ARCHIVE_SHA256 = "a1f760e0875a7f42a778d86293c397b37ee61e71fba49769c2b3db30271a7fff"
PARQUET_SHA256 = "0102be7b1d6ff1cc4aab11d6d4f594238aa6af4621022401f30f149284472f52"
UTM_ZONE = 37


def checked(data: bytes, sha256: str, what: str) -> bytes:
    """Return `data` if its SHA-256 is the expected one, else leave with a sentence."""
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{what} has the SHA-256 {found}; expected {sha256}. Nothing was written.")
    return data


def fetch_archive(folder: Path) -> bytes:
    """Download the source distribution with pip, from whichever index pip is set up to use."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            "neatnet",
            "--dest",
            str(folder),
            REQUIREMENT,
        ],
        check=True,
    )
    return (folder / ARCHIVE).read_bytes()


def read_extract(archive: bytes) -> Extract:
    """The extract of the archive, both checked, coordinates in metres (UTM)."""
    checked(archive, ARCHIVE_SHA256, ARCHIVE)
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        member = tar.extractfile(MEMBER)
        if member is None:
            sys.exit(f"{ARCHIVE} holds no {MEMBER}. Nothing was written.")
        parquet = checked(member.read(), PARQUET_SHA256, MEMBER)
    table = pyarrow.parquet.ParquetFile(io.BytesIO(parquet)).read()
    lines = shapely.from_wkb(table["geometry"].to_numpy())
    return Extract(
        u=table["u"].to_numpy(),
        v=table["v"].to_numpy(),
        highway=table["highway"].to_pylist(),
        ends=shapely.get_coordinates(lines).reshape(-1, 2, 2),
    )


def write_pbf(path: Path, nodes: dict[int, tuple[float, float]], ways: list[Run]) -> None:
    """Write nodes by id and ways by their first node, whole or not at all."""
    ids = np.array(sorted({n for way in ways for n in way.nodes}))
    metres = np.array([nodes[i] for i in ids])
    lon, lat = utm_to_geographic(metres[:, 0], metres[:, 1], UTM_ZONE)
    part = path.with_name("part-" + path.name)
    part.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", "scripts/aleppo_roads.py")
    header.add_box(
        osmium.osm.Box(
            round(float(lon.min()), 7),
            round(float(lat.min()), 7),
            round(float(lon.max()), 7),
            round(float(lat.max()), 7),
        )
    )
    writer = osmium.SimpleWriter(
        osmium.io.File(str(part), "pbf,pbf_dense_nodes=true,add_metadata=false"), header=header
    )
    try:
        for i, x, y in zip(ids, lon, lat, strict=True):
            writer.add_node(osmium.osm.mutable.Node(id=int(i), location=(float(x), float(y))))
        for number, way in enumerate(ways, start=1):
            tags = {"highway": way.highway}
            if way.oneway:
                tags["oneway"] = "yes"
            elif way.highway == "motorway":
                tags["oneway"] = "no"  # without it, a motorway is one-way
            if way.roundabout:
                tags["junction"] = "roundabout"
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=list(way.nodes), tags=tags))
    finally:
        writer.close()
    os.replace(part, path)


def source_note(pbf: Path, ways: list[Run], nodes: int) -> dict[str, object]:
    """What is recorded beside the file."""
    return {
        "file": pbf.name,
        "sha256": hashlib.sha256(pbf.read_bytes()).hexdigest(),
        "made_by": "scripts/aleppo_roads.py",
        "source": "OpenStreetMap streets of Aleppo, as carried in the source distribution of the "
        f"PyPI package {REQUIREMENT.replace('==', ' ')}",
        "source_archive": ARCHIVE,
        "source_archive_sha256": ARCHIVE_SHA256,
        "source_member": MEMBER,
        "source_member_sha256": PARQUET_SHA256,
        "state_of_streets": "about the end of 2022; not the streets of 2016",
        "copyright": "© OpenStreetMap contributors",
        "licence": "Open Database License (ODbL) 1.0",
        "licence_address": "https://opendatacommons.org/licenses/odbl/1-0/",
        "copyright_address": "https://www.openstreetmap.org/copyright",
        "inferred": ["oneway", "junction"],
        "absent": [
            "access",
            "maxheight",
            "maxspeed",
            "maxweight",
            "name",
            "way ids of OpenStreetMap (ways are numbered here)",
        ],
        "nodes": nodes,
        "ways": len(ways),
        "ways_oneway": sum(w.oneway for w in ways),
        "ways_roundabout": sum(w.roundabout for w in ways),
    }


def main() -> None:
    """Make the file and the note beside it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sdist", type=Path, help="the archive, if it is already here")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent.parent / "samples" / "aleppo"
    )
    options = parser.parse_args()
    if options.sdist:
        archive = options.sdist.read_bytes()
    else:
        with tempfile.TemporaryDirectory() as folder:
            archive = fetch_archive(Path(folder))
    extract = read_extract(archive)
    nodes, segments = find_nodes(extract)
    runs = infer_oneway(join_runs(segments), nodes)
    ways = merge_ways(runs)
    options.out.mkdir(parents=True, exist_ok=True)
    pbf = options.out / "roads.osm.pbf"
    write_pbf(pbf, nodes, ways)
    note = source_note(pbf, ways, len({n for w in ways for n in w.nodes}))
    (options.out / "source.json").write_text(
        json.dumps(note, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    print(
        f"{pbf}: {note['nodes']} nodes, {note['ways']} ways, "
        f"{note['ways_oneway']} of them one-way (inferred), {note['ways_roundabout']} in "
        f"roundabouts; {pbf.stat().st_size} bytes, SHA-256 {note['sha256']}"
    )


if __name__ == "__main__":
    main()
