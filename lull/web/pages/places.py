"""What has a place on the map, out of what its reader may read; nothing else is ever sent.

Positions are those that records give. No position of a vehicle is ever among them: a movement has
the places that it was notified for, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from lull.ledger.content import VERSIONS
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room

KINDS = ("corridor", "notification", "incident", "access_constraint")
"""Tables and records whose places are drawn, in the order in which they lie on each other."""
LINES = frozenset({"corridor", "notification"})
"""Those whose places, one after the other, are a way."""


@frozen
class Spot:
    """One place: its name, and where it is (WGS-84, degrees), within so many metres."""

    name: str
    latitude_deg: float
    longitude_deg: float
    accuracy_m: int
    mgrs: str


@frozen
class Feature:
    """Something on the map: what it is, how it stands, its places one after the other."""

    number: int
    kind: str
    name: str
    states: tuple[str, ...]
    link: tuple[str, str]
    spots: tuple[Spot, ...]
    said: Told

    @property
    def is_way(self) -> bool:
        """Whether its places are joined by a line."""
        return self.kind in LINES and len(self.spots) > 1


def features(room: Room) -> tuple[Feature, ...]:
    """Everything with a place that the reader of a room may see, the newest word on each."""
    found: list[Feature] = []
    for kind, name, states, link, said in _sources(room):
        spots = tuple(_spots(said.payload))
        if spots:
            found.append(Feature(len(found) + 1, kind, name, states, link, spots, said))
    return tuple(found)


def _sources(room: Room) -> Iterator[tuple[str, str, tuple[str, ...], tuple[str, str], Told]]:
    latest: dict[str, Told] = {}
    for known in room.told("corridor"):
        said = told(known)
        latest[f"{said.about}\n{said.side}"] = said
    for said in latest.values():
        yield ("corridor", str(said.payload.get("name") or said.about),
               (str(said.payload.get("status", "")),), ("entry", said.hash), said)
    for table, kinds in (("notification", VERSIONS),
                         ("incident", ("incident.allege",))):
        for stood in room.standing(table):
            versions = room.told(*kinds, about=stood.thing.object)
            if versions:
                yield table, stood.thing.object, stood.states, ("thing", stood.tag), told(
                    versions[-1])
    for known in room.told("access_constraint"):
        said = told(known)
        yield "access_constraint", said.about, (), ("entry", said.hash), said


OUTLINE = "footprint"
"""The corners of a site are no places of their own: its middle stands for it."""


def _spots(node: Any, name: str = "") -> Iterator[Spot]:
    """Every position in a record, in the order of its fields, under the name that is nearest."""
    if isinstance(node, Mapping):
        name = str(node.get("name") or name)
        if "latitude_deg" in node and "longitude_deg" in node:
            yield Spot(name, float(node["latitude_deg"]), float(node["longitude_deg"]),
                       int(node.get("accuracy_m", 0)), str(node.get("mgrs", "")))
            return
        for field, value in node.items():
            if field != OUTLINE:
                yield from _spots(value, name)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _spots(value, name)


def geojson(found: tuple[Feature, ...]) -> dict[str, Any]:
    """Features as GeoJSON (RFC 7946): a line for each way, and a point for each place."""
    made: list[dict[str, Any]] = []
    for one in found:
        told_of = {"number": one.number, "kind": one.kind, "name": one.name,
                   "state": " ".join(one.states), "wall": one.said.wall}
        points = [[s.longitude_deg, s.latitude_deg] for s in one.spots]
        if one.is_way:
            made.append(_feature("LineString", points, told_of))
        made += [_feature("Point", at, {**told_of, "place": s.name})
                 for at, s in zip(points, one.spots, strict=True)]
    return {"type": "FeatureCollection", "features": made}


def _feature(kind: str, at: Any, told_of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": at},
            "properties": dict(told_of)}
