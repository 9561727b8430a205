"""Share out people over the neighbourhoods of the Aleppo samples, whole persons and households."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from aleppo_places import METRES_A_DEGREE, Place
from attrs import frozen

Inputs = Mapping[str, Any]
KINDS = ("seated", "walking", "on_foot", "own_car")
"""Groups at each assembly point that are not patients."""
PATIENTS = ("critical", "stretcher")


@frozen
class Point:
    """An assembly point: its neighbourhood, its id, and the weight of all who use it."""

    id: str
    place: Place
    weight: int
    joined: tuple[str, ...]


@frozen
class Group:
    """Persons of one kind at one point: how many there are and how many wish to leave."""

    point: Point
    kind: str
    count: int
    wishing: int


def slug(name: str) -> str:
    """A short name in plain letters: `Ba'aiedeen` becomes `baaiedeen`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower().replace("'", "")).strip("-")


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that add up to `total`, in proportion to weights (largest remainders)."""
    exact = [total * w / sum(weights) for w in weights]
    parts = [math.floor(x) for x in exact]
    by_rest = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_rest[: total - sum(parts)]:
        parts[i] += 1
    return parts


def households(persons: int, per_hundred: Mapping[int, int]) -> dict[int, int]:
    """How many households of each size hold exactly `persons`, near the given spread."""
    mean = sum(size * n for size, n in per_hundred.items()) / sum(per_hundred.values())
    wanted = persons / mean / sum(per_hundred.values())
    found = {size: math.floor(n * wanted) for size, n in per_hundred.items()}
    left = persons - sum(size * n for size, n in found.items())
    by_lack = sorted(per_hundred, key=lambda s: (found[s] - per_hundred[s] * wanted, s))
    for size in by_lack:
        if size <= left and per_hundred[size] * wanted > found[size]:
            found[size] += 1
            left -= size
    for size in sorted(per_hundred, reverse=True):
        found[size] += left // size
        left %= size
    return {size: n for size, n in found.items() if n}


def points(places: Sequence[Place], least: int) -> list[Point]:
    """Assembly points: neighbourhoods of the least weight, with the nearest smaller ones."""
    by_name: dict[str, Place] = {}
    total: dict[str, int] = {}
    for p in places:
        total[p.name] = total.get(p.name, 0) + p.weight
        if p.name not in by_name or p.weight > by_name[p.name].weight:
            by_name[p.name] = p
    own = [p for p in by_name.values() if total[p.name] >= max(least, 1)]
    joined: dict[str, list[str]] = {p.name: [] for p in own}
    weight = {p.name: total[p.name] for p in own}
    for p in by_name.values():
        if p.name not in joined and total[p.name]:
            near = nearest(p, own)
            joined[near.name].append(p.name)
            weight[near.name] += total[p.name]
    return [Point("a-" + slug(p.name), p, weight[p.name], tuple(joined[p.name])) for p in own]


def nearest(place: Place, others: Sequence[Place]) -> Place:
    """The nearest of other places."""
    east = math.cos(math.radians(place.lat))
    return min(
        others,
        key=lambda o: METRES_A_DEGREE * math.hypot(o.lat - place.lat, (o.lon - place.lon) * east),
    )


def largest(all_points: Sequence[Point], number: int) -> list[Point]:
    """The points with most people, in the order in which they stand."""
    chosen = sorted(all_points, key=lambda p: (-p.weight, p.id))[:number]
    return [p for p in all_points if p in chosen]


def companions(inputs: Inputs) -> dict[str, int]:
    """Companions who go with each patient, by kind."""
    people = inputs["people"]
    return {kind: people[f"companions_{kind}"]["value"] for kind in PATIENTS}


def patients(inputs: Inputs) -> dict[str, int]:
    """Patients in the whole city, by kind."""
    people = inputs["people"]
    critical = people["critical"]["value"]
    return {"critical": critical, "stretcher": people["patients"]["value"] - critical}


def groups(inputs: Inputs, all_points: Sequence[Point]) -> list[Group]:
    """All groups; counts and companions add up to the people inside, wishes to those assumed."""
    people = inputs["people"]
    sick, with_them = patients(inputs), companions(inputs)
    medical = sum(sick[k] * (1 + with_them[k]) for k in PATIENTS)
    others = inputs["people_inside"]["value"] - medical
    shares = {
        "seated": people["seated_share"]["value"],
        "on_foot": people["on_foot_share"]["value"],
    }
    if "wishing" in people:
        wish = people["wishing"]["value"] - medical
        cars = people["own_cars"]["value"] * people["persons_per_car"]["value"]
        shares["own_car"] = cars / wish
    else:
        wish = round(others * people["wishing_share"]["value"])
        shares["own_car"] = people["own_car_share"]["value"]
    shares["walking"] = 1 - sum(shares.values())
    weights = [p.weight for p in all_points]
    counts = share_out(others, [shares[k] for k in KINDS])
    wishes = share_out(wish, [shares[k] for k in KINDS])
    found = []
    for kind, count, wishing in zip(KINDS, counts, wishes, strict=True):
        parts = zip(all_points, share_out(count, weights), share_out(wishing, weights), strict=True)
        found += [Group(p, kind, n, w) for p, n, w in parts if w]
    at = largest(all_points, people["patients_at"]["value"])
    for kind in PATIENTS:
        parts_of = share_out(sick[kind], [p.weight for p in at])
        found += [Group(p, kind, n, n) for p, n in zip(at, parts_of, strict=True) if n]
    order = {p.id: i for i, p in enumerate(all_points)}
    return sorted(found, key=lambda g: (order[g.point.id], (*PATIENTS, *KINDS).index(g.kind)))
