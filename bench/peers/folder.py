"""The part as a pause folder for lull: the same points, loads and minutes, and no other limit.

A load is a household of as many people as a bus has seats, so that persons / seats is loads. The
check is part of the way through the corridor and takes no minutes of its own; there are no bays,
no headway, no convoy limits, slots of one minute, no margin (the window is shortened by it), no
orders to fit on half a page, and one aim: people out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.peers.part import Part, bus_type, crossings
from lull.domain.case import Case
from lull.domain.corridor import Direction

MADE = "made for the comparison with peers"
LANES, LINES, ROUTES, WAIT, LEADER = 100, 1000, 100, 1440, 10_000
"""The most that a folder may say; a check of no minutes holds no lane, so lanes bind nobody."""


def write_folder(case: Case, part: Part, folder: Path) -> None:
    """Write the part of a case as a folder that `lull plan` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    with (folder / "pause.yaml").open("w", encoding="utf-8") as file:
        yaml.dump(_pause(case, part), file)
    _table(folder / "sites.csv", _sites(case, part))
    _table(folder / "corridors.csv", _corridors(case))
    _table(folder / "people.csv", _people(part))
    _table(folder / "fleet.csv", [_fleet(case, part)])
    _table(folder / "travel_minutes.csv", _travel(case, part))


def _table(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    rows = list(rows)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _pause(case: Case, part: Part) -> dict[str, Any]:
    opens = case.pause.clock.local(case.pause.windows[0].opens)
    closes = opens + timedelta(minutes=part.minutes)
    said: dict[str, Any] = {
        "title": f"Beside peers: {part.name}",
        "place": case.pause.place,
        "time_zone": case.pause.clock.zone,
        "windows": [{"name": "day 1", "from": f"{opens:%Y-%m-%d %H:%M}",
                     "to": f"{closes:%Y-%m-%d %H:%M}"}],
        "rules": {"margin_minutes": 0, "slot_minutes": 1, "fill": 1, "call_lead_minutes": 0,
                  "return_share": 0, "max_order_lines": LINES, "routes_per_driver": ROUTES,
                  "exchange_wait_minutes": WAIT, "rest_minutes": 0},
        "tiers": [{"name": "people out", "kind": "people", "unit": "persons",
                   "weights": {"seated": 1}, "breaks": [1], "share_weights": [1]}],
        "assumptions": [MADE],
    }  # fmt: skip
    if case.pause.notice is not None:
        said["notice_at"] = f"{case.pause.clock.local(case.pause.notice):%Y-%m-%d %H:%M}"
    return said


def _sites(case: Case, part: Part) -> Iterable[dict[str, Any]]:
    base = bus_type(case).base
    for name, kind, side, minutes in (
        (base, "base", "outside", 0),
        *((p, "assembly_point", "inside", part.service[p]) for p in part.points),
        *((r, "reception_centre", "outside", part.unload[r]) for r in part.receptions),
    ):
        yield {"id": name, "name": name, "kind": kind, "sides": side,
               "service_minutes_low": minutes, "service_minutes_likely": minutes,
               "service_minutes_high": minutes, "walk_to_shelter_minutes": 0,
               "call_minutes": 0, "assumed": MADE}  # fmt: skip


def _ways(case: Case) -> dict[str, dict[Direction, tuple[str, str, int]]]:
    """Corridor to direction to (gate entered, gate left, minutes with the check)."""
    ways: dict[str, dict[Direction, tuple[str, str, int]]] = {}
    for direction in Direction:
        for enters, leaves, minutes in crossings(case, direction):
            corridor = case.gate_corridor[enters][0]
            ways.setdefault(corridor, {})[direction] = (enters, leaves, minutes)
    return ways


def _corridors(case: Case) -> Iterable[dict[str, Any]]:
    for corridor, ways in _ways(case).items():
        yield {
            "id": corridor, "name": corridor, "users": "civilians",
            "directions": "both" if len(ways) == 2 else next(iter(ways)).value,
            "inside_side": "inside", "outside_side": "outside",
            "lanes_out": LANES, "lanes_in": LANES, "check_minutes_out": 0, "check_minutes_in": 0,
            "headway_minutes": 0, "leader_from": LEADER, "mines_out": "cleared",
            "mines_in": "cleared", "assumed": MADE,
        }  # fmt: skip


def _people(part: Part) -> Iterable[dict[str, Any]]:
    for point, loads in part.loads.items():
        yield {"id": f"{point}-loads", "site": point, "count": loads * part.seats,
               "wishing_count": loads * part.seats, "wish_source": MADE, "wish_assumed": "yes",
               "need": "seated", "category": "civilians", "means": "needs_transport",
               "household_sizes": f"{part.seats}:{loads}"}  # fmt: skip


def _fleet(case: Case, part: Part) -> dict[str, Any]:
    kind = bus_type(case)
    since = kind.available_from
    return {"id": kind.id, "number": part.buses, "base": kind.base, "uses": "passengers",
            "sides": "inside|outside", "seats": part.seats, "mobilise_minutes": kind.mobilise,
            "available_from": "" if since is None
            else f"{case.pause.clock.local(since):%Y-%m-%d %H:%M}",
            "assumed": MADE}  # fmt: skip


def _travel(case: Case, part: Part) -> Iterable[dict[str, Any]]:
    bus = bus_type(case)
    ways = [way for corridor in _ways(case).values() for way in corridor.values()]
    gates = {gate for enters, leaves, _ in ways for gate in (enters, leaves)}
    places = [bus.base, *part.points, *part.receptions, *sorted(gates)]
    pairs = {(enters, leaves): minutes for enters, leaves, minutes in ways}
    for start in places:
        for end in places:
            leg = case.leg(bus.id, start, end)
            if start == end or leg is None:
                continue
            same_side = set(case.sides_of(start)) & set(case.sides_of(end))
            minutes = leg.likely if same_side else pairs.get((start, end))
            if minutes is not None:
                yield {"from": start, "to": end, "profile": bus.id, "minutes": minutes,
                       "metres": round(leg.metres), "both_ways": "no"}  # fmt: skip
