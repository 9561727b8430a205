"""The tables of an Aleppo sample as rows, from its inputs and the streets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from aleppo_ground import Ground
from aleppo_people import PATIENTS, Group, Inputs, Point, companions, households, largest, nearest

Row = dict[str, Any]


def minutes(name: str, entry: Any) -> Row:
    """The three columns of an estimate."""
    low, likely, high = entry["value"] if isinstance(entry, dict) else entry
    return {f"{name}_low": low, f"{name}_likely": likely, f"{name}_high": high}


def by_type(**estimates: Sequence[int]) -> str:
    """`ambulance:5/8/20|truck:20/30/60`."""
    return "|".join(f"{kind}:{'/'.join(map(str, e))}" for kind, e in estimates.items())


def place(lat: float, lon: float) -> Row:
    """Coordinates to about 1 m."""
    return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}"}


def says(entry: Inputs) -> Row:
    """What is assumed about a row, and its source."""
    return {"assumed": entry.get("why", ""), "source": entry.get("source", "")}


def assembly_sites(inputs: Inputs, points: Sequence[Point], ground: Ground) -> list[Row]:
    """One assembly point a neighbourhood, on the street nearest to the point inside it."""
    terms = inputs["assembly_points"]
    return [
        {
            "id": p.id,
            "name": p.place.name,
            "name_ar": p.place.name_ar,
            "kind": "assembly_point",
            **place(*ground.nearest(p.place.lat, p.place.lon, inside=True)),
            "neighbourhood": p.place.name,
            "sides": "inside",
            "crowd_limit": terms["crowd_limit"]["value"],
            "waiting_limit_minutes": terms["waiting_limit"]["value"],
            "bays": terms["bays"]["value"],
            **minutes("service_minutes", terms["service"]),
            "service_minutes_by_type": by_type(ambulance=terms["service_ambulance"]["value"]),
            "walk_to_shelter_minutes": terms["walk_to_shelter"]["value"],
            "call_minutes": terms["call"]["value"],
            "assumed": terms["why"],
            "source": "names: Center for Spatial Research, Columbia University, 2019",
        }
        for p in points
    ]


def distribution_points(inputs: Inputs, points: Sequence[Point]) -> list[Point]:
    """The points at which aid is set down; none where the inputs name no supplies."""
    return largest(points, inputs["supplies"]["points"]["value"]) if "supplies" in inputs else []


def distribution_sites(inputs: Inputs, points: Sequence[Point], ground: Ground) -> list[Row]:
    """Distribution points, on the main street nearest to the neighbourhood's point."""
    return [
        {
            "id": "d-" + p.id.removeprefix("a-"),
            "name": f"Distribution, {p.place.name}",
            "name_ar": p.place.name_ar,
            "kind": "distribution_point",
            **place(*ground.nearest(p.place.lat, p.place.lon, inside=True, main=True)),
            "neighbourhood": p.place.name,
            "sides": "inside",
            "bays": inputs["supplies"]["bays"]["value"],
            **minutes("service_minutes", inputs["supplies"]["service"]),
            "assumed": inputs["supplies"]["points"]["why"],
        }
        for p in distribution_points(inputs, points)
    ]


def other_sites(inputs: Inputs, ground: Ground) -> list[Row]:
    """Places outside the line as the inputs give them."""
    rows = []
    for site in inputs["sites"]:
        row: Row = {
            k: v
            for k, v in site.items()
            if k not in ("lat", "lon", "sides", "service", "why", "waiting_limit")
        }
        if "lat" in site:
            row |= place(*ground.nearest(site["lat"], site["lon"], inside=False))
        row["sides"] = "|".join(site.get("sides", ["outside"]))
        row["waiting_limit_minutes"] = site.get("waiting_limit", "")
        row |= terms_of(site["kind"], inputs["reception_terms"])
        if "bays" in site:
            row["bays"] = site["bays"]
        if "service" in site:
            row |= minutes("service_minutes", site["service"])
        rows.append(row | says(site))
    return rows


