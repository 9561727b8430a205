"""The tables of a benchmark case as rows, from its size and made-up places on real streets."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from typing import Any

from aleppo_people import households, share_out
from attrs import frozen
from bench_places import Terrain, crossings, quarters, spread
from bench_sizes import HOUSEHOLDS, Minutes, Size

Row = dict[str, Any]
MADE_UP = "benchmark, made up"
BEYOND_RECEPTION = "r-beyond"
LEAD_CONVOYS = 3
"""Largest convoys by which one of two linked corridors may be ahead of the other."""
OUTSIDE_REACH = 2.2
"""Sites outside lie within this many times the line's radius from its centre."""

ITEMS: tuple[tuple[str, str, str, float, int, int, int, float, float], ...] = (
    ("kit", "health kit", "kit", 45, 1000, 90, 1, 0.02, 0.34),
    ("water", "water, 12 bottles", "pack", 18.5, 6, 3, 1, 0.12, 0.5),
    ("flour", "wheat flour, 25 kg", "bag", 25, 5, 15, 1, 0.22, 0.4),
    ("ration", "ready meals, a family and week", "box", 16, 5, 7, 1, 0.1, 0.6),
    ("parcel", "food parcel, a family and month", "parcel", 78.5, 5, 30, 2, 0.3, 0.23),
    ("infant", "infant food", "carton", 8, 4, 30, 1, 0.03, 0.5),
    ("fuel", "fuel in cans", "can", 17, 50, 7, 2, 0.08, 0.3),
    ("hygiene", "hygiene kit", "kit", 9, 5, 30, 3, 0.05, 0.1),
    ("blanket", "blankets, bale of 30", "bale", 48, 30, 365, 3, 0.06, 0.1),
    ("chlorine", "chlorine tablets", "carton", 6, 500, 30, 2, 0.02, 0.5),
)
"""Id, name, unit, kg, persons a unit, days, priority, share of the tonnes, survival share."""


@frozen(eq=False)
class Town:
    """Where everything of one case lies: junctions by site id, quarters, gates."""

    size: Size
    terrain: Terrain
    at: Mapping[str, int]
    quarter: Mapping[str, str]
    gates: Sequence[tuple[int, int]]

    def ids(self, letter: str) -> list[str]:
        """The sites whose id starts with a letter, in order."""
        return [site for site in self.at if site.startswith(letter)]

    def place(self, junction: int) -> tuple[str, str]:
        """Latitude and longitude to about 1 m."""
        lat, lon = self.terrain.ground.at(junction)
        return f"{lat:.5f}", f"{lon:.5f}"


def numbered(letter: str, count: int) -> list[str]:
    """`a01` to `a40`, with as many digits as the count needs."""
    digits = max(1, len(str(count)))
    return [f"{letter}{n:0{digits}d}" for n in range(1, count + 1)]


def lay_out(size: Size, terrain: Terrain) -> Town:
    """Choose a junction for every site and gate of a case, by its seed alone."""
    rng = random.Random(size.seed * 7919 + 1)
    gates = crossings(terrain, size.corridors, rng)
    least = size.radius_m / math.sqrt(size.points)
    inside = terrain.candidates(inside=True)
    main_inside = terrain.candidates(inside=True, main=True)
    reach = OUTSIDE_REACH * size.radius_m
    outside = terrain.candidates(inside=False, main=True, within_m=reach)
    points = spread(terrain, inside, size.points, least, rng)
    quarter_of = quarters(terrain, points, size.quarters)
    at = dict(zip(numbered("a", size.points), points, strict=True))
    quarter = {site: f"Quarter {q + 1:02d}" for site, q in zip(at, quarter_of, strict=True)}
    for letter, count, found in (
        ("d", size.distributions, main_inside),
        ("f", size.feeding, main_inside),
        ("r", size.receptions - (1 if size.all_rules else 0), outside),
        ("h", size.hospitals, outside),
        ("b", size.bus_bases, outside),
        ("w", size.stores, outside),
        ("x", 1 if size.all_rules else 0, outside),
    ):
        if count:
            chosen = spread(terrain, found, count, size.radius_m / math.sqrt(count + 1), rng)
            at |= zip(numbered(letter, count), chosen, strict=True)
    for site in [s for s in at if s[0] in "df"]:
        away = {
            a: math.dist(terrain.ground.metres[at[a]], terrain.ground.metres[at[site]])
            for a in quarter
            if a[0] == "a"
        }
        quarter[site] = quarter[min(away, key=lambda a: (away[a], a))]
    return Town(size, terrain, at, quarter, gates)


