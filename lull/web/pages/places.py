"""What has a place on the map, out of what its reader may read; nothing else is ever sent.

Positions are those that records give. No position of a vehicle is ever among them: a movement has
the places that it was notified for, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import frozen
from django.utils.translation import get_language

from lull.domain.records.grid import grid_of
from lull.ledger.content import VERSIONS, Wall
from lull.store.laid import laid_for
from lull.web.pages.looks import SHUT, look_of
from lull.web.pages.record import Told, told
from lull.web.pages.room import Room

KINDS = ("corridor", "notification", "incident", "access_constraint")
"""Tables and records whose places are drawn, in the order in which they lie on each other."""
LINES = frozenset({"corridor", "notification"})
"""Those whose places, one after the other, are a way."""


@frozen
class Spot:
    """One place: its name, and where it is (WGS-84, degrees), within so many metres.

    None: nobody has said how accurate it is.
    """

    name: str
    latitude_deg: float
    longitude_deg: float
    accuracy_m: int | None
    mgrs: str


Line = tuple[tuple[float, float], ...]
"""Points of (longitude, latitude)."""


@frozen
class Planned:
    """What a pause folder says of a place, as far as it stands beside what entries say.

    `side` is the title of the folder: it is a plan, and nobody has said it in the ledger.
    """

    side: str
    payload: Mapping[str, Any]
    wall: str = Wall.RESTRICTED.value


@frozen
class Feature:
    """Something on the map: what it is, how it stands, its places one after the other."""

    number: int
    kind: str
    name: str
    states: tuple[str, ...]
    link: tuple[str, str]
    spots: tuple[Spot, ...]
    said: Told | Planned
    ways: tuple[Line, ...] = ()
    """Its lines, where they are not its places one after the other."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines by which it is drawn, each of (longitude, latitude)."""
        if self.ways or self.kind not in LINES or len(self.spots) < 2:
            return self.ways
        return (tuple((spot.longitude_deg, spot.latitude_deg) for spot in self.spots),)

    @property
    def is_way(self) -> bool:
        """Whether it is drawn as a line."""
        return bool(self.lines)

    @property
    def look(self) -> str:
        """How it looks, by a name of `looks.LOOKS`."""
        return look_of(self.kind, self.said.payload)

    @property
    def is_shut(self) -> bool:
        """Whether it is a corridor that nobody may use now."""
        return self.kind == "corridor" and not SHUT.isdisjoint(self.states)


def features(room: Room) -> tuple[Feature, ...]:
    """Everything with a place that the reader of a room may see, the newest word on each."""
    found: list[Feature] = []
    for kind, name, states, link, said in _sources(room):
        spots = tuple(_spots(said.payload))
        if spots:
            found.append(Feature(len(found) + 1, kind, name, states, link, spots, said))
    return tuple(found)


def laid(room: Room, after: int = 0) -> tuple[Feature, ...]:
    """What the newest folder that the reader may read has on the map; nothing for others.

    They are numbered on from `after`.
    """
    found = laid_for(room.store, room.seat)
    if found is None:
        return ()
    local = (get_language() or "").startswith("ar")
    made: list[Feature] = []
    for one in found.places:
        if one["spots"]:
            states = (*filter(None, [one["is"] if one["kind"] == "closure" else ""]),
                      *(["assumed"] if one["assumed"] else []))
            called = (local and one["name_ar"]) or one["name"]
            made.append(Feature(
                after + len(made) + 1, one["kind"], called, states,
                ("folder", str(found.folder)),
                tuple(Spot(called if name == one["name"] else name, lat, lon, None,
                           _grid(lat, lon)) for name, lat, lon in one["spots"]),
                Planned(found.title, {"users": one.get("users", ()), "function": one["is"],
                                      "source": one["source"]}),
                tuple(tuple((lon, lat) for lon, lat in line) for line in one["lines"])))
    return tuple(made)


def _grid(lat: float, lon: float) -> str:
    return grid_of(Decimal(str(lat)), Decimal(str(lon)))


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
                   "state": " ".join(one.states), "wall": one.said.wall, "look": one.look,
                   "shut": one.is_shut}
        points = [[s.longitude_deg, s.latitude_deg] for s in one.spots]
        made += [_feature("LineString", [list(at) for at in line], told_of) for line in one.lines]
        made += [_feature("Point", at, {**told_of, "place": s.name})
                 for at, s in zip(points, one.spots, strict=True)]
    return {"type": "FeatureCollection", "features": made}


def _feature(kind: str, at: Any, told_of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": at},
            "properties": dict(told_of)}