def terms_of(kind: str, terms: Inputs) -> Row:
    """Bays and minutes of a kind of place on the receiving side."""
    suffix = {"reception_centre": "", "hospital": "_hospital", "warehouse": "_warehouse"}.get(kind)
    row: Row = {}
    if suffix is not None and f"bays{suffix}" in terms:
        row["bays"] = terms[f"bays{suffix}"]["value"]
    if suffix is not None and f"service{suffix}" in terms:
        row |= minutes("service_minutes", terms[f"service{suffix}"])
    return row


def where(entry: Inputs) -> tuple[float, float]:
    """Latitude and longitude of an entry."""
    return entry["lat"], entry["lon"]


def check_by_type(terms: Inputs) -> str:
    """Minutes in the check of those that are not buses."""
    parts = []
    for kind in ("ambulance", "own_car", "truck"):
        for direction in ("out", "in"):
            entry = terms.get(f"check_{kind}_{direction}")
            if entry:
                parts.append(f"{direction}:{by_type(**{kind: entry['value']})}")
    return "|".join(parts)


def corridors(inputs: Inputs, ground: Ground) -> list[Row]:
    """The corridors, gates on main streets near where the inputs look for them."""
    terms, rows = inputs["corridor_terms"], []
    base = where(next(s for s in inputs["sites"] if s["kind"] == "base"))
    for c in inputs["corridors"]:
        row: Row = {
            "id": c["id"],
            "name": c["name"],
            "name_ar": c.get("name_ar", ""),
            "users": "|".join(c["users"]),
            "directions": "both",
            "mixed": "yes" if c.get("mixed") else "no",
        }
        ends = ground.gates(where(c["inside"]), where(c["outside"]), base)
        for side, at in zip(("inside", "outside"), ends, strict=True):
            row |= {
                f"{side}_side": side,
                f"{side}_gate_name": c[side]["name"],
                f"{side}_gate_lat": f"{at[0]:.5f}",
                f"{side}_gate_lon": f"{at[1]:.5f}",
            }
        walks = "civilians" in c["users"] and "persons_per_hour_on_foot" in terms
        row |= {
            "lanes_out": c["lanes_out"],
            "lanes_in": terms["lanes_in"]["value"],
            "shared_lanes": "no",
            **minutes("check_minutes_out", terms["check_out"]),
            **minutes("check_minutes_in", terms["check_in"]),
            "check_minutes_by_type": check_by_type(terms),
            "persons_per_hour_on_foot": terms["persons_per_hour_on_foot"]["value"] if walks else "",
            "largest_convoy": terms["largest_convoy"]["value"],
            "headway_minutes": terms["headway"]["value"],
            "leader_from": terms["leader_from"]["value"],
            "holding_limit_minutes": terms["holding_limit"]["value"],
            "mines_out": terms["mines"]["value"],
            "mines_in": terms["mines"]["value"],
            "mines_override_role": terms["mines_override"]["role"],
            "mines_override_reason": terms["mines_override"]["reason"],
        }
        rows.append(row | says(c))
    return rows