def minutes(name: str, estimate: Minutes) -> Row:
    """The three columns of an estimate."""
    return {f"{name}_{k}": v for k, v in zip(("low", "likely", "high"), estimate, strict=True)}


def by_type(direction: str, kinds: Mapping[str, Minutes]) -> str:
    """`out:ambulance-1:1/2/3|out:own_car:1/1/2`."""
    return "|".join(f"{direction}:{k}:{'/'.join(map(str, m))}" for k, m in kinds.items())


KINDS: Mapping[str, tuple[str, str]] = {
    "a": ("Point", "assembly_point"),
    "d": ("Distribution", "distribution_point"),
    "f": ("Feeding", "feeding_centre"),
    "r": ("Reception", "reception_centre"),
    "h": ("Hospital", "hospital"),
    "b": ("Base", "base"),
    "w": ("Store", "warehouse"),
    "x": ("Exchange", "exchange_point"),
}
SERVICE: Mapping[str, tuple[int, Minutes]] = {
    "a": (4, (6, 10, 20)),
    "d": (4, (20, 30, 50)),
    "f": (1, (15, 20, 40)),
    "r": (6, (5, 10, 20)),
    "h": (4, (10, 15, 30)),
    "w": (10, (15, 20, 40)),
    "x": (4, (5, 10, 15)),
}
"""Bays and minutes in a bay by the first letter of a site's id."""


