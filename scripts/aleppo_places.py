"""Derive the points and the assumed line of the Aleppo samples from neighbourhood polygons.

The polygons (Columbia University, Center for Spatial Research, 2019, MIT) and the estimates are
not part of the repository; what is derived from them is, with its notice, in aleppo_inputs/.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from pathlib import Path
from typing import Any

import shapely
from attrs import frozen

POLYGONS_SHA256 = "f59552cd4dc1667f5151c29246079a76deb0b9926aab4369e8b886bd78fabcbd"
NEIGHBOURHOODS_SHA256 = "b481adf8402fece5390e59d6ab7c279cc0711252a89191508846e33410c8935a"
PLACES_HEAD = ("name", "name_ar", "lat", "lon", "weight", "in_december")
GAP_M = 120.0
"""Gaps between chosen polygons up to twice this width are closed."""
SMOOTH_M = 60.0
"""The rim is simplified to this many metres; finer would look like knowledge."""
INSET_M = 50.0
"""The rim is drawn this far inside, so that streets along it stay whole on the outer side."""
CENTRE_LAT = 36.2
METRES_A_DEGREE = 111_195.0


class Wrong(ValueError):
    """An input is not what it should be; the message says how."""


@frozen
class Place:
    """A neighbourhood taken as enclosed: names, a point inside, its weight among the others."""

    name: str
    name_ar: str
    lat: float
    lon: float
    weight: int
    in_december: bool


def to_metres(geometry: Any) -> Any:
    """Degrees (lon, lat) to local metres; good to 0.1 % over the city."""
    east = METRES_A_DEGREE * math.cos(math.radians(CENTRE_LAT))
    return shapely.transform(geometry, lambda xy: xy * (east, METRES_A_DEGREE))


def to_degrees(geometry: Any) -> Any:
    """Local metres back to degrees (lon, lat)."""
    east = METRES_A_DEGREE * math.cos(math.radians(CENTRE_LAT))
    return shapely.transform(geometry, lambda xy: xy / (east, METRES_A_DEGREE))


def read_checked(path: Path, sha256: str) -> str:
    """The text of a file, refused unless it is the one that was meant."""
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise Wrong(f"{path} has the SHA-256 {found}; expected {sha256}. Nothing was written.")
    return data.decode("utf-8")


def table(text: str) -> list[dict[str, str]]:
    """Rows of a CSV text whose lines starting with # are remarks."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def read_places(path: Path) -> list[Place]:
    """The places as they stand in aleppo_inputs/places.csv."""
    return [
        Place(
            row["name"],
            row["name_ar"],
            float(row["lat"]),
            float(row["lon"]),
            int(row["weight"]),
            row["in_december"] == "yes",
        )
        for row in table(path.read_text(encoding="utf-8"))
    ]


def read_line(path: Path) -> Any:
    """The polygon of an assumed line, in degrees (lon, lat)."""
    return shapely.from_geojson(
        json.dumps(json.loads(path.read_text(encoding="utf-8"))["features"][0]["geometry"])
    )


def derive(polygons: Path, neighbourhoods: Path, inputs: Path) -> None:
    """Write places.csv and the two lines into `inputs`; raises Wrong for other input files."""
    features = json.loads(read_checked(polygons, POLYGONS_SHA256))["features"]
    rows = table(read_checked(neighbourhoods, NEIGHBOURHOODS_SHA256))
    chosen = {r["name"]: r for r in table((inputs / "enclosed.csv").read_text(encoding="utf-8"))}
    unknown = set(chosen) - {r["name_en"] for r in rows}
    if unknown:
        raise Wrong(f"enclosed.csv names {sorted(unknown)}, which no polygon has.")
    places, shapes = [], []
    for feature, row in zip(features, rows, strict=True):
        if row["name_en"] != feature["properties"]["NAME"]:
            raise Wrong(
                f"Row {row['name_en']!r} stands where the polygon "
                f"{feature['properties']['NAME']!r} does."
            )
        if row["name_en"] in chosen:
            december = chosen[row["name_en"]]["in_december"] == "yes"
            places.append(
                Place(
                    row["name_en"],
                    row["name_ar"],
                    float(row["lat"]),
                    float(row["lon"]),
                    int(row["pop_est"]),
                    december,
                )
            )
            shapes.append(to_metres(shapely.from_geojson(json.dumps(feature["geometry"]))))
    write_places(inputs / "places.csv", places)
    write_line(inputs / "line-2016-10.geojson", shapes, "20 October 2016")
    pocket = [s for s, p in zip(shapes, places, strict=True) if p.in_december]
    write_line(inputs / "line-2016-12.geojson", pocket, "15-22 December 2016")


def write_places(path: Path, places: list[Place]) -> None:
    """Write the places under their notice."""
    out = io.StringIO()
    out.write(
        "# Derived from polygons of the Center for Spatial Research, Columbia University, "
        "2019 (MIT; notice in README.md).\n"
        "# weight: an estimate of people before the siege; only its shares are used.\n"
    )
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PLACES_HEAD)
    for p in places:
        writer.writerow(
            (
                p.name,
                p.name_ar,
                f"{p.lat:.5f}",
                f"{p.lon:.5f}",
                p.weight,
                "yes" if p.in_december else "no",
            )
        )
    path.write_text(out.getvalue(), encoding="utf-8")


def write_line(path: Path, shapes: list[Any], when: str) -> None:
    """Write the smoothed rim of the union of shapes as a polygon, rounded to some 10 m."""
    union = shapely.union_all(shapes).buffer(GAP_M).buffer(-GAP_M - INSET_M)
    union = union.simplify(SMOOTH_M)
    if union.geom_type != "Polygon":
        raise Wrong(f"The neighbourhoods of {when} do not form one piece.")
    rim = [[round(x, 4), round(y, 4)] for x, y in to_degrees(union.exterior).coords]
    feature = {
        "type": "Feature",
        "properties": {
            "kind": "line",
            "side": "inside",
            "name": f"Assumed line, {when}",
            "assumed": "rim of the neighbourhoods taken as enclosed, smoothed to 60 m; "
            "not a front line",
            "source": "derived from polygons of the Center for Spatial Research, Columbia "
            "University, 2019 (MIT)",
        },
        "geometry": {"type": "Polygon", "coordinates": [rim]},
    }
    path.write_text(
        json.dumps(
            {"type": "FeatureCollection", "features": [feature]}, ensure_ascii=False, indent=1
        )
        + "\n",
        encoding="utf-8",
    )