def people(inputs: Inputs, groups: Sequence[Group]) -> list[Row]:
    """One row a group, with its households."""
    terms = inputs["people"]
    wish = terms.get("wishing_share") or terms["wishing"]
    centres = [s["id"] for s in inputs["sites"] if s["kind"] == "reception_centre"]
    cars = [s for s in centres if s.endswith("-cars")]
    hospitals = [s["id"] for s in inputs["sites"] if s["kind"] == "hospital"]
    rows = []
    for g in groups:
        sick = g.kind in PATIENTS
        row: Row = {
            "id": f"{g.point.id.removeprefix('a-')}-{g.kind.replace('_', '-')}",
            "site": g.point.id,
            "neighbourhood": g.point.place.name,
            "count": g.count,
            "wishing_count": g.wishing,
            "need": g.kind if sick or g.kind == "seated" else "walking",
            "category": "patients" if sick else "civilians",
            "means": g.kind if g.kind in ("on_foot", "own_car") else "needs_transport",
        }
        if sick:
            row |= {
                "wish_source": terms["patients"]["source"],
                "wish_assumed": "no",
                "companions_per_patient": companions(inputs)[g.kind],
                "hospital_level": 2 if g.kind == "critical" else 1,
                "destinations": "|".join(hospitals),
                "source": "number: claim patients; by neighbourhood: assumed",
            }
        else:
            spread = households(g.wishing, terms["household_sizes"]["value"])
            own = g.kind == "own_car" and cars
            row |= {
                "wish_source": f"{wish['source']} ({wish['why']})",
                "wish_assumed": "yes",
                "household_sizes": "|".join(f"{s}:{n}" for s, n in spread.items()),
                "destinations": "|".join(cars if own else [s for s in centres if s not in cars]),
                "persons_per_car": terms["persons_per_car"]["value"] if g.kind == "own_car" else "",
                "source": "city: claim inside-de-mistura; by neighbourhood: assumed",
            }
        rows.append(row)
    return rows


def fleet(inputs: Inputs) -> list[Row]:
    """The vehicle types."""
    rows = []
    for kind in inputs["fleet"]:
        row: Row = {k: v for k, v in kind.items() if k not in ("uses", "sides", "why")}
        row |= {"uses": "|".join(kind["uses"]), "sides": "|".join(kind["sides"])}
        rows.append(row | says(kind))
    return rows


def supplies(inputs: Inputs, points: Sequence[Point], groups: Sequence[Group]) -> list[Row]:
    """Stock and need of food and medicine; the need of a neighbourhood stands at its nearest
    distribution point."""
    if "supplies" not in inputs:
        return []
    terms = inputs["supplies"]
    at = distribution_points(inputs, points)
    served = {p.id: 0 for p in at}
    with_patient = companions(inputs)
    by_place = {p.place: p for p in at}
    for g in groups:
        near = by_place[nearest(g.point.place, list(by_place))]
        served[near.id] += g.count * (1 + with_patient.get(g.kind, 0))
    rows: list[Row] = []
    for line in ("kit", "parcel"):
        item = terms[line]
        head = {
            "item": item["id"],
            "item_name": item["name"],
            "unit": item["unit"],
            "kg_per_unit": item["kg"],
        }
        needs = []
        for p in at:
            units = math.ceil(served[p.id] / item["persons"])
            needs.append(
                {
                    "line": "need",
                    **head,
                    "site": "d-" + p.id.removeprefix("a-"),
                    "units": units,
                    "minimum_units": math.ceil(units * terms[f"{line}_minimum"]["value"]),
                    "priority": item["priority"],
                    "persons_per_unit": item["persons"],
                    "days": item["days"],
                    "neighbourhood": p.place.name,
                    "assumed": f"minimum: {terms[f'{line}_minimum']['why']}",
                    **source_of(item),
                }
            )
        stock = sum(n["units"] for n in needs) * terms["stock_share"]["value"]
        store = next(s["id"] for s in inputs["sites"] if s["kind"] == "warehouse")
        rows.append(
            {
                "line": "stock",
                **head,
                "site": store,
                "units": math.ceil(stock),
                "ready_minutes": 0,
                "assumed": terms["stock_share"]["why"],
                **source_of(item),
            }
        )
        rows += needs
    return rows


def source_of(item: Inputs) -> Row:
    """The source of an item, or why it is assumed."""
    return {"source": item.get("source", "assumed: " + item.get("why", ""))}


def travel(inputs: Inputs) -> list[Row]:
    """Minutes that stand in place of streets."""
    return [
        {
            "from": t["from"],
            "to": t["to"],
            "profile": "all",
            **minutes("minutes", t["minutes"]),
            "metres": t["metres"],
            "both_ways": "yes",
        }
        for t in inputs.get("travel_minutes", ())
    ]