def sites(town: Town) -> list[Row]:
    """Every site with its bays, minutes, limits and room."""
    size, rows = town.size, []
    ambulances = [t["id"] for t in fleet(town) if t["id"].startswith("ambulance")]
    leave = size.people + size.walkers + size.drivers
    seats = share_out(
        round(leave * (1.15 if size.all_rules else 1.5)),
        [1 + (n % 3) for n in range(len(town.ids("r")) + len(town.ids("h")) // 8)],
    )
    for site, junction in town.at.items():
        letter = site[0]
        word, kind = KINDS[letter]
        lat, lon = town.place(junction)
        row: Row = {
            "id": site, "name": f"{word} {site[1:]}", "kind": kind, "lat": lat, "lon": lon,
            "neighbourhood": town.quarter.get(site, ""),
            "sides": "inside" if letter in "adf" else "outside", "assumed": MADE_UP,
        }  # fmt: skip
        if letter in SERVICE:
            bays, service = SERVICE[letter]
            bays *= 4 if letter == "w" and size.trucks > 60 else 1
            row |= {"bays": bays, **minutes("service_minutes", service)}
        if letter == "a":
            n = int(site[1:])
            row |= {
                "service_minutes_by_type": "|".join(f"{k}:5/8/15" for k in ambulances),
                "crowd_limit": 300 + 100 * (n % 4), "waiting_limit_minutes": 90,
                "walk_to_shelter_minutes": 5 + 5 * (n % 3), "call_minutes": 15,
            }  # fmt: skip
        elif letter == "r":
            row["capacity_seated"] = seats[int(site[1:]) - 1]
        elif letter == "h":
            row |= hospital(size, int(site[1:]))
        elif letter == "x":
            row |= {"sides": "outside|beyond", "crowd_limit": 200, "waiting_limit_minutes": 60}
        rows.append(row)
    return rows + all_rules_of_sites(size, rows)


def hospital(size: Size, number: int) -> Row:
    """Level and beds: every other hospital gives the higher care; beds for all, and a fifth."""
    high = math.ceil(size.hospitals / 2)
    level = 2 if number % 2 else 1
    return {
        "hospital_level": level,
        "capacity_seated": 2 * (size.critical + size.stretcher) // size.hospitals + 40,
        "capacity_stretcher": math.ceil(1.2 * size.stretcher / size.hospitals),
        "capacity_critical": math.ceil(1.2 * size.critical / high) if level == 2 else 0,
    }


def all_rules_of_sites(size: Size, rows: list[Row]) -> list[Row]:
    """Opening hours and a receiving organisation; gives the places beyond the exchange point."""
    if not size.all_rules:
        return []
    centres = [row for row in rows if row["kind"] == "reception_centre"]
    centres[0] |= {"opens": "09:00", "closes": "18:30"}
    centres[1] |= {
        "receives_unaccompanied": "yes", "receiving_organisation": "made-up organisation",
    }  # fmt: skip
    base = {"neighbourhood": "", "sides": "beyond", "assumed": MADE_UP}
    return [
        {"id": "b-beyond", "name": "Base beyond", "kind": "base", **base},
        {
            "id": BEYOND_RECEPTION, "name": "Reception beyond", "kind": "reception_centre",
            "bays": 4, **minutes("service_minutes", (5, 10, 20)),
            "capacity_seated": size.people // 30, **base,
        },
    ]  # fmt: skip


def travel(town: Town) -> list[Row]:
    """Minutes beyond the exchange point, where there are no streets to go by."""
    if not town.size.all_rules:
        return []
    return [
        {"from": a, "to": b, "profile": "all", **minutes("minutes", m), "metres": metres,
         "both_ways": "yes"}
        for a, b, m, metres in (
            ("b-beyond", "x1", (4, 6, 10), 2500),
            ("x1", BEYOND_RECEPTION, (12, 18, 30), 9000),
            ("b-beyond", BEYOND_RECEPTION, (8, 12, 20), 6500),
        )
    ]  # fmt: skip


def corridors(town: Town) -> list[Row]:
    """The corridors in the order in which they lie along the line."""
    size, rows = town.size, []
    kinds = [t["id"] for t in fleet(town)]
    c = size.checks
    sick = [k for k in kinds if k.startswith("ambulance")]
    loads = [k for k in kinds if k.startswith("truck")]
    out = dict.fromkeys(sick, c.ambulance_out) | {"own_car": c.own_car_out}
    out |= dict.fromkeys(loads, c.truck_out)
    for n, (inner, outer) in enumerate(town.gates, start=1):
        row: Row = {
            "id": f"c{n}", "name": f"Corridor {n}",
            "users": "civilians|wounded|aid" if n % 2 or size.corridors == 1
            else "civilians|wounded",
            "directions": "both", "inside_side": "inside", "outside_side": "outside",
        }  # fmt: skip
        for side, junction in (("inside", inner), ("outside", outer)):
            row[f"{side}_gate_lat"], row[f"{side}_gate_lon"] = town.place(junction)
        row |= {
            "lanes_out": c.lanes_out, "lanes_in": c.lanes_in, "shared_lanes": "no",
            **minutes("check_minutes_out", c.bus_out), **minutes("check_minutes_in", c.bus_in),
            "check_minutes_by_type": by_type("out", out) + "|"
            + by_type("in", dict.fromkeys(loads, c.truck_in)),
            "persons_per_hour_on_foot": 150 if n % 2 else "",
            "largest_convoy": c.largest_convoy, "headway_minutes": c.headway, "leader_from": 6,
            "holding_limit_minutes": c.holding_limit,
            "mines_out": "cleared", "mines_in": "cleared", "assumed": MADE_UP,
        }  # fmt: skip
        rows.append(row)
    if size.all_rules:
        rows[1] |= {"shared_lanes": "yes", "lanes_out": 2}
        rows[3] |= {"directions": "out"}
        rows[4] |= {"open_hours": "08:00-12:00|13:00-19:00"}
        rows[5] |= {"vehicles_per_hour_out": 5}
        rows[7] |= {"users": "fighters|wounded"}
        lead = LEAD_CONVOYS * c.largest_convoy
        rows[0] |= {
            "link_other": rows[2]["id"], "link_unit": "vehicles", "link_ratio": 1,
            "link_lead": lead, "link_other_lead": lead, "link_hold_at": town.ids("b")[0],
            "link_when_stopped": "the other side holds at base once its lead is used up",
        }  # fmt: skip
    return rows


def fleet(town: Town) -> list[Row]:
    """Vehicle types: buses from each base, ambulances from the first, trucks from the stores."""
    size = town.size
    bases, stores = town.ids("b"), town.ids("w")
    special = {"bus-x": 6, "bus-beyond": 10} if size.all_rules else {}
    types: list[tuple[str, str, int, str, str]] = []
    for base, number in zip(
        bases, share_out(size.buses - sum(special.values()), [1] * len(bases)), strict=True
    ):
        types.append((f"bus-{base[1:]}", "passengers", number, base, "inside|outside"))
    if special:
        types.append(("bus-x", "fighters", special["bus-x"], bases[0], "inside|outside"))
        types.append(("bus-beyond", "passengers", special["bus-beyond"], "b-beyond", "beyond"))
    garages = bases[: max(1, len(bases) // 2)]
    for base, number in zip(garages, share_out(size.ambulances, [1] * len(garages)), strict=True):
        types.append((f"ambulance-{base[1:]}", "wounded", number, base, "inside|outside"))
    for store, number in zip(stores, share_out(size.trucks, [1] * len(stores)), strict=True):
        types.append((f"truck-{store[1:]}", "aid", number, store, "inside|outside"))
    carries: Mapping[str, Row] = {
        "bus": {"seats": 50, "speed_factor": 0.8, "mobilise_minutes": 30},
        "ambulance": {"seats": 4, "stretchers": 2, "speed_factor": 1, "mobilise_minutes": 15},
        "truck": {"payload_t": 5.5, "speed_factor": 0.7, "mobilise_minutes": 60},
    }
    return [
        {
            "id": name, "number": number, "base": base, "uses": use, "sides": sides,
            **{k: carries[name.split("-")[0]].get(k, "") for k in
               ("seats", "stretchers", "payload_t", "speed_factor", "mobilise_minutes")},
            "crew_duty_minutes": size.crew_duty, "assumed": MADE_UP,
        }
        for name, use, number, base, sides in types
    ]  # fmt: skip


def people(town: Town) -> list[Row]:
    """The groups at each point, by need and means, with households, wishes and destinations."""
    size = town.size
    rng = random.Random(size.seed * 7919 + 2)
    points = town.ids("a")
    weight = [0.4 + 1.2 * rng.random() for _ in points]
    seated = round(size.people * size.seated_share)
    totals = {
        "critical": size.critical, "stretcher": size.stretcher, "seated": seated,
        "walking": size.people - seated, "on-foot": size.walkers, "own-car": size.drivers,
    }  # fmt: skip
    shares = {kind: share_out(total, weight) for kind, total in totals.items()}
    rows = []
    for n, point in enumerate(points):
        wish = 0.4 + 0.45 * rng.random()
        for kind in totals:
            if shares[kind][n]:
                rows.append(_group(town, point, kind, shares[kind][n], wish, rng))
    return rows + (_special_groups(town) if size.all_rules else [])


def _group(town: Town, point: str, kind: str, wishing: int, wish: float, rng: random.Random) -> Row:
    sick = kind in ("critical", "stretcher")
    row: Row = {
        "id": f"{point}-{kind}", "site": point,
        "count": wishing if sick else math.ceil(wishing / wish), "wishing_count": wishing,
        "wish_source": MADE_UP, "wish_assumed": "yes",
        "need": kind if sick or kind == "seated" else "walking",
        "category": "patients" if sick else "civilians",
        "means": {"on-foot": "on_foot", "own-car": "own_car"}.get(kind, "needs_transport"),
    }  # fmt: skip
    if sick:
        return row | {
            "companions_per_patient": 1 if kind == "critical" else 0.5,
            "hospital_level": 2 if kind == "critical" else 1,
        }
    found = households(wishing, HOUSEHOLDS[town.size.households])
    row["household_sizes"] = "|".join(f"{s}:{n}" for s, n in sorted(found.items()))
    if kind == "own-car":
        row["persons_per_car"] = 3
    centres = town.ids("r")
    if len(centres) > 3 and rng.random() < 0.5:
        chosen = sorted(sorted(centres, key=lambda _: rng.random())[:3])
        row["destinations"] = "|".join(chosen)
    else:
        row["destinations"] = "|".join(centres) if len(centres) <= 12 else ""
    return row


def _special_groups(town: Town) -> list[Row]:
    """Who goes beyond the exchange point, unaccompanied children, and fighters apart."""
    size = town.size
    spread_of = HOUSEHOLDS[size.households]
    terms: Row = {"wish_source": MADE_UP, "wish_assumed": "yes", "means": "needs_transport"}

    def group(point: str, name: str, count: int, **more: Any) -> Row:
        row: Row = {
            "id": f"{point}-{name}", "site": point, "count": count * 3 // 2,
            "wishing_count": count,
            "need": "seated", "category": "civilians", **terms, **more,
        }  # fmt: skip
        if "household_sizes" not in row:
            found = households(count, spread_of)
            row["household_sizes"] = "|".join(f"{s}:{n}" for s, n in sorted(found.items()))
        return row

    points = town.ids("a")
    beyond = f"{BEYOND_RECEPTION}|{town.ids('r')[0]}"
    return [
        *(group(p, "beyond", 300, destinations=beyond) for p in points[:2]),
        *(group(p, "children", 12, unaccompanied="yes", household_sizes="1:12",
                destinations=town.ids("r")[1]) for p in points[2:4]),
        *(group(p, "fighters", 150, category="fighters", need="walking", household_sizes="1:150",
                destinations="|".join(town.ids("r")[2:5])) for p in points[4:6]),
    ]  # fmt: skip


def supplies(town: Town) -> list[Row]:
    """Needs by item and place in proportion to the people nearby, and the stock."""
    size = town.size
    items = ITEMS if size.items == len(ITEMS) else ITEMS[: size.items]
    places = town.ids("d") + town.ids("f")
    stores = town.ids("w")
    rng = random.Random(size.seed * 7919 + 3)
    weights = [0.5 + rng.random() for _ in places]
    total = sum(item[7] for item in items)
    rows: list[Row] = []
    for n, (name, said, unit, kg, persons, days, priority, share, least) in enumerate(items):
        wanted = round(1000 * size.need_t * share / total / kg)
        head = {"item": name, "item_name": said, "unit": unit, "kg_per_unit": kg,
                "persons_per_unit": persons, "days": days}  # fmt: skip
        in_stock = round(wanted * (0.7 if size.all_rules and n % 5 == 2 else 1.0))
        rows += [
            {"line": "stock", **head, "site": store, "units": units,
             "ready_minutes": 120 if size.all_rules and n % 3 == 1 else 0, "assumed": MADE_UP}
            for store, units in zip(stores, share_out(in_stock, [1] * len(stores)), strict=True)
        ]  # fmt: skip
        rows += [
            {"line": "need", "item": name, "site": place, "units": units,
             "minimum_units": math.ceil(units * least), "priority": priority, "assumed": MADE_UP}
            for place, units in zip(places, share_out(wanted, weights), strict=True)
            if units
        ]  # fmt: skip
    return rows
